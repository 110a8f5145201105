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
	answer, err := b.asker.Ask(ctx, index.Question{Text: text, Previous: before.plan, Now: now})
	if err != nil {
		return Reply{}, err
	}
	b.remember(req.Conversation, before, answer)
	return b.Present(answer), nil
}

// remember keeps what was shown last where the answer shows nothing: it still
// stands in the chat, and "/source 2" still means it.
func (b *Bot) remember(conversation string, before session, answer index.Answer) {
	after := session{plan: answer.Plan, shown: before.shown, at: b.now()}
	if hits := b.toShow(answer); len(hits) > 0 {
		after.shown = make([]shown, len(hits))
		for i, h := range hits {
			after.shown[i] = shown{document: h.Source.ID, passage: h.ID, key: h.Key}
		}
	}
	b.sessions.put(conversation, after)
}

// toShow are the passages of an answer that fit into a reply.
func (b *Bot) toShow(a index.Answer) []index.Hit {
	if !a.Answered {
		return nil
	}
	return a.Passages[:min(len(a.Passages), b.maxPassages)]
}
