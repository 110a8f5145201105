package bot

import (
	"context"

	"parley/corpus"
)

// source shows where a passage comes from and the whole passage, or what the
// record holds of a document.
func (b *Bot) source(ctx context.Context, req Request) (Reply, error) {
	found, err := b.find(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	w := speak(req.Language)
	card := w.sourceFields(found.source, len(found.passages))
	if past := found.past; !past.Withdrawn.IsZero() {
		card.Rows = append(card.Rows, Field{w.say(sayCardWithdrawn, nil), plain(w.day(past.Withdrawn))})
	}
	reply := Reply{Blocks: []Block{card}}
	if found.at >= 0 {
		reply.Blocks = append(reply.Blocks, found.quote(w, found.at))
		reply.Actions = []Action{found.action(w, sayContext, contextCommand, found.at)}
	}
	return reply, nil
}

// sourceFields is the card of a document; what is not known is left out.
func (w words) sourceFields(src corpus.Source, passages int) Fields {
	card := Fields{Title: titleOf(src)}
	add := func(name phrase, value Line) {
		if value.String() != "" {
			card.Rows = append(card.Rows, Field{w.say(name, nil), value})
		}
	}
	add(sayCardPublisher, plain(w.publisher(src)))
	add(sayCardAuthor, plain(src.Author))
	add(sayCardDate, plain(w.date(src.Published)))
	add(sayCardCorrected, plain(w.known(src.Corrected)))
	add(sayCardLink, Line{link(src.URL, src.URL)})
	add(sayCardCiting, plain(listed(src.ReportedBy)))
	for _, ref := range src.BasedOn {
		add(sayCardBasedOn, w.referenceLine(ref))
	}
	add(sayCardLanguage, plain(src.Language))
	add(sayCardLicence, plain(src.License))
	add(sayCardDocument, plain(src.ID+", "+w.count(sayCountPassages, passages)))
	return card
}

// referenceLine is "Title, Publisher, date" with the title as the link.
func (w words) referenceLine(ref corpus.Reference) Line {
	line := Line{link(or(ref.Title, ref.URL), ref.URL), {Text: ", " + or(ref.Publisher, w.say(sayNoPublisher, nil))}}
	if !ref.Published.IsZero() {
		line = append(line, Run{Text: ", " + w.date(ref.Published)})
	}
	return line
}
