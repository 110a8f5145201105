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

// complete fills in what follows from the rest of the item and from its feed.
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
		i.ID = digest(i.Title, i.Published.String(), i.Summary, i.Text)
	}
}

// digest names an item for which its publisher has no name.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "sha256:" + hex.EncodeToString(sum[:16])
}

// maxCategories is more than a publisher means seriously.
const maxCategories = 50

// categories are told apart by their letters alone.
func categories(in []string) (out []string) {
	for _, c := range in {
		c = htmltext.Line(c)
		same := func(other string) bool { return strings.EqualFold(c, other) }
		if c != "" && len(out) < maxCategories && !slices.ContainsFunc(out, same) {
			out = append(out, c)
		}
	}
	return out
}

// languageTag is the canonical BCP 47 tag, empty for what is none.
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

// personName is the name in what a feed says of an author; addresses are nobody's
// business but the publisher's.
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

// names are the different names, parted by commas.
func names(people []string) string {
	var all []string
	for _, p := range people {
		if p = personName(p); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return strings.Join(all, ", ")
}

// firstName is the first of the texts that names somebody.
func firstName(texts ...string) string {
	for _, text := range texts {
		if name := personName(text); name != "" {
			return name
		}
	}
	return ""
}

// firstDate is the first of the texts that is a date.
func firstDate(texts ...string) corpus.PartialDate {
	for _, text := range texts {
		if d, ok := dates.ParseFeed(text); ok {
			return d
		}
	}
	return corpus.PartialDate{}
}
