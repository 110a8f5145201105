package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/index/bleveindex"
)

type indexCmd struct {
	Build  indexBuildCmd  `cmd:"" help:"Build the index where it is missing or does not fit."`
	Status indexStatusCmd `cmd:"" help:"Say how the index stands."`
}

type indexBuildCmd struct {
	recordFlags
	Force bool `help:"Build it again even where it fits."`
}

func (c indexBuildCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithIndex(ctx, c.files(), func(x *app.Index) error {
		s, err := x.Status(ctx)
		if err != nil {
			return err
		}
		if s.State != bleveindex.Equal || s.Behind > 0 || c.Force {
			if err := x.Build(ctx); err != nil {
				return err
			}
			if s, err = x.Status(ctx); err != nil {
				return err
			}
		}
		r := s.Meta.Record
		_, err = fmt.Fprintf(p.stdout, "The index in %s holds %d documents in %d passages.\n", x.Dir, r.Documents, r.Passages)
		return err
	})
}

type indexStatusCmd struct {
	recordFlags
	JSON bool `name:"json" help:"Print it as JSON."`
}

// Run looks at the index without building or changing it.
func (c indexStatusCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithIndexUntouched(ctx, c.files(), func(x *app.Index) error {
		s, err := x.Status(ctx)
		if err != nil {
			return err
		}
		report := reportOf(x.Dir, s)
		if c.JSON {
			return writeJSON(p.stdout, report)
		}
		_, err = fmt.Fprint(p.stdout, report)
		return err
	})
}

type statusReport struct {
	State       string             `json:"state"`
	Why         string             `json:"why"`
	Building    bool               `json:"building"`
	Behind      int64              `json:"behind"` // changes of the library that are applied when it is opened
	Path        string             `json:"path"`
	Documents   int                `json:"documents"`
	Passages    int                `json:"passages"`
	Newest      corpus.PartialDate `json:"newest"`
	Bytes       int64              `json:"bytes"`
	Built       time.Time          `json:"built,omitzero"`
	Mapping     string             `json:"mapping"`
	Corpus      string             `json:"corpus"`
	Fingerprint string             `json:"fingerprint"`
	Problems    []string           `json:"problems"`
}

func reportOf(dir string, s app.Status) statusReport {
	m := s.Meta
	return statusReport{
		State: s.State.String(), Why: s.Why, Building: s.Building, Behind: s.Behind, Path: dir,
		Documents: m.Record.Documents, Passages: m.Record.Passages, Newest: m.Record.Newest,
		Bytes: s.Bytes, Built: m.Built, Mapping: m.Mapping, Corpus: m.Record.Version, Fingerprint: m.Fingerprint,
		Problems: append([]string{}, m.Problems...),
	}
}

// String is the report a line a fact; what is not known of a missing index is left out.
func (r statusReport) String() string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-12s %s\n", name, fmt.Sprintf(format, args...))
	}
	row("state", "%s: %s", r.State, r.Why)
	if r.Building {
		row("building", "another process is building it now")
	}
	if r.Behind > 0 {
		row("behind", "%d changes of the library, applied when it is opened", r.Behind)
	}
	row("path", "%s", r.Path)
	if !r.Built.IsZero() {
		row("documents", "%d", r.Documents)
		row("newest", "%s", r.Newest.Long())
		row("passages", "%d", r.Passages)
		row("size", "%.1f MB", float64(r.Bytes)/1e6)
		row("built", "%s", r.Built.Format(time.RFC3339))
		row("mapping", "%s", r.Mapping)
		row("corpus", "%s", r.Corpus)
		row("fingerprint", "%s", r.Fingerprint)
	}
	for _, problem := range r.Problems {
		row("problem", "%s", problem)
	}
	return b.String()
}
