package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"parley/bot"
	"parley/bot/digest"
	"parley/bot/discord"
	"parley/bot/store"
	"parley/bot/telegram"
	"parley/corpus/database"
)

type serveCmd struct{ recordFlags }

// service is something that runs until ctx is done, or fails for good.
type service interface {
	Run(ctx context.Context) error
}

// Run answers on every platform that has a token, until it is told to stop or one of
// them fails for good, which stops the others.
func (c serveCmd) Run(ctx context.Context, a *app) (err error) {
	a.usual = slog.LevelInfo // whoever runs it wants to see that it does
	if err := a.checkTokens(); err != nil {
		return err // before a record is read that nobody is going to ask
	}
	r, err := a.openRecordFor(ctx, c.recordFlags, lasting)
	if err != nil {
		return err
	}
	defer r.closeInto(&err)
	if r.library == nil { // the record is of files, but chats have settings
		db, err := r.config.openDatabase(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		return a.serve(ctx, r, db)
	}
	return a.serve(ctx, r, r.library.db)
}

// serve answers on all platforms while the record follows its sources.
func (a *app) serve(ctx context.Context, r *record, db *database.DB) error {
	kept, err := store.New(ctx, db, a.now)
	if err != nil {
		return err
	}
	kept = kept.Keeping(r.config.Privacy.retention())
	services, err := a.platforms(ctx, r, db, kept)
	if err != nil {
		return err
	}
	living, stop, err := a.living(r)
	if err != nil {
		return err
	}
	defer stop()
	if err := a.announce(ctx, r, kept); err != nil {
		return err
	}
	return together(ctx, append(services, living...))
}

// platforms are those that have a token, with what they need.
func (a *app) platforms(ctx context.Context, r *record, db *database.DB, kept *store.Store) ([]service, error) {
	posters, err := r.posters(r.bot(a, kept), kept)
	if err != nil {
		return nil, err
	}
	services := []service{pruning{kept, r.log}}
	for _, p := range posters {
		services = append(services, p)
	}
	if r.library == nil {
		return services, nil
	}
	deliverer, err := r.deliverer(ctx, a, db, kept, posters)
	if err != nil {
		return nil, err
	}
	return append(services, deliverer), nil
}

// poster is a platform, on which digests can be posted.
type poster interface {
	service
	digest.Sender
}

// posters are the platforms that have a token, by name. The error says what is wrong with
// each; none is connected yet.
func (r *record) posters(core *bot.Bot, kept *store.Store) (map[string]poster, error) {
	posters := map[string]poster{}
	var failed []error
	for _, p := range []struct {
		name    string
		token   func() (Secret, error)
		connect func(Secret, *bot.Bot, *store.Store) (poster, error)
	}{{"discord", r.config.Discord.token, r.discord}, {"telegram", r.config.Telegram.token, r.telegram}} {
		token, err := p.token()
		if err == nil && token.Reveal() != "" {
			posters[p.name], err = p.connect(token, core, kept)
		}
		failed = append(failed, err)
	}
	return posters, errors.Join(failed...)
}

// checkTokens fails where no platform has a token.
func (a *app) checkTokens() error {
	c, err := a.config()
	if err != nil {
		return err
	}
	onDiscord, err := c.Discord.token()
	if err != nil {
		return err
	}
	onTelegram, err := c.Telegram.token()
	if err == nil && onDiscord.Reveal() == "" && onTelegram.Reveal() == "" {
		err = errors.New("no platform has a token: set discord.token or telegram.token, or PARLEY_DISCORD_TOKEN or PARLEY_TELEGRAM_TOKEN")
	}
	return err
}

// pruning drops from the store what is too old to be asked for again.
type pruning struct {
	kept *store.Store
	log  *slog.Logger
}

// pruneEvery is how often that is done.
const pruneEvery = 24 * time.Hour

// Run prunes now and then until ctx is done. What fails is tried again the next day.
func (p pruning) Run(ctx context.Context) error {
	every := time.NewTicker(pruneEvery)
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

// telegram is the bot on Telegram.
func (r *record) telegram(token Secret, core *bot.Bot, kept *store.Store) (poster, error) {
	c := r.config.Telegram
	secret, err := c.webhookSecret()
	if err != nil {
		return nil, err
	}
	return telegram.New(telegram.Options{
		Token: token.Reveal(), APIURL: c.APIURL, Core: core, Store: kept, Log: r.log.With("platform", "telegram"),
		Webhook:       telegram.Webhook{URL: c.WebhookURL, Listen: c.WebhookListen, Secret: secret.Reveal()},
		DeleteWebhook: c.DeleteWebhook,
	})
}

// discord is the bot on Discord.
func (r *record) discord(token Secret, core *bot.Bot, kept *store.Store) (poster, error) {
	c := r.config.Discord
	count, err := c.shardCount()
	if err != nil {
		return nil, err
	}
	return discord.New(discord.Options{
		Token: token.Reveal(), APIURL: c.APIURL, ShardCount: count, Shards: c.Shards,
		Core: core, Commands: kept, Subscriptions: kept, Log: r.log.With("platform", "discord"),
	})
}

// together runs services until all have stopped; the first to fail stops the others.
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
			if err := s.Run(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}
