package index

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/statement/stance"
	"parley/index/analysis"
)

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

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// isName reports whether a token is written as a name: a capital inside a sentence.
func isName(tok analysis.Token, startsSentence bool) bool {
	r, _ := utf8.DecodeRuneInString(tok.Text)
	return unicode.IsUpper(r) && !startsSentence && tok.Term != ""
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// states reports whether the actor takes a position in the passage on one of the
// topics, or on any where none is named.
func (r *reading) states(actor string, topics []string) bool {
	return slices.ContainsFunc(r.Says, func(s Saying) bool {
		return s.TakesPosition() && slices.Contains(s.Actors, actor) && (len(topics) == 0 || intersects(topics, s.Topics))
	})
}

// takesPosition reports whether the actor takes a position of a kind in the passage.
func (r *reading) takesPosition(actor string) bool {
	return slices.ContainsFunc(r.Says, func(s Saying) bool {
		return s.TakesPosition() && s.Stance != stance.None.String() && slices.Contains(s.Actors, actor)
	})
}
