package store_test

import (
	"strings"
	"testing"
	"time"

	"parley/bot/store"
)

func TestActionsAreKeptAsLongAsTheOperatorSays(t *testing.T) {
	each(t, func(w world) {
		brief := w.Keeping(store.Retention{Actions: 24 * time.Hour})
		w.must(brief.PutAction(w.ctx, "#a", []byte("x")))
		w.clock.Time = w.clock.Add(72 * time.Hour)
		if _, ok, err := brief.Action(w.ctx, "#a"); ok || err != nil {
			t.Errorf("found after three days: %t, %v", ok, err)
		}
		w.wantAction("#a", "x") // by default it is kept for thirty days
		w.must2(brief.Prune(w.ctx))
		w.wantAction("#a", "")
	})
}

func TestActionsAreKeptForThirtyDaysSinceTheyWereLastPut(t *testing.T) {
	const day = 24 * time.Hour
	each(t, func(w world) {
		w.wantAction("#a", "")
		for range 20 { // put with an answer every 12 hours
			w.must(w.PutAction(w.ctx, "#a", []byte(`{"command":"ask"}`)))
			w.clock.Time = w.clock.Add(12 * time.Hour)
		}
		w.clock.Time = w.clock.Add(-12*time.Hour + 30*24*time.Hour) // 30 days after the last
		w.must2(w.Prune(w.ctx))
		w.wantAction("#a", `{"command":"ask"}`)
		w.clock.Time = w.clock.Add(day + time.Second)
		w.wantAction("#a", "")
		if n, err := w.Prune(w.ctx); n != 1 || err != nil {
			t.Errorf("pruned %d rows, %v; want 1", n, err)
		}
		w.must(w.PutAction(w.ctx, "#a", []byte("again")))
		w.wantAction("#a", "again")
		w.must(w.PutAction(w.ctx, "#a", []byte("other")))
		w.wantAction("#a", "other")
	})
}

func TestAnActionIsText(t *testing.T) {
	each(t, func(w world) {
		for _, bad := range []string{"\xff", "a\x00b"} {
			if err := w.PutAction(w.ctx, "#a", []byte(bad)); err == nil || !strings.Contains(err.Error(), "#a") {
				t.Errorf("%q: %v", bad, err)
			}
		}
		w.wantAction("#a", "")
	})
}

func TestFilesExpireAndRegistrationsDoNot(t *testing.T) {
	each(t, func(w world) {
		check := func(file, hash string) {
			t.Helper()
			haveFile, err := w.FileID(w.ctx, "key")
			w.must(err)
			haveHash, err := w.Registered(w.ctx, "key")
			w.must(err)
			if haveFile != file || haveHash != hash {
				t.Errorf("file %q, registered %q; want %q, %q", haveFile, haveHash, file, hash)
			}
		}
		check("", "")
		w.must(w.SetFileID(w.ctx, "key", "AgAC"))
		w.must(w.SetRegistered(w.ctx, "key", "1"))
		w.must(w.SetRegistered(w.ctx, "key", "2"))
		w.wantAction("key", "")
		check("AgAC", "2")
		w.clock.Time = w.clock.AddDate(1, 0, 0)
		check("", "2")
		w.must2(w.Prune(w.ctx))
		check("", "2")
	})
}
