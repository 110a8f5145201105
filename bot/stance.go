package bot

import (
	"context"
	"slices"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/index"
)

// How much of an actor's statements one reply shows.
const (
	statementsPerPage = 5
	topicsPerPage     = 3
)

// stanceOptions are the options of "/stance" after the actor.
func (b *Bot) stanceOptions() []argument.Option {
	return slices.Concat([]argument.Option{b.topics.Option("topic", "option.stance_topic", false)}, b.periodOptions(), []argument.Option{pageOption()})
}

// stance shows the statements of an actor, the newest first.
func (b *Bot) stance(ctx context.Context, req Request) (Reply, error) {
	ask, err := readStance(req.Args)
	if err != nil {
		return Reply{}, err
	}
	if ask.topic == "" {
		return b.stanceByTopic(ctx, req, ask)
	}
	return b.stanceOn(ctx, req, ask)
}

// stanceQuestion is what "/stance" asks for.
type stanceQuestion struct {
	actor, topic string
	within       index.Period
	page         int // from 0
}

func readStance(args Args) (q stanceQuestion, err error) {
	q = stanceQuestion{actor: args["actor"], topic: args["topic"]}
	if q.within, err = within(args); err != nil {
		return q, err
	}
	q.page, err = pageOf(args)
	return q, err
}

// stanceOn shows what an actor said on one topic, the first and the latest marked.
func (b *Bot) stanceOn(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	p := b.in(req.Language)
	found, err := b.index.Statements(ctx, index.StatementQuery{
		Actor: q.actor, Topic: q.topic, Period: q.within, Skip: q.page * statementsPerPage, Limit: statementsPerPage,
	})
	if err != nil {
		return Reply{}, err
	}
	if len(found.List) == 0 {
		return b.noStatement(p, q, found.Record), nil
	}
	out := showing{Presenter: p}
	out.add(p.stanceHeading([]string{q.actor}, q.topic))
	firstShown := false
	for i, st := range found.List {
		isFirst := found.First != nil && st.Text == found.First.Text && st.Passage == found.First.Passage
		firstShown = firstShown || isFirst
		out.statement(b, st, p.marked(q.within, st, isFirst, q.page == 0 && i == 0)...)
	}
	if found.First != nil && !firstShown && q.page == 0 {
		out.statement(b, *found.First, p.marked(q.within, *found.First, true, false)...)
	}
	out.add(Note{Plain(p.Fill("statements_found", wording.Data{"Passages": p.Count("count_passages", found.Passages), "Record": p.RecordLine(found.Record)}))})
	if found.More {
		out.add(Note{Plain(p.Fill("more_by", wording.Data{"Command": b.typedNext(req, q.page)}))})
	}
	out.offer(turn(p, req, q.page, found.More, "action.newer", "action.older")...)
	out.offer(
		Action{Label: p.Say("action.other_actors"), Command: compareCommand, Args: Args{"topic": q.topic}},
		Action{Label: p.Say("action.timeline"), Command: timelineCommand, Args: Args{"topic": q.topic, "actor": q.actor}})
	return out.done(b, req.Conversation), nil
}

// stanceHeading stands above statements of actors on a topic.
func (p Presenter) stanceHeading(actors []string, topic string) Heading {
	return Heading{p.Fill("stance_on", wording.Data{"Actor": listed(p.ActorNames(actors)), "Topic": p.TopicName(topic)})}
}

// marked are the labels of a statement in a list of one actor's. The first or latest within
// a period is called so only where the period is open on that side, as the record is.
func (p Presenter) marked(within index.Period, st index.Statement, first, latest bool) []string {
	first, latest = first && within.Since.IsZero(), latest && within.Until.IsZero()
	labels := []string{p.Stance(st)}
	switch {
	case first && latest:
		labels = append(labels, p.Say("only"))
	case first:
		labels = append(labels, p.Say("first"))
	case latest:
		labels = append(labels, p.Say("latest"))
	}
	return labels
}

// stanceByTopic shows for each topic the latest statement of an actor and the first.
func (b *Bot) stanceByTopic(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	groups, record, err := b.index.StatementsByTopic(ctx, q.actor, q.within)
	if err != nil {
		return Reply{}, err
	}
	p := b.in(req.Language)
	if len(groups) <= q.page*topicsPerPage {
		return b.noStatement(p, q, record), nil
	}
	out := showing{Presenter: p}
	rest := groups[q.page*topicsPerPage:]
	for _, g := range rest[:min(topicsPerPage, len(rest))] {
		out.add(p.stanceHeading([]string{q.actor}, g.Topic))
		latest := g.List[0]
		only := g.First == nil || g.First.Passage == latest.Passage && g.First.Text == latest.Text
		out.statement(b, latest, p.marked(q.within, latest, only, true)...)
		if !only {
			out.statement(b, *g.First, p.marked(q.within, *g.First, true, false)...)
		}
	}
	others := rest[min(topicsPerPage, len(rest)):]
	if len(others) > 0 {
		out.add(Note{Plain(p.Fill("other_topics", wording.Data{"Topics": listed(p.TopicNames(topicsIn(others))), "Command": b.typedNext(req, q.page)}))})
	}
	out.offer(turn(p, req, q.page, len(others) > 0, "action.previous_topics", "action.more_topics")...)
	out.add(Note{Plain(p.RecordLine(record))})
	return out.done(b, req.Conversation), nil
}

func topicsIn(groups []index.TopicStatements) (ids []string) {
	for _, g := range groups {
		ids = append(ids, g.Topic)
	}
	return ids
}

// noStatement says that the record has no statement, or no further one.
func (b *Bot) noStatement(p Presenter, q stanceQuestion, record index.Record) Reply {
	places := wording.Data{"Actor": p.called(q.actor), "Topic": p.TopicName(q.topic)}
	what := wording.Key("no_further")
	switch {
	case q.page > 0: // something was on the pages before
	case q.topic != "":
		what = p.within(q.within, places, "no_statement_on", "no_statement_in")
	default:
		what = p.within(q.within, places, "no_statement", "no_statement_then")
	}
	return Reply{Blocks: []Block{Text{Plain(p.Fill(what, places))}, Note{Plain(p.RecordLine(record))}}}
}

// within chooses what to say of all the record or of a period, which it puts in its place.
func (p Presenter) within(period index.Period, places wording.Data, ever, then wording.Key) wording.Key {
	if period.IsZero() {
		return ever
	}
	places["Period"] = p.Between(period.Since, period.Until)
	return then
}
