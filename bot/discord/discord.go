// Package discord is the adapter for Discord: it registers the commands of the core's table,
// turns interactions, mentions, replies and direct messages into requests, and answers them.
// Its subpackages keep the connections, make the requests, render replies and post digests.
// It decides nothing about answers, knows neither the index nor the digest, and keeps nothing
// beyond its own lifetime except through the small interfaces that it declares.
//
// # Conversations
//
// The context of a question is what the same person has asked before in the same channel or
// thread. A reply to an answer, a message in the thread below it, and a button under it go on
// with the conversation of that answer, whoever writes.
//
// # Buttons
//
// A button for another page or order changes the answer in place, if the one who asked
// presses it. Every other press gives a new answer; it is shown to the presser alone, unless
// that is the one who asked.
package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	lru "github.com/hashicorp/golang-lru/v2"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/discord/gateway"
	"parley/bot/discord/posting"
	"parley/bot/discord/rest"
)

// Core answers requests; it is a bot.Bot.
type Core interface {
	Handle(ctx context.Context, req bot.Request) bot.Reply
	Commands() []bot.Command
	Complete(ctx context.Context, req bot.Request, option, typed string) []argument.Choice
	// ActionKey names an action, and ActionOf finds it again, also after a restart.
	ActionKey(ctx context.Context, a bot.Action) (string, error)
	ActionOf(ctx context.Context, key string) (command string, args bot.Args, ok bool, err error)
}

// CommandStore remembers the hash of the registered commands, by platform and application.
type CommandStore interface {
	// Registered is empty where none were.
	Registered(ctx context.Context, key string) (hash string, err error)
	SetRegistered(ctx context.Context, key, hash string) error
}

// Subscriptions is told where nothing can be posted any more, or again. A chat is "discord/"
// and the id of a server or channel.
type Subscriptions interface {
	Suspend(ctx context.Context, chat, reason string) error
	// Resume lifts a suspension; suspended is false where there was none.
	Resume(ctx context.Context, chat string) (suspended bool, err error)
}

// Options configure a Discord. Token, Core, Commands and Log are required.
type Options struct {
	Token string
	// APIURL is the address of Discord's API, which names that of the gateway; empty:
	// https://discord.com.
	APIURL string
	// ShardCount is the number of shards of all processes together; 0: as Discord recommends.
	ShardCount int
	// Shards are those of this process: "3" or "0-3"; empty: all.
	Shards        string
	Core          Core
	Commands      CommandStore
	Subscriptions Subscriptions // nil: nobody is told
	Log           *slog.Logger
	Now           func() time.Time  // nil: time.Now
	HTTP          http.RoundTripper // nil: a transport of its own
	// TLS is for connections to a server with a certificate of its own; nil: as usual.
	TLS *tls.Config
}

// Discord is the bot on Discord.
type Discord struct {
	opts  Options
	log   *slog.Logger
	now   func() time.Time
	first int // shard of this process
	last  int // shard of this process; -1: the last there is

	client *rest.Client
	idle   func() // closes connections that nothing uses; nil: there are none
	core   Core
	poster *posting.Poster

	appID         string
	self          identity
	taken         *lru.Cache[string, struct{}] // ids of interactions and messages
	conversations *lru.Cache[string, string]   // by id of the bot's messages
	parents       *lru.Cache[string, string]   // channels by id of the threads in them
	work          workers

	identifyEvery time.Duration
}

// New checks the options. It sends nothing.
func New(o Options) (*Discord, error) {
	d := &Discord{
		opts: o, log: o.Log, now: o.Now, core: o.Core, last: -1, identifyEvery: gateway.IdentifyEvery,
		taken: newCache[struct{}](), conversations: newCache[string](), parents: newCache[string](),
	}
	if d.now == nil {
		d.now = time.Now
	}
	if o.Token == "" || strings.ContainsAny(o.Token, " \t\r\n") {
		return nil, errors.New(
			"discord: the token is empty or has spaces: set the one that Discord's Developer Portal shows under Bot")
	}
	var to *url.URL
	if o.APIURL != "" {
		var err error
		if to, err = url.Parse(o.APIURL); err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
			return nil, fmt.Errorf("discord: api_url %q is no http or https address", o.APIURL)
		}
	}
	if err := d.readShards(); err != nil {
		return nil, err
	}
	base := o.HTTP
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.Proxy = nil // packages read no environment
		own.MaxIdleConnsPerHost = maxWorkers
		own.TLSClientConfig = o.TLS
		base, d.idle = own, own.CloseIdleConnections
	}
	if to != nil {
		to = to.JoinPath("/") // a base without a path would make relative ones
	}
	d.client = rest.NewClient(o.Token, base, to, d.now)
	d.poster = posting.New(posting.Options{
		Client: d.client, Log: d.log, Now: func() time.Time { return d.now() },
		Suspend: d.suspend, Self: d.self.user, IsListed: d.self.isListed,
	})
	rest.RedirectLibraryLog(o.Log, o.Token)
	return d, nil
}

// readShards reads "3" or "0-3".
func (d *Discord) readShards() error {
	o := d.opts
	if o.ShardCount < 0 {
		return fmt.Errorf("discord: shard_count is %d", o.ShardCount)
	}
	if o.Shards == "" {
		return nil
	}
	from, to, ok := strings.Cut(o.Shards, "-")
	if !ok {
		to = from
	}
	var err, err2 error
	d.first, err = strconv.Atoi(strings.TrimSpace(from))
	d.last, err2 = strconv.Atoi(strings.TrimSpace(to))
	if err != nil || err2 != nil || d.first < 0 || d.last < d.first || o.ShardCount > 0 && d.last >= o.ShardCount {
		return fmt.Errorf(`discord: shards %q must be like "0-3", within 0 to shard_count - 1`, o.Shards)
	}
	return nil
}

// identity is the bot's own id and servers, as the gateway tells them.
type identity struct {
	mu     sync.Mutex
	userID string
	listed map[string]bool // servers of which the gateway has told all channels
}

func (i *identity) user() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.userID
}

// isListed reports whether the gateway has told of all channels of a server.
func (i *identity) isListed(guild string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.listed[guild]
}

func (d *Discord) suspend(ctx context.Context, key, reason string) error {
	if d.opts.Subscriptions == nil {
		return nil
	}
	return d.opts.Subscriptions.Suspend(ctx, key, reason)
}

// chatOf is the core's name of a server or channel.
func chatOf(id string) string { return posting.Platform + "/" + id }

// resume lifts the suspensions of a server or of a private channel.
func (d *Discord) resume(ctx context.Context, id string) error {
	if d.opts.Subscriptions == nil || id == "" {
		return nil
	}
	_, err := d.opts.Subscriptions.Resume(ctx, chatOf(id))
	return err
}

// resumePrivate lifts the suspension of a private channel, since its user has written to
// the bot.
func (d *Discord) resumePrivate(ctx context.Context, channel string) {
	if err := d.resume(ctx, channel); err != nil {
		d.log.WarnContext(ctx, "a private channel was not resumed", "channel", channel, "err", err)
	}
}

// learn remembers the channel of a thread: messages in the thread do not name it, but the
// settings of a chat do. Of a channel it remembers whether it is an announcement channel.
func (d *Discord) learn(e channelEvent) {
	switch e.Type {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread,
		discordgo.ChannelTypeGuildPrivateThread:
		d.parents.ContainsOrAdd(e.ID, e.Parent)
	default:
		d.poster.SetAnnouncement(e.ID, e.Type == discordgo.ChannelTypeGuildNews)
	}
}

// channel is the channel itself, or that of a thread.
func (d *Discord) channel(id string) string {
	if parent, ok := d.parents.Get(id); ok {
		return parent
	}
	return id
}

// conversation finds the conversation that a message of a user goes on with: that of the
// answer with the id message, else that of the answer below which channel is a thread (it has
// the answer's id), else the user's own in the channel.
func (d *Discord) conversation(channel, user, message string) string {
	if c, ok := d.conversations.Get(message); ok && message != "" {
		return c
	}
	if c, ok := d.conversations.Get(channel); ok {
		return c
	}
	return "discord/" + channel + "/" + user
}
