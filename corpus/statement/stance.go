package statement

import "slices"

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
		if s.units[i].party != nil {
			continue
		}
		for _, m := range markers[s.units[i].fold] {
			if s.follows(i, m.rest) && !s.isIdle(i, m) && (!m.personal || !s.is(i-1, determiners) && own(i)) && (!m.conditional || s.hasCondition()) {
				return s.turned(i, s.willed(i+len(m.rest)+1, m)), i
			}
		}
	}
	return None, -1
}

// hasCondition reports whether the sentence sets one.
func (s *sentence) hasCondition() bool {
	for i := range s.units {
		if s.is(i, conditions) {
			return true
		}
	}
	return false
}

// willed is the stance of a marker before unit i, where what somebody will do tells
// it: "will veto", "is ready to accept".
func (s *sentence) willed(i int, m marker) Stance {
	if !m.personal || m.stance != Offers {
		return m.stance
	}
	for s.is(i, adverbs) {
		i++
	}
	if w := s.word(i); w == "not" || w == "never" {
		return Opposes
	}
	for _, c := range cues[s.word(i)] {
		if c.form == base && c.stance == Opposes && s.suits(i, c) {
			return Opposes
		}
	}
	return Offers
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

// turned is the stance of the marker at unit i with a negation just before it.
func (s *sentence) turned(i int, stance Stance) Stance {
	for j := i - 1; j >= max(0, i-3) && s.plain(j+1); j-- {
		if s.is(j, negations) {
			return opposite[stance]
		}
	}
	return stance
}
