package bot

import (
	"context"

	"parley/bot/wording"
	"parley/corpus"
	"parley/index"
)

// document finds a document in the words that were shown: in the index if these are the
// current ones, else in the archive.
func (b *Bot) document(ctx context.Context, ref shown) (src corpus.Source, passages []*index.Passage, past Past, ok bool, err error) {
	src, passages, ok, err = b.index.Document(ctx, ref.document)
	current := ok && (ref.passage == "" || ref.revision == revisionOf(src))
	if err != nil || current || b.archive == nil {
		return src, passages, Past{}, ok, err
	}
	return b.archive.Archived(ctx, ref.document, ref.revision)
}

// pastLabels say of a quotation that its words were corrected since.
func (p Presenter) pastLabels(past Past) []string {
	if past.Replaced.IsZero() {
		return nil
	}
	return []string{p.Fill("words_until", wording.Data{"Date": p.Day(past.Replaced)})}
}
