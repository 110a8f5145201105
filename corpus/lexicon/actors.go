package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
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
		if f.actor != nil {
			all = append(all, f)
		}
		i = f.to
	}
	out := make([]Mention, len(all))
	for i, f := range all {
		out[i] = s.mention(f)
	}
	s.nameHolders(all, out)
	return out
}

func (s *scan) mention(f found) Mention {
	m := Mention{Span: s.span(f.from, f.to), ID: f.actor.ID, Form: f.form, Weak: f.weak || s.weakened(f), Name: f.pattern.name}
	if f.person != nil {
		m.Person = f.person.Name
	}
	if f.form == FormPerson {
		m.ID = f.person.ActorAt(s.date)
	}
	return m
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

// capital reports whether word i starts with a capital; in a casual text all do.
func (s *scan) capital(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.tokens[i].Text)
	return s.casual || unicode.IsUpper(r)
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

// withHolder says who holds the office that was found, if that is certain.
func (s *scan) withHolder(f found) found {
	if f.office != "" && f.actor != nil {
		f.person = s.lexicon.holder(seat{f.actor.ID, f.office}, s.date)
	}
	return f
}

// holder is the one person who held the office at the date, or at an unknown date
// holds it last; nil if there is none or more than one.
func (l *Lexicon) holder(at seat, d corpus.PartialDate) *Person {
	var only *Person
	for _, h := range l.holders[at] {
		lasts := d.IsZero() && h.term.Until.IsZero()
		if !lasts && (d.IsZero() || !h.term.covers(d)) {
			continue
		}
		if only != nil && only != h.person {
			return nil
		}
		only = h.person
	}
	return only
}

// before an office, these say that its present holder is not meant.
var otherHolder = map[string]bool{
	"former": true, "ex": true, "then": true, "late": true, "next": true, "future": true, "deputy": true, "vice": true,
	"acting": true, "previous": true, "incoming": true, "outgoing": true, "first": true, "onetime": true, "assistant": true,
	"designate": true, "elect": true, "would": true, "every": true, "any": true, "no": true,
	"бывший": true, "экс": true, "колишній": true, "ексміністр": true,
}

// place words before a seat make it a place.
var place = map[string]bool{
	"in": true, "near": true, "outside": true, "around": true, "inside": true, "across": true, "central": true, "at": true,
	"visited": true, "visiting": true, "у": true, "в": true, "во": true,
}

// averse prefixes turn an adjective against, or away from, its actor.
var averse = map[string]bool{"pro": true, "anti": true, "non": true, "post": true}

// weakened reports whether the word before a name makes it mean less than it says.
func (s *scan) weakened(f found) bool {
	if !s.glued(f.from - 1) {
		return false
	}
	before := s.folds[f.from-1]
	return averse[before] && strings.ContainsAny(s.between(f.from-1), "-\u2010\u2011") || f.form == FormMetonym && place[before]
}

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
		case s.glued(f.from-1) && otherHolder[s.folds[f.from-1]], s.stranger(f.to):
			out[i].Person = ""
		}
	}
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
