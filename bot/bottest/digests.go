package bottest

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"parley/bot"
	"parley/bot/digest/commands"
	"parley/corpus/lexicon"
)

// Digests keeps subscriptions in memory. The zero value is ready. It composes nothing: a
// preview names the subscription, and the next slot is due a day after Today.
type Digests struct {
	mu   sync.Mutex
	last int
	all  []bot.Subscription
	// Past are the slots that every subscription is said to have had, the newest first.
	Past []bot.Slot
	// Err, if set, is returned by every method.
	Err error
}

// Command is "/digest" over the subscriptions, at Today.
func (d *Digests) Command(lex *lexicon.Lexicon) bot.Command {
	return commands.New(commands.Options{
		Digests: d, Lexicon: lex, Now: func() time.Time { return Today }, Log: slog.New(slog.DiscardHandler),
	})
}

// Subscribe implements commands.Subscriptions.
func (d *Digests) Subscribe(_ context.Context, s bot.Subscription) (bot.Subscription, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Err != nil {
		return bot.Subscription{}, d.Err
	}
	if i := slices.IndexFunc(d.all, func(t bot.Subscription) bool { return t.ID == s.ID }); i >= 0 {
		d.all[i] = s
		return s, nil
	}
	d.last++
	s.ID = "s" + strconv.Itoa(d.last)
	d.all = append(d.all, s)
	return s, nil
}

// Unsubscribe implements commands.Subscriptions.
func (d *Digests) Unsubscribe(_ context.Context, id string) (ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := len(d.all)
	d.all = slices.DeleteFunc(d.all, func(s bot.Subscription) bool { return s.ID == id && d.Err == nil })
	return len(d.all) < before, d.Err
}

// Subscriptions implements commands.Subscriptions.
func (d *Digests) Subscriptions(_ context.Context, chat string) (list []bot.Subscription, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.all {
		if s.Chat == chat {
			list = append(list, s)
		}
	}
	return list, d.Err
}

// Preview implements commands.Previewer.
func (d *Digests) Preview(_ context.Context, id string) (reply bot.Reply, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.ContainsFunc(d.all, func(s bot.Subscription) bool { return s.ID == id }) {
		return bot.Reply{}, false, d.Err
	}
	return bot.Reply{Blocks: []bot.Block{bot.Heading{Text: "Digest of " + id}}}, true, d.Err
}

// Slots implements commands.Slots.
func (d *Digests) Slots(_ context.Context, _ string, limit int) ([]bot.Slot, time.Time, error) {
	return d.Past[:min(limit, len(d.Past))], Today.Add(24 * time.Hour), d.Err
}
