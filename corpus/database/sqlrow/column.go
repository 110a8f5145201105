package sqlrow

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"parley/corpus"
)

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
func (l *List[T]) Scan(src any) error {
	content, err := text(src)
	if *l = nil; err != nil || content == "" {
		return err
	}
	return json.Unmarshal([]byte(content), (*[]T)(l))
}

// JSON is a column that keeps JSON as it was given, and none as an empty text.
type JSON json.RawMessage

// Scan implements sql.Scanner.
func (j *JSON) Scan(src any) error {
	content, err := text(src)
	if *j = nil; content != "" {
		*j = JSON(content)
	}
	return err
}

// Date is a column that keeps a partial date as it is written.
type Date corpus.PartialDate

// Scan implements sql.Scanner.
func (d *Date) Scan(src any) error {
	content, err := text(src)
	if err != nil {
		return err
	}
	return (*corpus.PartialDate)(d).UnmarshalText([]byte(content))
}

// Moment is a column that keeps Unix seconds, and 0 for the zero time.
type Moment time.Time

// Scan implements sql.Scanner.
func (m *Moment) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a moment is kept as %T", src)
	}
	if *m = (Moment{}); n != 0 {
		*m = Moment(time.Unix(n, 0).UTC())
	}
	return nil
}

// Seconds is a moment as a Moment column keeps it.
func Seconds(t time.Time) int64 {
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
