package index

import (
	"math"
	"slices"
	"strings"

	"parley/corpus/words"
)

// signal is one number by which the confidence tells whether the best passage answers.
type signal int

// The signals.
const (
	sScore       signal = iota // ranking score of the best passage
	sMargin                    // how far ahead of the second it is
	sLead                      // how far ahead of the tenth it is
	sCover                     // share of the question's idf in the best passage, its title included
	sCoverAny                  // the greatest such share among the first five
	sSentence                  // share of the idf in its best sentence
	sPair                      // share in its best two neighbouring sentences
	sWindow                    // share in its best window
	sBM25                      // BM25 with alternatives, as a share of the highest possible
	sLocal                     // coverage with the weights that tell the candidates apart
	sMissTop                   // the rarest thing asked that is missing
	sMissName                  // share of the names and numbers asked that are missing
	sMissPlain                 // share of the idf of plain words that no sentence has
	sUnknown                   // share of the idf of words that the record does not have at all
	sActor                     // share of the actors asked about that it names
	sTopic                     // share of the topics asked about
	sNoActor                   // the question names no actor
	sNoTopic                   // the question names no topic
	sTyped                     // asked who, when, where, how many: it has such an answer near
	sUntyped                   // asked so, and it has not
	sPeriod                    // published in the time asked about
	sOtherPeriod               // published at another time
	sBrief                     // the best passage is a brief
	sAddressed                 // the question speaks to the bot
	sShort                     // one over the number of concepts
	sBigram                    // word pairs shared with the question
	sCounted                   // asked how many: a number of the thing that is counted
	sUncounted                 // asked so, and there is none
	sReasonless                // asked why: no word of reason
	sJoint                     // names and coverage together, the greatest of the first five
	sNames                     // the greatest share of the names asked in one of the first five
	sPlain                     // the least share of plain words missing in one of the first five
	sRarest                    // the rarest plain word asked, the best match in the first five
	sHead                      // the thing asked for is named
	sHeadless                  // it is not
	sSaid                      // a stance of an actor is asked: the actor speaks in one of the first five
	sUnsaid                    // asked so, and the actor does not
	sExact                     // share of the idf in the very form of the question
	sMany                      // number of concepts, logarithmic
	sTogether                  // actors and plain words in one sentence, the greatest of the first five
	sApart                     // the actors asked about and the best sentence of the best passage do not meet
	sRecord                    // passages in the record, logarithmic: in a small one less matches by chance
	sLackMost                  // idf of the worst lack: what weighs most of all that the best passage lacks
	sLackNext                  // the same of what weighs next
	sLackAll                   // the same of all together
	sLackMostAny               // the least sLackMost of the first five
	sLackAllAny                // the least sLackAll of the first five
	sLackPair                  // like sLackMost, in the best two neighbouring sentences
	sLackHead                  // the same of the thing asked for
	sLackLast                  // the same of the last thing named
	sWorstIDF                  // idf of what is worst to lack
	sWorstRecord               // how many passages of the record have it, logarithmic
	sWorstFound                // how many candidates have it, logarithmic
	sWorstPlace                // where in the question it stands, from 0
	sCoverAll                  // the greatest share of the idf in any candidate
	sTranslated                // words of the question were translated
	sHinted                    // share of its concepts that name an actor or hint at a topic
	sHints                     // their number, logarithmic
	numSignals
)

var signalNames = [numSignals]string{
	"score", "margin", "lead", "cover", "cover-any", "sentence", "pair", "window", "bm25", "local", "miss-top",
	"miss-name", "miss-plain", "unknown", "actor", "topic", "no-actor", "no-topic", "typed", "untyped", "period",
	"other-period", "brief", "addressed", "short", "bigram", "counted", "uncounted", "reasonless", "joint", "names",
	"plain", "rarest", "head", "headless",
	"said", "unsaid", "exact", "many", "together", "apart", "record",
	"lack-most", "lack-next", "lack-all", "lack-most-any", "lack-all-any", "lack-pair", "lack-head", "lack-last",
	"worst-idf", "worst-record", "worst-found", "worst-place", "cover-all", "translated", "hinted", "hints",
}

type signals [numSignals]float64

const (
	farAhead      = 4 // ranking scores that a passage is ahead of one that is not there
	countedWithin = 4 // tokens after a number in which the thing that it counts may stand
)

// signals measures how well the best of the ranked passages answers the plan.
func (p *Plan) signals(list []ranked, record Record) *signals {
	var d signals
	d[sRecord] = math.Log10(float64(1+record.Passages)) / 6
	d[sAddressed], d[sTranslated] = truth(p.addressesBot()), truth(p.translated)
	d[sNoActor], d[sNoTopic] = truth(len(p.Actors) == 0), truth(len(p.Topics) == 0)
	hints := 0.0
	for _, c := range p.concepts {
		hints += truth(c.hint || c.actor != "")
	}
	d[sHinted], d[sHints] = hints/float64(max(1, len(p.concepts))), math.Log1p(hints)/2
	if len(list) == 0 || len(p.concepts) == 0 {
		d[sUnknown] = 1
		return &d
	}
	top := list[0]
	v := top.vector
	d[sScore] = top.score / 10
	ahead := func(place int) float64 {
		if place >= len(list) {
			return farAhead
		}
		return min(top.score-list[place].score, farAhead)
	}
	d[sMargin], d[sLead] = ahead(1)/3, ahead(9)/5
	d[sCover], d[sSentence], d[sPair] = v[fCoverTitle], v[fSentence], v[fSentencePair]
	d[sWindow], d[sBM25], d[sLocal] = v[fWindow], v[fBM25Soft], v[fLocalCover]
	d[sMissTop], d[sMissName] = v[fMissTop], v[fMissName]
	d[sActor], d[sTopic], d[sBrief] = v[fActor], v[fTopic], v[fBrief]
	d[sShort], d[sBigram] = 1/float64(len(p.concepts)), v[fBigram]
	d[sExact], d[sMany] = v[fExact], math.Log(float64(len(p.concepts)))/3
	p.missing(top.matchedPassage, &d)
	p.firstFive(list[:min(5, len(list))], &d)
	p.lacks(list, &d)
	for i, c := range p.concepts {
		if c.head {
			d[sHead], d[sHeadless] = top.best[i], 1-top.best[i]
		}
	}
	switch p.Kind {
	case HowMany:
		d[sCounted] = truth(p.counted(top.matchedPassage))
		d[sUncounted] = 1 - d[sCounted]
	case Why:
		d[sReasonless] = truth(v[fWhy] == 0)
	}
	if p.Kind == Who || p.Kind == When || p.Kind == Where || p.Kind == HowMany {
		d[sTyped], d[sUntyped] = v[fAnswerNear], truth(v[fAnswerNear] == 0)
	}
	if !p.Period.IsZero() {
		d[sPeriod], d[sOtherPeriod] = v[fPeriod], 1-v[fPeriod]
	}
	return &d
}

// missing measures which words of the question a passage, and the whole record, lack.
func (p *Plan) missing(r *matchedPassage, d *signals) {
	plain, lacking := 0.0, 0.0
	for i, c := range p.concepts {
		if c.unknown {
			d[sUnknown] += c.idf / p.idf * (1 - r.best[i])
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
		d[sMissPlain] = lacking / plain
	}
}

// firstFive measures what any of the first passages has together.
func (p *Plan) firstFive(list []ranked, d *signals) {
	rarest := -1
	for i, c := range p.concepts {
		if c.actor == "" && !c.dated && !c.number && (rarest < 0 || c.idf > p.concepts[rarest].idf) {
			rarest = i
		}
	}
	d[sPlain] = 1
	said := false
	for _, r := range list {
		d[sCoverAny] = max(d[sCoverAny], r.vector[fCoverTitle])
		var own signals
		p.missing(r.matchedPassage, &own)
		d[sPlain] = min(d[sPlain], own[sMissPlain])
		d[sNames] = max(d[sNames], 1-r.vector[fMissName])
		d[sJoint] = max(d[sJoint], (1-r.vector[fMissName])*r.vector[fSentencePair])
		if rarest >= 0 {
			d[sRarest] = max(d[sRarest], r.best[rarest])
		}
		d[sTogether] = max(d[sTogether], p.together(r.matchedPassage))
		said = said || p.speaks(r.matchedPassage)
	}
	if best := list[0]; len(p.Actors) > 0 {
		d[sApart] = 1 - p.actorsIn(best.sentences[best.top])
	}
	if len(p.Actors) > 0 && (p.Kind == Stance || p.Kind == YesNo || p.Kind == What) {
		d[sSaid], d[sUnsaid] = truth(said), truth(!said)
	}
}

// together is the most that a sentence has of the actors and the plain words at once.
func (p *Plan) together(r *matchedPassage) (most float64) {
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

// speaks reports whether an actor asked about speaks in the passage; if a person is asked
// about, whether that person does.
func (p *Plan) speaks(r *matchedPassage) bool {
	for _, c := range p.concepts {
		if c.actor == "" {
			continue
		}
		surname := words.Fold(c.person[strings.LastIndexByte(c.person, ' ')+1:])
		for _, s := range r.Attributions {
			if slices.Contains(s.Actors, c.actor) && strings.Contains(strings.ToLower(s.Speaker), surname) {
				return true
			}
		}
	}
	return false
}

// counted reports whether the passage has a number of the thing that is counted:
// the head of the question, or for "how much" a number with a unit.
func (p *Plan) counted(r *matchedPassage) bool {
	for i := range r.tokens {
		if !isNumber(r.tokens[i]) || r.asked[i] {
			continue
		}
		if r.hasUnit(i) && p.positions["much"] != nil {
			return true
		}
		for _, m := range r.matches {
			if p.concepts[m.concept].counted && m.at > i && m.at-i <= countedWithin && m.weight >= 0.4 {
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

// lacks measures what the best passages lack of the question. Shares hide it: of a long
// question the share is high even where the one thing asked for is missing.
func (p *Plan) lacks(list []ranked, d *signals) {
	best := list[0]
	l := p.lackOf(best.had)
	d[sLackMost], d[sLackNext], d[sLackAll] = l.most/idfScale, l.next/idfScale, l.all/idfsScale
	d[sLackMostAny], d[sLackAllAny] = d[sLackMost], d[sLackAll]
	for _, r := range list[1:min(5, len(list))] {
		l := p.lackOf(r.had)
		d[sLackMostAny] = min(d[sLackMostAny], l.most/idfScale)
		d[sLackAllAny] = min(d[sLackAllAny], l.all/idfsScale)
	}
	d[sLackPair] = p.lackOfPair(best.matchedPassage) / idfScale
	for i, c := range p.concepts {
		missing := c.idf * (1 - best.had(i)) / idfScale
		if c.head {
			d[sLackHead] = missing
		}
		if i == len(p.concepts)-1 {
			d[sLackLast] = missing
		}
	}
	// What the record often speaks of, and is missing here, is asked about in earnest.
	found := 0
	for _, r := range list {
		if r.best[l.worst] >= 0.5 {
			found++
		}
		d[sCoverAll] = max(d[sCoverAll], dot(p.weights, r.best)/p.idf)
	}
	worst := p.concepts[l.worst]
	d[sWorstIDF] = worst.idf / idfScale
	d[sWorstFound] = math.Log1p(float64(found)) / countScale
	d[sWorstRecord] = math.Log1p(float64(worst.passages)) / countScale
	d[sWorstPlace] = float64(l.worst) / float64(len(p.concepts))
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

// lackOfPair is the idf of what weighs most of all that is lacking in the two neighbouring
// sentences that lack least.
func (p *Plan) lackOfPair(r *matchedPassage) float64 {
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
func (r *matchedPassage) had(concept int) float64 { return max(r.best[concept], r.title[concept]) }
