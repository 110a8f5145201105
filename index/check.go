package index

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/corpus"
	"parley/corpus/lexicon"
)

// Claim is a sentence that says something about actors and topics, with what the
// record has nearest to it. Whether it is true is not said: that is for the reader.
type Claim struct {
	Sentence string   `json:"sentence"`
	Actors   []string `json:"actors"` // ids of those that it names, who says it first
	Topics   []string `json:"topics"` // ids
	// Nearest are statements by these actors on these topics, the nearest in words first.
	Nearest []Statement `json:"nearest"`
}

// Check is what the record has on the claims of a text.
type Check struct {
	Claims []Claim `json:"claims"`
	// More is how many further sentences make a claim.
	More   int    `json:"more"`
	Record Record `json:"record"`
}

// Bounds of a Check.
const (
	maxClaims            = 4
	maxNearestStatements = 3
)

// Check finds the claims in a text and the statements nearest to each.
func (a *Asker) Check(ctx context.Context, text string, now time.Time) (c Check, err error) {
	c.Claims = a.planner.claims(text)
	c.More = max(0, len(c.Claims)-maxClaims)
	c.Claims = c.Claims[:len(c.Claims)-c.More]
	err = a.view(func(snap Snapshot) error {
		c.Record = snap.Record()
		for i := range c.Claims {
			if err := a.nearest(ctx, snap, &c.Claims[i], now); err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}

// claims returns the sentences of a text that name an actor and a topic, if only by a hint.
func (pl *planner) claims(text string) []Claim {
	doc := corpus.Document{Text: text}
	sentences := pl.splitter.Sentences(text)
	said := pl.extractor.Attribute(doc, sentences)
	claims := []Claim{}
	for i, span := range sentences {
		sentence := span.In(text)
		mentions := pl.lexicon.Find(sentence)
		c := Claim{
			Sentence: sentence, Nearest: []Statement{},
			Actors: union(said[i].Actors, lexicon.IDs(lexicon.KindActor, mentions)),
			Topics: lexicon.IDs(lexicon.KindTopic, mentions),
		}
		if len(c.Topics) == 0 { // a hint will do: only what is nearest in words is shown
			for _, m := range mentions {
				if m.Kind == lexicon.KindTopic {
					c.Topics = union(c.Topics, []string{m.ID})
				}
			}
		}
		if len(c.Actors) > 0 && len(c.Topics) > 0 {
			claims = append(claims, c)
		}
	}
	return claims
}

// nearest finds the statements of the record that are nearest to a claim.
func (a *Asker) nearest(ctx context.Context, snap Snapshot, c *Claim, now time.Time) error {
	p, err := a.planner.plan(Question{Text: c.Sentence, Now: now}, snap)
	if err != nil || len(p.concepts) == 0 {
		return err
	}
	for _, actor := range c.Actors {
		for _, topic := range c.Topics {
			p.statements = append(p.statements, StatementTerm(actor, topic, ""))
		}
	}
	matches := func(s Attribution) bool { return intersects(c.Actors, s.Actors) && intersects(c.Topics, s.Topics) }
	without := func(found *Passage) bool { return !slices.ContainsFunc(found.Attributions, matches) }
	list, err := a.rank(ctx, snap, p, without)
	if err != nil {
		return err
	}
	type scoredStatement struct {
		Statement
		score float64
	}
	var near []scoredStatement
	for _, r := range list {
		scores := p.sentenceScores(r.matchedPassage)
		for _, s := range r.Attributions {
			if matches(s) {
				near = append(near, scoredStatement{r.statement(s), scores[s.Sentence]})
			}
		}
	}
	slices.SortStableFunc(near, func(x, y scoredStatement) int { return cmp.Compare(y.score, x.score) })
	for _, n := range near {
		listed := slices.ContainsFunc(c.Nearest, func(s Statement) bool { return strings.EqualFold(s.Text, n.Text) })
		if len(c.Nearest) < maxNearestStatements && !listed {
			c.Nearest = append(c.Nearest, n.Statement)
		}
	}
	return nil
}
