package bot

import (
	"context"
	"slices"
	"strings"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/index"
)

// askOptions are those of "/ask". With the questions before it in an option of its own,
// an action asks the same question again whatever was asked in the meantime.
func askOptions() []argument.Option {
	return []argument.Option{
		{Name: "question", About: "option.question", Required: true, Rest: true, Max: maxTyped},
		{Name: "newest", About: "option.newest", Type: argument.Boolean},
		pageOption(),
		{Name: "after", About: "option.after", Internal: true, Max: maxTyped},
	}
}

// noQuestions is the value of "after" for a question that follows no other.
const noQuestions = "-"

// asking is one question with what it follows, and which part of its answer to show.
type asking struct {
	text    string
	earlier []string // the questions before, the last one last
	newest  bool
	page    int // from 0
}

// ask answers a question and remembers, for follow-ups, how it was understood and
// what was shown.
func (b *Bot) ask(ctx context.Context, req Request) (Reply, error) {
	q, previous, err := b.readAsking(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	answer, err := b.index.Ask(ctx, index.Question{Text: q.text, Previous: previous, Now: b.now(), Newest: q.newest})
	if err != nil {
		return Reply{}, err
	}
	b.remember(req.Conversation, answer.Plan, slices.Concat(q.earlier, []string{q.text}), b.part(answer, q.page).hits)
	return b.present(b.in(req.Language), answer, q), nil
}

// readAsking reads what is asked, and the plan of the question before: from the questions
// that the request brings, or else from what the conversation remembers.
func (b *Bot) readAsking(ctx context.Context, req Request) (q asking, previous *index.Plan, err error) {
	if q.text, err = Question(req.Args["question"]); err != nil {
		return q, nil, err
	}
	if q.page, err = pageOf(req.Args); err != nil {
		return q, nil, err
	}
	q.newest = req.Args["newest"] == "true"
	after := req.Args["after"]
	if after == "" {
		before := b.sessions.get(req.Conversation, b.now())
		q.earlier = before.questions
		return q, before.plan, nil
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

// remember keeps how a question was understood and what was shown.
func (b *Bot) remember(conversation string, plan *index.Plan, questions []string, hits []index.Hit) {
	refs := make([]shown, len(hits))
	for i, h := range hits {
		refs[i] = shownHit(h)
	}
	b.sessions.update(conversation, b.now(), func(s *session) {
		s.plan, s.questions = plan, last(questions, maxEarlier)
		s.show(refs)
	})
}

// last are the last n of a list, or all.
func last(list []string, n int) []string { return list[max(0, len(list)-n):] }

// args are those by which an action asks this question again.
func (q asking) args() Args {
	args := Args{"question": q.text, "after": noQuestions}
	if len(q.earlier) > 0 {
		args["after"] = strings.Join(q.earlier, "\n")
	}
	if q.newest {
		args["newest"] = "true"
	}
	return args
}

// offers are the actions below an answer: where its list goes on, other ways to see the
// same, and where its passages stand.
func (b *Bot) offers(p Presenter, a index.Answer, q asking, page part) []Action {
	again := Request{Command: questionCommand, Args: q.args()}
	actions := turn(p, again, q.page, page.more, "action.previous", "action.next")
	if len(page.hits) > 0 {
		actions = append(actions, Action{
			Label: p.Say("action.context"), Command: contextCommand, Args: Args{"passage": shownHit(page.hits[0]).String()},
		})
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
			Args: Args{"passage": shownHit(h).String()}, URL: link("", h.Source.URL).URL,
		})
	}
	return actions[:min(len(actions), maxActions)]
}

// whoElse sets side by side, on the first topic of a question, the main actors of whom
// nothing is shown; nil where there is no topic, or nobody else.
func (b *Bot) whoElse(plan *index.Plan, hits []index.Hit) Args {
	if plan == nil || len(plan.Topics) == 0 {
		return nil
	}
	heard := map[string]bool{}
	for _, h := range hits {
		for _, id := range h.Speakers {
			heard[id] = true
		}
	}
	var others []string
	for _, a := range b.lexicon.Actors() {
		if a.Main && !heard[a.ID] {
			others = append(others, a.ID)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return Args{"topic": plan.Topics[0], "actors": strings.Join(others, ",")}
}
