package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/bot"
)

// ErrNotHeld says that a slot is not, or not any more, the holder's: somebody else works
// on it, or it is closed or gone. Nothing was changed.
var ErrNotHeld = errors.New("the slot is not held any more")

// Held is a slot that is due and that its holder alone works on, for as long as none of
// its methods is more than a lease behind the last. Whoever takes it over after that finds
// what was written. It is for one goroutine.
type Held struct {
	PlacedSlot
	Tries  int
	Frozen bool   // the parts are settled
	Parts  []Part // in place of bot.Slot's number

	store  *Store
	holder string
	lease  time.Duration
}

// Part is a message of a slot.
type Part struct {
	Content []byte
	Begun   time.Time // when it was first about to be sent; zero: it was not
	Message string    // the id that the platform gave it; empty: it did not
	Lost    bool      // nobody will know whether it was sent
}

// Settled reports whether nothing is left to be done for the part.
func (p Part) Settled() bool { return p.Message != "" || p.Lost }

// MayBePosted reports whether the part is posted, or nobody knows that it is not.
func (p Part) MayBePosted() bool { return p.Settled() || !p.Begun.IsZero() }

// ShownDocument is a revision of a document that a digest shows.
type ShownDocument struct {
	Document string `json:"document"`
	Revision int    `json:"revision"` // 0: it tells that the document is withdrawn
	// Part is the number, from 1, of the part in which it is shown; 0: the parts together
	// show it.
	Part int `json:"part,omitempty"`
}

// Record is what a slot leaves behind when it is closed: all of it as posted, quiet or
// unknown, else what was shown in the parts that may be posted.
type Record struct {
	Shown []ShownDocument `json:"shown,omitempty"`
	// Through is the number of the library's last change that was looked at.
	Through int64 `json:"through"`
}

// Hold takes a due slot for a lease. Where somebody else has it, or an earlier slot of the
// subscription is still due, wait says when to ask again; a slot that is not due any more
// is neither held nor to be waited for.
func (s *Store) Hold(ctx context.Context, key SlotKey, lease time.Duration) (h *Held, wait time.Duration, err error) {
	h = &Held{store: s, holder: rand.Text(), lease: lease}
	err = s.db.Update(ctx, func(tx *sql.Tx) error {
		if wait, err = s.busy(ctx, tx, key, lease); err != nil || wait > 0 {
			return err
		}
		return h.take(ctx, tx, key)
	})
	if errors.Is(err, ErrNotHeld) || wait > 0 && err == nil {
		return nil, wait, nil
	}
	if err != nil {
		return nil, 0, wrap(err, "hold slot %v", key)
	}
	return h, 0, nil
}

// busy is how long to wait for others to be done; 0 for not at all.
func (s *Store) busy(ctx context.Context, tx *sql.Tx, key SlotKey, lease time.Duration) (time.Duration, error) {
	var until, earlier int64
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(s.held_until), 0), count(e.date) FROM slots s
			LEFT JOIN slots e ON e.subscription = s.subscription AND e.date < s.date AND e.state = $3
		WHERE s.subscription = $1 AND s.date = $2 AND s.state = $3`, key.Subscription, key.Date.String(), string(bot.SlotDue)).Scan(&until, &earlier)
	if err != nil {
		return 0, err
	}
	if earlier > 0 {
		return lease, nil
	}
	return max(0, time.Unix(until, 0).Sub(s.now())), nil
}

// take makes the slot the holder's and reads it.
func (h *Held) take(ctx context.Context, tx *sql.Tx, key SlotKey) error {
	h.PlacedSlot.Subscription, h.PlacedSlot.Date = key.Subscription, key.Date
	until := h.store.now().Add(h.lease).Unix()
	var due int64
	var record string
	err := tx.QueryRowContext(ctx, `UPDATE slots SET holder = $3, held_until = $4, wake = $4
		WHERE subscription = $1 AND date = $2 AND state = $5 AND held_until <= $6 RETURNING chat, channel, due, why, reason, tries, record`,
		key.Subscription, key.Date.String(), h.holder, until, string(bot.SlotDue), h.store.now().Unix()).
		Scan(&h.Place.Chat, &h.Place.Channel, &due, &h.Why.Text, reasonColumn{&h.Why}, &h.Tries, &record)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotHeld
	}
	if err != nil {
		return err
	}
	h.Due, h.State, h.Frozen = moment(due), bot.SlotDue, record != ""
	rows, err := tx.QueryContext(ctx, `SELECT content, begun, message, lost FROM parts
		WHERE subscription = $1 AND date = $2 ORDER BY number`, key.Subscription, key.Date.String())
	h.Parts, err = collect(rows, err, func(row *sql.Rows) (p Part, err error) {
		var begun, lost int64
		err = row.Scan(&p.Content, &begun, &p.Message, &lost)
		p.Begun, p.Lost = moment(begun), lost != 0
		return p, err
	})
	return err
}

// Freeze settles what is sent and what is to be recorded when it was.
func (h *Held) Freeze(ctx context.Context, parts [][]byte, r Record) error {
	record, err := json.Marshal(r)
	if err != nil {
		return h.wrap(err, "freeze")
	}
	err = h.update(ctx, func(tx *sql.Tx) error {
		if _, err := h.exec(ctx, tx, `UPDATE slots SET record = $3 WHERE subscription = $1 AND date = $2`, string(record)); err != nil {
			return err
		}
		for i, content := range parts {
			if _, err := h.exec(ctx, tx, `INSERT INTO parts (subscription, date, number, content, begun, message, lost)
				VALUES ($1, $2, $3, $4, 0, '', 0)`, i, content); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return h.wrap(err, "freeze")
	}
	h.Frozen = true
	for _, content := range parts {
		h.Parts = append(h.Parts, Part{Content: content})
	}
	return nil
}

// IsAnother reports whether a message of the slot's chat is known to be another part than
// this, of any slot.
func (h *Held) IsAnother(ctx context.Context, part int, message string) (bool, error) {
	var some int
	ok, err := h.store.row(ctx, []any{&some}, `SELECT 1 FROM parts p JOIN slots s ON s.subscription = p.subscription AND s.date = p.date
		WHERE p.message = $1 AND p.message <> '' AND s.chat = $2 AND NOT (p.subscription = $3 AND p.date = $4 AND p.number = $5) LIMIT 1`,
		message, h.Place.Chat, h.Subscription, h.Date.String(), part)
	return ok, h.wrap(err, "message %s", message)
}

// Begin notes that a part is about to be sent. When it was first begun stays.
func (h *Held) Begin(ctx context.Context, part int) error {
	begun := h.Parts[part].Begun
	if begun.IsZero() {
		begun = h.store.now()
	}
	return h.setPart(ctx, part, Part{Begun: begun})
}

// NotSent takes back what Begin noted.
func (h *Held) NotSent(ctx context.Context, part int) error { return h.setPart(ctx, part, Part{}) }

// Lose notes that nobody will know whether a part was sent.
func (h *Held) Lose(ctx context.Context, part int) error {
	return h.setPart(ctx, part, Part{Begun: h.Parts[part].Begun, Lost: true})
}

func (h *Held) setPart(ctx context.Context, part int, p Part) error {
	lost := 0
	if p.Lost {
		lost = 1
	}
	err := h.update(ctx, func(tx *sql.Tx) error {
		_, err := h.exec(ctx, tx, `UPDATE parts SET begun = $4, lost = $5 WHERE subscription = $1 AND date = $2 AND number = $3`,
			part, seconds(p.Begun), lost)
		return err
	})
	if err != nil {
		return h.wrap(err, "part %d", part)
	}
	h.Parts[part].Begun, h.Parts[part].Lost = p.Begun, p.Lost
	return nil
}

// Sent notes the message that a part has become. It holds even where the slot is not
// held any more: the message is there.
func (h *Held) Sent(ctx context.Context, part int, message string) error {
	h.Parts[part].Message = message
	_, err := h.store.db.Exec(ctx, `UPDATE parts SET message = $4, lost = 0 WHERE subscription = $1 AND date = $2 AND number = $3`,
		h.Subscription, h.Date.String(), part, text(message))
	return h.wrap(err, "part %d sent", part)
}

// Close ends the slot in a state. What was shown is recorded. The subscription's cursor
// moves where that is all, or there was nothing to show: what else was frozen is told by
// another slot.
func (h *Held) Close(ctx context.Context, state bot.SlotState, why bot.Reason) error {
	err := h.update(ctx, func(tx *sql.Tx) error {
		var record string
		err := tx.QueryRowContext(ctx, `UPDATE slots SET state = $3, why = $4, reason = $6, done = $5, holder = ''
			WHERE subscription = $1 AND date = $2 RETURNING record`,
			h.Subscription, h.Date.String(), string(state), text(why.String()), h.store.now().Unix(), reasonColumn{&why}).Scan(&record)
		if err != nil {
			return err
		}
		if _, err := h.exec(ctx, tx, `UPDATE parts SET content = $3 WHERE subscription = $1 AND date = $2`, []byte{}); err != nil {
			return err
		}
		if record == "" {
			return nil // nothing was frozen
		}
		var r Record
		if err := json.Unmarshal([]byte(record), &r); err != nil {
			return fmt.Errorf("what it shows: %w", err)
		}
		switch state {
		case bot.SlotPosted, bot.SlotQuiet, bot.SlotUnknown:
			return h.record(ctx, tx, r)
		}
		return h.note(ctx, tx, h.begun(r.Shown))
	})
	return h.wrap(err, "close as %s", state)
}

// begun are those documents that are shown in parts that may be posted.
func (h *Held) begun(shown []ShownDocument) (seen []ShownDocument) {
	for _, d := range shown {
		if d.Part > 0 && h.Parts[d.Part-1].MayBePosted() {
			seen = append(seen, d)
		}
	}
	return seen
}

// record notes all that is shown and moves the cursor.
func (h *Held) record(ctx context.Context, tx *sql.Tx, r Record) error {
	if err := h.note(ctx, tx, r.Shown); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE subscriptions SET cursor = $2 WHERE id = $1 AND cursor < $2`, h.Subscription, r.Through)
	return err
}

// note notes documents as shown.
func (h *Held) note(ctx context.Context, tx *sql.Tx, shown []ShownDocument) error {
	for _, d := range shown {
		_, err := tx.ExecContext(ctx, `INSERT INTO shown (subscription, document, revision, shown_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (subscription, document) DO UPDATE SET revision = excluded.revision, shown_at = excluded.shown_at`,
			h.Subscription, d.Document, d.Revision, h.store.now().Unix())
		if err != nil {
			return err
		}
	}
	return nil
}

// LetGo leaves the slot due for its holder to see to again after a time; others do so a
// lease later. why says for what it waits, and failed counts a try that came to nothing.
func (h *Held) LetGo(ctx context.Context, after time.Duration, why bot.Reason, failed bool) error {
	tries := h.Tries
	if failed {
		tries++
	}
	err := h.update(ctx, func(tx *sql.Tx) error {
		_, err := h.exec(ctx, tx, `UPDATE slots SET holder = '', held_until = 0, wake = $3, why = $4, reason = $6, tries = $5
			WHERE subscription = $1 AND date = $2`, h.store.now().Add(after+h.lease).Unix(), text(why.String()), tries, reasonColumn{&why})
		return err
	})
	return h.wrap(err, "let go")
}

// update renews the hold and makes a change, both or neither.
func (h *Held) update(ctx context.Context, change func(*sql.Tx) error) error {
	return h.store.db.Update(ctx, func(tx *sql.Tx) error {
		until := h.store.now().Add(h.lease).Unix()
		rows, err := h.exec(ctx, tx, `UPDATE slots SET held_until = $3, wake = $3 WHERE subscription = $1 AND date = $2 AND holder = $4`,
			until, h.holder)
		if err != nil {
			return err
		}
		if rows == 0 {
			return ErrNotHeld
		}
		return change(tx)
	})
}

// exec runs a statement whose first parameters are the slot's key.
func (h *Held) exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) (rows int64, err error) {
	result, err := tx.ExecContext(ctx, statement, append([]any{h.Subscription, h.Date.String()}, args...)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (h *Held) wrap(err error, format string, args ...any) error {
	return wrap(err, "slot %v: %s", h.Key(), fmt.Sprintf(format, args...))
}
