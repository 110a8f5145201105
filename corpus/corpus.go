// Package corpus holds the words in which the whole project speaks of its
// record: documents, their sources, the passages cut from them and dates that
// may be partial. It depends on nothing but the standard library, and does
// nothing but describe: reading, cutting and searching are other packages.
package corpus

// Document is one source text with what is known about it.
type Document struct {
	Source
	// Text is valid UTF-8 without NUL. Every offset in the project is a byte offset into it.
	Text string
	// Summary is the publisher's own abstract; it is never quoted as the document's text.
	Summary string
	// Actors and Topics are the lexicon ids ("united-states", "ceasefire") that whoever
	// wrote the document declared. Empty for most sources.
	Actors, Topics []string
	// Kind is "event" or "position" for briefs, otherwise empty.
	Kind string
}

// Source holds all that a citation of a document needs.
type Source struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Publisher string      `json:"publisher"`
	Author    string      `json:"author"`
	URL       string      `json:"url"`
	Published PartialDate `json:"published"`
	License   string      `json:"license"`
	Language  string      `json:"language,omitempty"`
	// ReportedBy names the outlets that a digest such as Wikipedia's Current Events refers to.
	ReportedBy []string `json:"reported_by,omitempty"`
	// BasedOn lists the pages on which a brief in Parley's own words rests. A document
	// with such a list is a brief and is cited as one.
	BasedOn []Reference `json:"based_on"`
	// Revision is the number of the text where it is not the first that the source gave,
	// and Corrected the day on which it replaced another.
	Revision  int         `json:"revision,omitempty"`
	Corrected PartialDate `json:"corrected,omitzero"`
}

// IsBrief reports whether the document is in Parley's own words, based on other pages.
func (s Source) IsBrief() bool { return len(s.BasedOn) > 0 }

// Reference is a page that a brief is based on.
type Reference struct {
	Title     string      `json:"title"`
	Publisher string      `json:"publisher"`
	URL       string      `json:"url"`
	Published PartialDate `json:"published"`
}

// Passage is a paragraph-size run of whole sentences of one document: the unit of retrieval.
type Passage struct {
	// ID is the document's id, "#" and the passage's number in its document, from 0.
	ID string
	// Start and End are byte offsets into the document's text; Text is byte-identical to that span.
	Start, End int
	Text       string
	// Sentences are spans inside Text, in order, without overlap.
	Sentences []Span
}

// Span is a half-open range of byte offsets.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the span's length in bytes.
func (s Span) Len() int { return s.End - s.Start }

// In returns the part of text that the span covers.
func (s Span) In(text string) string { return text[s.Start:s.End] }

// Contains reports whether t lies within s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }
