package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/bot"
	"parley/bot/delivery"
	"parley/bot/delivery/ledger"
	"parley/bot/digest"
	"parley/bot/store"
	"parley/corpus"
)

// digestEditor composes digests from the library of a record. There is one, made when it is
// first asked for: it remembers what it has read.
func (r *Record) digestEditor(kept *store.Store) *digest.Editor {
	if r.editor == nil {
		r.editor = digest.NewEditor(digest.EditorOptions{
			Library: r.library, Timeline: r.Asker, Settings: kept, Lexicon: r.lexicon, Own: ownWords(r.lexicon),
		})
	}
	return r.editor
}

func (r *Record) ledger() *ledger.Ledger { return ledger.New(r.db, r.app.Now) }

// digests gives "/digest" its subscriptions, slots and previews.
func (r *Record) digests(kept *store.Store) *digest.Service {
	return digest.NewService(digest.ServiceOptions{
		Store: kept, Ledger: r.ledger(), History: r.library, Editor: r.digestEditor(kept), Now: r.app.Now,
	})
}

func (r *Record) deliverer(ctx context.Context, kept *store.Store,
	platforms map[string]platform) (*delivery.Deliverer, error) {
	senders := map[string]delivery.Sender{}
	for name, p := range platforms {
		senders[name] = p
	}
	return delivery.New(ctx, delivery.Options{
		DB: r.db, Ledger: r.ledger(), Subscriptions: kept, Composer: r.digestEditor(kept), Senders: senders,
		Log: r.app.Log, Now: r.app.Now, CatchUp: r.app.Config.Digest.CatchUp.Duration,
		Lease: r.app.Pace.Lease,
	})
}

// Subscription is a subscription with what its digests are made of.
type Subscription struct {
	bot.Subscription
	Ledger *ledger.Ledger
	kept   *store.Store
	record *Record
}

// WithSubscription opens the record, which is the library, and a subscription, for do.
func (a *App) WithSubscription(ctx context.Context, id string, do func(Subscription) error) error {
	return a.WithRecord(ctx, Files{}, func(r *Record) error {
		kept, err := store.New(ctx, r.db, a.Now)
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
		return do(Subscription{s, r.ledger(), kept, r})
	})
}

// Preview composes the digest that the subscription would get now. Nothing is posted.
func (s Subscription) Preview(ctx context.Context) (bot.Reply, error) {
	reply, _, err := s.record.digests(s.kept).Preview(ctx, s.ID)
	return reply, err
}

// PostToday posts the digest of today, in the zone of the subscription, unless it was posted.
func (s Subscription) PostToday(ctx context.Context) error {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return fmt.Errorf("zone of subscription %s: %w", s.ID, err)
	}
	platforms, err := s.record.app.platforms(s.record.Bot(s.kept), s.kept)
	if err != nil {
		return err
	}
	if platforms[s.Place.Platform()] == nil {
		return errors.New(s.Place.Platform() + " has no token")
	}
	d, err := s.record.deliverer(ctx, s.kept, platforms)
	if err != nil {
		return err
	}
	slot := bot.Slot{Subscription: s.ID, Place: s.Place, Date: corpus.DateOf(s.record.app.Now().In(zone), corpus.Day)}
	return d.RunSlot(ctx, slot)
}
