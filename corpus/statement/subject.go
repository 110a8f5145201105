package statement

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
)

// nounPhrase is the run of units from i on that names parties: "the leaders of
// France, the UK and Germany". It is empty where no party is named.
func (s *sentence) nounPhrase(i int) (from, to int) {
	from, to = i, i
	for j := i; j < len(s.units); {
		switch {
		case s.is(j, articles) || s.is(j, coverRoles) || s.is(j, mouthpieces):
			if !s.plain(j) && j > i && to != j-1 && !s.linked(j) {
				return from, to
			}
			j++
		case s.units[j].party != nil && (s.plain(j) || j == i || s.linked(j)):
			j++
			to = j
		case (s.word(j) == "of" || s.word(j) == "for") && to == i && j > i:
			j++
		case s.is(j, links) && to > i:
			j++
		default:
			return from, to
		}
	}
	return from, to
}

// linked reports whether only a comma or "and" parts unit j from the one before.
func (s *sentence) linked(j int) bool { return strings.TrimSpace(s.gap(j)) == "," || s.is(j-1, links) }

// speakers are the parties named in units from to to; none if one of them is not
// able to speak.
func (s *sentence) speakers(from, to int) []party {
	var out []party
	for i := from; i < to; i++ {
		p := s.units[i].party
		if p == nil {
			continue
		}
		if p.owner || p.silent || p.sided || s.ousted(i) || s.branded(i) {
			return nil
		}
		out = append(out, *p)
	}
	return out
}

// branded reports whether a capitalised word before the name at unit i makes it part of
// somebody else's name: "Santander UK".
func (s *sentence) branded(i int) bool {
	if i == 0 || !s.units[i-1].upper || s.units[i-1].party != nil || s.units[i].party.form != lexicon.FormName || !s.plain(i) {
		return false
	}
	return !s.is(i-1, grammar) && !strings.HasSuffix(s.units[i-1].fold, "ing")
}

// ousted reports whether "former" stands before the name at unit i and the lexicon
// does not know that its bearer has another office.
func (s *sentence) ousted(i int) bool {
	for j := i - 1; j >= max(0, i-3) && s.units[j].party == nil; j-- {
		if s.is(j, formers) {
			return s.units[i].party.form != lexicon.FormPerson
		}
	}
	return false
}

var formers = setOf("former ex onetime")

// subjectBefore finds the subject of a verb whose first word follows unit j.
func (r *reader) subjectBefore(s *sentence, j int) (from int, subjects []party, ok bool) {
	switch {
	case j < 0:
		return 0, nil, false
	case !s.plain(j + 1):
		return r.beforeAside(s, j)
	}
	if from, subjects, ok = r.subjectAt(s, j); ok {
		return from, subjects, true
	}
	if s.is(j, joints) {
		return r.sharedSubject(s, j)
	}
	return r.beforeParticiple(s, j)
}

// subjectAt reads the subject that ends with unit j.
func (r *reader) subjectAt(s *sentence, j int) (from int, subjects []party, ok bool) {
	u := s.units[j]
	switch {
	case u.quoted:
		return 0, nil, false
	case u.party != nil:
		return s.partiesUpTo(j)
	case pronouns[u.fold] != 0:
		p, ok := r.refer(s, j)
		return j, p, ok
	case bodies[u.fold] || papers[u.fold]:
		return s.bodyUpTo(j)
	case pairs[u.fold]:
		if from, p := r.pairAt(s, j); p != nil {
			return from, p, true
		}
	}
	return r.shortForm(s, j)
}

// partiesUpTo reads the coordinated parties of which the last is unit j, and makes
// sure that they are a subject: no preposition before them.
func (s *sentence) partiesUpTo(j int) (from int, subjects []party, ok bool) {
	from = j
	for {
		k, coordinated := s.coordinate(from, from < j)
		if !coordinated {
			break
		}
		from = k
	}
	first := s.phraseStart(from)
	if first == 0 || !s.plain(first) || !s.is(first-1, prepositions) || s.speaksFor(first-1) || s.entitles(first-1, from) {
		subjects = s.speakers(from, j+1)
		return from, subjects, len(subjects) > 0
	}
	if i, ok := s.afterComma(from, j); ok {
		subjects = s.speakers(i, j+1)
		return i, subjects, len(subjects) > 0
	}
	if k := first - 2; k >= 0 && s.units[k].party != nil && s.plain(first-1) && s.is(first-1, companions) {
		return s.partiesUpTo(k)
	}
	return 0, nil, false
}

// coordinate finds the party that a comma or "and" joins to the one at unit i; a
// comma will do only inside a list that ends in "and".
func (s *sentence) coordinate(i int, list bool) (k int, ok bool) {
	first := s.phraseStart(i)
	k = first - 1
	if k < 0 || s.units[k].quoted {
		return 0, false
	}
	comma := strings.TrimSpace(s.gap(first)) == ","
	if s.is(k, links) && s.plain(first) {
		k--
	} else if !comma || !list {
		return 0, false
	}
	return k, k >= 0 && s.units[k].party != nil && !s.units[k].party.owner
}

// phraseStart is the first unit of the noun phrase of the party at unit i, with its
// articles and titles.
func (s *sentence) phraseStart(i int) int {
	for i > 0 && s.plain(i) && (s.is(i-1, articles) || s.is(i-1, coverRoles)) {
		i--
	}
	return i
}

// speaksFor reports whether the preposition at unit k belongs to one who speaks for
// what follows: "a spokesman for", "the leaders of".
func (s *sentence) speaksFor(k int) bool {
	return (s.word(k) == "of" || s.word(k) == "for") && s.is(k-1, mouthpieces)
}

// entitles reports whether what follows the preposition at unit k belongs to the title of
// the known person at unit i: "Mayor of Kyiv Vitali Klitschko".
func (s *sentence) entitles(k, i int) bool {
	p := s.units[i].party
	return s.word(k) == "of" && k > 0 && s.units[k-1].upper && p.form == lexicon.FormPerson && p.name != s.units[i].Span
}

// afterComma is the part of a list of names after its first comma: in "after talks
// with Rutte, Starmer and Macron said" the subject, but not in "in Ankara, Türkiye, it
// was said".
func (s *sentence) afterComma(from, to int) (int, bool) {
	for i := from + 1; i <= to; i++ {
		if strings.Contains(s.gap(i), ",") {
			before, p := s.units[i-1].party, s.units[i].party
			return i, p == nil || before == nil || before.actors[0] != p.actors[0]
		}
	}
	return 0, false
}

// bodyUpTo reads a body or a paper of an actor that ends with unit j: "Ukraine's
// State Border Service", "the Russian memorandum".
func (s *sentence) bodyUpTo(j int) (from int, subjects []party, ok bool) {
	k := j - 1
	for k > 0 && k > j-4 && s.plain(k+1) && s.units[k].party == nil && s.units[k].upper && bodies[s.units[j].fold] {
		k--
	}
	if k < 0 || s.units[k].party == nil || !s.plain(k+1) {
		return 0, nil, false
	}
	p := *s.units[k].party
	if p.sided {
		return 0, nil, false
	}
	whole := p.form == lexicon.FormAdjective || p.owner || p.form == lexicon.FormName && papers[s.units[j].fold]
	first := s.phraseStart(k)
	if k > 0 && s.plain(k) && s.units[k-1].party != nil {
		return 0, nil, false // "the United States European Command" is not Europe's
	}
	if !whole || p.form > lexicon.FormMetonym || first > 0 && s.plain(first) && s.is(first-1, prepositions) {
		return 0, nil, false
	}
	p.form, p.owner, p.silent = lexicon.FormInstitution, false, false
	p.plural = strings.HasSuffix(s.units[j].fold, "s")
	p.name = corpus.Span{Start: s.units[k].Start, End: s.units[j].End}
	return k, []party{p}, true
}

// sharedSubject is that of "X met Y and said": the one who opens the sentence.
func (r *reader) sharedSubject(s *sentence, j int) (int, []party, bool) {
	from, subjects, ok := r.opening(s)
	return from, subjects, ok && from < j
}

// beforeParticiple is the subject of "European leaders meeting in Berlin said", where
// unit j is before the verb.
func (r *reader) beforeParticiple(s *sentence, j int) (int, []party, bool) {
	for k := j; k > 0 && k > j-8 && s.plain(k+1); k-- {
		w := s.word(k)
		if !strings.HasSuffix(w, "ing") && !strings.HasSuffix(w, "ed") || !s.plain(k) {
			continue
		}
		if from, subjects, ok := r.subjectAt(s, k-1); ok && s.phraseStart(from) == 0 {
			return from, subjects, true
		}
	}
	return 0, nil, false
}

// beforeAside finds the subject before an aside that ends with unit j: "X, who …, said".
func (r *reader) beforeAside(s *sentence, j int) (int, []party, bool) {
	if !s.comma(j + 1) {
		return 0, nil, false
	}
	if _, list := s.coordinate(j, false); list && s.units[j].party != nil {
		return s.partiesUpTo(j)
	}
	for k := j; k > 0 && j-k < 30 && !s.units[k].quoted; k-- {
		if !s.comma(k) || !s.opensAside(k) {
			continue
		}
		if s.is(k-1, joints) {
			return r.sharedSubject(s, k-1)
		}
		if from, subjects, ok := r.subjectAt(s, k-1); ok {
			return from, subjects, true
		}
	}
	return 0, nil, false
}

// opensAside reports whether an aside may start with unit k.
func (s *sentence) opensAside(k int) bool {
	u := s.units[k]
	switch {
	case u.party != nil:
		return u.party.form == lexicon.FormOffice
	case s.is(k, articles) && k+1 < len(s.units) && s.units[k+1].party != nil:
		return s.units[k+1].party.form != lexicon.FormName // "the United States" goes on with a list
	}
	return s.is(k, asides) || s.is(k, prepositions) || s.is(k, articles) || s.is(k, coverRoles) || strings.HasSuffix(u.fold, "ing") || strings.HasSuffix(u.fold, "ed")
}

// opening is the party with which the sentence opens, after an adverbial.
func (r *reader) opening(s *sentence) (from int, subjects []party, ok bool) {
	for i := range s.units {
		if i > 0 && strings.TrimSpace(s.gap(i)) != "," {
			continue
		}
		if pronouns[s.word(i)] != 0 {
			subjects, ok = r.refer(s, i)
			return i, subjects, ok
		}
		if subjects = r.subjectFrom(s, i); len(subjects) > 0 {
			return i, subjects, true
		}
		if i == 0 && !s.is(0, prepositions) && !s.is(0, leads) && !s.is(0, adverbs) {
			return 0, nil, false
		}
	}
	return 0, nil, false
}

// subjectFrom reads the subject that starts with unit i.
func (r *reader) subjectFrom(s *sentence, i int) []party {
	if from, to := s.nounPhrase(i); to > from {
		if to < len(s.units) && s.plain(to) && (bodies[s.word(to)] || papers[s.word(to)]) {
			_, subjects, _ := s.bodyUpTo(to)
			return subjects
		}
		return s.speakers(from, to)
	}
	for j := i; j < min(i+3, len(s.units)) && s.is(j, pairWords); j++ {
		if from, p := r.pairAt(s, j); p != nil && from == i {
			return p
		}
	}
	return nil
}

// pairAt reads "both sides", "the two presidents" that end at unit j: those between
// whom the document is.
func (r *reader) pairAt(s *sentence, j int) (from int, pair []party) {
	if !pairs[s.word(j)] {
		return 0, nil
	}
	from = j
	for from > 0 && s.plain(from) && s.is(from-1, pairWords) {
		from--
	}
	named := slices.ContainsFunc(s.units[from:j+1], func(u unit) bool { return clubs[u.fold] })
	if named != r.ofClub() && !(r.ofClub() && s.word(j) == "leaders") {
		return 0, nil
	}
	name := corpus.Span{Start: s.units[from].Start, End: s.units[j].End}
	two := s.word(j-1) == "two" || s.word(j-1) == "both"
	switch {
	case from == j, s.word(j-1) == "two" && r.parties != nil && len(r.parties) != 2:
		return 0, nil
	case r.parties != nil:
		return from, r.partiesAs(name)
	case two && len(r.memory.last) == 2:
		return from, r.memory.last
	}
	return 0, nil
}

// partiesAs are those between whom the document is, by the text's name for them.
func (r *reader) partiesAs(name corpus.Span) []party {
	return []party{{actors: r.parties, name: name, form: lexicon.FormInstitution, plural: true}}
}

// refer is whom the pronoun at unit i means. At the start of a sentence "they" are
// those between whom a readout is, where the sentences before are about nobody in
// particular.
func (r *reader) refer(s *sentence, i int) ([]party, bool) {
	k := pronouns[s.word(i)]
	between := (r.reports() || r.register == joint) && r.parties != nil
	if k == they && between && len(r.memory.last) == 0 && (i == 0 || strings.TrimSpace(s.gap(i)) == ",") {
		return r.partiesAs(s.units[i].Span), true
	}
	return r.memory.refer(k)
}

// shortForm reads "the president", "the ministry" that ends at unit j. "The chancellor
// and the president" are those two between whom the document is, or not certain.
func (r *reader) shortForm(s *sentence, j int) (int, []party, bool) {
	from := j
	for from > 0 && s.is(from-1, coverRoles) && s.plain(from) {
		from--
	}
	if from == 0 || s.word(from-1) != "the" {
		return 0, nil, false
	}
	title := corpus.Span{Start: s.units[from].Start, End: s.units[j].End}
	switch before := from - 2; {
	case from < 2 || !s.plain(from-1):
	case s.is(before, prepositions):
		return 0, nil, false
	case s.is(before, links) && s.is(before-1, coverRoles):
		title.Start = s.units[s.phraseStart(before-1)].Start
		return before, r.partiesAs(title), len(r.parties) == 2
	}
	p, ok := r.byOffice(title)
	return from, p, ok
}

// speakerName is the text's name for the parties.
func (r *reader) speakerName(subjects []party) string {
	first, last := subjects[0].name, subjects[len(subjects)-1].name
	if len(subjects) > 1 && first.Start < last.End && last.End-first.Start < 120 {
		first.End = last.End
	}
	name := first.In(r.doc.Text)
	if start := first.Start - len("the "); start >= 0 && subjects[0].form == lexicon.FormInstitution && strings.EqualFold(r.doc.Text[start:first.Start], "the ") {
		name = r.doc.Text[start:first.End]
	}
	return name
}
