package topic

import (
	"slices"

	"parley/corpus/lexicon"
	"parley/corpus/statement/genre"
	"parley/corpus/statement/sentence"
)

// Reader finds the topics of the sentences of a document, and which of them are about
// the talks.
type Reader struct {
	*genre.Document
	mentions      []lexicon.Mention // of actors
	sides, mains  map[string]bool
	about         relevance
	aboutAge      int // sentences ago
	titleRelevant bool
}

// NewReader makes a reader of a document in which the mentions of actors were found.
func NewReader(d *genre.Document, mentions []lexicon.Mention, sides, mains map[string]bool) *Reader {
	r := &Reader{Document: d, mentions: mentions, sides: sides, mains: mains}
	r.titleRelevant = r.relevance(r.Find(r.Title), []string{r.PublisherActor}) == relevant
	return r
}

// StartSubject forgets what the sentences before were about.
func (r *Reader) StartSubject() { r.about = unknown }

// relevance tells, by the names in a stretch of text, whether it is about the
// talks that the lexicon is of.
type relevance uint8

const (
	unknown relevance = iota
	relevant
	elsewhere // about others
)

// remembered is for how many sentences that name nobody it lasts.
const remembered = 6

// relevance reads the actors named beside the one who speaks: a side of the conflict
// makes it relevant, and an actor that is none of the main ones takes it elsewhere.
// Other main actors may be spoken of for any reason, unless a side does it; and what
// a side says in the document of another is about the conflict.
func (r *Reader) relevance(mentions []lexicon.Mention, speaking []string) relevance {
	side := r.isSide(speaking)
	out := unknown
	if side && !slices.Contains(speaking, r.PublisherActor) {
		out = relevant
	}
	for _, m := range mentions {
		switch {
		case m.ID == r.PublisherActor || slices.Contains(speaking, m.ID):
		case r.sides[m.ID]:
			return relevant
		case m.Form == lexicon.FormMetonym && m.Weak && r.titleRelevant: // where it was held
		case !r.mains[m.ID]:
			out = elsewhere
		case side && out == unknown:
			out = relevant
		}
	}
	return out
}

// isSide reports whether one of the actors is a side of the conflict.
func (r *Reader) isSide(actors []string) bool {
	return slices.ContainsFunc(actors, func(a string) bool { return r.sides[a] })
}

// IsRelevant follows the relevance through a paragraph, or a turn of a transcript;
// where nothing is named the sentences before decide, then the title.
func (r *Reader) IsRelevant(s *sentence.Sentence, speaking []string) bool {
	if r.IsBrief() {
		return true
	}
	now := r.relevance(sentence.MentionsIn(r.mentions, s.Span), speaking)
	switch {
	case now == elsewhere && r.PublisherActor == "" && r.titleRelevant && r.isSide(speaking):
		now = relevant // it names where it is said
	case now == unknown && r.isAbroad(s):
		now = elsewhere
	case now == elsewhere || now == unknown && !r.goesOn():
		if r.namesPlace(s) {
			now = relevant
		}
	}
	if now != unknown {
		r.about, r.aboutAge = now, 0
	} else if r.aboutAge++; r.aboutAge > remembered {
		r.about = unknown
	}
	return r.goesOn()
}

// goesOn reports whether a sentence that names nobody is taken to be relevant, for what
// was said before it or the title.
func (r *Reader) goesOn() bool {
	return r.about == relevant || r.about == unknown && r.titleRelevant
}

// namesPlace reports whether the sentence names a place, or what is named after one,
// that is a subject of the talks: "Crimea", "the Minsk agreements".
func (r *Reader) namesPlace(s *sentence.Sentence) bool {
	name := func(u sentence.Token) bool { return u.Upper && u.Party == nil && u.Start > s.Start }
	return slices.ContainsFunc(s.Tokens, name) && slices.ContainsFunc(r.Mentions(s), func(m lexicon.Mention) bool {
		return !m.Weak && (r.isPlace(m, s) || r.isNamed(m, s))
	})
}

// isAbroad reports whether the sentence says where, by a name that the lexicon does
// not know: "the ceasefire in Libya".
func (r *Reader) isAbroad(s *sentence.Sentence) bool {
	for i := 1; i < len(s.Tokens); i++ {
		u := s.Tokens[i]
		if u.Party == nil && u.Upper && s.Word(i-1) == "in" && !sentence.Months[u.Fold] && len(r.Lexicon.Find(u.In(s.Text))) == 0 {
			return true
		}
	}
	return false
}
