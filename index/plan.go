package index

import (
	"slices"
	"time"

	"parley/corpus/words"
	"parley/index/analysis"
	"parley/index/when"
)

// Plan is a question as it was understood.
type Plan struct {
	Question string
	Kind     QuestionKind
	// Actors and Topics are the lexicon ids that the question names.
	Actors, Topics []string
	// Period is the publication time asked about.
	Period when.Period
	// Latest tells that the newest position or event is wanted.
	Latest  bool
	Repairs []Repair

	page       int      // how often more was asked for
	translated bool     // some of its words had to be translated
	sides      []string // ids of the parties to the conflict
	tokens     []analysis.Token
	positions  map[string][]int // the tokens of each folded word
	concepts   []concept
	weights    []float64 // the idf of each concept
	lookup     lookup
	statements []string // terms of FieldStatement: passages with one of them come first
	now        time.Time
	newest     time.Time // start of the newest date in the record
	plain      bool      // some concept is neither a name, nor a frame word, nor a date
	idf        float64   // the sum of weights
	maxIDF     float64
}

// frameWords are stems that frame a question rather than say what it is about.
var frameWords = words.Set(`say said tell told think thought accord claim mean make made ask call happen get got go
come take use way thing lot mani much know talk word view stanc posit opinion line demand stand want chang new news
updat happen after befor latest recent actual realli name type kind exampl term number amount describ compar versus
vs differ
нове нового новини новин сталося відбулося трапилося відбувається змінилося
новое новости новостей случилось произошло происходит изменилось`)

// hasConcept reports whether a concept of these terms is there already.
func (p *Plan) hasConcept(terms []string) bool {
	return slices.ContainsFunc(p.concepts, func(c concept) bool { return slices.Equal(terms, c.terms) })
}

// concept is a content word or a name of the question, with all that may stand for it.
type concept struct {
	from, to int      // its tokens in the question
	terms    []string // in order
	idf      float64  // inverse document frequency in the record: what the concept is worth

	name, number bool // hardly any other word can stand for it
	head         bool // the noun that says what is asked for
	counted      bool // the thing after "how many"
	dated        bool // it only says when
	topical      bool // a word of a topic that the question names
	hint         bool // a word of any topic, if only beside others, or an event

	passages int  // how many passages of the record have its rarest word
	unknown  bool // none has

	actor, person string // whom it names; actor is an id
	institution   bool   // it names a body of the actor ("the State Duma"), not the actor itself
	object        bool   // the question is about the actor, who neither speaks nor acts in it

	alternatives []alternative
}

// alternative is a run of terms that may stand for a concept.
type alternative struct {
	terms  []string
	weight float64 // in (0, 1]; 1 is as good as the concept's own terms
}

// add lets terms stand for the concept, unless they are its own or weigh less than what is there.
func (c *concept) add(terms []string, weight float64) {
	if len(terms) == 0 || slices.Equal(terms, c.terms) {
		return
	}
	for i, a := range c.alternatives {
		if slices.Equal(a.terms, terms) {
			c.alternatives[i].weight = max(a.weight, weight)
			return
		}
	}
	c.alternatives = append(c.alternatives, alternative{terms, weight})
}

// actorTerm is the term of FieldActor that finds the concept; empty if it names nobody.
func (c *concept) actorTerm() string {
	if c.person != "" {
		return PersonTerm(c.person)
	}
	return c.actor
}

// What naming an actor in other words is worth, where the same words are 1.
const (
	samePerson  = 1.0 // the person, in another spelling or by the office
	sameActor   = 0.8 // the state asked about, by another of its names
	personOf    = 0.6 // one of its people, where the state is asked about
	otherBody   = 0.5 // the actor by another name, where one of its institutions is asked about
	otherPerson = 0.2 // the state, where one of its people is asked about
)

// named is what a mention in a passage is worth for the concept.
func (c *concept) named(m Mention) float64 {
	switch {
	case c.actor == "" || m.Actor != c.actor:
		return 0
	case c.person != "" && m.Person == c.person:
		return samePerson
	case c.person != "":
		return otherPerson
	case c.institution:
		return otherBody
	case m.Person != "":
		return personOf
	}
	return sameActor
}

// lookup has, by its first term, every run of terms that may stand for a concept.
type lookup map[string][]entry

type entry struct {
	concept int
	rest    []string // the terms that must follow
	weight  float64
}

func newLookup(concepts []concept) lookup {
	l := lookup{}
	for i, c := range concepts {
		l[c.terms[0]] = append(l[c.terms[0]], entry{i, c.terms[1:], 1})
		for _, a := range c.alternatives {
			l[a.terms[0]] = append(l[a.terms[0]], entry{i, a.terms[1:], a.weight})
		}
	}
	return l
}

// acts reports whether the concept is an actor who speaks or acts in the question.
func (c concept) acts() bool { return c.actor != "" && !c.object }

// frames reports whether the concept only frames the question ("what does it *say*").
func (c concept) frames() bool { return c.actor == "" && !c.dated && frameWords[c.terms[0]] }

// matters reports whether the concept says what the question is about.
func (c concept) matters() bool { return !c.acts() && !c.dated && !c.frames() }
