package statement

import (
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
		if p.owner || p.silent || s.ousted(i) {
			return nil
		}
		out = append(out, *p)
	}
	return out
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
	if j < 0 {
		return 0, nil, false
	}
	if s.plain(j + 1) {
		if from, subjects, ok = r.subjectAt(s, j); ok {
			return from, subjects, true
		}
		if s.is(j, links) || s.word(j) == "but" || s.word(j) == "then" {
			return r.sharedSubject(s, j)
		}
		return 0, nil, false
	}
	if !s.comma(j + 1) {
		return 0, nil, false
	}
	return r.beforeAside(s, j)
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
		p, ok := r.memory.refer(pronouns[u.fold])
		return j, p, ok
	}
	return r.shortForm(s, j)
}

// partiesUpTo reads the coordinated parties of which the last is unit j, and makes
// sure that they are a subject: no preposition before them.
func (s *sentence) partiesUpTo(j int) (from int, subjects []party, ok bool) {
	from = j
	for {
		k, _ := s.before(from)
		if k < 0 || s.units[k].quoted {
			break
		}
		and := s.is(k, links) || strings.TrimSpace(s.gap(from)) == "," && from < j
		if s.is(k, links) {
			k--
			for k >= 0 && s.is(k, articles) {
				k--
			}
		}
		if !and || k < 0 || s.units[k].party == nil || s.units[k].party.owner {
			break
		}
		from = k
	}
	if k, joined := s.before(from); joined && s.is(k, prepositions) && !s.speaksFor(k) {
		if from, ok = s.afterComma(from, j); !ok {
			return 0, nil, false
		}
	}
	subjects = s.speakers(from, j+1)
	return from, subjects, len(subjects) > 0
}

// before is the unit before a noun phrase that starts at from, with its articles
// and titles, and whether nothing parts it from them. It is -1 where there is none.
func (s *sentence) before(from int) (k int, joined bool) {
	k = from - 1
	for k >= 0 && s.plain(k+1) && (s.is(k, articles) || s.is(k, coverRoles)) {
		k--
	}
	if k >= 0 && !s.plain(k+1) && strings.TrimSpace(s.gap(k+1)) != "," {
		return -1, false
	}
	return k, s.plain(k + 1)
}

// speaksFor reports whether the preposition at unit k belongs to one who speaks for
// what follows: "a spokesman for", "the leaders of".
func (s *sentence) speaksFor(k int) bool {
	return (s.word(k) == "of" || s.word(k) == "for") && s.is(k-1, mouthpieces)
}

// afterComma is the part of a list of names after its first comma: in "after talks
// with Rutte, Starmer and Macron said" the subject.
func (s *sentence) afterComma(from, to int) (int, bool) {
	for i := from + 1; i <= to; i++ {
		if strings.Contains(s.gap(i), ",") {
			return i, true
		}
	}
	return 0, false
}

// sharedSubject is that of "X met Y and said": the one who opens the sentence.
func (r *reader) sharedSubject(s *sentence, j int) (int, []party, bool) {
	from, subjects, ok := r.opening(s)
	return from, subjects, ok && from < j
}

// beforeAside finds the subject before an aside that ends with unit j: "X, who …, said".
func (r *reader) beforeAside(s *sentence, j int) (int, []party, bool) {
	for k := j; k > 0 && j-k < 30; k-- {
		if !s.comma(k) || s.units[k].quoted {
			continue
		}
		if from, subjects, ok := r.subjectAt(s, k-1); ok {
			return from, subjects, true
		}
	}
	return 0, nil, false
}

// opening is the party with which the sentence opens, after an adverbial.
func (r *reader) opening(s *sentence) (from int, subjects []party, ok bool) {
	starts := []int{0}
	for i := 1; i < len(s.units); i++ {
		if strings.TrimSpace(s.gap(i)) == "," {
			starts = append(starts, i)
		}
	}
	for n, i := range starts {
		if pronouns[s.word(i)] != 0 && n < 2 {
			p, ok := r.memory.refer(pronouns[s.word(i)])
			return i, p, ok
		}
		from, to := s.nounPhrase(i)
		if subjects = s.speakers(from, to); len(subjects) > 0 {
			return from, subjects, true
		}
		if n == 0 && !s.is(0, prepositions) && !s.is(0, leads) && !s.is(0, adverbs) {
			return 0, nil, false
		}
	}
	return 0, nil, false
}

// shortForm reads "the president", "the ministry" that ends at unit j.
func (r *reader) shortForm(s *sentence, j int) (int, []party, bool) {
	from := j
	for from > 0 && s.is(from-1, coverRoles) && s.plain(from) {
		from--
	}
	if from == 0 || s.word(from-1) != "the" {
		return 0, nil, false
	}
	if k, joined := s.before(from); joined && s.is(k, prepositions) {
		return 0, nil, false
	}
	p, ok := r.byOffice(s, corpus.Span{Start: s.units[from].Start, End: s.units[j].End})
	return from, p, ok
}

// speakerName is the text's name for the parties.
func (r *reader) speakerName(s *sentence, subjects []party) string {
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
