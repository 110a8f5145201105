// Package ledger records what became of every digest that was due, so that each is posted
// once, whatever process ends in the middle. A slot is opened when it is due, claimed by
// one worker at a time for as long as a lease, and closed for good; between, the claim
// notes each message before it is sent and again once it has arrived. The ledger knows
// neither platforms nor what a digest says. Its tables are those that package store
// migrates; several goroutines and processes may use it.
package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"parley/bot"
	"parley/corpus"
	"parley/corpus/database"
)

// Ledger is the ledger in a database.
type Ledger struct {
	db  *database.DB
	now func() time.Time
}

// New returns the ledger in a database that store.New has brought up to date. now is the
// clock.
func New(db *database.DB, now func() time.Time) *Ledger { return &Ledger{db, now} }

// Key names a slot: the digest of a subscription on a local date.
type Key struct {
	Subscription string             `json:"subscription"`
	Date         corpus.PartialDate `json:"date"`
}

func (k Key) String() string { return k.Subscription + " of " + k.Date.String() }

// KeyOf is the key of a slot.
func KeyOf(s bot.Slot) Key { return Key{s.Subscription, s.Date} }

// slotsAtOnce is how many slots one transaction opens, so that others can write meanwhile.
const slotsAtOnce = 250

// Open adds slots that are due, or closed at once with the state that they have, and
// returns how many were new. A slot that is there already stays as it is.
func (l *Ledger) Open(ctx context.Context, slots []bot.Slot) (opened int64, err error) {
	for chunk := range slices.Chunk(slots, slotsAtOnce) {
		var rows int64
		err = l.db.Update(ctx, func(tx *sql.Tx) error {
			for _, slot := range chunk {
				n, err := l.open(ctx, tx, slot)
				if err != nil {
					return err
				}
				rows += n
			}
			return nil
		})
		if err != nil {
			return opened, database.Wrap(err, "open slots")
		}
		opened += rows
	}
	return opened, nil
}

func (l *Ledger) open(ctx context.Context, tx *sql.Tx, slot bot.Slot) (rows int64, err error) {
	var done int64
	if slot.State != bot.SlotDue {
		done = l.now().Unix()
	}
	// The subscription may have ended since it was read.
	const statement = `INSERT INTO slots
			(subscription, date, chat, channel, due, state, why, reason, done, tries, wake, holder, held_until, record)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $5, '', 0, ''
		WHERE EXISTS (SELECT 1 FROM subscriptions WHERE id = $1)
		ON CONFLICT (subscription, date) DO NOTHING`
	result, err := tx.ExecContext(ctx, statement, slot.Subscription, slot.Date.String(), slot.Place.Chat,
		slot.Place.Channel, slot.Due.Unix(), string(slot.State), database.Text(slot.Why.String()),
		reasonColumn{&slot.Why}, done)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// QueuedSlot is a slot for which a worker is to be found. It is kept as JSON in the queue.
type QueuedSlot struct {
	Key
	Chat string `json:"chat"`
}

// Queue returns at most limit due slots of a platform that no worker is to see to yet, the
// longest due first. The caller must queue them. They are not returned again before the
// time retryAfter has passed without a claim, as when the queue has lost them.
func (l *Ledger) Queue(
	ctx context.Context, platform string, limit int, retryAfter time.Duration,
) (slots []QueuedSlot, err error) {
	now := l.now()
	err = l.db.Update(ctx, func(tx *sql.Tx) error {
		// wake is compared a second time for rows that another process has just changed.
		const statement = `UPDATE slots SET wake = $2 WHERE wake <= $1 AND (subscription, date) IN (
				SELECT subscription, date FROM slots WHERE state = 'due' AND wake <= $1 AND substr(chat, 1, length($3)) = $3
				ORDER BY wake, due LIMIT $4)
			RETURNING subscription, date, chat`
		slots, err = database.ReadRows(ctx, tx, func(row database.Scanner) (s QueuedSlot, err error) {
			return s, row.Scan(&s.Subscription, database.Date{To: &s.Date}, &s.Chat)
		}, statement, now.Unix(), now.Add(retryAfter).Unix(), platform+"/", limit)
		return err
	})
	return slots, database.Wrap(err, "wake slots")
}

// Requeue has Queue return at once every slot that was queued and not yet claimed: it may
// be in the queue of a process that has ended.
func (l *Ledger) Requeue(ctx context.Context) error {
	_, err := l.db.Exec(ctx, `UPDATE slots SET wake = $1
		WHERE state = 'due' AND wake > $1 AND holder = '' AND tries = 0 AND record = ''`, l.now().Unix())
	return database.Wrap(err, "rouse slots")
}

// Skip closes as skipped the slots due before a time that no worker has begun or has
// claimed, and returns how many those were.
func (l *Ledger) Skip(ctx context.Context, before time.Time, why bot.Reason) (skipped int64, err error) {
	skipped, err = l.db.Exec(ctx, `UPDATE slots SET state = $4, why = $3, reason = $5, done = $2
		WHERE state = 'due' AND due < $1 AND tries = 0 AND record = '' AND held_until <= $2`,
		before.Unix(), l.now().Unix(), database.Text(why.String()), string(bot.SlotSkipped), reasonColumn{&why})
	return skipped, database.Wrap(err, "skip slots")
}

// Slots returns the last slots of a subscription, the newest first, limit at most.
func (l *Ledger) Slots(ctx context.Context, subscription string, limit int) ([]bot.Slot, error) {
	slots, err := l.find(ctx, `WHERE s.subscription = $1 ORDER BY s.date DESC LIMIT $2`, subscription, limit)
	return slots, database.Wrap(err, "slots of subscription %s", subscription)
}

// Query asks for slots, limit at most: in a state, or in any where it is empty, and of
// a subscription, or of all.
type Query struct {
	State        bot.SlotState
	Subscription string
	Limit        int
}

// Find returns slots, the latest due first.
func (l *Ledger) Find(ctx context.Context, q Query) ([]bot.Slot, error) {
	slots, err := l.find(ctx, `WHERE ($1 = '' OR s.state = $1) AND ($2 = '' OR s.subscription = $2)
		ORDER BY s.due DESC, s.subscription LIMIT $3`, string(q.State), q.Subscription, q.Limit)
	return slots, database.Wrap(err, "slots")
}

func (l *Ledger) find(ctx context.Context, which string, args ...any) ([]bot.Slot, error) {
	const columns = `s.subscription, s.date, s.chat, s.channel, s.due, s.state, s.why, s.reason, s.done,
		(SELECT count(*) FROM parts p WHERE p.subscription = s.subscription AND p.date = s.date),
		(SELECT count(*) FROM parts p WHERE p.subscription = s.subscription AND p.date = s.date AND p.message <> '')`
	return database.ReadRows(ctx, l.db.Read, func(row database.Scanner) (s bot.Slot, err error) {
		// The reason of a slot of an older Parley is its text.
		return s, row.Scan(&s.Subscription, database.Date{To: &s.Date}, &s.Place.Chat, &s.Place.Channel,
			database.Time{To: &s.Due}, &s.State, &s.Why.Text, reasonColumn{&s.Why}, database.Time{To: &s.Done},
			&s.Parts, &s.Sent)
	}, `SELECT `+columns+` FROM slots s `+which, args...)
}

// Shown returns the latest revision of a document that a subscription was shown, 0 where it
// was told that the document is withdrawn; ok is false if it was shown none.
func (l *Ledger) Shown(ctx context.Context, subscription, document string) (revision int, ok bool, err error) {
	ok, err = database.ReadRow(ctx, l.db.Read, []any{&revision},
		`SELECT revision FROM shown WHERE subscription = $1 AND document = $2`, subscription, document)
	return revision, ok, database.Wrap(err, "document %s shown to subscription %s", document, subscription)
}

// Mark returns the time that SetMark has kept under a name; ok is false if there is none.
func (l *Ledger) Mark(ctx context.Context, name string) (at time.Time, ok bool, err error) {
	ok, err = database.ReadRow(ctx, l.db.Read, []any{database.Time{To: &at}}, `SELECT at FROM marks WHERE name = $1`, name)
	return at, ok, database.Wrap(err, "mark %s", name)
}

// SetMark keeps a time under a name, unless a later one is kept there.
func (l *Ledger) SetMark(ctx context.Context, name string, at time.Time) error {
	_, err := l.db.Exec(ctx, `INSERT INTO marks (name, at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE excluded.at > marks.at`, name, at.Unix())
	return database.Wrap(err, "set mark %s", name)
}

// reasonColumn reads and writes a reason as JSON. An empty column leaves the reason as it is.
type reasonColumn struct{ of *bot.Reason }

// Value implements driver.Valuer.
func (r reasonColumn) Value() (driver.Value, error) {
	if *r.of == (bot.Reason{}) {
		return "", nil
	}
	column, err := json.Marshal(r.of)
	return string(column), err
}

// Scan implements sql.Scanner.
func (r reasonColumn) Scan(value any) error {
	column, ok := value.(string)
	if !ok {
		return fmt.Errorf("a reason of type %T", value)
	}
	if column == "" {
		return nil
	}
	*r.of = bot.Reason{}
	if err := json.Unmarshal([]byte(column), r.of); err != nil {
		return fmt.Errorf("a reason: %w", err)
	}
	return nil
}
