// Package bot is what Parley says and understands in every chat: one table of
// commands, the answers made of fixed phrases and verbatim quotations, what a
// conversation remembers, and the limits on who may ask how much. It holds no
// markup and knows no platform: adapters turn a message into a Request and a
// Reply into a message. It does not search either: that is the index.
//
// A reply is in the language that the managers of the chat chose, else in the user's own
// where it is spoken, else in English. Quotations, titles and publishers stand as they are
// in their sources.
package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/bot/argument"
	"parley/bot/names"
	"parley/bot/wording"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
)

// Asker answers questions.
type Asker interface {
	Ask(ctx context.Context, q index.Question) (index.Answer, error)
	Plan(ctx context.Context, now time.Time, questions ...string) (*index.Plan, error)
	Check(ctx context.Context, text string, now time.Time) (index.Check, error)
}

// Statements finds in which sentences who takes which position.
type Statements interface {
	Statements(ctx context.Context, q index.StatementQuery) (index.Statements, error)
	StatementsByTopic(ctx context.Context, actor string, within index.Period) ([]index.TopicStatements, index.Record, error)
}

// Positions sets the positions of several actors beside each other.
type Positions interface {
	Compare(ctx context.Context, topic string, actors []string, within index.Period, now time.Time) (index.Comparison, error)
	Timeline(ctx context.Context, topic string, actors []string, within index.Period, events bool) (index.Timeline, error)
}

// Sources tells what the record is made of.
type Sources interface {
	Document(ctx context.Context, id string) (source corpus.Source, passages []*index.Passage, ok bool, err error)
	Publishers() ([]index.Publisher, error)
	Record() (index.Record, error)
}

// Index is what the core needs of the index.
type Index interface {
	Asker
	Statements
	Positions
	Sources
}

// Archive finds what the index does not have any more: texts that were corrected, and
// documents that were withdrawn.
type Archive interface {
	// Archived returns a document in one of its revisions, from 1, or in its last for 0;
	// ok is false if there never was one. One that is withdrawn has no passages.
	Archived(ctx context.Context, id string, revision int) (source corpus.Source, passages []*index.Passage, past Past, ok bool, err error)
}

// Past says why a text is not quoted any more.
type Past struct {
	Replaced  time.Time // when the text was corrected; zero for the current one
	Withdrawn time.Time // when the document was; zero if it is not
}

// ActorCommand is the short form of "/stance" for one actor.
type ActorCommand struct {
	Name  string // 1 to 32 lower-case ASCII letters and digits
	Actor string // id
}

// Options are what a Bot is made of. Index, Lexicon, Now and Log are required.
type Options struct {
	Index   Index
	Lexicon *lexicon.Lexicon
	Now     func() time.Time
	Log     *slog.Logger
	// MaxPassages is the most passages in one reply, 1 to 5; 0 means 5.
	MaxPassages int
	// ActorCommands are the actors with a command of their own.
	ActorCommands []ActorCommand
	// Commands are those of other packages. They stand in the table between the commands
	// about the record and those about the bot.
	Commands []Command
	// Archive resolves citations of what is quoted no more; nil: they lead nowhere.
	Archive Archive
	// Settings and Actions are kept in memory where they are nil, and lost with it.
	Settings Settings
	Actions  Actions
	// Digests are what "/digest" works on; nil: there is no such command.
	Digests Digests
	// Digest are the time and the time zone of a subscription that names none.
	Digest DigestDefaults
	// Suspensions tells "/doctor" where digests are not posted; nil: nobody knows.
	Suspensions Suspensions
	// Forget removes what is kept about a user, for "/forgetme"; nil: there is nothing but
	// what the core itself remembers.
	Forget func(ctx context.Context, user string) error
	// Alone tells that one user talks to the bot, on a console: no chat has managers or
	// channels, and nothing is kept about anybody. Of its settings the language is left.
	Alone bool
	// Allow says whether this user may have another command handled now, as a Limiter
	// does; nil allows all.
	Allow func(user string) bool
}

// Bot answers requests. It is safe for concurrent use.
type Bot struct {
	lexicon     *lexicon.Lexicon
	actors      *names.Names
	topics      *names.Names
	index       Index
	archive     Archive
	now         func() time.Time
	log         *slog.Logger
	maxPassages int
	allow       func(user string) bool
	settings    Settings
	actions     Actions
	digests     Digests
	digest      DigestDefaults
	suspensions Suspensions
	forget      func(ctx context.Context, user string) error
	alone       bool
	commands    []Command
	sessions    *sessions
	changing    sync.Mutex // held while settings are changed
}

// New makes a Bot with an empty memory.
func New(o Options) *Bot {
	b := &Bot{
		lexicon: o.Lexicon, actors: names.Actors(o.Lexicon), topics: names.Topics(o.Lexicon), index: o.Index, archive: o.Archive, now: o.Now, log: o.Log,
		maxPassages: o.MaxPassages, allow: o.Allow, settings: o.Settings, actions: o.Actions,
		digests: o.Digests, digest: o.Digest, suspensions: o.Suspensions, forget: o.Forget, alone: o.Alone,
		sessions: newSessions(maxConversations, sessionAge),
	}
	if b.maxPassages < 1 || b.maxPassages > MaxPassages {
		b.maxPassages = MaxPassages
	}
	if b.settings == nil {
		b.settings = newSettingsInMemory()
	}
	if b.actions == nil {
		b.actions = newActionsInMemory()
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
	p := b.in(req.Language)
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

// Run carries out one request in its own language, whatever the settings of its chat. A
// Refusal is an error that the user may read.
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

// Arguments are the arguments of a command as its handler gets them, names resolved to
// ids and dates to days, and the period that they name.
func (b *Bot) Arguments(command string, args Args) (Args, index.Period, error) {
	cmd, ok := b.command(command)
	if !ok {
		return nil, index.Period{}, wording.Refuse("no_command", wording.Data{"Command": argument.Echo(command)})
	}
	args, err := cmd.form().Read(args, "")
	if err != nil {
		return nil, index.Period{}, err
	}
	period, err := within(args)
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

// command finds "stance" or, with its sub-command, "digest list".
func (b *Bot) command(path string) (Command, bool) { return find(b.commands, commandPath(path)) }
