package bot

import (
	"slices"
	"strings"

	"parley/bot/wording"
	"parley/corpus"
	"parley/index"
)

// Present turns an answer into a reply in the language nearest to a BCP 47 tag: its
// passages quoted and cited, what the record covers, how they were chosen; or that the
// record has nothing, and what is nearest. All its words are fixed phrases, names and
// quotations.
func (b *Bot) Present(a index.Answer, language string) Reply {
	return b.present(b.in(language), a, asking{text: a.Question})
}

// present is Present in a language, with the part of the answer that was asked for.
func (b *Bot) present(p Presenter, a index.Answer, q asking) Reply {
	var reply Reply
	add := func(blocks ...Block) { reply.Blocks = append(reply.Blocks, blocks...) }
	for _, r := range a.Repairs {
		add(Note{Plain(p.Fill("repair", wording.Data{"Written": r.Written, "Read": r.Read}))})
	}
	if !a.Answered {
		add(p.nothing(a)...)
		return reply
	}
	page := b.part(a, q.page)
	if len(page.hits) == 0 {
		add(Text{Plain(p.Say("no_further"))})
	}
	if page.beyond {
		add(Note{Plain(p.Say("further"))})
	}
	for i, h := range page.hits {
		add(p.quote(i+1, h))
	}
	if a.Balance != nil && q.page == 0 {
		add(p.balance(*a.Balance)...)
	}
	add(Note{Plain(p.coverageLine(a.Coverage, a.Record))})
	reply.Actions = b.offers(p, a, q, page)
	return reply
}

// part is what one reply shows of the passages of an answer.
type part struct {
	hits []index.Hit
	// beyond tells that they come after those that were picked to answer.
	beyond bool
	more   bool // there are others after them
}

// part is a page of an answer, from 0: first the passages picked to answer, then on pages
// of their own the others that were ranked.
func (b *Bot) part(a index.Answer, page int) part {
	if !a.Answered {
		return part{}
	}
	others := slices.DeleteFunc(slices.Clone(a.Ranked), func(h index.Hit) bool {
		return slices.ContainsFunc(a.Passages, func(p index.Hit) bool { return p.ID == h.ID })
	})
	answering := (len(a.Passages) + b.maxPassages - 1) / b.maxPassages // pages
	if page < answering {
		hits, more := onThe(a.Passages, page, b.maxPassages)
		return part{hits: hits, more: more || len(others) > 0}
	}
	hits, more := onThe(others, page-answering, b.maxPassages)
	return part{hits: hits, beyond: len(hits) > 0, more: more}
}

// nothing says that the record does not answer, and what it has instead.
func (p Presenter) nothing(a index.Answer) []Block {
	said := strings.TrimSpace(p.Say("nothing") + " " + p.why(a))
	if a.Plan != nil {
		said = p.asked(said, a.Plan.Period)
	}
	blocks := []Block{Text{Plain(said)}}
	if len(a.Nearest) > 0 {
		var items []Line
		for _, title := range a.Nearest[:min(len(a.Nearest), maxNearest)] {
			items = append(items, Plain(title))
		}
		blocks = append(blocks, List{Title: p.Say("nearest"), Items: items})
	}
	return append(blocks, Note{Plain(p.RecordLine(a.Record))})
}

// why says what was looked for. The index says it in English; in other languages the
// actors and topics are named that it understood.
func (p Presenter) why(a index.Answer) string {
	if p.Tag() == wording.English {
		return a.Why
	}
	if a.Plan == nil || len(a.Plan.Actors)+len(a.Plan.Topics) == 0 {
		return ""
	}
	return p.Fill("looked_for", wording.Data{"Names": listed(append(p.ActorNames(a.Plan.Actors), p.TopicNames(a.Plan.Topics)...))})
}

// quote is a passage's excerpt with its citation.
func (p Presenter) quote(number int, h index.Hit) Quote {
	return Quote{
		Number:    number,
		Segments:  segments(h.Text, h.Excerpt, h.Key, h.Matches),
		CutBefore: strings.TrimSpace(h.Text[:h.Excerpt.Start]) != "",
		CutAfter:  strings.TrimSpace(h.Text[h.Excerpt.End:]) != "",
		Citation:  p.citeHit(h),
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
func (p Presenter) balance(is index.Balance) (blocks []Block) {
	order := wording.Key("order")
	if is.Named {
		order = "order_named"
	}
	for _, of := range []struct {
		phrase wording.Key
		actors []string
	}{{order, is.Order}, {"more", is.More}, {"silent", is.Silent}} {
		if len(of.actors) > 0 {
			blocks = append(blocks, Note{Plain(p.Fill(of.phrase, wording.Data{"Actors": listed(p.ActorNames(of.actors))}))})
		}
	}
	return blocks
}
