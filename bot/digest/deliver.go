package digest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/bot"
	"parley/bot/store"
)

const (
	// firstRetry and lastRetry are the waits after a send that failed, the first doubled
	// with every try, where the platform names none.
	firstRetry, lastRetry = 5 * time.Second, 10 * time.Minute
	// uncertain is the wait before a send of unknown outcome is seen to.
	uncertain = 5 * time.Second
	// unfinished is how long after its time the rest of a digest is sent of which a part is
	// posted; the next one waits for it.
	unfinished = 20 * time.Hour
	// receiptTime is how long writing what has been sent may take when all else has to end.
	receiptTime = 5 * time.Second
)

// deliver does what is left to be done for a slot, under the ledger's protocol: what is to
// be sent is frozen first, each part is noted as begun before it is sent and with its
// message after it. Where a process ends in between, the next one that holds the slot goes
// on at the first part without a message. wait says when to come again; 0: not at all.
func (d *Deliverer) deliver(ctx context.Context, key store.SlotKey) (wait time.Duration, err error) {
	held, wait, err := d.store.Hold(ctx, key, d.lease)
	if err != nil || held == nil {
		return wait, err
	}
	one := &delivery{Deliverer: d, held: held, sender: d.senders[held.Place.Platform()]}
	wait, err = one.run(ctx)
	if errors.Is(err, store.ErrNotHeld) {
		d.log.WarnContext(ctx, "a slot was taken over", "slot", key)
		return 0, nil
	}
	return wait, err
}

// delivery is a slot on its way.
type delivery struct {
	*Deliverer
	held   *store.Held
	sender Sender
}

func (d *delivery) run(ctx context.Context) (wait time.Duration, err error) {
	if d.sender == nil {
		return 0, d.close(ctx, bot.SlotFailed, bot.Reason{Key: bot.ReasonElsewhere, Text: d.held.Place.Platform()})
	}
	if closed, err := d.closeIfInVain(ctx); err != nil || closed {
		return 0, err
	}
	if !d.held.Frozen {
		if done, wait, err := d.prepare(ctx); err != nil || done {
			return wait, err
		}
	}
	for part := range d.held.Parts {
		if d.held.Parts[part].Settled() {
			continue
		}
		if err := d.send(ctx, part); err != nil {
			return d.failed(ctx, part, err)
		}
	}
	return 0, d.closeSettled(ctx)
}

// closeIfInVain closes a slot that is not to be sent any more.
func (d *delivery) closeIfInVain(ctx context.Context) (closed bool, err error) {
	suspension, suspended, err := d.store.SuspendedAt(ctx, d.held.Place)
	if err != nil {
		return false, err
	}
	begun := d.begun()
	late := d.now().Sub(d.held.Due)
	switch {
	case suspended && begun == 0:
		return true, d.close(ctx, bot.SlotSkipped, bot.Reason{Key: bot.ReasonSuspended, Text: suspension.Reason})
	case suspended:
		return true, d.close(ctx, bot.SlotFailed, d.midway(bot.Reason{Key: bot.ReasonSuspendedMidway, Text: suspension.Reason}))
	case begun == 0 && late > d.catchUp && d.held.Tries > 0:
		return true, d.close(ctx, bot.SlotFailed, bot.Reason{Key: bot.ReasonOver, Last: &d.held.Why})
	case begun == 0 && late > d.catchUp:
		return true, d.close(ctx, bot.SlotSkipped, d.tooLate(late))
	case late > d.catchUp+unfinished:
		return true, d.close(ctx, bot.SlotFailed, d.midway(bot.Reason{Key: bot.ReasonOverMidway, Last: &d.held.Why}))
	}
	return false, nil
}

// tooLate says why a slot was skipped.
func (d *Deliverer) tooLate(late time.Duration) bot.Reason {
	return bot.Reason{Key: bot.ReasonLate, Late: late, Most: d.catchUp}
}

// prepare composes a digest and freezes its parts. done says that this is not to be done,
// now or at all; wait then says when to come again.
func (d *delivery) prepare(ctx context.Context) (done bool, wait time.Duration, err error) {
	s, after, ok, err := d.subscriptions.Subscription(ctx, d.held.Subscription)
	switch {
	case err != nil:
		return false, 0, err
	case !ok:
		return true, 0, nil // the slot has gone with it
	case s.Paused:
		return true, 0, d.close(ctx, bot.SlotSkipped, paused)
	}
	composed, parts, err := d.make(ctx, s, after)
	if err != nil {
		d.log.ErrorContext(ctx, "a digest cannot be made", "slot", d.held.Key(), "err", err)
		wait = d.backoff()
		return true, wait, d.held.LetGo(ctx, wait, bot.Reason{Key: bot.ReasonNotMade}, true)
	}
	contents := make([][]byte, len(parts))
	for i, p := range parts {
		contents[i] = p.Content
	}
	return false, 0, d.held.Freeze(ctx, contents, record(composed, parts))
}

// make composes a digest and renders it; without parts where nothing is to be posted.
func (d *delivery) make(ctx context.Context, s bot.Subscription, after int64) (c Composed, parts []bot.Rendered, err error) {
	shown := func(ctx context.Context, document string) (int, bool, error) {
		return d.store.Shown(ctx, s.ID, document)
	}
	c, err = d.composer.Compose(ctx, s, after, shown, d.now())
	if err != nil || c.Quiet && !s.QuietDays {
		return c, nil, err
	}
	parts, err = d.sender.Render(ctx, d.held.Place, c.Reply, c.Title)
	if err == nil && len(parts) == 0 {
		err = errors.New("it has no parts")
	}
	return c, parts, err
}

// record is what a digest leaves behind: what it shows, and in which of its parts.
func record(c Composed, parts []bot.Rendered) store.Record {
	r := store.Record{Through: c.Through}
	for _, s := range c.Shown {
		shown := store.ShownDocument{Document: s.Document, Revision: s.Revision, Part: len(parts)}
		if s.Blocks > 0 {
			shown.Part = 1 + slices.IndexFunc(parts, func(p bot.Rendered) bool { return p.Blocks >= s.Blocks })
		}
		r.Shown = append(r.Shown, shown)
	}
	return r
}

// send sends a part that has no message. That nobody will ever know whether it arrived is
// no error: it is noted, and the next part is sent.
func (d *delivery) send(ctx context.Context, part int) error {
	p := d.held.Parts[part]
	post := bot.Post{
		Place: d.held.Place, Part: p.Content, Nonce: nonce(d.held.Key(), part), First: d.held.Parts[0].Message,
		Owned: func(ctx context.Context, message string) (bool, error) { return d.held.IsAnother(ctx, part, message) },
		Begin: func(ctx context.Context) error { return d.held.Begin(ctx, part) },
	}
	// Shorter than the lease: who takes the slot over finds the outcome of what was sent.
	sending, cancel := context.WithTimeout(ctx, d.lease*3/4)
	defer cancel()
	var message string
	var err error
	if p.Begun.IsZero() {
		message, err = d.sender.SendPart(sending, post)
	} else {
		message, err = d.sender.ResendPart(sending, post, p.Begun)
	}
	writing, done := context.WithTimeout(context.WithoutCancel(ctx), receiptTime)
	defer done()
	if err == nil {
		return d.held.Sent(writing, part, message)
	}
	return d.settle(writing, part, p.Begun, err)
}

// settle notes what is known of a part whose sending failed. Only what certainly was not
// sent is taken back.
func (d *delivery) settle(ctx context.Context, part int, before time.Time, err error) error {
	failed, ok := errors.AsType[*bot.SendError](err)
	if !ok {
		failed = &bot.SendError{Outcome: bot.Unknown, Err: err}
	}
	first := before.IsZero() // nothing was sent before
	begun := !d.held.Parts[part].Begun.IsZero()
	switch {
	case failed.Outcome == bot.Unknown && !first:
		d.log.ErrorContext(ctx, "it is not known whether a part of a digest was posted; it is not sent again",
			"slot", d.held.Key(), "place", d.held.Place.Key(), "part", part+1, "parts", len(d.held.Parts), "begun", before, "err", err)
		return d.held.Lose(ctx, part)
	case failed.Outcome != bot.Unknown && first && begun:
		if err := d.held.NotSent(ctx, part); err != nil {
			return err
		}
	}
	return failed
}

// failed does with a slot what the outcome of a part asks for.
func (d *delivery) failed(ctx context.Context, part int, err error) (wait time.Duration, _ error) {
	failed, ok := errors.AsType[*bot.SendError](err)
	if !ok {
		return 0, err // of the ledger
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), receiptTime)
	defer done()
	if failed.Outcome == bot.Rejected {
		d.log.WarnContext(ctx, "a digest was refused", "slot", d.held.Key(), "place", d.held.Place.Key(), "part", part+1, "err", failed.Err)
		why := bot.Verbatim(failed.Err.Error())
		if d.begun() > 0 {
			why.Key = bot.ReasonRefusedMidway
			why = d.midway(why)
		}
		return 0, d.close(ctx, bot.SlotFailed, why)
	}
	switch {
	case failed.Outcome == bot.Unknown:
		wait = uncertain
	case failed.After > 0:
		wait = failed.After
	default:
		wait = d.backoff()
	}
	d.log.InfoContext(ctx, "a digest is sent later", "slot", d.held.Key(), "place", d.held.Place.Key(), "part", part+1, "in", wait, "err", failed)
	return wait, d.held.LetGo(ctx, wait, bot.Verbatim(failed.Err.Error()), true)
}

func (d *delivery) backoff() time.Duration {
	return min(firstRetry<<min(d.held.Tries, 10), lastRetry)
}

// closeSettled closes a slot all of whose parts are settled.
func (d *delivery) closeSettled(ctx context.Context) error {
	if len(d.held.Parts) == 0 {
		return d.close(ctx, bot.SlotQuiet, bot.Reason{Key: bot.ReasonQuiet})
	}
	for _, p := range d.held.Parts {
		if p.Lost {
			return d.close(ctx, bot.SlotUnknown, d.midway(bot.Reason{Key: bot.ReasonUnknown}))
		}
	}
	return d.close(ctx, bot.SlotPosted, bot.Reason{})
}

func (d *delivery) close(ctx context.Context, state bot.SlotState, why bot.Reason) error {
	err := d.held.Close(ctx, state, why)
	if err == nil {
		d.log.InfoContext(ctx, "a slot is closed", "slot", d.held.Key(), "place", d.held.Place.Key(), "state", state, "why", why.String())
	}
	return err
}

// begun is how many parts are posted or may be.
func (d *delivery) begun() (n int) {
	for _, p := range d.held.Parts {
		if p.MayBePosted() {
			n++
		}
	}
	return n
}

// midway is a reason with how much is posted.
func (d *delivery) midway(why bot.Reason) bot.Reason {
	for _, p := range d.held.Parts {
		switch {
		case p.Message != "":
			why.Sent++
		case p.MayBePosted():
			why.Unsure++
		}
	}
	why.Parts = len(d.held.Parts)
	return why
}

// nonce names a part in 24 characters.
func nonce(key store.SlotKey, part int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v/%d", key, part))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}
