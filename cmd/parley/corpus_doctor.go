package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/corpus/ingest"
	"parley/corpus/weburl"
)

type corpusDoctorCmd struct {
	JSON bool `name:"json" help:"Print a line of JSON for each."`
}

func (c corpusDoctorCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithFeeds(ctx, "", func(in *ingest.Ingester) error {
		all, err := in.Doctor(ctx)
		if err != nil {
			return err
		}
		write := writeHealth
		if c.JSON {
			write = func(w io.Writer, h ingest.Health) error { return writeJSON(w, h) }
		}
		for _, h := range all {
			if err := write(p.stdout, h); err != nil {
				return err
			}
		}
		switch {
		case c.JSON:
		case len(all) == 0:
			_, err = fmt.Fprintln(p.stdout, "No feed and no page is followed; parley corpus add ADDRESS follows one.")
		default:
			_, err = fmt.Fprintln(p.stdout, summaryOf(all))
		}
		return err
	})
}

func summaryOf(all []ingest.Health) string {
	count := map[ingest.Condition]int{}
	for _, h := range all {
		count[h.State]++
	}
	var parts []string
	for _, state := range []ingest.Condition{ingest.Suspended, ingest.Failing, ingest.Unasked, ingest.Well} {
		if n := count[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	return fmt.Sprintf("Feeds and pages: %s.", strings.Join(parts, ", "))
}

// writeHealth writes a feed and, below it, what fails and what can be done.
func writeHealth(w io.Writer, h ingest.Health) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", h.Address)
	t := tabwriter.NewWriter(&b, 2, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(t, "  %s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	if added := weburl.Redacted(h.ID); added != h.Address {
		row("added as", "%s", added)
	}
	if h.Title != "" {
		row("title", "%s", h.Title)
	}
	row("state", "%s", stateOf(h))
	if h.Reason != "" {
		row("why", "%s", without(h.Reason, h.Address))
	}
	if do := remedy(h); do != "" {
		row("do", "%s", do)
	}
	documents := fmt.Sprint(h.Documents)
	if h.Waiting > 0 {
		documents = fmt.Sprintf("%d; %d more wait for their page, which parley corpus sync reads", h.Documents, h.Waiting)
	}
	row("documents", "%s", documents)
	row("answered", "%s", timeOr(h.Answered, "never"))
	next := "at once"
	if h.State == ingest.Suspended {
		next = "never"
	}
	row("next", "%s", timeOr(h.Next, next))
	for _, article := range h.Articles {
		row("cannot read", "%s: %s (%s, next %s)", article.Address, without(article.Reason, article.Address),
			times(article.Failures), timeOr(article.Next, "never: it is given up"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func stateOf(h ingest.Health) string {
	switch h.State {
	case ingest.Failing:
		return fmt.Sprintf("%s, %s", h.State, times(h.Failures))
	case ingest.Suspended:
		return fmt.Sprintf("%s, it is no longer asked", h.State)
	}
	return string(h.State)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times in a row", n)
}

// without is a reason that does not name the address which stands above it.
func without(reason, address string) string {
	return strings.TrimPrefix(reason, "fetch "+address+": ")
}

// remedy tells the operator what to do; empty if there is nothing to be done.
func remedy(h ingest.Health) string {
	name := h.ID
	if weburl.Redacted(name) != name {
		name = "ID" // it may hold a secret
	}
	var do string
	switch h.State {
	case ingest.Failing:
		do = fmt.Sprintf("it is asked again by itself; parley corpus sync %s asks at once, parley corpus remove %[1]s ends it", name)
	case ingest.Suspended:
		do = fmt.Sprintf("parley corpus restore %s has it asked again, parley corpus remove %[1]s forgets it", name)
	case ingest.Unasked:
		return "parley corpus sync asks it"
	default:
		return ""
	}
	if name != h.ID {
		do += "; parley corpus doctor --json shows its ID"
	}
	return do
}

// timeOr is a moment for people, or otherwise where there is none.
func timeOr(t time.Time, otherwise string) string {
	if t.IsZero() {
		return otherwise
	}
	return t.Local().Format(time.RFC3339)
}
