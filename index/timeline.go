package index

import (
	"context"
	"fmt"
	"slices"

	"parley/corpus"
	"parley/corpus/statement/stance"
	"parley/index/when"
)

// Timeline tells when which actors took which positions.
type Timeline struct {
	// Lines are the actors, those with the most marks first.
	Lines  []TimeLine `json:"lines"`
	Record Record     `json:"record"`
}

// TimeLine is an actor in a Timeline.
type TimeLine struct {
	Actor string     `json:"actor"`
	Marks []TimeMark `json:"marks"` // by date, then stance
}

// TimeMark counts the passages of one date that hold statements of one stance.
type TimeMark struct {
	Date     corpus.PartialDate `json:"date"`
	Stance   string             `json:"stance"`
	Passages int                `json:"passages"`
}

// Timeline finds when the actors took positions on a topic, or on any if it is empty.
// It reads posting lists and dates, no passage. Without actors it takes the main ones.
// Passages without a date are left out, actors without a mark too.
func (a *Asker) Timeline(
	ctx context.Context, topic string, actors []string, within when.Period, events bool,
) (t Timeline, err error) {
	if len(actors) == 0 {
		actors = a.planner.mainActors()
	}
	err = a.view(func(snap Snapshot) error {
		t = Timeline{Lines: []TimeLine{}, Record: snap.Record()}
		for _, id := range actors {
			marks, err := timeMarks(ctx, snap, StatementQuery{Actor: id, Topic: topic, Period: within}, events)
			if err != nil {
				return err
			}
			if len(marks) > 0 {
				t.Lines = append(t.Lines, TimeLine{id, marks})
			}
		}
		return nil
	})
	passages := func(l TimeLine) (n int) {
		for _, m := range l.Marks {
			n += m.Passages
		}
		return n
	}
	slices.SortStableFunc(t.Lines, func(x, y TimeLine) int { return passages(y) - passages(x) })
	return t, err
}

// timeMarks counts an actor's passages by date and stance.
func timeMarks(ctx context.Context, snap DatedPassages, q StatementQuery, events bool) (marks []TimeMark, err error) {
	stances := stance.Names()
	if events {
		stances = append(stances, StanceEvent)
	}
	for _, q.Stance = range stances {
		dated, err := snap.Dated(ctx, FieldStatement, StatementTerm(q.Actor, q.Topic, q.Stance))
		if err != nil {
			return nil, fmt.Errorf("timeline: %w", err)
		}
		count := map[corpus.PartialDate]int{}
		for _, d := range dated {
			if !d.Date.IsZero() && (q.Period.IsZero() || q.Period.MayHold(d.Date)) {
				count[d.Date]++
			}
		}
		for date, n := range count {
			marks = append(marks, TimeMark{date, q.Stance, n})
		}
	}
	slices.SortStableFunc(marks, func(x, y TimeMark) int { return x.Date.Compare(y.Date) })
	return marks, nil
}
