package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/words"
)

// found is a name found at a run of words.
type found struct {
	name
	from, to int
}

// actors finds the mentions of actors.
func (s *scan) actors() []Mention {
	var all []found
	for i := 0; i < len(s.tokens); {
		f, ok := s.actorAt(i)
		if !ok {
			i++
			continue
		}
		if f.actor != nil && !s.foreign(f, all) {
			all = append(all, f)
		}
		i = f.to
	}
	out := make([]Mention, len(all))
	for i, f := range all {
		m := Mention{Span: s.span(f.from, f.to), ID: f.actor.ID, Form: f.form, Name: f.pattern.name}
		m.Weak = f.weak || s.averted(f) || f.form == FormMetonym && s.glued(f.from-1) && locatives[s.folds[f.from-1]]
		if f.person != nil {
			m.Person = f.person.Name
		}
		if f.form == FormPerson {
			m.ID = f.person.ActorAt(s.date)
		}
		out[i] = m
	}
	s.nameHolders(all, out)
	return out
}

// foreign reports whether an office that an actor has by a name of its own stands
// after the name of another: "the Canadian House Speaker" is not the American one.
func (s *scan) foreign(f found, before []found) bool {
	byItself := f.form == FormOffice && len(f.words) == f.to-f.from
	if !byItself || len(before) == 0 {
		return false
	}
	prev := before[len(before)-1]
	return prev.refers() && prev.to == f.from && prev.actor != f.actor && s.glued(f.from-1)
}

// actorAt is the longest name that starts at word i: a name itself, an actor's name
// with a title after it, or a title "of" an actor. An ignored phrase is found too,
// without an actor.
func (s *scan) actorAt(i int) (found, bool) {
	best, ok := s.nameAt(i)
	if ok {
		best = s.withHolder(best)
	}
	if ok && best.refers() {
		best = s.titleAfter(best)
	}
	if titled, of := s.titleOf(i); of && (!ok || titled.to > best.to) {
		best, ok = titled, true
	}
	return best, ok
}

// refers reports whether a title may follow: "Ukrainian" can have a minister, "Lavrov" cannot.
func (n name) refers() bool { return n.actor != nil && n.form <= FormMetonym }

// nameAt is the longest name in the lexicon that starts at word i.
func (s *scan) nameAt(i int) (best found, ok bool) {
	s.names = s.lexicon.names.find(s.folds, s.folds, i, s.tokens[i].run, s.names[:0])
	for _, h := range s.names {
		longer := h.end > best.to || h.end == best.to && h.value.knowsMore(best.pattern)
		if longer && s.fits(h.value.pattern, i, h.end) && !s.someoneElse(h.value, i, h.end) {
			best, ok = found{h.value, i, h.end}, true
		}
	}
	return best, ok
}

// someoneElse reports whether a surname belongs to another person: a given name that
// is not theirs stands before it, as in "Mike Johnson", or a "Jr" follows.
func (s *scan) someoneElse(n name, from, to int) bool {
	if n.person == nil {
		return false
	}
	if s.glued(to-1) && (s.folds[to] == "jr" || s.folds[to] == "junior") {
		return true
	}
	return len(n.words) == 1 && s.glued(from-1) && s.lexicon.given[s.folds[from-1]] && s.capital(from-1)
}

// titleAfter extends an actor's name by the title or institution that follows it.
func (s *scan) titleAfter(ref found) found {
	if !s.glued(ref.to - 1) {
		return ref
	}
	best := ref
	s.titles = s.lexicon.titles.find(s.folds, s.folds, ref.to, s.tokens[ref.to].run, s.titles[:0])
	for _, h := range s.titles {
		if h.end > best.to && h.value.suits(ref.actor) && s.fits(h.value.pattern, ref.to, h.end) {
			best = h.value.of(ref, ref.from, h.end)
		}
	}
	return s.withHolder(best)
}

// titleOf finds "president of Ukraine" and, in Cyrillic, "президент України".
func (s *scan) titleOf(i int) (best found, ok bool) {
	s.titles = s.lexicon.titles.find(s.folds, s.folds, i, s.tokens[i].run, s.titles[:0])
	for _, h := range s.titles {
		at := s.afterOf(h.end, h.value)
		if at == 0 || h.end < best.to {
			continue
		}
		ref, found := s.nameAt(at)
		if found && ref.refers() && ref.to > best.to && h.value.suits(ref.actor) && s.fits(h.value.pattern, i, h.end) {
			best, ok = h.value.of(ref, i, ref.to), true
		}
	}
	return s.withHolder(best), ok
}

// afterOf is the word at which an actor's name may stand after a title that ends at
// word end; 0 if none can.
func (s *scan) afterOf(end int, t title) int {
	limit := s.tokens[end-1].run
	switch {
	case end >= limit:
		return 0
	case s.folds[end] == "of" && end+2 < limit && s.folds[end+1] == "the":
		return end + 2
	case s.folds[end] == "of" && end+1 < limit:
		return end + 1
	case s.folds[end][0] >= utf8.RuneSelf && t.words[0].fold[0] >= utf8.RuneSelf:
		return end
	}
	return 0
}

// suits reports whether the actor may have the office or institution.
func (t title) suits(a *Actor) bool { return t.actor == "" || t.actor == a.ID }

// of is the title borne within the actor that ref names.
func (t title) of(ref found, from, to int) found {
	form := FormOffice
	if t.office == "" {
		form = FormInstitution
	}
	n := name{pattern: ref.pattern, actor: ref.actor, form: form, office: t.office}
	n.pattern.name = ref.pattern.name + " " + t.pattern.name
	n.weak = ref.weak && t.office == ""
	return found{n, from, to}
}

// locatives before a seat of government make a place of it: "in Kyiv".
var locatives = words.Set("in near outside around inside across central at visited visiting у в во")

// averse prefixes make a name tell where others stand: "pro-Russian".
var averse = words.Set("pro anti non post")

// averted reports whether the name has a prefix as in "pro-Russian".
func (s *scan) averted(f found) bool {
	return s.glued(f.from-1) && averse[s.folds[f.from-1]] && strings.ContainsAny(s.between(f.from-1), "-\u2010\u2011")
}

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
var otherHolder = words.Set(`former ex then late next future deputy vice acting previous incoming outgoing first second
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
		case s.otherBefore(f.from - 1), s.averted(f), s.stranger(f.to):
			out[i].Person = ""
		}
	}
}

// otherBefore reports whether word i, before an office, says that its present holder is
// not meant.
func (s *scan) otherBefore(i int) bool {
	return s.glued(i) && (otherHolder[s.folds[i]] || unicode.IsDigit(rune(s.folds[i][0])))
}

// apposed reports whether the person is named right after their office:
// "US Secretary of State Marco Rubio", "Germany's chancellor, Friedrich Merz".
func (s *scan) apposed(office, p found) bool {
	if p.form != FormPerson || p.from != office.to || s.possessive(office.to-1) {
		return false
	}
	gap, held := s.between(office.to-1), p.person.held(office.actor.ID, office.office)
	return joins(gap) && (held || p.actor == office.actor) || strings.TrimSpace(gap) == "," && held
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
	return joins(gap) || strings.TrimSpace(gap) == "," && s.lexicon.given[s.folds[at]]
}
