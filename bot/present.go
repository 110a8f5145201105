package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/corpus"
	"parley/index"
)

// Present turns an answer into a reply: its passages quoted and cited, what the
// record covers, how they were chosen; or that the record has nothing, and what is
// nearest. All its words are fixed phrases, names and quotations.
func (b *Bot) Present(a index.Answer) Reply {
	var reply Reply
	for _, r := range a.Repairs {
		reply.Blocks = append(reply.Blocks, Note{plain(fmt.Sprintf(sayRepair, r.Written, r.Read))})
	}
	if !a.Answered {
		reply.Blocks = append(reply.Blocks, nothing(a)...)
		return reply
	}
	for i, h := range b.toShow(a) {
		reply.Blocks = append(reply.Blocks, b.quote(i+1, h))
		reply.Actions = append(reply.Actions, Action{
			Label: "Source " + strconv.Itoa(i+1), Command: sourceCommand, Args: Args{"passage": h.ID},
		})
	}
	if a.Balance != nil {
		reply.Blocks = append(reply.Blocks, b.balance(*a.Balance)...)
	}
	reply.Blocks = append(reply.Blocks, Note{plain(coverageLine(a.Coverage, a.Record))})
	return reply
}

// nothing says that the record does not answer, and what it has instead.
func nothing(a index.Answer) []Block {
	blocks := []Block{Text{plain(strings.TrimSpace(sayNothing + " " + a.Why))}}
	if len(a.Nearest) > 0 {
		var items []Line
		for _, title := range a.Nearest[:min(len(a.Nearest), maxNearest)] {
			items = append(items, plain(title))
		}
		blocks = append(blocks, List{Title: sayNearest, Items: items})
	}
	return append(blocks, Note{plain(recordLine(a.Record))})
}

// quote is a passage's excerpt with its citation.
func (b *Bot) quote(number int, h index.Hit) Quote {
	return Quote{
		Number:    number,
		Segments:  segments(h.Text, h.Excerpt, h.Key, h.Matches),
		CutBefore: strings.TrimSpace(h.Text[:h.Excerpt.Start]) != "",
		CutAfter:  strings.TrimSpace(h.Text[h.Excerpt.End:]) != "",
		Citation:  b.citeHit(h),
	}
}

// segments cuts the part of text within a span where the key sentence and the
// matches begin and end. Joined, the pieces are that part again, byte for byte.
func segments(text string, within, key corpus.Span, matches []corpus.Span) []Segment {
	cuts := []int{within.Start, within.End}
	for _, s := range append([]corpus.Span{key}, matches...) {
		cuts = append(cuts, clamp(s.Start, within), clamp(s.End, within))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	pieces := make([]Segment, 0, len(cuts)-1)
	for i, end := range cuts[1:] {
		piece := corpus.Span{Start: cuts[i], End: end}
		pieces = append(pieces, Segment{
			Text:  piece.In(text),
			Key:   key.Contains(piece),
			Match: slices.ContainsFunc(matches, func(m corpus.Span) bool { return m.Contains(piece) }),
		})
	}
	return pieces
}

func clamp(offset int, s corpus.Span) int { return max(s.Start, min(offset, s.End)) }

// balance discloses the order in which the actors stand and who is missing.
func (b *Bot) balance(is index.Balance) []Block {
	var blocks []Block
	if len(is.Order) > 0 {
		blocks = append(blocks, Note{plain(fmt.Sprintf(sayOrder, b.actorNames(is.Order)))})
	}
	if len(is.More) > 0 {
		blocks = append(blocks, Note{plain(fmt.Sprintf(sayMore, b.actorNames(is.More)))})
	}
	if len(is.Silent) > 0 {
		blocks = append(blocks, Note{plain(fmt.Sprintf(saySilent, b.actorNames(is.Silent)))})
	}
	return blocks
}
