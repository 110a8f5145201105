// Package app opens, runs and closes what the configuration names: the database, the library, the record with
// its index, the platforms and the digests. The command line that asks for it is package main's, and so is
// everything that is printed.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/bot"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/cmd/parley/internal/config"
	"parley/corpus/database"
	"parley/corpus/fetch"
	"parley/corpus/files"
	"parley/corpus/lexicon"
)

// Options configure an App. All of them are required but Pace.
type Options struct {
	Config config.Config
	Log    *slog.Logger
	Now    func() time.Time
	// Notify tells the operator what went wrong without ending the command.
	Notify func(notice string)
	// Progress tells the operator how far a long piece of work has come; it is called when one begins.
	Progress func(what string) Progress
	Pace     Pace
}

// Pace is how patient an App is. Where it is zero the packages' own values hold.
type Pace struct {
	Lease        time.Duration // how long a process that was killed holds what it had claimed
	HostInterval time.Duration // between two requests to one host
}

// Progress shows how far a piece of work has come.
type Progress interface {
	// Step says that done of total are done.
	Step(done, total int)
	Done()
}

// App opens what its configuration names. What it opens belongs to whoever asked for it.
type App struct{ Options }

// New makes an App; it opens nothing.
func New(o Options) *App { return &App{o} }

func (a *App) openDatabase(ctx context.Context) (*database.DB, error) {
	dsn, err := a.Config.Database.Address()
	if err != nil {
		return nil, err
	}
	if dsn.Reveal() == "" {
		return database.OpenSQLite(ctx, filepath.Join(a.Config.DataDir, "parley.db"))
	}
	return database.OpenPostgres(ctx, dsn.Reveal())
}

// WithStore opens what the bot keeps, and the ledger of its digests, for do.
func (a *App) WithStore(ctx context.Context, do func(*store.Store, *ledger.Ledger) error) (err error) {
	db, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	kept, err := store.New(ctx, db, a.Now)
	if err != nil {
		return err
	}
	return do(kept, ledger.New(db, a.Now))
}

// Client makes a client for foreign addresses. Who calls it closes it.
func (a *App) Client() (*fetch.Client, error) {
	var private []netip.Prefix
	for _, n := range a.Config.Sync.AllowPrivate {
		private = append(private, n.Prefix)
	}
	return fetch.New(fetch.Options{Log: a.Log, Now: a.Now, UserAgent: a.Config.Sync.UserAgent,
		Interval: a.Pace.HostInterval, AllowPrivate: private})
}

func (a *App) reader() files.Reader {
	return files.Reader{MaxBytes: int64(a.Config.Corpus.MaxFileMB) << 20}
}

// findPaths reports every corpus path that does not exist: a record of which a whole
// path is missing is not the record that was meant.
func (a *App) findPaths() error {
	var problems []error
	for _, p := range a.Config.Corpus.Paths {
		if _, err := os.Stat(p); err != nil {
			problems = append(problems, fmt.Errorf("corpus: %w; correct --corpus, or corpus.paths in the configuration", err))
		}
	}
	return errors.Join(problems...)
}

// lexicon reads the embedded lexicon with the operator's own beside it or in its place.
func (a *App) lexicon() (*lexicon.Lexicon, error) {
	c := a.Config.Lexicon
	if c.File == "" {
		return lexicon.Default()
	}
	text, err := os.ReadFile(c.File)
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	own, err := lexicon.Parse(c.File, text)
	if err != nil {
		return nil, err
	}
	if c.Replaces() {
		return lexicon.New(own)
	}
	lex, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	return lex.Extend(own)
}

// actorCommands are the short forms of "/stance" that the configuration names. Of those
// that stand there by default a lexicon of one's own may lack some.
func (a *App) actorCommands(lex *lexicon.Lexicon) ([]bot.ActorCommand, error) {
	var commands []bot.ActorCommand
	var problems []error
	for _, name := range a.Config.Bot.ActorCommands {
		actor, ok := lex.ResolveActor(name)
		if !ok && a.Config.Lexicon.Replaces() && slices.Contains(config.Default().Bot.ActorCommands, name) {
			continue
		}
		if !ok {
			problems = append(problems, fmt.Errorf("bot.actor_commands: the lexicon has no actor called %q", name))
			continue
		}
		commands = append(commands, bot.ActorCommand{Name: name, Actor: actor.ID})
	}
	return commands, errors.Join(problems...)
}

// Check says what is wrong with what the configuration names. It connects to nothing.
func (a *App) Check() error {
	lex, err := a.lexicon()
	if err == nil {
		_, err = a.actorCommands(lex)
	}
	return errors.Join(err, a.findPaths(), a.checkDatabase(), a.checkPlatforms())
}

func (a *App) checkDatabase() error {
	dsn, err := a.Config.Database.Address()
	if err != nil || dsn.Reveal() == "" {
		return err
	}
	if err := database.CheckPostgres(dsn.Reveal()); err != nil {
		return fmt.Errorf("database.dsn: %w", err)
	}
	return nil
}

// checkPlatforms makes the platforms that have a token, which does not connect them.
func (a *App) checkPlatforms() error {
	if err := a.Config.CheckSecrets(); err != nil {
		return err
	}
	quiet := Options{Config: a.Config, Log: slog.New(slog.DiscardHandler)}
	_, err := New(quiet).platforms(new(bot.Bot), new(store.Store))
	return err
}
