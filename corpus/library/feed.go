package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/corpus/database"
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

// RemoveFeed forgets a feed. Its documents stay; they are its own again if it is added
// again under the same address.
func (l *Library) RemoveFeed(ctx context.Context, id string) error {
	rows, err := l.db.Exec(ctx, `DELETE FROM feeds WHERE id = $1`, id)
	return database.Wrap(someRow(rows, err, ErrNotFound), "remove feed %s", shown(id))
}

// ErrClaimLost is the error of a claim that has run out and was taken by another process, or
// whose feed the operator has removed. What was fetched is not kept: whoever has the feed
// now fetches it again.
var ErrClaimLost = errors.New("the feed is no longer claimed by this process")

// Claim is the right of one process to fetch a feed, until it is finished, released or
// runs out.
type Claim struct {
	Feed   Feed
	Until  time.Time
	number int64
}

// ClaimFeeds takes up to limit feeds that are due, those first that have been for longest.
// No two claims hold the same feed at the same time, whatever the number of processes. A
// claim runs out after lease, so that the feeds of a process that has died are fetched.
func (l *Library) ClaimFeeds(ctx context.Context, limit int, lease time.Duration) ([]Claim, error) {
	// SQLite has one writer at a time, and no rows to skip.
	skipLocked := ""
	if l.db.Pool != nil {
		skipLocked = ` FOR UPDATE SKIP LOCKED`
	}
	now := l.options.Now()
	until := now.Add(lease)
	claims, err := database.ReadRows(ctx, l.db.Write, scanClaim, `WITH due AS MATERIALIZED (SELECT id FROM feeds
			WHERE suspended = '' AND next_due <= $1 AND claimed_until <= $1 ORDER BY next_due, id LIMIT $2`+skipLocked+`)
		UPDATE feeds SET claim = claim + 1, claimed_until = $3 FROM due WHERE feeds.id = due.id
		RETURNING `+feedColumns+`, feeds.claim, feeds.claimed_until`, now.Unix(), limit, until.Unix())
	return claims, database.Wrap(err, "claim feeds")
}

// ClaimFeed takes one feed, be it due or not. ok is false if somebody else has it.
func (l *Library) ClaimFeed(ctx context.Context, id string, lease time.Duration) (c Claim, ok bool, err error) {
	now := l.options.Now()
	claims, err := database.ReadRows(ctx, l.db.Write, scanClaim, `UPDATE feeds SET claim = claim + 1, claimed_until = $3
		WHERE id = $1 AND claimed_until <= $2 RETURNING `+feedColumns+`, feeds.claim, feeds.claimed_until`, id, now.Unix(), now.Add(lease).Unix())
	if err != nil || len(claims) == 0 {
		return Claim{}, false, database.Wrap(err, "claim feed %s", shown(id))
	}
	return claims[0], true, nil
}

// DueFeeds returns how many feeds can be claimed now, and when the next of the others can;
// the zero time if there is none.
func (l *Library) DueFeeds(ctx context.Context) (due int, next time.Time, err error) {
	const free = `CASE WHEN next_due > claimed_until THEN next_due ELSE claimed_until END`
	_, err = database.ReadRow(ctx, l.db.Read, []any{&due, database.Time{To: &next}}, `SELECT count(CASE WHEN `+free+` <= $1 THEN 1 END),
		COALESCE(min(CASE WHEN `+free+` > $1 THEN `+free+` END), 0) FROM feeds WHERE suspended = ''`, l.options.Now().Unix())
	return due, next, database.Wrap(err, "feeds that are due")
}

// ClaimedFeeds returns the ids of the feeds that some process is at, and when the last of
// their claims runs out if it is not renewed; the zero time if there is none.
func (l *Library) ClaimedFeeds(ctx context.Context) (ids []string, last time.Time, err error) {
	ids, err = database.ReadRows(ctx, l.db.Read, func(r database.Scanner) (id string, err error) {
		var until time.Time
		if err = r.Scan(&id, database.Time{To: &until}); until.After(last) {
			last = until
		}
		return id, err
	}, `SELECT id, claimed_until FROM feeds WHERE claimed_until > $1 ORDER BY id`, l.options.Now().Unix())
	return ids, last, database.Wrap(err, "feeds that are claimed")
}

func scanClaim(r database.Scanner) (c Claim, err error) {
	c.Feed, err = scanFeed(r, &c.number, database.Time{To: &c.Until})
	return c, err
}

// FinishFeed ends a claim: it keeps the items that were fetched, and next as what is now
// known of the feed, in one transaction. The items are the feed's: their Origin need not
// be set, and another feed's documents are out of their reach. After a crash the feed is
// claimed again, and what it then gives again is known again.
func (l *Library) FinishFeed(ctx context.Context, c Claim, next Feed, items []Item) ([]Outcome, error) {
	next.ID = c.Feed.ID
	if err := checkFeed(next); err != nil {
		return nil, err
	}
	own := make([]Item, len(items))
	for i, item := range items {
		own[i] = item
		own[i].Origin = c.Feed.Origin()
	}
	var outcomes []Outcome
	err := l.write(ctx, func(w *writer) (err error) {
		result, err := w.ExecContext(ctx, updateFeed+`WHERE id = $1 AND claim = $12`, append(feedValues(next)[:11], c.number)...)
		if err != nil {
			return err
		}
		rows, err := result.RowsAffected()
		if err = someRow(rows, err, ErrClaimLost); err != nil {
			return err
		}
		outcomes, err = w.put(ctx, own)
		return err
	})
	if err != nil {
		return nil, database.Wrap(err, "finish feed %s", shown(c.Feed.ID))
	}
	return outcomes, nil
}

// RenewClaim has a claim run out later, and returns it.
func (l *Library) RenewClaim(ctx context.Context, c Claim, lease time.Duration) (Claim, error) {
	until := l.options.Now().Add(lease)
	rows, err := l.db.Exec(ctx, `UPDATE feeds SET claimed_until = $1 WHERE id = $2 AND claim = $3`, until.Unix(), c.Feed.ID, c.number)
	c.Until = until.UTC().Truncate(time.Second)
	return c, database.Wrap(someRow(rows, err, ErrClaimLost), "renew claim of feed %s", shown(c.Feed.ID))
}

// ReleaseFeed gives up a claim without a result: the feed is still due. One that is lost
// already is no error.
func (l *Library) ReleaseFeed(ctx context.Context, c Claim) error {
	_, err := l.db.Exec(ctx, `UPDATE feeds SET claimed_until = 0, claim = claim + 1 WHERE id = $1 AND claim = $2`, c.Feed.ID, c.number)
	return database.Wrap(err, "release feed %s", shown(c.Feed.ID))
}
