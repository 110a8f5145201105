package markup

import (
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHTML(t *testing.T) {
	for _, c := range []struct {
		name, source, text string
		entities           []Entity
	}{
		{"plain", "a & b &amp; c &lt;d&gt; &quot;e&quot; &apos; &#39;&#x1F600;", `a & b & c <d> "e" &apos; '😀`, nil},
		{"offsets are UTF-16", "😀<b>é</b>", "😀é", []Entity{{Type: "bold", Offset: 2, Length: 1}}},
		{"nested", "<i>a<b>b</b></i>", "ab", []Entity{{Type: "italic", Length: 2}, {Type: "bold", Offset: 1, Length: 1}}},
		{"synonyms, any case", "<STRONG>a</strong><ins>b</ins><del>c</del>", "abc", []Entity{
			{Type: "bold", Length: 1}, {Type: "underline", Offset: 1, Length: 1}, {Type: "strikethrough", Offset: 2, Length: 1},
		}},
		{"link", `<a href="https://x.example/?a=1&amp;b=&quot;2">t</a>`, "t", []Entity{
			{Type: "text_link", Length: 1, URL: `https://x.example/?a=1&b="2`},
		}},
		{"link gets a path and a scheme", `<a href='x.example'>t</a>`, "t", []Entity{{Type: "text_link", Length: 1, URL: "http://x.example/"}}},
		{"no address, no link", `<a href="nonsense">t</a><a href="javascript://x.y/">u</a>`, "tu", nil},
		{"the text is the address", `<a>https://x.example/a</a>`, "https://x.example/a", []Entity{
			{Type: "text_link", Length: 19, URL: "https://x.example/a"},
		}},
		{"quotations", "<blockquote>a</blockquote><blockquote expandable>b</blockquote>", "ab", []Entity{
			{Type: "blockquote", Length: 1}, {Type: "expandable_blockquote", Offset: 1, Length: 1},
		}},
		{"code", `<code>a</code><pre>b</pre>`, "ab", []Entity{{Type: "code", Length: 1}, {Type: "pre", Offset: 1, Length: 1}}},
		{"spoilers", `<tg-spoiler>a</tg-spoiler>`, "a", []Entity{{Type: "spoiler", Length: 1}}},
		{"empty entity", "a<b></b>", "a", nil},
		{"nameless end", "<b>a</>", "a", []Entity{{Type: "bold", Length: 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseHTML(c.source)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.entities, got.Entities); got.Text != c.text || diff != "" {
				t.Errorf("text %q, want %q; entities (-want +got):\n%s", got.Text, c.text, diff)
			}
		})
	}
}

func TestHTMLErrors(t *testing.T) {
	for source, want := range map[string]string{
		"a < b":             `Unsupported start tag "" at byte offset 2`,
		"é<p>x</p>":         `Unsupported start tag "p" at byte offset 2`,
		"a <b":              "Unclosed start tag at byte offset 2",
		"<b>x":              `Can't find end tag corresponding to start tag "b"`,
		"x</b>":             "Unexpected end tag at byte offset 1",
		"<b>x</i>":          `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<b>x</b":           "Unclosed end tag at byte offset 4",
		`<a href="x>t</a>`:  `Unclosed start tag "a" at byte offset 0`,
		"<a =x>t</a>":       `Empty attribute name in the tag "a" at byte offset 0`,
		"<a href=x_y>t</a>": "Unexpected end of name token at byte offset 8",
	} {
		_, err := ParseHTML(source)
		if err == nil || !strings.HasSuffix(err.Error(), "can't parse entities: "+want) {
			t.Errorf("%s: %v, want %s", source, err, want)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, seed := range []string{"<b>a</b>", `<a href="x">`, "</a>&\"", "&#x", "<", "&#0;&lt", "<b a=", "😀<i>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if parsed, err := ParseHTML(source); err == nil {
			for _, e := range parsed.Entities {
				if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > Units(parsed.Text) {
					t.Errorf("%q: entity %+v outside of %q", source, e, parsed.Text)
				}
			}
		}
		escaped := strings.ToValidUTF8(source, "?")
		parsed, err := ParseHTML(html.EscapeString(escaped))
		if err != nil || parsed.Text != escaped {
			t.Errorf("escaped %q comes back as %q, %v", escaped, parsed.Text, err)
		}
	})
}

func TestTextForm(t *testing.T) {
	trimmed := Trim(Text{Text: " \n a b \n", Entities: []Entity{{Type: "bold", Length: 5}, {Type: "italic", Offset: 6, Length: 2}}})
	if diff := cmp.Diff([]Entity{{Type: "bold", Length: 2}}, trimmed.Entities); trimmed.Text != "a b" || diff != "" {
		t.Errorf("trimmed %q, entities (-want +got):\n%s", trimmed.Text, diff)
	}
	found := Detect(Text{Text: "/a@b_bot see @some_one, https://x.example/a#b. #tag 1/2 a@b.example"})
	want := []Entity{
		{Type: "bot_command", Length: 8}, {Type: "mention", Offset: 13, Length: 9},
		{Type: "url", Offset: 24, Length: 21}, {Type: "hashtag", Offset: 47, Length: 4},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}
