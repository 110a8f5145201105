package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"parley/bot"
	"parley/bot/console"
	"parley/bot/delivery"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/cmd/parley/internal/app"
)

type digestCmd struct {
	List    digestListCmd    `cmd:"" help:"List subscriptions, with when each is due next."`
	Preview digestPreviewCmd `cmd:"" help:"Show what a subscription would get now. Nothing is posted."`
	RunSlot digestRunSlotCmd `cmd:"" name:"run-slot" help:"Post a subscription's digest of today now, unless it was posted."`
	Ledger  digestLedgerCmd  `cmd:"" help:"Say what became of digests, the latest first."`
}

// rows prints rows as a table, or each as a line of JSON. Where there is none it says so
// beside stdout, which stays a table.
func (p *process) rows(asJSON bool, none string, print func(row func(json any, cells ...string) error) error) error {
	out := bufio.NewWriter(p.stdout)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	printed := false
	err := print(func(json any, cells ...string) error {
		printed = true
		if asJSON {
			return writeJSON(out, json)
		}
		_, err := fmt.Fprintln(table, strings.Join(cells, "\t"))
		return err
	})
	if err == nil && !printed && !asJSON {
		p.notify("%s", none)
	}
	return errors.Join(err, table.Flush(), out.Flush())
}

type digestListCmd struct {
	JSON bool `name:"json" help:"Print a line of JSON a subscription."`
}

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

func (c digestListCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithStore(ctx, func(kept *store.Store, _ *ledger.Ledger) error {
		const none = "no chat has a subscription; whoever manages one makes it there, with /digest subscribe"
		return p.rows(c.JSON, none, func(row func(any, ...string) error) error {
			return kept.EachSubscription(ctx, func(s bot.Subscription) error {
				l, err := p.subscriptionLine(ctx, kept, s)
				if err != nil {
					return err
				}
				return row(l, l.ID, s.Place.Key(), l.Time, l.Zone, l.state())
			})
		})
	})
}

func (p *process) subscriptionLine(ctx context.Context, kept *store.Store, s bot.Subscription) (subscriptionLine,
	error) {
	l := subscriptionLine{
		ID: s.ID, Chat: s.Chat, Channel: s.Channel,
		Time: fmt.Sprintf("%02d:%02d", s.At/60, s.At%60), Zone: s.Zone, Days: []string{},
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
		_, l.Next, err = delivery.NextSlot(s, p.now())
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

func (c digestPreviewCmd) Run(ctx context.Context, p *process, a *app.App) error {
	if err := onlyLibrary(c.recordFlags); err != nil {
		return err
	}
	return a.WithSubscription(ctx, c.ID, func(s app.Subscription) error {
		reply, err := s.Preview(ctx)
		if err != nil {
			return err
		}
		return console.Render(p.stdout, reply, p.style())
	})
}

// onlyLibrary refuses files: digests are made of what the library learns.
func onlyLibrary(f recordFlags) error {
	if f.files().Named() {
		return usageError{errors.New("digests are made of the library; leave out --corpus and --no-briefs")}
	}
	return nil
}

type digestRunSlotCmd struct {
	recordFlags
	ID   string `arg:"" help:"The subscription, as parley digest list shows it."`
	JSON bool   `name:"json" help:"Print what became of it as JSON."`
}

func (c digestRunSlotCmd) Run(ctx context.Context, p *process, a *app.App) error {
	if err := onlyLibrary(c.recordFlags); err != nil {
		return err
	}
	return a.WithSubscription(ctx, c.ID, func(s app.Subscription) error {
		if err := s.PostToday(ctx); err != nil {
			return err
		}
		return p.ledger(ctx, s.Ledger, ledger.Query{Subscription: s.ID, Limit: 1}, c.JSON)
	})
}

type digestLedgerCmd struct {
	Subscription string         `placeholder:"ID" help:"Of this subscription alone."`
	State        *bot.SlotState `placeholder:"STATE" enum:"due,posted,quiet,skipped,failed,unknown" help:"In this state alone: due, posted, quiet, skipped, failed or unknown."`
	Limit        int            `default:"50" help:"How many at most."`
	JSON         bool           `name:"json" help:"Print a line of JSON a digest."`
}

func (c digestLedgerCmd) Run(ctx context.Context, p *process, a *app.App) error {
	if c.Limit < 1 {
		return usageError{fmt.Errorf("--limit is %d; it must be 1 or more", c.Limit)}
	}
	var state bot.SlotState // of any
	if c.State != nil {
		state = *c.State
	}
	return a.WithStore(ctx, func(_ *store.Store, slots *ledger.Ledger) error {
		return p.ledger(ctx, slots, ledger.Query{State: state, Subscription: c.Subscription, Limit: c.Limit}, c.JSON)
	})
}

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

func (p *process) ledger(ctx context.Context, from *ledger.Ledger, q ledger.Query, asJSON bool) error {
	slots, err := from.Find(ctx, q)
	if err != nil {
		return err
	}
	none := "no digest has been due yet"
	if q.Subscription != "" || q.State != "" {
		none = "no such digest has been due yet"
	}
	return p.rows(asJSON, none, func(row func(any, ...string) error) error {
		for _, s := range slots {
			l := slotLine{
				s.Subscription, s.Date.String(), s.Place.Chat, s.Place.Channel, s.Due, string(s.State), s.Why.String(),
				s.Parts, s.Sent, s.Done,
			}
			sent := fmt.Sprintf("%d/%d", l.Sent, l.Parts)
			if err := row(l, l.Subscription, l.Date, s.Place.Key(), l.State, sent, l.Why); err != nil {
				return err
			}
		}
		return nil
	})
}
