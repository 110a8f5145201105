package bot

import (
	"context"
	"slices"

	"parley/bot/argument"
	"parley/bot/session"
	"parley/bot/wording"
	"parley/index"
	"parley/index/when"
)

const (
	statementsPerPage = 5
	topicsPerPage     = 3
	maxClaimEcho      = 120 // characters of a user's sentence that a reply repeats
)

func (b *Bot) stanceOptions() []argument.Option {
	topic := b.topics.Option("topic", "option.stance_topic", false)
	return slices.Concat([]argument.Option{topic}, b.periodOptions(), []argument.Option{pageOption()})
}

// stance shows the statements of an actor, the newest first.
func (b *Bot) stance(ctx context.Context, req Request) (Reply, error) {
	q := stanceQuestion{actor: req.Args["actor"], topic: req.Args["topic"]}
	var err error
	if q.period, err = readPeriod(req.Args); err != nil {
		return Reply{}, err
	}
	if q.page, err = readPage(req.Args); err != nil {
		return Reply{}, err
	}
	if q.topic == "" {
		return b.stanceByTopic(ctx, req, q)
	}
	return b.stanceOn(ctx, req, q)
}

type stanceQuestion struct {
	actor, topic string // ids
	period       when.Period
	page         int // from 0
}

// stanceOn shows what an actor said on one topic, the first and the latest marked.
func (b *Bot) stanceOn(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	p := b.presenter(req.Language)
	found, err := b.index.Statements(ctx, index.StatementQuery{
		Actor: q.actor, Topic: q.topic, Period: q.period, Skip: q.page * statementsPerPage, Limit: statementsPerPage,
	})
	if err != nil {
		return Reply{}, err
	}
	if len(found.List) == 0 {
		return b.noStatement(p, q, found.Record), nil
	}
	out := quotations{Presenter: p}
	out.add(p.stanceHeading([]string{q.actor}, q.topic))
	firstShown := false
	for i, st := range found.List {
		isFirst := found.First != nil && st.Text == found.First.Text && st.Passage == found.First.Passage
		firstShown = firstShown || isFirst
		out.quote(st, p.statementLabels(q.period, st, isFirst, q.page == 0 && i == 0)...)
	}
	if found.First != nil && !firstShown && q.page == 0 {
		out.quote(*found.First, p.statementLabels(q.period, *found.First, true, false)...)
	}
	out.add(Note{Plain(p.Fill("statements_found", wording.Data{
		"Passages": p.Count("count_passages", found.Passages), "Record": p.RecordLine(found.Record),
	}))})
	if found.More {
		out.add(Note{Plain(p.Fill("more_by", wording.Data{"Command": b.typedNext(req, q.page)}))})
	}
	out.offer(pageActions(p, req, q.page, found.More, "action.newer", "action.older")...)
	out.offer(
		Action{Label: p.Say("action.other_actors"), Command: compareCommand, Args: Args{"topic": q.topic}},
		Action{
			Label: p.Say("action.timeline"), Command: timelineCommand,
			Args: Args{"topic": q.topic, "actor": q.actor},
		})
	return out.done(b, req.Conversation), nil
}

// stanceByTopic shows for each topic the latest statement of an actor and the first.
func (b *Bot) stanceByTopic(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	groups, record, err := b.index.StatementsByTopic(ctx, q.actor, q.period)
	if err != nil {
		return Reply{}, err
	}
	p := b.presenter(req.Language)
	if len(groups) <= q.page*topicsPerPage {
		return b.noStatement(p, q, record), nil
	}
	out := quotations{Presenter: p}
	rest := groups[q.page*topicsPerPage:]
	for _, g := range rest[:min(topicsPerPage, len(rest))] {
		out.add(p.stanceHeading([]string{q.actor}, g.Topic))
		latest := g.List[0]
		only := g.First == nil || g.First.Passage == latest.Passage && g.First.Text == latest.Text
		out.quote(latest, p.statementLabels(q.period, latest, only, true)...)
		if !only {
			out.quote(*g.First, p.statementLabels(q.period, *g.First, true, false)...)
		}
	}
	others := rest[min(topicsPerPage, len(rest)):]
	if len(others) > 0 {
		topics := make([]string, len(others))
		for i, g := range others {
			topics[i] = p.TopicName(g.Topic)
		}
		out.add(Note{Plain(p.Fill("other_topics", wording.Data{
			"Topics": listed(topics), "Command": b.typedNext(req, q.page),
		}))})
	}
	out.offer(pageActions(p, req, q.page, len(others) > 0, "action.previous_topics", "action.more_topics")...)
	out.add(Note{Plain(p.RecordLine(record))})
	return out.done(b, req.Conversation), nil
}

// noStatement says that the record has no statement, or no further one.
func (b *Bot) noStatement(p Presenter, q stanceQuestion, record index.Record) Reply {
	places := wording.Data{"Actor": p.actorInSentence(q.actor), "Topic": p.TopicName(q.topic)}
	what := wording.Key("no_further")
	switch {
	case q.page > 0: // something was on the pages before
	case q.topic != "":
		what = p.inPeriod(q.period, places, "no_statement_on", "no_statement_in")
	default:
		what = p.inPeriod(q.period, places, "no_statement", "no_statement_then")
	}
	return Reply{Blocks: []Block{Text{Plain(p.Fill(what, places))}, Note{Plain(p.RecordLine(record))}}}
}

// compare sets actors side by side, with as many statements of each, and names the silent ones.
func (b *Bot) compare(ctx context.Context, req Request) (Reply, error) {
	period, err := readPeriod(req.Args)
	if err != nil {
		return Reply{}, err
	}
	actors := argument.SplitList(req.Args["actors"])
	c, err := b.index.Compare(ctx, req.Args["topic"], actors, period, b.now())
	if err != nil {
		return Reply{}, err
	}
	p := b.presenter(req.Language)
	out := quotations{Presenter: p}
	for _, side := range c.Sides {
		out.add(p.stanceHeading(side.Actors, c.Topic))
		for i, st := range side.Statements {
			out.quote(st, p.statementLabels(period, st, false, i == 0)...)
		}
		for _, id := range side.Actors {
			out.offer(Action{Label: p.actorName(id), Command: stanceCommand, Args: Args{"actor": id, "topic": c.Topic}})
		}
	}
	if len(c.Silent) > 0 {
		places := wording.Data{"Actor": p.eitherActor(c.Silent), "Topic": p.TopicName(c.Topic)}
		out.add(Note{Plain(p.Fill(p.inPeriod(period, places, "no_statement_on", "no_statement_in"), places))})
	}
	if len(c.Sides) > 1 {
		each := p.Count("count_statements", len(c.Sides[0].Statements))
		out.add(Note{Plain(p.Fill("turning", wording.Data{"Statements": each}))})
	}
	if len(c.Sides) == 1 && len(actors) > 0 {
		out.add(Note{Plain(p.Say("one_side"))})
	}
	out.add(Note{Plain(p.RecordLine(c.Record))})
	return out.done(b, req.Conversation), nil
}

// check shows what the record has nearest to the claims of a text, without a verdict.
func (b *Bot) check(ctx context.Context, req Request) (Reply, error) {
	found, err := b.index.Check(ctx, req.Args["text"], b.now())
	if err != nil {
		return Reply{}, err
	}
	p := b.presenter(req.Language)
	if len(found.Claims) == 0 {
		return Reply{Blocks: []Block{Text{Plain(p.Say("no_claim"))}, Note{Plain(p.RecordLine(found.Record))}}}, nil
	}
	out := quotations{Presenter: p}
	for _, c := range found.Claims {
		out.add(Heading{p.Fill("claim", wording.Data{"Sentence": argument.Shorten(c.Sentence, maxClaimEcho)})})
		for _, st := range c.Nearest {
			topics := slices.DeleteFunc(slices.Clone(st.Topics), func(t string) bool { return !slices.Contains(c.Topics, t) })
			out.quote(st, listed(p.ActorNames(st.Actors)), p.Stance(st), listed(p.TopicNames(topics)))
		}
		if len(c.Nearest) == 0 {
			out.add(Text{Plain(p.Fill("no_statement_on", wording.Data{
				"Actor": p.eitherActor(c.Actors), "Topic": p.Either(p.TopicNames(c.Topics)),
			}))})
		}
	}
	if found.More > 0 {
		more := p.Count("count_sentences", found.More)
		out.add(Note{Plain(p.Fill("more_claims", wording.Data{"Sentences": more}))})
	}
	out.add(Note{Plain(p.Say("no_verdict"))}, Note{Plain(p.RecordLine(found.Record))})
	return out.done(b, req.Conversation), nil
}

func (p Presenter) stanceHeading(actors []string, topic string) Heading {
	return Heading{p.Fill("stance_on", wording.Data{
		"Actor": listed(p.ActorNames(actors)), "Topic": p.TopicName(topic),
	})}
}

// statementLabels are the labels of a statement in a list of one actor's. The first and the
// latest of a period are called so only where the period has no bound on that side: else
// the record may have an older or a newer one.
func (p Presenter) statementLabels(within when.Period, st index.Statement, first, latest bool) []string {
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

// quotations collects the quotations of a reply and numbers them for "/source 2".
type quotations struct {
	Presenter
	reply Reply
	refs  []session.Ref
}

func (s *quotations) add(blocks ...Block) { s.reply.Blocks = append(s.reply.Blocks, blocks...) }

// offer adds actions as long as there is room for them.
func (s *quotations) offer(actions ...Action) {
	all := append(s.reply.Actions, actions...)
	s.reply.Actions = all[:min(len(all), maxActions)]
}

func (s *quotations) quote(st index.Statement, labels ...string) {
	s.refs = append(s.refs, session.To(st.Source, st.Passage, st.Key))
	q := s.QuoteStatement(st, labels...)
	q.Number = len(s.refs)
	s.add(q)
}

// done has the conversation remember what is shown, and returns the reply.
func (s *quotations) done(b *Bot, conversation string) Reply {
	b.memory.Update(conversation, b.now(), func(is *session.Session) { is.Show(s.refs) })
	return s.reply
}
