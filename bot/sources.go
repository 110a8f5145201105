package bot

import (
	"context"

	"parley/index"
)

// publishersPerPage is how many publishers one reply lists.
const publishersPerPage = 20

// sources lists the documents of the record by publisher, those with most first.
func (b *Bot) sources(_ context.Context, req Request) (Reply, error) {
	page, err := pageOf(req.Args)
	if err != nil {
		return Reply{}, err
	}
	publishers, err := b.index.Publishers()
	if err != nil {
		return Reply{}, err
	}
	record, err := b.index.Record()
	if err != nil {
		return Reply{}, err
	}
	w := speak(req.Language)
	listed, more := onThe(publishers, page, publishersPerPage)
	if len(listed) == 0 {
		return say(w.say(sayNoFurther, nil)), nil
	}
	table := Fields{Title: w.say(sayPublishersOf, data{
		"Documents": counted(sayCountDocuments, record.Documents), "Publishers": counted(sayCountPublishers, len(publishers)),
	})}
	for _, p := range listed {
		table.Rows = append(table.Rows, Field{or(p.Name, w.say(sayNoPublisher, nil)), plain(w.publisherLine(p))})
	}
	reply := Reply{Blocks: []Block{table}}
	if more {
		reply.Blocks = append(reply.Blocks, Note{plain(w.say(sayMoreBy, data{"Command": b.typedNext(req, page)}))})
	}
	reply.Actions = turn(w, req, page, more, sayPreviousPublishers, sayMorePublishers)
	reply.Blocks = append(reply.Blocks, Note{plain(w.recordLine(record))})
	return reply, nil
}

// publisherLine is "1,204 documents, 20 January 2025 to 8 May 2026".
func (w words) publisherLine(p index.Publisher) string {
	line := w.count(sayCountDocuments, p.Documents)
	if !p.To.IsZero() {
		line += ", " + w.period(p.From, p.To)
	}
	return line
}
