package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"parley/bot"
	"parley/corpus"
)

// A slot is opened when it is due, held by one worker at a time, and closed for good.

// SlotKey names a slot.
type SlotKey struct {
	Subscription string             `json:"subscription"`
	Date         corpus.PartialDate `json:"date"`
}

func (k SlotKey) String() string { return k.Subscription + " of " + k.Date.String() }

// PlacedSlot is a slot with where it is posted.
type PlacedSlot struct {
	bot.Slot
	Place bot.Place
}

// Key names the slot.
func (s PlacedSlot) Key() SlotKey { return SlotKey{s.Subscription, s.Date} }

// slotsAtOnce are opened in one transaction: others write meanwhile.
const slotsAtOnce = 250

// OpenSlots adds slots that are due, or closed at once with the state that they have, and
// says how many were new. A slot that there is already stays as it is.
func (s *Store) OpenSlots(ctx context.Context, slots []PlacedSlot) (opened int64, err error) {
	for len(slots) > 0 && err == nil {
		n := min(len(slots), slotsAtOnce)
		changes := make([]change, n)
		for i, slot := range slots[:n] {
			changes[i] = s.opening(slot)
		}
		var rows int64
		rows, err = s.change(ctx, changes...)
		opened, slots = opened+rows, slots[n:]
	}
	return opened, wrap(err, "open slots")
}

func (s *Store) opening(slot PlacedSlot) change {
	var done int64
	if slot.State != bot.SlotDue {
		done = s.now().Unix()
	}
	// The subscription may have ended since it was read.
	return change{`INSERT INTO slots (subscription, date, chat, channel, due, state, why, reason, done, tries, wake, holder, held_until, record)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $5, '', 0, '' WHERE EXISTS (SELECT 1 FROM subscriptions WHERE id = $1)
		ON CONFLICT (subscription, date) DO NOTHING`,
		[]any{slot.Subscription, slot.Date.String(), slot.Place.Chat, slot.Place.Channel, slot.Due.Unix(), string(slot.State), text(slot.Why.String()), reasonColumn{&slot.Why}, done}}
}

// Waking is a slot that somebody is to see to.
type Waking struct {
	SlotKey
	Chat string `json:"chat"`
}

// WakeSlots returns due slots of a platform that nobody sees to, the longest due first,
// limit at most. Those returned are not returned again for a time, after which they are
// taken for forgotten, unless somebody holds them before.
func (s *Store) WakeSlots(ctx context.Context, platform string, limit int, forgotten time.Duration) (woken []Waking, err error) {
	now := s.now()
	err = s.db.Update(ctx, func(tx *sql.Tx) error {
		// The wake of a row is looked at once more where another process has just changed it.
		rows, err := tx.QueryContext(ctx, `UPDATE slots SET wake = $2 WHERE wake <= $1 AND (subscription, date) IN (
				SELECT subscription, date FROM slots WHERE state = 'due' AND wake <= $1 AND substr(chat, 1, length($3)) = $3
				ORDER BY wake, due LIMIT $4)
			RETURNING subscription, date, chat`,
			now.Unix(), now.Add(forgotten).Unix(), platform+"/", limit)
		woken, err = collect(rows, err, func(row *sql.Rows) (w Waking, err error) {
			return w, row.Scan(&w.Subscription, dateOf(&w.Date), &w.Chat)
		})
		return err
	})
	return woken, wrap(err, "wake slots")
}

// RouseSlots has WakeSlots return at once what was woken and not begun: it may wait in the
// queue of a process that has ended.
func (s *Store) RouseSlots(ctx context.Context) error {
	_, err := s.db.Exec(ctx, `UPDATE slots SET wake = $1 WHERE state = 'due' AND wake > $1 AND holder = '' AND tries = 0 AND record = ''`,
		s.now().Unix())
	return wrap(err, "rouse slots")
}

// SkipSlots closes as skipped the slots due before a moment that nobody has begun, nor is
// about to, and says how many those were.
func (s *Store) SkipSlots(ctx context.Context, before time.Time, why bot.Reason) (skipped int64, err error) {
	skipped, err = s.db.Exec(ctx, `UPDATE slots SET state = $4, why = $3, reason = $5, done = $2
		WHERE state = 'due' AND due < $1 AND tries = 0 AND record = '' AND held_until <= $2`,
		before.Unix(), s.now().Unix(), text(why.String()), string(bot.SlotSkipped), reasonColumn{&why})
	return skipped, wrap(err, "skip slots")
}

const slotColumns = `s.subscription, s.date, s.chat, s.channel, s.due, s.state, s.why, s.reason, s.done,
	(SELECT count(*) FROM parts p WHERE p.subscription = s.subscription AND p.date = s.date),
	(SELECT count(*) FROM parts p WHERE p.subscription = s.subscription AND p.date = s.date AND p.message <> '')`

func scanSlot(row *sql.Rows) (s PlacedSlot, err error) {
	var due, done int64
	// The reason of a slot of an older Parley is its text.
	err = row.Scan(&s.Subscription, dateOf(&s.Date), &s.Place.Chat, &s.Place.Channel, &due, &s.State, &s.Why.Text, reasonColumn{&s.Why}, &done, &s.Parts, &s.Sent)
	s.Due, s.Done = moment(due), moment(done)
	return s, err
}

// Slots are the last slots of a subscription, the newest first.
func (s *Store) Slots(ctx context.Context, subscription string, limit int) ([]bot.Slot, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT `+slotColumns+` FROM slots s WHERE s.subscription = $1 ORDER BY s.date DESC LIMIT $2`,
		subscription, limit)
	slots, err := collect(rows, err, func(row *sql.Rows) (bot.Slot, error) {
		placed, err := scanSlot(row)
		return placed.Slot, err
	})
	return slots, wrap(err, "slots of subscription %s", subscription)
}

// SlotQuery asks for slots, limit at most: in a state, or in any where it is empty, and of
// a subscription, or of all.
type SlotQuery struct {
	State        bot.SlotState
	Subscription string
	Limit        int
}

// FindSlots returns slots, the latest due first.
func (s *Store) FindSlots(ctx context.Context, q SlotQuery) ([]PlacedSlot, error) {
	rows, err := s.db.Read.QueryContext(ctx, `SELECT `+slotColumns+` FROM slots s
		WHERE ($1 = '' OR s.state = $1) AND ($2 = '' OR s.subscription = $2)
		ORDER BY s.due DESC, s.subscription LIMIT $3`, string(q.State), q.Subscription, q.Limit)
	slots, err := collect(rows, err, scanSlot)
	return slots, wrap(err, "slots")
}

// Shown returns the latest revision of a document that a subscription was shown, 0 where it
// was told that the document is withdrawn; ok is false if it was shown none.
func (s *Store) Shown(ctx context.Context, subscription, document string) (revision int, ok bool, err error) {
	ok, err = s.row(ctx, []any{&revision}, `SELECT revision FROM shown WHERE subscription = $1 AND document = $2`, subscription, document)
	return revision, ok, wrap(err, "document %s shown to subscription %s", document, subscription)
}

// Mark returns a moment that was marked; ok is false if it was not.
func (s *Store) Mark(ctx context.Context, name string) (at time.Time, ok bool, err error) {
	var seconds int64
	ok, err = s.row(ctx, []any{&seconds}, `SELECT at FROM marks WHERE name = $1`, name)
	return moment(seconds), ok, wrap(err, "mark %s", name)
}

// SetMark marks a moment; one before that which is marked changes nothing.
func (s *Store) SetMark(ctx context.Context, name string, at time.Time) error {
	_, err := s.db.Exec(ctx, `INSERT INTO marks (name, at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE excluded.at > marks.at`, name, at.Unix())
	return wrap(err, "set mark %s", name)
}

// collect reads all rows of a query.
func collect[T any](rows *sql.Rows, err error, read func(*sql.Rows) (T, error)) (all []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// moment reads Unix seconds, of which 0 says that there is none.
func moment(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// seconds writes what moment reads.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// dateColumn reads a date.
type dateColumn struct{ to *corpus.PartialDate }

func dateOf(to *corpus.PartialDate) dateColumn { return dateColumn{to} }

// Scan is of sql.Scanner.
func (d dateColumn) Scan(value any) error {
	switch v := value.(type) {
	case string:
		return d.to.UnmarshalText([]byte(v))
	case []byte:
		return d.to.UnmarshalText(v)
	}
	return fmt.Errorf("a date of type %T", value)
}

// reasonColumn reads and writes a reason. An empty column reads nothing.
type reasonColumn struct{ of *bot.Reason }

// Value is of driver.Valuer.
func (r reasonColumn) Value() (driver.Value, error) {
	if *r.of == (bot.Reason{}) {
		return "", nil
	}
	column, err := json.Marshal(r.of)
	return string(column), err
}

// Scan is of sql.Scanner.
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
