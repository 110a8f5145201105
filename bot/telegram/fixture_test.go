package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/bottest"
	"parley/bot/bottest/telegramtest"
	"parley/bot/telegram"
	"parley/bot/wording"
	"parley/corpus/briefs"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/bleveindex"
)

// today is the day on which all tests ask, two days after the newest brief.
var today = time.Date(2026, 5, 10, 9, 0, 0, 0, time.UTC)

// scratch is the folder of the index of the briefs.
var scratch string

func TestMain(m *testing.M) { os.Exit(inScratch(m.Run)) }

// inScratch runs the tests and then sees that they left no goroutine behind.
func inScratch(run func() int) int {
	var err error
	if scratch, err = os.MkdirTemp("", "parley-telegram-test"); err != nil {
		panic(err)
	}
	code := run()
	if opened != nil {
		err = opened.Close()
	}
	if err := errors.Join(err, os.RemoveAll(scratch), leftover()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// leftover is an error with the goroutines that are still in code of this project.
func leftover() error {
	var stacks []string
	for range 100 {
		buf := make([]byte, 1<<20)
		stacks = nil
		for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(stack, "parley/bot/") && !strings.Contains(stack, "telegram_test.leftover") {
				stacks = append(stacks, stack)
			}
		}
		if len(stacks) == 0 {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("goroutines were left behind:\n%s", strings.Join(stacks, "\n\n"))
}

var opened *bleveindex.Index

// record asks the built-in briefs.
var record = sync.OnceValue(func() *index.Asker {
	dir := filepath.Join(scratch, "briefs")
	must(0, bleveindex.Build(context.Background(), dir, must(briefs.Documents()), bleveindex.BuildOptions{Lexicon: names(), Now: today}))
	opened = must(bleveindex.Open(context.Background(), dir, 0))
	return must(index.NewAsker(opened, names()))
})

var names = sync.OnceValue(func() *lexicon.Lexicon { return must(lexicon.Default()) })

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// realCore is the bot over the briefs.
func realCore(log *slog.Logger) *bot.Bot {
	return bot.New(bot.Options{
		Index: record(), Lexicon: names(), Now: func() time.Time { return today }, Log: log, Commands: []bot.Command{new(bottest.Digests).Command(names())},
	})
}

// fakeCore says what the test wants.
type fakeCore struct {
	commands []bot.Command
	handle   func(context.Context, bot.Request) bot.Reply

	mu    sync.Mutex
	asked []bot.Request
	kept  map[string]bot.Action
}

func (f *fakeCore) Commands() []bot.Command { return f.commands }

func (f *fakeCore) Handle(ctx context.Context, req bot.Request) bot.Reply {
	f.mu.Lock()
	f.asked = append(f.asked, req)
	f.mu.Unlock()
	return f.handle(ctx, req)
}

func (f *fakeCore) requests() []bot.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]bot.Request{}, f.asked...)
}

func (f *fakeCore) ActionKey(_ context.Context, a bot.Action) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[string]bot.Action{}
	}
	key := a.Command + "|" + a.Args["page"]
	f.kept[key] = a
	return key, nil
}

func (f *fakeCore) ActionOf(_ context.Context, key string) (string, bot.Args, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, ok := f.kept[key]
	return a.Command, a.Args, ok, nil
}

// echo answers every request with its own words.
func echo() *fakeCore {
	return &fakeCore{
		commands: []bot.Command{{Name: "ask", About: wording.Phrase("Ask the record"), Options: []argument.Option{{Name: "question", About: "What to look for", Required: true, Rest: true}}}, {Name: "help", About: wording.Phrase("Show what can be asked")}},
		handle: func(_ context.Context, req bot.Request) bot.Reply {
			return says(req.Command + "<" + req.Text + ">")
		},
	}
}

// heldBack is a core that says when it has begun with a request, and answers it when it
// is let go on.
func heldBack() (core *fakeCore, begun, goOn chan struct{}) {
	core, begun, goOn = echo(), make(chan struct{}), make(chan struct{})
	core.handle = func(_ context.Context, req bot.Request) bot.Reply {
		begun <- struct{}{}
		<-goOn
		return says("<" + req.Text + ">")
	}
	return core, begun, goOn
}

func says(text string) bot.Reply {
	return bot.Reply{Blocks: []bot.Block{bot.Text{Line: bot.Line{{Text: text}}}}}
}

// memory is a Store that a test can look into. It outlives the bot, as a database does.
type memory struct {
	mu         sync.Mutex
	offset     int64
	handled    map[int64]bool
	moved      map[string]string
	suspended  map[string]string
	files      map[string]string
	registered map[string]string
}

func newMemory() *memory {
	return &memory{handled: map[int64]bool{}, moved: map[string]string{}, suspended: map[string]string{}, files: map[string]string{}, registered: map[string]string{}}
}

func (m *memory) locked(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

func (m *memory) Offset(context.Context, int64) (offset int64, err error) {
	m.locked(func() { offset = m.offset })
	return offset, nil
}

func (m *memory) Commit(_ context.Context, _, update int64) error {
	m.locked(func() { m.offset = max(m.offset, update+1) })
	return nil
}

func (m *memory) Handled(_ context.Context, _, update int64) (done bool, err error) {
	m.locked(func() { done = m.handled[update] })
	return done, nil
}

func (m *memory) MarkHandled(_ context.Context, _, update int64) (first bool, err error) {
	m.locked(func() { first = !m.handled[update]; m.handled[update] = true })
	return first, nil
}

func (m *memory) MoveChat(_ context.Context, from, to string) error {
	m.locked(func() { m.moved[from] = to })
	return nil
}

func (m *memory) Suspend(_ context.Context, chat, reason string) error {
	m.locked(func() { m.suspended[chat] = reason })
	return nil
}

func (m *memory) Resume(_ context.Context, chat string) (was bool, err error) {
	m.locked(func() { _, was = m.suspended[chat]; delete(m.suspended, chat) })
	return was, nil
}

func (m *memory) FileID(_ context.Context, key string) (id string, err error) {
	m.locked(func() { id = m.files[key] })
	return id, nil
}

func (m *memory) SetFileID(_ context.Context, key, id string) error {
	m.locked(func() { m.files[key] = id })
	return nil
}

func (m *memory) Registered(_ context.Context, key string) (hash string, err error) {
	m.locked(func() { hash = m.registered[key] })
	return hash, nil
}

func (m *memory) SetRegistered(_ context.Context, key, hash string) error {
	m.locked(func() { m.registered[key] = hash })
	return nil
}

func (m *memory) suspensions() (all map[string]string) {
	m.locked(func() { all = maps.Clone(m.suspended) })
	return all
}

func (m *memory) moves() (all map[string]string) {
	m.locked(func() { all = maps.Clone(m.moved) })
	return all
}

// world is a fake of Telegram with a bot on it.
type world struct {
	*testing.T
	tg      *telegramtest.Server
	store   *memory
	log     *slog.Logger
	options telegram.Options

	bot     *telegram.Telegram
	stop    context.CancelFunc
	running chan error
}

// newWorld makes a world whose bot does not run yet. In the end the bot is stopped and
// must not have broken a rule of Telegram's.
func newWorld(t *testing.T, o telegramtest.Options, core func(*slog.Logger) telegram.Core) *world {
	t.Helper()
	w := &world{T: t, tg: telegramtest.New(o), store: newMemory()}
	w.log = slog.New(slog.NewTextHandler(w.tg.Log(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.options = telegram.Options{Token: w.tg.Token(), APIURL: w.tg.URL(), Core: core(w.log), Store: w.store, Log: w.log}
	if o.Clock != nil {
		w.options.Clock = o.Clock
	}
	t.Cleanup(func() {
		if w.stop != nil {
			w.stops()
		}
		w.tg.Close()
		for _, v := range w.tg.Violations() {
			t.Errorf("violation: %s", v)
		}
		if t.Failed() {
			t.Logf("log:\n%s", w.tg.Logged())
		}
	})
	return w
}

// quick is newWorld where time passes so fast that the pace of sending does not count.
func quick(t *testing.T, core func(*slog.Logger) telegram.Core) *world {
	t.Helper()
	clock := telegramtest.NewManualClock(today)
	passing(t, clock) // first, so that it goes on until the bot has stopped
	return newWorld(t, telegramtest.Options{Clock: clock, QueryAge: 100 * time.Hour}, core)
}

func overBriefs(log *slog.Logger) telegram.Core { return realCore(log) }

func over(core telegram.Core) func(*slog.Logger) telegram.Core {
	return func(*slog.Logger) telegram.Core { return core }
}

// starts runs the bot.
func (w *world) starts() *world {
	w.Helper()
	w.bot = must(telegram.New(w.options))
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.running = stop, make(chan error, 1)
	bot, running := w.bot, w.running
	go func() { running <- bot.Run(ctx) }()
	return w
}

// stops ends the bot, which must do so without an error.
func (w *world) stops() {
	w.Helper()
	w.stop()
	if err := w.ended(); err != nil {
		w.Errorf("Run: %v", err)
	}
}

// ended waits for the end of Run.
func (w *world) ended() error {
	w.Helper()
	w.stop = nil
	select {
	case err := <-w.running:
		return err
	case <-time.After(30 * time.Second):
		w.Fatal("Run does not end")
		return nil
	}
}

// soon is a context in which what happens at all happens.
func (w *world) soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	w.Cleanup(cancel)
	return ctx
}

// ask says something and returns the answer.
func (w *world) ask(u *telegramtest.User, where telegramtest.Place, text string) telegramtest.Message {
	w.Helper()
	m, err := u.Ask(w.soon(), where, text)
	if err != nil {
		w.Fatal(err)
	}
	return m
}

// post sends a reply of the bot's own accord, part by part, and returns the ids of the
// messages, those before a failure with it, too.
func (w *world) post(ctx context.Context, chat int64, reply bot.Reply) (ids []string, err error) {
	return w.postAt(ctx, bot.Place{Chat: "telegram/" + itoa(chat)}, reply)
}

func (w *world) postAt(ctx context.Context, to bot.Place, reply bot.Reply) (ids []string, err error) {
	w.Helper()
	parts, err := w.bot.Render(ctx, to, reply, "")
	if err != nil {
		w.Fatal(err)
	}
	for _, part := range parts {
		begun := 0
		id, err := w.bot.SendPart(ctx, bot.Post{Place: to, Part: part.Content, Begin: func(context.Context) error { begun++; return nil }})
		if err != nil {
			return ids, err
		}
		if begun != 1 {
			w.Errorf("a part was begun %d times", begun)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// next waits for the bot's message after one.
func (w *world) next(after telegramtest.Message) telegramtest.Message {
	w.Helper()
	m, err := w.tg.Next(w.soon(), after)
	if err != nil {
		w.Fatal(err)
	}
	return m
}

// quiet waits until the bot has dealt with all it was told, and holds that it has said
// only so many messages in a chat.
func (w *world) quiet(c *telegramtest.Chat, messages int) {
	w.Helper()
	if err := w.tg.Drained(w.soon()); err != nil {
		w.Fatal(err)
	}
	if said := c.Said(); len(said) != messages {
		w.Errorf("%d messages in chat %d, want %d: %+v", len(said), c.ID(), messages, texts(said))
	}
}

func texts(messages []telegramtest.Message) (all []string) {
	for _, m := range messages {
		all = append(all, m.Plain())
	}
	return all
}
