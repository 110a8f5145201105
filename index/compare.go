package index

import (
	"context"
	"slices"
	"time"

	"parley/index/when"
)

// Comparison sets what actors say on a topic beside each other.
type Comparison struct {
	Topic string `json:"topic"`
	// Sides are in an order that rotates daily; all have the same number of statements, the
	// newest that there are.
	Sides []Side `json:"sides"`
	// Silent are the actors asked for of whom the record has no statement on the topic.
	Silent []string `json:"silent"`
	Record Record   `json:"record"`
}

// Side is an actor in a Comparison, or several of which the same statements are shown
// because they made them together.
type Side struct {
	Actors     []string    `json:"actors"`
	Statements []Statement `json:"statements"`
}

// How many statements of each side are shown at most. More than two sides get fewer, so
// that a reply stays readable.
const (
	statementsOfTwo  = 3
	statementsOfMore = 1
)

// Compare compares what actors say on a topic; without actors, all main ones.
func (a *Asker) Compare(
	ctx context.Context, topic string, actors []string, within when.Period, now time.Time,
) (c Comparison, err error) {
	if len(actors) == 0 {
		actors = a.planner.mainActors()
	}
	actors = slices.Clone(actors)
	slices.Sort(actors)
	c = Comparison{Topic: topic, Sides: []Side{}, Silent: []string{}}
	err = a.view(func(snap Snapshot) error {
		c.Record = snap.Record()
		for _, id := range rotatedDaily(slices.Compact(actors), now) {
			q := StatementQuery{Actor: id, Topic: topic, Period: within, Limit: statementsOfTwo}
			found, err := a.statements(ctx, snap, q)
			if err != nil {
				return err
			}
			if len(found.List) == 0 {
				c.Silent = append(c.Silent, id)
				continue
			}
			c.Sides = append(c.Sides, Side{[]string{id}, found.List})
		}
		return nil
	})
	c.level()
	return c, err
}

// level gives all sides the same number of statements, and joins those that share them.
func (c *Comparison) level() {
	n := statementsOfTwo
	if len(c.Sides) > 2 {
		n = statementsOfMore
	}
	for _, s := range c.Sides {
		n = min(n, len(s.Statements))
	}
	sides := []Side{}
	for _, side := range c.Sides {
		side.Statements = side.Statements[:n]
		i := slices.IndexFunc(sides, func(s Side) bool {
			return slices.EqualFunc(s.Statements, side.Statements, func(x, y Statement) bool {
				return x.Passage == y.Passage && x.Start == y.Start
			})
		})
		if i >= 0 {
			sides[i].Actors = append(sides[i].Actors, side.Actors...)
		} else {
			sides = append(sides, side)
		}
	}
	c.Sides = sides
}
