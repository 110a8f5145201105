// Package position reads the position that a sentence takes for those who say it, and
// which stance it is on each of the sentence's topics.
package position

import (
	"slices"
	"strings"

	"parley/corpus/lexicon"
	"parley/corpus/statement/claim"
	"parley/corpus/statement/genre"
	"parley/corpus/statement/sentence"
	"parley/corpus/statement/stance"
	"parley/corpus/statement/topic"
	"parley/corpus/words"
)

// Position is the position that a sentence takes.
type Position struct {
	claims   *claim.Reader
	s        *sentence.Sentence
	speaking []string // the actors whose position it is

	stance stance.Stance
	Taken  bool
	// Told: it is taken by telling of deeds, without a word of will.
	Told bool
	// at is the token of the verb or marker that tells it; -1 if none does.
	at int
	// turn is the token from which on the speaker takes another position, that of then; 0
	// where there is none.
	turn int
	then stance.Stance
}

// Read reads the position that those who speak take in a sentence: that of its
// first claim, or if there is none, that of its own words.
func Read(r *claim.Reader, s *sentence.Sentence, claims []claim.Claim, speaking []string) Position {
	p := Position{claims: r, s: s, speaking: speaking}
	if len(claims) > 0 {
		p.reported(claims[0])
	} else {
		p.spoken()
	}
	return p
}

// reported reads the position in the words of a claim: the verb tells it, or else
// what is said. Who only tells of fighting takes none.
func (p *Position) reported(c claim.Claim) {
	s := p.s
	p.stance, p.Taken = c.Verb.Stance, true
	switch {
	case c.Negated:
		p.stance = c.Verb.Denied
	case p.stance == stance.Opposes && refusesRefusal(s, c.At), s.Is(c.At, accusations):
		p.stance = stance.None
		return
	}
	if p.stance != stance.None {
		p.at = c.At
		p.turn, p.then = turn(s, c)
		return
	}
	from := c.At + 1
	if c.Wraps {
		from = 0
	}
	p.stance, p.at = marked(s, from, func(i int) bool {
		return !anothers(s, i, c) && (!strings.HasSuffix(s.Tokens[i].Fold, "ed") || hasSubject(s, i))
	})
	switch {
	case p.at < 0 && s.Is(c.At, announces) && s.Word(c.At+1) != "that" && !hasComplement(s, c.At) && !between(s, c.At):
		p.stance = stance.Supports // what somebody announces they do
	case p.at >= p.embeddedClaim(c):
		p.stance = stance.None
	}
	p.Taken = p.at >= 0 || !topic.TellsOfBattle(s, from)
}

// refusesRefusal reports whether what the verb at token i is against is itself against
// something: "refused to reject".
func refusesRefusal(s *sentence.Sentence, i int) bool {
	return s.Word(i+1) == "to" && slices.ContainsFunc(stance.Verbs[s.Word(i+2)], func(c stance.Verb) bool {
		return c.Form == stance.Base && c.Stance == stance.Opposes && claim.Suits(s, i+2, c)
	})
}

// embeddedClaim is the token of the verb from which on the words of a claim are about
// what somebody else says or wants: of "Trump said Moscow rejected the plan", only
// that he says so is his.
func (p *Position) embeddedClaim(c claim.Claim) int {
	s := p.s
	if !c.Wraps {
		for i := c.At + 1; i < len(s.Tokens); i++ {
			if cl, ok := p.claims.At(s, i); ok && cl.From > c.At && !sentence.Overlap(cl.Actors(), c.Actors()) {
				return i
			}
		}
	}
	return len(s.Tokens)
}

// spoken reads the position in a sentence that is the speaker's own words.
func (p *Position) spoken() {
	s := p.s
	if strings.HasSuffix(strings.TrimRight(s.In(s.Text), "”\")*_ "), "?") {
		return
	}
	if c := p.claims.Claims(s); len(c) > 0 && !sentence.Overlap(c[0].Actors(), p.speaking) {
		return
	}
	p.stance, p.at = marked(s, 0, p.ownSubject)
	if p.at >= p.relay() {
		return
	}
	if p.at >= 0 {
		p.Taken = true
		return
	}
	p.Taken, p.Told = p.tellsOfOwn() || TellsOfMeasure(s), true
	if p.Taken && p.tellsOfDeed() {
		p.stance = stance.Supports
	}
}

// relay is the token of the verb from which on the sentence says what another does, who
// is named before: "Putin laid out terms, where he said that Ukraine must disarm".
func (p *Position) relay() int {
	s := p.s
	another := false
	for i, u := range s.Tokens {
		if u.Party != nil {
			another = !sentence.Overlap(u.Party.Actors, p.speaking)
			continue
		}
		if j, _ := s.Tense(i); another && claim.IsSaid(s, i) && claim.Pronouns[s.Word(j)] != 0 {
			return i
		}
	}
	return len(s.Tokens)
}

// tellsOfDeed reports whether the speaker says of themselves that they did or are
// doing something.
func (p *Position) tellsOfDeed() bool {
	s := p.s
	for i, u := range s.Tokens {
		deed := deeds[u.Fold] || strings.HasSuffix(u.Fold, "ed") || strings.HasSuffix(u.Fold, "ing")
		if u.Party == nil && deed && !isHelper(s, i) && !denied(s, i) && p.ownSubject(i) {
			return true
		}
	}
	return false
}

// tellsOfOwn reports whether the speaker tells of what they themselves do, have or
// hold, and not merely of having talked.
func (p *Position) tellsOfOwn() bool {
	s := p.s
	if p.claims.Genre == genre.Joint && !s.HasFirstPerson() {
		return false // its parties are named for any reason
	}
	own := false
	for i, u := range s.Tokens {
		switch {
		case u.Party != nil:
			own = own || u.Party.Form != lexicon.FormAdjective && sentence.Overlap(u.Party.Actors, p.speaking)
		case sentence.Talked[u.Fold] && p.ownSubject(i):
			return false
		default:
			own = own || s.IsFirstPerson(i) && !alone[u.Fold]
		}
	}
	return own
}

// TellsOfMeasure reports whether a sentence says of a measure what it is for, does or
// will do: "these sanctions will bite". Who says so stands for it or against it.
func TellsOfMeasure(s *sentence.Sentence) bool {
	for i := range min(len(s.Tokens), 8) { // about the subject of the main clause
		if !s.Is(i, measures) {
			continue
		}
		j := i + 1
		if s.Is(j, programmes) {
			j++
		}
		for s.Is(j, measures) || s.Is(j, sentence.Adverbs) || s.Is(j, sentence.Prepositions) || j < len(s.Tokens) && s.Tokens[j].Party != nil {
			j++
		}
		verb := s.Is(j, works) || s.Is(j, sentence.Modals) || s.Is(j, sentence.HaveForms) || s.Is(j, sentence.Negations) || s.Is(j, sentence.BeForms) && !s.Is(j+1, sentence.Articles)
		if s.Adjoins(j) && verb {
			return true
		}
	}
	return false
}

// hasComplement reports whether a clause follows the verb at token i and an adverbial.
func hasComplement(s *sentence.Sentence, i int) bool {
	_, ok := s.Complement(i)
	return ok
}

// between reports whether what is told after token i is a matter between others: "a
// ceasefire between Russia and Ukraine".
func between(s *sentence.Sentence, i int) bool {
	return slices.ContainsFunc(s.Tokens[i:], func(u sentence.Token) bool { return u.Party == nil && u.Fold == "between" })
}

// anothers reports whether the verb at token i has another subject than whose claim it
// is: "Washington said that Russia was willing", "that the deal would work".
func anothers(s *sentence.Sentence, i int, c claim.Claim) bool {
	infinitive := strings.HasSuffix(s.Word(i), "ing")
	for j := i - 1; j >= 0 && (c.Wraps || j > c.At) && s.Adjoins(j+1); j-- {
		if p := s.Tokens[j].Party; p != nil {
			return !sentence.Overlap(p.Actors, c.Actors())
		}
		if !isHelper(s, j) {
			own := claim.Pronouns[s.Word(j)] != 0 && (s.Word(j) != "they" || claim.AreMany(c.Subjects))
			return !infinitive && !own && !s.IsFirstPerson(j) && !s.Is(j, sentence.Bodies) && !s.Is(j, selves)
		}
		infinitive = infinitive || s.Word(j) == "to" || s.Word(j) == "of"
	}
	return false
}

// hasSubject reports whether the verb at token i has a party or pronoun for its subject,
// and is no participle after a noun: "sanctions imposed".
func hasSubject(s *sentence.Sentence, i int) bool {
	j := i - 1
	for j >= 0 && isHelper(s, j) {
		j--
	}
	return j >= 0 && (s.Tokens[j].Party != nil || claim.Pronouns[s.Tokens[j].Fold] != 0)
}

// ownSubject reports whether the verb at token i has the speaker for its subject:
// "we", "I", or the actor by name.
func (p *Position) ownSubject(i int) bool {
	s := p.s
	for j := i - 1; j >= 0; j-- {
		if named := s.Tokens[j].Party; named != nil {
			return !named.Possessive && len(p.speaking) == 1 && named.Actors[0] == p.speaking[0]
		}
		if s.IsFirstPerson(j) {
			return true
		}
		if strings.TrimSpace(s.Gap(j+1)) == "," && j > 1 { // skip an aside
			for j > 0 && strings.TrimSpace(s.Gap(j)) != "," {
				j--
			}
			continue
		}
		if !isHelper(s, j) {
			return false
		}
	}
	return false
}

// isHelper reports whether token j may stand between a subject and its verb.
func isHelper(s *sentence.Sentence, j int) bool {
	return s.Is(j, sentence.Adverbs) || s.Is(j, sentence.HaveForms) || s.Is(j, sentence.BeForms) || s.Is(j, sentence.Modals) || s.Is(j, sentence.Negations) || s.Is(j, sentence.DoForms) || s.Is(j, fillers)
}

var (
	// selves are what an actor calls itself beside its name: "the country will join".
	selves = words.Set("country nation government alliance union bloc kingdom republic side")
	// fillers may stand between a subject and its verb, beside auxiliaries.
	fillers = words.Set("all and together to going ready willing prepared open able clear very of continue continued continues continuing remain")
	// deeds are the irregular verbs of what is done.
	deeds = words.Set("took taken put cut froze frozen led sent gave given made built brought cutting set helps helps leads")
	// measures are what works for or against somebody, and works what they do.
	measures   = words.Set("sanctions measures controls restrictions agreement agreements financing funding guarantees embargo embargoes cap ban tariffs package formula elements")
	programmes = words.Set("effort efforts regime steps actions programme program campaign policy coalition")
	works      = words.Set("work works include includes contain contains impose deny denies cut cuts hit hits hurt deter deters target targets form forms remain remains help helps provide provides")
	announces  = words.Set("announce announces announced announcing")
	// accusations tell what others do, not what the speaker wants.
	accusations = words.Set("accuse accuses accused accusing blame blames blamed blaming")
	// alone is who speaks for themselves before they speak for an actor.
	alone = words.Set("i im id ill ive my")
)
