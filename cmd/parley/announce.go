package main

import (
	"context"
	"log/slog"
	"time"

	"parley/bot"
	"parley/bot/digest"
	"parley/bot/store"
)

// announce logs what is served, and what is to happen next by itself. That a platform is
// connected its adapter says, when it is.
func (a *app) announce(ctx context.Context, r *record, kept *store.Store) error {
	is, err := r.asker.Record()
	if err != nil {
		return err
	}
	r.log.InfoContext(ctx, "the record is open", "documents", is.Documents, "passages", is.Passages, "newest", is.Newest.String())
	if r.library == nil {
		return nil // nothing is fetched, and there are no digests
	}
	if err := r.announceFeeds(ctx); err != nil {
		return err
	}
	return a.announceDigests(ctx, r.log, kept)
}

// announceFeeds says how many feeds and pages are followed, and when one is asked next.
func (r *record) announceFeeds(ctx context.Context) error {
	feeds, err := r.library.Feeds(ctx)
	if err != nil {
		return err
	}
	due, next, err := r.library.DueFeeds(ctx)
	if err != nil {
		return err
	}
	if !r.config.Sync.Serve {
		r.log.InfoContext(ctx, "feeds are followed by others, as sync.serve is false", "feeds", len(feeds))
		return nil
	}
	r.log.InfoContext(ctx, "feeds are followed", "feeds", len(feeds), "due", due, moment("next", next))
	return nil
}

// announceDigests says how many subscriptions there are, and when the next digest is due.
func (a *app) announceDigests(ctx context.Context, log *slog.Logger, kept *store.Store) error {
	var next time.Time
	subscriptions := 0
	err := kept.EachSubscription(ctx, func(s bot.Subscription) error {
		subscriptions++
		if s.Paused {
			return nil
		}
		_, due, err := digest.NextSlot(s, a.now())
		if err != nil { // no reason not to serve all others
			log.WarnContext(ctx, "a subscription is never due", "err", err)
		} else if next.IsZero() || due.Before(next) {
			next = due
		}
		return nil
	})
	if err == nil {
		log.InfoContext(ctx, "digests are posted", "subscriptions", subscriptions, moment("next", next))
	}
	return err
}

// moment is a time to the second, left out where there is none.
func moment(key string, t time.Time) slog.Attr {
	if t.IsZero() {
		return slog.Attr{}
	}
	return slog.Time(key, t.Truncate(time.Second))
}
