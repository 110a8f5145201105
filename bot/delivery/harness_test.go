package delivery

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/corpus"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(child())
	}
	// The slow tests wait (for a platform's pace, for a lease to end) and hardly compute, so
	// more of them run at once than there are processors. The command line's -parallel wins.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(dbtest.Main(m))
}

// clock is a time that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// parts is a composer whose digests have so many paragraphs, each of which scripted makes a
// message of, and of a document of its own that is not shown again. Its change numbers go
// up by one a digest.
type parts struct {
	n     int
	long  bool // so that no message of a platform holds two
	quiet bool
	err   error

	mu       sync.Mutex
	composed int
}

func (p *parts) Compose(ctx context.Context, s bot.Subscription, after int64, shown func(context.Context, string) (int, bool, error), at time.Time) (Composed, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.composed++
	if p.err != nil {
		return Composed{}, p.err
	}
	c := Composed{Title: "Digest", Through: after + 1, Quiet: p.quiet, Shown: []Shown{{Document: fmt.Sprint("doc", after), Revision: 1}}}
	for i := range p.n {
		doc := fmt.Sprintf("doc%d part %d", after, i)
		_, ok, err := shown(ctx, doc)
		if err != nil {
			return Composed{}, err
		}
		if ok {
			continue
		}
		text := fmt.Sprintf("%s %s part %d", s.ID, at.Format(time.DateOnly), i)
		if p.long {
			text += " " + strings.Repeat("word ", 650)
		}
		c.Reply.Blocks = append(c.Reply.Blocks, bot.Text{Line: bot.Line{{Text: text}}})
		c.Shown = append(c.Shown, Shown{Document: doc, Revision: 1, Blocks: len(c.Reply.Blocks)})
	}
	return c, nil
}

// scripted is a sender whose sends end as a test wants: each with the next of errs, and
// well when there are none left.
type scripted struct {
	mu     sync.Mutex
	errs   []error
	resent []error // of ResendPart
	posts  []string
	firsts []string
	nonces []string
	calls  int
	hold   chan struct{} // where set, a send waits for it or for its end
}

func (s *scripted) Render(_ context.Context, _ bot.Place, r bot.Reply, title string) (parts []bot.Rendered, err error) {
	for i, b := range r.Blocks {
		parts = append(parts, bot.Rendered{Content: []byte(title + ": " + b.(bot.Text).Line.String()), Blocks: i + 1})
	}
	return parts, nil
}

func (s *scripted) SendPart(ctx context.Context, p bot.Post) (id string, err error) {
	if s.hold != nil {
		select {
		case <-s.hold:
		case <-ctx.Done():
			return "", &bot.SendError{Outcome: bot.Retry, Err: ctx.Err()}
		}
	}
	if err := p.Begin(ctx); err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	return s.end(p, &s.errs)
}

func (s *scripted) ResendPart(_ context.Context, p bot.Post, _ time.Time) (id string, err error) {
	return s.end(p, &s.resent)
}

func (s *scripted) end(p bot.Post, errs *[]error) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if len(*errs) > 0 {
		err, *errs = (*errs)[0], (*errs)[1:]
		if err != nil {
			return "", err
		}
	}
	s.posts, s.firsts, s.nonces = append(s.posts, string(p.Part)), append(s.firsts, p.First), append(s.nonces, p.Nonce)
	return fmt.Sprint(len(s.posts)), nil
}

func (s *scripted) posted() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.posts, "\n")
}

// depot is what tests of deliveries work with.
type depot struct {
	*Deliverer
	t        *testing.T
	ctx      context.Context
	db       *database.DB
	store    *store.Store
	clock    *clock
	composer *parts
	sender   *scripted
	log      *lines
}

// lines is a log that a test reads.
type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// noon is a Friday.
var noon = time.Date(2026, 5, 8, 12, 0, 0, 0, time.UTC)

func newDepot(t *testing.T, db *database.DB) depot {
	t.Helper()
	w := depot{t: t, ctx: t.Context(), db: db, clock: &clock{at: noon}, composer: &parts{n: 2}, sender: &scripted{}, log: &lines{}}
	kept, err := store.New(t.Context(), db, w.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	w.store = kept
	w.Deliverer, err = New(t.Context(), Options{
		DB: db, Ledger: ledger.New(db, w.clock.now), Subscriptions: kept, Composer: w.composer, Senders: map[string]Sender{"test": w.sender},
		Log: logTo(w.log), Now: w.clock.now, Every: 50 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// subscribed is a subscription of a chat that has been due every day at a time of day
// since long ago.
func (w depot) subscribed(chat string, at string, change ...func(*bot.Subscription)) bot.Subscription {
	w.t.Helper()
	clock := need(time.Parse("15:04", at))
	s := bot.Subscription{Place: bot.Place{Chat: chat, Channel: "c"}, Zone: "UTC", At: clock.Hour()*60 + clock.Minute(), Since: noon.AddDate(0, -1, 0)}
	for _, c := range change {
		c(&s)
	}
	s, err := w.store.AddSubscription(w.ctx, s, 10)
	w.must(err)
	return s
}

func (w depot) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// due opens a slot of a subscription that is due now.
func (w depot) due(s bot.Subscription) ledger.Key {
	w.t.Helper()
	slot := bot.Slot{Place: s.Place,
		Subscription: s.ID, Date: corpus.DateOf(w.clock.now(), corpus.Day), Due: w.clock.now(), State: bot.SlotDue}
	_, err := w.ledger.Open(w.ctx, []bot.Slot{slot})
	w.must(err)
	return ledger.KeyOf(slot)
}

// delivered delivers a slot once.
func (w depot) delivered(key ledger.Key) (wait time.Duration) {
	w.t.Helper()
	wait, err := w.deliver(w.ctx, key)
	w.must(err)
	return wait
}

// slots are the states of a subscription's slots, the newest first.
func (w depot) slots(s bot.Subscription) (states string) {
	w.t.Helper()
	list, err := w.ledger.Slots(w.ctx, s.ID, 100)
	w.must(err)
	for _, slot := range list {
		line := fmt.Sprintf("%s %s %d/%d %s", slot.Date, slot.State, slot.Sent, slot.Parts, slot.Why)
		states += strings.TrimSpace(line) + "\n"
	}
	return strings.TrimSpace(states)
}

func (w depot) wantSlots(s bot.Subscription, want string) {
	w.t.Helper()
	if have := w.slots(s); have != want {
		w.t.Errorf("slots:\n%s\nwant:\n%s", have, want)
	}
}

func (w depot) wantPosts(want ...string) {
	w.t.Helper()
	if have := w.sender.posted(); have != strings.Join(want, "\n") {
		w.t.Errorf("posted:\n%s\nwant:\n%s", have, strings.Join(want, "\n"))
	}
}

func (w depot) wantCursor(s bot.Subscription, want int64) {
	w.t.Helper()
	_, cursor, _, err := w.store.Subscription(w.ctx, s.ID)
	w.must(err)
	if cursor != want {
		w.t.Errorf("the cursor is at %d; want %d", cursor, want)
	}
}

// until waits for what nothing announces.
func until(t *testing.T, what string, reached func() bool) {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); !reached(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waiting for ", what)
		}
	}
}

func logTo(l *lines) *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
