package discord

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
)

// Target is where to send.
type Target struct {
	// Channel is a text channel, a thread, a private channel or a forum.
	Channel string
	// Title is that of the post where the channel is a forum, cut to 100 characters.
	Title string
	// Nonce names what is sent, in at most 20 characters: for a few minutes the same nonce
	// sends nothing twice. It has no effect in forums.
	Nonce string
}

const (
	maxThreadTitle = 100
	maxNonce       = 20 // Discord's 25, less the number of the part
)

// Send posts a reply that nobody asked for, and returns the ids of its messages. Its
// errors are SendErrors; the ids before one are of what was sent. Where the bot may not
// post any more the subscriptions are told.
func (d *Discord) Send(ctx context.Context, to Target, reply bot.Reply) (ids []string, err error) {
	if len(to.Nonce) > maxNonce {
		return nil, &bot.SendError{Outcome: bot.Rejected, Err: fmt.Errorf("nonce %q is longer than %d characters", to.Nonce, maxNonce)}
	}
	messages := d.render(ctx, reply, bot.Request{}, "")
	at := to.Channel
	for part, m := range messages {
		m.Nonce, m.EnforceNonce = fmt.Sprintf("%s.%d", to.Nonce, part), to.Nonce != ""
		if to.Nonce == "" {
			m.Nonce = ""
		}
		id, err := d.post(ctx, at, m)
		if codeOf(err) == codeNotText && part == 0 {
			id, err = d.postInForum(ctx, to, m)
			at = id // the rest goes into the thread
		}
		if err != nil {
			return ids, d.failed(ctx, to.Channel, err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// postInForum begins a thread. Its id is also that of its first message.
func (d *Discord) postInForum(ctx context.Context, to Target, m message) (id string, err error) {
	m.Nonce, m.EnforceNonce = "", false
	post := forumPost{Name: cut(cleanLine(to.Title), maxThreadTitle), Message: m}
	id, err = d.thread(ctx, to.Channel, post)
	if codeOf(err) != codeTagRequired {
		return id, err
	}
	if post.Tags, err = d.firstTag(ctx, to.Channel); err != nil {
		return "", err
	}
	return d.thread(ctx, to.Channel, post)
}

type forumPost struct {
	Name    string   `json:"name"`
	Message message  `json:"message"`
	Tags    []string `json:"applied_tags,omitempty"`
}

func (d *Discord) thread(ctx context.Context, forum string, p forumPost) (id string, err error) {
	var stored struct {
		ID string `json:"id"`
	}
	err = d.api.do(ctx, call{method: http.MethodPost, url: discordgo.EndpointChannelThreads(forum), body: p, files: p.Message.files, into: &stored})
	return stored.ID, err
}

// firstTag is the first tag of a forum that the bot may use; its posts must have one.
func (d *Discord) firstTag(ctx context.Context, forum string) ([]string, error) {
	var channel struct {
		Tags []struct {
			ID        string `json:"id"`
			Moderated bool   `json:"moderated"`
		} `json:"available_tags"`
	}
	if err := d.api.do(ctx, call{method: http.MethodGet, url: discordgo.EndpointChannel(forum), into: &channel}); err != nil {
		return nil, err
	}
	for _, t := range channel.Tags {
		if !t.Moderated {
			return []string{t.ID}, nil
		}
	}
	return nil, &APIError{Status: http.StatusBadRequest, Code: codeTagRequired, Message: "the forum requires a tag and has none for everybody"}
}

// reasons are the refusals that end a subscription, with what its owner is told.
var reasons = map[int]string{
	codeUnknownChannel: "the channel does not exist any more",
	codeNoAccess:       "the bot cannot see the channel",
	codeNoPermission:   "the bot lacks a permission in the channel, such as Send Messages or Embed Links",
	codeCannotMessage:  "the user takes no messages from the bot",
	codeThreadLocked:   "the thread is locked",
	codeTagRequired:    "the forum requires a tag that the bot cannot set",
}

// failed turns an error into what became of the message, and tells the subscriptions
// where it is for good.
func (d *Discord) failed(ctx context.Context, channel string, err error) error {
	e := outcome(err)
	if reason, ok := reasons[codeOf(err)]; ok {
		if told := d.suspend(ctx, channel, reason); told != nil {
			e.Err = errors.Join(err, told)
		}
	}
	return e
}

func outcome(err error) *bot.SendError {
	var limited *LimitedError
	var refused *APIError
	var op *net.OpError
	switch {
	case errors.As(err, &limited):
		return &bot.SendError{Outcome: bot.Retry, After: limited.After, Err: err}
	case errors.Is(err, errUnauthorized):
		return &bot.SendError{Outcome: bot.Rejected, Err: err}
	case errors.As(err, &refused) && refused.Status < 500:
		return &bot.SendError{Outcome: bot.Rejected, Err: err}
	case errors.As(err, &op) && op.Op == "dial":
		return &bot.SendError{Outcome: bot.Retry, After: lastBackoff, Err: err}
	}
	return &bot.SendError{Outcome: bot.Unknown, Err: err}
}
