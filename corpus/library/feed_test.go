package library_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/corpus/library"
)

// fullFeed has something in every field.
func fullFeed() library.Feed {
	return library.Feed{
		Address: "https://example.org/rss", Title: "Новини <1>", Kind: "rss", ETag: `W/"1"`, LastModified: "Fri, 14 Feb 2025 09:30:00 GMT",
		Failures: 3, LastError: "timeout", Suspended: "it has failed 3 times", State: []byte(`{"every":3600,"hints":["<&>"]}`),
		NextDue: start.Add(time.Hour),
	}
}

func TestAFeedIsKeptAsItIs(t *testing.T) {
	each(t, func(w world) {
		want := fullFeed()
		kept, added, err := w.AddFeed(w.ctx, want)
		w.must(err)
		want.ID, want.Added = want.Address, start
		if diff := cmp.Diff(want, kept); diff != "" || !added {
			t.Errorf("added %v (-want +got):\n%s", added, diff)
		}
		w.pass(time.Hour)
		if kept, added, err = w.AddFeed(w.ctx, library.Feed{Address: want.Address, Title: "Other"}); added || err != nil || kept.Title != want.Title {
			t.Errorf("added again: %v, %v, %+v", added, err, kept)
		}

		want.Address, want.Title, want.State, want.Suspended, want.NextDue = "https://example.org/new", "", nil, "", time.Time{}
		w.updateFeed(want)
		if kept, added, err = w.AddFeed(w.ctx, library.Feed{Address: want.Address}); added || err != nil || kept.ID != want.ID {
			t.Errorf("added where it has moved: %v, %v, %+v", added, err, kept)
		}
		w.put(item("a", "Text.", func(i *library.Item) { i.Origin = want.Origin() }), item("b", "Text.", func(i *library.Item) { i.Origin = want.Origin() }))
		w.must(w.Withdraw(w.ctx, "b", library.ByOperator, ""))
		want.Documents = 1
		all, err := w.Feeds(w.ctx)
		w.must(err)
		if diff := cmp.Diff([]library.Feed{want}, all); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}

		w.must(w.RemoveFeed(w.ctx, want.ID))
		w.wantNotFound(w.RemoveFeed(w.ctx, want.ID))
		w.wantNotFound(second(w.Feed(w.ctx, want.ID)))
		if ids := w.ids(); ids != "a" {
			t.Errorf("documents %s", ids)
		}
	})
}

func TestAFeedThatCannotBeKept(t *testing.T) {
	each(t, func(w world) {
		for want, f := range map[string]library.Feed{
			"a feed has no address":                                {},
			`feed "a": its state is not JSON`:                      {Address: "a", State: []byte("{")},
			`feed "a": what is known of it is not UTF-8`:           {Address: "a", Title: "\xff"},
			`feed "a": what is known of it are 4194305 bytes, and`: {Address: "a", LastError: strings.Repeat("x", 4<<20+1)},
			"the address has 2001 bytes":                           {Address: strings.Repeat("x", 2001)},
		} {
			_, _, err := w.AddFeed(w.ctx, f)
			w.wantError(err, want)
		}
	})
}
