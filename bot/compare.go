package bot

import (
	"context"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/index"
)

// compare sets actors side by side: as many statements of each, and who has none.
func (b *Bot) compare(ctx context.Context, req Request) (Reply, error) {
	period, err := within(req.Args)
	if err != nil {
		return Reply{}, err
	}
	actors := argument.SplitList(req.Args["actors"])
	c, err := b.index.Compare(ctx, req.Args["topic"], actors, period, b.now())
	if err != nil {
		return Reply{}, err
	}
	return b.presentComparison(b.in(req.Language), c, period, len(actors) > 0, req.Conversation), nil
}

// presentComparison shows a comparison of a period; named tells whether its actors were asked for.
func (b *Bot) presentComparison(p Presenter, c index.Comparison, within index.Period, named bool, conversation string) Reply {
	out := showing{Presenter: p}
	for _, side := range c.Sides {
		out.add(p.stanceHeading(side.Actors, c.Topic))
		for i, st := range side.Statements {
			out.statement(b, st, p.marked(within, st, false, i == 0)...)
		}
		for _, id := range side.Actors {
			out.offer(Action{Label: p.ActorName(id), Command: stanceCommand, Args: Args{"actor": id, "topic": c.Topic}})
		}
	}
	if len(c.Silent) > 0 {
		places := wording.Data{"Actor": p.anyOf(c.Silent), "Topic": p.TopicName(c.Topic)}
		out.add(Note{Plain(p.Fill(p.within(within, places, "no_statement_on", "no_statement_in"), places))})
	}
	if len(c.Sides) > 1 {
		out.add(Note{Plain(p.Fill("turning", wording.Data{"Statements": p.Count("count_statements", len(c.Sides[0].Statements))}))})
	}
	if len(c.Sides) == 1 && named {
		out.add(Note{Plain(p.Say("one_side"))})
	}
	out.add(Note{Plain(p.RecordLine(c.Record))})
	return out.done(b, conversation)
}
