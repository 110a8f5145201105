package dbtest

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"parley/corpus/database"
)

// EachVersion runs a test on a database of every version that the migrations of a part have
// had, on SQLite and on PostgreSQL. It holds what testdata/versionN.sql of the test's
// package says, in the tables of that version: a new migration needs such a file.
func EachVersion(t *testing.T, part string, migrations fs.FS, test func(t *testing.T, version int, db *database.DB)) {
	t.Helper()
	for n := range versions(t, migrations) {
		version := n + 1
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			content, err := os.ReadFile(fmt.Sprintf("testdata/version%d.sql", version))
			if err != nil {
				t.Fatal(err)
			}
			Each(t, func(t *testing.T, db *database.DB) {
				migrate(t, db, part, upTo(t, migrations, version))
				for statement := range strings.SplitSeq(strings.TrimSpace(string(content)), ";\n") {
					if _, err := db.Exec(t.Context(), statement); err != nil {
						t.Fatalf("%s: %v", statement, err)
					}
				}
				test(t, version, db)
			})
		})
	}
}

// EachNewer runs a test on databases that a newer Parley wrote: the part is at version 99.
func EachNewer(t *testing.T, part string, migrations fs.FS, test func(t *testing.T, db *database.DB)) {
	t.Helper()
	newer := upTo(t, migrations, len(versions(t, migrations)))
	newer["00099_later.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE later (id BIGINT);")}
	Each(t, func(t *testing.T, db *database.DB) {
		migrate(t, db, part, newer)
		test(t, db)
	})
}

func migrate(t *testing.T, db *database.DB, part string, migrations fs.FS) {
	t.Helper()
	if err := db.Migrate(t.Context(), part, migrations); err != nil {
		t.Fatal(err)
	}
}

// upTo are the migrations of an older Parley: the first n files.
func upTo(t *testing.T, migrations fs.FS, n int) fstest.MapFS {
	t.Helper()
	old := fstest.MapFS{}
	for _, name := range versions(t, migrations)[:n] {
		content, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		old[name] = &fstest.MapFile{Data: content}
	}
	return old
}

// versions are the files of the migrations in their order.
func versions(t *testing.T, migrations fs.FS) []string {
	t.Helper()
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	return names
}
