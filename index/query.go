package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/index/when"
)

// How many passages the first stage hands to the ranking. Of a large record more, since
// more of what has the words is about other things, and for a browsing question, of which
// nearly all that is found answers.
const (
	candidates      = 60
	candidatesLarge = 100
	largeRecord     = 100_000 // passages
	tieRoom         = 10      // passages beyond the last that may score the same as it
)

// Searcher finds passages.
type Searcher interface {
	Record() Record
	// Search returns the k best passages by the sum of the clauses, exactly, best first;
	// of equal scores the lower Ref is first.
	Search(ctx context.Context, clauses []Clause, k int) ([]Candidate, error)
	// Passage fetches what the index holds of a passage.
	Passage(ref uint64) (*Passage, error)
}

// scored is a passage with its score in the first stage.
type scored struct {
	*Passage
	score float64
}

// firstStage fetches the candidates, best first. Passages of the same score are in
// the order of their ids: an engine's own order may differ from build to build.
func firstStage(ctx context.Context, snap Searcher, p *Plan) ([]scored, error) {
	wanted := candidates
	if snap.Record().Passages > largeRecord || p.browses() {
		wanted = candidatesLarge
	}
	found, err := snap.Search(ctx, p.clauses(), wanted+tieRoom)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	n := min(wanted, len(found))
	for n > 0 && n < len(found) && found[n].Score == found[wanted-1].Score {
		n++
	}
	if n == wanted+tieRoom && (found[0].Score > found[n-1].Score || !p.browses()) {
		// Still more may score the same, and which of them were found is chance: so all that
		// do are left out. Where that leaves none, no word of the question was found anywhere.
		for n > 0 && found[n-1].Score == found[wanted-1].Score {
			n--
		}
	}
	list := make([]scored, n)
	for i, c := range found[:n] {
		passage, err := snap.Passage(c.Ref)
		if err != nil {
			return nil, err
		}
		list[i] = scored{passage, c.Score}
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(wanted, n)], nil
}

// clauses are what the engine is asked for.
func (p *Plan) clauses() []Clause {
	var cs []Clause
	seen := map[string]int{}
	add := func(f Field, term string, weight float64) {
		key := string(f) + ":" + term
		if i, ok := seen[key]; ok {
			cs[i].Weight = max(cs[i].Weight, weight)
			return
		}
		seen[key] = len(cs)
		cs = append(cs, Clause{Field: f, Term: term, Weight: weight, Expansion: f == FieldText && weight < 1})
	}
	for i := range p.concepts {
		c := &p.concepts[i]
		for _, t := range c.terms {
			add(FieldText, t, 1)
			add(FieldTitle, t, titleWeight)
		}
		for _, a := range c.alternatives {
			if len(a.terms) == 1 && a.weight >= leastFinding {
				add(FieldText, a.terms[0], a.weight*alternativeWeight)
			}
		}
		if term := c.actorTerm(); term != "" {
			add(FieldActor, term, actorWeight*c.idf)
			add(FieldActor, c.actor, actorWeight)
		}
	}
	for _, t := range periodTerms(p.Period, p.now) {
		add(FieldDate, t, dateWeight)
	}
	ended := p.Period.Since.After(p.newest) // before the time asked about: the newest come closest
	if (p.Latest || p.browses()) && (p.Period.IsZero() || ended) {
		for i, t := range periodTerms(when.Period{Since: p.newest.AddDate(0, -latestMonths, 0)}, p.newest) {
			add(FieldDate, t, dateWeight*float64(i+1)/(latestMonths+1))
		}
	}
	for _, id := range p.Actors {
		add(FieldSpeaker, id, voiceWeight)
	}
	for _, t := range p.Topics {
		add(FieldTopic, t, topicWeight)
	}
	for _, t := range p.statements {
		add(FieldStatement, t, statementWeight)
	}
	for _, id := range p.sides {
		asked := 0.0
		if i, ok := seen[string(FieldActor)+":"+id]; ok {
			asked = cs[i].Weight
		}
		add(FieldActor, id, asked+sideWeight)
	}
	add(FieldSourceKind, SourceBrief, briefWeight)
	add(FieldSourceKind, SourceDedicated, dedicatedWeight)
	return cs
}

// Weights of the first stage, where a matching word of middling rarity scores about 5.
const (
	titleWeight       = 0.3
	alternativeWeight = 0.8
	leastFinding      = 0.38 // alternatives of less weight only count in the ranking
	actorWeight       = 1
	topicWeight       = 2.5
	sideWeight        = 4 // a record of twenty years of news is mostly about other conflicts
	voiceWeight       = 1
	statementWeight   = 30 // more than any words together: these passages come first
	dateWeight        = 5
	briefWeight       = 3.5
	dedicatedWeight   = 1
)

const (
	maxMonths    = 24 // that a search asks for one by one
	latestMonths = 6  // back from the newest document, where the latest is looked for first
)

// periodTerms are the terms of FieldDate that find the months of a period, or its days
// where it is shorter than a month. An open period ends now, or goes back maxMonths.
func periodTerms(p when.Period, now time.Time) []string {
	if p.IsZero() {
		return nil
	}
	if p.Until.IsZero() {
		p.Until = now.AddDate(0, 0, 1)
	}
	first := p.Until.AddDate(0, -maxMonths, 0)
	if p.Since.Before(first) {
		p.Since = first
	}
	var terms []string
	if p.Until.Sub(p.Since) < 28*24*time.Hour {
		for d := p.Since; d.Before(p.Until); d = d.AddDate(0, 0, 1) {
			terms = append(terms, d.UTC().Format(time.DateOnly))
		}
		return terms
	}
	month := time.Date(p.Since.Year(), p.Since.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; month.Before(p.Until); month = month.AddDate(0, 1, 0) {
		terms = append(terms, month.Format("2006-01"))
	}
	return terms
}
