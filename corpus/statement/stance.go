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

// MarshalText writes String.
func (s Stance) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// position is what a sentence says of the speaker's position.
type position struct {
	stance Stance
	// taken: the sentence takes a position at all.
	taken bool
}

// reported reads the position in the words of a claim: the verb tells it, or else
// what is said. Who only tells of fighting takes none.
func (r *reader) reported(s *sentence, c claim) position {
	if c.cue.verb != nil {
		stance := c.cue.stance
		if c.negated {
			stance = c.cue.denied
		}
		if stance != None {
			return position{stance, true}
		}
	}
	from := c.at + 1
	if c.wraps {
		from = 0
	}
	p := position{taken: true}
	if stance, ok := s.marked(from, func(int) bool { return true }); ok {
		p.stance = stance
	} else if s.tellsOfBattle(from) {
		p.taken = false
	}
	return p
}

// spoken reads the position in a sentence that is the speaker's own words.
func (r *reader) spoken(s *sentence) position {
	if strings.HasSuffix(strings.TrimRight(s.In(s.text), "”\")*_ "), "?") {
		return position{}
	}
	if c := r.claims(s); len(c) > 0 && !isOwn(c[0].actors(), r.speaking) {
		return position{}
	}
	stance, ok := s.marked(0, func(i int) bool { return r.ownSubject(s, i) })
	return position{stance, ok}
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

var battle = setOf(`captured capturing seized taken entered shot destroyed destroying struck hit targeted launched killed killing injured injuring
	wounded intercepted thwarted stopped drone drones missile missiles shelling shelled bombardment offensive airstrike airstrikes strike attack attacks
	attacked explosion explosions advanced recaptured recapture repelled sabotage crossed landed downed damaged fire fires casualties airspace`)

// marked is the stance of the first marker from unit i on. Markers that say
// somebody's will count where own says that it is the speaker's.
func (s *sentence) marked(from int, own func(int) bool) (stance Stance, ok bool) {
	for i := from; i < len(s.units); i++ {
		if s.units[i].party != nil {
			continue
		}
		for _, m := range markers[s.units[i].fold] {
			if s.follows(i, m.rest) && (!m.personal || own(i)) {
				return s.turned(i, m.stance), true
			}
		}
	}
	return None, false
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

// opposite is what a stance becomes under a negation.
var opposite = map[Stance]Stance{Supports: Opposes, Offers: Opposes, Demands: Opposes, Doubts: Doubts, Warns: Warns, Opposes: None}

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

var fillers = setOf("all and together to going clear very of continue continued continues continuing remain")
