package telegram_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
	"parley/bot/telegram"
)

// nasty are pieces of which quoted text can be made.
var nasty = []string{
	"<b>", "</b>", "</a>", "</blockquote>", "&", "&amp;", "&#39;", "\"", "'", "<", ">", "&lt", "<!--", "https://a.example/x?a=1&b=<2>",
	"@durov", "@a", "x@mail.example", "/start", "#tag", "😀", "👩‍👩‍👧‍👦", "é", "ї", "中", "\u202e", "\u2066", "\u0000", "\u0085", "\r\n", "\n", "\n\n", "\t", "\u00a0",
	"word", "word.", "Word? ", "said: “no.” ", "1.5", " ", "  ", "…", "\u200b", "a\u0301\u0301",
}

// scrap is a text of n pieces.
func scrap(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(nasty[r.IntN(len(nasty))])
		if r.IntN(3) == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func run(r *rand.Rand, n int) bot.Run {
	made := bot.Run{Text: scrap(r, n)}
	if r.IntN(2) == 0 {
		made.URL = "https://a.example/" + strings.Repeat("q", r.IntN(300)) + "?a=1&b=\"<" + fmt.Sprint(r.IntN(1000))
	}
	return made
}

func randomLine(r *rand.Rand, n int) (l bot.Line) {
	for range r.IntN(4) + 1 {
		l = append(l, run(r, n))
	}
	return l
}

func randomBlock(r *rand.Rand) bot.Block {
	size := 1 + r.IntN(20)
	if r.IntN(6) == 0 {
		size = 1500
	}
	switch r.IntN(6) {
	case 0:
		return bot.Heading{Text: scrap(r, 5)}
	case 1:
		return bot.Text{Line: randomLine(r, size)}
	case 2:
		return bot.Note{Line: randomLine(r, size)}
	case 3:
		l := bot.List{Title: scrap(r, 3)}
		for range r.IntN(60) {
			l.Items = append(l.Items, randomLine(r, 2))
		}
		return l
	case 4:
		f := bot.Fields{Title: scrap(r, 3)}
		for range r.IntN(60) {
			f.Rows = append(f.Rows, bot.Field{Name: scrap(r, 1), Value: randomLine(r, 2)})
		}
		return f
	}
	q := bot.Quote{
		Number: r.IntN(3), CutBefore: r.IntN(2) == 0, CutAfter: r.IntN(2) == 0,
		Citation: bot.Citation{Publisher: scrap(r, 2), Title: scrap(r, 4), Date: "8 May 2026", URL: "https://a.example/?x=1&y=2"},
	}
	for range r.IntN(4) + 1 {
		q.Segments = append(q.Segments, bot.Segment{Text: scrap(r, size), Key: r.IntN(2) == 0, Match: r.IntN(2) == 0})
	}
	return q
}

// said is what a reader of a block must find, in order.
func said(b bot.Block) string {
	var out strings.Builder
	lines := func(all ...bot.Line) {
		for _, l := range all {
			out.WriteString(l.String())
		}
	}
	switch b := b.(type) {
	case bot.Heading:
		out.WriteString(b.Text)
	case bot.Text:
		lines(b.Line)
	case bot.Note:
		lines(b.Line)
	case bot.List:
		out.WriteString(b.Title)
		for _, item := range b.Items {
			if seen(item.String()) != "" {
				out.WriteString("•")
			}
			lines(item)
		}
	case bot.Fields:
		out.WriteString(b.Title)
		for _, row := range b.Rows {
			out.WriteString(row.Name + ":")
			lines(row.Value)
		}
	case bot.Quote:
		if b.Number > 0 {
			fmt.Fprint(&out, b.Number)
		}
		if b.CutBefore {
			out.WriteString("…")
		}
		out.WriteString("“" + b.Text() + "”")
		if b.CutAfter {
			out.WriteString("…")
		}
		lines(b.Citation.Lines()...)
	}
	return out.String()
}

// seen is a text without spaces, and without what no reader sees.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
}

// sends sends a reply to a new user and returns the messages as they were read.
func (w *world) sends(reply bot.Reply) []telegramtest.Message {
	w.Helper()
	anna := w.tg.User("Anna", "")
	anna.Start("")
	if _, err := w.post(w.Context(), anna.ID(), reply); err != nil {
		w.Fatal(err)
	}
	return anna.Private().Said()
}

// fast is a world in which the bot sends only.
func fast(t *testing.T, core telegram.Core) *world {
	w := quick(t, over(core))
	w.bot = must(telegram.New(w.options))
	return w
}

func TestWhateverIsQuotedArrivesAsItIs(t *testing.T) {
	t.Parallel()
	w := fast(t, echo())
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 5))
		var reply bot.Reply
		want := ""
		for range r.IntN(6) + 1 {
			b := randomBlock(r)
			reply.Blocks = append(reply.Blocks, b)
			want += said(b)
		}
		messages := w.sends(reply)
		got := ""
		for _, m := range messages {
			got += m.Text
			if n := len(utf16.Encode([]rune(m.Text))); n > 4096 {
				t.Errorf("seed %d: a message of %d units", seed, n)
			}
			for _, e := range m.Entities {
				if e.Type == "mention" {
					t.Errorf("seed %d: somebody is mentioned in %q", seed, m.Marked("mention"))
				}
			}
		}
		if got, want := seen(got), seen(want); got != want {
			t.Fatalf("seed %d: %d messages differ at %s", seed, len(messages), difference(got, want))
		}
		if vs := w.tg.Violations(); len(vs) > 0 {
			t.Fatalf("seed %d: %s", seed, vs[0])
		}
	}
}

func difference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	return fmt.Sprintf("byte %d: got %q, want %q", i, got[max(0, i-20):min(len(got), i+40)], want[max(0, i-20):min(len(want), i+40)])
}

func TestBytesThatAreNoTextAreShownAsSuch(t *testing.T) {
	if got := fast(t, echo()).sends(says("a\xffb")); len(got) != 1 || got[0].Text != "a\uFFFDb" {
		t.Errorf("messages: %q", texts(got))
	}
}

func TestFourThousandEmojiAreSplitBetweenCharacters(t *testing.T) {
	w := fast(t, echo())
	messages := w.sends(says(strings.Repeat("👩‍👩‍👧‍👦", 600) + strings.Repeat("😀", 4096)))
	if len(messages) < 4 {
		t.Fatalf("%d messages", len(messages))
	}
	for _, m := range messages {
		if strings.HasPrefix(m.Text, "\u200d") || strings.HasSuffix(m.Text, "\u200d") {
			t.Error("a character was cut")
		}
	}
}

func TestMoreThanAHundredLinksAreAllThere(t *testing.T) {
	w := fast(t, echo())
	var l bot.Line
	for i := range 150 {
		l = append(l, bot.Run{Text: fmt.Sprint("link ", i), URL: fmt.Sprint("https://a.example/", i)}, bot.Run{Text: ", "})
	}
	n := 0
	for _, m := range w.sends(bot.Reply{Blocks: []bot.Block{bot.Text{Line: l}}}) {
		n += len(m.Links())
	}
	if n != 150 {
		t.Errorf("%d links", n)
	}
}

func TestALongQuotationIsSplitAtSentenceEnds(t *testing.T) {
	w := fast(t, echo())
	sentence := "The delegation said that it would come back to the table on Monday. "
	q := bot.Quote{Number: 1, Segments: []bot.Segment{{Text: strings.Repeat(sentence, 150), Key: true}}, Citation: bot.Citation{Publisher: "P", Title: "T", Date: "2025"}}
	messages := w.sends(bot.Reply{Blocks: []bot.Block{q}})
	if len(messages) != 3 {
		t.Fatalf("%d messages", len(messages))
	}
	for _, m := range messages[:2] {
		if !strings.HasSuffix(m.Text, "Monday.") || len(m.Marked("expandable_blockquote")) != 1 {
			t.Errorf("ends with %q", m.Text[len(m.Text)-30:])
		}
	}
	if !strings.HasSuffix(messages[2].Text, "P, “T”, 2025") {
		t.Errorf("ends with %q", messages[2].Text[len(messages[2].Text)-30:])
	}
}

func TestSectionsStayWholeWhereAMessageCanHoldThem(t *testing.T) {
	w := fast(t, echo())
	var reply bot.Reply
	for i := range 4 {
		reply.Blocks = append(reply.Blocks, bot.Quote{Number: i + 1, Segments: []bot.Segment{{Text: strings.Repeat("Words of it. ", 120)}},
			Citation: bot.Citation{Publisher: fmt.Sprint("Publisher ", i+1), Title: "T", Date: "2025"}})
	}
	messages := w.sends(reply)
	if len(messages) != 2 {
		t.Fatalf("%d messages", len(messages))
	}
	for i, m := range messages {
		if n := len(m.Marked("expandable_blockquote")); n != 2 || !strings.Contains(m.Text, fmt.Sprint("Publisher ", 2*i+2)) {
			t.Errorf("message %d has %d quotations", i, n)
		}
	}
}
