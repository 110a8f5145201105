package sentence

import (
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/words"
)

// NounPhrase is the run of tokens from i on that names parties: "the leaders of
// France, the UK and Germany". It is empty where no party is named.
func (s *Sentence) NounPhrase(i int) (from, to int) {
	from, to = i, i
	for j := i; j < len(s.Tokens); {
		switch {
		case s.Is(j, Articles) || s.Is(j, Titles) || s.Is(j, Representatives):
			if !s.Adjoins(j) && j > i && to != j-1 && !s.linked(j) {
				return from, to
			}
			j++
		case s.Tokens[j].Party != nil && (s.Adjoins(j) || j == i || s.linked(j)):
			j++
			to = j
		case (s.Word(j) == "of" || s.Word(j) == "for") && to == i && j > i:
			j++
		case s.Word(j) == "and" && to > i:
			j++
		default:
			return from, to
		}
	}
	return from, to
}

// linked reports whether only a comma or "and" parts token j from the one before.
func (s *Sentence) linked(j int) bool {
	return strings.TrimSpace(s.Gap(j)) == "," || s.Word(j-1) == "and"
}

// Speakers are the parties named in tokens from to to; none if one of them is not
// able to speak.
func (s *Sentence) Speakers(from, to int) []Party {
	var out []Party
	for i := from; i < to; i++ {
		p := s.Tokens[i].Party
		if p == nil {
			continue
		}
		if p.Possessive || p.Silent || p.Prefixed || s.ousted(i) || s.branded(i) {
			return nil
		}
		out = append(out, *p)
	}
	return out
}

// branded reports whether a capitalised word before the name at token i makes it part of
// somebody else's name: "Santander UK".
func (s *Sentence) branded(i int) bool {
	if i == 0 || !s.Tokens[i-1].Upper || s.Tokens[i-1].Party != nil || s.Tokens[i].Party.Form != lexicon.FormName || !s.Adjoins(i) {
		return false
	}
	return !s.Is(i-1, FunctionWords) && !strings.HasSuffix(s.Tokens[i-1].Fold, "ing")
}

// ousted reports whether "former" stands before the name at token i and the lexicon
// does not know that its bearer has another office.
func (s *Sentence) ousted(i int) bool {
	for j := i - 1; j >= max(0, i-3) && s.Tokens[j].Party == nil; j-- {
		if s.Is(j, formers) {
			return s.Tokens[i].Party.Form != lexicon.FormPerson
		}
	}
	return false
}

var formers = words.Set("former ex onetime")

// PartiesUpTo reads the coordinated parties that end at token j, and makes
// sure that they are a subject: no preposition before them.
func (s *Sentence) PartiesUpTo(j int) (from int, subjects []Party, ok bool) {
	from = j
	for {
		k, coordinated := s.Coordinate(from, from < j)
		if !coordinated {
			break
		}
		from = k
	}
	first := s.PhraseStart(from)
	if first == 0 || !s.Adjoins(first) || !s.Is(first-1, Prepositions) || s.speaksFor(first-1) || s.entitles(first-1, from) {
		subjects = s.Speakers(from, j+1)
		return from, subjects, len(subjects) > 0
	}
	if i, ok := s.restOfList(from, j); ok {
		subjects = s.Speakers(i, j+1)
		return i, subjects, len(subjects) > 0
	}
	if k := first - 2; k >= 0 && s.Tokens[k].Party != nil && s.Adjoins(first-1) && s.Is(first-1, companions) {
		return s.PartiesUpTo(k)
	}
	return 0, nil, false
}

// Coordinate finds the party that a comma or "and" joins to the one at token i; a
// comma will do only inside a list that ends in "and".
func (s *Sentence) Coordinate(i int, list bool) (k int, ok bool) {
	first := s.PhraseStart(i)
	k = first - 1
	if k < 0 || s.Tokens[k].Quoted {
		return 0, false
	}
	comma := strings.TrimSpace(s.Gap(first)) == ","
	if s.Word(k) == "and" && s.Adjoins(first) {
		k--
	} else if !comma || !list {
		return 0, false
	}
	return k, k >= 0 && s.Tokens[k].Party != nil && !s.Tokens[k].Party.Possessive
}

// PhraseStart is the first token of the noun phrase of the party at token i, with its
// articles and titles.
func (s *Sentence) PhraseStart(i int) int {
	for i > 0 && s.Adjoins(i) && (s.Is(i-1, Articles) || s.Is(i-1, Titles)) {
		i--
	}
	return i
}

// speaksFor reports whether the preposition at token k belongs to one who speaks for
// what follows: "a spokesman for", "the leaders of".
func (s *Sentence) speaksFor(k int) bool {
	return (s.Word(k) == "of" || s.Word(k) == "for") && s.Is(k-1, Representatives)
}

// entitles reports whether what follows the preposition at token k belongs to the title of
// the known person at token i: "Mayor of Kyiv Vitali Klitschko".
func (s *Sentence) entitles(k, i int) bool {
	p := s.Tokens[i].Party
	return s.Word(k) == "of" && k > 0 && s.Tokens[k-1].Upper && p.Form == lexicon.FormPerson && p.Name != s.Tokens[i].Span
}

// restOfList is the part of a list of names after its first comma: in "after talks
// with Rutte, Starmer and Macron said" the subject, but not in "in Ankara, Türkiye, it
// was said".
func (s *Sentence) restOfList(from, to int) (int, bool) {
	for i := from + 1; i <= to; i++ {
		if strings.Contains(s.Gap(i), ",") {
			before, p := s.Tokens[i-1].Party, s.Tokens[i].Party
			return i, p == nil || before == nil || before.Actors[0] != p.Actors[0]
		}
	}
	return 0, false
}

// BodyUpTo reads a body or a paper of an actor that ends with token j: "Ukraine's
// State Border Service", "the Russian memorandum".
func (s *Sentence) BodyUpTo(j int) (from int, subjects []Party, ok bool) {
	k := j - 1
	for k > 0 && k > j-4 && s.Adjoins(k+1) && s.Tokens[k].Party == nil && s.Tokens[k].Upper && Bodies[s.Tokens[j].Fold] {
		k--
	}
	if k < 0 || s.Tokens[k].Party == nil || !s.Adjoins(k+1) {
		return 0, nil, false
	}
	p := *s.Tokens[k].Party
	if p.Prefixed {
		return 0, nil, false
	}
	whole := p.Form == lexicon.FormAdjective || p.Possessive || p.Form == lexicon.FormName && Papers[s.Tokens[j].Fold]
	first := s.PhraseStart(k)
	if k > 0 && s.Adjoins(k) && s.Tokens[k-1].Party != nil {
		return 0, nil, false // "the United States European Command" is not Europe's
	}
	if !whole || p.Form > lexicon.FormMetonym || first > 0 && s.Adjoins(first) && s.Is(first-1, Prepositions) {
		return 0, nil, false
	}
	p.Form, p.Possessive, p.Silent = lexicon.FormInstitution, false, false
	p.Plural = strings.HasSuffix(s.Tokens[j].Fold, "s")
	p.Name = corpus.Span{Start: s.Tokens[k].Start, End: s.Tokens[j].End}
	return k, []Party{p}, true
}

var (
	// companions lead to those beside or around the subject: "Putin in Moscow said".
	companions = words.Set("with alongside in at from")
)
