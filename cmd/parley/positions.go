package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/console"
	"parley/bot/wording"
	"parley/cmd/parley/internal/app"
	"parley/index"
	"parley/index/when"
)

const maxListed = 1000 // statements that "parley stance --json" prints

// periodFlags are the days between which something was published.
type periodFlags struct {
	Since string `placeholder:"DATE" help:"From this day on: 2025, 2025-03, 14 March 2025, last week."`
	Until string `placeholder:"DATE" help:"Through this day."`
}

// period reads the flags' dates as the commands of the bot read dates.
func (f periodFlags) period(now time.Time) (p when.Period, err error) {
	since, sinceRead := when.Parse(f.Since, now)
	until, untilRead := when.Parse(f.Until, now)
	p = when.Period{Since: since.Since, Until: until.Until}
	switch {
	case f.Since != "" && (!sinceRead || p.Since.IsZero()):
		return p, noDate("--since", f.Since)
	case f.Until != "" && (!untilRead || p.Until.IsZero()):
		return p, noDate("--until", f.Until)
	case f.Since != "" && f.Until != "" && !p.Until.After(p.Since):
		return p, usageError{fmt.Errorf("the time from %q until %q is empty", f.Since, f.Until)}
	}
	return p, nil
}

func noDate(flag, text string) error {
	return usageError{fmt.Errorf("%s is %q, which is no date; dates are written 2025, 2025-03, 14 March 2025, last week or Monday", flag, text)}
}

type stanceCmd struct {
	readerFlags
	periodFlags
	JSON  bool   `name:"json" help:"Print all of the statements, at most 1000, as JSON."`
	Page  string `placeholder:"N" help:"Which part of the list, from 1."`
	Actor string `arg:"" help:"Whose statements, by any name: Russia, Kremlin, Київ."`
	Topic string `arg:"" optional:"" help:"On which topic; without one, the latest on each."`
}

func (c stanceCmd) Run(ctx context.Context, p *process, a *app.App) error {
	args := bot.Args{"actor": c.Actor, "topic": c.Topic, "since": c.Since, "until": c.Until, "page": c.Page}
	data := func(r *index.Asker, args bot.Args, within when.Period) (any, error) {
		q := index.StatementQuery{Actor: args["actor"], Topic: args["topic"], Period: within, Limit: maxListed}
		return r.Statements(ctx, q)
	}
	return tabled{c.readerFlags, "stance", args, c.JSON, data}.show(ctx, p, a)
}

type compareCmd struct {
	readerFlags
	periodFlags
	JSON   bool     `name:"json" help:"Print the comparison as JSON."`
	Topic  string   `arg:"" help:"On which topic."`
	Actors []string `arg:"" optional:"" help:"Which actors; without any, the main ones."`
}

func (c compareCmd) Run(ctx context.Context, p *process, a *app.App) error {
	args := bot.Args{"topic": c.Topic, "actors": strings.Join(c.Actors, ","), "since": c.Since, "until": c.Until}
	data := func(r *index.Asker, args bot.Args, within when.Period) (any, error) {
		return r.Compare(ctx, args["topic"], argument.SplitList(args["actors"]), within, p.now())
	}
	return tabled{c.readerFlags, "compare", args, c.JSON, data}.show(ctx, p, a)
}

type timelineCmd struct {
	readerFlags
	periodFlags
	JSON  bool   `name:"json" help:"Print the marks of the timeline as JSON."`
	PNG   string `name:"png" placeholder:"FILE" help:"Draw the timeline there as well."`
	Actor string `placeholder:"NAME" help:"Whose; without one, the main actors'."`
	Page  string `placeholder:"N" help:"Which part of the list, from 1."`
	Topic string `arg:"" optional:"" help:"On which topic; without one, on all."`
}

func (c timelineCmd) Run(ctx context.Context, p *process, a *app.App) error {
	args := bot.Args{"topic": c.Topic, "actor": c.Actor, "since": c.Since, "until": c.Until, "page": c.Page}
	data := func(r *index.Asker, args bot.Args, within when.Period) (any, error) {
		return r.Timeline(ctx, args["topic"], argument.SplitList(args["actor"]), within, true)
	}
	shown := tabled{c.readerFlags, "timeline", args, c.JSON, data}
	if c.PNG == "" {
		return shown.show(ctx, p, a)
	}
	return shown.show(ctx, p, a, func(reply bot.Reply) error { return writePicture(c.PNG, reply) })
}

func writePicture(path string, reply bot.Reply) error {
	for _, block := range reply.Blocks {
		if p, ok := block.(bot.Picture); ok {
			return writeFile("picture", path, p.Draw)
		}
	}
	return errors.New("there is nothing to draw: no statement or event found has a date; " + path + " was not written")
}

type checkCmd struct {
	readerFlags
	JSON bool     `name:"json" help:"Print what was found as JSON."`
	Text []string `arg:"" optional:"" help:"The text; - or nothing reads it from a pipe."`
}

func (c checkCmd) Run(ctx context.Context, p *process, a *app.App) error {
	text, err := p.text(c.Text, "a text")
	if err != nil {
		return err
	}
	data := func(r *index.Asker, args bot.Args, _ when.Period) (any, error) {
		return r.Check(ctx, args["text"], p.now())
	}
	return tabled{c.readerFlags, "check", bot.Args{"text": text}, c.JSON, data}.show(ctx, p, a)
}

type sourcesCmd struct {
	readerFlags
	JSON bool   `name:"json" help:"Print the publishers as JSON."`
	Page string `placeholder:"N" help:"Which part of the list, from 1."`
}

func (c sourcesCmd) Run(ctx context.Context, p *process, a *app.App) error {
	data := func(r *index.Asker, _ bot.Args, _ when.Period) (any, error) { return r.Publishers() }
	return tabled{c.readerFlags, "sources", bot.Args{"page": c.Page}, c.JSON, data}.show(ctx, p, a)
}

// tabled is a command of the bot's table.
type tabled struct {
	readerFlags
	command string
	args    bot.Args
	asJSON  bool
	// data is what the command shows; its arguments are those that the table has read.
	data func(*index.Asker, bot.Args, when.Period) (any, error)
}

// show prints the reply of the command, or its data as JSON. A refusal is an error of usage.
func (t tabled) show(ctx context.Context, p *process, a *app.App, also ...func(bot.Reply) error) error {
	return a.WithRecord(ctx, t.files(), func(r *app.Record) error {
		core := r.Bot(nil)
		args, within, err := core.Arguments(t.command, t.args)
		if err != nil {
			return refused(err)
		}
		var reply bot.Reply
		if !t.asJSON || len(also) > 0 {
			if reply, err = core.Run(ctx, bot.Request{Command: t.command, Args: args, Language: t.language()}); err != nil {
				return refused(err)
			}
		}
		for _, f := range also {
			if err := f(reply); err != nil {
				return err
			}
		}
		if !t.asJSON {
			return console.Render(p.stdout, reply, p.style())
		}
		v, err := t.data(r.Asker, args, within)
		if err != nil {
			return err
		}
		return writeJSON(p.stdout, v)
	})
}

// refused makes what a user may read an error of usage.
func refused(err error) error {
	var refusal wording.Refusal
	if errors.As(err, &refusal) {
		return usageError{errors.New(strings.TrimSuffix(refusal.Error(), "."))}
	}
	return err
}
