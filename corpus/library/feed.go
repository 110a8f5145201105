package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/corpus/database"
	"parley/corpus/weburl"
)

// Feed is a feed with what is kept of it between two fetches.
type Feed struct {
	// ID is the address under which it was added. It names the feed as an origin and
	// stays when the feed moves.
	ID      string `json:"id"`
	Address string `json:"address"` // to fetch now
	Title   string `json:"title,omitempty"`
	// Kind is KindPage, or the format of the feed in the words of whoever fetches it.
	Kind string `json:"kind,omitempty"`
	// For the next conditional request.
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Failures counts those in a row, LastError is the last one.
	Failures  int    `json:"failures,omitempty"`
	LastError string `json:"last_error,omitempty"`
	// Suspended says why the feed is no longer fetched; empty while it is.
	Suspended string `json:"suspended,omitempty"`
	// State is JSON that only whoever schedules reads; nil if there is none.
	State json.RawMessage `json:"state,omitempty"`
	// NextDue is when to fetch next, to the second; the zero time is at once.
	NextDue time.Time `json:"next_due,omitzero"`
	// Added and Documents, the number of its current ones, are the library's to say.
	Added     time.Time `json:"added"`
	Documents int       `json:"-"`
}

// KindPage is the kind of a single page that is followed as feeds are: it gives one
// document, of its own. What is a page stays one.
const KindPage = "page"

// Origin is the feed as the origin of documents.
func (f Feed) Origin() Origin {
	if f.Kind == KindPage {
		return Origin{OriginPage, f.ID}
	}
	return Origin{OriginFeed, f.ID}
}

const feedColumns = `feeds.id, feeds.address, feeds.title, feeds.kind, feeds.etag, feeds.last_modified, feeds.failures, feeds.last_error,
	feeds.suspended, feeds.state, feeds.next_due, feeds.added`

const selectFeeds = `SELECT ` + feedColumns + `,
	(SELECT count(*) FROM documents d WHERE d.origin_kind = CASE feeds.kind WHEN '` + KindPage + `' THEN '` + OriginPage + `' ELSE '` + OriginFeed + `' END
		AND d.origin_name = feeds.id AND d.withdrawn = 0) FROM feeds `

func scanFeed(r database.Scanner, more ...any) (f Feed, err error) {
	err = r.Scan(append([]any{&f.ID, &f.Address, &f.Title, &f.Kind, &f.ETag, &f.LastModified, &f.Failures, &f.LastError, &f.Suspended,
		database.JSON{To: &f.State}, database.Time{To: &f.NextDue}, database.Time{To: &f.Added}}, more...)...)
	return f, err
}

func scanCountedFeed(r database.Scanner) (Feed, error) {
	var documents int
	f, err := scanFeed(r, &documents)
	f.Documents = documents
	return f, err
}

// AddFeed keeps a new feed under its address; what else f states is kept with it. If the
// library has a feed that was added under that address or has moved there, added is false,
// and what is kept is returned as it is.
func (l *Library) AddFeed(ctx context.Context, f Feed) (kept Feed, added bool, err error) {
	f.ID, f.Added = f.Address, l.options.Now()
	if err := checkFeed(f); err != nil {
		return Feed{}, false, err
	}
	rows, err := l.db.Exec(ctx, insertFeed+` SELECT `+database.Parameters(1, 14)+` WHERE NOT EXISTS (SELECT 1 FROM feeds WHERE address = $1)
		ON CONFLICT (id) DO NOTHING`, feedValues(f)...)
	if err != nil {
		return Feed{}, false, database.Wrap(err, "add feed %s", shown(f.ID))
	}
	kept, err = scanCountedFeed(l.db.Read.QueryRowContext(ctx, selectFeeds+`WHERE feeds.id = $1 OR feeds.address = $1 ORDER BY feeds.id = $1 DESC LIMIT 1`, f.ID))
	return kept, rows > 0, database.Wrap(notFound(err), "add feed %s", shown(f.ID))
}

const insertFeed = `INSERT INTO feeds (id, address, title, kind, etag, last_modified, failures, last_error, suspended, state, next_due, added, claim, claimed_until)`

func feedValues(f Feed) []any {
	return []any{f.ID, f.Address, f.Title, f.Kind, f.ETag, f.LastModified, f.Failures, f.LastError, f.Suspended, string(f.State),
		database.Seconds(f.NextDue), database.Seconds(f.Added), 0, 0}
}

// maxFeed is the most bytes of what is kept of a feed: the state knows what became of each
// of some thousand entries.
const maxFeed = 4 << 20

// shown is an address for messages: without name, password, query and fragment, which may
// be secrets.
func shown(address string) string {
	if !strings.ContainsAny(address, "@?#") {
		return address
	}
	return weburl.Redacted(address)
}

func checkFeed(f Feed) error {
	if f.Address == "" {
		return errors.New("a feed has no address")
	}
	err := errors.Join(checkName("the address", f.Address), checkName("the id", f.ID))
	if len(f.State) > 0 && !json.Valid(f.State) {
		err = errors.Join(err, errors.New("its state is not JSON"))
	}
	size := 0
	for _, s := range []string{f.Title, f.Kind, f.ETag, f.LastModified, f.LastError, f.Suspended, string(f.State)} {
		size += len(s)
		err = errors.Join(err, checkText("what is known of it", s))
	}
	if size > maxFeed {
		err = errors.Join(err, fmt.Errorf("what is known of it are %d bytes, and the limit is %d", size, maxFeed))
	}
	return database.Wrap(err, "feed %.200q", shown(f.Address))
}

// Feed returns a feed. The error of one that is not there is ErrNotFound.
func (l *Library) Feed(ctx context.Context, id string) (Feed, error) {
	f, err := scanCountedFeed(l.db.Read.QueryRowContext(ctx, selectFeeds+`WHERE feeds.id = $1`, id))
	return f, database.Wrap(notFound(err), "feed %s", shown(id))
}

// Feeds returns all feeds in the order of their ids.
func (l *Library) Feeds(ctx context.Context) ([]Feed, error) {
	all, err := database.ReadRows(ctx, l.db.Read, scanCountedFeed, selectFeeds+`ORDER BY feeds.id`)
	return all, database.Wrap(err, "feeds")
}

// ResumeFeed has a feed fetched at once, as if nothing had gone wrong, also one that is
// suspended. It leaves a claim alone.
func (l *Library) ResumeFeed(ctx context.Context, id string) error {
	rows, err := l.db.Exec(ctx, `UPDATE feeds SET suspended = '', failures = 0, last_error = '', next_due = 0 WHERE id = $1`, id)
	return database.Wrap(someRow(rows, err, ErrNotFound), "resume feed %s", shown(id))
}

// updateFeed also ends a claim, and sees that who holds it notices.
const updateFeed = `UPDATE feeds SET address = $2, title = $3, kind = $4, etag = $5, last_modified = $6, failures = $7, last_error = $8,
	suspended = $9, state = $10, next_due = $11, claim = claim + 1, claimed_until = 0 `

// feedStatement are the arguments of updateFeed.
func feedStatement(f Feed) []any { return feedValues(f)[:11] }

// RemoveFeed forgets a feed. Its documents stay; they are its own again if it is added
// again under the same address.
func (l *Library) RemoveFeed(ctx context.Context, id string) error {
	rows, err := l.db.Exec(ctx, `DELETE FROM feeds WHERE id = $1`, id)
	return database.Wrap(someRow(rows, err, ErrNotFound), "remove feed %s", shown(id))
}

// someRow is the error of a statement that should have changed a row.
func someRow(rows int64, err, none error) error {
	if err == nil && rows == 0 {
		return none
	}
	return err
}
