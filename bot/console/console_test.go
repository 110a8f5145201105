package console

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"parley/bot"
)

var update = flag.Bool("update", false, "write the golden files")

// reply has every kind of block, and quoted text that would command a terminal.
func reply() bot.Reply {
	return bot.Reply{Blocks: []bot.Block{
		bot.Note{Line: bot.Line{{Text: "Read “hegseht” as “hegseth”."}}},
		bot.Quote{
			Number: 1, CutAfter: true,
			Segments: []bot.Segment{
				{Text: "The talks began\x1b[2J early. "},
				{Text: "Hegseth said that a return to the ", Key: true}, {Text: "borders", Key: true, Match: true}, {Text: " of 2014 was an unrealistic aim\u202e.", Key: true},
			},
			Citation: bot.Citation{
				Speaker: "Hegseth", Publisher: "RTW News", Title: "A title\x07", Date: "February 2025", URL: "https://rtw.example/a-rather-long-address/that-is-longer-than-a-line-of-this-test",
				AlsoIn: []bot.Run{{Text: "Reuters", URL: "https://reuters.example/1"}},
			},
		},
		bot.Quote{
			Number: 2, CutBefore: true,
			Segments: []bot.Segment{{Text: "Київ і Москва, 基辅与莫斯科谈判.\nA second line."}},
			Citation: bot.Citation{
				Publisher: "Parley brief", Date: "28 February 2022",
				BasedOn: []bot.Page{
					{Run: bot.Run{Text: "The Quint (AP)", URL: "https://quint.example/1"}, Date: "3 March 2022"},
					{Run: bot.Run{Text: "Artsakhpress"}},
				},
			},
		},
		bot.Text{Line: bot.Line{{Text: "The record has nothing on this."}}},
		bot.List{Title: "Nearest in the record", Items: []bot.Line{{{Text: "A title that is long enough to be set on two lines of this narrow terminal"}}, {{Text: "Another"}}}},
		bot.Fields{Title: "A document", Rows: []bot.Field{
			{Name: "Publisher", Value: bot.Line{{Text: "RTW News"}}},
			{Name: "Link", Value: bot.Line{{Text: "https://rtw.example/1", URL: "https://rtw.example/1"}}},
		}},
		bot.Note{Line: bot.Line{{Text: "4 documents from 3 publishers, 12 February 2025 to 8 May 2026."}}},
		bot.Note{Line: bot.Line{{Text: "The record has no passage on this from Russia."}}},
	}}
}

func TestRender(t *testing.T) {
	for name, style := range map[string]Style{
		"plain":  {},
		"narrow": {Width: 50},
		"colour": {Width: 50, Colour: true},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Render(&out, reply(), style); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", name+".golden"), out.Bytes())
		})
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), -update writes it:\n%s", path, diff)
	}
}

func TestPlainOutputHoldsTheQuotationExactly(t *testing.T) {
	const exact = "  Two  spaces,\ta tab,\nlines of the source's own “length” — all as they are.\n\n\tSee https://example.org/?a=1&b=<2> "
	r := bot.Reply{Blocks: []bot.Block{bot.Quote{Segments: []bot.Segment{{Text: exact[:9]}, {Text: exact[9:40], Key: true}, {Text: exact[40:]}}}}}
	var out bytes.Buffer
	if err := Render(&out, r, Style{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "“"+exact+"”") {
		t.Errorf("the quotation was changed:\n%s", out.String())
	}
}

func TestWrappedLinesFitAndKeepEveryWord(t *testing.T) {
	text := strings.Repeat("Переговори велися в Стамбулі, 谈判, a word or two of English. ", 20)
	r := bot.Reply{Blocks: []bot.Block{bot.Quote{Segments: []bot.Segment{{Text: text[:len(text)/2-1], Key: true}, {Text: text[len(text)/2-1:]}}}}}
	var out bytes.Buffer
	if err := Render(&out, r, Style{Width: 47, Colour: true}); err != nil {
		t.Fatal(err)
	}
	seen := regexp.MustCompile("\x1b\\[[0-9]+m").ReplaceAllString(out.String(), "")
	for line := range strings.Lines(seen) {
		if n := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); n > 47 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if !strings.Contains(strings.Join(strings.Fields(seen), " "), strings.TrimSpace(text)) {
		t.Error("the words are not those of the quotation")
	}
}

func TestCleanLeavesWhatCanBeSeen(t *testing.T) {
	for in, want := range map[string]string{
		"plain ünïcödé 谈判 🕊️":                    "plain ünïcödé 谈判 🕊️",
		"\x1b[31mred\x1b[0m":                     "red",
		"\x1b]0;title\x07text":                   "text",
		"\x1b]8;;https://evil.example\x1b\\link": "link",
		"\x1b]never ended\nnext":                 "never ended\nnext",
		"a\x1bMb\x1b(Bc\x1b":                     "abc",
		"tab\tline\nend\r\nold\rmac":             "tab\tline\nend\nold\nmac",
		"bell\x07back\x08del\x7fnul\x00":         "bellbackdelnul",
		"Nik\u009aić\u009b31m":                   "Nikić31m",
		"over\u202eride \u2066isolate\u2069":     "override isolate",
		"bad \xff byte":                          "bad \uFFFD byte",
		"soft\u00adhyphen zero\u200bwidth":       "soft\u00adhyphen zero\u200bwidth",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: got %q; want %q", in, got, want)
		}
	}
}

// harmful reports whether a character commands a terminal or reorders the text on it.
func harmful(r rune) bool {
	isOverride := '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
	return isOverride || unicode.IsControl(r) && r != '\n' && r != '\t'
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"text", "\x1b[31mred", "\x1b\x1b[[0m", "\x1b]0;\x1b\\", "\u009b0m", "\x1b[\x1b[0mm"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if strings.ContainsFunc(got, harmful) {
			t.Errorf("%q: %q", s, got)
		}
		if clean(got) != got {
			t.Errorf("%q: cleaning again changes %q", s, got)
		}
		if !strings.ContainsFunc(s, harmful) && got != strings.ToValidUTF8(s, "\uFFFD") {
			t.Errorf("%q: harmless text became %q", s, got)
		}
	})
}

// echo is a core that repeats what it was asked.
type echo struct{}

func (echo) Handle(_ context.Context, r bot.Request) bot.Reply {
	return bot.Reply{Blocks: []bot.Block{bot.Text{Line: bot.Line{{Text: "<" + r.Command + "|" + r.Text + ">"}}}}}
}

func talk(t *testing.T, ctx context.Context, in io.Reader, prompt string) string {
	t.Helper()
	var out bytes.Buffer
	c := Console{Core: echo{}, In: in, Out: &out, Prompt: prompt}
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTalk(t *testing.T) {
	for in, want := range map[string]string{
		"":                                       "",
		"hello there":                            "<|hello there>\n\n",
		"\n  \n/source 2\r\n":                    "<source|2>\n\n",
		"/quit\nnever":                           "",
		"/EXIT":                                  "",
		strings.Repeat("x", 70<<10) + "\nnext\n": "That line is too long and was not read.\n<|next>\n\n",
	} {
		if got := talk(t, t.Context(), strings.NewReader(in), ""); got != want {
			t.Errorf("%.20q: got %q; want %q", in, got, want)
		}
	}
}

func TestThePromptEndsItsLine(t *testing.T) {
	if got := talk(t, t.Context(), strings.NewReader("hi\n"), "> "); got != "> <|hi>\n\n> \n" {
		t.Errorf("got %q", got)
	}
}

func TestCtrlCEndsATalkThatWaits(t *testing.T) {
	in, typing := io.Pipe() // nobody types
	defer typing.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	if got := talk(t, ctx, in, "> "); got != "> \n" {
		t.Errorf("got %q", got)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errors.New("cable pulled") }
func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestBrokenStreamsAreErrors(t *testing.T) {
	c := Console{Core: echo{}, In: broken{}, Out: io.Discard}
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "cable pulled") {
		t.Errorf("reading: %v", err)
	}
	c = Console{Core: echo{}, In: strings.NewReader("hi\n"), Out: broken{}}
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("printing: %v", err)
	}
}
