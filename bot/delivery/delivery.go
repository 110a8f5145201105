// Package delivery posts digests when they are due, each once. It opens a slot in the ledger
// when the time of a subscription has come, shares the slots out among the workers of all
// processes through River, and sends the messages through the adapters of the platforms.
// What a digest says is for a Composer to decide.
package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/bot"
	"parley/bot/delivery/ledger"
	"parley/corpus/database"
)

// Subscriptions tells what is to be delivered, and where nothing may be posted.
type Subscriptions interface {
	// EachSubscription calls do with every subscription until it fails.
	EachSubscription(ctx context.Context, do func(bot.Subscription) error) error
	// Subscription returns a subscription with its cursor, the number of the library's last
	// change that it was shown; ok is false if there is none.
	Subscription(ctx context.Context, id string) (s bot.Subscription, cursor int64, ok bool, err error)
	// SuspendedAt tells why nothing is posted at a place; ok is false where something is.
	SuspendedAt(ctx context.Context, p bot.Place) (why bot.Suspension, ok bool, err error)
}

// Composed is a digest ready to be posted.
type Composed struct {
	Reply bot.Reply
	Title string // of a forum post
	// Shown are the documents that it shows, so that none is shown again and corrections
	// of them can be told.
	Shown []Shown
	// Through is the number of the library's last change that it looked at: the next one
	// begins behind it.
	Through int64
	Quiet   bool // nothing new
}

// Shown is a revision of a document that a digest shows.
type Shown struct {
	Document string
	Revision int // 0: it says that the document is withdrawn
	// Blocks is how many blocks of the reply, from the first, have to be posted for it to be
	// shown; 0: all.
	Blocks int
}

// Composer makes digests.
type Composer interface {
	// Compose makes the digest of what changed in the library after a change; shown tells
	// which revision of a document the subscription was shown last, as Shows has it. It
	// changes nothing.
	Compose(ctx context.Context, s bot.Subscription, after int64,
		shown func(ctx context.Context, doc string) (revision int, ok bool, err error), at time.Time) (Composed, error)
}

// Sender posts on a platform. Errors of SendPart and ResendPart are *bot.SendError.
type Sender interface {
	// Render makes the messages of a reply for a place; title is that of a post where the
	// place is a forum. The same bytes may be sent by another process, after a restart.
	Render(ctx context.Context, to bot.Place, r bot.Reply, title string) ([]bot.Rendered, error)
	// SendPart sends a part and returns the id of its message.
	SendPart(ctx context.Context, p bot.Post) (id string, err error)
	// ResendPart sends a part that was begun at a time and of which it is not known whether
	// it arrived, unless it did, and returns the id of its message either way. Retry says
	// that it is still not known, Unknown that it never will be.
	ResendPart(ctx context.Context, p bot.Post, begun time.Time) (id string, err error)
}

// Options configure a Deliverer. All without a default are required.
type Options struct {
	DB            *database.DB
	Ledger        *ledger.Ledger // in DB
	Subscriptions Subscriptions
	Composer      Composer
	Senders       map[string]Sender // by platform: "discord"
	Log           *slog.Logger
	Now           func() time.Time
	// CatchUp is how long after its time a digest is still posted; 0 means 3 hours.
	CatchUp time.Duration
	// Lease is how long a slot stays with a process that has ended; 0 means a minute. A
	// message gets three quarters of it to be sent in.
	Lease time.Duration
	// Every is how often due slots are looked for; 0 means 15 seconds.
	Every time.Duration
}

// Deliverer posts digests when they are due, each once. Several processes may deliver the
// subscriptions of one database.
//
// A slot is named by its subscription and local date alone: a chat that moves, or a
// subscription that is changed, gets no second digest of the day. Who works on a slot has
// claimed it in the ledger for a lease, so it does not matter what becomes of River's jobs
// when a process ends.
type Deliverer struct {
	ledger        *ledger.Ledger
	subscriptions Subscriptions
	composer      Composer
	senders       map[string]Sender
	log           *slog.Logger
	now           func() time.Time
	catchUp       time.Duration
	lease         time.Duration
	every         time.Duration

	queue queue
	busy  sync.Map // the chats that a worker sends a digest to just now
}

// queue shares the work on slots among the workers of all processes.
type queue interface {
	// add has some worker deliver each of the slots, which are of one platform.
	add(ctx context.Context, platform string, slots []ledger.QueuedSlot) error
	// run works until ctx is done, and returns when no work is under way.
	run(ctx context.Context) error
}

// New brings the queue's tables up to date and returns a Deliverer; it does not deliver.
func New(ctx context.Context, o Options) (*Deliverer, error) {
	d := &Deliverer{
		ledger: o.Ledger, subscriptions: o.Subscriptions, composer: o.Composer, senders: o.Senders, log: o.Log, now: o.Now,
		catchUp: cmp.Or(o.CatchUp, 3*time.Hour), lease: cmp.Or(o.Lease, time.Minute), every: cmp.Or(o.Every, 15*time.Second),
	}
	if len(o.Senders) == 0 {
		return nil, errors.New("digests have no platform to be posted on")
	}
	var err error
	if d.queue, err = newQueue(ctx, o.DB, d); err != nil {
		return nil, fmt.Errorf("queue of digests: %w", err)
	}
	return d, nil
}

// Run delivers until ctx is done. Then it begins nothing more, gives what is on its way a
// few seconds, and returns; what is left is gone on with by another process or the next.
func (d *Deliverer) Run(ctx context.Context) error {
	if err := d.ledger.Requeue(ctx); err != nil {
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

// chatWait is how long a slot waits while another digest is sent to its chat.
const chatWait = 2 * time.Second

// work delivers a slot that was taken from the queue. A chat has one worker at most, so
// that a slow chat holds up no others.
func (d *Deliverer) work(ctx context.Context, slot ledger.QueuedSlot) (wait time.Duration, err error) {
	if _, busy := d.busy.LoadOrStore(slot.Chat, true); busy {
		return chatWait, nil
	}
	defer d.busy.Delete(slot.Chat)
	return d.deliver(ctx, slot.Key)
}

// RunSlot opens a slot, if it is not there yet, and delivers it now, whatever its time. It
// does not wait for a retry; the slot's state in the ledger says what came of it.
func (d *Deliverer) RunSlot(ctx context.Context, slot bot.Slot) error {
	slot.State, slot.Due = bot.SlotDue, d.now()
	if _, err := d.ledger.Open(ctx, []bot.Slot{slot}); err != nil {
		return err
	}
	_, err := d.deliver(ctx, ledger.KeyOf(slot))
	return err
}
