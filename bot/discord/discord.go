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
	"golang.org/x/time/rate"

	"parley/bot"
)

// Core is what the adapter needs of the bot.
type Core interface {
	Handle(ctx context.Context, req bot.Request) bot.Reply
	Commands() []bot.Command
	Complete(ctx context.Context, req bot.Request, option, typed string) []bot.Choice
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
	last  int // of this process; -1: the last there is

	http *transport
	bulk *rate.Limiter // of what nobody waits for
	idle func()        // closes connections that nothing uses
	api  api
	core Core

	appID  string
	self   identity
	seen   *recent[struct{}] // ids of interactions and messages that were taken
	spoken *recent[string]   // conversations by id of the bot's messages
	parent *recent[string]   // channels by id of the threads in them
	forums *recent[bool]     // whether channels are forums, as it turned out
	news   *recent[bool]     // whether channels are announcement channels
	work   workers

	startEvery time.Duration
}

// New checks the options. It sends nothing.
func New(o Options) (*Discord, error) {
	d := &Discord{
		opts: o, log: o.Log, now: o.Now, core: o.Core, last: -1, startEvery: startEvery,
		seen: newRecent[struct{}](), spoken: newRecent[string](), parent: newRecent[string](),
		forums: newRecent[bool](), news: newRecent[bool](), bulk: rate.NewLimiter(bulkPerSecond, requestBurst),
	}
	if d.now == nil {
		d.now = time.Now
	}
	if o.Token == "" || strings.ContainsAny(o.Token, " \t\r\n") {
		return nil, errors.New("discord: the token is empty or has spaces: set the one that Discord's Developer Portal shows under Bot")
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
	d.http = newTransport(base, to, d.now)
	d.api = api{newSession(o.Token)}
	d.api.session.Client = &http.Client{Transport: d.http}
	redirectLibraryLog(o.Log, o.Token)
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

// Run answers until ctx is done. Then it takes nothing new, lets the answers that are on
// their way finish within 10 s, and returns nil when no connection and no goroutine is
// left. An error says why the bot cannot be on Discord and what to do; trying again
// without doing it is no use. Run may be called once.
func (d *Discord) Run(ctx context.Context) error {
	if d.idle != nil {
		defer d.idle()
	}
	shards, err := d.reach(ctx)
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
	for _, s := range shards {
		wg.Go(func() { cancel(s.run(running)) })
	}
	<-running.Done()
	wg.Go(d.work.stop)
	wg.Wait()
	if err := context.Cause(running); ctx.Err() == nil && err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("discord: %w", err)
	}
	return nil
}

// reach prepares, and tries again as long as Discord cannot be reached: a bot may start
// before the network does, or while Discord is down.
func (d *Discord) reach(ctx context.Context) ([]*shard, error) {
	for failures := 0; ; failures++ {
		shards, err := d.prepare(ctx)
		if err == nil || !isUnreachable(err) {
			return shards, err
		}
		wait := jitter(min(firstBackoff<<min(failures, 12), lastBackoff))
		d.log.Warn("Discord does not answer, another try follows", "again_in", wait, "err", err)
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// isUnreachable reports whether a request failed on its way, or on Discord's side.
func isUnreachable(err error) bool {
	var refused *APIError
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &refused) && refused.Status >= http.StatusInternalServerError
}

// prepare asks Discord who the bot is and how many shards it needs, and registers the
// commands.
func (d *Discord) prepare(ctx context.Context) ([]*shard, error) {
	info, err := d.api.gatewayInfo(ctx)
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
		return nil, fmt.Errorf("shards %q are more than the %d that Discord recommends: set shard_count", d.opts.Shards, count)
	}
	paced := newStarts(d.api, d.log, d.now, d.startEvery, info)
	var shards []*shard
	for id := d.first; id <= last; id++ {
		shards = append(shards, &shard{
			id: id, count: count, token: d.opts.Token, http: d.http, tls: d.opts.TLS, starts: paced, log: d.log,
			onEvent: d.onEvent, gone: make(chan struct{}, 1),
		})
	}
	return shards, nil
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
	err := d.api.do(ctx, call{method: http.MethodGet, url: discordgo.EndpointApplications + "/@me", into: &app})
	if err != nil {
		return err
	}
	if app.ID == "" {
		return errors.New("the API does not tell the application's id: set application_id to the one that Discord's Developer Portal shows under General Information")
	}
	d.appID = app.ID
	return nil
}
