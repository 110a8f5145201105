package statement

import (
	"slices"

	"parley/corpus/lexicon"
)

// relevance is what the names in a stretch of text say about whether it is about the
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
func (r *reader) relevance(mentions []lexicon.Mention, speaking []string) relevance {
	side := r.isSide(speaking)
	out := unknown
	if side && !slices.Contains(speaking, r.home) {
		out = relevant
	}
	for _, m := range mentions {
		switch {
		case m.ID == r.home || slices.Contains(speaking, m.ID):
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
func (r *reader) isSide(actors []string) bool {
	return slices.ContainsFunc(actors, func(a string) bool { return r.sides[a] })
}

// isRelevant follows the relevance through a paragraph, or a turn of a transcript;
// where nothing is named the sentences before decide, then the title.
func (r *reader) isRelevant(s *sentence, speaking []string) bool {
	if r.doc.IsBrief() {
		return true
	}
	now := r.relevance(within(r.mentions, s.Span), speaking)
	switch {
	case now == elsewhere && r.home == "" && r.titleRelevant && r.isSide(speaking):
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
func (r *reader) goesOn() bool {
	return r.about == relevant || r.about == unknown && r.titleRelevant
}

// namesPlace reports whether the sentence names a place, or what is named after one,
// that is a subject of the talks: "Crimea", "the Minsk agreements".
func (r *reader) namesPlace(s *sentence) bool {
	name := func(u unit) bool { return u.upper && u.party == nil && u.Start > s.Start }
	return slices.ContainsFunc(s.units, name) && slices.ContainsFunc(r.subjects(s), func(m lexicon.Mention) bool {
		return !m.Weak && (r.isPlace(m, s) || r.isNamed(m, s))
	})
}

// isAbroad reports whether the sentence says where, by a name that the lexicon does
// not know: "the ceasefire in Libya".
func (r *reader) isAbroad(s *sentence) bool {
	for i := 1; i < len(s.units); i++ {
		u := s.units[i]
		if u.party == nil && u.upper && s.word(i-1) == "in" && !months[u.fold] && len(r.lexicon.Find(u.In(s.text))) == 0 {
			return true
		}
	}
	return false
}
