// Package claim finds who says something in a sentence: verbs and nouns of saying with
// their subjects, which may be pronouns that refer to the sentences before in the same
// paragraph. It does not decide whether what is said is a position.
package claim

import (
	"regexp"
	"slices"
	"strings"

	"parley/corpus/lexicon"
	"parley/corpus/statement/genre"
	"parley/corpus/statement/sentence"
	"parley/corpus/statement/stance"
	"parley/corpus/words"
)

// Reader finds who says what in the sentences of a document. It is given the sentences in their
// order, since a pronoun may refer to one before.
type Reader struct {
	*genre.Document
	memory memory
}

// NewReader returns a reader of the sentences of d.
func NewReader(d *genre.Document) *Reader { return &Reader{Document: d} }

// StartParagraph forgets whom the sentences before were about.
func (r *Reader) StartParagraph() { r.memory = memory{} }

// Claim is a verb or noun of saying with those whose saying it is.
type Claim struct {
	At       int // token of the verb or noun
	From     int // first token of the subject; -1 where nobody is named
	Verb     stance.Verb
	Negated  bool
	Subjects []sentence.Party
	// Speaker is the text's name for them.
	Speaker string
	// Wraps: the whole sentence is what is said, as in "…, Peskov said".
	Wraps bool
}

// Actors are the ids of the subjects, each once.
func (c Claim) Actors() []string { return Actors(c) }

// Actors are the ids of the subjects of all the claims, each once.
func Actors(claims ...Claim) (ids []string) {
	for _, c := range claims {
		for _, p := range c.Subjects {
			for _, id := range p.Actors {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// Claims finds who says what in a sentence that is not itself attributed from
// outside: the main claim first, then those beside it.
func (r *Reader) Claims(s *sentence.Sentence) []Claim {
	if c, ok := r.accordingTo(s); ok {
		return []Claim{c}
	}
	if c, ok := r.headed(s); ok {
		return []Claim{c}
	}
	var out []Claim
	edge := leadEnd(s)
	for i := range s.Tokens {
		c, ok := r.At(s, i)
		if !ok {
			continue
		}
		switch {
		case c.Wraps:
			return []Claim{c}
		case i < edge && c.From < edge || embedded(s, c.From):
			continue
		case len(out) == 0 || beside(s, c.From):
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		return out
	}
	c, ok := Claim{}, false
	switch {
	case r.PublisherActor == "":
		c, ok = r.nounClaim(s)
	case r.Reports() && len(r.Parties) > 1:
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
func (r *Reader) impersonal(s *sentence.Sentence) (Claim, bool) {
	at, tone := -1, stance.None
	for i := 1; i < min(len(s.Tokens), maxImpersonal) && at < 0; i++ {
		_, t := s.Tense(i)
		passive := t.Be && !t.Modal && !t.Negated && !t.Infinitive
		switch {
		case passive && opensWith(s, "it", i) && s.Word(i+1) != "by" && (s.Is(i, settled) || IsSaid(s, i)):
			at = i
		case passive && s.Is(i, uttered):
			at, tone = i, feeling(s, i)
		case s.Word(i) == "unanimity" && s.Is(i-1, sentence.BeForms):
			at = i
		}
	}
	if at < 0 || namesAny(s, at, r.Parties) {
		return Claim{}, false
	}
	cl := Claim{At: at, From: -1, Verb: stance.Verb{Stance: tone, Form: stance.Past}, Speaker: r.Publisher}
	cl.Subjects = []sentence.Party{{Actors: r.Parties, Form: lexicon.FormInstitution, Plural: true}}
	return cl, true
}

// IsSaid reports whether token i is the participle of a neutral verb of speech.
func IsSaid(s *sentence.Sentence, i int) bool {
	return slices.ContainsFunc(stance.Verbs[s.Word(i)], func(c stance.Verb) bool { return c.Speech && c.Form == stance.Past && c.Stance == stance.None })
}

// opensWith reports whether a clause of which token i is the verb has the word for its subject.
func opensWith(s *sentence.Sentence, word string, i int) bool {
	j, _ := s.Tense(i)
	return s.Word(j) == word && (j == 0 || s.AfterComma(j))
}

// feeling is the stance of the noun before the verb at token i: "concern was expressed".
func feeling(s *sentence.Sentence, i int) stance.Stance {
	for j := range i {
		if tone, ok := feelings[s.Word(j)]; ok {
			return tone
		}
	}
	return stance.None
}

// namesAny reports whether a token from i on names one of the actors, other than as an adjective.
func namesAny(s *sentence.Sentence, i int, actors []string) bool {
	return slices.ContainsFunc(s.Tokens[i:], func(u sentence.Token) bool {
		return u.Party != nil && u.Party.Form != lexicon.FormAdjective && !u.Party.Possessive && sentence.Overlap(u.Party.Actors, actors)
	})
}

// headed reads a quotation after the name of who says it: "Leavitt: “…”".
func (r *Reader) headed(s *sentence.Sentence) (Claim, bool) {
	from, to := s.NounPhrase(0)
	if to == from || !colonQuote.MatchString(s.Text[s.Tokens[to-1].End:s.End]) {
		return Claim{}, false
	}
	subjects := s.Speakers(from, to)
	if len(subjects) != 1 {
		return Claim{}, false
	}
	cl := Claim{Verb: neutral, At: to - 1, Wraps: true}
	r.setSubject(&cl, from, subjects)
	return cl, true
}

// colonQuote follows the name of whoever is quoted, with a link perhaps.
var colonQuote = regexp.MustCompile(`^[*\]]*(\(\S+\))?[*]*:[*]*\s*[“"]`)

// At reads the verb at token i with its subject.
func (r *Reader) At(s *sentence.Sentence, i int) (Claim, bool) {
	u := s.Tokens[i]
	if u.Party != nil || u.Quoted {
		return Claim{}, false
	}
	for _, c := range stance.Verbs[u.Fold] { // more than one where what follows decides
		if !Suits(s, i, c) {
			continue
		}
		if cl, ok := r.claimBy(s, i, c); ok && (!c.Own || r.PublisherActor != "" || len(cl.Actors()) > 1) {
			return cl, true
		}
	}
	if u.Fold == "clear" && s.Is(i-1, sentence.BeForms) && s.Is(i+1, clarified) {
		return r.claimBy(s, i, stance.Verb{Form: stance.Third})
	}
	if (u.Fold == "called" || u.Fold == "calls") && characterises(s, i) {
		return r.claimBy(s, i, neutral)
	}
	return Claim{}, false
}

// neutral is the cue of what is said without a verb of the table.
var neutral = stance.Verb{Form: stance.Past}

// characterises reports whether "called" names a quality, not a telephone.
func characterises(s *sentence.Sentence, i int) bool {
	for j := i + 1; j < min(i+12, len(s.Tokens)); j++ {
		if s.Is(j, judgements) || s.Tokens[j].Quoted || j > i+1 && s.Is(j, sentence.Articles) && s.Word(j) != "the" {
			return true
		}
		if s.AfterComma(j) || s.Word(j) == "to" {
			return false
		}
	}
	return false
}

// followed reports whether one of the words follows token i.
func followed(s *sentence.Sentence, i int, set map[string]bool) bool {
	j := i + 1
	for s.Is(j, sentence.Adverbs) || s.Is(j, sentence.Negations) || s.Is(j, qualifiers) && j < i+5 {
		j++
	}
	if j < len(s.Tokens) && s.Tokens[j].Party != nil {
		return set[s.Tokens[j].Party.Actors[0]]
	}
	return s.Is(j, set)
}

// Suits reports whether what follows token i lets it be the verb c.
func Suits(s *sentence.Sentence, i int, c stance.Verb) bool {
	if c.Unless != nil && followed(s, i, c.Unless) {
		return false
	}
	return c.After == nil || followed(s, i, c.After) || c.Speech && endsAt(s, i)
}

// claimBy finds the subject of the verb c at token i.
func (r *Reader) claimBy(s *sentence.Sentence, i int, c stance.Verb) (Claim, bool) {
	j, t := s.Tense(i)
	cl := Claim{At: i, Verb: c, Negated: t.Negated}
	switch {
	case c.Form == stance.Past && t.Be:
		return r.passive(s, cl)
	case c.Form == stance.Past && !t.Have && s.Word(i+1) == "by", !says(t, c):
		return cl, false
	case c.Form == stance.Participle && !t.Be:
		return r.trailingParticiple(s, cl)
	case c.Speech && r.inverted(s, &cl, j):
		return cl, true
	}
	from, subjects, ok := r.subjectBefore(s, j)
	if !ok || c.Form == stance.Base && !t.Do && !t.Modal && !AreMany(subjects) || c.Stance == stance.Demands && Qualifies(s, from) {
		return cl, false
	}
	r.setSubject(&cl, from, subjects)
	cl.Wraps = c.Speech && endsAt(s, i) && opensAfterWords(s, from)
	return cl, true
}

// Qualifies reports whether the clause whose subject starts at token i only says more of
// the noun before it: "the support Ukraine requires".
func Qualifies(s *sentence.Sentence, i int) bool {
	if i < 1 || !s.Adjoins(i) || s.Tokens[i-1].Party != nil || s.Tokens[i-1].Upper {
		return false
	}
	if p := s.Tokens[i].Party; p == nil && Pronouns[s.Word(i)] == 0 || p != nil && p.Form != lexicon.FormName {
		return false
	}
	noun := s.Is(i-2, sentence.Articles) || s.Is(i-2, sentence.Determiners)
	return !s.Is(i-1, sentence.FunctionWords) && (noun || len(stance.Verbs[s.Word(i-1)]) == 0) // not "said Ukraine wants"
}

func (r *Reader) setSubject(cl *Claim, from int, subjects []sentence.Party) {
	cl.From, cl.Subjects, cl.Speaker = from, subjects, r.speakerName(subjects)
}

// AreMany reports whether the subject goes with the bare form of a verb.
func AreMany(subjects []sentence.Party) bool {
	return len(subjects) > 1 || subjects[0].Plural
}

// passive finds "by X" after a passive verb.
func (r *Reader) passive(s *sentence.Sentence, cl Claim) (Claim, bool) {
	for j := cl.At + 1; j < min(cl.At+4, len(s.Tokens)); j++ {
		if s.Word(j) == "by" {
			from, to := s.NounPhrase(j + 1)
			subjects := s.Speakers(from, to)
			if len(subjects) > 0 {
				r.setSubject(&cl, from, subjects)
			}
			return cl, len(subjects) > 0
		}
		if s.AfterComma(j) || !sentence.Adverbs[s.Word(j)] {
			break
		}
	}
	return cl, false
}

// trailingParticiple reads ", saying that …" and "a statement saying that …" as the
// words of the sentence's subject.
func (r *Reader) trailingParticiple(s *sentence.Sentence, cl Claim) (Claim, bool) {
	if cl.At == 0 || !s.AfterComma(cl.At) && s.Word(cl.At-1) != "and" && !s.Is(cl.At-1, sentence.Papers) {
		return cl, false
	}
	from, subjects, ok := r.Opening(s)
	if !ok || from >= cl.At {
		return cl, false
	}
	r.setSubject(&cl, from, subjects)
	return cl, true
}

// inverted reads "…, said Peskov" into the claim; j is the token before the verb.
func (r *Reader) inverted(s *sentence.Sentence, cl *Claim, j int) bool {
	from, to := s.NounPhrase(cl.At + 1)
	if j < 0 || to <= from || !opensAfterWords(s, j+1) || !s.Adjoins(cl.At+1) || !phraseEnds(s, to) {
		return false
	}
	subjects := s.Speakers(from, to)
	if len(subjects) == 0 {
		return false
	}
	r.setSubject(cl, from, subjects)
	cl.From, cl.Wraps = cl.At, true
	return true
}

// phraseEnds reports whether no verb can follow the noun phrase before token i.
func phraseEnds(s *sentence.Sentence, i int) bool {
	return i >= len(s.Tokens) || strings.ContainsAny(s.Gap(i), ",.:;–—()\"“”") || s.Is(i, sentence.Prepositions) || s.Is(i, sentence.Adverbs)
}

// opensAfterWords reports whether token i comes right after the end of what is said:
// a comma or a closing quotation mark.
func opensAfterWords(s *sentence.Sentence, i int) bool {
	return i > 0 && strings.ContainsAny(s.Gap(i), ",”\"»–—")
}

// endsAt reports whether the clause ends with token i, or a short adverbial later.
func endsAt(s *sentence.Sentence, i int) bool {
	j := i + 1
	for s.Is(j, sentence.Adverbs) {
		j++
	}
	if j >= len(s.Tokens) {
		return true
	}
	g := s.Gap(j)
	if strings.ContainsAny(g, ",.;:“”\"–—") {
		return !quotedAfter(s, j)
	}
	return s.Is(j, timeWords) && j+6 >= len(s.Tokens)
}

func quotedAfter(s *sentence.Sentence, j int) bool { return s.Tokens[j].Quoted && !s.Tokens[0].Quoted }

// accordingTo reads "according to X".
func (r *Reader) accordingTo(s *sentence.Sentence) (Claim, bool) {
	for i := 0; i+1 < len(s.Tokens); i++ {
		if s.Word(i) != "according" || s.Word(i+1) != "to" || s.Tokens[i].Quoted {
			continue
		}
		from, to := s.NounPhrase(i + 2)
		subjects := s.Speakers(from, to)
		if len(subjects) == 0 {
			return Claim{}, false
		}
		cl := Claim{At: i + 1, Verb: neutral, Wraps: true}
		r.setSubject(&cl, from, subjects)
		return cl, true
	}
	return Claim{}, false
}

// leadEnd is the token at which the main clause starts when the sentence opens with
// a subordinate one: "After X said …, Y said".
func leadEnd(s *sentence.Sentence) int {
	if !s.Is(0, sentence.Leads) {
		return 0
	}
	for i := 1; i < len(s.Tokens); i++ {
		if strings.Contains(s.Gap(i), ",") && !s.Tokens[i].Quoted {
			return i
		}
	}
	return len(s.Tokens)
}

// embedded reports whether the clause whose subject starts at token i depends on
// another: "that Russia rejected".
func embedded(s *sentence.Sentence, from int) bool {
	i := from - 1
	for s.Is(i, sentence.Articles) || s.Is(i, sentence.Titles) || s.Is(i, sentence.Adverbs) {
		i--
	}
	return s.Is(i, sentence.Subordinators) && i > 0 && !contrast(s, i)
}

// contrast reports whether token i sets a main clause against another.
func contrast(s *sentence.Sentence, i int) bool {
	return s.Is(i, contrasts) && strings.Contains(s.Gap(i), ",")
}

// beside reports whether the clause whose subject starts at token i stands beside
// the main one, not within what it says.
func beside(s *sentence.Sentence, from int) bool {
	i := from
	for s.Is(i-1, sentence.Articles) || s.Is(i-1, sentence.Titles) || s.Is(i-1, sentence.Adverbs) {
		i--
	}
	return i > 0 && (strings.Contains(s.Gap(i), ";") || contrast(s, i-1) || strings.Contains(s.Gap(i-1), ";"))
}

// nounClaim reads "Russia's demand that …" where no verb claims anything.
func (r *Reader) nounClaim(s *sentence.Sentence) (Claim, bool) {
	var found []Claim
	for i := 1; i < len(s.Tokens); i++ {
		tone, ok := claimNouns[s.Word(i)]
		p := s.Tokens[i-1].Party
		if !ok || p == nil || s.Tokens[i].Quoted || !s.Adjoins(i) || !s.Is(i+1, nounTails) {
			continue
		}
		if p.Form == lexicon.FormAdjective || p.Possessive && !p.Silent {
			cl := Claim{At: i, Verb: stance.Verb{Stance: tone, Form: stance.Past}}
			r.setSubject(&cl, i-1, []sentence.Party{*p})
			found = append(found, cl)
		}
	}
	if len(found) != 1 {
		return Claim{}, false
	}
	return found[0], true
}

// says reports whether a verb in this tense says something or takes a position: it
// is asserted, not denied, planned or possible, unless its denial is a position too.
func says(t sentence.Tense, c stance.Verb) bool {
	if t.Negated {
		return c.Denies && !t.Infinitive
	}
	return !t.Modal && !t.Infinitive
}

var (
	// qualifiers may stand between a verb and the noun that makes it one of saying.
	qualifiers = words.Set(`a an the his her its their our my serious deep strong full firm great grave particular profound sincere mutual common continued steadfast unwavering
		high shared joint main`)
	// contrasts open a main clause beside another.
	contrasts = words.Set("while whereas but and whilst")
	// uttered are participles of opinions that nobody is named for, of the kinds that
	// feelings tell.
	uttered  = words.Set("expressed voiced")
	feelings = map[string]stance.Stance{"concern": stance.None, "concerns": stance.None, "regret": stance.None, "support": stance.Supports, "hope": stance.Supports, "satisfaction": stance.Supports, "readiness": stance.Supports}
	// clarified are the words after "is clear": what somebody makes clear.
	clarified = words.Set("that about in on")
	// settled are participles of matters on which all parties to the talks have agreed.
	settled = words.Set("agreed decided")
	// judgements are what somebody calls a thing, where others call by telephone.
	judgements = words.Set(`unacceptable difficult impossible premature unrealistic constructive productive absurd illegal illegitimate
		essential important substantive hypocritical irresponsible baseless false`)
	// timeWords may follow the verb at the end of "…, Peskov said on Monday".
	timeWords = words.Set("on in at during after")
	nounTails = words.Set("that for to of")
	// claimNouns are the nouns that tell what their owner says: "Russia's demand that".
	claimNouns = map[string]stance.Stance{
		"demand": stance.Demands, "demands": stance.Demands, "call": stance.Demands, "calls": stance.Demands, "insistence": stance.Demands,
		"proposal": stance.Offers, "offer": stance.Offers, "pledge": stance.Offers, "warning": stance.Warns, "warnings": stance.Warns, "threat": stance.Warns,
		"rejection": stance.Opposes, "refusal": stance.Opposes, "objection": stance.Opposes, "objections": stance.Opposes,
		"claim": stance.None, "assertion": stance.None,
	}
)
