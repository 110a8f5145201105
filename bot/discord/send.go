package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
)

const maxThreadTitle = 100

// storedPart is a part as it is kept until it is sent.
type storedPart struct {
	Title   string          `json:"title,omitempty"` // of a post, where the channel is a forum
	Message json.RawMessage `json:"message"`
	Files   []storedFile    `json:"files,omitempty"`
}

type storedFile struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Data []byte `json:"data"`
}

// Render makes the messages of a reply that nobody asked for. title is that of the post
// where the place is a forum, cut to 100 characters.
func (d *Discord) Render(ctx context.Context, to bot.Place, reply bot.Reply, title string) (parts []bot.Rendered, err error) {
	for i, m := range d.render(ctx, reply, bot.Request{}, "") {
		stored := storedPart{}
		if i == 0 {
			stored.Title = cut(cleanLine(title), maxThreadTitle)
		}
		for _, f := range m.files {
			stored.Files = append(stored.Files, storedFile{f.name, f.kind, f.data})
		}
		stored.Message, err = json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("a message for %s: %w", to.Key(), err)
		}
		content, err := json.Marshal(stored)
		if err != nil {
			return nil, fmt.Errorf("a message for %s: %w", to.Key(), err)
		}
		if i > 0 {
			parts[i-1].Blocks = m.from
		}
		parts = append(parts, bot.Rendered{Content: content, Blocks: len(reply.Blocks)})
	}
	return parts, nil
}

// SendPart sends a part that Render made, behind what is said in answer to somebody, and
// returns the id of its message. For a few minutes the same nonce sends nothing twice; in
// forums it has no effect on the first part. Where the channel is an announcement channel
// the message is published, if the bot may. An error is a *bot.SendError; where the bot
// may not post any more the subscriptions are told.
func (d *Discord) SendPart(ctx context.Context, p bot.Post) (id string, err error) {
	on, err := readPost(p)
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: err}
	}
	if err := d.bulk.Wait(ctx); err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	if err := p.Begin(ctx); err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	if id, err = d.place(ctx, on); err != nil {
		return "", d.failed(ctx, p.Place, err)
	}
	d.publish(ctx, on, id)
	return id, nil
}

// post is a part on its way.
type post struct {
	bot.Post
	storedPart
}

func readPost(p bot.Post) (on post, err error) {
	on.Post = p
	if err := json.Unmarshal(p.Part, &on.storedPart); err != nil {
		return on, fmt.Errorf("a message for %s: %w", p.Place.Key(), err)
	}
	if on.channel() == "" || p.Platform() != platform {
		return on, fmt.Errorf("%q is no place on Discord", p.Place.Key())
	}
	return on, nil
}

// channel is that of the place; a private channel is a chat of its own.
func (p post) channel() string {
	if p.Channel != "" {
		return p.Channel
	}
	return strings.TrimPrefix(p.Chat, platform+"/")
}

// files are those of the message.
func (p post) files() (files []file) {
	for _, f := range p.Files {
		files = append(files, file{f.Name, f.Kind, f.Data})
	}
	return files
}

// place puts a message where it belongs: into the channel, or where that is a forum into
// a thread of its own, which the first message begins.
func (d *Discord) place(ctx context.Context, p post) (id string, err error) {
	forum, _ := d.forums.get(p.channel())
	if !forum {
		if id, err = d.send(ctx, p, p.channel()); codeOf(err) != codeNotText {
			return id, err
		}
		d.forums.put(p.channel(), true)
	}
	if p.First != "" {
		return d.send(ctx, p, p.First) // a thread has the id of its first message
	}
	return d.postInForum(ctx, p)
}

// send sends a message to a channel or thread, with its nonce.
func (d *Discord) send(ctx context.Context, p post, channel string) (id string, err error) {
	body := p.Message
	if p.Nonce != "" {
		if body, err = withNonce(body, p.Nonce); err != nil {
			return "", err
		}
	}
	return d.create(ctx, call{
		method: http.MethodPost, url: discordgo.EndpointChannelMessages(channel), body: body, files: p.files(), again: p.Nonce != "",
	})
}

// withNonce is a message in JSON with a nonce that Discord enforces.
func withNonce(message json.RawMessage, nonce string) (json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(message, &fields); err != nil {
		return nil, err
	}
	name, err := json.Marshal(nonce)
	if err != nil {
		return nil, err
	}
	maps.Copy(fields, map[string]json.RawMessage{"nonce": name, "enforce_nonce": json.RawMessage("true")})
	return json.Marshal(fields)
}

// postInForum begins a thread. Its id is also that of its first message.
func (d *Discord) postInForum(ctx context.Context, p post) (id string, err error) {
	body := forumPost{Name: p.Title, Message: p.Message}
	begin := call{method: http.MethodPost, url: discordgo.EndpointChannelThreads(p.channel()), body: &body, files: p.files()}
	if id, err = d.create(ctx, begin); codeOf(err) != codeTagRequired {
		return id, err
	}
	if body.Tags, err = d.firstTag(ctx, p.channel()); err != nil {
		return "", err
	}
	return d.create(ctx, begin)
}

type forumPost struct {
	Name    string          `json:"name"`
	Message json.RawMessage `json:"message"`
	Tags    []string        `json:"applied_tags,omitempty"`
}

// create makes a request that creates something with an id.
func (d *Discord) create(ctx context.Context, c call) (id string, err error) {
	var stored struct {
		ID string `json:"id"`
	}
	c.into = &stored
	err = d.api.do(ctx, c)
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
func (d *Discord) failed(ctx context.Context, to bot.Place, err error) error {
	e := outcome(err)
	if reason, ok := reasons[codeOf(err)]; ok {
		if told := d.suspend(ctx, to.Key(), reason); told != nil {
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
