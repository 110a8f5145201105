package bot

import (
	"context"
	"strconv"
	"strings"

	"parley/corpus"
	"parley/index"
)

// source shows where a passage comes from and the whole passage, or what the
// record holds of a document.
func (b *Bot) source(ctx context.Context, req Request) (Reply, error) {
	want := req.Args["passage"]
	ref, numbered, err := b.shownAs(want, req.Conversation)
	if err != nil {
		return Reply{}, err
	}
	src, passages, ok, err := b.index.Document(ctx, ref.document)
	if err != nil {
		return Reply{}, err
	}
	if ok {
		return b.sourceReply(src, passages, ref), nil
	}
	if numbered {
		return Reply{}, Refusal(sayNothingShown)
	}
	return Reply{}, refuse(sayNoDocument, short(want))
}

// shownAs finds what "2", "F016" or "F016#0" refers to. numbered says that it can
// only have meant a passage just shown.
func (b *Bot) shownAs(want, conversation string) (ref shown, numbered bool, err error) {
	was := b.sessions.get(conversation, b.now()).shown
	n, err := strconv.Atoi(want)
	switch {
	case err != nil:
		document, _, isPassage := cutPassage(want)
		if isPassage {
			return shown{document: document, passage: want}, false, nil
		}
		return shown{document: want}, false, nil
	case n >= 1 && n <= len(was):
		return was[n-1], true, nil
	case len(was) > 0:
		return shown{}, true, refuse(sayShownOnly, count(len(was), "passage", "passages"), len(was))
	}
	return shown{document: want}, true, nil // a document's id may be a number
}

// cutPassage splits a passage's id into its document's and its number.
func cutPassage(id string) (document, number string, ok bool) {
	i := strings.LastIndexByte(id, '#')
	if i <= 0 {
		return id, "", false
	}
	if _, err := strconv.Atoi(id[i+1:]); err != nil {
		return id, "", false
	}
	return id[:i], id[i+1:], true
}

// sourceReply is the document's card and, where one is meant, the passage in full.
func (b *Bot) sourceReply(src corpus.Source, passages []*index.Passage, ref shown) Reply {
	reply := Reply{Blocks: []Block{sourceFields(src, len(passages))}}
	for _, p := range passages {
		if p.ID == ref.passage {
			whole := corpus.Span{End: len(p.Text)}
			q := Quote{Segments: segments(p.Text, whole, ref.key, nil), Citation: cite(src)}
			q.CutBefore, q.CutAfter = p.Number > 0, p.Number < len(passages)-1
			reply.Blocks = append(reply.Blocks, q)
		}
	}
	return reply
}

// sourceFields is the card of a document; what is not known is left out.
func sourceFields(src corpus.Source, passages int) Fields {
	card := Fields{Title: titleOf(src)}
	add := func(name string, value Line) {
		if value.String() != "" {
			card.Rows = append(card.Rows, Field{name, value})
		}
	}
	add("Publisher", plain(publisherOf(src)))
	add("Author", plain(src.Author))
	add("Date", plain(src.Published.Long()))
	add("Link", Line{link(src.URL, src.URL)})
	add("Citing", plain(strings.Join(src.ReportedBy, ", ")))
	for _, ref := range src.BasedOn {
		add("Based on", referenceLine(ref))
	}
	add("Language", plain(src.Language))
	add("Licence", plain(src.License))
	add("Document", plain(src.ID+", "+count(passages, "passage", "passages")))
	return card
}

// referenceLine is "Title, Publisher, date" with the title as the link.
func referenceLine(ref corpus.Reference) Line {
	line := Line{link(or(ref.Title, ref.URL), ref.URL), {Text: ", " + or(ref.Publisher, sayNoPublisher)}}
	if !ref.Published.IsZero() {
		line = append(line, Run{Text: ", " + ref.Published.Long()})
	}
	return line
}
