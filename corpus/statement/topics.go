package statement

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/words"
)

// topics are the mentions of the subjects of what is said in a sentence, not of when and where it
// is said or happened: with a claim only the words from its verb on count, and places
// are only hints in what is reported or told. Of what is told, meetings are hints too.
func (r *reader) topics(s *sentence, claims []claim, told bool) []lexicon.Mention {
	places := told || len(claims) > 0
	return r.established(s, r.meant(s, s.said(claims)), func(m lexicon.Mention) bool {
		return places && r.isPlace(m, s) || told && isMeeting(m, s)
	})
}

// concerns are the topics of a sentence whether or not it takes a position. Where
// something happened is none of them; of a battle, ground only says that.
func (r *reader) concerns(s *sentence) []string {
	battle := s.tellsOfBattle(0) || s.tellsOfControl()
	mentions := slices.DeleteFunc(r.meant(s, s.Span), func(m lexicon.Mention) bool {
		place := r.isPlace(m, s)
		return place && r.isLocation(m, s) || battle && (m.Weak || place || isGround(m, s))
	})
	mentions = r.established(s, mentions, func(m lexicon.Mention) bool {
		named := m.In(s.text)
		return r.isPlace(m, s) || r.isProper(m) && strings.Contains(named, " ") || held[words.Fold(lastWord(named))]
	})
	return lexicon.IDs(lexicon.KindTopic, mentions)
}

// telling are the mentions of topics by which a sentence names them: the weak ones only
// where there is no other.
func telling(mentions []lexicon.Mention, topics []string) []lexicon.Mention {
	strong := map[string]bool{}
	for _, m := range mentions {
		strong[m.ID] = strong[m.ID] || !m.Weak
	}
	return slices.DeleteFunc(slices.Clone(mentions), func(m lexicon.Mention) bool {
		return !slices.Contains(topics, m.ID) || m.Weak && strong[m.ID]
	})
}

// tellsOfControl reports whether somebody took or has control of something.
func (s *sentence) tellsOfControl() bool {
	return slices.ContainsFunc(s.units, func(u unit) bool { return u.party == nil && u.fold == "control" }) &&
		slices.ContainsFunc(s.units, func(u unit) bool { return u.party == nil && takings[u.fold] })
}

// said is the span of what a sentence says, without who says it.
func (s *sentence) said(claims []claim) corpus.Span {
	span := s.Span
	if len(claims) > 0 && !claims[0].wraps && claims[0].from <= claims[0].at {
		span.Start = s.units[claims[0].at].Start
		if that, ok := s.complement(claims[0].at); ok {
			span.Start = that
		}
	}
	return span
}

// meant are the mentions of topics in a span that are neither circumstances nor parts of names.
func (r *reader) meant(s *sentence, span corpus.Span) []lexicon.Mention {
	return slices.DeleteFunc(slices.Clone(within(r.subjects(s), span)), func(m lexicon.Mention) bool {
		return isCircumstance(s.before(m.Start)) || isNamePart(m, s)
	})
}

// established are the mentions that are more than hints of a topic: weak words, locations,
// and those that are a hint in this kind of sentence. A place or meeting that is named
// makes another hint enough.
func (r *reader) established(s *sentence, mentions []lexicon.Mention, hint func(lexicon.Mention) bool) []lexicon.Mention {
	hinted := map[string]bool{}
	for i, m := range mentions {
		switch {
		case m.Weak && r.isPlace(m, s):
			mentions[i].Name = "" // many places are one hint
		case !m.Weak && (hint(m) || r.isLocation(m, s)):
			mentions[i].Weak, mentions[i].Name, hinted[m.ID] = true, "", true
		}
	}
	return slices.DeleteFunc(mentions, func(m lexicon.Mention) bool {
		return m.Weak && !hinted[m.ID] && !r.doc.IsBrief()
	})
}

// subjects are the mentions of topics in a sentence.
func (r *reader) subjects(s *sentence) []lexicon.Mention {
	if s.subjects == nil {
		s.subjects = []lexicon.Mention{}
		for _, m := range r.lexicon.Find(s.In(s.text), lexicon.Only(lexicon.KindTopic)) {
			m.Start, m.End = m.Start+s.Start, m.End+s.Start
			s.subjects = append(s.subjects, m)
		}
	}
	return s.subjects
}

// before is the text of the sentence before an offset.
func (s *sentence) before(offset int) string { return s.text[s.Start:offset] }

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
// "after a ceasefire", but not "only after a ceasefire".
func isCircumstance(before string) bool {
	if i := strings.LastIndexAny(before, ".,;:"); i >= 0 {
		before = before[i:]
	}
	last := lastWords(before)
	for i := len(last) - 1; i >= 0; i-- {
		if circumstances[last[i]] {
			return i == 0 || last[i-1] != "only"
		}
		if !articles[last[i]] {
			return false
		}
	}
	return false
}

// lastWords are the last three folded words of a text, the last one last.
func lastWords(text string) (last [3]string) {
	for w := range words.All(text[max(0, len(text)-40):]) {
		last[0], last[1], last[2] = last[1], last[2], w.Fold
	}
	return last
}

// isPlace reports whether a topic is mentioned only by the name of a place or body.
func (r *reader) isPlace(m lexicon.Mention, s *sentence) bool {
	return m.Start > s.Start && r.isProper(m) && !strings.ContainsAny(m.Name, "0123456789")
}

// isNamed reports whether a mention starts with a proper name that is no actor's.
func (r *reader) isNamed(m lexicon.Mention, s *sentence) bool {
	first, rest, _ := strings.Cut(m.In(r.doc.Text), " ")
	return m.Start > s.Start && rest != "" && startsUpper(m.Name) && startsUpper(first) &&
		!strings.ContainsAny(m.Name, "0123456789") && len(within(r.mentions, m.Span)) == 0
}

// isProper reports whether the words of a mention are a proper name, and not the
// topic's label.
func (r *reader) isProper(m lexicon.Mention) bool {
	if !allCapitals(m.Name) || !allCapitals(m.In(r.doc.Text)) {
		return false
	}
	t, _ := r.lexicon.Topic(m.ID)
	return t.Label != m.Name
}

// isLocation reports whether a topic's word only says where something is: "in
// Crimea", "Crimea's harvest", "in occupied areas", "on Polish territory".
func (r *reader) isLocation(m lexicon.Mention, s *sentence) bool {
	written := strings.TrimSpace(s.before(m.Start))
	before := lastWords(written)
	inside := locatives[before[2]] || (articles[before[2]] || passing[before[2]]) && locatives[before[1]]
	switch {
	case extents[words.Fold(m.In(s.text))]: // always: it takes another word to say what becomes of a territory
		return true
	case held[words.Fold(lastWord(m.In(s.text)))]:
		return inside
	}
	return r.isProper(m) && (inside || isOwner(m.In(s.text)))
}

// isNamePart reports whether a word is written with a capital that it has only as a
// part of a name: "Krasnoyarsk Territory".
func isNamePart(m lexicon.Mention, s *sentence) bool {
	lower := m.Weak && !startsUpper(m.Name) || extents[words.Fold(m.In(s.text))]
	return lower && m.Start > s.Start && startsUpper(m.In(s.text))
}

// isGround reports whether a topic's words are those for ground that somebody holds:
// "Russian-occupied territory", "the front line".
func isGround(m lexicon.Mention, s *sentence) bool {
	for w := range words.All(m.In(s.text)) {
		if held[w.Fold] || extents[w.Fold] || grounds[w.Fold] {
			return true
		}
	}
	return false
}

// isMeeting reports whether a topic's word is only what people meet in.
func isMeeting(m lexicon.Mention, s *sentence) bool {
	return meetings[words.Fold(lastWord(m.In(s.text)))]
}

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
