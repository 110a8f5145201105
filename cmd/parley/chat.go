package main

import (
	"context"
	"fmt"
	"parley/bot/console"
	"parley/bot/wording"
	"parley/cmd/parley/internal/app"
)

type chatCmd struct{ readerFlags }

// Run talks until the input ends.
func (c chatCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithRecord(ctx, c.files(), func(r *app.Record) error {
		talk := console.Console{Core: r.Bot(nil), In: p.stdin, Out: p.stdout, Language: c.language(), Style: p.style()}
		if _, typed := terminal(p.stdin); typed {
			fmt.Fprintln(p.stdout, wording.In(talk.Language).Say("platform.console"))
			talk.Prompt = "> "
		}
		return talk.Run(ctx)
	})
}
