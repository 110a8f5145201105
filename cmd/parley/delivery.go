package main

import (
	"context"

	"parley/bot"
	"parley/bot/digest"
	"parley/bot/store"
	"parley/corpus/database"
)

// digestEditor composes digests from the library of a record. There is one, made when it is
// first asked for: it remembers what it has read.
func (r *record) digestEditor(kept *store.Store) *digest.Editor {
	if r.editor == nil {
		r.editor = digest.NewEditor(digest.EditorOptions{
			Library: r.library.Library, Timeline: r.asker, Settings: kept, Lexicon: r.lexicon, Own: ownWords(r.lexicon),
		})
	}
	return r.editor
}

// digests is what "/digest" works on.
func (r *record) digests(a *app, kept *store.Store) *digest.Service {
	return digest.NewService(digest.ServiceOptions{
		Store: kept, Ledger: kept, History: r.library.Library, Editor: r.digestEditor(kept), Now: a.now, Next: digest.NextSlot,
	})
}

// deliverer posts digests on platforms.
func (r *record) deliverer(ctx context.Context, a *app, db *database.DB, kept *store.Store, posters map[string]poster) (*digest.Deliverer, error) {
	catchUp, err := r.config.Digest.catchUp()
	if err != nil {
		return nil, err
	}
	senders := map[string]digest.Sender{}
	for name, p := range posters {
		senders[name] = p
	}
	return digest.New(ctx, digest.Options{
		DB: db, Store: kept, Subscriptions: kept, Composer: r.digestEditor(kept), Senders: senders, Log: r.log, Now: a.now, CatchUp: catchUp,
	})
}

// digestDefaults hold for subscriptions that name no time.
func (c Config) digestDefaults() bot.DigestDefaults {
	d, _ := c.Digest.defaults() // checked when the configuration was read
	return d
}
