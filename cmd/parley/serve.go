package main

import (
	"context"
	"log/slog"
	"parley/cmd/parley/internal/app"
)

type serveCmd struct{ recordFlags }

// AfterApply has it log more than other commands do: whoever runs it wants to see that it does.
func (serveCmd) AfterApply(p *process) error {
	p.usual = slog.LevelInfo
	return nil
}

// Run answers on every platform that has a token, until it is told to stop.
func (c serveCmd) Run(ctx context.Context, a *app.App) error { return a.Serve(ctx, c.files()) }
