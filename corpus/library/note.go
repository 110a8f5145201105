package library

import (
	"context"
	"errors"

	"parley/corpus/database"
)

// Note returns what SetNote has kept under a name, empty if there is nothing.
func (l *Library) Note(ctx context.Context, name string) (content string, err error) {
	_, err = database.ReadRow(ctx, l.db.Read, []any{&content}, `SELECT content FROM notes WHERE name = $1`, name)
	return content, database.Wrap(err, "note %s", name)
}

// SetNote keeps what whoever fills the library wants to know the next time, in the place of
// what is there under that name. It is no part of the record, and no export has it.
func (l *Library) SetNote(ctx context.Context, name, content string) error {
	err := errors.Join(checkName("the name", name), checkText("the content", content))
	if err == nil {
		_, err = l.db.Exec(ctx, `INSERT INTO notes (name, content) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET content = excluded.content`, name, content)
	}
	return database.Wrap(err, "set note %s", name)
}
