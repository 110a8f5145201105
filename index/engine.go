package index

import (
	"cmp"
	"io"
	"slices"
	"time"

	"parley/corpus"
)

// Field names a searchable field of a passage.
type Field string

// The fields of a passage.
const (
	FieldText       Field = "text"  // the stems of the passage
	FieldTitle      Field = "title" // the stems of its document's title
	FieldActor      Field = "actor" // ids of the actors it names, and PersonTerm of their people
	FieldSpeaker    Field = "voice" // ids of the actors who say a sentence of it
	FieldTopic      Field = "topic" // ids of its topics
	FieldDate       Field = "date"  // its document's date of publication: DateTerms
	FieldSourceKind Field = "kind"  // SourceBrief, SourceDedicated

	FieldStatement Field = "statement" // StatementTerms of the passage
)

// The terms of FieldSourceKind: what kind of source a passage comes from.
const (
	SourceBrief     = "brief"     // a brief of facts in Parley's own words
	SourceDedicated = "dedicated" // a document so short that it is about one thing
)

// Clause asks for one term of one field.
type Clause struct {
	Field Field
	Term  string
	// Weight multiplies the clause's score: BM25 for FieldText and FieldTitle,
	// one for the others.
	Weight float64
	// Expansion marks a term that the question does not have itself. It is left out of
	// the search where it is too common to find a passage by.
	Expansion bool
}

// Candidate is a passage that the first stage found.
type Candidate struct {
	// Ref finds the passage again in the same snapshot. Another snapshot, or another build of
	// the same record, may have other refs: no order that is shown may depend on them.
	Ref uint64
	// Score is the weighted sum over the clauses.
	Score float64
}

// Engine is what answering needs of the search engine.
type Engine interface {
	// Snapshot is an unchanging view of the record; the caller closes it.
	Snapshot() (Snapshot, error)
}

// Batch is what changes in the record in one step. All of it is held in memory, at about
// 12 KB a passage: many documents are better put in batches of some hundred.
type Batch struct {
	Put      []corpus.Document // new ones, and new versions of those that there are
	Withdraw []string          // ids; of no document there is no error
	// State is where the record stands after it, in the words of whoever makes batches.
	State string
}

// Snapshot is one state of the record. It is safe for concurrent use.
type Snapshot interface {
	Vocabulary
	Searcher
	DatedPassages
	Catalogue
	io.Closer
}

// Dated is a passage with its document's date of publication.
type Dated struct {
	Ref  uint64
	Date corpus.PartialDate
}

// Publisher sums up the documents of one publisher.
type Publisher struct {
	Name      string             `json:"name"`
	Documents int                `json:"documents"`
	From      corpus.PartialDate `json:"from"` // of the oldest document with a date
	To        corpus.PartialDate `json:"to"`
}

// Near is a word of the record that is spelled almost like another.
type Near struct {
	Word  string
	Edits int
	// Passages is how many passages have it. Of words in more than a hundred fewer may be
	// counted, yet more for a more common one.
	Passages int
}

// Passage is a passage as the index holds it.
type Passage struct {
	corpus.Passage
	// Number is its place in its document, from 0; Of is how many passages the document has.
	Number, Of int
	Source     corpus.Source
	// Actors and Topics are the lexicon ids named in the passage or declared for its document.
	Actors, Topics []string
	// Mentions are the places in the text that name an actor, in order.
	Mentions []Mention
	// Attributions are of the sentences with a recognised speaker, and of the one that tells of
	// an event.
	Attributions []Attribution
	// SourceKinds are the terms of FieldSourceKind.
	SourceKinds []string
}

// Speakers returns the ids of the actors who say a sentence of the passage.
func (p *Passage) Speakers() (ids []string) {
	for _, s := range p.Attributions {
		for _, id := range s.Actors {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Attribution tells who says a sentence of a passage, and which position it takes.
type Attribution struct {
	Sentence int      // index into Passage.Sentences
	Actors   []string // ids
	Speaker  string   // as the text names him, her or it
	Direct   bool     // the words are the speaker's own, not a report of them
	// Topics are the ids of the topics on which the sentence takes a position, and Stance is
	// the kind of position: "demands", or "says" for one without a word of position. Both are
	// empty where it takes none. A sentence of which the Stance is StanceEvent tells of an
	// event on these topics, and nobody says it.
	Topics []string
	Stance string
}

// Mention is a place in a passage that names an actor.
type Mention struct {
	corpus.Span
	Actor  string // id
	Person string // canonical name of the person meant, or empty
}

// PersonTerm is the term of FieldActor for the passages that name a person.
func PersonTerm(person string) string { return "person:" + person }

// DateTerms are the terms of FieldDate for a date: its month and its day, as far as known.
func DateTerms(d corpus.PartialDate) (terms []string) {
	if d.Precision() >= corpus.Month {
		terms = append(terms, d.Start().Format("2006-01"))
	}
	if d.Precision() >= corpus.Day {
		terms = append(terms, d.Start().Format(time.DateOnly))
	}
	return terms
}

// StanceEvent stands in the place of a stance where nobody takes a position.
const StanceEvent = "event"

// anything stands in a StatementTerm for what is not asked for.
const anything = "*"

// StatementTerm is the term of FieldStatement for the passages with a statement by an
// actor on a topic of a stance; what is empty may be anything, though no event.
func StatementTerm(actor, topic, stance string) string {
	return cmp.Or(actor, anything) + "/" + cmp.Or(topic, anything) + "/" + cmp.Or(stance, anything)
}

// StatementTerms are the terms of FieldStatement of a passage: for each of its statements
// those for all that may be asked of it.
func StatementTerms(p *Passage) (terms []string) {
	seen := map[string]bool{}
	add := func(actors, topics, stances []string) {
		for _, a := range append([]string{""}, actors...) {
			for _, t := range append([]string{""}, topics...) {
				for _, s := range stances {
					if term := StatementTerm(a, t, s); !seen[term] {
						seen[term] = true
						terms = append(terms, term)
					}
				}
			}
		}
	}
	for _, s := range p.Attributions {
		switch {
		case s.TakesPosition():
			add(s.Actors, s.Topics, []string{"", s.Stance})
		case s.Stance == StanceEvent:
			add(p.Actors, s.Topics, []string{StanceEvent})
		}
	}
	return terms
}

// TakesPosition reports whether the sentence is a statement, and not an event or only quoted.
func (s Attribution) TakesPosition() bool { return len(s.Topics) > 0 && s.Stance != StanceEvent }
