package bot

import (
	"context"
	"slices"

	"parley/index"
)

// How much of an actor's statements one reply shows.
const (
	statementsPerPage = 5
	topicsPerPage     = 3
)

// stanceOptions are the options of "/stance" after the actor.
func (b *Bot) stanceOptions() []Option {
	return slices.Concat([]Option{b.topicOption(aboutStanceTopic, false)}, b.periodOptions(), []Option{pageOption()})
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
	w := speak(req.Language)
	found, err := b.index.Statements(ctx, index.StatementQuery{
		Actor: q.actor, Topic: q.topic, Period: q.within, Skip: q.page * statementsPerPage, Limit: statementsPerPage,
	})
	if err != nil {
		return Reply{}, err
	}
	if len(found.List) == 0 {
		return b.noStatement(w, q, found.Record), nil
	}
	out := showing{words: w}
	out.add(b.stanceHeading(w, []string{q.actor}, q.topic))
	firstShown := false
	for i, st := range found.List {
		isFirst := found.First != nil && st.Text == found.First.Text && st.Passage == found.First.Passage
		firstShown = firstShown || isFirst
		out.statement(b, st, w.marked(q.within, st, isFirst, q.page == 0 && i == 0)...)
	}
	if found.First != nil && !firstShown && q.page == 0 {
		out.statement(b, *found.First, w.marked(q.within, *found.First, true, false)...)
	}
	out.add(Note{plain(w.say(sayStatementsFound, data{"Passages": counted(sayCountPassages, found.Passages), "Record": w.recordLine(found.Record)}))})
	if found.More {
		out.add(Note{plain(w.say(sayMoreBy, data{"Command": b.typedNext(req, q.page)}))})
	}
	out.offer(turn(w, req, q.page, found.More, sayNewer, sayOlder)...)
	out.offer(
		Action{Label: w.say(sayOthers, nil), Command: compareCommand, Args: Args{"topic": q.topic}},
		Action{Label: w.say(sayTimeline, nil), Command: timelineCommand, Args: Args{"topic": q.topic, "actor": q.actor}})
	return out.done(b, req.Conversation), nil
}

// stanceHeading stands above statements of actors on a topic.
func (b *Bot) stanceHeading(w words, actors []string, topic string) Heading {
	return Heading{w.say(sayStanceOn, data{"Actor": listed(b.actorNames(w, actors)), "Topic": b.topicName(w, topic)})}
}

// marked are the labels of a statement in a list of one actor's. The first or latest within
// a period is called so only where the period is open on that side, as the record is.
func (w words) marked(within index.Period, st index.Statement, first, latest bool) []string {
	first, latest = first && within.Since.IsZero(), latest && within.Until.IsZero()
	labels := []string{w.stance(st)}
	switch {
	case first && latest:
		labels = append(labels, w.say(sayOnly, nil))
	case first:
		labels = append(labels, w.say(sayFirst, nil))
	case latest:
		labels = append(labels, w.say(sayLatest, nil))
	}
	return labels
}

// stanceByTopic shows for each topic the latest statement of an actor and the first.
func (b *Bot) stanceByTopic(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	groups, record, err := b.topicsOf(ctx, q)
	if err != nil {
		return Reply{}, err
	}
	w := speak(req.Language)
	if len(groups) <= q.page*topicsPerPage {
		return b.noStatement(w, q, record), nil
	}
	out := showing{words: w}
	rest := groups[q.page*topicsPerPage:]
	for _, g := range rest[:min(topicsPerPage, len(rest))] {
		out.add(b.stanceHeading(w, []string{q.actor}, g.topic))
		latest := g.List[0]
		only := g.First == nil || g.First.Passage == latest.Passage && g.First.Text == latest.Text
		out.statement(b, latest, w.marked(q.within, latest, only, true)...)
		if !only {
			out.statement(b, *g.First, w.marked(q.within, *g.First, true, false)...)
		}
	}
	others := rest[min(topicsPerPage, len(rest)):]
	if len(others) > 0 {
		out.add(Note{plain(w.say(sayOtherTopics, data{"Topics": listed(b.topicNames(w, topicsIn(others))), "Command": b.typedNext(req, q.page)}))})
	}
	out.offer(turn(w, req, q.page, len(others) > 0, sayPreviousTopics, sayMoreTopics)...)
	out.add(Note{plain(w.recordLine(record))})
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
func (b *Bot) noStatement(w words, q stanceQuestion, record index.Record) Reply {
	places := data{"Actor": b.called(w, q.actor), "Topic": b.topicName(w, q.topic)}
	what := sayNoFurther
	switch {
	case q.page > 0: // something was on the pages before
	case q.topic != "":
		what = w.within(q.within, places, sayNoStatementOn, sayNoStatementIn)
	default:
		what = w.within(q.within, places, sayNoStatement, sayNoStatementThen)
	}
	return Reply{Blocks: []Block{Text{plain(w.say(what, places))}, Note{plain(w.recordLine(record))}}}
}

// within chooses what to say of all the record or of a period, which it puts in its place.
func (w words) within(p index.Period, places data, ever, then phrase) phrase {
	if p.IsZero() {
		return ever
	}
	places["Period"] = w.span(p)
	return then
}
