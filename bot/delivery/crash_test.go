//go:build unix

package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/bottest/discordtest"
	"parley/bot/bottest/telegramtest"
	"parley/bot/delivery/ledger"
	"parley/bot/discord"
	"parley/bot/store"
	"parley/bot/telegram"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

// childVariable makes the test binary a process that delivers digests until it is killed.
const childVariable = "PARLEY_DIGEST_TEST_CHILD"

// orders are what such a process is told.
type orders struct {
	Platform, URL, Token string
	Database             string // the address of PostgreSQL, or a file
	Stage                string // at which it kills itself; empty: it does not
	Part                 int    // while it sends that part, for the stages of sending
	Lease, Ahead         time.Duration
}

// crashLease is long enough for a message on a very busy machine. No test waits for it to end:
// the clock of who goes on is ahead.
const crashLease = 30 * time.Second

// stages are those of the ledger's protocol, in their order. Some are in the midst of a
// transaction, some between two.
var stages = []struct {
	name string
	part bool // it is passed for each part
	// unsure says that afterwards nobody but the platform knows whether the part was sent,
	// and gone that it was.
	unsure, gone bool
}{
	{name: "opened, not queued"},
	{name: "queued, not held"},
	{name: "held, composing"},
	{name: "rendered, not frozen"},
	{name: "freezing"},
	{name: "frozen, not begun", part: true},
	{name: "beginning", part: true},
	{name: "begun, not on the wire", part: true, unsure: true},
	{name: "on the wire, no answer", part: true, unsure: true, gone: true},
	{name: "answered, no receipt", part: true, unsure: true, gone: true},
	{name: "all sent, closing"},
	{name: "closed, job not done"},
}

// inside are the functions of the ledger in which some stages are.
var inside = map[string]string{
	"opened, not queued": "ledger.(*Ledger).Queue", "queued, not held": "ledger.(*Ledger).Claim", "freezing": "ledger.(*Claim).Freeze",
	"beginning": "ledger.(*Claim).Begin", "all sent, closing": "ledger.(*Claim).Close",
}

// child delivers digests as it is told.
func child() int {
	var o orders
	err := json.Unmarshal([]byte(os.Getenv(childVariable)), &o)
	if err == nil {
		err = o.run(context.Background())
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func (o *orders) run(ctx context.Context) error {
	db, err := open(ctx, o.Database)
	if err != nil {
		return err
	}
	doomed := &doomed{orders: o}
	kept, err := store.New(ctx, db, doomed.now)
	if err != nil {
		return err
	}
	log := slog.New(doomed)
	if doomed.Sender, err = o.sender(kept, log, doomed.now); err != nil {
		return err
	}
	d, err := New(ctx, Options{
		DB: db, Ledger: ledger.New(db, doomed.now), Subscriptions: kept, Composer: doomed, Senders: map[string]Sender{o.Platform: doomed},
		Log: log, Now: doomed.now, Lease: o.Lease, Every: 300 * time.Millisecond,
	})
	if err != nil {
		return err
	}
	return d.Run(ctx)
}

func open(ctx context.Context, address string) (*database.DB, error) {
	if strings.HasPrefix(address, "postgres") {
		return database.OpenPostgres(ctx, address)
	}
	return database.OpenSQLite(ctx, address)
}

// sender is the platform's real adapter.
func (o *orders) sender(kept *store.Store, log *slog.Logger, now func() time.Time) (Sender, error) {
	if o.Platform == "telegram" {
		return telegram.New(telegram.Options{Token: o.Token, APIURL: o.URL, Core: noCore{}, Store: kept, Log: log})
	}
	return discord.New(discord.Options{Token: o.Token, APIURL: o.URL, Core: noCore{}, Commands: kept, Subscriptions: kept, Log: log, Now: now})
}

// noCore is for adapters that answer nobody.
type noCore struct{}

func (noCore) Handle(context.Context, bot.Request) bot.Reply { return bot.Reply{} }
func (noCore) Commands() []bot.Command                       { return nil }
func (noCore) Complete(context.Context, bot.Request, string, string) []argument.Choice {
	return nil
}
func (noCore) ActionKey(context.Context, bot.Action) (string, error) { return "k", nil }
func (noCore) ActionOf(context.Context, string) (string, bot.Args, bool, error) {
	return "", nil, false, nil
}

// doomed is a sender, a composer, a clock and a log of a process that kills itself.
type doomed struct {
	Sender
	*orders

	mu   sync.Mutex
	part int // that is being sent
}

// at kills the process, as kill -9 does, where it is at the stage.
func (d *doomed) at(stage string, part int) {
	if d.Stage == stage && d.Part == part {
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (d *doomed) now() time.Time {
	if name := inside[d.Stage]; name != "" {
		stack := make([]uintptr, 16)
		frames := runtime.CallersFrames(stack[:runtime.Callers(2, stack)])
		for frame, more := frames.Next(); more; frame, more = frames.Next() {
			if strings.HasSuffix(frame.Function, name) {
				d.mu.Lock()
				d.at(d.Stage, d.part)
				d.mu.Unlock()
			}
		}
	}
	return time.Now().Add(d.Ahead)
}

func (d *doomed) Compose(_ context.Context, _ bot.Subscription, after int64, _ func(context.Context, string) (int, bool, error), _ time.Time) (Composed, error) {
	d.at("held, composing", 0)
	c := Composed{Title: "Digest", Through: after + 1, Shown: []Shown{{Document: "doc", Revision: 1}}}
	for i := range 3 { // paragraphs of which no message holds two, and a picture
		c.Reply.Blocks = append(c.Reply.Blocks, bot.Text{Line: bot.Line{{Text: fmt.Sprintf("part %d %s", i, strings.Repeat("word ", 650))}}})
	}
	c.Reply.Blocks = append(c.Reply.Blocks, bot.Picture{Name: "timeline.png", Alt: "A picture.", Draw: func(w io.Writer) error {
		return png.Encode(w, image.NewGray(image.Rect(0, 0, 40, 20)))
	}})
	return c, nil
}

func (d *doomed) Render(ctx context.Context, to bot.Place, r bot.Reply, title string) ([]bot.Rendered, error) {
	parts, err := d.Sender.Render(ctx, to, r, title)
	d.at("rendered, not frozen", 0)
	return parts, err
}

// partOf is the number of a part, which its words tell.
func partOf(content []byte) int {
	for i := range 3 {
		if bytes.Contains(content, fmt.Appendf(nil, "part %d ", i)) {
			return i
		}
	}
	return 3
}

func (d *doomed) SendPart(ctx context.Context, p bot.Post) (string, error) {
	part := partOf(p.Part)
	d.mu.Lock()
	d.part = part
	d.mu.Unlock()
	d.at("frozen, not begun", part)
	begin := p.Begin
	p.Begin = func(ctx context.Context) error {
		err := begin(ctx)
		d.at("begun, not on the wire", part)
		return err
	}
	id, err := d.Sender.SendPart(ctx, p)
	d.at("answered, no receipt", part)
	d.mu.Lock()
	d.part = 0
	d.mu.Unlock()
	return id, err
}

func (d *doomed) Enabled(context.Context, slog.Level) bool { return true }
func (d *doomed) WithAttrs([]slog.Attr) slog.Handler       { return d }
func (d *doomed) WithGroup(string) slog.Handler            { return d }
func (d *doomed) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "a slot is closed" {
		d.at("closed, job not done", 0)
	}
	if r.Level >= slog.LevelError { // that a part is lost
		fmt.Fprintln(os.Stderr, r.Level, r.Message)
	}
	return nil
}

// scene is a place on a platform, as the people there see it.
type scene interface {
	orders() orders
	place() bot.Place
	// hang has the request that brings a part be stored and never answered; arrived waits
	// for it.
	hang(part int)
	arrived(ctx context.Context) error
	posts() []string
	// age lets time go by on the platform.
	age(d time.Duration)
}

type onTelegram struct {
	*telegramtest.Server
	user *telegramtest.User
	part int
}

func newTelegram(t *testing.T) scene {
	tg := telegramtest.New(telegramtest.Options{})
	t.Cleanup(tg.Close)
	user := tg.User("Olena", "uk")
	user.Start("")
	return &onTelegram{Server: tg, user: user}
}

func (s *onTelegram) orders() orders {
	return orders{Platform: "telegram", URL: s.URL(), Token: s.Token()}
}
func (s *onTelegram) place() bot.Place { return bot.Place{Chat: fmt.Sprint("telegram/", s.user.ID())} }
func (s *onTelegram) hang(part int) {
	s.part = part
	method := "sendMessage"
	if part == 3 {
		method = "sendPhoto"
		part = 0
	}
	s.Fail(telegramtest.Match{Method: method, Nth: part + 1}, telegramtest.FailHang().AfterStoring())
}
func (s *onTelegram) arrived(ctx context.Context) error {
	_, err := s.user.Private().AwaitSaid(ctx, s.part+1)
	return err
}
func (s *onTelegram) posts() (all []string) {
	for _, m := range s.user.Private().Said() {
		all = append(all, m.Plain())
	}
	return all
}
func (s *onTelegram) age(time.Duration) {}

type onDiscord struct {
	*discordtest.Server
	ann     *discordtest.User
	channel *discordtest.Channel
	part    int
}

func newDiscord(kind string) func(t *testing.T) scene {
	return func(t *testing.T) scene {
		d := discordtest.New(discordtest.Options{})
		t.Cleanup(d.Close)
		ann := d.NewUser("ann")
		guild := d.NewGuild("talks", ann)
		s := &onDiscord{Server: d, ann: ann}
		switch kind {
		case "forum":
			s.channel = guild.Forum("digests", true, "news")
		default:
			s.channel = guild.Text("digests")
			ann.Say(s.channel, "something else")
		}
		return s
	}
}

func (s *onDiscord) orders() orders {
	return orders{Platform: "discord", URL: s.URL(), Token: s.Token()}
}
func (s *onDiscord) place() bot.Place {
	return bot.Place{Chat: fmt.Sprint("discord/", s.channel.Guild.ID), Channel: s.channel.ID.String()}
}

// hang lets the one request through by which a forum is found out.
func (s *onDiscord) hang(part int) {
	s.part = part
	route, first := "POST /channels/{channel_id}/messages", part+1
	if s.channel.Type == discordtest.ForumChannel && part == 0 {
		route = "POST /channels/{channel_id}/threads"
		first = 2 // the first is refused: it has no tag
	}
	s.Fail(discordtest.Fault{Route: route, First: first, How: discordtest.FailStored(discordtest.FailHang())})
}
func (s *onDiscord) arrived(ctx context.Context) error {
	for len(s.posts()) <= s.part && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	return ctx.Err()
}
func (s *onDiscord) posts() (all []string) {
	channels := []*discordtest.Channel{s.channel}
	if s.channel.Type == discordtest.ForumChannel {
		channels = s.channel.Threads()
	}
	for _, ch := range channels {
		for _, m := range s.ann.Messages(ch) {
			if m.Author.Bot {
				all = append(all, m.Text())
			}
		}
	}
	return all
}
func (s *onDiscord) age(d time.Duration) { s.Advance(d) }

// row is a crash and what came of it.
type row struct {
	place, database, stage string
	part                   int
	state                  string
	posts                  []int // how often each part is there
	note                   string
}

var matrix = flag.Bool("matrix", false, "crash in every part of the matrix on both databases, and not in one part on one of them")

// sampled are the databases and the parts of a row of the matrix: all of them or, by
// default, one of each, in turn.
func sampled(turn int, parts []int) (kinds []string, some []int) {
	kinds = []string{"sqlite", "postgres"}
	if *matrix {
		return kinds, parts
	}
	return kinds[turn%2 : turn%2+1], parts[turn%len(parts) : turn%len(parts)+1]
}

// TestCrashes kills the process at every stage of the protocol, starts another, and looks
// at what people see in the end: no part twice, and none missing but where Telegram alone
// knows whether it arrived.
func TestCrashes(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a hundred processes and more")
	}
	t.Parallel()
	var mu sync.Mutex
	var rows []row
	add := func(r row) {
		mu.Lock()
		defer mu.Unlock()
		rows = append(rows, r)
	}
	turn := 0
	t.Run("rows", func(t *testing.T) {
		for _, p := range []struct {
			name  string
			scene func(*testing.T) scene
			parts []int // to crash in
			later time.Duration
		}{
			{"telegram", newTelegram, []int{0, 2, 3}, 0},
			{"discord", newDiscord("text"), []int{0, 2}, 0},
			{"discord, 10 min later", newDiscord("text"), []int{1}, 10 * time.Minute},
			{"discord forum", newDiscord("forum"), []int{0, 1}, 0},
			{"discord forum, later", newDiscord("forum"), []int{0, 1}, 2 * time.Hour},
		} {
			for _, stage := range stages {
				parts := p.parts
				if !stage.part {
					parts = []int{0}
				}
				if !stage.part && p.later > 0 || p.later > 0 && !stage.unsure {
					continue
				}
				turn++
				kinds, parts := sampled(turn, parts)
				for _, kind := range kinds {
					for _, part := range parts {
						t.Run(fmt.Sprintf("%s/%s/%s/%d", p.name, kind, stage.name, part), func(t *testing.T) {
							t.Parallel()
							r := crash(t, p.scene(t), kind, stage.name, part, p.later)
							r.place = p.name
							unknown := stage.unsure && p.name == "telegram"
							wantRow(t, &r, unknown, unknown && !stage.gone)
							add(r)
						})
					}
				}
			}
		}
	})
	t.Log(table(rows))
}

// subscribedNow is a subscription of a place since now. But for the slot that a test opens
// it is not due for most of a day.
func (w depot) subscribedNow(p bot.Place) bot.Subscription {
	w.t.Helper()
	now := time.Now().UTC()
	return w.subscribed("", now.Add(-time.Hour).Format("15:04"), func(s *bot.Subscription) { s.Place, s.Since = p, now })
}

// crash crashes one process, and has another go on.
func crash(t *testing.T, s scene, kind, stage string, part int, later time.Duration) row {
	address := filepath.Join(t.TempDir(), "parley.db")
	if kind == "postgres" {
		address = dbtest.Address(t)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	db := need(open(ctx, address))
	defer db.Close()
	kept, slots := need(store.New(ctx, db, time.Now)), ledger.New(db, time.Now)
	w := depot{Deliverer: &Deliverer{ledger: slots}, store: kept, t: t, ctx: ctx, clock: &clock{at: time.Now()}}
	sub := w.subscribedNow(s.place())
	w.due(sub)

	o := s.orders()
	o.Database, o.Stage, o.Part, o.Lease = address, stage, part, crashLease
	onTheWire := stage == "on the wire, no answer"
	if onTheWire {
		s.hang(part)
	}
	first, said := startChild(ctx, t, o)
	if onTheWire {
		if err := s.arrived(ctx); err != nil {
			t.Fatal(err, said)
		}
		_ = first.Process.Kill()
	}
	if err := first.Wait(); err == nil || first.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("it was not killed: %v, %s", first.ProcessState, said)
	}
	s.age(later)
	o.Stage, o.Ahead = "", later+crashLease+time.Second // so that nobody waits for the lease to end
	second, said := startChild(ctx, t, o)
	defer func() {
		_ = second.Process.Kill()
		_ = second.Wait()
	}()
	all := closed(ctx, t, slots, sub.ID)
	if len(all) != 1 {
		t.Fatalf("slots %+v: %s", all, said)
	}
	r := row{database: kind, stage: stage, part: part, state: string(all[0].State), posts: make([]int, all[0].Parts)}
	for _, text := range s.posts() {
		r.posts[min(partOf([]byte(text)), len(r.posts)-1)]++
	}
	if all[0].State == bot.SlotUnknown {
		r.note = all[0].Why.String()
		if !strings.Contains(said.String(), "it is not known whether a part of a digest was posted") {
			t.Errorf("the log does not tell of it: %s", said)
		}
	}
	return r
}

// closed waits until no slot of a subscription is due.
func closed(ctx context.Context, t *testing.T, book *ledger.Ledger, subscription string) (slots []bot.Slot) {
	for {
		var err error
		if slots, err = book.Slots(ctx, subscription, 10); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(slots, func(s bot.Slot) bool { return s.State == bot.SlotDue }) {
			return slots
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func startChild(ctx context.Context, t *testing.T, o orders) (*exec.Cmd, *lines) {
	t.Helper()
	said := &lines{}
	cmd := exec.CommandContext(ctx, need(os.Executable()))
	cmd.Env = append(os.Environ(), childVariable+"="+string(need(json.Marshal(o))))
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, said
}

// wantRow holds that nothing is there twice, and that everything is there, but for the
// part of which it is not known and which is reported.
func wantRow(t *testing.T, r *row, unknown, missing bool) {
	t.Helper()
	for part, n := range r.posts {
		want := 1
		if missing && part == r.part {
			want = 0
		}
		if n != want {
			t.Errorf("part %d is there %d times; want %d", part, n, want)
		}
	}
	state := bot.SlotPosted
	if unknown {
		state = bot.SlotUnknown
	}
	if r.state != string(state) {
		t.Errorf("the slot is %s; want %s", r.state, state)
	}
}

func table(rows []row) string {
	slices.SortFunc(rows, func(a, b row) int {
		key := func(r row) string {
			stage := 0
			for i, s := range stages {
				if s.name == r.stage {
					stage = i
				}
			}
			return fmt.Sprintf("%s %02d %d %s", r.place, stage, r.part, r.database)
		}
		return strings.Compare(key(a), key(b))
	})
	var out strings.Builder
	fmt.Fprintf(&out, "%d crashes:\n%-22s %-9s %-24s %-5s %-8s %s\n", len(rows), "place", "database", "killed when", "part", "slot", "posts of each part")
	for _, r := range rows {
		fmt.Fprintf(&out, "%-22s %-9s %-24s %-5d %-8s %v %s\n", r.place, r.database, r.stage, r.part, r.state, r.posts, r.note)
	}
	return out.String()
}
