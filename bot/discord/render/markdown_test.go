package render

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"parley/bot/safetext"
)

// markup is a backslash before the character that it escapes, or the mark of bold text.
var markup = regexp.MustCompile(`\\([[:punct:]])|\*\*`)

// plain is markdown as Discord shows it.
func plain(markdown string) string { return markup.ReplaceAllString(markdown, "$1") }

// live are the beginnings of what Discord's clients give a meaning, as far as no
// backslash stands before: emphasis, spoilers, code, links, mentions, timestamps, emoji,
// and at the start of a line headings, lists, quotes and subtext.
var live = []*regexp.Regexp{
	regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*(?:[*_~|` + "`" + `<>\[\]@#]|https?:)`),
	regexp.MustCompile(`(?m)^[ \t]*(?:[-+#>]|\d+[.)])`),
}

func checkEscaped(t *testing.T, text string) {
	t.Helper()
	e := Escape(text)
	if got := plain(e); got != Clean(text) {
		t.Errorf("%q became %q, which reads %q", text, e, got)
	}
	for _, re := range live {
		if found := re.FindString(e); found != "" {
			t.Errorf("%q became %q, in which %q is alive", text, e, found)
		}
	}
	if strings.ContainsFunc(e, isInvisible) {
		t.Errorf("%q became %q with invisible characters", text, e)
	}
}

var nasty = []string{
	"plain text", "**bold** *it* __under__ ~~gone~~ ||spoiler|| `code` ```block```", "# heading\n## more\n-# small",
	"- item\n* item\n+ item\n1. one\n 23) two\n  - nested", "> quote\n>>> all", "<@123> <@!1> <@&2> <#3> @everyone @here",
	"<t:1700000000:R> <:emoji:123> <a:b:1> :smile:", "[text](https://evil.example) https://a.example/x_y_z http://b", "<https://c.example>",
	`\* \\ \`, "trailing \\", "¯\\_(ツ)_/¯", "a\u202eb\u200bc\u2066d\u00ade\ufeff", "joiners 👩\u200d👩\u200d👧 می\u200cخواهم", "tags 🏴\U000e0067\U000e007f",
	"tab\tand\r\nline\rend\u2028sep", "bad \xff byte", "12. not\n12.5 million", "a-b - c", "--- *** ___", "", "\n\n", " ",
}

func TestEscapedTextIsShownAsItIs(t *testing.T) {
	for _, s := range nasty {
		checkEscaped(t, s)
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(checkEscaped)
}

func FuzzCut(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, most int) {
		most = 2 + (most&0xfff+0x1000)%300
		for _, got := range []string{Cut(Clean(s), most), escapeWithin(s, most)} {
			if n := len(utf16.Encode([]rune(got))); n > most {
				t.Errorf("%q cut to %d has %d: %q", s, most, n, got)
			}
		}
		if got := plain(escapeWithin(s, most)); !strings.HasPrefix(Clean(s), strings.TrimSuffix(got, "…")) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestSizesAreInUTF16Units(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "Київ": 4, "🕊️": 3, "谈判": 2} {
		if got := safetext.UTF16Len(s); got != want {
			t.Errorf("%q: %d, not %d", s, got, want)
		}
	}
	if got := Cut("🕊🕊🕊", 4); got != "🕊…" {
		t.Errorf("cut to %q", got)
	}
}
