// Package bot is what Parley says and understands in every chat: one table of
// commands, the answers made of fixed phrases and verbatim quotations, what a
// conversation remembers, and the limits on who may ask how much. It holds no
// markup and knows no platform: adapters turn a message into a Request and a
// Reply into a message. It does not search either: that is the index.
package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"parley/corpus"
	"parley/index"
)

// Asker is what the core needs of the index.
type Asker interface {
	Ask(ctx context.Context, q index.Question) (index.Answer, error)
	Document(ctx context.Context, id string) (source corpus.Source, passages []*index.Passage, ok bool, err error)
	Record() (index.Record, error)
}

// Names is what the core needs of the lexicon.
type Names interface {
	// ActorName is the name to show for an actor's id ("European Union").
	ActorName(id string) string
}

// Options are what a Bot is made of. Asker, Names, Now and Log are required.
type Options struct {
	Asker Asker
	Names Names
	Now   func() time.Time
	Log   *slog.Logger
	// MaxPassages is the most passages in one reply, 1 to 5; 0 means 5.
	MaxPassages int
	// Allow says whether this user may have another command handled now; nil allows all.
	Allow func(user string) bool
}

// Bot answers requests. It is safe for concurrent use.
type Bot struct {
	asker       Asker
	names       Names
	now         func() time.Time
	log         *slog.Logger
	maxPassages int
	allow       func(user string) bool
	commands    []Command
	sessions    *sessions
}

// New makes a Bot with an empty memory.
func New(o Options) *Bot {
	b := &Bot{
		asker: o.Asker, names: o.Names, now: o.Now, log: o.Log,
		maxPassages: o.MaxPassages, allow: o.Allow,
		sessions: newSessions(maxConversations, sessionAge),
	}
	if b.maxPassages < 1 || b.maxPassages > MaxPassages {
		b.maxPassages = MaxPassages
	}
	if b.allow == nil {
		b.allow = func(string) bool { return true }
	}
	b.commands = b.table()
	return b
}

// Commands is the table of commands, in the order in which help shows them.
func (b *Bot) Commands() []Command { return b.commands }

// Handle carries out one request. It always returns something to show: where a
// command fails, the user gets a safe sentence and the log gets the cause.
func (b *Bot) Handle(ctx context.Context, req Request) Reply {
	if !b.allow(req.User) {
		return say(sayTooFast)
	}
	reply, err := b.run(ctx, req)
	var refusal Refusal
	switch {
	case err == nil:
		return reply
	case errors.As(err, &refusal):
		return say(string(refusal))
	case ctx.Err() != nil:
		return say(sayInterrupted)
	}
	b.log.ErrorContext(ctx, "command failed", "command", req.Command, "conversation", req.Conversation, "err", err)
	return say(sayFailed)
}

// run finds the command, reads its arguments and calls its handler.
func (b *Bot) run(ctx context.Context, req Request) (Reply, error) {
	if req.Command == "" {
		req.Command = questionCommand
	}
	cmd, ok := b.command(req.Command)
	if !ok {
		return Reply{}, refuse(sayNoCommand, short(req.Command))
	}
	args, err := cmd.arguments(req)
	if err != nil {
		return Reply{}, err
	}
	req.Command, req.Args = cmd.Name, args
	return cmd.Run(ctx, req)
}

// Complete proposes values for an option of a command while it is being typed.
// It is nil where the option has nothing to propose.
func (b *Bot) Complete(ctx context.Context, command, option, typed string) []Choice {
	cmd, ok := b.command(command)
	if !ok {
		return nil
	}
	for _, o := range cmd.Options {
		if o.Name == option && o.Complete != nil {
			return o.Complete(ctx, typed)
		}
	}
	return nil
}

func (b *Bot) command(name string) (Command, bool) {
	for _, c := range b.commands {
		if strings.EqualFold(c.Name, name) {
			return c, true
		}
	}
	return Command{}, false
}
