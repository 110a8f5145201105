package discord

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/bot/bottest"
)

func TestDiscordShowsWhatTheCoreSays(t *testing.T) {
	core := bottest.Core(t, noLog)
	w := begin(t, setup{core: core})
	bottest.Conforms(t, core, func(t *testing.T) bottest.Asking {
		ann := w.fake.NewUser("ann")
		return func(question string) (shown []bottest.Shown) {
			m := must2(ann.Ask(within(t), w.fake.DM(ann), question))(t)
			w.knows(m)
			for _, e := range m.Embeds {
				if q, ok := shownIn(e.Description); ok {
					shown = append(shown, q)
				}
			}
			return shown
		}
	})
}

// markup is a backslash before the character that it escapes, or the mark of bold text.
var markup = regexp.MustCompile(`\\([[:punct:]])|\*\*`)

var link = regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\([^)]*\)`)

// shownIn is the quotation of an embed, with the line below it, as people read it.
func shownIn(markdown string) (s bottest.Shown, ok bool) {
	lines := strings.Split(markdown, "\n")
	first := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "> ") })
	if first < 0 {
		return s, false
	}
	end := first
	for ; end < len(lines) && strings.HasPrefix(lines[end], "> "); end++ {
		s.Quotation += "\n" + lines[end][2:]
	}
	s.Quotation = strings.TrimPrefix(strings.TrimPrefix(s.Quotation[1:], "… "), "“")
	s.Quotation = strings.TrimSuffix(strings.TrimSuffix(s.Quotation, " …"), "”")
	s.Quotation = markup.ReplaceAllString(s.Quotation, "$1")
	s.Citation = markup.ReplaceAllString(link.ReplaceAllString(lines[end], "$1"), "$1")
	return s, true
}
