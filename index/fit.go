package index

import (
	"slices"

	"parley/corpus/words"
)

// What a passage loses of its ranking score where it fits the question less than its words
// say. A passage that is 2.3 ahead is ten times as likely to answer.
const (
	unheardLoss  = 0.8 // somebody else speaks than who is asked to have spoken
	unspokenLoss = 0.4 // nobody speaks, though a word of somebody is asked for
	plannedLoss  = 1.8 // it plans what is asked to have happened
	commentLoss  = 0.4 // somebody comments on what is asked to have happened
)

// fit is what a passage loses, not above 0: whoever is asked to have spoken must speak, and
// where it is asked what happened the outcome goes before the plan.
func (p *Plan) fit(r *matchedPassage) (loss float64) {
	if p.browses() {
		return 0 // has rules of its own
	}
	if asked := p.speakers(); len(asked) > 0 {
		switch p.hears(r, asked) {
		case othersSpeak:
			loss -= unheardLoss
		case nobodySpeaks:
			loss -= unspokenLoss
		}
	}
	if p.asksWhatHappened() && !r.Source.Published.IsZero() { // undated texts tell of no plans
		if r.plans() {
			loss -= plannedLoss
		} else if len(r.Speakers()) > 0 {
			loss -= commentLoss
		}
	}
	return loss
}

// speakers returns the concepts that name whose word is asked for: the actors that act in a
// question for a position, a reason, a demand or an agreement.
func (p *Plan) speakers() (asked []int) {
	asks := p.Kind == Stance || p.Kind == Why || p.Kind == YesNo
	for i, c := range p.concepts {
		asks = asks || c.actor == "" && positionWords[c.terms[0]]
		if c.acts() {
			asked = append(asked, i)
		}
	}
	if !asks || p.compares() {
		return nil
	}
	return asked
}

// hearing says who speaks in a passage, seen from those who are asked to have spoken.
type hearing int

const (
	oneSpeaks    hearing = iota // one of them
	nobodySpeaks                // nobody, and one of them is named
	othersSpeak                 // others alone, or none of them is named
)

// hears reports who speaks in a passage. Where a person is asked to have spoken, the passage
// must name that person.
func (p *Plan) hears(r *matchedPassage, asked []int) hearing {
	speaking, best := r.Speakers(), othersSpeak
	for _, i := range asked {
		c := p.concepts[i]
		switch {
		case c.person != "" && r.best[i] < samePerson:
		case slices.Contains(speaking, c.actor):
			return oneSpeaks
		case len(speaking) == 0 && slices.Contains(r.Actors, c.actor):
			best = nobodySpeaks
		}
	}
	return best
}

// heard keeps the passages in which one of those speaks whose word is asked for, or in which
// nobody does and one of them is named: nobody answers for somebody else. Where there is no
// such passage, all are kept.
func (p *Plan) heard(list []ranked) []ranked {
	asked := p.speakers()
	if len(asked) == 0 {
		return list
	}
	kept := slices.DeleteFunc(slices.Clone(list), func(r ranked) bool { return p.hears(r.matchedPassage, asked) == othersSpeak })
	if len(kept) == 0 {
		return list
	}
	return kept
}

// maxOfOthers is how many passages one publisher may have in which no actor of the question speaks.
const maxOfOthers = 2

// limitOthers leaves out what one publisher has beyond maxOfOthers passages in which others
// speak than the actors of the question, where these have passages of their own: the
// releases of a single legislator are no answer to what a government wants. Briefs, and
// digests of what outlets report, are many sources and not one.
func (p *Plan) limitOthers(list []ranked) []ranked {
	speaks := func(r ranked) bool { return intersects(p.Actors, r.Speakers()) }
	if !slices.ContainsFunc(list, speaks) {
		return list
	}
	shown := map[string]int{} // by publisher
	return slices.DeleteFunc(slices.Clone(list), func(r ranked) bool {
		if speaks(r) || r.Source.IsBrief() || len(r.Source.ReportedBy) > 0 {
			return false
		}
		shown[r.Source.Publisher]++
		return shown[r.Source.Publisher] > maxOfOthers
	})
}

// positionWords are stems of nouns and verbs by which a position is asked for.
var positionWords = words.Set(`demand condit term posit stanc red claim reject refus accept agre promis offer propos
insist requir oppos support want reason object`)

// asksWhatHappened reports whether the question is for an event that is over.
func (p *Plan) asksWhatHappened() bool {
	if p.Latest {
		return false
	}
	return p.Kind == When || slices.ContainsFunc(p.concepts, func(c concept) bool { return outcomeWords[c.terms[0]] })
}

// outcomeWords are stems by which it is asked what came of something.
var outcomeWords = words.Set("happen result outcom end conclud")

// plans reports whether the sentence that has most of the question speaks of what was still to come.
func (r *matchedPassage) plans() bool {
	for i, tok := range r.tokens {
		asked := i+1 < len(r.tokens) && r.asked[i+1]
		if r.sentenceOf[i] == r.top && (planWords[tok.Fold] || tok.Fold == "to" && asked) { // "agreed to meet"
			return true
		}
	}
	return false
}

// planWords are words of what is still to come, folded.
var planWords = words.Set(`will would could plan plans planned planning propose proposed proposes prepared preparing
expected expects hopes hoped ready willing invited scheduled upcoming intends intended might should planned`)
