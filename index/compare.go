package index

import (
	"context"
	"slices"
	"time"
)

// Comparison sets actors side by side on a topic.
type Comparison struct {
	Topic string `json:"topic"`
	// Sides are in an order that turns from day to day; all have the same number of
	// statements, the newest that there are.
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

// perSide is the most statements a side, by the number of sides: more than two sides
// get one each, so that a reply stays readable.
func perSide(sides int) int {
	if sides <= 2 {
		return 3
	}
	return 1
}

// Compare sets actors side by side on a topic; without actors, all main ones.
func (a *Asker) Compare(ctx context.Context, topic string, actors []string, within Period, now time.Time) (c Comparison, err error) {
	if len(actors) == 0 {
		actors = a.planner.mains()
	}
	actors = slices.Clone(actors)
	slices.Sort(actors)
	c = Comparison{Topic: topic, Sides: []Side{}, Silent: []string{}}
	err = a.view(func(snap Snapshot) error {
		c.Record = snap.Record()
		for _, id := range turned(slices.Compact(actors), now) {
			found, err := a.statements(ctx, snap, StatementQuery{Actor: id, Topic: topic, Period: within, Limit: perSide(1)})
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
	n := perSide(len(c.Sides))
	for _, s := range c.Sides {
		n = min(n, len(s.Statements))
	}
	var sides []Side
next:
	for _, side := range c.Sides {
		side.Statements = side.Statements[:n]
		for i := range sides {
			if slices.EqualFunc(sides[i].Statements, side.Statements, sameSentence) {
				sides[i].Actors = append(sides[i].Actors, side.Actors...)
				continue next
			}
		}
		sides = append(sides, side)
	}
	c.Sides = append([]Side{}, sides...)
}

// sameSentence reports whether two statements are the same sentence of a passage.
func sameSentence(x, y Statement) bool { return x.Passage == y.Passage && x.Start == y.Start }
