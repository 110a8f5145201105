package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
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
		out[i] = s.mention(f)
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

// place are words that make a place of the seat after them.
var place = wordSet("in near outside around inside across central at visited visiting у в во")

// averse are prefixes that turn a name against its actor, or away from it.
var averse = wordSet("pro anti non post")

// weakened reports whether the word before a name makes it mean less than it says.
func (s *scan) weakened(f found) bool {
	if !s.glued(f.from - 1) {
		return false
	}
	return s.averted(f) || f.form == FormMetonym && place[s.folds[f.from-1]]
}

// averted reports whether the name has a prefix as in "pro-Russian".
func (s *scan) averted(f found) bool {
	return s.glued(f.from-1) && averse[s.folds[f.from-1]] && strings.ContainsAny(s.between(f.from-1), "-\u2010\u2011")
}

// wordSet are the folded words of a list.
func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range foldAll(list) {
		set[w] = true
	}
	return set
}
