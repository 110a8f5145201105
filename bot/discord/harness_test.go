package discord

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/bottest/discordtest"
	"parley/bot/discord/gateway"
	"parley/bot/wording"
)

// TestMain fails if any goroutine is left when all tests are over. bleve starts its
// workers when it is loaded.
//
// Eight tests run at a time, whatever the number of cores: nearly all of their time is
// spent asleep, since discordgo alone sleeps for a second whenever it closes a connection.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// fakeCore is a core that says what a test wants.
type fakeCore struct {
	forgets  bool // does not keep what it is asked
	commands []bot.Command
	answer   func(ctx context.Context, req bot.Request) bot.Reply // nil: echoes

	mu      sync.Mutex
	asked   []bot.Request
	actions map[string]bot.Action
}

func (f *fakeCore) Handle(ctx context.Context, req bot.Request) bot.Reply {
	if !f.forgets {
		f.mu.Lock()
		f.asked = append(f.asked, req)
		f.mu.Unlock()
	}
	if f.answer != nil {
		return f.answer(ctx, req)
	}
	return sentence(fmt.Sprintf("/%s %v %s", req.Command, req.Args, req.Text))
}

func (f *fakeCore) Commands() []bot.Command { return f.commands }

func (f *fakeCore) Complete(_ context.Context, req bot.Request, option, typed string) []argument.Choice {
	return []argument.Choice{{Name: req.Command + " " + option + " " + typed, Value: typed}}
}

func (f *fakeCore) ActionKey(_ context.Context, a bot.Action) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.actions == nil {
		f.actions = map[string]bot.Action{}
	}
	key := fmt.Sprintf("%s|%v", a.Command, a.Args)
	f.actions[key] = a
	return key, nil
}

func (f *fakeCore) ActionOf(_ context.Context, key string) (string, bot.Args, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, ok := f.actions[key]
	return a.Command, a.Args, ok, nil
}

func (f *fakeCore) requests() []bot.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]bot.Request(nil), f.asked...)
}

func sentence(text string) bot.Reply {
	return bot.Reply{Blocks: []bot.Block{bot.Text{Line: bot.Line{{Text: text}}}}}
}

// someCommands are enough of a table for most tests.
func someCommands() []bot.Command {
	none := func(wording.Language, string) []argument.Choice { return nil }
	return []bot.Command{
		{Name: "ask", About: wording.Phrase("Ask"), Options: []argument.Option{{Name: "question", About: "What", Required: true}}},
		{Name: "stance", About: wording.Phrase("Stance"), Options: []argument.Option{
			{Name: "actor", About: "Who", Required: true, Complete: none}, {Name: "page", About: "Page", Type: argument.Integer},
		}},
		{Name: "settings", About: wording.Phrase("Settings")},
	}
}

// store keeps the hash in memory.
type store struct {
	mu        sync.Mutex
	hash      map[string]string
	suspended []string
	resumed   []string
}

func (s *store) Registered(_ context.Context, key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hash[key], nil
}

func (s *store) SetRegistered(_ context.Context, key, hash string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hash[key] = hash
	return nil
}

func (s *store) Suspend(_ context.Context, chat, reason string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.suspended = append(s.suspended, chat+": "+reason)
	return nil
}

func (s *store) Resume(_ context.Context, chat string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resumed = append(s.resumed, chat)
	return true, nil
}

// logs collects a log; it is looked at for tokens when the test ends.
type logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// world is a Discord with the adapter on it.
type world struct {
	t    *testing.T
	fake *discordtest.Server
	bot  *Discord
	core *fakeCore
	logs *logs

	store  *store
	cancel context.CancelFunc
	ended  chan error

	tolerate bool // violations are what the test is about
}

const botToken = "MTIz.secret-of-the-bot.abc"

// settings are what a test wants otherwise.
type setup struct {
	fake  discordtest.Options
	core  Core
	tweak func(*Options)
	idle  bool // do not run
	// alone is for tests that keep the processor busy: side by side with others, an answer
	// to an interaction would not always get through in Discord's 3 s.
	alone bool
	// unready is for tests whose bot does not get that far.
	unready bool
}

// begin starts a Discord and the adapter. When the test ends the adapter is stopped; it
// must have done nothing that a well-behaved bot does not, and left no goroutine.
func begin(t *testing.T, s setup) *world {
	t.Helper()
	if !s.alone {
		t.Parallel() // most tests wait for timers of the library's
	}
	s.fake.Token = botToken
	if s.fake.IdentifyEvery == 0 {
		s.fake.IdentifyEvery = -1
	}
	w := &world{t: t, fake: discordtest.New(s.fake), core: &fakeCore{commands: someCommands()}, logs: &logs{}, store: &store{hash: map[string]string{}}}
	o := Options{
		Token: botToken, APIURL: w.fake.URL(), Core: w.core, Commands: w.store, Subscriptions: w.store,
		Log: slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if s.core != nil {
		o.Core = s.core
	}
	if s.tweak != nil {
		s.tweak(&o)
	}
	var err error
	if w.bot, err = New(o); err != nil {
		t.Fatal(err)
	}
	w.bot.identifyEvery = time.Nanosecond
	if s.fake.IdentifyEvery > 0 {
		w.bot.identifyEvery = gateway.IdentifyEvery
	}
	t.Cleanup(func() {
		w.stop()
		if w.bot.idle != nil {
			w.bot.idle()
		}
		w.check()
		w.fake.Close()
	})
	if !s.idle {
		w.run()
	}
	if !s.idle && !s.unready {
		if err := w.fake.AwaitReady(within(t), 1); err != nil {
			t.Fatal(err, w.logs)
		}
	}
	return w
}

func (w *world) run() {
	ctx, cancel := context.WithCancel(w.t.Context())
	w.cancel, w.ended = cancel, make(chan error, 1)
	go func() { w.ended <- w.bot.Run(ctx) }()
}

// stop stops the adapter, which must end by itself.
func (w *world) stop() {
	w.t.Helper()
	if w.cancel == nil {
		return
	}
	w.cancel()
	w.cancel = nil
	if err := w.wait(); err != nil {
		w.t.Errorf("stopped with %v", err)
	}
}

// wait waits for Run to end.
func (w *world) wait() error {
	w.t.Helper()
	select {
	case err := <-w.ended:
		w.cancel = nil
		return err
	case <-time.After(time.Minute):
		w.t.Fatal("Run did not end\n", w.logs)
		return nil
	}
}

func (w *world) check() {
	w.t.Helper()
	for _, v := range w.fake.Violations() {
		if w.tolerate {
			break
		}
		w.t.Error("violation:", v)
	}
	log := w.logs.String()
	if strings.Contains(log, botToken) {
		w.t.Error("the log holds the bot's token")
	}
	for _, r := range w.fake.Requests("") {
		if _, after, ok := strings.Cut(r.Path, "/interactions/"); ok {
			if token := strings.Split(after, "/")[1]; strings.Contains(log, token) {
				w.t.Error("the log holds an interaction's token")
			}
		}
	}
}

// placeOf is a channel as subscriptions name it.
func placeOf(ch *discordtest.Channel) bot.Place {
	if ch.Guild == nil {
		return bot.Place{Chat: chatOf(ch.ID.String()), Channel: ch.ID.String()}
	}
	return bot.Place{Chat: chatOf(ch.Guild.ID.String()), Channel: ch.ID.String()}
}

// post sends a reply of the bot's own accord, part by part, and returns the ids of the
// messages, those before a failure with it, too.
func (w *world) post(ctx context.Context, ch *discordtest.Channel, title, nonce string, reply bot.Reply) (ids []string, err error) {
	w.t.Helper()
	for i, p := range w.parts(ch, title, nonce, reply) {
		if i > 0 {
			p.First = ids[0]
		}
		id, err := w.bot.SendPart(ctx, p)
		if err != nil {
			return ids, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// parts are those of a reply on their way to a channel.
func (w *world) parts(ch *discordtest.Channel, title, nonce string, reply bot.Reply) (posts []bot.Post) {
	w.t.Helper()
	parts, err := w.bot.Render(w.t.Context(), placeOf(ch), reply, title)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, part := range parts {
		p := bot.Post{Place: placeOf(ch), Part: part.Content, Begin: func(context.Context) error { return nil }}
		if nonce != "" {
			p.Nonce = fmt.Sprintf("%s.%d", nonce, i)
		}
		posts = append(posts, p)
	}
	return posts
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("too late"))
	t.Cleanup(cancel)
	return ctx
}

var noLog = slog.New(slog.DiscardHandler)

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// slow answers when released.
func slow(release <-chan struct{}, r bot.Reply) func(context.Context, bot.Request) bot.Reply {
	return func(ctx context.Context, _ bot.Request) bot.Reply {
		select {
		case <-release:
		case <-ctx.Done():
		}
		return r
	}
}

// knows waits until the adapter has heard of a message that it sent.
func (w *world) knows(m discordtest.Message) {
	w.t.Helper()
	w.until("the bot to know its message", func() bool { _, ok := w.bot.conversations.Get(m.ID.String()); return ok })
}

// until waits for what nothing announces.
func (w *world) until(what string, reached func() bool) {
	w.t.Helper()
	for ctx := within(w.t); !reached(); time.Sleep(time.Millisecond) {
		if ctx.Err() != nil {
			w.t.Fatal("waiting for ", what)
		}
	}
}

// illustrated is a reply with quotations, a table, a picture and buttons.
func illustrated() bot.Reply {
	citation := bot.Citation{
		Speaker: "Putin", Publisher: "RTW News", Title: "A [title]", Date: "8 May 2026", URL: "https://rtw.example/a_(b)",
		AlsoIn: []bot.Run{{Text: "Reuters", URL: "https://reuters.example/1"}},
	}
	return bot.Reply{
		Blocks: []bot.Block{
			bot.Heading{Text: "Russia on *Territory*"},
			bot.Quote{
				Number: 1, Labels: []string{"demands", "latest"}, CutAfter: true, Citation: citation,
				Segments: []bot.Segment{{Text: "The talks began. "}, {Text: "They must leave _now_. ", Key: true}, {Text: "He left."}},
			},
			bot.Quote{Number: 2, CutBefore: true, Segments: []bot.Segment{{Text: "Перший рядок.\n- другий", Key: true}}, Citation: citation},
			bot.List{Title: "Nearest", Items: []bot.Line{{{Text: "1. A title"}}, {{Text: "A page", URL: "https://p.example"}}}},
			bot.Fields{Title: "A document", Rows: []bot.Field{{Name: "Publisher", Value: bot.Line{{Text: "RTW News"}}}}},
			bot.Picture{Name: "timeline.png", Alt: "Two marks.", Draw: func(w io.Writer) error {
				_, err := io.WriteString(w, "\x89PNG")
				return err
			}},
			bot.Note{Line: bot.Line{{Text: "The record goes through *8 May 2026*."}}},
		},
		Actions: []bot.Action{
			{Label: "Older", Command: "stance", Args: bot.Args{"page": "2"}},
			{Label: "Source 1", Command: "source", Args: bot.Args{"passage": "a#1"}},
		},
	}
}
