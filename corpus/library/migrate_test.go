package library

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

// upTo are the migrations of an older Parley: the first n files.
func upTo(t *testing.T, n int) fstest.MapFS {
	t.Helper()
	old := fstest.MapFS{}
	for _, name := range versions(t)[:n] {
		content, err := fs.ReadFile(migrations(), name)
		if err != nil {
			t.Fatal(err)
		}
		old[name] = &fstest.MapFile{Data: content}
	}
	return old
}

// versions are the files of the migrations in their order.
func versions(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(migrations(), "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	return names
}

func atSomeTime() Options {
	return Options{Now: func() time.Time { return time.Unix(1_779_000_000, 0) }}
}

// TestEveryEarlierVersionIsBroughtUp fills a database of each version with what
// testdata/versionN.sql holds, in the tables of that version, and compares what the
// library of today exports. A new migration needs such a file.
func TestEveryEarlierVersionIsBroughtUp(t *testing.T) {
	want, err := os.ReadFile("testdata/export.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(versions(t)) {
		version := n + 1
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			content, err := os.ReadFile(fmt.Sprintf("testdata/version%d.sql", version))
			if err != nil {
				t.Fatal(err)
			}
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				if err := db.Migrate(t.Context(), part, upTo(t, version)); err != nil {
					t.Fatal(err)
				}
				for statement := range strings.SplitSeq(strings.TrimSpace(string(content)), ";\n") {
					if _, err := db.Exec(t.Context(), statement); err != nil {
						t.Fatalf("%s: %v", statement, err)
					}
				}
				wantFilled(t, db, string(want))
			})
		})
	}
}

// wantFilled finds what every testdata/versionN.sql holds.
func wantFilled(t *testing.T, db *database.DB, want string) {
	t.Helper()
	l, err := New(t.Context(), db, atSomeTime())
	if err != nil {
		t.Fatal(err)
	}
	var have strings.Builder
	if err := l.Export(t.Context(), &have); err != nil || have.String() != want {
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
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		newer := upTo(t, len(versions(t)))
		newer["00099_later.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE later (id BIGINT);")}
		if err := db.Migrate(t.Context(), part, newer); err != nil {
			t.Fatal(err)
		}
		if _, err := New(t.Context(), db, atSomeTime()); err == nil || !strings.Contains(err.Error(), "a newer Parley wrote this database (library is at version 99, this Parley knows") {
			t.Errorf("opened by an older Parley: %v", err)
		}
	})
}
