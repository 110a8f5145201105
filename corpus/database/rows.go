package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/corpus"
)

// Querier is a database or a transaction that one can read from.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
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

// ReadRow scans the one row of a query into values; ok is false if there is none.
func ReadRow(ctx context.Context, from Querier, values []any, query string, args ...any) (ok bool, err error) {
	err = from.QueryRowContext(ctx, query, args...).Scan(values...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Scanner is a row of a result.
type Scanner interface{ Scan(values ...any) error }

// ReadRows scans every row of a query with scan, and stops at the first that fails.
func ReadRows[T any](ctx context.Context, from Querier, scan func(Scanner) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Parameters returns n placeholders from number first on: "$3, $4".
func Parameters(first, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(names, ", ")
}

// Text returns foreign text as both databases can keep it: PostgreSQL takes neither a zero
// byte nor broken UTF-8.
func Text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "�")
}

// Seconds is how a time is kept: in Unix seconds, the zero time as 0.
func Seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// Time scans what Seconds has written, and returns it in UTC.
type Time struct{ To *time.Time }

// Scan implements sql.Scanner.
func (t Time) Scan(value any) error {
	seconds, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a moment is kept as %T", value)
	}
	if *t.To = (time.Time{}); seconds != 0 {
		*t.To = time.Unix(seconds, 0).UTC()
	}
	return nil
}

// Date scans a partial date that is kept as text.
type Date struct{ To *corpus.PartialDate }

// Scan implements sql.Scanner.
func (d Date) Scan(value any) error {
	content, err := text(value)
	if err != nil {
		return err
	}
	return d.To.UnmarshalText([]byte(content))
}

// List is a column that keeps a list as JSON, and an empty one as an empty text.
type List[T any] []T

// Value implements driver.Valuer.
func (l List[T]) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "", nil
	}
	content, err := json.Marshal([]T(l))
	return string(content), err
}

// Scan implements sql.Scanner.
func (l *List[T]) Scan(value any) error {
	content, err := text(value)
	if *l = nil; err != nil || content == "" {
		return err
	}
	return json.Unmarshal([]byte(content), (*[]T)(l))
}

// JSON scans JSON that is kept as it was given, and none as an empty text.
type JSON struct{ To *json.RawMessage }

// Scan implements sql.Scanner.
func (j JSON) Scan(value any) error {
	content, err := text(value)
	if *j.To = nil; content != "" {
		*j.To = json.RawMessage(content)
	}
	return err
}

// text is the value of a text column.
func text(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("a text is kept as %T", value)
}

// Wrap puts what was done, and on what, before an error; nil stays nil.
func Wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), err)
}
