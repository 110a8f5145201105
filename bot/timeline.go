package bot

import (
	"context"
	"parley/bot/argument"
	"parley/bot/wording"
	"parley/index"
)

// maxDrawnActors is how many rows of the picture a phone shows without scrolling far.
const maxDrawnActors = 6

// statementsPerTimeline is how many statements and events stand below the picture.
const statementsPerTimeline = 6

// timeline shows dated statements and events as a picture and, the newest first, as text.
func (b *Bot) timeline(ctx context.Context, req Request) (Reply, error) {
	period, err := within(req.Args)
	if err != nil {
		return Reply{}, err
	}
	page, err := readPage(req.Args)
	if err != nil {
		return Reply{}, err
	}
	topic, actor := req.Args["topic"], req.Args["actor"]
	found, err := b.index.Statements(ctx, index.StatementQuery{
		Actor: actor, Topic: topic, Period: period, Events: true,
		Skip: page * statementsPerTimeline, Limit: statementsPerTimeline,
	})
	if err != nil {
		return Reply{}, err
	}
	p := b.presenter(req.Language)
	if len(found.List) == 0 {
		return Reply{Blocks: []Block{Text{Plain(p.withPeriod(p.Say("no_marks"), period))}, Note{Plain(p.RecordLine(found.Record))}}}, nil
	}
	out := quotations{Presenter: p}
	title := p.Fill("timeline_of", wording.Data{"Subject": p.subject(topic, actor)})
	out.add(Heading{title})
	if page == 0 {
		picture, err := b.picture(ctx, p, title, topic, actor, period)
		if err != nil {
			return Reply{}, err
		}
		out.add(picture...)
	}
	for _, st := range found.List {
		out.statement(b, st, p.Date(st.Source.Published), listed(p.ActorNames(st.Actors)), p.Stance(st))
	}
	if found.More {
		out.add(Note{Plain(p.Fill("more_by", wording.Data{"Command": b.typedNext(req, page)}))})
	}
	out.offer(pageActions(p, req, page, found.More, "action.newer", "action.older")...)
	out.add(Note{Plain(p.RecordLine(found.Record))})
	return out.done(b, req.Conversation), nil
}

// subject is what a timeline is of: "Territory, Russia".
func (p Presenter) subject(topic, actor string) string {
	switch {
	case topic == "" && actor == "":
		return p.Say("all_topics")
	case topic == "":
		return p.ActorName(actor)
	case actor == "":
		return p.TopicName(topic)
	}
	return p.TopicName(topic) + ", " + p.ActorName(actor)
}

// picture draws the timeline; it is empty where nothing on it has a date.
func (b *Bot) picture(ctx context.Context, p Presenter, title, topic, actor string, within index.Period) ([]Block, error) {
	t, err := b.index.Timeline(ctx, topic, argument.SplitList(actor), within, true)
	return p.TimelinePicture(title, t, index.Period{}), err
}
