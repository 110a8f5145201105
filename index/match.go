package index

import (
	"slices"

	"parley/corpus"
	"parley/index/analysis"
)

// concept is a content word or a name of the question, with all that may stand for it.
type concept struct {
	from, to int      // its tokens in the question
	terms    []string // its terms, in order
	// idf is the inverse document frequency in the record: what the concept tells
	// passages apart by, and so what it is worth.
	idf float64
	// name and number mark what hardly any other word can stand for, head the noun that
	// says what is asked for, dated a word that only says when.
	name, number, head, dated bool
	// topical marks a word of a topic that the question names.
	topical bool
	// counted marks the thing after "how many".
	counted bool
	// passages is how many passages of the record have its rarest word; unknown marks
	// a word that none has.
	passages int
	unknown  bool
	// actor and person are whom the concept names; institution if it names one of the
	// actor's bodies rather than the actor.
	actor, person string
	institution   bool
	object        bool // the question is about the actor, who does not speak or act in it
	alternatives  []alternative
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

// lookup finds the concepts that a term may stand for.
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

// place is where a passage matches a concept.
type place struct {
	at, to   int // tokens of the passage
	sentence int
	concept  int
	weight   float64
}

// reading is a passage as read for one question.
type reading struct {
	*Passage
	tokens []analysis.Token
	terms  int // tokens that are no stop words
	// sentenceOf is the sentence of each token, asked whether the question has it.
	sentenceOf []int
	asked      []bool
	places     []place // in order
	// best is the best weight of each concept in the passage and its date, in its
	// title, and in each sentence.
	best, title []float64
	sentences   [][]float64
	top         int // the sentence with most of the question, the first of equals
}

// read finds the concepts of the plan in a passage.
func (p *Plan) read(passage *Passage, tokens, title []analysis.Token) *reading {
	n := len(p.concepts)
	flat := make([]float64, n*(2+len(passage.Sentences)))
	r := &reading{
		Passage: passage, tokens: tokens, best: flat[:n], title: flat[n : 2*n],
		sentenceOf: make([]int, len(tokens)), asked: make([]bool, len(tokens)),
		sentences: make([][]float64, len(passage.Sentences)),
	}
	for s := range r.sentences {
		r.sentences[s] = flat[n*(2+s) : n*(3+s)]
	}
	r.findSentences()
	mentions := r.Mentions
	for i, tok := range tokens {
		for len(mentions) > 0 && mentions[0].Start < tok.Start {
			mentions = mentions[1:]
		}
		if len(mentions) > 0 && mentions[0].Start == tok.Start {
			r.addMention(p, i, mentions[0])
		}
		if tok.Term == "" {
			continue
		}
		r.terms++
		for _, e := range p.lookup[tok.Term] {
			if k, ok := follows(tokens[i+1:], e.rest); ok {
				r.add(place{at: i, to: i + 1 + k, concept: e.concept, weight: e.weight})
			}
		}
	}
	p.readTitle(r, title)
	for i, c := range p.concepts {
		if c.dated && p.Period.MayHold(r.Source.Published) {
			r.best[i] = 1
		}
	}
	r.top = p.topSentence(r.sentences)
	return r
}

// topSentence is the sentence with most of the question, the first of equals.
func (p *Plan) topSentence(sentences [][]float64) int {
	best, most := 0, -1.0
	for i, s := range sentences {
		if sum := dot(p.weights, s); sum > most {
			best, most = i, sum
		}
	}
	return best
}

func (r *reading) findSentences() {
	sentence := 0
	for i, tok := range r.tokens {
		for sentence+1 < len(r.Sentences) && tok.Start >= r.Sentences[sentence].End {
			sentence++
		}
		r.sentenceOf[i] = sentence
	}
}

func (r *reading) addMention(p *Plan, at int, m Mention) {
	for i := range p.concepts {
		if w := p.concepts[i].named(m); w > 0 {
			to := at + 1
			for to < len(r.tokens) && r.tokens[to].Start < m.End {
				to++
			}
			r.add(place{at: at, to: to, concept: i, weight: w})
		}
	}
}

func (r *reading) add(pl place) {
	pl.sentence = r.sentenceOf[pl.at]
	r.places = append(r.places, pl)
	if pl.weight > 0.7 {
		for i := pl.at; i < pl.to; i++ {
			r.asked[i] = true
		}
	}
	r.best[pl.concept] = max(r.best[pl.concept], pl.weight)
	s := r.sentences[pl.sentence]
	s[pl.concept] = max(s[pl.concept], pl.weight)
}

func (p *Plan) readTitle(r *reading, title []analysis.Token) {
	for i, tok := range title {
		if tok.Term == "" {
			continue
		}
		for _, e := range p.lookup[tok.Term] {
			if _, ok := follows(title[i+1:], e.rest); ok {
				r.title[e.concept] = max(r.title[e.concept], e.weight)
			}
		}
	}
}

// span is the text of a place.
func (r *reading) span(pl place) corpus.Span {
	return corpus.Span{Start: r.tokens[pl.at].Start, End: r.tokens[pl.to-1].End}
}

// follows reports whether the terms stand next, stop words apart, and how many tokens they take.
func follows(tokens []analysis.Token, terms []string) (n int, ok bool) {
	for _, tok := range tokens {
		if len(terms) == 0 {
			break
		}
		n++
		if tok.Term == "" {
			continue
		}
		if tok.Term != terms[0] {
			return 0, false
		}
		terms = terms[1:]
	}
	return n, len(terms) == 0
}
