package position

import (
	"slices"
	"strings"

	"parley/corpus/lexicon"
	"parley/corpus/statement/claim"
	"parley/corpus/statement/sentence"
	"parley/corpus/statement/stance"
	"parley/corpus/words"
)

// marked is the stance of the first marker from token i on, and where it stands; -1 if
// there is none. Markers that say somebody's will count where own says that it is the
// speaker's.
func marked(s *sentence.Sentence, from int, own func(int) bool) (held stance.Stance, at int) {
	for i := from; i < len(s.Tokens); i++ {
		if s.Tokens[i].Party != nil || isMonth(s, i) {
			continue
		}
		for _, m := range stance.Phrases[s.Tokens[i].Fold] {
			if follows(s, i, m.Rest) && counts(s, i, m, own) {
				return turned(s, i, m, willed(s, i+len(m.Rest)+1, m)), i
			}
		}
	}
	return stance.None, -1
}

// counts reports whether a marker at token i takes a position where it stands.
func counts(s *sentence.Sentence, i int, m stance.Phrase, own func(int) bool) bool {
	switch {
	case m.Stance == stance.Demands && (opensCondition(s, i) || isAside(s, i)):
		return false
	case isIdle(s, i, m), m.Near && !judges(s, i+len(m.Rest)), m.Conditional && !hasCondition(s):
		return false
	}
	return !m.Personal || !s.Is(i-1, sentence.Determiners) && own(i)
}

// isAside reports whether the verb at token i is that of a clause which only asks
// ("whether they should join"), or says more of a noun ("the support it needs").
func isAside(s *sentence.Sentence, i int) bool {
	j, _ := s.Tense(i)
	for k := j; k > j-3 && k >= 0; k-- {
		if s.Word(k) == "whether" {
			return true
		}
	}
	return s.Is(i, lacks) && claim.Qualifies(s, j)
}

// willed is the stance of a marker before token i, where what somebody will do tells
// it: "will veto", "is ready to accept".
func willed(s *sentence.Sentence, i int, m stance.Phrase) stance.Stance {
	if m.Stance == stance.Opposes && isDenial(s, i-1) {
		return refused(s, i)
	}
	if !m.Personal || m.Stance != stance.Offers {
		return m.Stance
	}
	for s.Is(i, sentence.Adverbs) {
		i++
	}
	if w := s.Word(i); w == "not" || w == "never" {
		return refused(s, i+1)
	}
	for _, c := range stance.Verbs[s.Word(i)] {
		if c.Form == stance.Base && c.Stance == stance.Opposes && claim.Suits(s, i, c) {
			return stance.Opposes
		}
	}
	return stance.Offers
}

// isDenial reports whether token i ends a phrase that only says that somebody will not do
// what follows.
func isDenial(s *sentence.Sentence, i int) bool {
	switch s.Word(i) {
	case "not", "never", "wont":
		return true
	case "to":
		return s.Word(i-1) == "going"
	}
	return false
}

// refused is the stance of who will not do what the verb from token i on says: None
// where it says that they cannot, or of nothing that one could be against: "will not be
// able to join", "will not lift sanctions", "will not comment on the ceasefire". Who
// will not take a thing off the table is for it.
func refused(s *sentence.Sentence, i int) stance.Stance {
	for s.Is(i, sentence.Adverbs) {
		i++
	}
	if s.Is(i, undoings) || s.Is(i, clings) || s.Is(i, evasions) || s.Word(i) == "be" && !strings.HasSuffix(s.Word(i+1), "ing") {
		return stance.None
	}
	if strikes(s, i) {
		return stance.Supports
	}
	return stance.Opposes
}

// isIdle reports whether a marker is a turn of speech: "I will say", "we should note".
func isIdle(s *sentence.Sentence, i int, m stance.Phrase) bool {
	if m.Stance == stance.Demands && s.Word(i-1) == "i" {
		return true
	}
	end := i + len(m.Rest) + 1
	for s.Is(end, sentence.Adverbs) {
		end++
	}
	return s.Is(end, idleVerbs) && m.Stance != stance.Opposes && (m.Personal || s.IsFirstPerson(i-1))
}

// follows reports whether the words stand after token i.
func follows(s *sentence.Sentence, i int, words []string) bool {
	for _, w := range words {
		i++
		if s.Word(i) != w && (w != "*" || i >= len(s.Tokens)) {
			return false
		}
	}
	return true
}

// judges reports whether token i stands a few words before a topic, or just after it:
// "illegal annexation", "called the annexation illegal".
func judges(s *sentence.Sentence, i int) bool {
	return slices.ContainsFunc(s.Topics, func(m lexicon.Mention) bool {
		from, to := s.TokensOf(m)
		return !m.Weak && (from > i && from <= i+reach || to == i || to == i-1 && s.Is(i-1, sentence.BeForms))
	})
}

// strikes reports whether something is taken off the table after token i.
func strikes(s *sentence.Sentence, i int) bool {
	for ; i < len(s.Tokens); i++ {
		if s.Word(i) == "off" && follows(s, i, []string{"the", "table"}) {
			return true
		}
	}
	return false
}

// denied reports whether a negation stands before the verb at token i.
func denied(s *sentence.Sentence, i int) bool {
	_, t := s.Tense(i)
	return t.Negated
}

// isMonth reports whether token i is a month that is spelt like another word: "9 May".
func isMonth(s *sentence.Sentence, i int) bool {
	return i > 0 && s.Tokens[i].Upper && s.Is(i, sentence.Months)
}

// turned is the stance of the marker at token i with a negation just before it. Who denies
// a judgement does not judge the opposite: "it is not essential", "nobody should think".
func turned(s *sentence.Sentence, i int, m stance.Phrase, held stance.Stance) stance.Stance {
	for j := i - 1; j >= max(0, i-3) && s.Adjoins(j+1); j-- {
		if s.Is(j, sentence.Negations) {
			if !m.Personal {
				return stance.None
			}
			return opposite[held]
		}
	}
	return held
}

var (
	// idleVerbs follow "I will", "let me" and the like in turns of speech.
	idleVerbs = words.Set("say note mention go get see turn leave let talk discuss speak meet hear take start begin have point tell stop be highlight emphasize emphasise stress underscore argue add like refer describe")
	// clings are what is not done, beside undoing a thing, by who holds on to it.
	clings = words.Set("let hesitate rest relent back force pressure rule deny veto oppose object reject")
	// lacks are what somebody does whom a thing is for: "the support Ukraine needs".
	lacks = words.Set("need needs require requires want wants")
	// evasions are what somebody will not do who only keeps silent.
	evasions = words.Set("say tell read characterize characterise comment speculate sketch preview preempt prejudge detail describe go get")
	// opposite maps a stance to the one that its negation takes.
	opposite = map[stance.Stance]stance.Stance{stance.Supports: stance.Opposes, stance.Offers: stance.Opposes, stance.Demands: stance.Opposes, stance.Doubts: stance.Doubts, stance.Warns: stance.Warns, stance.Opposes: stance.None}
)
