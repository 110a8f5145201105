package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/bot/argument"
	"parley/bot/button"
	"parley/bot/names"
	"parley/bot/session"
	"parley/bot/wording"
	"parley/index/when"
)

const (
	maxConversations = 10_000 // that are remembered, and actions that are kept in memory
	sessionAge       = time.Hour
)

// New makes a Bot with an empty memory.
func New(o Options) *Bot {
	b := &Bot{
		lexicon: o.Lexicon, actors: names.Actors(o.Lexicon), topics: names.Topics(o.Lexicon),
		index: o.Index, archive: o.Archive, now: o.Now, log: o.Log,
		maxPassages: o.MaxPassages, allow: o.Allow, settings: o.Settings,
		suspensions: o.Suspensions, forget: o.Forget, alone: o.Alone,
		memory: session.NewMemory(maxConversations, sessionAge),
	}
	if b.maxPassages < 1 || b.maxPassages > MaxPassages {
		b.maxPassages = MaxPassages
	}
	if b.settings == nil {
		b.settings = &settingsInMemory{chats: map[string]ChatSettings{}}
	}
	b.buttons = button.Keys{Store: o.Actions, Find: func(command string) (argument.Form, bool) {
		c, ok := b.command(command)
		return c.form(), ok
	}}
	if o.Actions == nil {
		b.buttons.Store = button.NewInMemory(maxConversations)
	}
	if b.allow == nil {
		b.allow = func(string) bool { return true }
	}
	b.commands = b.table(o.ActorCommands, o.Commands)
	return b
}

// Commands is the table of commands, in the order in which help shows them.
func (b *Bot) Commands() []Command { return b.commands }

// Handle carries out one request, as the settings of its chat have it. It always returns
// something to show: where a command fails, the user gets a safe sentence and the log
// gets the cause.
func (b *Bot) Handle(ctx context.Context, req Request) Reply {
	settings := b.settingsOf(ctx, req.Chat)
	req.Language = wording.In(settings.Language, req.Language).Tag()
	p := b.presenter(req.Language)
	switch {
	case !b.allow(req.User):
		return privately(p.Say("too_fast"))
	case !b.allows(settings, req):
		return p.elsewhere(settings, req)
	}
	reply, err := b.Run(ctx, req)
	var refusal wording.Refusal
	switch {
	case err == nil:
	case errors.As(err, &refusal):
		reply = privately(refusal.In(req.Language))
	case ctx.Err() != nil:
		reply = privately(p.Say("interrupted"))
	default:
		b.log.ErrorContext(ctx, "command failed", "command", req.Command, "conversation", req.Conversation, "err", err)
		reply = privately(p.Say("failed"))
	}
	reply.Private = reply.Private || settings.Private
	return reply
}

// Run carries out one request in its own language. A Refusal is an error that the user may read.
func (b *Bot) Run(ctx context.Context, req Request) (Reply, error) {
	if req.Command == "" {
		req.Command = questionCommand
		if req.Args == nil {
			req.Args = Args{"question": req.Text} // no options are read in a plain question
		}
	}
	cmd, ok := b.command(req.Command)
	if !ok {
		return Reply{}, wording.Refuse("no_command", wording.Data{"Command": argument.Echo(req.Command)})
	}
	if len(cmd.Parts) > 0 {
		var err error
		if cmd, req.Text, err = cmd.typedPart(req.Text); err != nil {
			return Reply{}, err
		}
	}
	args, err := cmd.form().Read(req.Args, req.Text)
	if err != nil {
		return Reply{}, err
	}
	req.Command, req.Args, req.Language = cmd.Path(), args, wording.In(req.Language).Tag()
	return cmd.Run(ctx, req)
}

// Arguments are the arguments of a command as its handler gets them, and the period that they name.
func (b *Bot) Arguments(command string, args Args) (Args, when.Period, error) {
	cmd, ok := b.command(command)
	if !ok {
		return nil, when.Period{}, wording.Refuse("no_command", wording.Data{"Command": argument.Echo(command)})
	}
	args, err := cmd.form().Read(args, "")
	if err != nil {
		return nil, when.Period{}, err
	}
	period, err := readPeriod(args)
	return args, period, err
}

// Complete proposes values for an option of a request's command while it is being typed,
// in the language of the reply. It is nil where the option has nothing to propose.
func (b *Bot) Complete(ctx context.Context, req Request, option, typed string) []argument.Choice {
	cmd, _ := b.command(req.Command)
	i := slices.IndexFunc(cmd.Options, func(o argument.Option) bool { return o.Name == option })
	if i < 0 || cmd.Options[i].Complete == nil {
		return nil
	}
	return cmd.Options[i].Complete(wording.In(b.settingsOf(ctx, req.Chat).Language, req.Language), typed)
}

// ActionKey is a text of at most button.MaxKey bytes for ActionOf, also after a restart.
func (b *Bot) ActionKey(ctx context.Context, a Action) (string, error) {
	return b.buttons.Key(ctx, a.Command, a.Args)
}

// ActionOf is the reverse of ActionKey; ok is false for a key that nothing is kept under any more.
func (b *Bot) ActionOf(ctx context.Context, key string) (command string, args Args, ok bool, err error) {
	return b.buttons.Action(ctx, key)
}
