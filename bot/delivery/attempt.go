package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/bot"
	"parley/bot/delivery/ledger"
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

// deliver does what is left to be done for a slot: it settles what is to be sent, and notes
// each message in the ledger before it is sent and again once it has arrived. Where a
// process ends in between, the next that claims the slot goes on at the first message that
// has not arrived. wait says when to call deliver again; 0: the slot is done.
func (d *Deliverer) deliver(ctx context.Context, key ledger.Key) (wait time.Duration, err error) {
	claim, wait, err := d.ledger.Claim(ctx, key, d.lease)
	if err != nil || claim == nil {
		return wait, err
	}
	a := &attempt{Deliverer: d, claim: claim, sender: d.senders[claim.Place.Platform()]}
	wait, err = a.run(ctx)
	if errors.Is(err, ledger.ErrNotClaimed) {
		d.log.WarnContext(ctx, "a slot was taken over", "slot", key)
		return 0, nil
	}
	return wait, err
}

// attempt is one try to deliver a slot.
type attempt struct {
	*Deliverer
	claim  *ledger.Claim
	sender Sender
}

func (a *attempt) run(ctx context.Context) (wait time.Duration, err error) {
	if a.sender == nil {
		return 0, a.close(ctx, bot.SlotFailed, bot.Reason{Key: bot.ReasonElsewhere, Text: a.claim.Place.Platform()})
	}
	if closed, err := a.closeIfOver(ctx); err != nil || closed {
		return 0, err
	}
	if !a.claim.Frozen {
		if done, wait, err := a.prepare(ctx); err != nil || done {
			return wait, err
		}
	}
	for i, m := range a.claim.Messages {
		if m.Settled() {
			continue
		}
		if err := a.send(ctx, i); err != nil {
			return a.failed(ctx, i, err)
		}
	}
	if len(a.claim.Messages) == 0 {
		return 0, a.close(ctx, bot.SlotQuiet, bot.Reason{Key: bot.ReasonQuiet})
	}
	if slices.ContainsFunc(a.claim.Messages, func(m ledger.Message) bool { return m.Unknown }) {
		return 0, a.close(ctx, bot.SlotUnknown, a.withProgress(bot.Reason{Key: bot.ReasonUnknown}))
	}
	return 0, a.close(ctx, bot.SlotPosted, bot.Reason{})
}

// closeIfOver closes a slot whose place is suspended, or whose time is over.
func (a *attempt) closeIfOver(ctx context.Context) (closed bool, err error) {
	suspension, suspended, err := a.subscriptions.SuspendedAt(ctx, a.claim.Place)
	if err != nil {
		return false, err
	}
	begun := a.begun()
	late := a.now().Sub(a.claim.Due)
	switch {
	case suspended && !begun:
		return true, a.close(ctx, bot.SlotSkipped, bot.Reason{Key: bot.ReasonSuspended, Text: suspension.Reason})
	case suspended:
		why := bot.Reason{Key: bot.ReasonSuspendedMidway, Text: suspension.Reason}
		return true, a.close(ctx, bot.SlotFailed, a.withProgress(why))
	case !begun && late > a.catchUp && a.claim.Tries > 0:
		return true, a.close(ctx, bot.SlotFailed, bot.Reason{Key: bot.ReasonOver, Last: &a.claim.Why})
	case !begun && late > a.catchUp:
		return true, a.close(ctx, bot.SlotSkipped, a.tooLate(late))
	case late > a.catchUp+unfinished:
		return true, a.close(ctx, bot.SlotFailed, a.withProgress(bot.Reason{Key: bot.ReasonOverMidway, Last: &a.claim.Why}))
	}
	return false, nil
}

// prepare composes a digest and freezes its messages. Where there is nothing to be sent, now
// or at all, done is true and wait says when to try again.
func (a *attempt) prepare(ctx context.Context) (done bool, wait time.Duration, err error) {
	s, after, ok, err := a.subscriptions.Subscription(ctx, a.claim.Subscription)
	switch {
	case err != nil:
		return false, 0, err
	case !ok:
		return true, 0, nil // the slot has gone with it
	case s.Paused:
		return true, 0, a.close(ctx, bot.SlotSkipped, bot.Reason{Key: bot.ReasonPaused})
	}
	composed, messages, err := a.make(ctx, s, after)
	if err != nil {
		a.log.ErrorContext(ctx, "a digest cannot be made", "slot", a.key(), "err", err)
		wait = a.backoff()
		return true, wait, a.claim.Retry(ctx, wait, bot.Reason{Key: bot.ReasonNotMade})
	}
	contents := ledger.Contents{Through: composed.Through}
	for _, s := range composed.Shown {
		shown := ledger.ShownDocument{Document: s.Document, Revision: s.Revision, Part: len(messages)}
		if s.Blocks > 0 {
			shown.Part = 1 + slices.IndexFunc(messages, func(m bot.Rendered) bool { return m.Blocks >= s.Blocks })
		}
		contents.Shown = append(contents.Shown, shown)
	}
	raw := make([][]byte, len(messages))
	for i, m := range messages {
		raw[i] = m.Content
	}
	return false, 0, a.claim.Freeze(ctx, raw, contents)
}

// make composes a digest and renders it, into no messages where nothing is to be posted.
func (a *attempt) make(
	ctx context.Context, s bot.Subscription, after int64,
) (c Composed, messages []bot.Rendered, err error) {
	shown := func(ctx context.Context, document string) (int, bool, error) {
		return a.ledger.Shown(ctx, s.ID, document)
	}
	c, err = a.composer.Compose(ctx, s, after, shown, a.now())
	if err != nil || c.Quiet && !s.QuietDays {
		return c, nil, err
	}
	messages, err = a.sender.Render(ctx, a.claim.Place, c.Reply, c.Title)
	if err == nil && len(messages) == 0 {
		err = errors.New("it has no parts")
	}
	return c, messages, err
}

// send sends message i, or finds out what became of it. That nobody will ever know whether it
// arrived is no error: it is noted, and the next message is sent.
func (a *attempt) send(ctx context.Context, i int) error {
	m := a.claim.Messages[i]
	post := bot.Post{
		Place: a.claim.Place, Part: m.Content, Nonce: nonce(a.key(), i), First: a.claim.Messages[0].ID,
		Owned: func(ctx context.Context, message string) (bool, error) { return a.claim.IsAnother(ctx, i, message) },
		Begin: func(ctx context.Context) error { return a.claim.Begin(ctx, i) },
	}
	// Shorter than the lease: who takes the slot over finds the outcome of what was sent.
	sending, cancel := context.WithTimeout(ctx, a.lease*3/4)
	defer cancel()
	var message string
	var err error
	if m.Begun.IsZero() {
		message, err = a.sender.SendPart(sending, post)
	} else {
		message, err = a.sender.ResendPart(sending, post, m.Begun)
	}
	writing, done := context.WithTimeout(context.WithoutCancel(ctx), receiptTime)
	defer done()
	if err == nil {
		return a.claim.Sent(writing, i, message)
	}
	return a.settle(writing, i, m.Begun, err)
}

// settle notes what is known of message i after sending it failed. Only a message that
// certainly was not sent counts as not begun again.
func (a *attempt) settle(ctx context.Context, i int, before time.Time, err error) error {
	failed, ok := errors.AsType[*bot.SendError](err)
	if !ok {
		failed = &bot.SendError{Outcome: bot.Unknown, Err: err}
	}
	first := before.IsZero() // nothing was sent before
	begun := !a.claim.Messages[i].Begun.IsZero()
	switch {
	case failed.Outcome == bot.Unknown && !first:
		a.log.ErrorContext(ctx, "it is not known whether a part of a digest was posted; it is not sent again",
			"slot", a.key(), "place", a.claim.Place.Key(), "part", i+1, "parts", len(a.claim.Messages),
			"begun", before, "err", err)
		return a.claim.SetUnknown(ctx, i)
	case failed.Outcome != bot.Unknown && first && begun:
		if err := a.claim.NotSent(ctx, i); err != nil {
			return err
		}
	}
	return failed
}

// failed closes the slot after message i was refused, or else ends the attempt and says when
// to try again.
func (a *attempt) failed(ctx context.Context, i int, err error) (wait time.Duration, _ error) {
	failed, ok := errors.AsType[*bot.SendError](err)
	if !ok {
		return 0, err // of the ledger
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), receiptTime)
	defer done()
	if failed.Outcome == bot.Rejected {
		a.log.WarnContext(ctx, "a digest was refused",
			"slot", a.key(), "place", a.claim.Place.Key(), "part", i+1, "err", failed.Err)
		why := bot.Reason{Text: failed.Err.Error()}
		if a.begun() {
			why.Key = bot.ReasonRefusedMidway
			why = a.withProgress(why)
		}
		return 0, a.close(ctx, bot.SlotFailed, why)
	}
	switch {
	case failed.Outcome == bot.Unknown:
		wait = uncertain
	case failed.After > 0:
		wait = failed.After
	default:
		wait = a.backoff()
	}
	a.log.InfoContext(ctx, "a digest is sent later",
		"slot", a.key(), "place", a.claim.Place.Key(), "part", i+1, "in", wait, "err", failed)
	return wait, a.claim.Retry(ctx, wait, bot.Reason{Text: failed.Err.Error()})
}

func (a *attempt) key() ledger.Key { return ledger.KeyOf(a.claim.Slot) }

func (a *attempt) backoff() time.Duration {
	return min(firstRetry<<min(a.claim.Tries, 10), lastRetry)
}

func (a *attempt) close(ctx context.Context, state bot.SlotState, why bot.Reason) error {
	err := a.claim.Close(ctx, state, why)
	if err == nil {
		a.log.InfoContext(ctx, "a slot is closed",
			"slot", a.key(), "place", a.claim.Place.Key(), "state", state, "why", why.String())
	}
	return err
}

// begun reports whether a message is posted or may be.
func (a *attempt) begun() bool {
	return slices.ContainsFunc(a.claim.Messages, ledger.Message.MayBePosted)
}

// withProgress is a reason with how many messages are posted.
func (a *attempt) withProgress(why bot.Reason) bot.Reason {
	for _, m := range a.claim.Messages {
		switch {
		case m.ID != "":
			why.Sent++
		case m.MayBePosted():
			why.Unsure++
		}
	}
	why.Parts = len(a.claim.Messages)
	return why
}

// nonce names message i of a slot in 24 characters.
func nonce(key ledger.Key, i int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v/%d", key, i))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}
