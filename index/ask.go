package index

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"parley/corpus"
)

// How far below the best score a passage may be
const (
	evidenceMargin = 3.0 // to be shown or counted: about a twentieth as likely to answer
	latestMargin   = 1.0 // to come first for being newer
)

// Ask answers one question. A question without a word to look for is answered with no.
func (a *Asker) Ask(ctx context.Context, q Question) (answer Answer, err error) {
	err = a.view(func(snap Snapshot) error {
		p, list, err := a.find(ctx, snap, q, nil)
		if err != nil {
			return err
		}
		answer = a.answer(p, list, snap.Record(), q)
		return nil
	})
	return answer, err
}

// Plan returns how the last of some questions of one conversation is understood, without
// looking for answers; nil for none.
func (a *Asker) Plan(ctx context.Context, now time.Time, questions ...string) (plan *Plan, err error) {
	err = a.view(func(snap Snapshot) error {
		for _, text := range questions {
			if err := ctx.Err(); err != nil {
				return err
			}
			if plan, err = a.planner.plan(Question{Text: text, Previous: plan, Now: now}, snap); err != nil {
				return err
			}
		}
		return nil
	})
	return plan, err
}

// find plans the question and ranks the passages for it, those aside that are to be skipped.
func (a *Asker) find(
	ctx context.Context, snap Snapshot, q Question, skip func(*Passage) bool,
) (*Plan, []ranked, error) {
	p, err := a.planner.plan(q, snap)
	if err != nil || len(p.concepts) == 0 {
		return p, nil, err
	}
	list, err := a.rank(ctx, snap, p, skip)
	return p, list, err
}

const longestNamed = 40 // characters of a word that are repeated to the asker: no real one is longer

// answer grades the ranked passages and decides which are shown.
func (a *Asker) answer(p *Plan, list []ranked, record Record, q Question) Answer {
	answer := Answer{Question: q.Text, Record: record, Plan: p, Repairs: p.Repairs, Passages: []Hit{}}
	ordered := p.order(list)
	hits := map[string]Hit{} // by passage: most of what is shown is also ranked high
	for _, r := range ordered[:min(maxRanked, len(ordered))] {
		hits[r.ID] = p.hit(r)
		answer.Ranked = append(answer.Ranked, hits[r.ID])
	}
	answer.EnglishOnly = !isLatin(q.Text) && !slices.ContainsFunc(answer.Ranked, func(h Hit) bool { return !isLatin(h.Text) })
	evidence := p.evidence(ordered)
	answer.Grade, answer.Confidence = a.model.grade(p, list, evidence, record)
	answer.Answered = answer.Grade == GradeAnswer
	limit := maxShown
	if !answer.Answered {
		answer.Why = p.unanswered(a.planner.name)
		limit = maxClosest
		ordered = p.heardFirst(ordered)
		if evidence = p.evidence(ordered); len(evidence) < limit {
			evidence = ordered[:min(len(ordered), maxRanked)]
		}
	}
	if answer.Grade == GradeNone {
		return answer
	}
	evidence = p.limitOthers(p.heard(evidence))
	answer.Coverage = coverage(evidence)
	switch {
	case p.compares():
		if shown, balance := p.spreadOverNamed(ordered, q.Now); len(balance.Order) > 1 {
			evidence, answer.Balance = shown, balance
		}
	case p.disputed():
		evidence, answer.Balance = a.planner.spreadOverSpeakers(evidence, limit, q.Now)
	}
	shown := evidence[:min(limit, len(evidence))]
	if p.page > 0 {
		answer.Balance = nil
		ordered = slices.DeleteFunc(slices.Clone(ordered), func(r ranked) bool {
			return slices.ContainsFunc(shown, func(s ranked) bool { return s.ID == r.ID })
		})
		ordered = ordered[min((p.page-1)*limit, len(ordered)):]
		shown = ordered[:min(limit, len(ordered))]
		answer.Ranked = nil
		for _, r := range ordered[:min(maxRanked, len(ordered))] {
			answer.Ranked = append(answer.Ranked, p.hit(r))
		}
	}
	for _, r := range shown {
		h, ok := hits[r.ID]
		if !ok {
			h = p.hit(r)
		}
		answer.Passages = append(answer.Passages, h)
	}
	return answer
}

// heardFirst puts the passages first in which an actor speaks who speaks or acts in the
// question, then those that name one. Where only actors and topics are asked about, there
// are no others: nobody answers for somebody else.
func (p *Plan) heardFirst(list []ranked) []ranked {
	var asked []string
	for _, c := range p.concepts {
		if c.acts() {
			asked = append(asked, c.actor)
		}
	}
	if len(asked) == 0 {
		return list
	}
	rank := func(r ranked) int {
		switch {
		case intersects(asked, r.Speakers()):
			return 0
		case intersects(asked, r.Actors):
			return 1
		}
		return 2
	}
	list = slices.Clone(list)
	if p.browses() {
		slices.SortStableFunc(list, func(x, y ranked) int { return rank(x) - rank(y) })
		if len(list) > 0 && rank(list[0]) < 2 {
			first := rank(list[0])
			return slices.DeleteFunc(list, func(r ranked) bool { return rank(r) > first })
		}
		return list
	}
	slices.SortStableFunc(list, func(x, y ranked) int { return rank(x)/2 - rank(y)/2 })
	return list
}

// isLatin reports whether most letters of a text are Latin.
func isLatin(text string) bool {
	letters, latin := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.Is(unicode.Latin, r) {
			latin++
		}
	}
	return 2*latin >= letters
}

// order puts passages into the order in which they are shown: the newest first where the
// latest is asked for, among those that score nearly as well as the best.
func (p *Plan) order(list []ranked) []ranked {
	if !p.Latest || p.browses() || len(list) == 0 {
		return list
	}
	list = slices.Clone(list)
	n := 0
	for n < len(list) && list[0].score-list[n].score <= latestMargin {
		n++
	}
	slices.SortStableFunc(list[:n], func(x, y ranked) int { return y.Source.Published.Compare(x.Source.Published) })
	return list
}

// evidence keeps the passages that may be shown, in their order: those that have all that a
// browsing question names, or else those that score nearly as well as the best.
func (p *Plan) evidence(list []ranked) (evidence []ranked) {
	if p.browses() {
		for _, r := range list {
			if _, all := p.facets(r.matchedPassage); all {
				evidence = append(evidence, r)
			}
		}
		return evidence
	}
	margin := evidenceMargin
	if p.Latest {
		margin = latestMargin // so that all that is shown is the newest first
	}
	best := math.Inf(-1)
	for _, r := range list {
		best = max(best, r.score)
	}
	return slices.DeleteFunc(slices.Clone(list), func(r ranked) bool { return best-r.score > margin })
}

// hit makes a ranked passage into one to show.
func (p *Plan) hit(r ranked) Hit {
	h := Hit{
		ID: r.ID, Text: r.Text, Start: r.Start, End: r.End, Score: r.score, Source: r.Source, AlsoIn: r.also,
		Matches: r.highlights(), Speakers: []string{}, Topics: slices.Clone(r.Topics),
	}
	h.Excerpt, h.Key = p.excerpt(r.matchedPassage)
	if h.Topics == nil {
		h.Topics = []string{}
	}
	for _, s := range r.Attributions {
		if r.Sentences[s.Sentence] == h.Key && len(s.Actors) > 0 {
			h.Speakers, h.Speaker = s.Actors, s.Speaker
		}
	}
	return h
}

// unanswered says in a sentence what was looked for. name gives the name of an actor or topic.
func (p *Plan) unanswered(name func(id string) string) string {
	var about []string
	for _, id := range slices.Concat(p.Actors, p.Topics) {
		about = append(about, name(id))
	}
	var words []string
	for _, c := range p.concepts {
		if c.actor == "" && !c.dated && !c.topical && !frameWords[c.terms[0]] && c.to > c.from && len(words) < 6 {
			word := p.tokens[c.from].Text
			if r := []rune(word); len(r) > longestNamed {
				word = string(r[:longestNamed]) + "…"
			}
			words = append(words, "“"+word+"”")
		}
	}
	switch {
	case len(about)+len(words) > 0:
	case !p.Period.IsZero():
		return "Nothing was looked for but the time."
	default:
		return "The question has no word to look for."
	}
	sought := enumerate(about)
	if len(about) > 0 && len(words) > 0 {
		sought += " together with "
	}
	return "Looked for " + sought + enumerate(words) + "; no passage of the record says enough to answer."
}

// enumerate joins with commas and "and".
func enumerate(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// coverage sums up the documents of the evidence.
func coverage(evidence []ranked) *Coverage {
	c := &Coverage{}
	documents, publishers := map[string]bool{}, map[string]bool{}
	for _, r := range evidence {
		for _, s := range append([]corpus.Source{r.Source}, r.also...) {
			documents[s.ID], publishers[s.Publisher] = true, true
			if d := s.Published; !d.IsZero() {
				if c.From.IsZero() || d.Compare(c.From) < 0 {
					c.From = d
				}
				if d.Compare(c.To) > 0 {
					c.To = d
				}
			}
		}
	}
	c.Documents, c.Publishers = len(documents), len(publishers)
	return c
}

// Examination is a question with its candidates and their features, best
// first, and the signals of the judges: what the weights are trained on.
type Examination struct {
	Plan        *Plan
	Passages    []*Passage
	Names       []string    // of Features
	Features    [][]float64 // of each passage
	SignalNames []string    // of Signals
	Signals     []float64
}

// Examine finds the candidates of a question and their features. Passages for
// which skip, if not nil, returns true are left out, as if the record lacked them:
// so a question with an answer becomes one without.
func (a *Asker) Examine(ctx context.Context, q Question, skip func(*Passage) bool) (x Examination, err error) {
	err = a.view(func(snap Snapshot) error {
		p, list, err := a.find(ctx, snap, q, skip)
		if err != nil {
			return err
		}
		x = Examination{
			Plan: p, Names: featureNames[:],
			SignalNames: signalNames[:], Signals: p.signals(list, snap.Record())[:],
		}
		for _, r := range list {
			x.Passages = append(x.Passages, r.Passage)
			x.Features = append(x.Features, r.vector[:])
		}
		return nil
	})
	return x, err
}
