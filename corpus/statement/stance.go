package statement

import (
	"slices"
	"strings"

	"parley/corpus/lexicon"
)

// Stance is the kind of position that a statement takes.
type Stance uint8

// Kinds of stance; None where the words of the sentence do not tell.
const (
	None Stance = iota
	Demands
	Supports
	Opposes
	Offers
	Doubts
	Warns
)

var stanceNames = [...]string{"says", "demands", "supports", "opposes", "offers", "doubts", "warns"}

var stances = func() map[string]Stance {
	m := map[string]Stance{}
	for i, n := range stanceNames {
		m[n] = Stance(i)
	}
	return m
}()

// String is the stance in a word: "demands"; "says" for None.
func (s Stance) String() string { return stanceNames[s] }

// Stances are the words for all kinds of stance; "says" is the last.
func Stances() []string { return append(slices.Clone(stanceNames[1:]), stanceNames[None]) }

// MarshalText writes String.
func (s Stance) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// marked is the stance of the first marker from unit i on, and where it stands; -1 if
// there is none. Markers that say somebody's will count where own says that it is the
// speaker's.
func (s *sentence) marked(from int, own func(int) bool) (stance Stance, at int) {
	for i := from; i < len(s.units); i++ {
		if s.units[i].party != nil || s.isMonth(i) {
			continue
		}
		for _, m := range markers[s.units[i].fold] {
			if s.follows(i, m.rest) && s.counts(i, m, own) {
				return s.turned(i, m, s.willed(i+len(m.rest)+1, m)), i
			}
		}
	}
	return None, -1
}

// counts reports whether a marker at unit i takes a position where it stands.
func (s *sentence) counts(i int, m marker, own func(int) bool) bool {
	switch {
	case m.stance == Demands && (s.opensCondition(i) || s.isAside(i)):
		return false
	case s.isIdle(i, m), m.near && !s.judges(i+len(m.rest)), m.conditional && !s.hasCondition():
		return false
	}
	return !m.personal || !s.is(i-1, determiners) && own(i)
}

// isAside reports whether the verb at unit i is that of a clause which only asks
// ("whether they should join"), or says more of a noun ("the support it needs").
func (s *sentence) isAside(i int) bool {
	j, _ := s.tense(i)
	for k := j; k > j-3 && k >= 0; k-- {
		if s.word(k) == "whether" {
			return true
		}
	}
	return s.is(i, lacks) && s.qualifies(j)
}

// willed is the stance of a marker before unit i, where what somebody will do tells
// it: "will veto", "is ready to accept".
func (s *sentence) willed(i int, m marker) Stance {
	if m.stance == Opposes && s.isDenial(i-1) {
		return s.refused(i)
	}
	if !m.personal || m.stance != Offers {
		return m.stance
	}
	for s.is(i, adverbs) {
		i++
	}
	if w := s.word(i); w == "not" || w == "never" {
		return s.refused(i + 1)
	}
	for _, c := range cues[s.word(i)] {
		if c.form == base && c.stance == Opposes && s.suits(i, c) {
			return Opposes
		}
	}
	return Offers
}

// isDenial reports whether unit i ends a phrase that only says that somebody will not do
// what follows.
func (s *sentence) isDenial(i int) bool {
	switch s.word(i) {
	case "not", "never", "wont":
		return true
	case "to":
		return s.word(i-1) == "going"
	}
	return false
}

// refused is the stance of who will not do what the verb from unit i on says: None
// where it says that they cannot, or of nothing that one could be against: "will not be
// able to join", "will not lift sanctions", "will not comment on the ceasefire". Who
// will not take a thing off the table is for it.
func (s *sentence) refused(i int) Stance {
	for s.is(i, adverbs) {
		i++
	}
	if s.is(i, undoings) || s.is(i, clings) || s.is(i, evasions) || s.word(i) == "be" && !strings.HasSuffix(s.word(i+1), "ing") {
		return None
	}
	if s.strikes(i) {
		return Supports
	}
	return Opposes
}

// isIdle reports whether a marker is a turn of speech: "I will say", "we should note".
func (s *sentence) isIdle(i int, m marker) bool {
	if m.stance == Demands && s.word(i-1) == "i" {
		return true
	}
	end := i + len(m.rest) + 1
	for s.is(end, adverbs) {
		end++
	}
	return s.is(end, idleVerbs) && m.stance != Opposes && (m.personal || s.isFirst(i-1))
}

// follows reports whether the words stand after unit i.
func (s *sentence) follows(i int, words []string) bool {
	for _, w := range words {
		i++
		if s.word(i) != w && (w != "*" || i >= len(s.units)) {
			return false
		}
	}
	return true
}

// judges reports whether unit i stands a few words before a topic, or just after it:
// "illegal annexation", "called the annexation illegal".
func (s *sentence) judges(i int) bool {
	return slices.ContainsFunc(s.subjects, func(m lexicon.Mention) bool {
		from, to := s.unitsOf(m)
		return !m.Weak && (from > i && from <= i+reach || to == i || to == i-1 && s.is(i-1, bes))
	})
}

// strikes reports whether something is taken off the table after unit i.
func (s *sentence) strikes(i int) bool {
	for ; i < len(s.units); i++ {
		if s.word(i) == "off" && s.follows(i, []string{"the", "table"}) {
			return true
		}
	}
	return false
}

// denied reports whether a negation stands before the verb at unit i.
func (s *sentence) denied(i int) bool {
	_, t := s.tense(i)
	return t.negated
}

// isMonth reports whether unit i is a month that is spelt like another word: "9 May".
func (s *sentence) isMonth(i int) bool { return i > 0 && s.units[i].upper && s.is(i, months) }

// turned is the stance of the marker at unit i with a negation just before it. Who denies
// a judgement does not judge the opposite: "it is not essential", "nobody should think".
func (s *sentence) turned(i int, m marker, stance Stance) Stance {
	for j := i - 1; j >= max(0, i-3) && s.plain(j+1); j-- {
		if s.is(j, negations) {
			if !m.personal {
				return None
			}
			return opposite[stance]
		}
	}
	return stance
}
