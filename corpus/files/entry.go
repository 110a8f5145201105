package files

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"parley/corpus"
)

// result is a document or a problem, with the line where it begins; 0 for a whole file.
type result struct {
	line int
	doc  corpus.Document
	made bool // the id of doc is
	err  error
}

// failure is the result that reports a mistake.
func failure(line int, format string, args ...any) result {
	return result{line: line, err: fmt.Errorf(format, args...)}
}

// entry is a document as a file states it, before it is checked. Its tags are the keys of
// JSON and of front matter.
type entry struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Text       string      `json:"text"`
	Publisher  string      `json:"publisher"`
	Author     string      `json:"author"`
	URL        string      `json:"url"`
	Published  string      `json:"published"`
	Language   string      `json:"language"`
	License    string      `json:"license"`
	Summary    string      `json:"summary"`
	Kind       string      `json:"kind"`
	Actors     []string    `json:"actors"`
	Topics     []string    `json:"topics"`
	ReportedBy []string    `json:"reported_by"`
	Sources    []reference `json:"sources"`

	made bool // the id is made of the path
}

// reference is one of the sources of a brief.
type reference struct {
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	URL       string `json:"url"`
	Published string `json:"published"`
}

// keys are the names that an entry may use, for messages.
const (
	keys = "id title publisher author url published language license summary sources actors topics kind " +
		"reported_by"
	referenceKeys = "title publisher url published"
)

// each calls f with every text of the entry.
func (e *entry) each(f func(key string, text *string)) {
	f("id", &e.ID)
	f("title", &e.Title)
	f("publisher", &e.Publisher)
	f("author", &e.Author)
	f("url", &e.URL)
	f("published", &e.Published)
	f("language", &e.Language)
	f("license", &e.License)
	f("summary", &e.Summary)
	f("kind", &e.Kind)
	lists := []struct {
		key    string
		values []string
	}{{"actors", e.Actors}, {"topics", e.Topics}, {"reported_by", e.ReportedBy}}
	for _, list := range lists {
		for i := range list.values {
			f(list.key, &list.values[i])
		}
	}
	for i := range e.Sources {
		e.Sources[i].each(func(_ string, text *string) { f("sources", text) })
	}
}

func (r *reference) each(f func(key string, text *string)) {
	f("title", &r.Title)
	f("publisher", &r.Publisher)
	f("url", &r.URL)
	f("published", &r.Published)
}

// results gives the document, or every mistake in it. line finds the line of a key, or of the
// whole entry for "".
func (e entry) results(line func(key string) int) []result {
	var mistakes []result
	doc := e.document(func(key string, err error) {
		if err != nil {
			mistakes = append(mistakes, result{line: line(key), err: err})
		}
	})
	if len(mistakes) == 0 {
		return []result{{line: line(""), doc: doc, made: e.made}}
	}
	return mistakes
}

// at gives every key one line, for entries of which only the beginning is known.
func at(line int) func(string) int { return func(string) int { return line } }

// in completes an entry that is a whole file.
func (e entry) in(f file) entry {
	if e.ID == "" {
		e.ID, e.made = slug(f.rel), true
	}
	e.Title = cmp.Or(e.Title, baseName(f.path))
	return e
}

// document makes a document of the entry, and notes what is wrong with it.
func (e entry) document(note func(key string, err error)) corpus.Document {
	e.each(func(key string, text *string) {
		*text = strings.TrimSpace(*text)
		note(key, checkNUL(*text))
	})
	date := func(key, s string) corpus.PartialDate {
		d, err := corpus.ParsePartialDate(s)
		if err != nil {
			note(key, fmt.Errorf("%s: %w; write it in one of these forms or leave it out", key, err))
		}
		return d
	}
	text := strings.TrimRightFunc(lineFeeds(e.Text), unicode.IsSpace)
	note("id", checkID(e.ID))
	if e.Kind != "" && e.Kind != "event" && e.Kind != "position" {
		note("kind", fmt.Errorf("the kind %q is neither event nor position; use one of them or leave it out", e.Kind))
	}
	note("text", checkNUL(text))
	if text == "" {
		note("text", errors.New("the document has no text; add it or remove the document"))
	}
	doc := corpus.Document{
		Source: corpus.Source{
			ID: e.ID, Title: cmp.Or(e.Title, e.ID), Publisher: e.Publisher, Author: e.Author, URL: e.URL,
			Published: date("published", e.Published), License: e.License, Language: e.Language, ReportedBy: e.ReportedBy,
		},
		Text: text, Summary: e.Summary, Actors: e.Actors, Topics: e.Topics, Kind: e.Kind,
	}
	for _, s := range e.Sources {
		ref := corpus.Reference{Title: s.Title, Publisher: s.Publisher, URL: s.URL, Published: date("sources", s.Published)}
		doc.BasedOn = append(doc.BasedOn, ref)
	}
	return doc
}

func checkNUL(text string) error {
	if strings.ContainsRune(text, 0) {
		return errNUL
	}
	return nil
}

// checkID refuses what would break a passage's id ("ID#3") or a line of a log.
func checkID(id string) error {
	if id == "" {
		return errors.New("the document has no id; add one that stays the same when the file changes")
	}
	for _, r := range id {
		if r == '#' || unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return fmt.Errorf("the id %q has the character %q; take it out: an id has no '#' (which parts it from a "+
				"passage's number), white space or control characters", id, r)
		}
	}
	return nil
}
