package bot

import (
	"context"
	"slices"

	"parley/bot/argument"
	"parley/bot/timeline"
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
	p := b.in(req.Language)
	if len(found.List) == 0 {
		return Reply{Blocks: []Block{Text{Plain(p.asked(p.Say("no_marks"), period))}, Note{Plain(p.RecordLine(found.Record))}}}, nil
	}
	out := showing{Presenter: p}
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
	out.offer(turn(p, req, page, found.More, "action.newer", "action.older")...)
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

// TimelinePicture is the picture of a timeline over a period, that of its marks where it is zero,
// and who is not in it; nothing where it has no marks.
func (p Presenter) TimelinePicture(title string, t index.Timeline, over index.Period) []Block {
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
		blocks = append(blocks, Note{Plain(p.Fill("not_drawn", wording.Data{"Actors": listed(p.ActorNames(ids))}))})
	}
	return blocks
}

// chart makes a mark of every passage, or, where those are too many, of every date.
func (p Presenter) chart(t index.Timeline) timeline.Chart {
	total := 0
	for _, l := range t.Lines {
		for _, m := range l.Marks {
			total += m.Passages
		}
	}
	chart := timeline.Chart{Language: p.Language}
	for _, l := range t.Lines {
		row := timeline.Row{Name: p.ActorName(l.Actor)}
		for _, m := range l.Marks {
			kind, err := timeline.ParseKind(m.Stance)
			if err != nil {
				continue // a kind that the picture has no mark for
			}
			times := m.Passages
			if total > timeline.MaxMarks {
				times = 1
			}
			row.Marks = append(row.Marks, slices.Repeat([]timeline.Mark{{From: m.Date.Start(), To: m.Date.End(), Kind: kind}}, times)...)
		}
		chart.Rows = append(chart.Rows, row)
	}
	return chart
}
