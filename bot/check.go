package bot

import (
	"context"
	"fmt"
	"slices"

	"parley/index"
)

// check shows what the record has nearest to the claims of a text, without a verdict.
func (b *Bot) check(ctx context.Context, req Request) (Reply, error) {
	found, err := b.index.Check(ctx, req.Args["text"], b.now())
	if err != nil {
		return Reply{}, err
	}
	if len(found.Claims) == 0 {
		return Reply{Blocks: []Block{Text{plain(sayNoClaim)}, Note{plain(recordLine(found.Record))}}}, nil
	}
	var out showing
	for _, c := range found.Claims {
		out.add(Heading{fmt.Sprintf(sayClaim, excerptOf(c.Sentence))})
		for _, st := range c.Nearest {
			out.statement(b, st, b.claimLabels(c, st)...)
		}
		if len(c.Nearest) == 0 {
			out.add(Text{plain(fmt.Sprintf(sayNoStatementOn, joinedOr(c.Actors, b.actorName), joinedOr(c.Topics, b.topicName)))})
		}
	}
	if found.More > 0 {
		out.add(Note{plain(fmt.Sprintf(sayMoreClaims, count(found.More, "further sentence", "further sentences")))})
	}
	out.add(Note{plain(sayNoVerdict)}, Note{plain(recordLine(found.Record))})
	return out.done(b, req.Conversation), nil
}

// claimLabels say whose statement it is, of what kind and on which of the claim's topics.
func (b *Bot) claimLabels(c index.Claim, st index.Statement) []string {
	topics := slices.DeleteFunc(slices.Clone(st.Topics), func(t string) bool { return !slices.Contains(c.Topics, t) })
	return []string{b.actorNames(st.Actors), stanceLabel(st), b.topicNames(topics)}
}

// excerptOf is the beginning of a user's sentence, long enough to know it again.
func excerptOf(s string) string {
	if r := []rune(s); len(r) > maxClaimEcho {
		return string(r[:maxClaimEcho]) + "…"
	}
	return s
}
