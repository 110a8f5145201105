package main

import (
	"context"
	"fmt"
	"path/filepath"

	"parley/corpus/database"
)

// sqliteName is the file of the database in data_dir.
const sqliteName = "parley.db"

// openDatabase opens the one database of the process; who calls it closes it.
func (c Config) openDatabase(ctx context.Context) (*database.DB, error) {
	dsn, err := c.Database.address()
	if err != nil {
		return nil, err
	}
	if dsn.Reveal() == "" {
		return database.OpenSQLite(ctx, filepath.Join(c.DataDir, sqliteName))
	}
	return database.OpenPostgres(ctx, dsn.Reveal())
}

// checkDatabase says what is wrong with the address, without connecting.
func (c Config) checkDatabase() error {
	dsn, err := c.Database.address()
	if err != nil || dsn.Reveal() == "" {
		return err
	}
	if err := database.CheckPostgres(dsn.Reveal()); err != nil {
		return fmt.Errorf("database.dsn: %w", err)
	}
	return nil
}

// address is where PostgreSQL is, empty for SQLite.
func (c DatabaseConfig) address() (Secret, error) {
	return secretSource{"database.dsn", c.DSN, c.DSNFile, "PARLEY_DATABASE_DSN"}.secret()
}
