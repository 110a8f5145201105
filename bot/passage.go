package bot

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/corpus"
	"parley/index"
)

// shown refers to a document or, where passage is set, to a passage of it that was shown.
type shown struct {
	document, passage string
	revision          int         // of the text, from 1; 0 without a passage
	key               corpus.Span // the sentence marked in it; empty for none
}

// shownHit refers to a passage that answers.
func shownHit(h index.Hit) shown { return shownPassage(h.Source, h.ID, h.Key) }

func shownPassage(src corpus.Source, passage string, key corpus.Span) shown {
	return shown{document: src.ID, passage: passage, revision: revisionOf(src), key: key}
}

func revisionOf(src corpus.Source) int { return max(1, src.Revision) }

// String is what readShown reads: "F016", "F016#0", "F016#0~2" in the second revision or,
// with the key sentence, "F016#0@12-80".
func (s shown) String() string {
	if s.passage == "" {
		return s.document
	}
	text := s.passage
	if s.revision > 1 {
		text += fmt.Sprintf("~%d", s.revision)
	}
	if s.key.Len() > 0 {
		text += fmt.Sprintf("@%d-%d", s.key.Start, s.key.End)
	}
	return text
}

// passageRef is the id of a passage, with or without the revision of its text and the
// span of its key sentence.
var passageRef = regexp.MustCompile(`^((.+)#\d{1,9})(?:~(\d{1,9}))?(?:@(\d{1,9})-(\d{1,9}))?$`)

// readShown reads what String writes; what is no passage is a document.
func readShown(text string) shown {
	m := passageRef.FindStringSubmatch(text)
	if m == nil {
		return shown{document: text}
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(m[i]) // nine digits are a number, and none are 0
		return n
	}
	return shown{document: m[2], passage: m[1], revision: max(1, number(3)), key: corpus.Span{Start: number(4), End: number(5)}}
}

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
		if found.ref.passage != "" || len(found.passages) == 0 {
			return Reply{}, wording.Refuse("no_passage", wording.Data{"ID": argument.Echo(req.Args["passage"])})
		}
		found.at = 0 // a document begins with its first
	}
	p := b.in(req.Language)
	first, last := max(0, found.at-1), min(len(found.passages)-1, found.at+1)
	var reply Reply
	for i := first; i <= last; i++ {
		q := found.quote(p, i)
		q.Labels = append([]string{p.Say([]wording.Key{"passage_before", "passage_itself", "passage_after"}[i-found.at+1])}, q.Labels...)
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

// foundPassage is a document with the passage of it that was asked for.
type foundPassage struct {
	source   corpus.Source
	passages []*index.Passage
	at       int // the passage, -1 for none
	ref      shown
	past     Past
}

// find looks up what "2", "F016" or "F016#0" refers to.
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
	at := slices.IndexFunc(passages, func(p *index.Passage) bool { return p.ID == ref.passage })
	return foundPassage{src, passages, at, ref, past}, nil
}

// shownAs finds what was meant. numbered says that it can only have been a passage just
// shown.
func (b *Bot) shownAs(want, conversation string) (ref shown, numbered bool, err error) {
	was := b.sessions.get(conversation, b.now()).shown
	n, err := strconv.Atoi(want)
	switch {
	case err != nil:
		return readShown(want), false, nil
	case n >= 1 && n <= len(was):
		return was[n-1], true, nil
	case len(was) > 0:
		return shown{}, true, wording.RefuseText(func(l wording.Language) string {
			return l.Fill("shown_only", wording.Data{"Passages": l.Count("count_passages", len(was)), "Last": len(was)})
		})
	}
	return shown{document: want}, true, nil // a document's id may be a number
}

// quote is the i-th passage in full, with its key sentence if it is the one asked for.
func (f foundPassage) quote(p Presenter, i int) Quote {
	passage := f.passages[i]
	var key corpus.Span
	if i == f.at && slices.Contains(passage.Sentences, f.ref.key) { // a made-up span marks nothing
		key = f.ref.key
	}
	return Quote{
		Labels:   p.pastLabels(f.past),
		Segments: segments(passage.Text, corpus.Span{End: len(passage.Text)}, key, nil), Citation: p.cite(f.source),
		CutBefore: i > 0, CutAfter: i < len(f.passages)-1,
	}
}

// action is a command on the i-th passage.
func (f foundPassage) action(p Presenter, label wording.Key, command string, i int) Action {
	ref := shownPassage(f.source, f.passages[i].ID, corpus.Span{})
	if i == f.at {
		ref.key = f.ref.key
	}
	a := Action{Label: p.Say(label), Command: command, Args: Args{"passage": ref.String()}}
	if command == sourceCommand {
		a.URL = link("", f.source.URL).URL
	}
	return a
}
