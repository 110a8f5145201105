package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/bwmarrin/discordgo"

	"parley/bot/backoff"
	"parley/bot/discord/gateway"
	"parley/bot/discord/rest"
)

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
