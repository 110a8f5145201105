package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"parley/bot/bottest/discordtest/openapi"
)

// Requests are the requests to a route ("POST /channels/{channel_id}/messages"), oldest
// first; to all routes if it is empty.
func (d *Server) Requests(route string) []Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Request
	for _, r := range d.requests {
		if route == "" || r.Route == route {
			all = append(all, *r)
		}
	}
	return all
}

// AwaitRequests waits until a route was requested so many times, answered or not.
func (d *Server) AwaitRequests(ctx context.Context, route string, n int) error {
	return d.await(ctx, fmt.Sprintf("%d requests %s", n, route), func() bool {
		seen := 0
		for _, r := range d.requests {
			if r.Route == route {
				seen++
			}
		}
		return seen >= n
	})
}

func (rt *route) String() string { return rt.method + " " + rt.path }

// id is a snowflake of the path, 0 if it is none.
func (c *call) id(name string) ID {
	var id ID
	if id.UnmarshalText([]byte(c.PathValue(name))) != nil {
		return 0
	}
	return id
}

// decode reads the JSON body; the rules have seen to it that it can be read.
func (c *call) decode(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return invalidForm(openapi.Problem{Code: "BASE_TYPE_INVALID", Text: err.Error()})
	}
	return nil
}

// bucket names a rate limit: the route, and the channel, guild or
// webhook of the path.
func (c *call) bucket() string {
	key := []string{c.route.String()}
	for _, major := range []string{"channel_id", "guild_id", "webhook_id", "webhook_token"} {
		key = append(key, c.PathValue(major))
	}
	return strings.Join(key, "|")
}

func (r reply) write(w http.ResponseWriter) {
	for k, v := range r.header {
		w.Header()[k] = v
	}
	if len(r.body) > 0 && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // the bot may be gone; what it missed is its business
}

// reach finds a channel for the bot, which must be able to see it.
func (d *Server) reach(id ID) (*Channel, error) {
	ch := d.channels[id]
	if ch == nil {
		return nil, errUnknownChannel
	}
	if !ch.holdsBot() || ch.permissions(d.bot)&ViewChannel == 0 {
		return nil, errNoAccess
	}
	return ch, nil
}

// guild finds a guild that the bot is in.
func (d *Server) guild(c *call) (*Guild, error) {
	switch g := d.guilds[c.id("guild_id")]; {
	case g == nil:
		return nil, errUnknownGuild
	case !g.hasBot:
		return nil, errNoAccess
	default:
		return g, nil
	}
}

// need refuses what the bot has no permission for.
func (ch *Channel) need(p Permissions) error {
	if ch.permissions(ch.d.bot)&p != p {
		return errNoPermissions
	}
	return nil
}

func (d *Server) getChannel(c *call) (any, error) {
	ch, err := d.reach(c.id("channel_id"))
	if err != nil {
		return nil, err
	}
	return ch.wire(), nil
}
