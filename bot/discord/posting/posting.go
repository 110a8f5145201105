// Package posting posts on Discord what nobody has just asked for, such as digests: into
// channels, threads, forums and announcement channels. It finds out whether a message whose
// fate is unknown has arrived. It does not render replies, and does not keep what is posted.
package posting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"parley/bot"
	"parley/bot/discord/render"
	"parley/bot/discord/rest"
)

// Platform is how the core names Discord, before the id of a server or channel.
const Platform = "discord"

const (
	// postsPerSecond leaves some of the requests that a client may make to answers, so that
	// these go out at once while thousands of digests are due.
	postsPerSecond, postBurst = 30, 10
	maxThreadTitle            = 100 // UTF-16 units
	maxKnown                  = 20_000
	// unreachableWait is how long to wait before another try where Discord is not reached.
	unreachableWait = 2 * time.Minute
)

// Codes of refusals that discordgo does not name as they are used here.
const (
	codeTagRequired = 40067 // the threads of the forum must have a tag
	codeNotText     = 50008 // the channel has no messages, as a forum
)

// Options configure a Poster. All are required.
type Options struct {
	Client *rest.Client
	Log    *slog.Logger
	Now    func() time.Time
	// Suspend is told where the bot may not post any more, with the key of the place.
	Suspend func(ctx context.Context, place, reason string) error
	// Self is the id of the bot's user, empty while the gateway has not told it.
	Self func() string
	// IsListed reports whether the gateway has told of all channels of a server.
	IsListed func(guild string) bool
}

// Poster posts messages.
type Poster struct {
	Options
	pace          *rate.Limiter
	forums        *lru.Cache[string, bool] // whether channels are forums, as it turned out
	announcements *lru.Cache[string, bool] // whether channels are announcement channels
}

// New makes a Poster.
func New(o Options) *Poster {
	return &Poster{
		Options: o, pace: rate.NewLimiter(postsPerSecond, postBurst),
		forums: newCache(), announcements: newCache(),
	}
}

func newCache() *lru.Cache[string, bool] {
	cache, err := lru.New[string, bool](maxKnown)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return cache
}

// SetAnnouncement notes whether a channel is an announcement channel.
func (p *Poster) SetAnnouncement(channel string, is bool) {
	if is {
		p.announcements.Add(channel, true)
	} else {
		p.announcements.Remove(channel)
	}
}

// Message is a message of a reply that is to be posted.
type Message struct {
	Body  any // becomes JSON
	Files []rest.File
	From  int // the index of the block of the reply in which it begins
}

// storedMessage is a message as it is kept until it is sent.
type storedMessage struct {
	Title   string          `json:"title,omitempty"` // of its thread, where the channel is a forum
	Message json.RawMessage `json:"message"`
	Files   []rest.File     `json:"files,omitempty"`
}

// Encode makes what is kept of the messages of a reply of so many blocks. title is that of
// the thread where the place is a forum, cut to 100 characters.
func Encode(to bot.Place, title string, messages []Message, blocks int) (encoded []bot.Rendered, err error) {
	for i, m := range messages {
		stored := storedMessage{Files: m.Files}
		if i == 0 {
			stored.Title = render.Label(title, maxThreadTitle)
		}
		var content []byte
		if stored.Message, err = json.Marshal(m.Body); err == nil {
			content, err = json.Marshal(stored)
		}
		if err != nil {
			return nil, fmt.Errorf("a message for %s: %w", to.Key(), err)
		}
		if i > 0 {
			encoded[i-1].Blocks = m.From
		}
		encoded = append(encoded, bot.Rendered{Content: content, Blocks: blocks})
	}
	return encoded, nil
}

// post is a message on its way.
type post struct {
	bot.Post
	storedMessage
	// channel is that of the place, where a private channel is a chat of its own.
	channel string
}

func decode(p bot.Post) (on post, err error) {
	on = post{Post: p, channel: p.Channel}
	if err := json.Unmarshal(p.Part, &on.storedMessage); err != nil {
		return on, fmt.Errorf("a message for %s: %w", p.Place.Key(), err)
	}
	if on.channel == "" {
		on.channel = on.guild()
	}
	if on.channel == "" || p.Platform() != Platform {
		return on, fmt.Errorf("%q is no place on Discord", p.Place.Key())
	}
	return on, nil
}

func (p post) guild() string { return strings.TrimPrefix(p.Chat, Platform+"/") }

// Send sends a message that Encode made, after what is said in answer to somebody, and
// returns its id. For a few minutes the same nonce sends nothing twice, except the first
// message of a thread in a forum. In an announcement channel the message is published, if
// the bot may. An error is a *bot.SendError; where the bot may not post any more, Suspend
// is told.
func (p *Poster) Send(ctx context.Context, message bot.Post) (id string, err error) {
	on, err := decode(message)
	if err != nil {
		return "", &bot.SendError{Outcome: bot.Rejected, Err: err}
	}
	if err := p.pace.Wait(ctx); err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	if err := message.Begin(ctx); err != nil {
		return "", &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	if id, err = p.post(ctx, on); err != nil {
		return "", p.failed(ctx, message.Place, err)
	}
	p.publish(ctx, on, id)
	return id, nil
}

// post puts a message into its channel. Where that is a forum, the first message begins a
// thread of its own, and the others follow in it.
func (p *Poster) post(ctx context.Context, on post) (id string, err error) {
	forum, _ := p.forums.Get(on.channel)
	if !forum {
		if id, err = p.postInChannel(ctx, on, on.channel); rest.CodeOf(err) != codeNotText {
			return id, err
		}
		p.forums.Add(on.channel, true)
	}
	if on.First != "" {
		return p.postInChannel(ctx, on, on.First) // a thread has the id of its first message
	}
	body := struct {
		Name    string          `json:"name"`
		Message json.RawMessage `json:"message"`
		Tags    []string        `json:"applied_tags,omitempty"`
	}{Name: on.Title, Message: on.Message}
	begin := rest.Call{
		Method: http.MethodPost, URL: discordgo.EndpointChannelThreads(on.channel), Body: &body, Files: on.Files,
	}
	if id, err = p.Client.Create(ctx, begin); rest.CodeOf(err) != codeTagRequired {
		return id, err
	}
	if body.Tags, err = p.firstTag(ctx, on.channel); err != nil {
		return "", err
	}
	return p.Client.Create(ctx, begin)
}

// postInChannel posts a message in a channel or thread, with its nonce.
func (p *Poster) postInChannel(ctx context.Context, on post, channel string) (id string, err error) {
	body := on.Message
	if on.Nonce != "" {
		if body, err = withNonce(body, on.Nonce); err != nil {
			return "", err
		}
	}
	return p.Client.Create(ctx, rest.Call{
		Method: http.MethodPost, URL: discordgo.EndpointChannelMessages(channel), Body: body, Files: on.Files,
		Repeatable: on.Nonce != "",
	})
}

// withNonce adds a nonce that Discord enforces to a message in JSON.
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

// firstTag is the first tag of a forum that the bot may use, where its threads must have one.
func (p *Poster) firstTag(ctx context.Context, forum string) ([]string, error) {
	var channel struct {
		Tags []struct {
			ID        string `json:"id"`
			Moderated bool   `json:"moderated"`
		} `json:"available_tags"`
	}
	get := rest.Call{Method: http.MethodGet, URL: discordgo.EndpointChannel(forum), Into: &channel}
	if err := p.Client.Do(ctx, get); err != nil {
		return nil, err
	}
	for _, t := range channel.Tags {
		if !t.Moderated {
			return []string{t.ID}, nil
		}
	}
	return nil, &rest.APIError{
		Status: http.StatusBadRequest, Code: codeTagRequired,
		Message: "the forum requires a tag and has none for everybody",
	}
}

// suspensions are the refusals that end a subscription, with what its owner is told.
var suspensions = map[int]string{
	discordgo.ErrCodeUnknownChannel: "the channel does not exist any more",
	discordgo.ErrCodeMissingAccess:  "the bot cannot see the channel",
	discordgo.ErrCodeMissingPermissions: "the bot lacks a permission in the channel, " +
		"such as Send Messages or Embed Links",
	discordgo.ErrCodeCannotSendMessagesToThisUser: "the user takes no messages from the bot",
	discordgo.ErrCodeThreadIsLocked:               "the thread is locked",
	codeTagRequired:                               "the forum requires a tag that the bot cannot set",
}

// failed turns the error of a request into what became of the message, and tells Suspend
// where the bot may not post any more.
func (p *Poster) failed(ctx context.Context, to bot.Place, err error) error {
	e := &bot.SendError{Outcome: bot.Unknown, Err: err}
	if limited, ok := errors.AsType[*rest.LimitedError](err); ok {
		e.Outcome, e.After = bot.Retry, limited.After
	} else if refused, ok := errors.AsType[*rest.APIError](err); ok && refused.Status < 500 ||
		errors.Is(err, rest.ErrUnauthorized) {
		e.Outcome = bot.Rejected
	} else if rest.IsDialError(err) {
		e.Outcome, e.After = bot.Retry, unreachableWait
	}
	if reason, ok := suspensions[rest.CodeOf(err)]; ok {
		if told := p.Suspend(ctx, to.Key(), reason); told != nil {
			e.Err = errors.Join(err, told)
		}
	}
	return e
}

// publishTime is how long publishing may take. Discord lets a channel publish ten messages
// an hour; the others stand in their own channel only.
const publishTime = 5 * time.Second

// publish shows a message of an announcement channel in the channels that follow it, if
// the bot may.
func (p *Poster) publish(ctx context.Context, on post, message string) {
	ctx, cancel := context.WithTimeout(ctx, publishTime)
	defer cancel()
	announces, err := p.isAnnouncement(ctx, on)
	if err == nil && announces {
		url := discordgo.EndpointChannelMessageCrosspost(on.channel, message)
		err = p.Client.Do(ctx, rest.Call{Method: http.MethodPost, URL: url})
	}
	if err != nil && rest.CodeOf(err) != discordgo.ErrCodeMessageAlreadyCrossposted {
		p.Log.WarnContext(ctx, "a message was posted, but not published to the channels that follow",
			"place", on.Place.Key(), "err", err)
	}
}

// isAnnouncement reports whether a post is in an announcement channel. The gateway tells
// which ones a server has; for servers of other shards Discord must be asked.
func (p *Poster) isAnnouncement(ctx context.Context, on post) (bool, error) {
	if is, known := p.announcements.Get(on.channel); known {
		return is, nil
	}
	if on.Channel == "" || p.IsListed(on.guild()) {
		return false, nil
	}
	if err := p.pace.Wait(ctx); err != nil {
		return false, err
	}
	kind, err := p.channelType(ctx, on.channel)
	is := kind == discordgo.ChannelTypeGuildNews
	if err == nil {
		p.announcements.Add(on.channel, is)
	}
	return is, err
}

func (p *Poster) channelType(ctx context.Context, channel string) (kind discordgo.ChannelType, err error) {
	var c struct {
		Type discordgo.ChannelType `json:"type"`
	}
	err = p.Client.Do(ctx, rest.Call{Method: http.MethodGet, URL: discordgo.EndpointChannel(channel), Into: &c})
	return c.Type, err
}
