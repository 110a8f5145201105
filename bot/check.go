package bot

import (
	"context"
	"slices"

	"parley/bot/wording"
	"parley/index"
)

// check shows what the record has nearest to the claims of a text, without a verdict.
func (b *Bot) check(ctx context.Context, req Request) (Reply, error) {
	found, err := b.index.Check(ctx, req.Args["text"], b.now())
	if err != nil {
		return Reply{}, err
	}
	p := b.in(req.Language)
	if len(found.Claims) == 0 {
		return Reply{Blocks: []Block{Text{Plain(p.Say("no_claim"))}, Note{Plain(p.RecordLine(found.Record))}}}, nil
	}
	out := showing{Presenter: p}
	for _, c := range found.Claims {
		out.add(Heading{p.Fill("claim", wording.Data{"Sentence": excerptOf(c.Sentence)})})
		for _, st := range c.Nearest {
			out.statement(b, st, p.claimLabels(c, st)...)
		}
		if len(c.Nearest) == 0 {
			out.add(Text{Plain(p.Fill("no_statement_on", wording.Data{"Actor": p.anyOf(c.Actors), "Topic": p.Either(p.TopicNames(c.Topics))}))})
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
