package main

import (
	"context"
	"fmt"

	"parley/bot"
	"parley/bot/console"
	"parley/bot/store"
	"parley/bot/wording"
	"parley/index"
)

type chatCmd struct{ readerFlags }

// Run talks until the input ends.
func (c chatCmd) Run(ctx context.Context, a *app) (err error) {
	r, err := a.openRecord(ctx, c.recordFlags)
	if err != nil {
		return err
	}
	defer r.closeInto(&err)
	talk := console.Console{Core: r.bot(a, nil), In: a.stdin, Out: a.stdout, Language: c.language(), Style: a.style()}
	if _, typed := terminal(a.stdin); typed {
		fmt.Fprintln(a.stdout, wording.In(talk.Language).Say("platform.console"))
		talk.Prompt = "> "
	}
	return talk.Run(ctx)
}

// bot is the platform-neutral core over this record. What it keeps over a restart stands
// in kept; nil keeps it in memory, for one who talks alone.
func (r *record) bot(a *app, kept *store.Store) *bot.Bot {
	o := bot.Options{
		Index: r.asker, Lexicon: r.lexicon, Now: a.now, Log: r.log, MaxPassages: r.config.Answer.MaxPassages,
		ActorCommands: r.actorCommands, Alone: kept == nil,
	}
	if r.library != nil {
		o.Archive = archive{r.library.Library, index.NewAnnotator(r.lexicon)}
	}
	if kept != nil {
		o.Settings, o.Actions = kept, kept
		o.Suspensions, o.Forget = kept, kept.ForgetUser
		o.Allow = bot.NewLimiter(r.config.Bot.PerMinute, r.config.Bot.Burst, a.now).Allow
	}
	if r.library != nil && kept != nil {
		o.Digests, o.Digest = r.digests(a, kept), r.config.digestDefaults()
	}
	return bot.New(o)
}
