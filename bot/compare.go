package bot

import (
	"context"

	"parley/index"
)

// compare sets actors side by side: as many statements of each, and who has none.
func (b *Bot) compare(ctx context.Context, req Request) (Reply, error) {
	period, err := within(req.Args)
	if err != nil {
		return Reply{}, err
	}
	actors := SplitActors(req.Args["actors"])
	c, err := b.index.Compare(ctx, req.Args["topic"], actors, period, b.now())
	if err != nil {
		return Reply{}, err
	}
	return b.presentComparison(speak(req.Language), c, period, len(actors) > 0, req.Conversation), nil
}

// presentComparison shows a comparison of a period; named tells whether its actors were asked for.
func (b *Bot) presentComparison(w words, c index.Comparison, within index.Period, named bool, conversation string) Reply {
	out := showing{words: w}
	for _, side := range c.Sides {
		out.add(b.stanceHeading(w, side.Actors, c.Topic))
		for i, st := range side.Statements {
			out.statement(b, st, w.marked(within, st, false, i == 0)...)
		}
		for _, id := range side.Actors {
			out.offer(Action{Label: b.actorName(w, id), Command: stanceCommand, Args: Args{"actor": id, "topic": c.Topic}})
		}
	}
	if len(c.Silent) > 0 {
		places := data{"Actor": b.anyOf(w, c.Silent), "Topic": b.topicName(w, c.Topic)}
		out.add(Note{plain(w.say(w.within(within, places, sayNoStatementOn, sayNoStatementIn), places))})
	}
	if len(c.Sides) > 1 {
		out.add(Note{plain(w.say(sayTurning, data{"Statements": counted(sayCountStatements, len(c.Sides[0].Statements))}))})
	}
	if len(c.Sides) == 1 && named {
		out.add(Note{plain(w.say(sayOneSide, nil))})
	}
	out.add(Note{plain(w.recordLine(c.Record))})
	return out.done(b, conversation)
}
