package bot

import (
	"context"
	"slices"
	"strings"

	"parley/bot/argument"
	"parley/bot/session"
	"parley/bot/wording"
	"parley/index"
)

const maxEarlier = 5 // questions that a follow-up may rest on, one on the other

// askOptions are the options of "/ask". The option "after" brings the questions before this
// one, so that a button asks the same again whatever was asked in the meantime.
func askOptions() []argument.Option {
	return []argument.Option{
		{Name: "question", About: "option.question", Required: true, Rest: true, Max: maxTyped},
		{Name: "newest", About: "option.newest", Type: argument.Boolean},
		pageOption(),
		{Name: "after", About: "option.after", Internal: true, Max: maxTyped},
	}
}

const noQuestions = "-" // the value of "after" for a question that follows no other

// question is a parsed "/ask".
type question struct {
	text    string
	earlier []string // the questions before, the last one last
	newest  bool
	page    int // from 0
}

// ask answers a question and remembers it for follow-ups.
func (b *Bot) ask(ctx context.Context, req Request) (Reply, error) {
	q, previous, err := b.readQuestion(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	answer, err := b.index.Ask(ctx, index.Question{Text: q.text, Previous: previous, Now: b.now(), Newest: q.newest})
	if err != nil {
		return Reply{}, err
	}
	var refs []session.Ref
	for _, h := range b.answerPage(answer, q.page).hits {
		refs = append(refs, passageRef(h))
	}
	b.memory.Update(req.Conversation, b.now(), func(s *session.Session) {
		s.Plan, s.Questions = answer.Plan, last(slices.Concat(q.earlier, []string{q.text}), maxEarlier)
		s.Show(refs)
	})
	return b.present(b.presenter(req.Language), answer, q), nil
}

// readQuestion returns what a request asks and how the question before it was understood.
// The questions before are those that the request brings, or else those that the
// conversation remembers.
func (b *Bot) readQuestion(ctx context.Context, req Request) (q question, previous *index.Plan, err error) {
	if q.text, err = Question(req.Args["question"]); err != nil {
		return q, nil, err
	}
	if q.page, err = readPage(req.Args); err != nil {
		return q, nil, err
	}
	q.newest = req.Args["newest"] == "true"
	after := req.Args["after"]
	if after == "" {
		before := b.memory.Get(req.Conversation, b.now())
		q.earlier = before.Questions
		return q, before.Plan, nil
	}
	if after == noQuestions {
		return q, nil, nil
	}
	for line := range strings.SplitSeq(after, "\n") {
		text, err := Question(line)
		if err != nil {
			return q, nil, err
		}
		q.earlier = append(q.earlier, text)
	}
	q.earlier = last(q.earlier, maxEarlier)
	previous, err = b.index.Plan(ctx, b.now(), q.earlier...)
	return q, previous, err
}

func last(list []string, n int) []string { return list[max(0, len(list)-n):] }

func (q question) args() Args {
	args := Args{"question": q.text, "after": noQuestions}
	if len(q.earlier) > 0 {
		args["after"] = strings.Join(q.earlier, "\n")
	}
	if q.newest {
		args["newest"] = "true"
	}
	return args
}

// Present turns an answer into a reply in the language nearest to a BCP 47 tag: its
// passages quoted and cited, what the record covers, how they were chosen; or that the
// record is not about the question. All its words are fixed phrases, names and
// quotations.
func (b *Bot) Present(a index.Answer, language string) Reply {
	return b.present(b.presenter(language), a, question{text: a.Question})
}

func (b *Bot) present(p Presenter, a index.Answer, q question) Reply {
	var reply Reply
	add := func(blocks ...Block) { reply.Blocks = append(reply.Blocks, blocks...) }
	for _, r := range a.Repairs {
		add(Note{Plain(p.Fill("repair", wording.Data{"Written": r.Written, "Read": r.Read}))})
	}
	if a.Grade == index.GradeNone {
		add(b.nothing(p, a)...)
		return reply
	}
	if a.Grade == index.GradeClosest && q.page == 0 {
		add(Heading{p.Say("closest")})
	}
	page := b.answerPage(a, q.page)
	if len(page.hits) == 0 {
		add(Text{Plain(p.Say("no_further"))})
	}
	if page.beyond {
		add(Note{Plain(p.Say("further"))})
	}
	for i, h := range page.hits {
		quote := p.quote(i+1, h)
		quote.Closest = a.Grade == index.GradeClosest
		add(quote)
	}
	if a.Balance != nil && q.page == 0 {
		add(p.balance(*a.Balance)...)
	}
	if a.Grade == index.GradeClosest {
		add(p.sought(a)...)
	}
	add(Note{Plain(p.coverageLine(a.Coverage, a.Record))})
	reply.Actions = b.offers(p, a, q, page)
	return reply
}

// answerPage is a page of the passages of an answer.
type answerPage struct {
	hits   []index.Hit
	beyond bool // they were ranked, but not picked to answer
	more   bool // there is another page after this one
}

// answerPage returns a page of an answer, from 0. The passages picked to answer come first;
// the others that were ranked follow on their own pages.
func (b *Bot) answerPage(a index.Answer, page int) answerPage {
	others := slices.DeleteFunc(slices.Clone(a.Ranked), func(h index.Hit) bool {
		return slices.ContainsFunc(a.Passages, func(p index.Hit) bool { return p.ID == h.ID })
	})
	answering := (len(a.Passages) + b.maxPassages - 1) / b.maxPassages // pages
	if page < answering {
		hits, more := pageOf(a.Passages, page, b.maxPassages)
		return answerPage{hits: hits, more: more || len(others) > 0}
	}
	hits, more := pageOf(others, page-answering, b.maxPassages)
	return answerPage{hits: hits, beyond: len(hits) > 0, more: more}
}

// nothing says that the record is not about a question, and what it is about.
func (b *Bot) nothing(p Presenter, a index.Answer) []Block {
	blocks := append([]Block{Text{Plain(p.Say("nothing"))}}, p.sought(a)...)
	var topics []string
	for _, topic := range b.lexicon.Topics() {
		topics = append(topics, topic.ID)
	}
	about := p.Fill("about", wording.Data{"Topics": listed(p.TopicNames(topics))})
	return append(blocks, Note{Plain(p.RecordLine(a.Record) + " " + about)})
}

// sought says what was looked for, in which time, and that the sources are in English
// where the question is not.
func (p Presenter) sought(a index.Answer) (notes []Block) {
	said := p.why(a)
	if a.Plan != nil {
		said = strings.TrimSpace(p.withPeriod(said, a.Plan.Period))
	}
	if said != "" {
		notes = append(notes, Note{Plain(said)})
	}
	if end := a.Record.Newest.End(); a.Plan != nil && !end.IsZero() && !a.Plan.Period.Since.Before(end) {
		notes = append(notes, Note{Plain(p.Fill("record_ends", wording.Data{"Date": p.Date(a.Record.Newest)}))})
	}
	if a.EnglishOnly {
		notes = append(notes, Note{Plain(p.Say("english_sources"))})
	}
	return notes
}

// why says what was looked for. In English it is the sentence of the index; in other
// languages it names the actors and topics that the index understood.
func (p Presenter) why(a index.Answer) string {
	if p.Tag() == wording.English {
		return a.Why
	}
	if a.Plan == nil || len(a.Plan.Actors)+len(a.Plan.Topics) == 0 {
		return ""
	}
	understood := append(p.ActorNames(a.Plan.Actors), p.TopicNames(a.Plan.Topics)...)
	return p.Fill("looked_for", wording.Data{"Names": listed(understood)})
}

// balance discloses the order in which the actors stand, and which of them are missing.
func (p Presenter) balance(is index.Balance) (blocks []Block) {
	order := wording.Key("order")
	if is.Named {
		order = "order_named"
	}
	add := func(key wording.Key, actors []string) {
		if len(actors) > 0 {
			names := listed(p.ActorNames(actors))
			blocks = append(blocks, Note{Plain(p.Fill(key, wording.Data{"Actors": names}))})
		}
	}
	add(order, is.Order)
	add("more", is.More)
	add("silent", is.Silent)
	return blocks
}

// offers returns the actions below an answer.
func (b *Bot) offers(p Presenter, a index.Answer, q question, page answerPage) []Action {
	again := Request{Command: questionCommand, Args: q.args()}
	actions := pageActions(p, again, q.page, page.more, "action.previous", "action.next")
	if len(page.hits) > 0 {
		first := Args{"passage": passageRef(page.hits[0]).String()}
		actions = append(actions, Action{Label: p.Say("action.context"), Command: contextCommand, Args: first})
	}
	if others := b.whoElse(a.Plan, page.hits); others != nil {
		actions = append(actions, Action{Label: p.Say("action.who_else"), Command: compareCommand, Args: others})
	}
	if a.Plan != nil && !a.Plan.Latest && !q.newest {
		args := q.args()
		args["newest"] = "true"
		actions = append(actions, Action{Label: p.Say("action.newest_first"), Command: questionCommand, Args: args})
	}
	for i, h := range page.hits {
		actions = append(actions, Action{
			Label: p.Fill("action.source", wording.Data{"Number": i + 1}), Command: sourceCommand,
			Args: Args{"passage": passageRef(h).String()}, URL: link("", h.Source.URL).URL,
		})
	}
	return actions[:min(len(actions), maxActions)]
}

// whoElse returns the arguments of a "/compare" of the main actors who speak in none of the
// passages, on the first topic of the question; nil where there is no topic, or no such actor.
func (b *Bot) whoElse(plan *index.Plan, hits []index.Hit) Args {
	if plan == nil || len(plan.Topics) == 0 {
		return nil
	}
	var others []string
	for _, a := range b.lexicon.Actors() {
		heard := slices.ContainsFunc(hits, func(h index.Hit) bool { return slices.Contains(h.Speakers, a.ID) })
		if a.Main && !heard {
			others = append(others, a.ID)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return Args{"topic": plan.Topics[0], "actors": strings.Join(others, ",")}
}

func passageRef(h index.Hit) session.Ref { return session.To(h.Source, h.ID, h.Key) }
