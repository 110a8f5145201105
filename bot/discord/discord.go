// Package discord is the adapter for Discord: it keeps the connections to the gateway,
// registers the commands of the core's table, turns interactions, mentions, replies and
// direct messages into requests, and replies into embeds, buttons and attachments. It
// decides nothing about answers, knows neither the index nor the digest, and keeps nothing
// beyond its own lifetime except through the small interfaces that it declares.
//
// # Conversations
//
// What was asked before in the same channel or thread by the same person is the context
// of a question. A reply to an answer of the bot's, a message in the thread below one, and
// a button under one go on with the conversation of that answer, whoever writes.
//
// # Buttons
//
// Only who asked changes an answer in place, to another page or order. For everybody else,
// and for buttons that lead elsewhere, pressing one gives an answer of its own, which
// others than who asked see alone.
package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/backoff"
	"parley/bot/discord/gateway"
	"parley/bot/discord/posting"
	"parley/bot/discord/rest"
)

// Core is what the adapter needs of the bot.
type Core interface {
	Handle(ctx context.Context, req bot.Request) bot.Reply
	Commands() []bot.Command
	Complete(ctx context.Context, req bot.Request, option, typed string) []argument.Choice
	Actions
}

// Actions finds the actions of buttons again, also after a restart.
type Actions interface {
	ActionKey(ctx context.Context, a bot.Action) (string, error)
	ActionOf(ctx context.Context, key string) (command string, args bot.Args, ok bool, err error)
}

// CommandStore remembers which commands were registered, by platform and application.
type CommandStore interface {
	// Registered is empty where none were.
	Registered(ctx context.Context, key string) (hash string, err error)
	SetRegistered(ctx context.Context, key, hash string) error
}

// Subscriptions are told where nothing can be posted any more, or again. A chat is
// "discord/" and the id of a server or channel.
type Subscriptions interface {
	Suspend(ctx context.Context, chat, reason string) error
	// Resume lifts a suspension; suspended is false where there was none.
	Resume(ctx context.Context, chat string) (suspended bool, err error)
}

// Options are what a Discord is made of. Token, Core, Commands and Log are required.
type Options struct {
	Token string
	// APIURL is where Discord's API is, if not at https://discord.com. The gateway is where
	// that API says.
	APIURL string
	// ApplicationID is the application's, where the API does not tell it.
	ApplicationID string
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

// stopTime is how long running answers may take after the end was asked for.
const stopTime = 10 * time.Second

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
	seen          *recent[struct{}] // ids of interactions and messages that were taken
	conversations *recent[string]   // by id of the bot's messages
	parents       *recent[string]   // channels by id of the threads in them
	work          workers

	identifyEvery time.Duration
}

// New checks the options. It sends nothing.
func New(o Options) (*Discord, error) {
	d := &Discord{
		opts: o, log: o.Log, now: o.Now, core: o.Core, last: -1, identifyEvery: gateway.IdentifyEvery,
		seen: newRecent[struct{}](), conversations: newRecent[string](), parents: newRecent[string](),
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

// Run answers until ctx is done. Then it takes nothing new, lets running answers finish
// within 10 s, and returns nil when no connection and no goroutine is left. An error says
// why the bot cannot be on Discord and what to do; it is no use to try again without doing
// it. Run may be called once.
func (d *Discord) Run(ctx context.Context) error {
	if d.idle != nil {
		defer d.idle()
	}
	connections, err := d.reach(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("discord: %w", err)
	}
	d.work.start(ctx)
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	wg.Go(func() { cancel(connections.Run(ctx)) })
	<-running.Done()
	wg.Go(d.work.stop)
	wg.Wait()
	if err := context.Cause(running); ctx.Err() == nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("discord: %w", err)
	}
	return nil
}

// reach prepares, and tries again as long as Discord cannot be reached: a bot may start
// before the network does, or while Discord is down.
func (d *Discord) reach(ctx context.Context) (*gateway.Gateway, error) {
	waits := backoff.Backoff{First: gateway.FirstBackoff, Most: gateway.LastBackoff}
	for {
		connections, err := d.prepare(ctx)
		if err == nil || !isUnreachable(err) {
			return connections, err
		}
		wait := backoff.Jitter(waits.Next())
		d.log.Warn("Discord does not answer, another try follows", "again_in", wait, "err", err)
		if err := backoff.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// isUnreachable reports whether a request failed on its way, or on Discord's side.
func isUnreachable(err error) bool {
	if refused, ok := errors.AsType[*rest.APIError](err); ok {
		return refused.Status >= http.StatusInternalServerError
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// prepare asks Discord who the bot is and how many shards it needs, and registers the
// commands.
func (d *Discord) prepare(ctx context.Context) (*gateway.Gateway, error) {
	info, err := gateway.FetchInfo(ctx, d.client)
	if err != nil {
		return nil, err
	}
	if err := d.identify(ctx); err != nil {
		return nil, err
	}
	if err := d.register(ctx); err != nil {
		return nil, err
	}
	count, last := d.opts.ShardCount, d.last
	if count == 0 {
		count = max(info.Shards, 1)
	}
	if last < 0 {
		last = count - 1
	}
	if last >= count {
		return nil, fmt.Errorf("shards %q are more than the %d that Discord recommends: set shard_count",
			d.opts.Shards, count)
	}
	return gateway.New(gateway.Options{
		Token: d.opts.Token, Client: d.client, TLS: d.opts.TLS, Log: d.log, Now: d.now,
		IdentifyEvery: d.identifyEvery, OnEvent: d.onEvent,
	}, info, d.first, last, count), nil
}

// identify asks for the application's id.
func (d *Discord) identify(ctx context.Context) error {
	d.appID = d.opts.ApplicationID
	if d.appID != "" {
		return nil
	}
	var app struct {
		ID string `json:"id"`
	}
	get := rest.Call{Method: http.MethodGet, URL: discordgo.EndpointApplications + "/@me", Into: &app}
	if err := d.client.Do(ctx, get); err != nil {
		return err
	}
	if app.ID == "" {
		return errors.New("the API does not tell the application's id: " +
			"set application_id to the one that Discord's Developer Portal shows under General Information")
	}
	d.appID = app.ID
	return nil
}

// Render makes the messages of a reply that nobody asked for. title is that of the thread
// where the place is a forum, cut to 100 characters.
func (d *Discord) Render(ctx context.Context, to bot.Place, reply bot.Reply, title string) ([]bot.Rendered, error) {
	var messages []posting.Message
	for _, m := range d.messages(ctx, reply, bot.Request{}, "") {
		messages = append(messages, posting.Message{Body: m, Files: m.files, From: m.from})
	}
	return posting.Encode(to, title, messages, len(reply.Blocks))
}

// SendPart sends a message that Render made (see posting.Poster.Send).
func (d *Discord) SendPart(ctx context.Context, p bot.Post) (id string, err error) {
	return d.poster.Send(ctx, p)
}

// ResendPart sends a message of which it is not known whether it arrived, unless it did (see
// posting.Poster.Resend).
func (d *Discord) ResendPart(ctx context.Context, p bot.Post, begun time.Time) (id string, err error) {
	return d.poster.Resend(ctx, p, begun)
}
