package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/bot"
	"parley/corpus/database"
)

// ErrNotClaimed says that the slot is not the claim's any more: another worker has claimed
// it, or it is closed or gone. Nothing was changed.
var ErrNotClaimed = errors.New("the slot is not held any more")

// Claim is a due slot that one worker alone works on. It ends a lease after the last call
// of one of its methods; who claims the slot then finds what was noted. It is for one
// goroutine.
type Claim struct {
	bot.Slot      // without its numbers of parts, which Messages has
	Tries    int  // that have come to nothing
	Frozen   bool // what is to be sent is settled
	Messages []Message

	ledger *Ledger
	worker string // a name that no other claim has
	lease  time.Duration
}

// Message is one of the messages of a slot.
type Message struct {
	Content []byte
	Begun   time.Time // when it was first about to be sent; zero: it was not
	ID      string    // that the platform gave it; empty: it has not arrived, as far as is known
	Unknown bool      // nobody will ever know whether it arrived
}

// Settled reports whether nothing is left to be done for the message.
func (m Message) Settled() bool { return m.ID != "" || m.Unknown }

// MayBePosted reports whether the message is posted, or nobody knows that it is not.
func (m Message) MayBePosted() bool { return m.Settled() || !m.Begun.IsZero() }

// ShownDocument is a revision of a document that a digest shows.
type ShownDocument struct {
	Document string `json:"document"`
	Revision int    `json:"revision"` // 0: it tells that the document is withdrawn
	// Part is the number, from 1, of the message in which it is shown; 0: all messages
	// together show it.
	Part int `json:"part,omitempty"`
}

// Contents lists the documents that a digest shows. Close records it: all of it if the slot
// is posted, quiet or unknown, else the documents of messages that may be posted.
type Contents struct {
	Shown []ShownDocument `json:"shown,omitempty"`
	// Through is the number of the library's last change that was looked at.
	Through int64 `json:"through"`
}

// Claim claims a due slot for a lease. Where another worker has it, or an earlier slot of
// the subscription is still due, the claim is nil and wait says when to ask again; for a
// slot that is not due any more both are zero.
func (l *Ledger) Claim(ctx context.Context, key Key, lease time.Duration) (c *Claim, wait time.Duration, err error) {
	c = &Claim{ledger: l, worker: rand.Text(), lease: lease}
	err = l.db.Update(ctx, func(tx *sql.Tx) error {
		if wait, err = l.busy(ctx, tx, key, lease); err != nil || wait > 0 {
			return err
		}
		return c.take(ctx, tx, key)
	})
	if errors.Is(err, ErrNotClaimed) || wait > 0 && err == nil {
		return nil, wait, nil
	}
	if err != nil {
		return nil, 0, database.Wrap(err, "hold slot %v", key)
	}
	return c, 0, nil
}

// busy is how long to wait for other workers to be done; 0 for not at all.
func (l *Ledger) busy(ctx context.Context, tx *sql.Tx, key Key, lease time.Duration) (time.Duration, error) {
	var until, earlier int64
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(s.held_until), 0), count(e.date) FROM slots s
			LEFT JOIN slots e ON e.subscription = s.subscription AND e.date < s.date AND e.state = $3
		WHERE s.subscription = $1 AND s.date = $2 AND s.state = $3`,
		key.Subscription, key.Date.String(), string(bot.SlotDue)).Scan(&until, &earlier)
	if err != nil {
		return 0, err
	}
	if earlier > 0 {
		return lease, nil
	}
	return max(0, time.Unix(until, 0).Sub(l.now())), nil
}

// take makes the slot the claim's and reads it.
func (c *Claim) take(ctx context.Context, tx *sql.Tx, key Key) error {
	c.Subscription, c.Date = key.Subscription, key.Date
	now := c.ledger.now()
	var contents string
	ok, err := database.ReadRow(ctx, tx, []any{&c.Place.Chat, &c.Place.Channel, database.Time{To: &c.Due},
		&c.Why.Text, reasonColumn{&c.Why}, &c.Tries, &contents},
		`UPDATE slots SET holder = $3, held_until = $4, wake = $4
		WHERE subscription = $1 AND date = $2 AND state = $5 AND held_until <= $6
		RETURNING chat, channel, due, why, reason, tries, record`,
		key.Subscription, key.Date.String(), c.worker, now.Add(c.lease).Unix(), string(bot.SlotDue), now.Unix())
	if err == nil && !ok {
		err = ErrNotClaimed
	}
	if err != nil {
		return err
	}
	c.State, c.Frozen = bot.SlotDue, contents != ""
	c.Messages, err = database.ReadRows(ctx, tx, func(row database.Scanner) (m Message, err error) {
		return m, row.Scan(&m.Content, database.Time{To: &m.Begun}, &m.ID, &m.Unknown)
	}, `SELECT content, begun, message, lost FROM parts WHERE subscription = $1 AND date = $2 ORDER BY number`,
		key.Subscription, key.Date.String())
	return err
}

// Freeze settles the messages to be sent, and what Close is to record of them.
func (c *Claim) Freeze(ctx context.Context, messages [][]byte, contents Contents) error {
	record, err := json.Marshal(contents)
	if err != nil {
		return c.wrap(err, "freeze")
	}
	err = c.update(ctx, func(tx *sql.Tx) error {
		if _, err := c.exec(ctx, tx,
			`UPDATE slots SET record = $3 WHERE subscription = $1 AND date = $2`, string(record)); err != nil {
			return err
		}
		for i, content := range messages {
			if _, err := c.exec(ctx, tx, `INSERT INTO parts (subscription, date, number, content, begun, message, lost)
				VALUES ($1, $2, $3, $4, 0, '', 0)`, i, content); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return c.wrap(err, "freeze")
	}
	c.Frozen = true
	for _, content := range messages {
		c.Messages = append(c.Messages, Message{Content: content})
	}
	return nil
}

// IsAnother reports whether the platform's id of a message is known to be that of another
// message than number i of this slot, in the same chat.
func (c *Claim) IsAnother(ctx context.Context, i int, id string) (bool, error) {
	var some int
	ok, err := database.ReadRow(ctx, c.ledger.db.Read, []any{&some},
		`SELECT 1 FROM parts p JOIN slots s ON s.subscription = p.subscription AND s.date = p.date
		WHERE p.message = $1 AND p.message <> '' AND s.chat = $2
			AND NOT (p.subscription = $3 AND p.date = $4 AND p.number = $5) LIMIT 1`,
		id, c.Place.Chat, c.Subscription, c.Date.String(), i)
	return ok, c.wrap(err, "message %s", id)
}

// Begin notes that message i is about to be sent. The time of the first call stays.
func (c *Claim) Begin(ctx context.Context, i int) error {
	begun := c.Messages[i].Begun
	if begun.IsZero() {
		begun = c.ledger.now()
	}
	return c.setMessage(ctx, i, begun, false)
}

// NotSent takes back what Begin noted.
func (c *Claim) NotSent(ctx context.Context, i int) error {
	return c.setMessage(ctx, i, time.Time{}, false)
}

// SetUnknown notes that nobody will ever know whether message i arrived.
func (c *Claim) SetUnknown(ctx context.Context, i int) error {
	return c.setMessage(ctx, i, c.Messages[i].Begun, true)
}

func (c *Claim) setMessage(ctx context.Context, i int, begun time.Time, unknown bool) error {
	lost := 0
	if unknown {
		lost = 1
	}
	err := c.update(ctx, func(tx *sql.Tx) error {
		_, err := c.exec(ctx, tx, `UPDATE parts SET begun = $4, lost = $5
			WHERE subscription = $1 AND date = $2 AND number = $3`,
			i, database.Seconds(begun), lost)
		return err
	})
	if err != nil {
		return c.wrap(err, "part %d", i)
	}
	c.Messages[i].Begun, c.Messages[i].Unknown = begun, unknown
	return nil
}

// Sent notes the id that the platform gave to message i. It does so even where the claim
// has ended: the message is there.
func (c *Claim) Sent(ctx context.Context, i int, id string) error {
	c.Messages[i].ID = id
	_, err := c.ledger.db.Exec(ctx, `UPDATE parts SET message = $4, lost = 0
		WHERE subscription = $1 AND date = $2 AND number = $3`,
		c.Subscription, c.Date.String(), i, database.Text(id))
	return c.wrap(err, "part %d sent", i)
}

// Close ends the slot in a state and records what was shown, as Contents says. The
// subscription's cursor moves only where all of it was shown, or there was nothing to show:
// another slot tells the rest.
func (c *Claim) Close(ctx context.Context, state bot.SlotState, why bot.Reason) error {
	err := c.update(ctx, func(tx *sql.Tx) error {
		var record string
		err := tx.QueryRowContext(ctx, `UPDATE slots SET state = $3, why = $4, reason = $6, done = $5, holder = ''
			WHERE subscription = $1 AND date = $2 RETURNING record`,
			c.Subscription, c.Date.String(), string(state), database.Text(why.String()),
			c.ledger.now().Unix(), reasonColumn{&why}).Scan(&record)
		if err != nil {
			return err
		}
		if _, err := c.exec(ctx, tx,
			`UPDATE parts SET content = $3 WHERE subscription = $1 AND date = $2`, []byte{}); err != nil {
			return err
		}
		if record == "" {
			return nil // nothing was frozen
		}
		var contents Contents
		if err := json.Unmarshal([]byte(record), &contents); err != nil {
			return fmt.Errorf("what it shows: %w", err)
		}
		whole := state == bot.SlotPosted || state == bot.SlotQuiet || state == bot.SlotUnknown
		for _, d := range contents.Shown {
			if !whole && (d.Part == 0 || !c.Messages[d.Part-1].MayBePosted()) {
				continue
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO shown (subscription, document, revision, shown_at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (subscription, document) DO UPDATE SET revision = excluded.revision, shown_at = excluded.shown_at`,
				c.Subscription, d.Document, d.Revision, c.ledger.now().Unix())
			if err != nil {
				return err
			}
		}
		if whole {
			_, err = tx.ExecContext(ctx,
				`UPDATE subscriptions SET cursor = $2 WHERE id = $1 AND cursor < $2`, c.Subscription, contents.Through)
		}
		return err
	})
	return c.wrap(err, "close as %s", state)
}

// Retry ends the claim after a try that has come to nothing. The slot stays due, for the
// same worker to claim again after a time, and for others a lease later.
func (c *Claim) Retry(ctx context.Context, after time.Duration, why bot.Reason) error {
	err := c.update(ctx, func(tx *sql.Tx) error {
		_, err := c.exec(ctx, tx, `UPDATE slots SET holder = '', held_until = 0, wake = $3, why = $4, reason = $6, tries = $5
			WHERE subscription = $1 AND date = $2`,
			c.ledger.now().Add(after+c.lease).Unix(), database.Text(why.String()), c.Tries+1, reasonColumn{&why})
		return err
	})
	return c.wrap(err, "let go")
}

// update renews the lease and makes a change, both or neither.
func (c *Claim) update(ctx context.Context, change func(*sql.Tx) error) error {
	return c.ledger.db.Update(ctx, func(tx *sql.Tx) error {
		rows, err := c.exec(ctx, tx, `UPDATE slots SET held_until = $3, wake = $3
			WHERE subscription = $1 AND date = $2 AND holder = $4`,
			c.ledger.now().Add(c.lease).Unix(), c.worker)
		if err != nil {
			return err
		}
		if rows == 0 {
			return ErrNotClaimed
		}
		return change(tx)
	})
}

// exec runs a statement whose first two parameters are the slot's key.
func (c *Claim) exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) (rows int64, err error) {
	result, err := tx.ExecContext(ctx, statement, append([]any{c.Subscription, c.Date.String()}, args...)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *Claim) wrap(err error, format string, args ...any) error {
	return database.Wrap(err, "slot %v: %s", KeyOf(c.Slot), fmt.Sprintf(format, args...))
}
