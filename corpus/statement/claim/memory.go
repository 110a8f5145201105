package claim

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/statement/sentence"
	"parley/corpus/words"
)

// kind tells whether a pronoun stands for a man, a woman, a thing or several.
type kind uint8

const (
	he kind = iota + 1
	she
	it
	they
)

var Pronouns = map[string]kind{"he": he, "hes": he, "she": she, "it": it, "they": they, "theyve": they}

// memory is who the sentences of a paragraph have been about.
type memory struct {
	// last is the subject of the sentence before; nil where there is none, or more
	// than one.
	last []sentence.Party
	// people are the persons named in the paragraph.
	people []sentence.Party
}

// refer is whom a pronoun means: the subject of the sentence before, where it fits.
func (m *memory) refer(k kind) ([]sentence.Party, bool) {
	if len(m.last) == 0 {
		return nil, false
	}
	if k == they {
		return m.last, len(m.last) > 1 || m.last[0].Plural
	}
	return m.last, len(m.last) == 1 && !m.last[0].Plural && canBe(m.last[0], k)
}

// canBe reports whether the pronoun fits the party. Of a name that the lexicon does
// not know, nobody knows whether it is a man's.
func canBe(p sentence.Party, k kind) bool {
	switch {
	case p.Form != lexicon.FormPerson && p.Form != lexicon.FormOffice:
		return k == it
	case p.Person == "":
		return k == he || k == she
	}
	given, _, _ := strings.Cut(p.Person, " ")
	return (women[words.Fold(given)] || womenByFullName[p.Person]) == (k == she) && k != it
}

// Note remembers a sentence: its subjects, if it has any, and the people it names.
func (r *Reader) Note(s *sentence.Sentence, subjects []sentence.Party) {
	for _, u := range s.Tokens {
		if u.Party != nil && u.Party.Person != "" {
			r.memory.people = append(r.memory.people, *u.Party)
		}
	}
	switch {
	case len(subjects) > 0:
		r.memory.last = slices.Clone(subjects)
	case slices.ContainsFunc(s.Tokens, func(u sentence.Token) bool { return u.Party != nil && !u.Party.Silent }):
		r.memory.last = nil
	}
}

// byOffice is the one who is meant by "the president", "the minister": in an
// actor's own document its president, else the only person of the paragraph with
// such an office.
func (r *Reader) byOffice(title corpus.Span) ([]sentence.Party, bool) {
	name := strings.ReplaceAll(words.Fold(title.In(r.Text)), " ", "-")
	if name == "president" && r.PublisherActor != "" {
		return []sentence.Party{{Actors: []string{r.PublisherActor}, Name: title, Form: lexicon.FormOffice, Person: "president"}}, true
	}
	var found []sentence.Party
	for _, p := range r.memory.people {
		known, ok := r.Lexicon.Person(p.Person)
		holds := ok && slices.ContainsFunc(known.OfficesAt(r.Published), func(o lexicon.Office) bool { return officeFits(o, name) })
		if holds && !slices.ContainsFunc(found, func(q sentence.Party) bool { return q.Person == p.Person }) {
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

var (
	women = words.Set(`angela anita anitta anna annalena anne anniken baiba barbara beate bridget catherine chrystia christine condoleezza denise dorothy
		elina elisabeth elizabeth elvira evika federica florence giorgia hanna hillary inga ingrida iryna janet jen jill kaja kajsa kamala karin karine karoline
		linda liz magdalena maia margarita maria marta melanie melania mette michelle naledi nancy natalia nikki oksana olena olga olha paula penny rachel
		radmila roberta rosemary salome samantha sanae sanna susie svitlana tammy tatyana theresa tulsi ursula valentina victoria viola wendy yulia yuliia yvette zuzana`)
	womenByFullName = map[string]bool{"Mao Ning": true, "Hua Chunying": true, "Choe Son Hui": true}
)
