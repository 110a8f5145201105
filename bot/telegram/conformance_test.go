package telegram_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"parley/bot/bottest"
	"parley/bot/bottest/telegramtest"
)

func TestTelegramShowsWhatTheCoreSays(t *testing.T) {
	core := realCore(discard)
	w := quick(t, over(core)).starts()
	bottest.Conforms(t, core, func(t *testing.T) bottest.Asking {
		anna := w.tg.User("Anna", "en")
		return func(question string) (shown []bottest.Shown) {
			before := len(anna.Private().Said())
			anna.Say(anna.Private(), question)
			if err := w.tg.Drained(w.soon()); err != nil {
				t.Fatal(err)
			}
			for _, m := range anna.Private().Said()[before:] {
				shown = append(shown, quotationsIn(m)...)
			}
			return shown
		}
	})
}

// quotationsIn are the quotations of a message, each with the line below it.
func quotationsIn(m telegramtest.Message) (all []bottest.Shown) {
	text := utf16.Encode([]rune(m.Text))
	for _, e := range m.Entities {
		if e.Type != "expandable_blockquote" {
			continue
		}
		quoted := string(utf16.Decode(text[e.Offset : e.Offset+e.Length]))
		quoted = strings.TrimPrefix(strings.TrimPrefix(quoted, "… "), "“")
		quoted = strings.TrimSuffix(strings.TrimSuffix(quoted, " …"), "”")
		after := strings.TrimPrefix(string(utf16.Decode(text[e.Offset+e.Length:])), "\n")
		all = append(all, bottest.Shown{Quotation: quoted, Citation: slices.Collect(strings.SplitSeq(after, "\n"))[0]})
	}
	return all
}
