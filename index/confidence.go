package index

import (
	"math"
	"slices"
	"strings"

	"parley/corpus/words"
)

// doubt is one number by which it is decided whether the best passage answers.
type doubt int

// What the confidence is read off.
const (
	dScore       doubt = iota // ranking score of the best passage
	dMargin                   // how far ahead of the second it is
	dLead                     // how far ahead of the tenth it is
	dCover                    // share of the question's idf in the best passage, its title included
	dCoverAny                 // the greatest such share among the first five
	dSentence                 // share of the idf in its best sentence
	dPair                     // share in its best two neighbouring sentences
	dWindow                   // share in its best window
	dBM25                     // BM25 with alternatives, as a share of the highest possible
	dLocal                    // coverage with the weights that tell the candidates apart
	dMissTop                  // the rarest thing asked that is missing
	dMissName                 // share of the names and numbers asked that are missing
	dMissPlain                // share of the idf of plain words that is missing in the best two sentences
	dUnknown                  // share of the idf of words that the record does not have at all
	dActor                    // share of the actors asked about that it names
	dTopic                    // share of the topics asked about
	dNoActor                  // the question names no actor
	dNoTopic                  // the question names no topic
	dTyped                    // asked who, when, where, how many: it has such an answer near
	dUntyped                  // asked so, and it has not
	dPeriod                   // published in the time asked about
	dOtherPeriod              // published at another time
	dBrief                    // the best passage is a brief
	dAddressed                // the question speaks to the bot
	dShort                    // one over the number of concepts
	dBigram                   // word pairs shared with the question
	dCounted                  // asked how many: a number of the thing that is counted
	dUncounted                // asked so, and there is none
	dReasonless               // asked why: no word of reason
	dJoint                    // names and coverage together, the greatest of the first five
	dNames                    // the greatest share of the names asked in one of the first five
	dPlain                    // the least share of plain words missing in one of the first five
	dRarest                   // the rarest plain word asked, the best match in the first five
	dHead                     // the thing asked for is named
	dHeadless                 // it is not
	dSaid                     // a stance of an actor is asked: the actor speaks in one of the first five
	dUnsaid                   // asked so, and the actor does not
	dExact                    // share of the idf in the very form of the question
	dMany                     // number of concepts, logarithmic
	dTogether                 // actors and plain words in one sentence, the greatest of the first five
	dApart                    // the actors asked about and the best sentence of the best passage do not meet
	dRecord                   // number of passages in the record, logarithmic: in a small one less can match by chance
	dLackMost                 // idf of what weighs most of all that the best passage lacks, the lack
	dLackNext                 // the same of what weighs next
	dLackAll                  // the same of all together
	dLackMostAny              // the least dLackMost of the first five
	dLackAllAny               // the least dLackAll of the first five
	dLackPair                 // like dLackMost, in the best two neighbouring sentences
	dLackHead                 // the same of the thing asked for
	dLackLast                 // the same of the last thing named
	dWorstIDF                 // idf of the lack
	dWorstRecord              // how many passages of the record have the lack, logarithmic
	dWorstFound               // how many candidates have it, logarithmic
	dWorstPlace               // where in the question it stands, from 0
	dCoverAll                 // the greatest share of the idf in any candidate
	numDoubts
)

var doubtNames = [numDoubts]string{
	"score", "margin", "lead", "cover", "cover-any", "sentence", "pair", "window", "bm25", "local", "miss-top", "miss-name",
	"miss-plain", "unknown", "actor", "topic", "no-actor", "no-topic", "typed", "untyped", "period", "other-period", "brief",
	"addressed", "short", "bigram", "counted", "uncounted", "reasonless", "joint", "names", "plain", "rarest", "head", "headless",
	"said", "unsaid", "exact", "many", "together", "apart", "record",
	"lack-most", "lack-next", "lack-all", "lack-most-any", "lack-all-any", "lack-pair", "lack-head", "lack-last",
	"worst-idf", "worst-record", "worst-found", "worst-place", "cover-all",
}

type doubts [numDoubts]float64

// doubts measures how well the best of the ranked passages answers the plan.
func (p *Plan) doubts(list []ranked, record Record) *doubts {
	var d doubts
	d[dRecord] = math.Log10(float64(1+record.Passages)) / 6
	d[dAddressed] = truth(p.addresses())
	d[dNoActor], d[dNoTopic] = truth(len(p.Actors) == 0), truth(len(p.Topics) == 0)
	if len(list) == 0 || len(p.concepts) == 0 {
		d[dUnknown] = 1
		return &d
	}
	top := list[0]
	v := top.vector
	d[dScore] = top.score / 10
	d[dMargin], d[dLead] = ahead(list, 1)/3, ahead(list, 9)/5
	for _, r := range list[:min(5, len(list))] {
		d[dCoverAny] = max(d[dCoverAny], r.vector[fCoverTitle])
	}
	d[dCover], d[dSentence], d[dPair] = v[fCoverTitle], v[fSentence], v[fSentencePair]
	d[dWindow], d[dBM25], d[dLocal] = v[fWindow], v[fBM25Soft], v[fLocalCover]
	d[dMissTop], d[dMissName] = v[fMissTop], v[fMissName]
	d[dActor], d[dTopic], d[dBrief] = v[fActor], v[fTopic], v[fBrief]
	d[dShort], d[dBigram] = 1/float64(len(p.concepts)), v[fBigram]
	d[dExact], d[dMany] = v[fExact], math.Log(float64(len(p.concepts)))/3
	p.missing(top.reading, &d)
	p.firstFive(list[:min(5, len(list))], &d)
	p.asksFor(top, &d)
	p.lacks(list, &d)
	if p.Kind == Who || p.Kind == When || p.Kind == Where || p.Kind == HowMany {
		d[dTyped], d[dUntyped] = v[fAnswerNear], truth(v[fAnswerNear] == 0)
	}
	if !p.Period.IsZero() {
		d[dPeriod], d[dOtherPeriod] = v[fPeriod], 1-v[fPeriod]
	}
	return &d
}

// farAhead is how far ahead a passage is of one that is not there, in ranking scores.
const farAhead = 4

// ahead is how far ahead of the passage at place n the first is.
func ahead(list []ranked, n int) float64 {
	if n >= len(list) {
		return farAhead
	}
	return min(list[0].score-list[n].score, farAhead)
}

// missing measures which words of the question the best passage, and the whole record, lack.
func (p *Plan) missing(r *reading, d *doubts) {
	plain, lacking := 0.0, 0.0
	for i, c := range p.concepts {
		if c.unknown {
			d[dUnknown] += c.idf / p.idf * (1 - r.best[i])
		}
		if c.actor != "" || c.dated || c.number {
			continue
		}
		best := 0.0
		for _, s := range r.sentences {
			best = max(best, s[i])
		}
		plain += c.idf
		lacking += c.idf * (1 - best)
	}
	if plain > 0 {
		d[dMissPlain] = lacking / plain
	}
}

// firstFive measures what any of the first passages has together.
func (p *Plan) firstFive(list []ranked, d *doubts) {
	rarest := -1
	for i, c := range p.concepts {
		if c.actor == "" && !c.dated && !c.number && (rarest < 0 || c.idf > p.concepts[rarest].idf) {
			rarest = i
		}
	}
	d[dPlain] = 1
	said := false
	for _, r := range list {
		var own doubts
		p.missing(r.reading, &own)
		d[dPlain] = min(d[dPlain], own[dMissPlain])
		d[dNames] = max(d[dNames], 1-r.vector[fMissName])
		d[dJoint] = max(d[dJoint], (1-r.vector[fMissName])*r.vector[fSentencePair])
		if rarest >= 0 {
			d[dRarest] = max(d[dRarest], r.best[rarest])
		}
		d[dTogether] = max(d[dTogether], p.together(r.reading))
		said = said || p.speaks(r.reading)
	}
	if best := list[0]; len(p.Actors) > 0 {
		d[dApart] = 1 - p.actorsIn(best.sentences[best.top])
	}
	if len(p.Actors) > 0 && (p.Kind == Stance || p.Kind == YesNo || p.Kind == What) {
		d[dSaid], d[dUnsaid] = truth(said), truth(!said)
	}
}

// together is the most that a sentence has of the actors and the plain words at once.
func (p *Plan) together(r *reading) (most float64) {
	for _, s := range r.sentences {
		plain, has := 0.0, 0.0
		for i, c := range p.concepts {
			if c.actor == "" && !c.dated {
				plain += c.idf
				has += c.idf * s[i]
			}
		}
		if plain > 0 {
			most = max(most, p.actorsIn(s)*has/plain)
		}
	}
	return most
}

// actorsIn is the share of the names asked about that a sentence has; 1 where none is asked about.
func (p *Plan) actorsIn(sentence []float64) float64 {
	n, has := 0.0, 0.0
	for i, c := range p.concepts {
		if c.actor != "" {
			n++
			has += sentence[i]
		}
	}
	if n == 0 {
		return 1
	}
	return has / n
}

// speaks reports whether one of those asked about speaks in the passage; a person as that person.
func (p *Plan) speaks(r *reading) bool {
	for _, c := range p.concepts {
		if c.actor == "" {
			continue
		}
		surname := words.Fold(c.person[strings.LastIndexByte(c.person, ' ')+1:])
		for _, s := range r.Says {
			if slices.Contains(s.Actors, c.actor) && strings.Contains(strings.ToLower(s.Speaker), surname) {
				return true
			}
		}
	}
	return false
}

// asksFor measures whether the best passage has the kind of thing that is asked for.
func (p *Plan) asksFor(r ranked, d *doubts) {
	for i, c := range p.concepts {
		if c.head {
			d[dHead], d[dHeadless] = r.best[i], 1-r.best[i]
		}
	}
	switch p.Kind {
	case HowMany:
		d[dCounted] = truth(p.counted(r.reading))
		d[dUncounted] = 1 - d[dCounted]
	case Why:
		d[dReasonless] = truth(r.vector[fWhy] == 0)
	}
}

// countedWithin is how many tokens after a number the thing that it counts may stand.
const countedWithin = 4

// counted reports whether the passage has a number of the thing that is counted:
// the head of the question, or for "how much" a number with a unit.
func (p *Plan) counted(r *reading) bool {
	for i := range r.tokens {
		if !isNumber(r.tokens[i]) || r.asked[i] {
			continue
		}
		if r.hasUnit(i) && p.positions["much"] != nil {
			return true
		}
		for _, pl := range r.places {
			if p.concepts[pl.concept].counted && pl.at > i && pl.at-i <= countedWithin && pl.weight >= 0.4 {
				return true
			}
		}
	}
	return false
}

// Scales that bring idfs and their sums near to [0, 1].
const (
	idfScale   = 10
	idfsScale  = 30
	countScale = 10 // of logarithms of numbers of passages
)

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
