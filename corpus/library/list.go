package library

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/corpus/database"
)

// Query says which documents to list. Its zero value lists all current ones.
type Query struct {
	Publisher string // exactly
	Origin    Origin // if its name is empty, all of its kind
	Title     string // is a part of the title, in upper or lower case
	// From and Before bound when the date of publication begins; zero is no bound.
	From, Before time.Time
	Withdrawn    bool // those that are withdrawn instead
	// After is where the page before ended; empty for the first.
	After string
	// Limit is how many documents a page has, from 1 to 1,000; 0 is 50.
	Limit int
}

const (
	defaultPage = 50
	maxPage     = 1000
)

// List returns a page of documents without their texts, the newest first and undated ones
// last, and where the next page begins, empty if there is none.
func (l *Library) List(ctx context.Context, q Query) (page []Entry, next string, err error) {
	if q.Limit == 0 {
		q.Limit = defaultPage
	}
	if q.Limit < 0 || q.Limit > maxPage {
		return nil, "", fmt.Errorf("list %d documents: a page has from 1 to %d", q.Limit, maxPage)
	}
	var c conditions
	if err := c.take(q); err != nil {
		return nil, "", err
	}
	page, err = database.ReadRows(ctx, l.db.Read, func(r database.Scanner) (Entry, error) { return scanEntry(r) },
		`SELECT `+entryColumns+` FROM documents d WHERE `+strings.Join(c.all, " AND ")+
			` ORDER BY d.published_key DESC, d.id DESC LIMIT `+strconv.Itoa(q.Limit+1), c.args...)
	if err != nil {
		return nil, "", database.Wrap(err, "list documents")
	}
	if len(page) > q.Limit {
		page = page[:q.Limit]
		last := page[q.Limit-1]
		next = fmt.Sprintf("%d %s", dateKey(last.Published), last.ID)
	}
	return page, next, nil
}

// conditions are those of a statement with their arguments.
type conditions struct {
	all  []string
	args []any
}

// add adds a condition; each ? in it stands for the next of args.
func (c *conditions) add(condition string, args ...any) {
	for _, a := range args {
		c.args = append(c.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.all = append(c.all, condition)
}

// take adds those of a query.
func (c *conditions) take(q Query) error {
	c.add(map[bool]string{false: `d.withdrawn = 0`, true: `d.withdrawn <> 0`}[q.Withdrawn])
	if q.Publisher != "" {
		c.add(`d.publisher = ?`, q.Publisher)
	}
	if q.Origin.Kind != "" {
		c.add(`d.origin_kind = ?`, q.Origin.Kind)
	}
	if q.Origin.Name != "" {
		c.add(`d.origin_name = ?`, q.Origin.Name)
	}
	if q.Title != "" {
		c.add(`d.title_folded LIKE ? ESCAPE '\'`, "%"+likeLiteral.Replace(foldTitle(q.Title))+"%")
	}
	if !q.From.IsZero() {
		c.add(`d.published_key >= ?`, startKey(q.From))
	}
	if !q.Before.IsZero() {
		c.add(`d.published_key < ?`, startKey(q.Before))
	}
	if q.After == "" {
		return nil
	}
	before, id, ok := strings.Cut(q.After, " ")
	key, err := strconv.ParseInt(before, 10, 64)
	if err != nil || !ok {
		return fmt.Errorf("%.100q is not where a page ended; begin with the first", q.After)
	}
	c.add(`(d.published_key < ? OR (d.published_key = ? AND d.id < ?))`, key, key, id)
	return nil
}

// likeLiteral takes their meaning from the characters that have one for LIKE.
var likeLiteral = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
