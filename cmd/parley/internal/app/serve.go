package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"parley/bot"
	"parley/bot/delivery"
	"parley/bot/discord"
	"parley/bot/store"
	"parley/bot/telegram"
	"parley/cmd/parley/internal/config"
	"parley/corpus/ingest"
)

// service is something that runs until ctx is done, or fails for good.
type service interface {
	Run(ctx context.Context) error
}

// Serve answers on every platform that has a token while the record follows its sources, until ctx is done or
// one of them fails for good, which stops the others.
func (a *App) Serve(ctx context.Context, f Files) error {
	if err := a.checkTokens(); err != nil {
		return err // before a record is read that nobody is going to ask
	}
	return a.withRecord(ctx, f, true, func(r *Record) (err error) {
		db := r.db
		if db == nil { // the record is of files, but chats have settings
			if db, err = a.openDatabase(ctx); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
		}
		kept, err := store.New(ctx, db, a.Now)
		if err != nil {
			return err
		}
		kept = kept.Keeping(a.Config.Privacy.Retention())
		services, stop, err := r.services(ctx, kept)
		if err != nil {
			return err
		}
		defer stop()
		if err := r.announce(ctx, kept); err != nil {
			return err
		}
		return together(ctx, services)
	})
}

// services are the platforms and what keeps the record up to date; stop is called when all ended.
func (r *Record) services(ctx context.Context, kept *store.Store) (services []service, stop func(), err error) {
	platforms, err := r.app.platforms(r.Bot(kept), kept)
	if err != nil {
		return nil, nil, err
	}
	services = append(services, pruning{kept, r.app.Log})
	for _, p := range platforms {
		services = append(services, p)
	}
	if r.library == nil {
		return services, func() {}, nil
	}
	deliverer, err := r.deliverer(ctx, kept, platforms)
	if err != nil {
		return nil, nil, err
	}
	services = append(services, deliverer, r.follower)
	if !r.app.Config.Sync.Serve {
		return services, func() {}, nil
	}
	in, stop, err := r.app.ingester(r.library, nil)
	return append(services, watching{in}), stop, err
}

// platform is where the bot answers, and digests are posted.
type platform interface {
	service
	delivery.Sender
}

// platforms makes those that have a token, by name; none is connected yet.
func (a *App) platforms(core *bot.Bot, kept *store.Store) (map[string]platform, error) {
	all := map[string]platform{}
	var failed []error
	for _, p := range []struct {
		name string
		new  func(*bot.Bot, *store.Store) (platform, error)
	}{{"discord", a.discord}, {"telegram", a.telegram}} {
		made, err := p.new(core, kept)
		if err != nil {
			failed = append(failed, err)
		} else if made != nil {
			all[p.name] = made
		}
	}
	return all, errors.Join(failed...)
}

// discord is the bot on Discord, nil where it has no token.
func (a *App) discord(core *bot.Bot, kept *store.Store) (platform, error) {
	c := a.Config.Discord
	token, err := c.BotToken()
	if err != nil || token.Reveal() == "" {
		return nil, err
	}
	return discord.New(discord.Options{
		Token: token.Reveal(), APIURL: c.APIURL.URL, ShardCount: c.ShardCount.N, Shards: c.Shards,
		Core: core, Commands: kept, Subscriptions: kept, Log: a.Log.With("platform", "discord"),
	})
}

// telegram is the bot on Telegram, nil where it has no token.
func (a *App) telegram(core *bot.Bot, kept *store.Store) (platform, error) {
	c := a.Config.Telegram
	token, err := c.BotToken()
	if err != nil || token.Reveal() == "" {
		return nil, err
	}
	secret, err := c.Secret()
	if err != nil {
		return nil, err
	}
	return telegram.New(telegram.Options{
		Token: token.Reveal(), APIURL: c.APIURL.URL, Core: core, Store: kept, Log: a.Log.With("platform", "telegram"),
		Webhook:       telegram.Webhook{URL: c.WebhookURL.URL, Listen: c.WebhookListen.Address, Secret: secret.Reveal()},
		DeleteWebhook: c.DeleteWebhook,
	})
}

// checkTokens fails where no platform has a token.
func (a *App) checkTokens() error {
	var found bool
	for _, token := range []func() (config.Secret, error){a.Config.Discord.BotToken, a.Config.Telegram.BotToken} {
		secret, err := token()
		if err != nil {
			return err
		}
		found = found || secret.Reveal() != ""
	}
	if !found {
		return errors.New("no platform has a token: set discord.token or telegram.token, or PARLEY_DISCORD_TOKEN or PARLEY_TELEGRAM_TOKEN")
	}
	return nil
}

// watching fetches what is due.
type watching struct{ *ingest.Ingester }

func (w watching) Run(ctx context.Context) error { return w.Watch(ctx, nil) }

// pruning drops from the store what is too old to be asked for again.
type pruning struct {
	kept *store.Store
	log  *slog.Logger
}

// Run prunes every day until ctx is done. What fails is tried again the next day.
func (p pruning) Run(ctx context.Context) error {
	every := time.NewTicker(24 * time.Hour)
	defer every.Stop()
	for {
		if rows, err := p.kept.Prune(ctx); err != nil && ctx.Err() == nil {
			p.log.ErrorContext(ctx, "the store was not pruned", "err", err)
		} else if rows > 0 {
			p.log.InfoContext(ctx, "the store was pruned", "rows", rows)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
	}
}

// together runs services until all have stopped; the first to fail stops the others. Being
// stopped while it starts, or in the middle of something, is no failure of a service.
func together(ctx context.Context, services []service) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		failed []error
	)
	for _, s := range services {
		wg.Go(func() {
			defer cancel()
			if err := s.Run(ctx); err != nil && (ctx.Err() == nil || !errors.Is(err, context.Canceled)) {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}

// announce logs what is served and what is next. Adapters log when they are connected.
func (r *Record) announce(ctx context.Context, kept *store.Store) error {
	log := r.app.Log
	is, err := r.Asker.Record()
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "the record is open", "documents", is.Documents, "passages", is.Passages, "newest", is.Newest.String())
	if r.library == nil {
		return nil // nothing is fetched, and there are no digests
	}
	feeds, err := r.library.Feeds(ctx)
	if err != nil {
		return err
	}
	due, next, err := r.library.DueFeeds(ctx)
	if err != nil {
		return err
	}
	if r.app.Config.Sync.Serve {
		log.InfoContext(ctx, "feeds are followed", "feeds", len(feeds), "due", due, moment("next", next))
	} else {
		log.InfoContext(ctx, "feeds are followed by others, as sync.serve is false", "feeds", len(feeds))
	}
	return r.announceDigests(ctx, kept)
}

// announceDigests says how many subscriptions there are, and when the next digest is due.
func (r *Record) announceDigests(ctx context.Context, kept *store.Store) error {
	log := r.app.Log
	var next time.Time
	subscriptions := 0
	err := kept.EachSubscription(ctx, func(s bot.Subscription) error {
		subscriptions++
		if s.Paused {
			return nil
		}
		_, due, err := delivery.NextSlot(s, r.app.Now())
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
