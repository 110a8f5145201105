package bot

import (
	"context"
	"fmt"
	"time"

	"parley/corpus"
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
	return b.presentComparison(c, len(actors) > 0, req.Conversation), nil
}

// presentComparison shows a comparison; named tells whether its actors were asked for.
func (b *Bot) presentComparison(c index.Comparison, named bool, conversation string) Reply {
	var out showing
	topic := b.topicName(c.Topic)
	for _, side := range c.Sides {
		out.add(Heading{fmt.Sprintf(sayStanceOn, b.actorNames(side.Actors), topic)})
		for i, st := range side.Statements {
			out.statement(b, st, marked(st, false, i == 0)...)
		}
		for _, id := range side.Actors {
			out.reply.Actions = append(out.reply.Actions, Action{Label: b.actorName(id), Command: stanceCommand, Args: Args{"actor": id, "topic": c.Topic}})
		}
	}
	if len(c.Silent) > 0 {
		out.add(Note{plain(fmt.Sprintf(sayNoStatementOn, joinedOr(c.Silent, b.actorName), topic))})
	}
	if len(c.Sides) > 1 {
		out.add(Note{plain(fmt.Sprintf(sayTurning, count(len(c.Sides[0].Statements), "statement", "statements")))})
	}
	if len(c.Sides) == 1 && named {
		out.add(Note{plain(sayOneSide)})
	}
	out.add(Note{plain(recordLine(c.Record))})
	return out.done(b, conversation)
}

// joinedOr is "A", "A or B", "A, B or C".
func joinedOr(ids []string, name func(string) string) string {
	last := len(ids) - 1
	if last < 1 {
		return joined(ids, name)
	}
	return joined(ids[:last], name) + " or " + name(ids[last])
}

// span is a period in words.
func span(p index.Period) string {
	since, until := corpus.DateOf(p.Since, corpus.Day), corpus.DateOf(p.Until.Add(-time.Nanosecond), corpus.Day)
	switch {
	case p.Until.IsZero():
		return "since " + since.Long()
	case p.Since.IsZero():
		return "until " + until.Long()
	}
	return "from " + period(since, until)
}
