package index

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"parley/corpus/statement/stance"
	"parley/index/analysis"
)

// match is a place in a passage that matches a concept of the question.
type match struct {
	at, to   int // its tokens in the passage
	sentence int
	concept  int
	weight   float64 // in (0, 1]; 1 has the concept's own terms
}

// matchedPassage is a passage with what it has of one question.
type matchedPassage struct {
	*Passage
	tokens     []analysis.Token
	sentenceOf []int   // the sentence of each token
	asked      []bool  // of each token, whether the question has it
	terms      int     // tokens that are no stop words
	matches    []match // in order

	best      []float64   // the best weight of each concept in the passage and its date,
	title     []float64   // in its title,
	sentences [][]float64 // and in each sentence
	top       int         // the sentence with most of the question, the first of equals
}

// matchPassage finds the concepts of the plan in a passage and its title.
func (p *Plan) matchPassage(passage *Passage, tokens, title []analysis.Token) *matchedPassage {
	n := len(p.concepts)
	flat := make([]float64, n*(2+len(passage.Sentences)))
	r := &matchedPassage{
		Passage: passage, tokens: tokens, best: flat[:n], title: flat[n : 2*n],
		sentenceOf: make([]int, len(tokens)), asked: make([]bool, len(tokens)),
		sentences: make([][]float64, len(passage.Sentences)),
	}
	for s := range r.sentences {
		r.sentences[s] = flat[n*(2+s) : n*(3+s)]
	}
	sentence := 0
	for i, tok := range tokens {
		for sentence+1 < len(r.Sentences) && tok.Start >= r.Sentences[sentence].End {
			sentence++
		}
		r.sentenceOf[i] = sentence
	}
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
				r.add(match{at: i, to: i + 1 + k, concept: e.concept, weight: e.weight})
			}
		}
	}
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
	for i, c := range p.concepts {
		if c.dated && p.Period.MayHold(r.Source.Published) {
			r.best[i] = 1
		}
	}
	most := -1.0
	for i, s := range r.sentences {
		if sum := dot(p.weights, s); sum > most {
			r.top, most = i, sum
		}
	}
	return r
}

// addMention adds the matches of the actor who is mentioned at a token.
func (r *matchedPassage) addMention(p *Plan, at int, m Mention) {
	for i := range p.concepts {
		if w := p.concepts[i].named(m); w > 0 {
			to := at + 1
			for to < len(r.tokens) && r.tokens[to].Start < m.End {
				to++
			}
			r.add(match{at: at, to: to, concept: i, weight: w})
		}
	}
}

func (r *matchedPassage) add(m match) {
	m.sentence = r.sentenceOf[m.at]
	r.matches = append(r.matches, m)
	if m.weight > 0.7 {
		for i := m.at; i < m.to; i++ {
			r.asked[i] = true
		}
	}
	r.best[m.concept] = max(r.best[m.concept], m.weight)
	s := r.sentences[m.sentence]
	s[m.concept] = max(s[m.concept], m.weight)
}

// follows reports whether the tokens begin with the terms, stop words aside, and how many
// tokens they take.
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

// truth is 1 for what is true.
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

// dot is the scalar product of a and b.
func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// states reports whether the actor takes a position in the passage on one of the
// topics, or on any where none is named.
func (r *matchedPassage) states(actor string, topics []string) bool {
	return slices.ContainsFunc(r.Attributions, func(s Attribution) bool {
		return s.TakesPosition() && slices.Contains(s.Actors, actor) &&
			(len(topics) == 0 || intersects(topics, s.Topics))
	})
}

// takesPosition reports whether the actor takes a position in the passage in a word of
// position ("demands"), not only "says".
func (r *matchedPassage) takesPosition(actor string) bool {
	return slices.ContainsFunc(r.Attributions, func(s Attribution) bool {
		return s.TakesPosition() && s.Stance != stance.None.String() && slices.Contains(s.Actors, actor)
	})
}

// union is what is in a or b, in their order.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// intersects reports whether a and b share an element.
func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// share is the part of want that is in have, from 0 to 1; 0 when nothing is wanted.
func share(want, have []string) float64 {
	if len(want) == 0 {
		return 0
	}
	n := 0
	for _, w := range want {
		if slices.Contains(have, w) {
			n++
		}
	}
	return float64(n) / float64(len(want))
}
