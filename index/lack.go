package index

import "math"

// Scales that bring idfs and their sums near to [0, 1].
const (
	idfScale   = 10
	idfsScale  = 30
	countScale = 10 // of logarithms of numbers of passages
)

// lack is what a passage lacks of a question.
type lack struct {
	most, next, all float64 // idf missing: of the concept that misses most, of the next, of all
	worst           int     // the concept that misses most
}

// lackOf sums up what is missing where each concept is had to the degree given.
func (p *Plan) lackOf(had func(concept int) float64) (l lack) {
	for i, c := range p.concepts {
		missing := c.idf * (1 - had(i))
		l.all += missing
		switch {
		case missing > l.most:
			l.most, l.next, l.worst = missing, l.most, i
		case missing > l.next:
			l.next = missing
		}
	}
	return l
}

// lacks measures what the best passages lack. Shares hide it: of a long question a
// share is high although the one thing that is asked for is missing.
func (p *Plan) lacks(list []ranked, d *doubts) {
	best := list[0]
	l := p.lackOf(best.had)
	d[dLackMost], d[dLackNext], d[dLackAll] = l.most/idfScale, l.next/idfScale, l.all/idfsScale
	d[dLackMostAny], d[dLackAllAny] = d[dLackMost], d[dLackAll]
	for _, r := range list[1:min(5, len(list))] {
		l := p.lackOf(r.had)
		d[dLackMostAny] = min(d[dLackMostAny], l.most/idfScale)
		d[dLackAllAny] = min(d[dLackAllAny], l.all/idfsScale)
	}
	d[dLackPair] = p.lackOfPair(best.reading) / idfScale
	for i, c := range p.concepts {
		missing := c.idf * (1 - best.had(i)) / idfScale
		if c.head {
			d[dLackHead] = missing
		}
		if i == len(p.concepts)-1 {
			d[dLackLast] = missing
		}
	}
	p.describeWorst(l.worst, list, d)
	for _, r := range list {
		d[dCoverAll] = max(d[dCoverAll], dot(p.weights, r.best)/p.idf)
	}
}

// describeWorst tells what kind of thing the worst lack is: one that the record often
// speaks of is asked about in earnest and missing here.
func (p *Plan) describeWorst(worst int, list []ranked, d *doubts) {
	found := 0
	for _, r := range list {
		if r.best[worst] >= 0.5 {
			found++
		}
	}
	d[dWorstFound] = math.Log1p(float64(found)) / countScale
	d[dWorstRecord] = math.Log1p(float64(p.concepts[worst].passages)) / countScale
	d[dWorstIDF] = p.concepts[worst].idf / idfScale
	d[dWorstPlace] = float64(worst) / float64(len(p.concepts))
}

// lackOfPair is the idf of what misses most in the two neighbouring sentences that
// miss least.
func (p *Plan) lackOfPair(r *reading) float64 {
	least := lack{all: math.Inf(1)}
	for s := range r.sentences {
		l := p.lackOf(func(i int) float64 { return max(r.sentences[s][i], r.sentences[max(0, s-1)][i]) })
		if l.all < least.all {
			least = l
		}
	}
	return least.most
}

// had is the degree to which the passage or its title has a concept.
func (r *reading) had(concept int) float64 { return max(r.best[concept], r.title[concept]) }
