package bot

import (
	"context"
	"fmt"

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
	rest := publishers[min(len(publishers), page*publishersPerPage):]
	if len(rest) == 0 {
		return say(sayNoFurther), nil
	}
	table := Fields{Title: fmt.Sprintf(saySources, count(record.Documents, "document", "documents"), count(len(publishers), "publisher", "publishers"))}
	for _, p := range rest[:min(publishersPerPage, len(rest))] {
		table.Rows = append(table.Rows, Field{or(p.Name, sayNoPublisher), plain(publisherLine(p))})
	}
	reply := Reply{Blocks: []Block{table}}
	if len(rest) > publishersPerPage {
		more := next(sayMorePublishers, req, page)
		reply.Actions = []Action{more}
		reply.Blocks = append(reply.Blocks, Note{plain(fmt.Sprintf(sayMoreBy, b.typed(more)))})
	}
	reply.Blocks = append(reply.Blocks, Note{plain(recordLine(record))})
	return reply, nil
}

// publisherLine is "1,204 documents, 20 January 2025 to 8 May 2026".
func publisherLine(p index.Publisher) string {
	line := count(p.Documents, "document", "documents")
	if !p.To.IsZero() {
		line += ", " + period(p.From, p.To)
	}
	return line
}
