package bot

import (
	"context"
	"parley/bot/argument"
	"parley/bot/session"
	"parley/bot/wording"
	"parley/index"
	"slices"
)

// How much of an actor's statements one reply shows.
const (
	statementsPerPage = 5
	topicsPerPage     = 3
	maxClaimEcho      = 120 // characters of a user's sentence that a reply repeats
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
	q.page, err = readPage(args)
	return q, err
}

// stanceOn shows what an actor said on one topic, the first and the latest marked.
func (b *Bot) stanceOn(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	p := b.presenter(req.Language)
	found, err := b.index.Statements(ctx, index.StatementQuery{
		Actor: q.actor, Topic: q.topic, Period: q.within, Skip: q.page * statementsPerPage, Limit: statementsPerPage,
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
		out.statement(b, st, p.statementLabels(q.within, st, isFirst, q.page == 0 && i == 0)...)
	}
	if found.First != nil && !firstShown && q.page == 0 {
		out.statement(b, *found.First, p.statementLabels(q.within, *found.First, true, false)...)
	}
	out.add(Note{Plain(p.Fill("statements_found", wording.Data{"Passages": p.Count("count_passages", found.Passages), "Record": p.RecordLine(found.Record)}))})
	if found.More {
		out.add(Note{Plain(p.Fill("more_by", wording.Data{"Command": b.typedNext(req, q.page)}))})
	}
	out.offer(pageActions(p, req, q.page, found.More, "action.newer", "action.older")...)
	out.offer(
		Action{Label: p.Say("action.other_actors"), Command: compareCommand, Args: Args{"topic": q.topic}},
		Action{Label: p.Say("action.timeline"), Command: timelineCommand, Args: Args{"topic": q.topic, "actor": q.actor}})
	return out.done(b, req.Conversation), nil
}

// stanceByTopic shows for each topic the latest statement of an actor and the first.
func (b *Bot) stanceByTopic(ctx context.Context, req Request, q stanceQuestion) (Reply, error) {
	groups, record, err := b.index.StatementsByTopic(ctx, q.actor, q.within)
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
		out.statement(b, latest, p.statementLabels(q.within, latest, only, true)...)
		if !only {
			out.statement(b, *g.First, p.statementLabels(q.within, *g.First, true, false)...)
		}
	}
	others := rest[min(topicsPerPage, len(rest)):]
	if len(others) > 0 {
		out.add(Note{Plain(p.Fill("other_topics", wording.Data{"Topics": listed(p.TopicNames(topicsIn(others))), "Command": b.typedNext(req, q.page)}))})
	}
	out.offer(pageActions(p, req, q.page, len(others) > 0, "action.previous_topics", "action.more_topics")...)
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
	places := wording.Data{"Actor": p.actorInSentence(q.actor), "Topic": p.TopicName(q.topic)}
	what := wording.Key("no_further")
	switch {
	case q.page > 0: // something was on the pages before
	case q.topic != "":
		what = p.inPeriod(q.within, places, "no_statement_on", "no_statement_in")
	default:
		what = p.inPeriod(q.within, places, "no_statement", "no_statement_then")
	}
	return Reply{Blocks: []Block{Text{Plain(p.Fill(what, places))}, Note{Plain(p.RecordLine(record))}}}
}

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
	return b.presentComparison(b.presenter(req.Language), c, period, len(actors) > 0, req.Conversation), nil
}

// presentComparison shows a comparison of a period; named tells whether its actors were asked for.
func (b *Bot) presentComparison(p Presenter, c index.Comparison, within index.Period, named bool, conversation string) Reply {
	out := quotations{Presenter: p}
	for _, side := range c.Sides {
		out.add(p.stanceHeading(side.Actors, c.Topic))
		for i, st := range side.Statements {
			out.statement(b, st, p.statementLabels(within, st, false, i == 0)...)
		}
		for _, id := range side.Actors {
			out.offer(Action{Label: p.ActorName(id), Command: stanceCommand, Args: Args{"actor": id, "topic": c.Topic}})
		}
	}
	if len(c.Silent) > 0 {
		places := wording.Data{"Actor": p.eitherActor(c.Silent), "Topic": p.TopicName(c.Topic)}
		out.add(Note{Plain(p.Fill(p.inPeriod(within, places, "no_statement_on", "no_statement_in"), places))})
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
		out.add(Heading{p.Fill("claim", wording.Data{"Sentence": excerptOf(c.Sentence)})})
		for _, st := range c.Nearest {
			out.statement(b, st, p.claimLabels(c, st)...)
		}
		if len(c.Nearest) == 0 {
			out.add(Text{Plain(p.Fill("no_statement_on", wording.Data{"Actor": p.eitherActor(c.Actors), "Topic": p.Either(p.TopicNames(c.Topics))}))})
		}
	}
	if found.More > 0 {
		out.add(Note{Plain(p.Fill("more_claims", wording.Data{"Sentences": p.Count("count_sentences", found.More)}))})
	}
	out.add(Note{Plain(p.Say("no_verdict"))}, Note{Plain(p.RecordLine(found.Record))})
	return out.done(b, req.Conversation), nil
}

// claimLabels say whose statement it is, of what kind and on which of the claim's topics.
func (p Presenter) claimLabels(c index.Claim, st index.Statement) []string {
	topics := slices.DeleteFunc(slices.Clone(st.Topics), func(t string) bool { return !slices.Contains(c.Topics, t) })
	return []string{listed(p.ActorNames(st.Actors)), p.Stance(st), listed(p.TopicNames(topics))}
}

// excerptOf is the beginning of a user's sentence, long enough to know it again.
func excerptOf(s string) string {
	if r := []rune(s); len(r) > maxClaimEcho {
		return string(r[:maxClaimEcho]) + "…"
	}
	return s
}

// quotations collects the quotations of a reply and numbers them, so that "/source 2"
// finds the second.
type quotations struct {
	Presenter
	reply Reply
	refs  []session.Ref
}

func (s *quotations) add(blocks ...Block) { s.reply.Blocks = append(s.reply.Blocks, blocks...) }

// offer adds actions, as far as there is room.
func (s *quotations) offer(actions ...Action) {
	all := append(s.reply.Actions, actions...)
	s.reply.Actions = all[:min(len(all), maxActions)]
}

// statement quotes a statement under fixed labels.
func (s *quotations) statement(b *Bot, st index.Statement, labels ...string) {
	s.refs = append(s.refs, session.To(st.Source, st.Passage, st.Key))
	q := s.QuoteStatement(st, labels...)
	q.Number = len(s.refs)
	s.add(q)
}

// done remembers what is shown and returns the reply.
func (s *quotations) done(b *Bot, conversation string) Reply {
	b.memory.Update(conversation, b.now(), func(is *session.Session) { is.Show(s.refs) })
	return s.reply
}
