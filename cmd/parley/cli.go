package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"parley/bot/console"
	"parley/bot/wording"
	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
)

type cli struct {
	globals

	Chat       chatCmd       `cmd:"" help:"Ask questions and follow-ups, line by line."`
	Serve      serveCmd      `cmd:"" help:"Answer on Discord and Telegram."`
	Ask        askCmd        `cmd:"" help:"Answer one question."`
	Stance     stanceCmd     `cmd:"" help:"Show what an actor said on a topic, the newest first."`
	Compare    compareCmd    `cmd:"" help:"Set actors side by side on a topic."`
	Timeline   timelineCmd   `cmd:"" help:"Show statements and events in the order of time, or draw them."`
	Verify     checkCmd      `cmd:"" name:"check" help:"Show what the record has nearest to the claims of a text."`
	Sources    sourcesCmd    `cmd:"" help:"List what the record is made of, by publisher."`
	Digest     digestCmd     `cmd:"" help:"List subscriptions, preview and post digests, say what became of them."`
	Statements statementsCmd `cmd:"" help:"List the statements found in the documents."`
	Corpus     corpusCmd     `cmd:"" help:"Add documents, feeds and pages to the library, and look after them."`
	Index      indexCmd      `cmd:"" help:"Build the index, or say how it stands."`
	Eval       evalCmd       `cmd:"" help:"Measure answers to a file of judged questions."`
	Check      configCmd     `cmd:"" name:"config" help:"Check the configuration."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// globals are the flags that every subcommand has.
type globals struct {
	Config   string          `env:"PARLEY_CONFIG" placeholder:"FILE" help:"Configuration file (default: parley.toml, if there is one)."`
	DataDir  string          `env:"PARLEY_DATA_DIR" placeholder:"DIR" help:"Where Parley keeps what it builds (default: data)."`
	LogLevel config.LogLevel `placeholder:"LEVEL" help:"What is logged: debug, info, warn or error (default: auto, which is info for serve and warn for the others)."`
}

// recordFlags say which record is asked: the library, or files.
type recordFlags struct {
	Corpus   []string `placeholder:"PATH" sep:"none" help:"File or folder with documents, in place of those in the configuration; repeatable."`
	NoBriefs bool     `help:"Leave the built-in briefs out."`
}

func (f recordFlags) files() app.Files { return app.Files{Paths: f.Corpus, NoBriefs: f.NoBriefs} }

// process holds the surroundings of a subcommand: the streams, the global flags and the clock.
type process struct {
	globals
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	usual          slog.Level   // what is logged where nobody says otherwise
	jsonLog        *slog.Logger // nil where stderr is for people
}

// pace is changed by tests alone, which have no time to wait.
var pace app.Pace

// app reads the configuration and makes what opens all that it names. A flag comes before the environment, the
// environment before the file, the file before the default; kong has put the environment in the place of flags
// that are missing.
func (p *process) app() (*app.App, error) {
	c, _, err := p.config()
	if err != nil {
		return nil, err
	}
	log := p.logger(c.Log)
	if c.Log.JSON() {
		p.jsonLog = log
	}
	notify := func(notice string) { p.notify("%s", notice) }
	return app.New(app.Options{Config: c, Log: log, Now: p.now, Notify: notify, Progress: p.progress, Pace: pace}), nil
}

func (p *process) config() (c config.Config, path string, err error) {
	c, path, err = config.Load(p.Config)
	c.DataDir = cmp.Or(p.DataDir, c.DataDir)
	c.Log.Level = cmp.Or(p.LogLevel, c.Log.Level)
	return c, path, err
}

// parse reads the command line. cmd is nil where help was asked for and printed.
func parse(args []string, stdin io.Reader, stdout, stderr io.Writer) (cmd func(context.Context) error, err error) {
	var grammar cli
	helped := false
	p := &process{stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now, usual: slog.LevelWarn}
	parser, err := newParser(&grammar, kong.Writers(stdout, stderr), kong.Bind(p), kong.BindToProvider(p.app),
		kong.Exit(func(int) { helped = true })) // kong ends the process after help; run returns
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil, nil
	}
	if err != nil {
		return nil, usageError{err}
	}
	p.globals = grammar.globals
	return func(ctx context.Context) error {
		parsed.BindTo(ctx, (*context.Context)(nil))
		return parsed.Run()
	}, nil
}

func newParser(grammar *cli, options ...kong.Option) (*kong.Kong, error) {
	return kong.New(grammar, append(options,
		kong.Name("parley"),
		kong.Description("Parley answers questions about a negotiation from a record of sources: verbatim, attributed, dated; or says that the record has nothing."),
		kong.Vars{"languages": strings.Join(wording.Languages(), " or ")},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)...)
}

// style is how replies look on stdout: for readers on a terminal, exact elsewhere.
func (p *process) style() console.Style {
	fd, ok := terminal(p.stdout)
	if !ok {
		return console.Style{}
	}
	width, _, err := term.GetSize(fd)
	if err != nil || width == 0 {
		width = 80
	}
	// https://no-color.org: any value but the empty one switches colours off.
	colour := os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return console.Style{Width: min(max(width, 40), 100), Colour: colour}
}

// terminal returns the descriptor of a stream that is a terminal.
func terminal(stream any) (fd int, ok bool) {
	if o, is := stream.(*output); is {
		stream = o.Writer
	}
	f, isFile := stream.(*os.File)
	if !isFile {
		return 0, false
	}
	return int(f.Fd()), term.IsTerminal(int(f.Fd()))
}

type readerFlags struct {
	recordFlags
	Language Language `placeholder:"TAG" help:"Language of the interface's own words: ${languages} (default: as LC_ALL, LC_MESSAGES or LANG say, or else en)."`
}

// language is a BCP 47 tag; empty if neither the flag nor the environment names one.
func (f readerFlags) language() string { return cmp.Or(string(f.Language), environmentLanguage()) }

// Language is the tag of a language of the interface.
type Language string

// UnmarshalText refuses languages that the interface does not speak.
func (l *Language) UnmarshalText(text []byte) error {
	*l = Language(strings.ToLower(string(text)))
	if spoken := wording.Languages(); !slices.Contains(spoken, string(*l)) {
		return fmt.Errorf("it is %q; the languages are %s", text, strings.Join(spoken, ", "))
	}
	return nil
}

// environmentLanguage is the language of the process's locale, "uk-UA" for "uk_UA.UTF-8".
// POSIX, Base Definitions 8.2: the first of the three that is set and not empty holds.
func environmentLanguage() string {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if end := strings.IndexAny(locale, ".@"); end >= 0 {
		locale = locale[:end]
	}
	return strings.ReplaceAll(locale, "_", "-")
}
