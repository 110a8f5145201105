package library

import (
	"os"
	"strings"
	"testing"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func atSomeTime() Options {
	return Options{Now: func() time.Time { return time.Unix(1_779_000_000, 0) }}
}

// TestEveryEarlierVersionIsBroughtUp compares what the library of today exports.
func TestEveryEarlierVersionIsBroughtUp(t *testing.T) {
	want, err := os.ReadFile("testdata/export.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.EachVersion(t, part, migrations(), func(t *testing.T, _ int, db *database.DB) { wantFilled(t, db, string(want)) })
}

// wantFilled finds what every testdata/versionN.sql holds.
func wantFilled(t *testing.T, db *database.DB, want string) {
	t.Helper()
	l, err := New(t.Context(), db, atSomeTime())
	if err != nil {
		t.Fatal(err)
	}
	var have strings.Builder
	if _, err := l.Export(t.Context(), &have, nil); err != nil || have.String() != want {
		t.Errorf("%v, export\n%s\nwant\n%s", err, have.String(), want)
	}
	changes, err := l.Changes(t.Context(), 0, 10)
	state, err2 := l.State(t.Context())
	if err != nil || err2 != nil || len(changes) != 5 || state.Change != 5 || state.Documents != 2 {
		t.Errorf("%v, %v, changes %+v, %+v", err, err2, changes, state)
	}
	if also, err := l.AlsoIn(t.Context(), "a"); err != nil || len(also) != 1 || also[0].ID != "b" {
		t.Errorf("also in %+v, %v", also, err)
	}
	claims, err := l.ClaimFeeds(t.Context(), 10, time.Hour)
	if err != nil || len(claims) != 1 {
		t.Errorf("claims %+v, %v", claims, err)
	}
}

func TestALibraryOfANewerParleyIsRefused(t *testing.T) {
	dbtest.EachNewer(t, part, migrations(), func(t *testing.T, db *database.DB) {
		if _, err := New(t.Context(), db, atSomeTime()); err == nil || !strings.Contains(err.Error(), "a newer Parley wrote this database (library is at version 99, this Parley knows") {
			t.Errorf("opened by an older Parley: %v", err)
		}
	})
}
