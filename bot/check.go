package bot

import (
	"context"
	"slices"

	"parley/index"
)

// check shows what the record has nearest to the claims of a text, without a verdict.
func (b *Bot) check(ctx context.Context, req Request) (Reply, error) {
	found, err := b.index.Check(ctx, req.Args["text"], b.now())
	if err != nil {
		return Reply{}, err
	}
	w := speak(req.Language)
	if len(found.Claims) == 0 {
		return Reply{Blocks: []Block{Text{plain(w.say(sayNoClaim, nil))}, Note{plain(w.recordLine(found.Record))}}}, nil
	}
	out := showing{words: w}
	for _, c := range found.Claims {
		out.add(Heading{w.say(sayClaim, data{"Sentence": excerptOf(c.Sentence)})})
		for _, st := range c.Nearest {
			out.statement(b, st, b.claimLabels(w, c, st)...)
		}
		if len(c.Nearest) == 0 {
			out.add(Text{plain(w.say(sayNoStatementOn, data{"Actor": b.anyOf(w, c.Actors), "Topic": w.either(b.topicNames(w, c.Topics))}))})
		}
	}
	if found.More > 0 {
		out.add(Note{plain(w.say(sayMoreClaims, data{"Sentences": counted(sayCountSentences, found.More)}))})
	}
	out.add(Note{plain(w.say(sayNoVerdict, nil))}, Note{plain(w.recordLine(found.Record))})
	return out.done(b, req.Conversation), nil
}

// claimLabels say whose statement it is, of what kind and on which of the claim's topics.
func (b *Bot) claimLabels(w words, c index.Claim, st index.Statement) []string {
	topics := slices.DeleteFunc(slices.Clone(st.Topics), func(t string) bool { return !slices.Contains(c.Topics, t) })
	return []string{listed(b.actorNames(w, st.Actors)), w.stance(st), listed(b.topicNames(w, topics))}
}

// excerptOf is the beginning of a user's sentence, long enough to know it again.
func excerptOf(s string) string {
	if r := []rune(s); len(r) > maxClaimEcho {
		return string(r[:maxClaimEcho]) + "…"
	}
	return s
}
