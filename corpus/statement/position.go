package statement

import (
	"slices"
	"strings"

	"parley/corpus/lexicon"
)

// position is the position that a sentence takes.
type position struct {
	stance Stance
	taken  bool
	// told: it is taken by telling of deeds, without a word of will.
	told bool
	// at is the unit of the verb or marker that tells it; -1 if none does.
	at int
	// turn is the unit from which on the speaker takes another position, that of then; 0
	// where there is none.
	turn int
	then Stance
}

// reported reads the position in the words of a claim: the verb tells it, or else
// what is said. Who only tells of fighting takes none.
func (r *reader) reported(s *sentence, c claim) position {
	stance := c.cue.stance
	switch {
	case c.negated:
		stance = c.cue.denied
	case stance == Opposes && s.refusesRefusal(c.at), s.is(c.at, accusations):
		return position{taken: true}
	}
	if stance != None {
		turn, then := s.turn(c)
		return position{stance: stance, taken: true, at: c.at, turn: turn, then: then}
	}
	from := c.at + 1
	if c.wraps {
		from = 0
	}
	stance, at := s.marked(from, func(i int) bool {
		return !s.anothers(i, c) && (!strings.HasSuffix(s.units[i].fold, "ed") || s.hasSubject(i))
	})
	switch {
	case at < 0 && s.is(c.at, announces) && s.word(c.at+1) != "that" && !s.hasComplement(c.at) && !s.between(c.at):
		stance = Supports // what somebody announces they do
	case at >= r.embeddedClaim(s, c):
		stance = None
	}
	return position{stance: stance, taken: at >= 0 || !s.tellsOfBattle(from), at: at}
}

// refusesRefusal reports whether what the verb at unit i is against is itself against
// something: "refused to reject".
func (s *sentence) refusesRefusal(i int) bool {
	return s.word(i+1) == "to" && slices.ContainsFunc(cues[s.word(i+2)], func(c cue) bool {
		return c.form == base && c.stance == Opposes && s.suits(i+2, c)
	})
}

// embeddedClaim is the unit of the verb from which on the words of a claim are about
// what somebody else says or wants: of "Trump said Moscow rejected the plan", only
// that he says so is his.
func (r *reader) embeddedClaim(s *sentence, c claim) int {
	if !c.wraps {
		for i := c.at + 1; i < len(s.units); i++ {
			if cl, ok := r.claimAt(s, i); ok && cl.from > c.at && !isOwn(cl.actors(), c.actors()) {
				return i
			}
		}
	}
	return len(s.units)
}

// spoken reads the position in a sentence that is the speaker's own words.
func (r *reader) spoken(s *sentence) position {
	if strings.HasSuffix(strings.TrimRight(s.In(s.text), "”\")*_ "), "?") {
		return position{}
	}
	if c := r.claims(s); len(c) > 0 && !isOwn(c[0].actors(), r.speaking) {
		return position{}
	}
	stance, at := s.marked(0, func(i int) bool { return r.ownSubject(s, i) })
	if at >= r.relay(s) {
		return position{}
	}
	if at >= 0 {
		return position{stance: stance, taken: true, at: at}
	}
	p := position{taken: r.tellsOfOwn(s) || s.tellsOfMeasure(), told: true, at: -1}
	if p.taken && r.tellsOfDeed(s) {
		p.stance = Supports
	}
	return p
}

// relay is the unit of the verb from which on the sentence says what another does, who
// is named before: "Putin laid out terms, where he said that Ukraine must disarm".
func (r *reader) relay(s *sentence) int {
	another := false
	for i, u := range s.units {
		if u.party != nil {
			another = !isOwn(u.party.actors, r.speaking)
			continue
		}
		if j, _ := s.tense(i); another && s.isSaid(i) && pronouns[s.word(j)] != 0 {
			return i
		}
	}
	return len(s.units)
}

// tellsOfDeed reports whether the speaker says of themselves that they did or are
// doing something.
func (r *reader) tellsOfDeed(s *sentence) bool {
	for i, u := range s.units {
		deed := deeds[u.fold] || strings.HasSuffix(u.fold, "ed") || strings.HasSuffix(u.fold, "ing")
		if u.party == nil && deed && !s.isHelper(i) && !s.denied(i) && r.ownSubject(s, i) {
			return true
		}
	}
	return false
}

// tellsOfOwn reports whether the speaker tells of what they themselves do, have or
// hold, and not merely of having talked.
func (r *reader) tellsOfOwn(s *sentence) bool {
	if r.register == joint && !s.firstPerson() {
		return false // its parties are named for any reason
	}
	own := false
	for i, u := range s.units {
		switch {
		case u.party != nil:
			own = own || u.party.form != lexicon.FormAdjective && isOwn(u.party.actors, r.speaking)
		case talked[u.fold] && r.ownSubject(s, i):
			return false
		default:
			own = own || s.isFirst(i) && !alone[u.fold]
		}
	}
	return own
}

// tellsOfMeasure reports whether a sentence says of a measure what it is for, does or
// will do: "these sanctions will bite". Who says so stands for it or against it.
func (s *sentence) tellsOfMeasure() bool {
	for i := range min(len(s.units), 8) { // about the subject of the main clause
		if !s.is(i, measures) {
			continue
		}
		j := i + 1
		if s.is(j, programmes) {
			j++
		}
		for s.is(j, measures) || s.is(j, adverbs) || s.is(j, prepositions) || j < len(s.units) && s.units[j].party != nil {
			j++
		}
		verb := s.is(j, works) || s.is(j, modals) || s.is(j, haves) || s.is(j, negations) || s.is(j, bes) && !s.is(j+1, articles)
		if s.plain(j) && verb {
			return true
		}
	}
	return false
}

// isOwn reports whether the actors of a claim are among those who speak.
func isOwn(claimed, speaking []string) bool {
	return slices.ContainsFunc(claimed, func(a string) bool { return slices.Contains(speaking, a) })
}

// tellsOfBattle reports whether the words from a unit on are about fighting, and not
// about a policy.
func (s *sentence) tellsOfBattle(from int) bool {
	fought := false
	for i := from; i < len(s.units); i++ {
		if s.is(i, policies) {
			return false
		}
		fought = fought || s.is(i, battle)
	}
	return fought
}

// hasComplement reports whether a clause follows the verb at unit i and an adverbial.
func (s *sentence) hasComplement(i int) bool {
	_, ok := s.complement(i)
	return ok
}

// between reports whether what is told after unit i is a matter between others: "a
// ceasefire between Russia and Ukraine".
func (s *sentence) between(i int) bool {
	return slices.ContainsFunc(s.units[i:], func(u unit) bool { return u.party == nil && u.fold == "between" })
}

// anothers reports whether the verb at unit i has another subject than whose claim it
// is: "Washington said that Russia was willing", "that the deal would work".
func (s *sentence) anothers(i int, c claim) bool {
	infinitive := strings.HasSuffix(s.word(i), "ing")
	for j := i - 1; j >= 0 && (c.wraps || j > c.at) && s.plain(j+1); j-- {
		if p := s.units[j].party; p != nil {
			return !isOwn(p.actors, c.actors())
		}
		if !s.isHelper(j) {
			own := pronouns[s.word(j)] != 0 && (s.word(j) != "they" || areMany(c.subjects))
			return !infinitive && !own && !s.isFirst(j) && !s.is(j, bodies) && !s.is(j, selves)
		}
		infinitive = infinitive || s.word(j) == "to" || s.word(j) == "of"
	}
	return false
}

// hasSubject reports whether the verb at unit i has a party or pronoun for its subject,
// and is no participle after a noun: "sanctions imposed".
func (s *sentence) hasSubject(i int) bool {
	j := i - 1
	for j >= 0 && s.isHelper(j) {
		j--
	}
	return j >= 0 && (s.units[j].party != nil || pronouns[s.units[j].fold] != 0)
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
