package statement

import "parley/corpus/lexicon"

// relevance is what the names in a stretch of text say about whether it is about the
// talks that the lexicon is of.
type relevance uint8

const (
	unknown relevance = iota
	relevant
	elsewhere // only actors that are not parties to compare
)

// relevance reads a sentence: relevant where it names a main actor other than the
// one who speaks, elsewhere where it names only other actors.
func (r *reader) relevance(mentions []lexicon.Mention, speaking []string) relevance {
	out := unknown
	for _, m := range mentions {
		if m.ID == r.home || len(speaking) == 1 && speaking[0] == m.ID {
			continue
		}
		if r.mains[m.ID] {
			return relevant
		}
		out = elsewhere
	}
	return out
}

// isRelevant follows the relevance through a paragraph, or a turn of a transcript;
// where nothing is named the sentences before decide, then the title.
func (r *reader) isRelevant(s *sentence, speaking []string) bool {
	if r.doc.IsBrief() {
		return true
	}
	now := r.relevance(r.mentionsIn(s.Span), speaking)
	if now == unknown && r.isAbroad(s) {
		now = elsewhere
	}
	if now != unknown {
		r.about, r.aboutAge = now, 0
	} else if r.aboutAge++; r.aboutAge > 3 {
		r.about = unknown
	}
	if r.about != unknown {
		return r.about == relevant
	}
	return r.titleRelevant
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
