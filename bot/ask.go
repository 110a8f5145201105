package bot

import (
	"context"

	"parley/index"
)

// ask answers a question and remembers, for follow-ups, how it was understood and
// what was shown.
func (b *Bot) ask(ctx context.Context, req Request) (Reply, error) {
	text, err := Question(req.Args["question"])
	if err != nil {
		return Reply{}, err
	}
	now := b.now()
	before := b.sessions.get(req.Conversation, now)
	answer, err := b.index.Ask(ctx, index.Question{Text: text, Previous: before.plan, Now: now})
	if err != nil {
		return Reply{}, err
	}
	b.remember(req.Conversation, answer.Plan, b.toShow(answer))
	return b.Present(answer), nil
}

// remember keeps how a question was understood and what was shown.
func (b *Bot) remember(conversation string, plan *index.Plan, hits []index.Hit) {
	refs := make([]shown, len(hits))
	for i, h := range hits {
		refs[i] = shown{document: h.Source.ID, passage: h.ID, key: h.Key}
	}
	b.sessions.update(conversation, b.now(), func(s *session) { s.plan = plan; s.show(refs) })
}

// toShow are the passages of an answer that fit into a reply.
func (b *Bot) toShow(a index.Answer) []index.Hit {
	if !a.Answered {
		return nil
	}
	return a.Passages[:min(len(a.Passages), b.maxPassages)]
}
