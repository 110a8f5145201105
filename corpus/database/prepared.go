package database

import (
	"context"
	"database/sql"
)

// Prepared is a transaction that compiles each statement once: SQLite takes as long to
// compile a statement as to run it. The end of the transaction closes the statements.
type Prepared struct {
	tx         *sql.Tx
	statements map[string]*sql.Stmt
}

// Prepare returns a transaction that keeps its compiled statements.
func Prepare(tx *sql.Tx) Prepared { return Prepared{tx, map[string]*sql.Stmt{}} }

func (p Prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.statements[query]; ok {
		return s, nil
	}
	s, err := p.tx.PrepareContext(ctx, query)
	if err == nil {
		p.statements[query] = s
	}
	return s, err
}

// ExecContext is sql.Tx.ExecContext.
func (p Prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext is sql.Tx.QueryContext.
func (p Prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext is sql.Tx.QueryRowContext.
func (p Prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.statement(ctx, query)
	if err != nil {
		return p.tx.QueryRowContext(ctx, query, args...) // a Row that has such an error
	}
	return s.QueryRowContext(ctx, args...)
}
