package statement

import (
	"regexp"
	"slices"
	"strings"

	"parley/corpus/lexicon"
)

// claim is a verb or noun of saying with those whose saying it is.
type claim struct {
	at       int // unit of the cue; -1 for none
	from     int // first unit of the subject; -1 where nobody is named
	cue      cue
	negated  bool
	subjects []party
	// speaker is the text's name for them.
	speaker string
	// wraps: the whole sentence is what is said, as in "…, Peskov said".
	wraps bool
}

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
	if c, ok := r.headed(s); ok {
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
	if len(out) > 0 {
		return out
	}
	c, ok := claim{}, false
	switch {
	case r.home == "":
		c, ok = r.nounClaim(s)
	case r.reports() && len(r.parties) > 1:
		c, ok = r.impersonal(s)
	}
	if ok {
		out = append(out, c)
	}
	return out
}

// maxImpersonal bounds the words before an impersonal verb.
const maxImpersonal = 12

// impersonal reads what a report of a conversation gives to nobody in particular as the
// words of those who held it: "it was noted that …", "concern was expressed over …".
// Where it names one of them, it may be theirs alone.
func (r *reader) impersonal(s *sentence) (claim, bool) {
	at, stance := -1, None
	for i := 1; i < min(len(s.units), maxImpersonal) && at < 0; i++ {
		_, t := s.tense(i)
		passive := t.be && !t.modal && !t.negated && !t.infinitive
		switch {
		case passive && s.opensWith("it", i) && s.word(i+1) != "by" && (s.is(i, settled) || s.isSaid(i)):
			at = i
		case passive && s.is(i, uttered):
			at, stance = i, s.feeling(i)
		case s.word(i) == "unanimity" && s.is(i-1, bes):
			at = i
		}
	}
	if at < 0 || s.namesAny(at, r.parties) {
		return claim{}, false
	}
	cl := claim{at: at, from: -1, cue: cue{&verb{stance: stance}, past}, speaker: r.doc.Publisher}
	cl.subjects = []party{{actors: r.parties, form: lexicon.FormInstitution, plural: true}}
	return cl, true
}

// isSaid reports whether unit i is the participle of a neutral verb of speech.
func (s *sentence) isSaid(i int) bool {
	return slices.ContainsFunc(cues[s.word(i)], func(c cue) bool { return c.speech && c.form == past && c.stance == None })
}

// opensWith reports whether a clause of which unit i is the verb has the word for its subject.
func (s *sentence) opensWith(word string, i int) bool {
	j, _ := s.tense(i)
	return s.word(j) == word && (j == 0 || s.comma(j))
}

// feeling is the stance of the noun before the verb at unit i: "concern was expressed".
func (s *sentence) feeling(i int) Stance {
	for j := range i {
		if stance, ok := feelings[s.word(j)]; ok {
			return stance
		}
	}
	return None
}

// namesAny reports whether a unit from i on names one of the actors, other than as an adjective.
func (s *sentence) namesAny(i int, actors []string) bool {
	return slices.ContainsFunc(s.units[i:], func(u unit) bool {
		return u.party != nil && u.party.form != lexicon.FormAdjective && !u.party.owner && isOwn(u.party.actors, actors)
	})
}

// headed reads a quotation after the name of who says it: "Leavitt: “…”".
func (r *reader) headed(s *sentence) (claim, bool) {
	from, to := s.nounPhrase(0)
	if to == from || !colonQuote.MatchString(s.text[s.units[to-1].End:s.End]) {
		return claim{}, false
	}
	subjects := s.speakers(from, to)
	if len(subjects) != 1 {
		return claim{}, false
	}
	cl := claim{cue: neutral, at: to - 1, wraps: true}
	r.setSubject(&cl, from, subjects)
	return cl, true
}

// colonQuote follows the name of whoever is quoted, with a link perhaps.
var colonQuote = regexp.MustCompile(`^[*\]]*(\(\S+\))?[*]*:[*]*\s*[“"]`)

// claimAt reads the verb at unit i with its subject.
func (r *reader) claimAt(s *sentence, i int) (claim, bool) {
	u := s.units[i]
	if u.party != nil || u.quoted {
		return claim{}, false
	}
	for _, c := range cues[u.fold] { // more than one where what follows decides
		if !s.suits(i, c) {
			continue
		}
		if cl, ok := r.claimBy(s, i, c); ok && (!c.own || r.home != "" || len(cl.actors()) > 1) {
			return cl, true
		}
	}
	if u.fold == "clear" && s.is(i-1, bes) && s.is(i+1, clarified) {
		return r.claimBy(s, i, cue{new(verb), third})
	}
	if (u.fold == "called" || u.fold == "calls") && s.characterises(i) {
		return r.claimBy(s, i, neutral)
	}
	return claim{}, false
}

// neutral is the cue of what is said without a verb of the table.
var neutral = cue{new(verb), past}

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

// followed reports whether one of the words follows unit i.
func (s *sentence) followed(i int, set wordSet) bool {
	j := i + 1
	for s.is(j, adverbs) || s.is(j, negations) || s.is(j, qualifiers) && j < i+5 {
		j++
	}
	if j < len(s.units) && s.units[j].party != nil {
		return set[s.units[j].party.actors[0]]
	}
	return s.is(j, set)
}

// suits reports whether what follows unit i lets it be the verb c.
func (s *sentence) suits(i int, c cue) bool {
	if c.unless != nil && s.followed(i, c.unless) {
		return false
	}
	return c.after == nil || s.followed(i, c.after) || c.speech && s.endsAt(i)
}

// claimBy finds the subject of the verb c at unit i.
func (r *reader) claimBy(s *sentence, i int, c cue) (claim, bool) {
	j, t := s.tense(i)
	cl := claim{at: i, cue: c, negated: t.negated}
	switch {
	case c.form == past && t.be:
		return r.passive(s, cl)
	case c.form == past && !t.have && s.word(i+1) == "by", !t.says(c):
		return cl, false
	case c.form == participle && !t.be:
		return r.trailingParticiple(s, cl)
	case c.speech && r.inverted(s, &cl, j):
		return cl, true
	}
	from, subjects, ok := r.subjectBefore(s, j)
	if !ok || c.form == base && !t.do && !t.modal && !areMany(subjects) || c.stance == Demands && s.qualifies(from) {
		return cl, false
	}
	r.setSubject(&cl, from, subjects)
	cl.wraps = c.speech && s.endsAt(i) && s.opensAfterWords(from)
	return cl, true
}

// qualifies reports whether the clause whose subject starts at unit i only says more of
// the noun before it: "the support Ukraine requires".
func (s *sentence) qualifies(i int) bool {
	if i < 1 || !s.plain(i) || s.units[i-1].party != nil || s.units[i-1].upper {
		return false
	}
	if p := s.units[i].party; p == nil && pronouns[s.word(i)] == 0 || p != nil && p.form != lexicon.FormName {
		return false
	}
	noun := s.is(i-2, articles) || s.is(i-2, determiners)
	return !s.is(i-1, grammar) && (noun || len(cues[s.word(i-1)]) == 0) // not "said Ukraine wants"
}

func (r *reader) setSubject(cl *claim, from int, subjects []party) {
	cl.from, cl.subjects, cl.speaker = from, subjects, r.speakerName(subjects)
}

// areMany reports whether the subject goes with the bare form of a verb.
func areMany(subjects []party) bool {
	return len(subjects) > 1 || subjects[0].plural
}

// passive finds "by X" after a passive verb.
func (r *reader) passive(s *sentence, cl claim) (claim, bool) {
	for j := cl.at + 1; j < min(cl.at+4, len(s.units)); j++ {
		if s.word(j) == "by" {
			from, to := s.nounPhrase(j + 1)
			subjects := s.speakers(from, to)
			if len(subjects) > 0 {
				r.setSubject(&cl, from, subjects)
			}
			return cl, len(subjects) > 0
		}
		if s.comma(j) || !adverbs[s.word(j)] {
			break
		}
	}
	return cl, false
}

// trailingParticiple reads ", saying that …" and "a statement saying that …" as the
// words of the sentence's subject.
func (r *reader) trailingParticiple(s *sentence, cl claim) (claim, bool) {
	if cl.at == 0 || !s.comma(cl.at) && !s.is(cl.at-1, links) && !s.is(cl.at-1, papers) {
		return cl, false
	}
	from, subjects, ok := r.opening(s)
	if !ok || from >= cl.at {
		return cl, false
	}
	r.setSubject(&cl, from, subjects)
	return cl, true
}

// inverted reads "…, said Peskov" into the claim; j is the unit before the verb.
func (r *reader) inverted(s *sentence, cl *claim, j int) bool {
	from, to := s.nounPhrase(cl.at + 1)
	if j < 0 || to <= from || !s.opensAfterWords(j+1) || !s.plain(cl.at+1) || !s.phraseEnds(to) {
		return false
	}
	subjects := s.speakers(from, to)
	if len(subjects) == 0 {
		return false
	}
	r.setSubject(cl, from, subjects)
	cl.from, cl.wraps = cl.at, true
	return true
}

// phraseEnds reports whether no verb can follow the noun phrase before unit i.
func (s *sentence) phraseEnds(i int) bool {
	return i >= len(s.units) || strings.ContainsAny(s.gap(i), ",.:;–—()\"“”") || s.is(i, prepositions) || s.is(i, adverbs)
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
		cl := claim{at: i + 1, cue: neutral, wraps: true}
		r.setSubject(&cl, from, subjects)
		return cl, true
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
		stance, ok := claimNouns[s.word(i)]
		p := s.units[i-1].party
		if !ok || p == nil || s.units[i].quoted || !s.plain(i) || !s.is(i+1, nounTails) {
			continue
		}
		if p.form == lexicon.FormAdjective || p.owner && !p.silent {
			cl := claim{at: i, cue: cue{&verb{stance: stance}, past}}
			r.setSubject(&cl, i-1, []party{*p})
			found = append(found, cl)
		}
	}
	if len(found) != 1 {
		return claim{}, false
	}
	return found[0], true
}
