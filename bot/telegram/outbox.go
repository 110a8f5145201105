package telegram

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"parley/bot"
)

const (
	// patience is how long a message waits in all for the end of a retry_after and for a
	// network that is down.
	patience  = 5 * time.Minute
	firstWait = time.Second
)

// files remembers which pictures Telegram has already.
type files interface {
	FileID(ctx context.Context, key string) (string, error)
	SetFileID(ctx context.Context, key, id string) error
}

// outbox sends to chats: in order within one, at Telegram's pace, and without one chat
// holding up another.
type outbox struct {
	client *client
	lanes  *lanes
	chats  Chats
	files  files
	clock  Clock
	log    *slog.Logger
	bot    int64
}

// parcel is the messages of one reply on their way.
type parcel struct {
	to    target
	parts []part
	edit  int64 // message that the first part, a text, takes the place of; 0 for none
	// claim is asked once, when the first part is about to be sent; false: somebody
	// else sends it, or did. nil claims nothing.
	claim func(context.Context) (bool, error)
	// once is for what nobody waits for: it goes to its place or nowhere, and whoever sends
	// it does so again where that is worth while.
	once bool
	// uninvited is for a chat that may never have been opened to the bot: that it is closed
	// is no news.
	uninvited bool

	ids   []int64 // of the messages sent
	moved bool    // the chat has become another, which is followed once
}

// deliver sends what is left of a parcel. A chat that turned out to have moved, or to be
// closed to the bot, is known to be so afterwards. An error is a *bot.SendError.
func (o *outbox) deliver(ctx context.Context, p *parcel) error {
	for {
		err := o.inTurn(ctx, p)
		r := refused(err)
		switch {
		case err == nil:
			return nil
		case r != nil && r.movedTo != 0 && !p.moved:
			if err := o.chats.MoveChat(ctx, chatKey(p.to.chat), chatKey(r.movedTo)); err != nil {
				return &bot.SendError{Outcome: bot.Retry, Err: err}
			}
			p.to, p.edit, p.moved = target{chat: r.movedTo}, 0, true // ids of messages and topics are other ones there
			continue
		case r != nil && r.closed() && !p.uninvited:
			err = errors.Join(err, o.chats.Suspend(ctx, chatKey(p.to.chat), r.text))
		case r != nil && p.once && p.to.thread != 0 && r.topicClosed():
			err = errors.Join(err, o.chats.Suspend(ctx, p.to.place().Key(), r.text))
		}
		return outcome(err)
	}
}

// inTurn sends the rest of a parcel while it is the chat's turn.
func (o *outbox) inTurn(ctx context.Context, p *parcel) error {
	way, err := o.lanes.enter(ctx, p.to.chat)
	if err != nil {
		return &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	defer o.lanes.leave(way)
	for len(p.parts) > 0 {
		id, err := o.post(ctx, way, p)
		if errors.Is(err, errClaimed) {
			return nil
		}
		if err != nil {
			return err
		}
		p.ids = append(p.ids, id)
		p.parts, p.edit, p.to.replyTo = p.parts[1:], 0, 0
	}
	return nil
}

// errClaimed says that somebody else has sent the parcel.
var errClaimed = errors.New("sent by another")

// post sends the first part of a parcel, again where that is certain not to show twice.
func (o *outbox) post(ctx context.Context, way *lane, p *parcel) (int64, error) {
	try := trying{losses: backoff{first: firstWait, most: time.Minute}}
	for {
		if err := o.lanes.await(ctx, way, p.edit != 0); err != nil {
			return 0, &bot.SendError{Outcome: bot.Retry, Err: err}
		}
		if err := o.claim(ctx, p); err != nil {
			return 0, err
		}
		id, err := o.request(ctx, p, try.plainly)
		if p.edit == 0 {
			o.lanes.arrived(way)
		}
		if err == nil {
			return id, nil
		}
		if err := o.amend(ctx, way, p, &try, err); err != nil {
			return 0, err
		}
	}
}

// trying is what was done so far to send one part.
type trying struct {
	waited  time.Duration
	losses  backoff // after requests that went nowhere
	plainly bool    // without marks
}

// amend changes what made a request fail, so that it can be made again; where it cannot
// it returns the error.
func (o *outbox) amend(ctx context.Context, way *lane, p *parcel, try *trying, err error) error {
	r := refused(err)
	switch {
	case p.once && (r == nil || r.topicClosed()):
		return err
	case p.once && r.code == http.StatusTooManyRequests:
		o.lanes.hold(way, max(r.after, time.Second))
		return err
	case r == nil && mayRepeat(err, p.edit != 0) && try.waited < patience:
		wait := try.losses.wait()
		try.waited += wait
		if err := sleep(ctx, o.clock, wait); err != nil {
			return &bot.SendError{Outcome: bot.Retry, Err: err}
		}
	case r == nil:
		return err
	case r.code == http.StatusTooManyRequests && try.waited+r.after <= patience:
		wait := max(r.after, time.Second)
		try.waited += wait
		o.lanes.hold(way, wait)
	case p.edit != 0 && r.says("message to edit not found", "message can't be edited", "no text in the message", "MESSAGE_ID_INVALID"):
		p.edit = 0
	case p.to.thread != 0 && r.topicGone():
		p.to.thread, p.to.replyTo = 0, 0
	case !try.plainly && r.says("can't parse entities"):
		o.log.ErrorContext(ctx, "Telegram does not read the marks of a text, it is sent without", "chat", p.to.chat, "err", err)
		try.plainly = true
	default:
		return err
	}
	return nil
}

func (o *outbox) claim(ctx context.Context, p *parcel) error {
	if p.claim == nil {
		return nil
	}
	first, err := p.claim(ctx)
	switch {
	case err != nil:
		return &bot.SendError{Outcome: bot.Retry, Err: err}
	case !first:
		return errClaimed
	}
	p.claim = nil
	return nil
}

// mayRepeat says whether a request without an answer may be made again: one that never
// left, and an edit, which shows the same twice.
func mayRepeat(err error, edit bool) bool {
	l, ok := errors.AsType[*lost](err)
	return ok && (edit || !l.sent) && !errors.Is(err, context.Canceled)
}

// linger is how long a request that has begun goes on after its context has ended: it
// is better to know its outcome.
const linger = 2 * time.Second

// lingering is a context that ends a while after ctx.
func lingering(ctx context.Context) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		end := time.NewTimer(linger)
		defer end.Stop()
		select {
		case <-end.C:
			cancel()
		case <-late.Done():
		}
	})
	return late, func() { stop(); cancel() }
}

// request makes the request for the first part of a parcel.
func (o *outbox) request(ctx context.Context, p *parcel, plainly bool) (int64, error) {
	ctx, cancel := lingering(ctx)
	defer cancel()
	first := p.parts[0]
	if first.picture != nil {
		return o.picture(ctx, p.to, first, plainly)
	}
	params := tgbotapi.Params{"link_preview_options": encode(linkPreview{true})}
	params.AddNonEmpty("reply_markup", first.markup)
	setText(params, "text", first.text, plainly)
	if p.edit != 0 {
		params["chat_id"], params["message_id"] = strconv.FormatInt(p.to.chat, 10), strconv.FormatInt(p.edit, 10)
		err := o.client.call(ctx, "editMessageText", params, nil)
		if r := refused(err); r != nil && r.says("message is not modified") {
			err = nil // a button was pressed twice
		}
		return p.edit, err
	}
	maps.Copy(params, p.to.params())
	var m sent
	err := o.client.call(ctx, "sendMessage", params, &m)
	return m.ID, err
}

func setText(params tgbotapi.Params, name string, t text, plainly bool) {
	if plainly {
		params[name] = t.plain
		return
	}
	params[name], params["parse_mode"] = t.html, "HTML"
}

// outcome makes a *bot.SendError of what came of a request.
func outcome(err error) error {
	if _, ok := errors.AsType[*bot.SendError](err); ok {
		return err
	}
	if r := refused(err); r != nil {
		switch {
		case r.code == http.StatusTooManyRequests:
			return &bot.SendError{Outcome: bot.Retry, After: r.after, Err: err}
		case r.code >= 500: // it may have failed after the message was stored
			return &bot.SendError{Outcome: bot.Unknown, Err: err}
		}
		return &bot.SendError{Outcome: bot.Rejected, Err: err}
	}
	if l, ok := errors.AsType[*lost](err); ok && !l.sent {
		return &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	return &bot.SendError{Outcome: bot.Unknown, Err: err}
}

// closed says that the bot cannot write to the chat, now and until somebody there
// changes that.
func (r *refusal) closed() bool {
	return r.code == http.StatusForbidden || r.code == http.StatusBadRequest && r.says(
		"chat not found", "not enough rights to send", "need administrator rights", "CHAT_WRITE_FORBIDDEN",
		"have no rights to send", "group is deactivated", "PEER_ID_INVALID", "CHAT_RESTRICTED")
}

// topicGone says that there is no such topic any more, and topicClosed that nobody may
// write in it.
func (r *refusal) topicGone() bool { return r.says("message thread not found", "TOPIC_DELETED") }

func (r *refusal) topicClosed() bool { return r.topicGone() || r.says("TOPIC_CLOSED") }

// chatKey names a chat as bot.Request.Chat does.
func chatKey(id int64) string { return platform + strconv.FormatInt(id, 10) }

const platform = "telegram/"
