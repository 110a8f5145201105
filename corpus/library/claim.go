package library

import (
	"context"
	"errors"
	"time"

	"parley/corpus/database"
)

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
		result, err := w.ExecContext(ctx, updateFeed+`WHERE id = $1 AND claim = $12`, append(feedStatement(next), c.number)...)
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
