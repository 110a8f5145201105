package bot

import (
	"context"
	"fmt"
	"slices"

	"parley/bot/timeline"
	"parley/index"
)

// statementsPerTimeline is how many statements and events stand below the picture.
const statementsPerTimeline = 6

// timeline shows dated statements and events as a picture and, the newest first, as text.
func (b *Bot) timeline(ctx context.Context, req Request) (Reply, error) {
	period, err := within(req.Args)
	if err != nil {
		return Reply{}, err
	}
	page, err := pageOf(req.Args)
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
	if len(found.List) == 0 {
		return Reply{Blocks: []Block{Text{plain(sayNoMarks)}, Note{plain(recordLine(found.Record))}}}, nil
	}
	var out showing
	out.add(Heading{fmt.Sprintf(sayTimelineOf, b.subject(topic, actor))})
	if page == 0 {
		picture, err := b.picture(ctx, topic, actor, period)
		if err != nil {
			return Reply{}, err
		}
		out.add(picture...)
	}
	for _, st := range found.List {
		out.statement(b, st, st.Source.Published.Long(), b.actorNames(st.Actors), stanceLabel(st))
	}
	if found.More {
		older := next(sayOlder, req, page)
		out.add(Note{plain(fmt.Sprintf(sayMoreBy, b.typed(older)))})
		out.reply.Actions = append(out.reply.Actions, older)
	}
	out.add(Note{plain(recordLine(found.Record))})
	return out.done(b, req.Conversation), nil
}

// subject is what a timeline is of: "Territory, Russia".
func (b *Bot) subject(topic, actor string) string {
	switch {
	case topic == "" && actor == "":
		return sayAllTopics
	case topic == "":
		return b.actorName(actor)
	case actor == "":
		return b.topicName(topic)
	}
	return b.topicName(topic) + ", " + b.actorName(actor)
}

// picture draws the timeline; it is empty where nothing on it has a date.
func (b *Bot) picture(ctx context.Context, topic, actor string, within index.Period) ([]Block, error) {
	t, err := b.index.Timeline(ctx, topic, SplitActors(actor), within, true)
	if err != nil || len(t.Lines) == 0 {
		return nil, err
	}
	chart := b.chart(t)
	chart.Title = fmt.Sprintf(sayTimelineOf, b.subject(topic, actor))
	chart.Subtitle = recordLine(t.Record)
	return []Block{Picture{Name: "timeline.png", Alt: chart.AltText(), Draw: chart.WritePNG}}, nil
}

// chart makes a mark of every passage, or, where those are too many, of every date.
func (b *Bot) chart(t index.Timeline) timeline.Chart {
	total := 0
	for _, l := range t.Lines {
		for _, m := range l.Marks {
			total += m.Passages
		}
	}
	var chart timeline.Chart
	for _, l := range t.Lines[:min(len(t.Lines), timeline.MaxRows)] {
		row := timeline.Row{Name: b.actorName(l.Actor)}
		for _, m := range l.Marks {
			kind, err := timeline.ParseKind(m.Stance)
			if err != nil {
				continue // a kind that the picture has no mark for
			}
			n := m.Passages
			if total > timeline.MaxMarks {
				n = 1
			}
			row.Marks = append(row.Marks, slices.Repeat([]timeline.Mark{{From: m.Date.Start(), To: m.Date.End(), Kind: kind}}, n)...)
		}
		chart.Rows = append(chart.Rows, row)
	}
	return chart
}
