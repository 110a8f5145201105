package app

import (
	"context"
	"errors"

	"parley/bot"
	"parley/corpus"
	"parley/corpus/library"
	"parley/index"
	"parley/index/annotate"
)

// archive finds in the library what the index does not have any more.
type archive struct {
	library  *library.Library
	annotate *annotate.Annotator
}

// read reads a document in one of its revisions, or in its last.
func (a archive) read(ctx context.Context, id string, revision int) (library.Entry, library.Revision, error) {
	if revision == 0 {
		e, err := a.library.Get(ctx, id)
		if err != nil {
			return e, library.Revision{}, err
		}
		revision = e.Revision
	}
	return a.library.Revision(ctx, id, revision)
}

// Archived implements bot.Archive.
func (a archive) Archived(ctx context.Context, id string, revision int) (src corpus.Source,
	passages []*index.Passage, past bot.Past, ok bool, err error) {
	e, v, err := a.read(ctx, id, revision)
	if errors.Is(err, library.ErrNotFound) {
		return src, nil, past, false, nil
	}
	if err != nil {
		return src, nil, past, false, err
	}
	doc := e.Document
	if v.Number > 1 {
		doc.Revision, doc.Corrected = v.Number, corpus.DateOf(v.Seen, corpus.Day)
	}
	past = bot.Past{Replaced: v.Replaced, Withdrawn: e.Withdrawal.At}
	if past.Withdrawn.IsZero() {
		for _, p := range a.annotate.Passages(doc) {
			passages = append(passages, &p)
		}
	}
	return doc.Source, passages, past, true, nil
}
