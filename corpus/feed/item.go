package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"parley/corpus"
	"parley/corpus/dates"
	"parley/corpus/htmltext"
)

// finish completes the items from the feed, and leaves out those that repeat an ID. The
// author is that of the items that name none.
func (f *Feed) finish(author string) {
	f.Language = languageTag(f.Language)
	seen := make(map[string]bool, len(f.Items))
	kept := f.Items[:0]
	for _, item := range f.Items {
		item.complete(f, author)
		if seen[item.ID] {
			f.Duplicates++
			continue
		}
		seen[item.ID] = true
		kept = append(kept, item)
	}
	f.Items = kept
}

// complete fills the gaps of an item from its other fields and from its feed.
func (i *Item) complete(f *Feed, author string) {
	i.Author = cmp.Or(i.Author, author)
	i.Language = cmp.Or(languageTag(i.Language), f.Language)
	i.License = cmp.Or(i.License, f.License)
	if i.Published.IsZero() {
		i.Published = i.Updated
	}
	i.Categories = categories(i.Categories)
	if i.Text == i.Summary { // said twice; a feed that has but one text calls it the summary
		i.Text = ""
	}
	if i.ID = htmltext.CleanLine(i.ID); i.ID == "" {
		i.ID = i.URL
	}
	if i.ID == "" {
		texts := []string{i.Title, i.Published.String(), i.Summary, i.Text}
		sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
		i.ID = "sha256:" + hex.EncodeToString(sum[:16])
	}
}

// categories gives each category once, whatever its case.
func categories(in []string) (out []string) {
	const maxCategories = 50 // more than a publisher means seriously
	for _, c := range in {
		c = htmltext.Line(c)
		same := func(other string) bool { return strings.EqualFold(c, other) }
		if c != "" && len(out) < maxCategories && !slices.ContainsFunc(out, same) {
			out = append(out, c)
		}
	}
	return out
}

// languageTag gives the canonical BCP 47 tag, empty for what is none.
func languageTag(s string) string {
	tag, err := language.Parse(strings.TrimSpace(s))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

var (
	addressAndName = regexp.MustCompile(`^\S+@\S+\s*\(([^()]+)\)$`)         // a@example.org (A. Name)
	nameAndAddress = regexp.MustCompile(`^([^@<>()]+?)\s*[(<]\S+@\S+[)>]$`) // A. Name <a@example.org>
	addressAlone   = regexp.MustCompile(`^(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+$`)
)

// personName gives the name in what a feed says of an author. Addresses are left out: they
// are nobody's business but the publisher's.
func personName(s string) string {
	s = htmltext.Line(s)
	for _, form := range []*regexp.Regexp{addressAndName, nameAndAddress} {
		if m := form.FindStringSubmatch(s); m != nil {
			return strings.TrimSpace(m[1])
		}
	}
	if addressAlone.MatchString(s) {
		return ""
	}
	return s
}

// names joins the names of people by commas, each once.
func names(people []string) string {
	var all []string
	for _, p := range people {
		if p = personName(p); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return strings.Join(all, ", ")
}

// firstName gives the name in the first text that names somebody.
func firstName(texts ...string) string {
	for _, text := range texts {
		if name := personName(text); name != "" {
			return name
		}
	}
	return ""
}

// firstDate reads the first text that is a date.
func firstDate(texts ...string) corpus.PartialDate {
	for _, text := range texts {
		if d, ok := dates.ParseFeed(text); ok {
			return d
		}
	}
	return corpus.PartialDate{}
}
