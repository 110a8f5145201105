package duplicate

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"parley/corpus"
)

// numbered is a text of n words that has nothing in common with one of another name.
func numbered(name string, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("%s%d", name, i)
	}
	return strings.Join(words, " ")
}

func doc(change func(d *corpus.Document)) corpus.Document {
	d := corpus.Document{Source: corpus.Source{Title: "Title", Publisher: "One", Language: "en", Published: date("2025-02-14")}, Text: numbered("w", 100)}
	change(&d)
	return d
}

func date(s string) corpus.PartialDate {
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestSame(t *testing.T) {
	long := doc(func(*corpus.Document) {})
	short := doc(func(d *corpus.Document) { d.Text = numbered("w", shortWords-1) })
	bare := doc(func(d *corpus.Document) { d.Text = "Read more on our site." })
	for name, tc := range map[string]struct {
		of     corpus.Document
		change func(d *corpus.Document)
		want   bool
	}{
		"itself":                        {long, func(*corpus.Document) {}, true},
		"another outlet, another title": {long, func(d *corpus.Document) { d.Publisher, d.Title = "Two", "Other" }, true},
		"spelt otherwise": {long, func(d *corpus.Document) {
			d.Text = "“" + strings.ReplaceAll(strings.ToUpper(d.Text), " ", ",\n\n") + "”"
		}, true},
		"other words":                     {long, func(d *corpus.Document) { d.Text = numbered("x", 100) }, false},
		"a part, of another outlet":       {long, func(d *corpus.Document) { d.Publisher, d.Text = "Two", numbered("w", 60) }, true},
		"a part, of the same outlet":      {long, func(d *corpus.Document) { d.Text = numbered("w", 60) }, false},
		"a part that is short":            {long, func(d *corpus.Document) { d.Publisher, d.Text = "Two", numbered("w", shortWords-1) }, false},
		"another language":                {long, func(d *corpus.Document) { d.Language = "de" }, false},
		"another country":                 {long, func(d *corpus.Document) { d.Language = "EN-GB" }, true},
		"an unknown language":             {long, func(d *corpus.Document) { d.Language = "" }, true},
		"a week later":                    {long, func(d *corpus.Document) { d.Published = date("2025-02-22") }, true},
		"more than a week later":          {long, func(d *corpus.Document) { d.Published = date("2025-02-23") }, false},
		"more than a week earlier":        {long, func(d *corpus.Document) { d.Published = date("2025-02-05") }, false},
		"in the same month":               {long, func(d *corpus.Document) { d.Published = date("2025-02") }, true},
		"in the next year":                {long, func(d *corpus.Document) { d.Published = date("2026") }, false},
		"on an unknown date":              {long, func(d *corpus.Document) { d.Published = corpus.PartialDate{} }, true},
		"short, equal":                    {short, func(d *corpus.Document) { d.Title = "Other" }, true},
		"short, a word more":              {short, func(d *corpus.Document) { d.Text += " more" }, false},
		"next to no text":                 {bare, func(*corpus.Document) {}, true},
		"next to no text, another title":  {bare, func(d *corpus.Document) { d.Title = "Other" }, false},
		"no words":                        {doc(func(d *corpus.Document) { d.Title, d.Text = "", "…" }), func(d *corpus.Document) { d.Text = "—" }, true},
		"beyond what is read, other ends": {doc(func(d *corpus.Document) { d.Text = numbered("w", maxWords) + " a" }), func(d *corpus.Document) { d.Text += "b" }, true},
	} {
		b := tc.of
		tc.change(&b)
		one, other := Of(tc.of), Of(b)
		if Same(one, other) != tc.want || Same(other, one) != tc.want {
			t.Errorf("%s: same %v and %v; want %v", name, Same(one, other), Same(other, one), tc.want)
		}
		if tc.want && !shareKey(one, other) {
			t.Errorf("%s: no key finds them", name)
		}
	}
}

func TestKeysOfEqualTextsAreEqual(t *testing.T) {
	a := doc(func(*corpus.Document) {})
	b := doc(func(d *corpus.Document) { d.Title, d.Publisher, d.Language = "Other", "Two", "" })
	keys := Of(a).Keys()
	if !slices.Equal(keys, Of(b).Keys()) || len(keys) != bands {
		t.Errorf("keys %v and %v", keys, Of(b).Keys())
	}
	if slices.Sort(keys); len(slices.Compact(keys)) != bands {
		t.Error("bands with the same key")
	}
}

// TestKeysAreThoseInDatabases fails when the keys change: Scheme must change with them.
func TestKeysAreThoseInDatabases(t *testing.T) {
	h := fnv.New64a()
	for _, text := range []string{numbered("w", 200), numbered("ї", 20), "Title"} {
		_, _ = fmt.Fprintln(h, Of(corpus.Document{Source: corpus.Source{Title: "Title"}, Text: text}).Keys())
	}
	if have, want := fmt.Sprintf("scheme %d: %016x", Scheme, h.Sum64()), "scheme 1: b276603a28b3ecee"; have != want {
		t.Errorf("%s; want %s", have, want)
	}
}

func BenchmarkKeys(b *testing.B) {
	d := doc(func(d *corpus.Document) { d.Text = numbered("word", 1000) })
	for b.Loop() {
		Of(d).Keys()
	}
}
