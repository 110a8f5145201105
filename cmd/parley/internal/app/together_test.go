package app

import (
	"context"
	"errors"
	"testing"
)

// runs is a service made of a function.
type runs func(context.Context) error

func (r runs) Run(ctx context.Context) error { return r(ctx) }

func TestBeingToldToStopIsNoFailureOfAService(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	stops := runs(func(ctx context.Context) error { <-ctx.Done(); return nil })
	interrupted := runs(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	fails := runs(func(context.Context) error { return broken })
	failsWhenStopped := runs(func(ctx context.Context) error { <-ctx.Done(); return broken })
	for _, c := range []struct {
		name     string
		told     bool // to stop
		services []service
		want     error
	}{
		{"all stop", true, []service{stops, interrupted}, nil},
		{"one fails while it stops", true, []service{interrupted, failsWhenStopped}, broken},
		{"one fails and stops the others", false, []service{stops, interrupted, fails}, broken},
		{"one is cancelled though nobody was told", false, []service{runs(func(context.Context) error { return context.Canceled })}, context.Canceled},
	} {
		ctx, stop := context.WithCancel(t.Context())
		if c.told {
			stop()
		}
		if err := together(ctx, c.services); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		stop()
	}
}
