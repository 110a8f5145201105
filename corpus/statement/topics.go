package statement

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/words"
)

// topics are the subjects of what is said in a sentence, not of when and where it
// is said: with a claim only the words after its verb count.
func (r *reader) topics(s *sentence, claims []claim) []string {
	span := s.Span
	if len(claims) > 0 && !claims[0].wraps && claims[0].from <= claims[0].at {
		span.Start = s.units[claims[0].at].End
		if that, ok := s.complement(claims[0].at); ok {
			span.Start = that
		}
	}
	text := span.In(s.text)
	var kept []lexicon.Mention
	hinted := map[string]bool{} // topics of which only a place is named: another hint will do
	mentions := r.lexicon.Find(text, lexicon.Only(lexicon.KindTopic))
	for i, m := range mentions {
		if !m.Weak && (isPlace(m, text) && len(claims) > 0 || isLocation(m, text)) {
			mentions[i].Weak, mentions[i].Name, hinted[m.ID] = true, "", true
		}
	}
	for _, m := range mentions {
		if (!m.Weak || hinted[m.ID] || r.doc.IsBrief()) && !isCircumstance(text[:m.Start]) {
			kept = append(kept, m)
		}
	}
	return lexicon.IDs(lexicon.KindTopic, kept)
}

// complement is where the clause starts that a verb of saying has after an
// adverbial: "said after the meeting that …".
func (s *sentence) complement(at int) (start int, ok bool) {
	if !s.is(at+1, prepositions) {
		return 0, false
	}
	for i := at + 2; i < min(at+10, len(s.units)); i++ {
		if s.word(i) == "that" {
			return s.units[i].End, true
		}
	}
	return 0, false
}

// isCircumstance reports whether what follows is only the time of something else:
// "after a ceasefire".
func isCircumstance(before string) bool {
	if i := strings.LastIndexAny(before, ".,;:"); i >= 0 {
		before = before[i:]
	}
	last := lastWords(before)
	return circumstances[last[2]] || articles[last[2]] && circumstances[last[1]] || articles[last[1]] && circumstances[last[0]]
}

// lastWords are the last three folded words of a text, the last one last.
func lastWords(text string) (last [3]string) {
	for w := range words.All(text[max(0, len(text)-40):]) {
		last[0], last[1], last[2] = last[1], last[2], w.Fold
	}
	return last
}

var circumstances = setOf("after following once before until during")

// isPlace reports whether a topic is mentioned only by the name of a place or body.
func isPlace(m lexicon.Mention, text string) bool {
	return allCapitals(m.Name) && allCapitals(m.In(text)) && m.Start > 0 && !strings.ContainsAny(m.Name, "0123456789")
}

// isLocation reports whether a topic's word only says where something is: "in
// Crimea", "on Polish territory".
func isLocation(m lexicon.Mention, text string) bool {
	before := lastWords(text[:m.Start])[2]
	if strings.HasPrefix(words.Fold(m.In(text)), "territor") && !strings.ContainsAny(m.In(text), " ") && !strings.HasSuffix(m.Name, "al") {
		return before == "" || possessives[before] || strings.HasSuffix(strings.TrimSpace(text[:m.Start]), "’s") || startsUpper(lastWord(strings.TrimSpace(text[:m.Start])))
	}
	return allCapitals(m.Name) && locatives[before]
}

var (
	possessives = setOf("its their his her our your my own current")
	locatives   = setOf("in at near over from around across outside inside into")
)

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// allCapitals reports whether every word starts with a capital, but for the
// kinds of place.
func allCapitals(s string) bool {
	for w := range words.All(s) {
		if !startsUpper(w.Text) && !placeKinds[w.Fold] {
			return false
		}
	}
	return true
}

var placeKinds = setOf("region oblast province city republic republics")

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
func (r *reader) isRelevant(span corpus.Span, speaking []string) bool {
	if r.doc.IsBrief() {
		return true
	}
	now := r.relevance(r.mentionsIn(span), speaking)
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
