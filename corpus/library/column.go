package library

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"parley/corpus"
)

// list is a column with a list as JSON; an empty one is an empty text.
type list[T any] []T

// Value implements driver.Valuer.
func (l list[T]) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "", nil
	}
	content, err := json.Marshal([]T(l))
	return string(content), err
}

// Scan implements sql.Scanner.
func (l *list[T]) Scan(src any) error {
	content, err := text(src)
	if err != nil || content == "" {
		*l = nil
		return err
	}
	return json.Unmarshal([]byte(content), (*[]T)(l))
}

// rawJSON is a column with JSON of somebody else.
type rawJSON struct{ value *json.RawMessage }

// Scan implements sql.Scanner.
func (r rawJSON) Scan(src any) error {
	content, err := text(src)
	if *r.value = nil; content != "" {
		*r.value = json.RawMessage(content)
	}
	return err
}

// date is a column with a partial date.
type date struct{ value *corpus.PartialDate }

// Scan implements sql.Scanner.
func (d date) Scan(src any) error {
	content, err := text(src)
	if err != nil {
		return err
	}
	return d.value.UnmarshalText([]byte(content))
}

// moment is a column with Unix seconds; 0 is the zero time.
type moment struct{ value *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a moment is kept as %T", src)
	}
	if *m.value = (time.Time{}); n != 0 {
		*m.value = time.Unix(n, 0).UTC()
	}
	return nil
}

// seconds is a moment as it is kept.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func text(src any) (string, error) {
	switch s := src.(type) {
	case string:
		return s, nil
	case []byte:
		return string(s), nil
	}
	return "", fmt.Errorf("a text is kept as %T", src)
}

// dateKey is a date as a number, in the order of PartialDate.Compare.
func dateKey(d corpus.PartialDate) int64 { return startKey(d.Start()) + int64(d.Precision()) }

// startKey is not more than the keys of dates that start at t or later.
func startKey(t time.Time) int64 { return t.Unix() << precisionBits }

// precisionBits hold a corpus.Precision.
const precisionBits = 3
