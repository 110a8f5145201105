package bot

import (
	"context"
	"slices"

	"parley/bot/argument"
	"parley/bot/timeline"
	"parley/bot/wording"
	"parley/index"
	"parley/index/when"
)

const (
	maxDrawnActors        = 6 // rows that a phone shows without scrolling far
	statementsPerTimeline = 6 // statements and events below the picture
)

// timeline shows dated statements and events as a picture and, the newest first, as text.
func (b *Bot) timeline(ctx context.Context, req Request) (Reply, error) {
	period, err := readPeriod(req.Args)
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
		none := Text{Plain(p.withPeriod(p.Say("no_marks"), period))}
		return Reply{Blocks: []Block{none, Note{Plain(p.RecordLine(found.Record))}}}, nil
	}
	out := quotations{Presenter: p}
	title := p.Fill("timeline_of", wording.Data{"Subject": p.subject(topic, actor)})
	out.add(Heading{title})
	if page == 0 {
		drawn, err := b.index.Timeline(ctx, topic, argument.SplitList(actor), period, true)
		if err != nil {
			return Reply{}, err
		}
		out.add(p.TimelinePicture(title, drawn, when.Period{})...)
	}
	for _, st := range found.List {
		out.quote(st, p.Date(st.Source.Published), listed(p.ActorNames(st.Actors)), p.Stance(st))
	}
	if found.More {
		out.add(Note{Plain(p.Fill("more_by", wording.Data{"Command": b.typedNext(req, page)}))})
	}
	out.offer(pageActions(p, req, page, found.More, "action.newer", "action.older")...)
	out.add(Note{Plain(p.RecordLine(found.Record))})
	return out.done(b, req.Conversation), nil
}

// subject names the topic and the actor of a timeline: "Territory, Russia".
func (p Presenter) subject(topic, actor string) string {
	switch {
	case topic == "" && actor == "":
		return p.Say("all_topics")
	case topic == "":
		return p.actorName(actor)
	case actor == "":
		return p.TopicName(topic)
	}
	return p.TopicName(topic) + ", " + p.actorName(actor)
}

// TimelinePicture draws a timeline over a period, or over that of its marks where the
// period is zero, and names the actors who had no room; nil where it has no marks.
func (p Presenter) TimelinePicture(title string, t index.Timeline, over when.Period) []Block {
	if len(t.Lines) == 0 {
		return nil
	}
	drawn := t
	drawn.Lines = t.Lines[:min(len(t.Lines), maxDrawnActors)]
	chart := p.chart(drawn)
	chart.Title, chart.Subtitle = title, p.RecordLine(t.Record)
	chart.From, chart.To = over.Since, over.Until
	blocks := []Block{Picture{Name: "timeline.png", Alt: chart.AltText(), Draw: chart.WritePNG}}
	if rest := t.Lines[len(drawn.Lines):]; len(rest) > 0 {
		ids := make([]string, len(rest))
		for i, l := range rest {
			ids[i] = l.Actor
		}
		names := listed(p.ActorNames(ids))
		blocks = append(blocks, Note{Plain(p.Fill("not_drawn", wording.Data{"Actors": names}))})
	}
	return blocks
}

// chart has a mark for every passage or, where these would be too many, for every date.
func (p Presenter) chart(t index.Timeline) timeline.Chart {
	total := 0
	for _, l := range t.Lines {
		for _, m := range l.Marks {
			total += m.Passages
		}
	}
	chart := timeline.Chart{Language: p.Language}
	for _, l := range t.Lines {
		row := timeline.Row{Name: p.actorName(l.Actor)}
		for _, m := range l.Marks {
			kind, err := timeline.ParseKind(m.Stance)
			if err != nil {
				continue // a kind that the picture has no mark for
			}
			times := m.Passages
			if total > timeline.MaxMarks {
				times = 1
			}
			mark := timeline.Mark{From: m.Date.Start(), To: m.Date.End(), Kind: kind}
			row.Marks = append(row.Marks, slices.Repeat([]timeline.Mark{mark}, times)...)
		}
		chart.Rows = append(chart.Rows, row)
	}
	return chart
}
