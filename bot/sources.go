package bot

import (
	"context"
	"slices"
	"strconv"

	"parley/bot/argument"
	"parley/bot/session"
	"parley/bot/wording"
	"parley/corpus"
	"parley/index"
)

// surroundings shows a passage with the one before it and the one after it.
func (b *Bot) surroundings(ctx context.Context, req Request) (Reply, error) {
	found, err := b.find(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	if !found.past.Withdrawn.IsZero() {
		return Reply{}, wording.Refuse("withdrawn", wording.Data{"Title": titleOf(found.source)})
	}
	if found.at < 0 {
		if found.ref.Passage != "" || len(found.passages) == 0 {
			return Reply{}, wording.Refuse("no_passage", wording.Data{"ID": argument.Echo(req.Args["passage"])})
		}
		found.at = 0 // a document begins with its first
	}
	p := b.presenter(req.Language)
	first, last := max(0, found.at-1), min(len(found.passages)-1, found.at+1)
	place := [...]wording.Key{"passage_before", "passage_itself", "passage_after"}
	var reply Reply
	for i := first; i <= last; i++ {
		q := found.quote(p, i)
		q.Labels = append([]string{p.Say(place[i-found.at+1])}, q.Labels...)
		q.CutBefore, q.CutAfter = i == first && i > 0, i == last && i < len(found.passages)-1
		reply.Blocks = append(reply.Blocks, q)
	}
	if first < found.at {
		reply.Actions = append(reply.Actions, found.action(p, "action.previous", contextCommand, first))
	}
	if last > found.at {
		reply.Actions = append(reply.Actions, found.action(p, "action.next", contextCommand, last))
	}
	reply.Actions = append(reply.Actions, found.action(p, "action.source_only", sourceCommand, found.at))
	return reply, nil
}

// source shows where a passage comes from and all of it, or what the record has of a document.
func (b *Bot) source(ctx context.Context, req Request) (Reply, error) {
	found, err := b.find(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	p := b.presenter(req.Language)
	card := p.sourceFields(found.source, len(found.passages))
	if at := found.past.Withdrawn; !at.IsZero() {
		card.Rows = append(card.Rows, Field{p.Say("card_withdrawn"), Plain(p.Day(at))})
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
		line := Line{link(or(ref.Title, ref.URL), ref.URL), {Text: ", " + or(ref.Publisher, p.Say("no_publisher"))}}
		if !ref.Published.IsZero() {
			line = append(line, Run{Text: ", " + p.Date(ref.Published)})
		}
		add("card_based_on", line)
	}
	add("card_language", Plain(src.Language))
	add("card_licence", Plain(src.License))
	add("card_document", Plain(src.ID+", "+p.Count("count_passages", passages)))
	return card
}

// foundPassage is a document and the passage of it that is asked for.
type foundPassage struct {
	source   corpus.Source
	passages []*index.Passage
	at       int // the place of the passage, -1 for none
	ref      session.Ref
	past     Past
}

// find looks up what a request refers to by "2", "F016" or "F016#0".
func (b *Bot) find(ctx context.Context, req Request) (f foundPassage, err error) {
	want := req.Args["passage"]
	ref, numbered, err := b.shownAs(want, req.Conversation)
	if err != nil {
		return f, err
	}
	src, passages, past, ok, err := b.document(ctx, ref)
	switch {
	case err != nil:
		return f, err
	case !ok && numbered:
		return f, wording.Refuse("nothing_shown", nil)
	case !ok:
		return f, wording.Refuse("no_document", wording.Data{"ID": argument.Echo(want)})
	}
	at := slices.IndexFunc(passages, func(p *index.Passage) bool { return p.ID == ref.Passage })
	return foundPassage{src, passages, at, ref, past}, nil
}

// shownAs returns what a typed text refers to. numbered tells that it is a number, which
// most likely means a passage just shown.
func (b *Bot) shownAs(want, conversation string) (ref session.Ref, numbered bool, err error) {
	was := b.memory.Get(conversation, b.now()).Shown
	n, err := strconv.Atoi(want)
	switch {
	case err != nil:
		return session.Parse(want), false, nil
	case n >= 1 && n <= len(was):
		return was[n-1], true, nil
	case len(was) > 0:
		return session.Ref{}, true, wording.RefuseText(func(l wording.Language) string {
			return l.Fill("shown_only", wording.Data{"Passages": l.Count("count_passages", len(was)), "Last": len(was)})
		})
	}
	return session.Ref{Document: want}, true, nil // a document's id may be a number
}

// document finds a document in the words that were shown: in the index if these are the
// current ones, else in the archive. ok is false where there is none.
func (b *Bot) document(ctx context.Context, ref session.Ref) (
	src corpus.Source, passages []*index.Passage, past Past, ok bool, err error,
) {
	src, passages, ok, err = b.index.Document(ctx, ref.Document)
	current := ok && (ref.Passage == "" || ref.Revision == session.Revision(src))
	if err != nil || current || b.archive == nil {
		return src, passages, Past{}, ok, err
	}
	return b.archive.Archived(ctx, ref.Document, ref.Revision)
}

// quote quotes the i-th passage in full, and marks the key sentence that was asked for.
func (f foundPassage) quote(p Presenter, i int) Quote {
	passage := f.passages[i]
	var key corpus.Span
	if i == f.at && slices.Contains(passage.Sentences, f.ref.Key) { // a made-up span marks nothing
		key = f.ref.Key
	}
	var labels []string
	if !f.past.Replaced.IsZero() {
		labels = []string{p.Fill("words_until", wording.Data{"Date": p.Day(f.past.Replaced)})}
	}
	return Quote{
		Labels:   labels,
		Summary:  f.source.IsBrief(),
		Segments: segments(passage.Text, corpus.Span{End: len(passage.Text)}, key, nil), Citation: p.cite(f.source),
		CutBefore: i > 0, CutAfter: i < len(f.passages)-1,
	}
}

// action carries out a command on the i-th passage.
func (f foundPassage) action(p Presenter, label wording.Key, command string, i int) Action {
	ref := session.To(f.source, f.passages[i].ID, corpus.Span{})
	if i == f.at {
		ref.Key = f.ref.Key
	}
	a := Action{Label: p.Say(label), Command: command, Args: Args{"passage": ref.String()}}
	if command == sourceCommand {
		a.URL = link("", f.source.URL).URL
	}
	return a
}

const publishersPerPage = 20

// sources lists the documents of the record by publisher, those with most first.
func (b *Bot) sources(_ context.Context, req Request) (Reply, error) {
	page, err := readPage(req.Args)
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
	p := b.presenter(req.Language)
	listed, more := pageOf(publishers, page, publishersPerPage)
	if len(listed) == 0 {
		return say(p.Say("no_further")), nil
	}
	table := Fields{Title: p.Fill("publishers_of", wording.Data{
		"Documents":  p.Count("count_documents", record.Documents),
		"Publishers": p.Count("count_publishers", len(publishers)),
	})}
	for _, publisher := range listed {
		line := p.Count("count_documents", publisher.Documents)
		if !publisher.To.IsZero() {
			line += ", " + p.DateRange(publisher.From, publisher.To)
		}
		table.Rows = append(table.Rows, Field{or(publisher.Name, p.Say("no_publisher")), Plain(line)})
	}
	reply := Reply{Blocks: []Block{table}}
	if more {
		next := wording.Data{"Command": b.typedNext(req, page)}
		reply.Blocks = append(reply.Blocks, Note{Plain(p.Fill("more_by", next))})
	}
	reply.Actions = pageActions(p, req, page, more, "action.previous_publishers", "action.more_publishers")
	reply.Blocks = append(reply.Blocks, Note{Plain(p.RecordLine(record))})
	return reply, nil
}
