package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"parley/bot"
	"parley/bot/console"
	"parley/bot/digest"
	"parley/bot/store"
	"parley/corpus"
	"parley/corpus/database"
)

type digestCmd struct {
	List    digestListCmd    `cmd:"" help:"List subscriptions, with when each is due next."`
	Preview digestPreviewCmd `cmd:"" help:"Show what a subscription would get now. Nothing is posted."`
	RunSlot digestRunSlotCmd `cmd:"" name:"run-slot" help:"Post a subscription's digest of today now, unless it was posted."`
	Ledger  digestLedgerCmd  `cmd:"" help:"Say what became of digests, the latest first."`
}

// withStore opens what the bot keeps for a command.
func (a *app) withStore(ctx context.Context, do func(*database.DB, *store.Store) error) (err error) {
	c, err := a.config()
	if err != nil {
		return err
	}
	db, err := c.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	kept, err := store.New(ctx, db, a.now)
	if err != nil {
		return err
	}
	return do(db, kept)
}

// rows prints rows as a table, or each as a line of JSON. Where there is none it says so
// beside stdout, which stays a table.
func (a *app) rows(asJSON bool, none string, print func(row func(json any, cells ...any) error) error) error {
	out := bufio.NewWriter(a.stdout)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	printed := false
	err := print(func(json any, cells ...any) error {
		printed = true
		if asJSON {
			return writeJSON(out, json)
		}
		return writeCells(table, cells)
	})
	if err == nil && !printed && !asJSON {
		fmt.Fprintln(a.stderr, "parley: "+none)
	}
	return errors.Join(err, table.Flush(), out.Flush())
}

// writeCells writes a row of a table.
func writeCells(w io.Writer, cells []any) error {
	for i, cell := range cells {
		end := "\t"
		if i == len(cells)-1 {
			end = "\n"
		}
		if _, err := fmt.Fprint(w, cell, end); err != nil {
			return err
		}
	}
	return nil
}

type digestListCmd struct {
	JSON bool `name:"json" help:"Print a line of JSON a subscription."`
}

// subscriptionLine is a line of "parley digest list --json".
type subscriptionLine struct {
	ID        string    `json:"id"`
	Chat      string    `json:"chat"`
	Channel   string    `json:"channel,omitempty"`
	Time      string    `json:"time"`
	Zone      string    `json:"timezone"`
	Days      []string  `json:"days"` // none: every day
	Topics    []string  `json:"topics"`
	Actors    []string  `json:"actors"`
	Language  string    `json:"language,omitempty"`
	QuietDays bool      `json:"quiet_days"`
	Paused    bool      `json:"paused"`
	Suspended string    `json:"suspended,omitempty"` // why
	Since     time.Time `json:"since"`
	Next      time.Time `json:"next,omitzero"`
}

// Run lists subscriptions.
func (c digestListCmd) Run(ctx context.Context, a *app) error {
	return a.withStore(ctx, func(_ *database.DB, kept *store.Store) error {
		const none = "no chat has a subscription; whoever manages one makes it there, with /digest subscribe"
		return a.rows(c.JSON, none, func(row func(any, ...any) error) error {
			return kept.EachSubscription(ctx, func(s bot.Subscription) error {
				l, err := a.subscriptionLine(ctx, kept, s)
				if err != nil {
					return err
				}
				return row(l, l.ID, s.Place.Key(), l.Time, l.Zone, l.state())
			})
		})
	})
}

func (a *app) subscriptionLine(ctx context.Context, kept *store.Store, s bot.Subscription) (subscriptionLine, error) {
	l := subscriptionLine{
		ID: s.ID, Chat: s.Chat, Channel: s.Channel, Time: fmt.Sprintf("%02d:%02d", s.At/60, s.At%60), Zone: s.Zone, Days: []string{},
		Topics: append([]string{}, s.Topics...), Actors: append([]string{}, s.Actors...),
		Language: s.Language, QuietDays: s.QuietDays, Paused: s.Paused, Since: s.Since,
	}
	for _, d := range s.Days {
		l.Days = append(l.Days, d.String())
	}
	suspension, suspended, err := kept.SuspendedAt(ctx, s.Place)
	if err != nil {
		return l, err
	}
	if suspended {
		l.Suspended = suspension.Reason
	}
	if !s.Paused {
		_, l.Next, err = digest.NextSlot(s, a.now())
	}
	return l, err
}

// state says when the next digest is due, and what stands in its way.
func (l subscriptionLine) state() string {
	switch {
	case l.Paused:
		return "paused"
	case l.Suspended != "":
		return "suspended: " + l.Suspended
	}
	return "next " + l.Next.Format("2006-01-02 15:04 -07:00")
}

type digestPreviewCmd struct {
	recordFlags
	ID string `arg:"" help:"The subscription, as parley digest list shows it."`
}

// Run shows a digest.
func (c digestPreviewCmd) Run(ctx context.Context, a *app) error {
	return a.withSubscription(ctx, c.recordFlags, c.ID, func(r *record, kept *store.Store, s bot.Subscription) error {
		reply, _, err := r.digests(a, kept).Preview(ctx, s.ID)
		if err != nil {
			return err
		}
		return console.Render(a.stdout, reply, a.style())
	})
}

// withSubscription opens the record, which must be a library, and what the bot keeps.
func (a *app) withSubscription(ctx context.Context, flags recordFlags, id string, do func(*record, *store.Store, bot.Subscription) error) (err error) {
	if flags.named() {
		return usageError{errors.New("digests are made of the library; leave out --corpus and --no-briefs")}
	}
	r, err := a.openRecord(ctx, flags)
	if err != nil {
		return err
	}
	defer r.closeInto(&err)
	kept, err := store.New(ctx, r.library.db, a.now)
	if err != nil {
		return err
	}
	s, _, ok, err := kept.Subscription(ctx, id)
	if err == nil && !ok {
		err = fmt.Errorf("there is no subscription %s; parley digest list shows those that there are", id)
	}
	if err != nil {
		return err
	}
	return do(r, kept, s)
}

type digestRunSlotCmd struct {
	recordFlags
	ID   string `arg:"" help:"The subscription, as parley digest list shows it."`
	JSON bool   `name:"json" help:"Print what became of it as JSON."`
}

// Run posts a digest now and says what became of it.
func (c digestRunSlotCmd) Run(ctx context.Context, a *app) error {
	return a.withSubscription(ctx, c.recordFlags, c.ID, func(r *record, kept *store.Store, s bot.Subscription) error {
		zone, err := time.LoadLocation(s.Zone)
		if err != nil {
			return fmt.Errorf("zone of subscription %s: %w", s.ID, err)
		}
		posters, err := r.posters(r.bot(a, kept), kept)
		if err != nil {
			return err
		}
		if posters[s.Place.Platform()] == nil {
			return fmt.Errorf("%s has no token", s.Place.Platform())
		}
		d, err := r.deliverer(ctx, a, r.library.db, kept, posters)
		if err != nil {
			return err
		}
		slot := bot.Slot{Subscription: s.ID, Date: corpus.DateOf(a.now().In(zone), corpus.Day)}
		if err := d.RunSlot(ctx, store.PlacedSlot{Slot: slot, Place: s.Place}); err != nil {
			return err
		}
		return a.ledger(ctx, kept, c.JSON, "", s.ID, 1)
	})
}

type digestLedgerCmd struct {
	Subscription string         `placeholder:"ID" help:"Of this subscription alone."`
	State        *bot.SlotState `placeholder:"STATE" enum:"due,posted,quiet,skipped,failed,unknown" help:"In this state alone: due, posted, quiet, skipped, failed or unknown."`
	Limit        int            `default:"50" help:"How many at most."`
	JSON         bool           `name:"json" help:"Print a line of JSON a digest."`
}

// Run prints the ledger.
func (c digestLedgerCmd) Run(ctx context.Context, a *app) error {
	if c.Limit < 1 {
		return usageError{fmt.Errorf("--limit is %d; it must be 1 or more", c.Limit)}
	}
	var state bot.SlotState // of any
	if c.State != nil {
		state = *c.State
	}
	return a.withStore(ctx, func(_ *database.DB, kept *store.Store) error {
		return a.ledger(ctx, kept, c.JSON, state, c.Subscription, c.Limit)
	})
}

// slotLine is a line of "parley digest ledger --json".
type slotLine struct {
	Subscription string    `json:"subscription"`
	Date         string    `json:"date"`
	Chat         string    `json:"chat"`
	Channel      string    `json:"channel,omitempty"`
	Due          time.Time `json:"due"`
	State        string    `json:"state"`
	Why          string    `json:"why,omitempty"`
	Parts        int       `json:"parts"`
	Sent         int       `json:"sent"`
	Done         time.Time `json:"done,omitzero"`
}

func (a *app) ledger(ctx context.Context, kept *store.Store, asJSON bool, state bot.SlotState, subscription string, limit int) error {
	slots, err := kept.FindSlots(ctx, store.SlotQuery{State: state, Subscription: subscription, Limit: limit})
	if err != nil {
		return err
	}
	none := "no digest has been due yet"
	if subscription != "" || state != "" {
		none = "no such digest has been due yet"
	}
	return a.rows(asJSON, none, func(row func(any, ...any) error) error {
		for _, s := range slots {
			l := slotLine{s.Subscription, s.Date.String(), s.Place.Chat, s.Place.Channel, s.Due, string(s.State), s.Why.String(), s.Parts, s.Sent, s.Done}
			if err := row(l, l.Subscription, l.Date, s.Place.Key(), l.State, fmt.Sprintf("%d/%d", l.Sent, l.Parts), l.Why); err != nil {
				return err
			}
		}
		return nil
	})
}
