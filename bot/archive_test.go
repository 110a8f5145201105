package bot

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/bot/session"
	"parley/corpus"
	"parley/index"
)

// archive has the first text of "rtw-1", which was corrected, and "gone", which was withdrawn.
type archive struct{}

func (archive) Archived(_ context.Context, id string, revision int) (corpus.Source, []*index.Passage, Past, bool, error) {
	switch {
	case id == "rtw-1" && revision == 1:
		p := &index.Passage{Passage: corpus.Passage{ID: "rtw-1#1", Text: "NATO met on Tuesday.", Sentences: []corpus.Span{{End: 20}}}}
		return rtw(id), []*index.Passage{p}, Past{Replaced: time.Date(2026, 5, 4, 23, 0, 0, 0, time.UTC)}, true, nil
	case id == "gone":
		return rtw(id), nil, Past{Withdrawn: time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)}, true, nil
	}
	return corpus.Source{}, nil, Past{}, false, nil
}

// corrected is a record in which "rtw-1" has its second text.
type corrected struct{ *record }

func (c corrected) Document(ctx context.Context, id string) (corpus.Source, []*index.Passage, bool, error) {
	if id != "rtw-1" {
		return corpus.Source{}, nil, false, nil
	}
	src, passages, ok, err := c.record.Document(ctx, id)
	src.Revision, src.Corrected = 2, date("2026-05-04")
	return src, passages, ok, err
}

func TestAButtonUnderAnOldAnswerShowsTheWordsThatItQuoted(t *testing.T) {
	f := newFixture(index.Answer{})
	f.index, f.archive = corrected{f.record}, archive{}
	const until = "the words until 4 May 2026, corrected since"
	for _, step := range []struct {
		line        string
		want, never string
	}{
		{"/source rtw-1#1", until + "\n0 false \"NATO met on Tuesday.\"", "Wednesday"},
		{"/context rtw-1#1@0-20", until, "Wednesday"},
		{"/source rtw-1#1~2", "Wednesday", until},
		{"/source rtw-1", "Corrected: 4 May 2026", "Tuesday"},
		{"/source rtw-1#1~3", "The record has no document", "NATO"},
		{"/source gone#0", "Withdrawn, no longer quoted: 6 May 2026", "NATO"},
		{"/context gone#0", "was withdrawn and is not quoted any more", "NATO"},
		{"/source never#0", "The record has no document", "NATO"},
	} {
		got := text(f.say(step.line))
		if !strings.Contains(got, step.want) || strings.Contains(got, step.never) {
			t.Errorf("%s: got\n%s", step.line, got)
		}
	}
}

func TestACitationOfACorrectedTextSaysSince(t *testing.T) {
	src := rtw("rtw-1")
	src.Revision, src.Corrected = 2, date("2026-05-04")
	want := "RTW News, “The negotiations”, February 2025, corrected on 4 May 2026"
	if got := presenter("en").cite(src).Lines()[0].String(); got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	ref := session.To(src, "rtw-1#1", corpus.Span{Start: 3, End: 9})
	if got := ref.String(); got != "rtw-1#1~2@3-9" || session.Parse(got) != ref {
		t.Errorf("got %q, read as %+v; want %+v", got, session.Parse(got), ref)
	}
}
