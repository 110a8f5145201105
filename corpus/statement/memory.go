package statement

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/words"
)

// kind is what a pronoun can stand for.
type kind uint8

const (
	he kind = iota + 1
	she
	it
	they
)

var pronouns = map[string]kind{"he": he, "hes": he, "she": she, "it": it, "they": they, "theyve": they}

// memory is who the sentences of a paragraph have been about.
type memory struct {
	// last is the subject of the sentence before; nil where there is none, or more
	// than one.
	last []party
	// people are the persons named in the paragraph.
	people []party
}

// refer is whom a pronoun means: the subject of the sentence before, where it fits.
func (m *memory) refer(k kind) ([]party, bool) {
	if len(m.last) == 0 {
		return nil, false
	}
	if k == they {
		return m.last, len(m.last) > 1 || m.last[0].plural
	}
	return m.last, len(m.last) == 1 && !m.last[0].plural && m.last[0].canBe(k)
}

// canBe reports whether the pronoun fits the party. Of a name that the lexicon does
// not know, nobody knows whether it is a man's.
func (p party) canBe(k kind) bool {
	switch {
	case p.form != lexicon.FormPerson && p.form != lexicon.FormOffice:
		return k == it
	case p.person == "":
		return k == he || k == she
	}
	given, _, _ := strings.Cut(p.person, " ")
	return (women[words.Fold(given)] || womenByFullName[p.person]) == (k == she) && k != it
}

// note remembers a sentence: its subjects, if it has any, and the people it names.
func (m *memory) note(s *sentence, subjects []party) {
	for _, u := range s.units {
		if u.party != nil && u.party.person != "" {
			m.people = append(m.people, *u.party)
		}
	}
	switch {
	case len(subjects) > 0:
		m.last = slices.Clone(subjects)
	case slices.ContainsFunc(s.units, func(u unit) bool { return u.party != nil && !u.party.silent }):
		m.last = nil
	}
}

// byOffice is the one who is meant by "the president", "the minister": in an
// actor's own document its president, else the only person of the paragraph with
// such an office.
func (r *reader) byOffice(title corpus.Span) ([]party, bool) {
	name := strings.ReplaceAll(words.Fold(title.In(r.doc.Text)), " ", "-")
	if name == "president" && r.home != "" {
		return []party{{actors: []string{r.home}, name: title, form: lexicon.FormOffice, person: "president"}}, true
	}
	var found []party
	for _, p := range r.memory.people {
		known, ok := r.lexicon.Person(p.person)
		holds := ok && slices.ContainsFunc(known.OfficesAt(r.doc.Published), func(o lexicon.Office) bool { return officeFits(o, name) })
		if holds && !slices.ContainsFunc(found, func(q party) bool { return q.person == p.person }) {
			found = append(found, p)
		}
	}
	return found, len(found) == 1
}

func officeFits(o lexicon.Office, name string) bool {
	switch name {
	case "president", "chancellor":
		return o.ID == name
	case "minister":
		return strings.HasSuffix(o.ID, "-minister") && o.ID != "prime-minister"
	case "prime-minister", "foreign-minister", "defence-minister", "secretary-general":
		return o.ID == name
	case "spokesman", "spokeswoman", "spokesperson":
		return strings.HasSuffix(o.ID, "spokesperson")
	}
	return false
}
