package library_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"parley/corpus/database/dbtest"
	"parley/corpus/library"
)

func holdsToken(address string) bool { return strings.Contains(address, "token=") }

// share writes what may be given away.
func (w world) share() (string, library.Concealed) {
	w.t.Helper()
	var b strings.Builder
	concealed, err := w.Export(w.ctx, &b, holdsToken)
	w.must(err)
	return b.String(), concealed
}

// from is the origin of an item and what that calls it.
func from(kind, name, key string) func(*library.Item) {
	return func(i *library.Item) { i.ID, i.Origin, i.Key = "", library.Origin{Kind: kind, Name: name}, key }
}

func TestWhatIsSharedHoldsNoSecretAndReadsBack(t *testing.T) {
	const (
		feed  = "https://example.org/private?token=XYZZY"
		moved = "https://example.org/moved"
		gone  = "https://example.org/gone?token=XYZZY" // no longer followed
		page  = "https://example.org/page?token=XYZZY"
	)
	each(t, func(w world) {
		w.fill()
		for _, f := range []library.Feed{{Address: feed, State: []byte(`{"page":"XYZZY"}`)}, {Address: moved}, {Address: page, Kind: library.KindPage}} {
			_, _, err := w.AddFeed(w.ctx, f)
			w.must(err)
		}
		now, err := w.Feed(w.ctx, moved)
		w.must(err)
		now.Address += "?token=XYZZY"
		w.updateFeed(now)
		w.put(item("", "One.", from(library.OriginFeed, feed, "https://example.org/1?token=XYZZY")),
			item("", "Two.", from(library.OriginFeed, feed, "2")),
			item("", "Three.", from(library.OriginFeed, moved, "https://example.org/3?key=XYZZY")),
			item("", "Four.", from(library.OriginFeed, gone, "4")),
			item("", "Five.", from(library.OriginPage, page, page)))

		shared, concealed := w.share()
		want := library.Concealed{
			Feeds:     []string{"https://example.org/moved", "https://example.org/page?…", "https://example.org/private?…"},
			Documents: 5,
		}
		if !reflect.DeepEqual(concealed, want) {
			t.Errorf("concealed %+v; want %+v", concealed, want)
		}
		if strings.Contains(shared, "XYZZY") {
			t.Errorf("it holds a secret:\n%s", shared)
		}
		if whole := w.export(); strings.Count(whole, "XYZZY") < 9 {
			t.Errorf("the export is not whole:\n%s", whole)
		}
		other := newWorld(t, dbtest.SQLite(t))
		if have := fmt.Sprintf("%+v", other.imports(shared)); have != "{Feeds:2 Documents:11 Unchanged:0 Problems:[] Untold:0}" {
			t.Errorf("imported: %s", have)
		}
		if have, want := other.state(), w.state(); have.Hash != want.Hash || have.Documents != want.Documents {
			t.Errorf("%+v; want %+v", have, want)
		}
		if again := other.export(); again != shared {
			t.Errorf("the export of what was imported differs:\n%s\n%s", again, shared)
		}
	})
}

func TestWhatHoldsNoSecretIsSharedAsItIsExported(t *testing.T) {
	each(t, func(w world) {
		w.fill()
		if shared, concealed := w.share(); shared != w.export() || len(concealed.Feeds) > 0 || concealed.Documents > 0 {
			t.Errorf("concealed %+v:\n%s", concealed, shared)
		}
	})
}
