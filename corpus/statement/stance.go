package statement

import (
	"slices"
	"strings"
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

// reported reads the position in the words of a claim: the verb tells it, or else
// what is said. Who only tells of fighting takes none.
func (r *reader) reported(s *sentence, c claim) (stance Stance, taken bool) {
	stance = c.cue.stance
	if c.negated {
		stance = c.cue.denied
	}
	if stance != None {
		return stance, true
	}
	from := c.at + 1
	if c.wraps {
		from = 0
	}
	stance, taken = s.marked(from, func(i int) bool { return !s.anothers(i, c.actors()) })
	return stance, taken || !s.tellsOfBattle(from)
}

// spoken reads the position in a sentence that is the speaker's own words.
func (r *reader) spoken(s *sentence) (stance Stance, taken bool) {
	if strings.HasSuffix(strings.TrimRight(s.In(s.text), "”\")*_ "), "?") {
		return None, false
	}
	if c := r.claims(s); len(c) > 0 && !isOwn(c[0].actors(), r.speaking) {
		return None, false
	}
	return s.marked(0, func(i int) bool { return r.ownSubject(s, i) })
}

// isOwn reports whether the actors of a claim are among those who speak.
func isOwn(claimed, speaking []string) bool {
	return slices.ContainsFunc(claimed, func(a string) bool { return slices.Contains(speaking, a) })
}

// tellsOfBattle reports whether the words from a unit on are about fighting.
func (s *sentence) tellsOfBattle(from int) bool {
	for i := from; i < len(s.units); i++ {
		if s.is(i, battle) {
			return true
		}
	}
	return false
}

// marked is the stance of the first marker from unit i on. Markers that say
// somebody's will count where own says that it is the speaker's.
func (s *sentence) marked(from int, own func(int) bool) (stance Stance, ok bool) {
	for i := from; i < len(s.units); i++ {
		if s.units[i].party != nil {
			continue
		}
		for _, m := range markers[s.units[i].fold] {
			if s.follows(i, m.rest) && !s.isIdle(i, m) && (!m.personal || own(i)) {
				return s.turned(i, m.stance), true
			}
		}
	}
	return None, false
}

// isIdle reports whether a marker is a turn of speech: "I will say", "I should note".
func (s *sentence) isIdle(i int, m marker) bool {
	end := i + len(m.rest) + 1
	for s.is(end, adverbs) {
		end++
	}
	return s.is(end, idleVerbs) || m.stance == Demands && s.word(i-1) == "i"
}

// follows reports whether the words stand after unit i.
func (s *sentence) follows(i int, words []string) bool {
	for _, w := range words {
		i++
		if s.word(i) != w {
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

// anothers reports whether the verb at unit i has a party for its subject that is none
// of the speakers: "Washington said that Russia was willing".
func (s *sentence) anothers(i int, speakers []string) bool {
	for j := i - 1; j >= 0 && s.plain(j+1); j-- {
		if p := s.units[j].party; p != nil {
			return !isOwn(p.actors, speakers)
		}
		if !s.isHelper(j) {
			return false
		}
	}
	return false
}

// ownSubject reports whether the verb at unit i has the speaker for its subject:
// "we", "I", or the actor by name.
func (r *reader) ownSubject(s *sentence, i int) bool {
	for j := i - 1; j >= 0; j-- {
		if p := s.units[j].party; p != nil {
			return !p.owner && len(r.speaking) == 1 && p.actors[0] == r.speaking[0]
		}
		if s.isFirst(j) {
			return true
		}
		if strings.TrimSpace(s.gap(j+1)) == "," && j > 1 { // skip an aside
			for j > 0 && strings.TrimSpace(s.gap(j)) != "," {
				j--
			}
			continue
		}
		if !s.isHelper(j) {
			return false
		}
	}
	return false
}

// isHelper reports whether unit j may stand between a subject and its verb.
func (s *sentence) isHelper(j int) bool {
	return s.is(j, adverbs) || s.is(j, haves) || s.is(j, bes) || s.is(j, modals) || s.is(j, negations) || s.is(j, dos) || s.is(j, fillers)
}
