package statement

import (
	"strings"

	"parley/corpus/lexicon"
)

// claim is a verb or noun of saying with those whose saying it is.
type claim struct {
	at       int // unit of the cue; -1 for none
	from     int // first unit of the subject
	cue      cue
	negated  bool
	subjects []party
	// speaker is the text's name for them.
	speaker string
	// wraps: the whole sentence is what is said, as in "…, Peskov said".
	wraps bool
}

func (c claim) ok() bool { return len(c.subjects) > 0 }

// actors are the ids of the subjects, each once.
func (c claim) actors() []string {
	var out []string
	for _, p := range c.subjects {
		out = appendNew(out, p.actors...)
	}
	return out
}

// claims finds who says what in a sentence that is not itself attributed from
// outside: the main claim first, then those beside it.
func (r *reader) claims(s *sentence) []claim {
	if c, ok := r.accordingTo(s); ok {
		return []claim{c}
	}
	var out []claim
	edge := s.leadEnd()
	for i := range s.units {
		c, ok := r.claimAt(s, i)
		if !ok {
			continue
		}
		switch {
		case c.wraps:
			return []claim{c}
		case i < edge && c.from < edge || s.embedded(c.from):
			continue
		case len(out) == 0 || s.beside(c.from):
			out = append(out, c)
		}
	}
	if len(out) == 0 && r.home == "" {
		if c, ok := r.nounClaim(s); ok {
			out = append(out, c)
		}
	}
	return out
}

// claimAt reads the verb at unit i with its subject.
func (r *reader) claimAt(s *sentence, i int) (claim, bool) {
	u := s.units[i]
	if u.party != nil || u.quoted {
		return claim{}, false
	}
	for _, c := range cues[u.fold] { // more than one where what follows decides
		if c.own && r.home == "" || c.after != nil && !s.followed(i, c.after) {
			continue
		}
		if cl, ok := r.claimBy(s, i, c); ok {
			return cl, true
		}
	}
	if u.fold == "called" || u.fold == "calls" {
		if s.characterises(i) {
			return r.claimBy(s, i, cue{&characterise, past})
		}
	}
	return claim{}, false
}

var characterise = verb{}

// characterises reports whether "called" names a quality, not a telephone.
func (s *sentence) characterises(i int) bool {
	for j := i + 1; j < min(i+12, len(s.units)); j++ {
		if s.is(j, judgements) || s.units[j].quoted || j > i+1 && s.is(j, articles) && s.word(j) != "the" {
			return true
		}
		if s.comma(j) || s.word(j) == "to" {
			return false
		}
	}
	return false
}

var judgements = setOf("unacceptable difficult impossible premature unrealistic constructive productive absurd illegal illegitimate essential important substantive hypocritical irresponsible baseless false")

// followed reports whether one of the words follows unit i.
func (s *sentence) followed(i int, set wordSet) bool {
	j := i + 1
	for s.is(j, adverbs) || s.is(j, negations) {
		j++
	}
	if j < len(s.units) && s.units[j].party != nil {
		return set[s.units[j].party.actors[0]]
	}
	return s.is(j, set)
}

// claimBy finds the subject of the verb c at unit i.
func (r *reader) claimBy(s *sentence, i int, c cue) (claim, bool) {
	cl := claim{at: i, cue: c}
	j, helpers := s.helpers(i)
	switch {
	case helpers.passive && c.form == past:
		return r.passive(s, cl)
	case c.form == past && s.word(i+1) == "by" && !helpers.have:
		return cl, false
	case helpers.modal && !(helpers.negated && c.denies), helpers.infinitive:
		return cl, false
	case helpers.negated && !c.denies:
		return cl, false
	case c.form == participle && !helpers.be:
		return r.trailingParticiple(s, cl)
	}
	cl.negated = helpers.negated
	if c.speech {
		if inv, ok := r.inverted(s, cl, j); ok {
			return inv, true
		}
	}
	from, subjects, ok := r.subjectBefore(s, j)
	if !ok {
		return cl, false
	}
	cl.from, cl.subjects = from, subjects
	if c.form == base && !helpers.do && !helpers.modal && !manyOrUs(subjects) {
		return cl, false
	}
	cl.speaker = r.speakerName(s, subjects)
	cl.wraps = c.speech && s.endsAt(i) && from > 0 && s.opensAfterWords(from)
	return cl, true
}

// manyOrUs reports whether the subject goes with the bare form of a verb.
func manyOrUs(subjects []party) bool {
	return len(subjects) > 1 || subjects[0].plural
}

// helpers are the words before a verb that make up its tense.
type helpers struct{ passive, be, have, modal, negated, infinitive, do bool }

// helpers reads the adverbs and auxiliaries before unit i and returns the unit that
// they follow.
func (s *sentence) helpers(i int) (int, helpers) {
	var h helpers
	j := i - 1
	for ; j >= 0 && s.units[j].party == nil && !s.units[j].quoted; j-- {
		if !s.plain(j + 1) {
			break
		}
		switch w := s.units[j].fold; {
		case negations[w]:
			h.negated = true
			h.modal = h.modal || modals[w]
			h.do = h.do || strings.HasPrefix(w, "do") || strings.HasPrefix(w, "did")
		case modals[w]:
			h.modal = true
		case dos[w]:
			h.do = true
		case bes[w]:
			h.be = true
			h.passive = true
		case haves[w]:
			h.have = true
		case w == "to":
			h.infinitive = !continues[s.word(j-1)]
			if h.infinitive {
				return j, h
			}
			j--
		case !adverbs[w]:
			return j, h
		}
	}
	return j, h
}

var continues = setOf("continued continues continue on")

// passive finds "by X" after a passive verb.
func (r *reader) passive(s *sentence, cl claim) (claim, bool) {
	for j := cl.at + 1; j < min(cl.at+4, len(s.units)); j++ {
		if s.word(j) == "by" {
			from, to := s.nounPhrase(j + 1)
			if subjects := s.speakers(from, to); len(subjects) > 0 {
				cl.from, cl.subjects, cl.speaker = j+1, subjects, r.speakerName(s, subjects)
				return cl, true
			}
		}
		if s.comma(j) || !adverbs[s.word(j)] {
			break
		}
	}
	return cl, false
}

// trailingParticiple reads ", saying that …" as the words of the sentence's subject.
func (r *reader) trailingParticiple(s *sentence, cl claim) (claim, bool) {
	if cl.at == 0 || !s.comma(cl.at) && !s.is(cl.at-1, links) {
		return cl, false
	}
	from, subjects, ok := r.opening(s)
	if !ok || from >= cl.at {
		return cl, false
	}
	cl.from, cl.subjects, cl.speaker = from, subjects, r.speakerName(s, subjects)
	return cl, true
}

// inverted reads "…, said Peskov"; j is the unit before the verb.
func (r *reader) inverted(s *sentence, cl claim, j int) (claim, bool) {
	if j >= 0 && !s.opensAfterWords(j+1) || j < 0 {
		return cl, false
	}
	from, to := s.nounPhrase(cl.at + 1)
	if to <= from || !s.plain(cl.at+1) || !(to >= len(s.units) || s.comma(to) || strings.ContainsAny(s.gap(to), ".:;\"“”") || s.is(to, prepositions) || s.is(to, adverbs)) {
		return cl, false
	}
	subjects := s.speakers(from, to)
	if len(subjects) == 0 {
		return cl, false
	}
	cl.from, cl.subjects, cl.speaker, cl.wraps = cl.at, subjects, r.speakerName(s, subjects), true
	return cl, true
}

// opensAfterWords reports whether unit i comes right after the end of what is said:
// a comma or a closing quotation mark.
func (s *sentence) opensAfterWords(i int) bool {
	return i > 0 && strings.ContainsAny(s.gap(i), ",”\"»–—")
}

// endsAt reports whether the clause ends with unit i, or a short adverbial later.
func (s *sentence) endsAt(i int) bool {
	j := i + 1
	for s.is(j, adverbs) {
		j++
	}
	if j >= len(s.units) {
		return true
	}
	g := s.gap(j)
	if strings.ContainsAny(g, ",.;:“”\"–—") {
		return !s.quotedAfter(j)
	}
	return s.is(j, timeWords) && j+6 >= len(s.units)
}

var timeWords = setOf("on in at during after")

func (s *sentence) quotedAfter(j int) bool { return s.units[j].quoted && !s.units[0].quoted }

// accordingTo reads "according to X".
func (r *reader) accordingTo(s *sentence) (claim, bool) {
	for i := 0; i+1 < len(s.units); i++ {
		if s.word(i) != "according" || s.word(i+1) != "to" || s.units[i].quoted {
			continue
		}
		from, to := s.nounPhrase(i + 2)
		subjects := s.speakers(from, to)
		if len(subjects) == 0 {
			return claim{}, false
		}
		return claim{at: i + 1, from: from, subjects: subjects, speaker: r.speakerName(s, subjects), wraps: true, cue: cue{&characterise, past}}, true
	}
	return claim{}, false
}

// leadEnd is the unit at which the main clause starts when the sentence opens with
// a subordinate one: "After X said …, Y said".
func (s *sentence) leadEnd() int {
	if !s.is(0, leads) {
		return 0
	}
	for i := 1; i < len(s.units); i++ {
		if strings.Contains(s.gap(i), ",") && !s.units[i].quoted {
			return i
		}
	}
	return len(s.units)
}

var leads = setOf("after before when while where as since until unless though although once if because whether following despite that")

// embedded reports whether the clause whose subject starts at unit i depends on
// another: "that Russia rejected".
func (s *sentence) embedded(from int) bool {
	i := from - 1
	for s.is(i, articles) || s.is(i, coverRoles) || s.is(i, adverbs) {
		i--
	}
	return s.is(i, subordinators) && i > 0 && !s.contrast(i)
}

// contrast reports whether unit i sets a main clause against another.
func (s *sentence) contrast(i int) bool {
	return s.is(i, contrasts) && strings.Contains(s.gap(i), ",")
}

// beside reports whether the clause whose subject starts at unit i stands beside
// the main one, not within what it says.
func (s *sentence) beside(from int) bool {
	i := from
	for s.is(i-1, articles) || s.is(i-1, coverRoles) || s.is(i-1, adverbs) {
		i--
	}
	return i > 0 && (strings.Contains(s.gap(i), ";") || s.contrast(i-1) || strings.Contains(s.gap(i-1), ";"))
}

// nounClaim reads "Russia's demand that …" where no verb claims anything.
func (r *reader) nounClaim(s *sentence) (claim, bool) {
	var found []claim
	for i := 1; i < len(s.units); i++ {
		n, ok := claimNouns[s.units[i].fold]
		if !ok || s.units[i].party != nil || s.units[i].quoted || !s.is(i+1, nounTails) {
			continue
		}
		p := s.units[i-1].party
		if p == nil || p.silent && p.form != lexicon.FormAdjective || !p.owner && p.form != lexicon.FormAdjective || !s.plain(i) {
			continue
		}
		found = append(found, claim{at: i, from: i - 1, subjects: []party{*p}, cue: cue{&verb{stance: n}, past}})
	}
	if len(found) != 1 {
		return claim{}, false
	}
	found[0].speaker = r.speakerName(s, found[0].subjects)
	return found[0], true
}

var nounTails = setOf("that for to of")

// claimNouns are the nouns that tell what their owner says: "Russia's demand that".
var claimNouns = map[string]Stance{
	"demand": Demands, "demands": Demands, "call": Demands, "calls": Demands, "insistence": Demands,
	"proposal": Offers, "offer": Offers, "pledge": Offers, "rejection": Opposes, "refusal": Opposes, "objection": Opposes, "objections": Opposes,
	"warning": Warns, "warnings": Warns, "threat": Warns, "claim": None, "assertion": None,
}
