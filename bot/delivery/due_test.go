package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/bot"
	"parley/bot/delivery/ledger"
	"parley/bot/store"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

// runs runs a Deliverer until the returned function stops it.
func (w depot) runs() (stop func()) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.ctx)
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	return func() {
		w.t.Helper()
		cancel()
		select {
		case err := <-done:
			if err != nil {
				w.t.Error(err)
			}
		case <-time.After(time.Minute):
			w.t.Fatal("Run does not end")
		}
	}
}

// looks looks for due slots once, at a time.
func (w depot) looks(at time.Time) {
	w.t.Helper()
	w.clock.add(at.Sub(w.clock.now()))
	w.must(w.openDue(w.ctx))
}

func TestEveryDayIsPostedOnceAndByItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		w := newDepot(t, db)
		w.composer.n = 1
		daily := w.subscribed("test/1", "12:30")
		sundays := w.subscribed("test/2", "12:00", func(s *bot.Subscription) { s.Days = []time.Weekday{time.Sunday} })
		stop := w.runs()
		until(t, "the first look", func() bool { _, ok, err := w.ledger.Mark(w.ctx, lookedThrough); return ok && err == nil })
		w.clock.add(31 * time.Minute)
		for day := range 8 {
			if day > 0 {
				w.clock.add(24 * time.Hour)
			}
			until(t, fmt.Sprint("day ", day), func() bool {
				due, err := w.ledger.Find(w.ctx, ledger.Query{State: bot.SlotDue, Limit: 1})
				return strings.Count(w.slots(daily), "posted") == day+1 && len(due) == 0 && err == nil
			})
		}
		stop()
		if n := strings.Count(w.slots(sundays), "posted"); n != 1 {
			t.Errorf("%d Sundays posted: %s", n, w.slots(sundays))
		}
		slices.Sort(w.sender.posts)
		if all := slices.Compact(slices.Clone(w.sender.posts)); len(all) != 9 || len(w.sender.posts) != 9 {
			t.Errorf("%d posts, %d different:\n%s", len(w.sender.posts), len(all), w.sender.posted())
		}
	})
}

func TestWhatWasMissedIsCaughtUpWithOrRecorded(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	early, late := w.subscribed("test/1", "09:00"), w.subscribed("test/2", "13:00")
	idle := w.subscribed("test/3", "13:00", func(s *bot.Subscription) { s.Paused = true })
	fresh := w.subscribed("test/4", "09:00", func(s *bot.Subscription) { s.Since = noon.Add(73 * time.Hour) })
	broken := w.subscribed("test/5", "09:00", func(s *bot.Subscription) { s.Zone = "Nowhere" })
	w.looks(noon)
	w.wantSlots(early, "") // before Parley was first started
	w.looks(noon.Add(74 * time.Hour))
	const why = "Parley came to it %s after its time, and posts up to 3h0m late"
	w.wantSlots(early, fmt.Sprintf("2026-05-11 skipped 0/0 "+why+"\n2026-05-10 skipped 0/0 "+why+"\n2026-05-09 skipped 0/0 "+why, "5h0m", "29h0m", "53h0m"))
	w.wantSlots(late, fmt.Sprintf("2026-05-11 due 0/0\n2026-05-10 skipped 0/0 "+why+"\n2026-05-09 skipped 0/0 "+why+"\n2026-05-08 skipped 0/0 "+why, "25h0m", "49h0m", "73h0m"))
	paused := bot.Reason{Key: bot.ReasonPaused}.String()
	w.wantSlots(idle, "2026-05-11 skipped 0/0 "+paused+"\n2026-05-10 skipped 0/0 "+paused+"\n2026-05-09 skipped 0/0 "+paused+"\n2026-05-08 skipped 0/0 "+paused)
	w.wantSlots(fresh, "")
	w.wantSlots(broken, "")
	if !strings.Contains(w.log.String(), "a subscription has no slots") {
		t.Error("the log does not tell of a zone that is not known")
	}
	w.looks(noon.AddDate(0, 3, 0)) // records no more than a week
	if n := strings.Count(w.slots(early), "2026-"); n != 3+7 {
		t.Errorf("%d slots", n)
	}
}

func TestAPlatformThatIsGoneIsRecorded(t *testing.T) {
	w := newDepot(t, dbtest.SQLite(t))
	s := w.subscribed("elsewhere/1", "12:00")
	w.due(s)
	w.must(w.look(w.ctx))
	w.wantSlots(s, "2026-05-08 due 0/0")
	w.clock.add(4 * time.Hour)
	w.must(w.look(w.ctx))
	w.wantSlots(s, "2026-05-08 skipped 0/0 no Parley on its platform was running in time")
}

// TestASlowChatHoldsUpNoOther has many digests due in a chat that does not answer.
func TestASlowChatHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		w := newDepot(t, db)
		w.composer.n = 1
		slow := &slowChat{scripted: w.sender, chat: "test/slow", release: make(chan struct{})}
		w.senders["test"] = slow
		const others = 15
		for range maxWorkers + 8 {
			w.due(w.subscribed("test/slow", "12:00"))
		}
		for i := range others {
			w.due(w.subscribed(fmt.Sprint("test/", i), "12:00"))
		}
		stop := w.runs()
		until(t, "all others", func() bool {
			return len(strings.Fields(w.sender.posted())) == others*len(strings.Fields("Digest: id date part 0"))
		})
		if n := slow.waiting(); n > 1 {
			t.Errorf("%d workers wait for the chat", n)
		}
		close(slow.release)
		stop()
	})
}

// slowChat sends well but to one chat.
type slowChat struct {
	*scripted
	chat    string
	release chan struct{}
	inside  int
}

func (s *slowChat) SendPart(ctx context.Context, p bot.Post) (string, error) {
	if p.Chat == s.chat {
		s.mu.Lock()
		s.inside++
		s.mu.Unlock()
		defer func() {
			s.mu.Lock()
			s.inside--
			s.mu.Unlock()
		}()
		select {
		case <-s.release:
		case <-ctx.Done():
			return "", &bot.SendError{Outcome: bot.Retry, Err: ctx.Err()}
		}
	}
	return s.scripted.SendPart(ctx, p)
}

func (s *slowChat) waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inside
}

// TestStoppingInTheMiddleLosesNothing stops while a message waits for its turn.
func TestStoppingInTheMiddleLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		w := newDepot(t, db)
		w.sender.hold = make(chan struct{})
		s := w.subscribed("test/1", "12:00")
		w.due(s)
		stop := w.runs()
		until(t, "the parts to be frozen", func() bool { return strings.Contains(w.slots(s), "0/2") })
		stop()
		if !strings.Contains(w.slots(s), "due 0/2") {
			t.Errorf("slots %s", w.slots(s))
		}
		close(w.sender.hold)
		w.clock.add(w.lease + firstRetry)
		stop = w.runs()
		until(t, "the digest", func() bool { return strings.Contains(w.slots(s), "posted 2/2") })
		stop()
		w.wantPosts(text(s, 0), text(s, 1))
	})
}

// remembered is a queue that keeps what it is given.
type remembered struct {
	mu    sync.Mutex
	given []ledger.QueuedSlot
}

func (r *remembered) added() []ledger.QueuedSlot {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.given)
}

func (r *remembered) add(_ context.Context, _ string, slots []ledger.QueuedSlot) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.given = append(r.given, slots...)
	return nil
}

func (r *remembered) run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// TestDueSlotsAreLookedForInTime runs on a clock of its own: a slot is handed to the queue
// within the time between two looks, and again only when it seems requeueAfter.
func TestDueSlotsAreLookedForInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := need(database.OpenSQLite(t.Context(), t.TempDir()+"/parley.db"))
		kept := need(store.New(t.Context(), db, time.Now))
		queue := &remembered{}
		log := &lines{}
		d := &Deliverer{
			ledger: ledger.New(db, time.Now), subscriptions: kept, senders: map[string]Sender{"test": &scripted{}}, log: logTo(log), now: time.Now,
			catchUp: 3 * time.Hour, lease: time.Minute, every: 15 * time.Second, queue: queue,
		}
		// The clock of a test starts at midnight.
		s := need(kept.AddSubscription(t.Context(), bot.Subscription{Place: bot.Place{Chat: "test/1"}, Zone: "UTC", At: 9 * 60, Since: time.Now()}, 0))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- d.Run(ctx) }()
		time.Sleep(9*time.Hour - time.Second)
		if len(queue.added()) != 0 {
			t.Errorf("too early: %+v", queue.added())
		}
		time.Sleep(time.Second + d.every)
		synctest.Wait()
		if len(queue.added()) != 1 || queue.added()[0].Subscription != s.ID {
			t.Fatalf("in the queue: %+v", queue.added())
		}
		time.Sleep(requeueAfter - 2*d.every)
		if synctest.Wait(); len(queue.added()) != 1 {
			t.Errorf("in the queue again: %+v", queue.added())
		}
		time.Sleep(3 * d.every)
		if synctest.Wait(); len(queue.added()) != 2 {
			t.Errorf("requeueAfter: %+v", queue.added())
		}
		cancel()
		if err := errors.Join(<-done, db.Close()); err != nil {
			t.Error(err)
		}
		if log.String() != "" {
			t.Error(log.String())
		}
	})
}
