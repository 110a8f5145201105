package lexicon

import (
	"strings"
	"unicode"

	"parley/corpus"
)

// withHolder says who holds the office that was found, if that is certain.
func (s *scan) withHolder(f found) found {
	if f.office != "" && f.actor != nil {
		f.person = s.lexicon.holder(seat{f.actor.ID, f.office}, s.date)
	}
	return f
}

// holder is the one person who certainly held the office at the date, or at an
// unknown date holds it last; nil if there is none or may be more than one.
func (l *Lexicon) holder(at seat, d corpus.PartialDate) *Person {
	var only *Person
	certain := false
	for _, h := range l.holders[at] {
		lasts := d.IsZero() && h.term.Until.IsZero()
		if !lasts && (d.IsZero() || !h.term.covers(d)) {
			continue
		}
		if only != nil && only != h.person {
			return nil
		}
		only = h.person
		certain = certain || lasts || h.term.spans(d)
	}
	if !certain {
		return nil
	}
	return only
}

// otherHolder are words before an office that do not mean its present holder:
// "former", "deputy", "a", "23rd".
var otherHolder = wordSet(`former ex then late next future deputy vice acting previous incoming outgoing first second
	last onetime assistant designate elect every any no a an another each some
	бывший бывшего екс экс колишній колишнього`)

// nameHolders corrects the holders of offices by the names beside them, which know
// better than any table: "the then German chancellor, Angela Merkel".
func (s *scan) nameHolders(all []found, out []Mention) {
	for i, f := range all {
		if f.form != FormOffice {
			continue
		}
		var next, prev *found
		if i+1 < len(all) {
			next = &all[i+1]
		}
		if i > 0 {
			prev = &all[i-1]
		}
		switch {
		case next != nil && s.apposed(f, *next):
			out[i].Person, out[i+1].ID = next.person.Name, f.actor.ID
		case prev != nil && s.explains(*prev, f):
			out[i].Person = prev.person.Name
		case s.other(f.from - 1), s.averted(f), s.stranger(f.to):
			out[i].Person = ""
		}
	}
}

// other reports whether word i, before an office, says that its present holder is
// not meant.
func (s *scan) other(i int) bool {
	return s.glued(i) && (otherHolder[s.folds[i]] || unicode.IsDigit(rune(s.folds[i][0])))
}

// apposed reports whether the person is named right after their office:
// "US Secretary of State Marco Rubio", "Germany's chancellor, Friedrich Merz".
func (s *scan) apposed(office, p found) bool {
	if p.form != FormPerson || p.from != office.to || s.possessive(office.to-1) {
		return false
	}
	gap, held := s.between(office.to-1), p.person.held(office.actor.ID, office.office)
	return glue(gap) && (held || p.actor == office.actor) || strings.TrimSpace(gap) == "," && held
}

// explains reports whether the office follows the person who held it: "Joe Biden,
// the US president", "Joe Biden, then US president".
func (s *scan) explains(p, office found) bool {
	if p.form != FormPerson || !p.person.held(office.actor.ID, office.office) {
		return false
	}
	for i := p.to; i < office.from; i++ {
		if s.folds[i] != "the" && !otherHolder[s.folds[i]] {
			return false
		}
	}
	return strings.HasPrefix(strings.TrimSpace(s.between(p.to-1)), ",")
}

// possessive reports whether word i ends in an apostrophe and s.
func (s *scan) possessive(i int) bool {
	t := s.tokens[i].Text
	return strings.HasSuffix(t, "'s") || strings.HasSuffix(t, "’s")
}

// stranger reports whether a name that the lexicon does not know follows an office:
// "German Chancellor Helmut Kohl" is not whoever holds it now.
func (s *scan) stranger(at int) bool {
	if s.casual || at >= len(s.tokens) || s.possessive(at-1) || !s.capital(at) {
		return false
	}
	gap := s.between(at - 1)
	return glue(gap) || strings.TrimSpace(gap) == "," && s.lexicon.given[s.folds[at]]
}
