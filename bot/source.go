package bot

import (
	"context"

	"parley/bot/wording"
	"parley/corpus"
)

// source shows where a passage comes from and the whole passage, or what the
// record holds of a document.
func (b *Bot) source(ctx context.Context, req Request) (Reply, error) {
	found, err := b.find(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	p := b.in(req.Language)
	card := p.sourceFields(found.source, len(found.passages))
	if past := found.past; !past.Withdrawn.IsZero() {
		card.Rows = append(card.Rows, Field{p.Say("card_withdrawn"), Plain(p.Day(past.Withdrawn))})
	}
	reply := Reply{Blocks: []Block{card}}
	if found.at >= 0 {
		reply.Blocks = append(reply.Blocks, found.quote(p, found.at))
		reply.Actions = []Action{found.action(p, "action.context", contextCommand, found.at)}
	}
	return reply, nil
}

// sourceFields is the card of a document; what is not known is left out.
func (p Presenter) sourceFields(src corpus.Source, passages int) Fields {
	card := Fields{Title: titleOf(src)}
	add := func(name wording.Key, value Line) {
		if value.String() != "" {
			card.Rows = append(card.Rows, Field{p.Say(name), value})
		}
	}
	add("card_publisher", Plain(p.Publisher(src)))
	add("card_author", Plain(src.Author))
	add("card_date", Plain(p.Date(src.Published)))
	add("card_corrected", Plain(p.DateOrNone(src.Corrected)))
	add("card_link", Line{link(src.URL, src.URL)})
	add("card_citing", Plain(listed(src.ReportedBy)))
	for _, ref := range src.BasedOn {
		add("card_based_on", p.referenceLine(ref))
	}
	add("card_language", Plain(src.Language))
	add("card_licence", Plain(src.License))
	add("card_document", Plain(src.ID+", "+p.Count("count_passages", passages)))
	return card
}

// referenceLine is "Title, Publisher, date" with the title as the link.
func (p Presenter) referenceLine(ref corpus.Reference) Line {
	line := Line{link(or(ref.Title, ref.URL), ref.URL), {Text: ", " + or(ref.Publisher, p.Say("no_publisher"))}}
	if !ref.Published.IsZero() {
		line = append(line, Run{Text: ", " + p.Date(ref.Published)})
	}
	return line
}
