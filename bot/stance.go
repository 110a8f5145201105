package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"parley/index"
)

// How much of an actor's statements one reply shows.
const (
	statementsPerPage = 5
	topicsPerPage     = 3
)

// stanceOptions are the options of "/stance" after the actor.
func (b *Bot) stanceOptions() []Option {
	return slices.Concat([]Option{b.topicOption("On which topic; without one, the latest on each", false)}, b.periodOptions(), []Option{pageOption()})
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

// pageOf is the page asked for, from 0.
func pageOf(args Args) (int, error) {
	if args["page"] == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(args["page"])
	if err != nil || n < 1 || n > maxPage {
		return 0, refuse(sayNoPage, maxPage)
	}
	return n - 1, nil
}

// next is the action that shows the page after this one.
func next(label string, req Request, page int) Action {
	args := Args{}
	for name, value := range req.Args {
		if value != "" {
			args[name] = value
		}
	}
	args["page"] = strconv.Itoa(page + 2)
	return Action{Label: label, Command: req.Command, Args: args}
}

// stanceOn shows what an actor said on one topic, the first and the latest marked.
func (b *Bot) stanceOn(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	found, err := b.index.Statements(ctx, index.StatementQuery{
		Actor: q.actor, Topic: q.topic, Period: q.within, Skip: q.page * statementsPerPage, Limit: statementsPerPage,
	})
	if err != nil {
		return Reply{}, err
	}
	if len(found.List) == 0 {
		return b.noStatement(q, found.Record), nil
	}
	var out showing
	out.add(Heading{fmt.Sprintf(sayStanceOn, b.actorName(q.actor), b.topicName(q.topic))})
	firstShown := false
	for i, st := range found.List {
		isFirst := found.First != nil && st.Text == found.First.Text && st.Passage == found.First.Passage
		firstShown = firstShown || isFirst
		out.statement(b, st, marked(st, isFirst, q.page == 0 && i == 0)...)
	}
	if found.First != nil && !firstShown && q.page == 0 {
		out.statement(b, *found.First, marked(*found.First, true, false)...)
	}
	out.add(Note{plain(fmt.Sprintf(sayStatementsFound, count(found.Passages, "passage", "passages"), recordLine(found.Record)))})
	if found.More {
		older := next(sayOlder, req, q.page)
		out.add(Note{plain(fmt.Sprintf(sayMoreBy, b.typed(older)))})
		out.reply.Actions = append(out.reply.Actions, older)
	}
	out.reply.Actions = append(out.reply.Actions,
		Action{Label: sayOthers, Command: compareCommand, Args: Args{"topic": q.topic}},
		Action{Label: sayTimeline, Command: timelineCommand, Args: Args{"topic": q.topic, "actor": q.actor}})
	return out.done(b, req.Conversation), nil
}

// marked are the labels of a statement in a list of one actor's.
func marked(st index.Statement, first, latest bool) []string {
	labels := []string{stanceLabel(st)}
	switch {
	case first && latest:
		labels = append(labels, sayOnly)
	case first:
		labels = append(labels, sayFirst)
	case latest:
		labels = append(labels, sayLatest)
	}
	return labels
}

// stanceByTopic shows for each topic the latest statement of an actor and the first.
func (b *Bot) stanceByTopic(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	groups, record, err := b.topicsOf(ctx, q)
	if err != nil {
		return Reply{}, err
	}
	if len(groups) <= q.page*topicsPerPage {
		return b.noStatement(q, record), nil
	}
	var out showing
	rest := groups[q.page*topicsPerPage:]
	for _, g := range rest[:min(topicsPerPage, len(rest))] {
		out.add(Heading{fmt.Sprintf(sayStanceOn, b.actorName(q.actor), b.topicName(g.topic))})
		latest := g.List[0]
		only := g.First == nil || g.First.Passage == latest.Passage && g.First.Text == latest.Text
		out.statement(b, latest, marked(latest, only, true)...)
		if !only {
			out.statement(b, *g.First, marked(*g.First, true, false)...)
		}
	}
	if others := rest[min(topicsPerPage, len(rest)):]; len(others) > 0 {
		more := next(sayMoreTopics, req, q.page)
		out.add(Note{plain(fmt.Sprintf(sayOtherTopics, b.topicNames(topicsIn(others)), b.typed(more)))})
		out.reply.Actions = append(out.reply.Actions, more)
	}
	out.add(Note{plain(recordLine(record))})
	return out.done(b, req.Conversation), nil
}

// topicStatements are an actor's statements on one topic.
type topicStatements struct {
	topic string
	index.Statements
}

func topicsIn(groups []topicStatements) (ids []string) {
	for _, g := range groups {
		ids = append(ids, g.topic)
	}
	return ids
}

// topicsOf finds the topics on which the actor takes positions, that with the latest first.
func (b *Bot) topicsOf(ctx context.Context, q stanceQuestion) (groups []topicStatements, record index.Record, err error) {
	for _, t := range b.lexicon.Topics() {
		found, err := b.index.Statements(ctx, index.StatementQuery{Actor: q.actor, Topic: t.ID, Period: q.within, Limit: 1})
		if err != nil {
			return nil, record, err
		}
		record = found.Record
		if len(found.List) > 0 {
			groups = append(groups, topicStatements{t.ID, found})
		}
	}
	slices.SortStableFunc(groups, func(x, y topicStatements) int {
		return y.List[0].Source.Published.Compare(x.List[0].Source.Published)
	})
	return groups, record, nil
}

// noStatement says that the record has no statement, or no further one.
func (b *Bot) noStatement(q stanceQuestion, record index.Record) Reply {
	what := sayNoFurther
	switch {
	case q.page == 0 && q.topic != "" && !q.within.IsZero():
		what = fmt.Sprintf(sayNoStatementIn, b.actorName(q.actor), b.topicName(q.topic), span(q.within))
	case q.page == 0 && q.topic != "":
		what = fmt.Sprintf(sayNoStatementOn, b.actorName(q.actor), b.topicName(q.topic))
	case q.page == 0:
		what = fmt.Sprintf(sayNoStatement, b.actorName(q.actor))
	}
	return Reply{Blocks: []Block{Text{plain(what)}, Note{plain(recordLine(record))}}}
}
