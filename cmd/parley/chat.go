package main

import (
	"context"
	"fmt"

	"parley/bot"
	"parley/bot/console"
)

type chatCmd struct{ recordFlags }

// Run talks until the input ends.
func (c chatCmd) Run(ctx context.Context, a *app) (err error) {
	r, err := a.openRecord(ctx, c.recordFlags)
	if err != nil {
		return err
	}
	defer r.closeInto(&err)
	talk := console.Console{Core: r.bot(a), In: a.stdin, Out: a.stdout, Style: a.style()}
	if _, typed := terminal(a.stdin); typed {
		fmt.Fprintln(a.stdout, "Ask about the record. /help lists the commands, /quit ends.")
		talk.Prompt = "> "
	}
	return talk.Run(ctx)
}

// bot is the platform-neutral core over this record.
func (r *record) bot(a *app) *bot.Bot {
	return bot.New(bot.Options{
		Index: r.asker, Lexicon: r.lexicon, Now: a.now, Log: r.log, MaxPassages: r.config.Answer.MaxPassages,
		ActorCommands: r.actorCommands,
	})
}
