package library

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/duplicate"
)

// maxCandidates is how many documents a new one is compared with: those that have most keys
// in common, and of these the newest. Of a text that is printed more often each copy still
// finds some, and the copies stay together.
const maxCandidates = 20

// link finds the documents that carry the same text as a current one.
func (w *writer) link(ctx context.Context, number int64, doc corpus.Document) error {
	sketch := duplicate.Of(doc)
	keys := keyArgs(sketch)
	same, err := database.ReadRows(ctx, w, func(row database.Scanner) (n int64, err error) { // 0 for another text
		var other corpus.Document
		err = row.Scan(&n, &other.Title, &other.Publisher, &other.Language, database.Date{To: &other.Published}, &other.Text)
		if err != nil || !duplicate.Same(sketch, duplicate.Of(other)) {
			return 0, err
		}
		return n, nil
	}, `SELECT d.number, d.title, d.publisher, d.language, d.published, r.text
		FROM (SELECT document FROM duplicate_keys WHERE key IN (`+database.Parameters(2, len(keys))+`) AND document <> $1
			GROUP BY document ORDER BY count(*) DESC, document DESC LIMIT `+fmt.Sprint(maxCandidates)+`) c
		JOIN documents d ON d.number = c.document
		JOIN revisions r ON r.document = d.number AND r.revision = d.revision`, append([]any{number}, keys...)...)
	if err != nil {
		return err
	}
	for _, other := range same {
		if other == 0 {
			continue
		}
		if err := w.exec(ctx, `INSERT INTO duplicates (document, other) VALUES ($1, $2), ($2, $1)`, number, other); err != nil {
			return err
		}
	}
	return w.exec(ctx, `INSERT INTO duplicate_keys (document, key) VALUES `+pairs(len(keys)), append([]any{number}, keys...)...)
}

func keyArgs(s duplicate.Sketch) (args []any) {
	for _, k := range s.Keys() {
		args = append(args, k)
	}
	return args
}

// pairs are n rows of values, each of parameter 1 and one of its own.
func pairs(n int) string {
	var out []byte
	for i := range n {
		out = fmt.Appendf(out, ", ($1, $%d)", i+2)
	}
	return string(out[2:])
}

// unlink takes a document out before it changes or goes.
func (w *writer) unlink(ctx context.Context, number int64) error {
	e, err := scanText(w.QueryRowContext(ctx, selectEntries+`WHERE d.number = $1`, number))
	if err != nil {
		return err
	}
	keys := keyArgs(duplicate.Of(e.Document))
	if err := w.exec(ctx, `DELETE FROM duplicate_keys WHERE document = $1 AND key IN (`+database.Parameters(2, len(keys))+`)`, append([]any{number}, keys...)...); err != nil {
		return err
	}
	return w.exec(ctx, `DELETE FROM duplicates WHERE document = $1 OR (other = $1 AND document IN
		(SELECT other FROM duplicates WHERE document = $1))`, number)
}

// renewDuplicates compares all documents anew if that was done in another way.
func (l *Library) renewDuplicates(ctx context.Context) error {
	var scheme int
	if _, err := database.ReadRow(ctx, l.db.Read, []any{&scheme}, `SELECT scheme FROM library`); err != nil || scheme == duplicate.Scheme {
		return err
	}
	return l.write(ctx, func(w *writer) error {
		for _, statement := range []string{`DELETE FROM duplicate_keys`, `DELETE FROM duplicates`} {
			if err := w.exec(ctx, statement); err != nil {
				return err
			}
		}
		for number := range w.have.numbers {
			if err := w.linkAgain(ctx, number+1); err != nil {
				return err
			}
		}
		return w.exec(ctx, `UPDATE library SET scheme = $1`, duplicate.Scheme)
	})
}

// linkAgain links a document if it is current.
func (w *writer) linkAgain(ctx context.Context, number int64) error {
	all, err := database.ReadRows(ctx, w, scanText, selectEntries+`WHERE d.number = $1 AND d.withdrawn = 0`, number)
	if err != nil || len(all) == 0 {
		return err
	}
	return w.link(ctx, number, all[0].Document)
}

// Stories returns for each of the documents all that carry the same text, itself included,
// without their texts. The first is the one to show: an actor's own document before those
// of others, then the one published first. A document that stands alone, is withdrawn or
// is not there is left out.
func (l *Library) Stories(ctx context.Context, ids ...string) (map[string][]Entry, error) {
	stories := map[string][]Entry{}
	for some := range slices.Chunk(ids, maxIDs) {
		if err := l.addStories(ctx, stories, some); err != nil {
			return nil, database.Wrap(err, "stories of %d documents", len(ids))
		}
	}
	for _, story := range stories {
		slices.SortFunc(story, func(a, b Entry) int { // the one to show first
			return cmp.Or(
				cmp.Compare(l.standing(a), l.standing(b)),
				a.Published.End().Compare(b.Published.End()), // a vague date may be a later one
				a.FirstSeen.Compare(b.FirstSeen),
				cmp.Compare(a.ID, b.ID))
		})
	}
	return stories, nil
}

// maxIDs is how many ids a statement names, well below the limits of both databases.
const maxIDs = 500

func (l *Library) addStories(ctx context.Context, stories map[string][]Entry, ids []string) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	type member struct {
		of string
		Entry
	}
	members, err := database.ReadRows(ctx, l.db.Read, func(row database.Scanner) (m member, err error) {
		m.Entry, err = scanEntry(row, &m.of)
		return m, err
	}, `WITH RECURSIVE story (first, number) AS (
			SELECT d.id, p.other FROM documents d JOIN duplicates p ON p.document = d.number WHERE d.id IN (`+database.Parameters(1, len(ids))+`)
			UNION
			SELECT s.first, p.other FROM story s JOIN duplicates p ON p.document = s.number)
		SELECT `+entryColumns+`, s.first FROM story s JOIN documents d ON d.number = s.number`, args...)
	for _, m := range members {
		stories[m.of] = append(stories[m.of], m.Entry)
	}
	return err
}

// standing is lower for what is rather shown: an actor's own words, and then what has a date.
func (l *Library) standing(e Entry) (n int) {
	if !l.options.Own(e.Source) {
		n += 2
	}
	if e.Published.IsZero() {
		n++
	}
	return n
}

// AlsoIn returns the other documents that carry the same text as this one, in the order of
// Stories.
func (l *Library) AlsoIn(ctx context.Context, id string) ([]Entry, error) {
	stories, err := l.Stories(ctx, id)
	return slices.DeleteFunc(stories[id], func(e Entry) bool { return e.ID == id }), err
}
