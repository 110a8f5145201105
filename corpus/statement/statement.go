// Package statement reads who says what: for every sentence of a document, the actors whose
// words or position it is; and of those sentences the statements, in which an actor takes a
// position on a topic.
//
// It reads by rules over words and the lexicon's names, without a parser and without a model.
// Its grammar is English. Where the rules are not sure of the speaker there is none: a sentence
// without an attribution is a loss, a wrong one is a lie. It does no I/O, keeps no state between
// documents, and judges neither truth nor importance.
//
// A document that several actors issue is the word of all whom its title names. Of what a group
// of states says, like the G7, only the member that publishes it is certain to say it. What a
// report of a conversation attributes to nobody ("it was noted that") is the word of those who
// held it.
//
// A stance is towards what the sentence says of its topics, not towards the topics: whoever
// demands an end to sanctions demands something on sanctions. It must hold for all of them;
// where one of them is a condition, is to be ended, or belongs to a second verb, there is none.
//
// It does not read speakers named only in another paragraph, those who speak for a party that
// the lexicon does not know, irony, or topics that a sentence only points to ("we will never
// agree to that"). It takes a sentence for one about this conflict only where the sentence,
// those before it or the title name a side of the conflict.
//
// The work is done below: genre tells whose document it is, sentence cuts it into words and
// names, claim finds who says something, topic what it is about, position what they want.
// docs/measurements.md has the figures.
package statement

import (
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/statement/stance"
)

// Attribution is a sentence with those who say it.
type Attribution struct {
	// Span is the sentence, in the document's text.
	corpus.Span
	// Actors are the lexicon ids of those whose words or position it is, in the order
	// of the text; empty where that is not certain.
	Actors []string
	// Speaker is the document's name for who says it ("Dmitry Peskov", "the Kremlin",
	// "THE PRESIDENT"), verbatim; the publisher where a document speaks for itself.
	Speaker string
	// Direct: the words are the speaker's own, not a report of them.
	Direct bool
}

// Extractor reads documents with one lexicon. It is safe for concurrent use.
type Extractor struct {
	lexicon *lexicon.Lexicon
	mains   map[string]bool // the lexicon's main actors
	sides   map[string]bool // the sides of its conflict; its main actors where it names none
}

// New is an extractor that knows the actors and topics of lex.
func New(lex *lexicon.Lexicon) *Extractor {
	e := &Extractor{lexicon: lex, mains: map[string]bool{}, sides: map[string]bool{}}
	for _, a := range lex.Actors() {
		e.mains[a.ID] = a.Main
	}
	for _, id := range lex.Sides() {
		e.sides[id] = true
	}
	if len(e.sides) == 0 {
		e.sides = e.mains
	}
	return e
}

// Mentions are the names in a document that its sentences are read with.
func (e *Extractor) Mentions(doc corpus.Document) []lexicon.Mention {
	return e.lexicon.Find(doc.Text, lexicon.At(doc.Published))
}

// Attribute says for each sentence of doc who says it. The result has the length
// and order of sentences, which are spans of the document in order.
func (e *Extractor) Attribute(doc corpus.Document, sentences []corpus.Span) []Attribution {
	readings := e.newReader(doc, e.Mentions(doc), readingSpeakers).read(sentences)
	out := make([]Attribution, len(readings))
	for i, r := range readings {
		out[i] = r.Attribution
	}
	return out
}

// Statement is a sentence in which actors take a position on topics.
type Statement struct {
	Attribution
	// Topics are lexicon ids, at least one.
	Topics []string
	Stance stance.Stance
}

// About says for each sentence of doc which topics it is about, whether or not somebody
// takes a position on them: lexicon ids, none where only a place, a date or another
// conflict is named. "Ukraine and Russia exchange prisoners" is about prisoners, but
// "Russian forces take a village in Donetsk Oblast" not about territory. The result has
// the length and order of sentences, which are spans of the document in order; mentions
// are what Mentions gives.
func (e *Extractor) About(doc corpus.Document, mentions []lexicon.Mention, sentences []corpus.Span) [][]string {
	readings := e.newReader(doc, mentions, readingTopics).read(sentences)
	out := make([][]string, len(readings))
	for i, r := range readings {
		out[i] = r.topics
	}
	return out
}

// Read says for each sentence of doc who says it, as Attribute does, and gives those in
// which a known actor takes a position on a topic that the lexicon knows; mentions are
// what Mentions gives.
func (e *Extractor) Read(doc corpus.Document, mentions []lexicon.Mention, sentences []corpus.Span) (said []Attribution, statements []Statement) {
	for _, r := range e.newReader(doc, mentions, readingPositions).read(sentences) {
		said = append(said, r.Attribution)
		if len(r.Actors) > 0 && len(r.topics) > 0 {
			statements = append(statements, Statement{Attribution: r.Attribution, Topics: r.topics, Stance: r.stance})
		}
	}
	return said, statements
}
