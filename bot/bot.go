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
	"log/slog"
	"sync"
	"time"

	"parley/bot/button"
	"parley/bot/names"
	"parley/bot/session"
	"parley/bot/wording"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/when"
)

// MaxPassages is the most passages in one reply.
const MaxPassages = 5

// Asker answers questions.
type Asker interface {
	Ask(ctx context.Context, q index.Question) (index.Answer, error)
	Plan(ctx context.Context, now time.Time, questions ...string) (*index.Plan, error)
	Check(ctx context.Context, text string, now time.Time) (index.Check, error)
}

// Statements finds in which sentences who takes which position.
type Statements interface {
	Statements(ctx context.Context, q index.StatementQuery) (index.Statements, error)
	StatementsByTopic(
		ctx context.Context, actor string, within when.Period,
	) ([]index.TopicStatements, index.Record, error)
}

// Positions sets the positions of several actors beside each other.
type Positions interface {
	Compare(
		ctx context.Context, topic string, actors []string, within when.Period, now time.Time,
	) (index.Comparison, error)
	Timeline(
		ctx context.Context, topic string, actors []string, within when.Period, events bool,
	) (index.Timeline, error)
}

// Sources tells what the record is made of.
type Sources interface {
	Document(ctx context.Context, id string) (source corpus.Source, passages []*index.Passage, ok bool, err error)
	Publishers() ([]index.Publisher, error)
	Record() (index.Record, error)
}

// Index answers questions from the record.
type Index interface {
	Asker
	Statements
	Positions
	Sources
}

// Archive finds texts that were corrected, and documents that were withdrawn.
type Archive interface {
	// Archived returns a document in one of its revisions, from 1, or in its last for 0;
	// ok is false if there never was one. One that is withdrawn has no passages.
	Archived(ctx context.Context, id string, revision int) (
		source corpus.Source, passages []*index.Passage, past Past, ok bool, err error,
	)
}

// Past says why a text is no longer current.
type Past struct {
	Replaced  time.Time // when the text was corrected; zero for the current one
	Withdrawn time.Time // when the document was; zero if it is not
}

// ChatSettings are chosen by the managers of a chat. The zero value has the defaults.
type ChatSettings struct {
	// Language of the interface, a tag of Languages; empty: the user's own where the
	// platform tells it, else English.
	Language string
	Private  bool     // to the caller alone, where a platform can do so
	Channels []string // in which the bot answers; empty: all
}

// Settings keeps the settings of chats.
type Settings interface {
	// ChatSettings returns the zero value for a chat that has none.
	ChatSettings(ctx context.Context, chat string) (ChatSettings, error)
	SetChatSettings(ctx context.Context, chat string, s ChatSettings) error
}

// ActorCommand is the short form of "/stance" for one actor.
type ActorCommand struct {
	Name  string // 1 to 32 lower-case ASCII letters and digits
	Actor string // id
}

// Options configure a Bot. Index, Lexicon, Now and Log are required.
type Options struct {
	Index         Index
	Lexicon       *lexicon.Lexicon
	Now           func() time.Time
	Log           *slog.Logger
	MaxPassages   int            // in one reply, 1 to 5; 0 means 5
	ActorCommands []ActorCommand // actors with a command of their own
	// Commands come from other packages. They stand in the table before those about the bot.
	Commands []Command
	Archive  Archive // resolves citations of what is quoted no more; nil: they lead nowhere
	// Settings and Actions are kept in memory where they are nil, and lost with it.
	Settings    Settings
	Actions     button.Store
	Suspensions Suspensions // where digests are not posted, for "/doctor"; nil: it says nothing of it
	// Forget removes what is stored about a user, for "/forgetme"; nil: nothing is stored,
	// and "/forgetme" clears only what the Bot remembers of the conversation.
	Forget func(ctx context.Context, user string) error
	// Alone tells that one user talks to the bot, on a console: no chat has managers or
	// channels, and nothing is kept about anybody. Of its settings the language is left.
	Alone bool
	Allow func(user string) bool // whether the user may have another command handled now; nil: always
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
	buttons     button.Keys
	suspensions Suspensions
	forget      func(ctx context.Context, user string) error
	alone       bool
	commands    []Command
	memory      *session.Memory
	changing    sync.Mutex // held while settings are changed
}

// presenter returns a presenter in the language nearest to a BCP 47 tag.
func (b *Bot) presenter(language string) Presenter {
	return Presenter{wording.In(language), b.lexicon, b.actors, b.topics}
}
