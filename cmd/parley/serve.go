package main

import (
	"context"
	"log/slog"
)

type serveCmd struct{ recordFlags }

// Run answers on every platform that has a token, until it is told to stop.
func (c serveCmd) Run(ctx context.Context, p *process) error {
	p.usual = slog.LevelInfo // whoever runs it wants to see that it does
	a, err := p.app()
	if err != nil {
		return err
	}
	return a.Serve(ctx, c.files())
}
