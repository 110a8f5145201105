package digest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"parley/bot"
	"parley/bot/store"
	"parley/corpus/database"
)

// Subscriptions are what is to be delivered.
type Subscriptions interface {
	// EachSubscription calls do with every subscription until it fails.
	EachSubscription(ctx context.Context, do func(bot.Subscription) error) error
	// Subscription returns one with its cursor, the number of the library's last change
	// that it was shown; ok is false if there is none.
	Subscription(ctx context.Context, id string) (s bot.Subscription, cursor int64, ok bool, err error)
}

// Options are what a Deliverer is made of. All without a default are required.
type Options struct {
	DB            *database.DB
	Store         *store.Store // in DB
	Subscriptions Subscriptions
	Composer      Composer
	Senders       map[string]Sender // by platform: "discord"
	Log           *slog.Logger
	Now           func() time.Time
	// CatchUp is how long after its time a digest is still posted; 0 means 3 hours.
	CatchUp time.Duration
	// Workers is how many digests of a platform are on their way at once; 0 means 32.
	Workers int
	// Lease is how long a slot stays with a process that has ended; 0 means a minute. A
	// message gets three quarters of it to be sent in.
	Lease time.Duration
	// Every is how often due slots are looked for; 0 means 15 seconds.
	Every time.Duration
}

// Deliverer posts digests when they are due, each once. Several processes may deliver the
// subscriptions of one database.
//
// A slot is opened in the ledger of the store when it is due, and named by its subscription
// and local date alone: a chat that moves, or a subscription that is changed, gets no second
// digest of the day. River shares the slots out among the workers of all processes; who
// works on one holds it in the ledger for a lease, so that what becomes of River's jobs
// when a process ends is of no consequence.
type Deliverer struct {
	store         *store.Store
	subscriptions Subscriptions
	composer      Composer
	senders       map[string]Sender
	log           *slog.Logger
	now           func() time.Time
	catchUp       time.Duration
	lease         time.Duration
	every         time.Duration

	queue queue
	chats chats
}

// queue shares the work on slots among the workers of all processes.
type queue interface {
	// add has a worker see to each of some slots of a platform.
	add(ctx context.Context, platform string, slots []store.Waking) error
	// run works until ctx is done, and returns when no work is under way.
	run(ctx context.Context) error
}

// New brings the queue's tables up to date and returns a Deliverer; it does not deliver.
func New(ctx context.Context, o Options) (*Deliverer, error) {
	d := &Deliverer{
		store: o.Store, subscriptions: o.Subscriptions, composer: o.Composer, senders: o.Senders, log: o.Log, now: o.Now,
		catchUp: orDefault(o.CatchUp, 3*time.Hour), lease: orDefault(o.Lease, time.Minute), every: orDefault(o.Every, 15*time.Second),
		chats: chats{busy: map[string]bool{}},
	}
	if len(o.Senders) == 0 {
		return nil, errors.New("digests have no platform to be posted on")
	}
	var err error
	d.queue, err = newQueue(ctx, o.DB, queueOptions{
		platforms: slices.Sorted(maps.Keys(o.Senders)), workers: orDefault(o.Workers, 32), log: o.Log, work: d.work,
		poll: max(river.FetchCooldownDefault, min(river.FetchPollIntervalDefault, d.every)),
	})
	if err != nil {
		return nil, fmt.Errorf("queue of digests: %w", err)
	}
	return d, nil
}

func orDefault[N time.Duration | int](value, otherwise N) N {
	if value <= 0 {
		return otherwise
	}
	return value
}

// Run delivers until ctx is done. Then it begins nothing more, gives what is on its way a
// few seconds, and returns; what is left is gone on with by another process or the next.
func (d *Deliverer) Run(ctx context.Context) error {
	if err := d.store.RouseSlots(ctx); err != nil {
		return fmt.Errorf("deliver digests: %w", err)
	}
	var looking sync.WaitGroup
	defer looking.Wait()
	looking.Go(func() { d.keepLooking(ctx) })
	if err := d.queue.run(ctx); err != nil {
		return fmt.Errorf("deliver digests: %w", err)
	}
	return nil
}

// keepLooking looks for due slots now and then. What fails is tried again.
func (d *Deliverer) keepLooking(ctx context.Context) {
	again := time.NewTicker(d.every)
	defer again.Stop()
	for {
		if err := d.look(ctx); err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "due digests were not all found", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// busyChat is how long a slot waits whose chat gets another digest just then.
const busyChat = 2 * time.Second

// work sees to a slot that was taken from the queue. A chat has one worker at most, so
// that a slow one holds up no others.
func (d *Deliverer) work(ctx context.Context, w store.Waking) (wait time.Duration, err error) {
	leave, ok := d.chats.enter(w.Chat)
	if !ok {
		return busyChat, nil
	}
	defer leave()
	return d.deliver(ctx, w.SlotKey)
}

// RunSlot opens a subscription's slot of a date, if there is none, and delivers it now,
// whatever its time. It does not wait for a retry; the slot's state says what came of it.
func (d *Deliverer) RunSlot(ctx context.Context, slot store.PlacedSlot) error {
	slot.State, slot.Due = bot.SlotDue, d.now()
	if _, err := d.store.OpenSlots(ctx, []store.PlacedSlot{slot}); err != nil {
		return err
	}
	_, err := d.deliver(ctx, slot.Key())
	return err
}

// chats are those that a digest is on its way to.
type chats struct {
	mu   sync.Mutex
	busy map[string]bool
}

// enter takes a chat until leave is called; ok is false where it is taken.
func (c *chats) enter(chat string) (leave func(), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[chat] {
		return nil, false
	}
	c.busy[chat] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.busy, chat)
	}, true
}
