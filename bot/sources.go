package bot

import (
	"context"

	"parley/bot/wording"
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
	p := b.in(req.Language)
	listed, more := onThe(publishers, page, publishersPerPage)
	if len(listed) == 0 {
		return say(p.Say("no_further")), nil
	}
	table := Fields{Title: p.Fill("publishers_of", wording.Data{
		"Documents": p.Count("count_documents", record.Documents), "Publishers": p.Count("count_publishers", len(publishers)),
	})}
	for _, publisher := range listed {
		table.Rows = append(table.Rows, Field{or(publisher.Name, p.Say("no_publisher")), Plain(p.publisherLine(publisher))})
	}
	reply := Reply{Blocks: []Block{table}}
	if more {
		reply.Blocks = append(reply.Blocks, Note{Plain(p.Fill("more_by", wording.Data{"Command": b.typedNext(req, page)}))})
	}
	reply.Actions = turn(p, req, page, more, "action.previous_publishers", "action.more_publishers")
	reply.Blocks = append(reply.Blocks, Note{Plain(p.RecordLine(record))})
	return reply, nil
}

// publisherLine is "1,204 documents, 20 January 2025 to 8 May 2026".
func (p Presenter) publisherLine(of index.Publisher) string {
	line := p.Count("count_documents", of.Documents)
	if !of.To.IsZero() {
		line += ", " + p.DateRange(of.From, of.To)
	}
	return line
}
