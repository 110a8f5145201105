// Package outbox sends messages to Telegram's chats: in order within one chat, at the pace
// that Telegram allows, without one chat holding up another, and again only where that is
// certain not to show a message twice.
package outbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"time"

	"parley/bot"
	"parley/bot/backoff"
	"parley/bot/telegram/api"
	"parley/bot/telegram/render"
)

const (
	// patience is how long a message waits in all for the end of a retry_after and for a
	// network that is down.
	patience  = 5 * time.Minute
	firstWait = time.Second
	// Linger is how long a request that has begun goes on after its context has ended: it is
	// better to know its outcome.
	Linger = 2 * time.Second
)

// Chats is told what became of chats.
type Chats interface {
	// MoveChat gives what is kept of a chat to the one that follows it. It may be called
	// again.
	MoveChat(ctx context.Context, from, to string) error
	// Suspend stops posts to a chat or topic that the bot cannot write to any more.
	Suspend(ctx context.Context, chat, reason string) error
}

// Files remembers by key which pictures Telegram has already, and under which id. An id
// that is not known is empty.
type Files interface {
	FileID(ctx context.Context, key string) (string, error)
	SetFileID(ctx context.Context, key, id string) error
}

// Options configure an Outbox. All are required.
type Options struct {
	Client *api.Client
	Chats  Chats
	Files  Files
	Clock  backoff.Clock
	Log    *slog.Logger
	Bot    int64 // the id of the bot, to which the ids of files belong
}

// Outbox sends messages.
type Outbox struct {
	Options
	queues *chatQueues
}

// New makes an Outbox.
func New(o Options) *Outbox { return &Outbox{Options: o, queues: newChatQueues(o.Clock)} }

// Parcel is the messages of one reply on their way. Sending takes those away that are sent.
type Parcel struct {
	To       Target
	Messages []render.Message
	Edit     int64 // message that the first one, a text, takes the place of; 0 for none
	// Claim is asked once, when the first message is about to be sent; false: somebody else
	// sends the parcel, or did. It is then nil, as where nothing is to be claimed.
	Claim func(context.Context) (bool, error)
	// IsPost is for what nobody waits for: it goes to its place or nowhere, and whoever sends
	// it does so again where that is worth while.
	IsPost bool
	// Uninvited is for a chat that may never have been opened to the bot: that it is closed
	// is no news.
	Uninvited bool

	IDs   []int64 // of the messages that were sent
	moved bool    // the chat has become another, which is followed once
}

// AwaitPost waits until a message may be sent that nobody waits for.
func (o *Outbox) AwaitPost(ctx context.Context) error {
	return o.queues.awaitLimit(ctx, o.queues.posts)
}

// Send sends what is left of a parcel. Where the chat turns out to have moved, or to be
// closed to the bot, Chats is told. An error is a *bot.SendError.
func (o *Outbox) Send(ctx context.Context, p *Parcel) error {
	for {
		err := o.sendInTurn(ctx, p)
		r := api.RefusalIn(err)
		switch {
		case err == nil:
			return nil
		case r != nil && r.MovedTo != 0 && !p.moved:
			if err := o.Chats.MoveChat(ctx, ChatKey(p.To.Chat), ChatKey(r.MovedTo)); err != nil {
				return &bot.SendError{Outcome: bot.Retry, Err: err}
			}
			p.To, p.Edit, p.moved = Target{Chat: r.MovedTo}, 0, true // ids of messages and topics are other ones there
			continue
		case IsClosed(err) && !p.Uninvited:
			err = errors.Join(err, o.Chats.Suspend(ctx, ChatKey(p.To.Chat), r.Text))
		case r != nil && p.IsPost && p.To.Thread != 0 && isTopicClosed(r):
			err = errors.Join(err, o.Chats.Suspend(ctx, p.To.Place().Key(), r.Text))
		}
		return outcome(err)
	}
}

// sendInTurn sends the rest of a parcel when it is the chat's turn.
func (o *Outbox) sendInTurn(ctx context.Context, p *Parcel) error {
	queue, err := o.queues.enter(ctx, p.To.Chat)
	if err != nil {
		return &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	defer o.queues.leave(queue)
	for len(p.Messages) > 0 {
		id, err := o.sendFirst(ctx, queue, p)
		if errors.Is(err, errClaimed) {
			return nil
		}
		if err != nil {
			return err
		}
		p.IDs = append(p.IDs, id)
		p.Messages, p.Edit, p.To.ReplyTo = p.Messages[1:], 0, 0
	}
	return nil
}

// errClaimed says that somebody else has sent the parcel.
var errClaimed = errors.New("sent by another")

// attempt is the state of sending one message.
type attempt struct {
	waited        time.Duration
	losses        backoff.Backoff // after requests that went nowhere
	withoutMarkup bool
}

// sendFirst sends the first message of a parcel, again where that is certain not to show it
// twice.
func (o *Outbox) sendFirst(ctx context.Context, queue *chatQueue, p *Parcel) (int64, error) {
	try := attempt{losses: backoff.Backoff{First: firstWait, Most: time.Minute}}
	for {
		if err := o.queues.await(ctx, queue, p.Edit != 0); err != nil {
			return 0, &bot.SendError{Outcome: bot.Retry, Err: err}
		}
		if p.Claim != nil {
			first, err := p.Claim(ctx)
			if err != nil {
				return 0, &bot.SendError{Outcome: bot.Retry, Err: err}
			}
			if !first {
				return 0, errClaimed
			}
			p.Claim = nil
		}
		id, err := o.request(ctx, p, try.withoutMarkup)
		if p.Edit == 0 {
			o.queues.arrived(queue)
		}
		if err == nil {
			return id, nil
		}
		if err := o.amend(ctx, queue, p, &try, err); err != nil {
			return 0, err
		}
	}
}

// amend changes what made a request fail, so that it can be made again. Where it cannot, it
// returns the error.
func (o *Outbox) amend(ctx context.Context, queue *chatQueue, p *Parcel, try *attempt, err error) error {
	r := api.RefusalIn(err)
	switch {
	case p.IsPost && (r == nil || isTopicClosed(r)):
		return err
	case p.IsPost && r.Code == http.StatusTooManyRequests:
		o.queues.hold(queue, max(r.After, time.Second))
		return err
	case r == nil && isRepeatable(err, p.Edit != 0) && try.waited < patience:
		wait := try.losses.Next()
		try.waited += wait
		if err := backoff.SleepBy(ctx, o.Clock, wait); err != nil {
			return &bot.SendError{Outcome: bot.Retry, Err: err}
		}
	case r == nil:
		return err
	case r.Code == http.StatusTooManyRequests && try.waited+r.After <= patience:
		wait := max(r.After, time.Second)
		try.waited += wait
		o.queues.hold(queue, wait)
	case p.Edit != 0 && r.Says(
		"message to edit not found", "message can't be edited", "no text in the message", "MESSAGE_ID_INVALID"):
		p.Edit = 0
	case p.To.Thread != 0 && isTopicGone(r):
		p.To.Thread, p.To.ReplyTo = 0, 0
	case !try.withoutMarkup && r.Says("can't parse entities"):
		o.Log.ErrorContext(ctx, "Telegram does not read the marks of a text, it is sent without",
			"chat", p.To.Chat, "err", err)
		try.withoutMarkup = true
	default:
		return err
	}
	return nil
}

// isRepeatable reports whether a request without an answer may be made again: one that never
// left, or an edit, which shows the same twice.
func isRepeatable(err error, edit bool) bool {
	l, ok := errors.AsType[*api.Lost](err)
	return ok && (edit || !l.Sent) && !errors.Is(err, context.Canceled)
}

// lingering is a context that ends Linger after ctx.
func lingering(ctx context.Context) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		_ = backoff.Sleep(late, Linger) // late ends before if the request does
		cancel()
	})
	return late, func() { stop(); cancel() }
}

// sent is a message that was sent, as Telegram returns it.
type sent struct {
	ID    int64 `json:"message_id"`
	Photo []struct {
		FileID string `json:"file_id"`
	} `json:"photo"`
}

// request makes the request for the first message of a parcel.
func (o *Outbox) request(ctx context.Context, p *Parcel, withoutMarkup bool) (int64, error) {
	ctx, cancel := lingering(ctx)
	defer cancel()
	message := p.Messages[0]
	params := api.Params{}
	params.AddNonEmpty("reply_markup", message.Markup)
	setText := func(name string) {
		params[name], params["parse_mode"] = message.HTML, "HTML"
		if withoutMarkup {
			params[name] = message.Plain
			delete(params, "parse_mode")
		}
	}
	if message.Picture != nil {
		maps.Copy(params, p.To.params())
		if message.HTML != "" {
			setText("caption")
		}
		return o.sendPicture(ctx, params, message.Picture)
	}
	setText("text")
	params["link_preview_options"] = `{"is_disabled":true}`
	if p.Edit != 0 {
		params["chat_id"], params["message_id"] = strconv.FormatInt(p.To.Chat, 10), strconv.FormatInt(p.Edit, 10)
		err := o.Client.Call(ctx, "editMessageText", params, nil)
		if r := api.RefusalIn(err); r != nil && r.Says("message is not modified") {
			err = nil // a button was pressed twice
		}
		return p.Edit, err
	}
	maps.Copy(params, p.To.params())
	var m sent
	err := o.Client.Call(ctx, "sendMessage", params, &m)
	return m.ID, err
}

// sendPicture sends a picture, of which the other parameters are given. A photo that was
// sent before is named by its id and not uploaded again.
func (o *Outbox) sendPicture(ctx context.Context, params api.Params, p *render.Picture) (int64, error) {
	var m sent
	if !p.Photo {
		err := o.Client.Upload(ctx, "sendDocument", params, "document", p.Name, p.Data, &m)
		return m.ID, err
	}
	key := fmt.Sprintf("%s%d/photo/%x", Platform, o.Bot, sha256.Sum256(p.Data))
	id, err := o.Files.FileID(ctx, key)
	if err != nil {
		o.Log.WarnContext(ctx, "file id not read, the picture is uploaded", "err", err)
	}
	if id != "" {
		params["photo"] = id
		err := o.Client.Call(ctx, "sendPhoto", params, &m)
		if r := api.RefusalIn(err); r == nil || !r.Says("file identifier", "wrong remote file", "FILE_REFERENCE") {
			return m.ID, err
		}
		delete(params, "photo")
	}
	if err := o.Client.Upload(ctx, "sendPhoto", params, "photo", p.Name, p.Data, &m); err != nil {
		return 0, err
	}
	if n := len(m.Photo); n > 0 { // the largest size is the last
		if err := o.Files.SetFileID(ctx, key, m.Photo[n-1].FileID); err != nil {
			o.Log.WarnContext(ctx, "file id not kept, the picture will be uploaded again", "err", err)
		}
	}
	return m.ID, nil
}

// outcome makes a *bot.SendError of what came of a request.
func outcome(err error) error {
	if _, ok := errors.AsType[*bot.SendError](err); ok {
		return err
	}
	e := &bot.SendError{Outcome: bot.Unknown, Err: err}
	if r := api.RefusalIn(err); r != nil {
		switch {
		case r.Code == http.StatusTooManyRequests:
			e.Outcome, e.After = bot.Retry, r.After
		case r.Code < 500: // after others the message may have been stored
			e.Outcome = bot.Rejected
		}
	} else if l, ok := errors.AsType[*api.Lost](err); ok && !l.Sent {
		e.Outcome = bot.Retry
	}
	return e
}

// IsClosed reports whether an error says that the bot cannot write to the chat, now and
// until somebody there changes that.
func IsClosed(err error) bool {
	r := api.RefusalIn(err)
	return r != nil && (r.Code == http.StatusForbidden || r.Code == http.StatusBadRequest && r.Says(
		"chat not found", "not enough rights to send", "need administrator rights", "CHAT_WRITE_FORBIDDEN",
		"have no rights to send", "group is deactivated", "PEER_ID_INVALID", "CHAT_RESTRICTED"))
}

// isTopicGone reports whether there is no such topic any more, isTopicClosed whether nobody
// may write in it.
func isTopicGone(r *api.Refusal) bool { return r.Says("message thread not found", "TOPIC_DELETED") }

func isTopicClosed(r *api.Refusal) bool { return isTopicGone(r) || r.Says("TOPIC_CLOSED") }
