package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// Migrate brings the tables of a part up to the newest of its migrations: files
// NUMBER_NAME.sql in the form of goose. part is a lower-case word and names the table
// in which the part's version is kept. Processes that start at once wait for each
// other. A database that a newer Parley wrote is refused and left as it is.
func (db *DB) Migrate(ctx context.Context, part string, migrations fs.FS) error {
	return db.Exclusively(ctx, func() error { return db.migrate(ctx, part, migrations) })
}

// Exclusively runs what changes the schema, such as a library's own migrations, while no
// other process does. It may not be called within itself.
func (db *DB) Exclusively(ctx context.Context, do func() error) (err error) {
	unlock, err := db.kind.lock(ctx)
	if err != nil {
		return db.kind.explain(err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do()
}

func (db *DB) migrate(ctx context.Context, part string, migrations fs.FS) error {
	p, err := goose.NewProvider(db.kind.dialect(), db.Write, migrations,
		goose.WithTableName("goose_db_version_"+part), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrations of %s: %w", part, err)
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return db.kind.explain(fmt.Errorf("schema version of %s: %w", part, err))
	}
	if have > newest {
		return fmt.Errorf("a newer Parley wrote this database (%s is at version %d, this Parley knows %d): update Parley, or restore the backup made before the newer one ran", part, have, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return db.kind.explain(fmt.Errorf("migrate %s: %w", part, err))
	}
	return nil
}
