package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/corpus/library"
)

type corpusListCmd struct {
	periodFlags
	Publisher string  `placeholder:"NAME" help:"Of this publisher alone."`
	Title     string  `placeholder:"TEXT" help:"With this in the title."`
	Origin    *string `placeholder:"KIND" enum:"feed,page,file,configured,built-in" help:"From this kind of origin: feed, page, file, configured or built-in."`
	Withdrawn bool    `help:"Those that are no longer quoted."`
	Limit     int     `default:"50" help:"How many, 0 for all."`
	JSON      bool    `name:"json" help:"Print a line of JSON a document."`
}

func (c corpusListCmd) Run(ctx context.Context, p *process, a *app.App) error {
	if c.Limit < 0 {
		return usageError{fmt.Errorf("--limit is %d; it must be 0 or more", c.Limit)}
	}
	query, err := c.query(p.now())
	if err != nil {
		return err
	}
	return a.WithLibrary(ctx, func(lib *library.Library) error {
		out := bufio.NewWriter(p.stdout)
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		write := func(e library.Entry) error {
			date := cmp.Or(e.Published.String(), "undated")
			_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", e.ID, date, e.Publisher, e.Title)
			return err
		}
		if c.JSON {
			write = func(e library.Entry) error { return writeJSON(out, cardOf(e)) }
		}
		listed, more, err := eachListed(ctx, lib, query, c.Limit, write)
		if err := errors.Join(err, table.Flush(), out.Flush()); err != nil {
			return err
		}
		c.tell(p, listed, more)
		return nil
	})
}

// tell says what the list alone does not: that it is cut, or why it is empty.
func (c corpusListCmd) tell(p *process, listed int, more bool) {
	switch {
	case more:
		p.notify("there are more than %d documents; --limit 0 lists all", listed)
	case listed == 0 && c == corpusListCmd{Limit: c.Limit, JSON: c.JSON}:
		p.notify("the library has no documents; parley corpus add takes some in")
	case listed == 0:
		p.notify("the library has no such documents; parley corpus list --limit 0 lists all that are quoted")
	}
}

func (c corpusListCmd) query(now time.Time) (library.Query, error) {
	q := library.Query{Publisher: c.Publisher, Title: c.Title, Withdrawn: c.Withdrawn}
	if c.Origin != nil {
		q.Origin.Kind = *c.Origin
	}
	period, err := c.period(now)
	q.From, q.Before = period.Since, period.Until
	return q, err
}

const listPage = 1000

// eachListed reads page after page, limit documents in all or, for 0, every one; done is how many.
func eachListed(ctx context.Context, lib *library.Library, q library.Query, limit int,
	do func(library.Entry) error) (done int, more bool, err error) {
	for {
		q.Limit = listPage
		if limit > 0 {
			q.Limit = min(limit-done, listPage)
		}
		page, next, err := lib.List(ctx, q)
		if err != nil {
			return done, false, err
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return done, false, err
			}
			done++
		}
		if q.After = next; next == "" || done == limit {
			return done, next != "", nil
		}
	}
}

// card is a document for programs.
type card struct {
	corpus.Source
	Origin    string           `json:"origin"`
	FirstSeen time.Time        `json:"first_seen"`
	Fetched   time.Time        `json:"fetched"`
	Withdrawn *withdrawnCard   `json:"withdrawn,omitempty"`
	Text      string           `json:"text,omitempty"`
	AlsoIn    []corpus.Source  `json:"also_in,omitempty"`
	Revisions []revisionOfCard `json:"revisions,omitempty"`
}

type withdrawnCard struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

type revisionOfCard struct {
	Number int       `json:"number"`
	Title  string    `json:"title"`
	Seen   time.Time `json:"seen"`
	Bytes  int       `json:"bytes"`
}

func cardOf(e library.Entry) card {
	c := card{
		Source: e.Cited().Source, Origin: e.Origin.String(), FirstSeen: e.FirstSeen, Fetched: e.Fetched, Text: e.Text,
	}
	if w := e.Withdrawal; !w.At.IsZero() {
		c.Withdrawn = &withdrawnCard{w.At, w.By, w.Reason}
	}
	return c
}

type corpusShowCmd struct {
	ID       string `arg:"" help:"Of the document, as \"parley corpus list\" and citations show it."`
	Revision int    `placeholder:"N" help:"With the text that it had in this revision, from 1."`
	JSON     bool   `name:"json" help:"Print it as JSON."`
}

func (c corpusShowCmd) Run(ctx context.Context, p *process, a *app.App) error {
	return a.WithLibrary(ctx, func(lib *library.Library) error {
		shown, err := c.read(ctx, lib)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(p.stdout, shown)
		}
		_, err = io.WriteString(p.stdout, shown.String())
		return err
	})
}

func (c corpusShowCmd) read(ctx context.Context, lib *library.Library) (shown card, err error) {
	e, err := lib.Get(ctx, c.ID)
	if errors.Is(err, library.ErrNotFound) {
		return card{}, fmt.Errorf("the library has no document %q; parley corpus list shows the documents, with --withdrawn those that are not quoted", c.ID)
	}
	if err == nil && c.Revision != 0 {
		if last := e.Revision; c.Revision < 1 || c.Revision > last {
			return card{}, fmt.Errorf("document %q has no revision %d; its last one is %d", c.ID, c.Revision, last)
		}
		e, _, err = lib.Revision(ctx, c.ID, c.Revision)
	}
	if err != nil {
		return card{}, err
	}
	shown = cardOf(e)
	revisions, err := lib.Revisions(ctx, c.ID)
	if err != nil {
		return card{}, err
	}
	for _, r := range revisions {
		shown.Revisions = append(shown.Revisions, revisionOfCard{r.Number, r.Title, r.Seen, len(r.Text)})
	}
	others, err := lib.AlsoIn(ctx, c.ID)
	for _, other := range others {
		shown.AlsoIn = append(shown.AlsoIn, other.Source)
	}
	return shown, err
}

// String is the card for people: what is known line by line, then the text.
func (c card) String() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-11s %s\n", name+":", value)
		}
	}
	line("Document", c.ID)
	line("Title", c.Title)
	line("Publisher", c.Publisher)
	line("Author", c.Author)
	line("Published", c.Published.String())
	line("Link", c.URL)
	line("Language", c.Language)
	line("Licence", c.License)
	for _, ref := range c.BasedOn {
		line("Based on", strings.Join([]string{ref.Title, ref.Publisher, ref.URL}, ", "))
	}
	line("Origin", c.Origin)
	line("First seen", c.FirstSeen.Format(time.RFC3339))
	line("Fetched", c.Fetched.Format(time.RFC3339))
	if w := c.Withdrawn; w != nil {
		line("Withdrawn", fmt.Sprintf("%s by %s: %s", w.At.Format(time.RFC3339), w.By, w.Reason))
	}
	if len(c.Revisions) > 1 {
		for _, r := range c.Revisions {
			line("Revision", fmt.Sprintf("%d, seen %s, %d bytes, %q", r.Number, r.Seen.Format(time.RFC3339), r.Bytes, r.Title))
		}
	}
	for _, other := range c.AlsoIn {
		line("Also in", strings.Join([]string{other.ID, other.Publisher, other.URL}, ", "))
	}
	return b.String() + "\n" + c.Text + "\n"
}

// MarshalJSON writes the lists of a source as lists, also where they are empty.
func (c card) MarshalJSON() ([]byte, error) {
	type plain card
	c.BasedOn = append([]corpus.Reference{}, c.BasedOn...)
	return json.Marshal(plain(c))
}
