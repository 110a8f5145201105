// Package sqlrow reads rows of SQL results, and columns whose values SQLite and PostgreSQL
// keep in the same form: moments, partial dates, lists. It knows no table and opens no
// database.
package sqlrow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Scanner is a row of a result.
type Scanner interface{ Scan(values ...any) error }

// Querier is a pool of connections or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// One reads a row into values; ok is false if there is none.
func One(ctx context.Context, q Querier, values []any, query string, args ...any) (ok bool, err error) {
	err = q.QueryRowContext(ctx, query, args...).Scan(values...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Each calls do for every row until it fails.
func Each(ctx context.Context, q Querier, do func(Scanner) error, query string, args ...any) (err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// All reads all rows.
func All[T any](ctx context.Context, q Querier, scan func(Scanner) (T, error), query string, args ...any) (all []T, err error) {
	err = Each(ctx, q, func(row Scanner) error {
		v, err := scan(row)
		all = append(all, v)
		return err
	}, query, args...)
	return all, err
}

// Parameters returns n placeholders from number first on: "$3, $4".
func Parameters(first, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(names, ", ")
}

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
