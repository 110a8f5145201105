package words

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWordsAreFoldedAndKeepTheirPlace(t *testing.T) {
	for in, want := range map[string]string{
		"Ukraine’s pre-2014 borders":         "ukraine pre 2014 borders",
		"The U.S. President said 1,000 POWs": "the us president said 1000 pows",
		"Erdoğan in Türkiye; São Tomé":       "erdogan in turkiye sao tome",
		"Київ і Киев, Зеленський":            "київ і киев зеленський",
		"it's $47.60 a barrel.":              "it 47.60 a barrel",
		"don't can’t o'clock":                "dont cant oclock",
		"Putin.Then he left":                 "putin then he left",
		"at 5 p.m. today, e.g. this":         "at 5 pm today eg this",
		"28-point/20-point 50bn F-16s":       "28 point 20 point 50bn f 16s",
		"bad\xffbytes\x00here":               "bad bytes here",
		"":                                   "",
	} {
		var got []string
		for w := range All(in) {
			if in[w.Start:w.End] != w.Text {
				t.Errorf("%q: word %q is not at %d:%d", in, w.Text, w.Start, w.End)
			}
			got = append(got, w.Fold)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", in, s, want)
		}
	}
}

func FuzzWordsAreOrderedSpansOfTheirText(f *testing.F) {
	f.Add("The U.S. said: “no” — 1,000.50's é\u0301")
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for w := range All(s) {
			if w.Start < end || w.End <= w.Start || w.End > len(s) || s[w.Start:w.End] != w.Text {
				t.Fatalf("span %d:%d after %d in %q", w.Start, w.End, end, s)
			}
			if w.Fold == "" || utf8.ValidString(s) && !utf8.ValidString(w.Fold) {
				t.Fatalf("fold %q of %q", w.Fold, w.Text)
			}
			end = w.End
		}
	})
}
