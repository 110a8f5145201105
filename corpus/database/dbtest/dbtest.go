// Package dbtest gives tests a database of their own: a SQLite file in a folder that
// goes with the test, and a database of a PostgreSQL server that runs as long as the test
// binary does. It is for tests alone.
package dbtest

import (
	"path/filepath"
	"testing"

	"parley/corpus/database"
)

// Each runs a test on SQLite and on PostgreSQL, each time on an empty database. The
// package's TestMain must call Main.
func Each(t *testing.T, test func(t *testing.T, db *database.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite opens an empty database in a file.
func SQLite(t testing.TB) *database.DB {
	t.Helper()
	db, err := database.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "parley.db"))
	return opened(t, db, err)
}

// Postgres opens an empty database on the server; the test is skipped where PostgreSQL
// is not installed.
func Postgres(t testing.TB) *database.DB {
	t.Helper()
	db, err := database.OpenPostgres(t.Context(), Address(t))
	return opened(t, db, err)
}

func opened(t testing.TB, db *database.DB, err error) *database.DB {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}
