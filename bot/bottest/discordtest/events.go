package discordtest

import (
	"strings"

	"parley/bot/bottest/discordtest/gateway"
)

// What a test sees of the gateway and says to it.
type (
	Handshake  = gateway.Handshake
	Connection = gateway.Connection
	Shard      = gateway.Shard
)

func (d *Server) gatewayURL() string { return "ws" + strings.TrimPrefix(d.server.URL, "http") }

// ready is the payload of the READY event: the bot and its guilds.
func (d *Server) ready() (about map[string]any, guilds []gateway.Guild) {
	for _, g := range d.guilds {
		if g.hasBot {
			guilds = append(guilds, gateway.Guild{ID: uint64(g.ID), Created: g.wireFull()})
		}
	}
	return jsonObject{"user": d.bot.wire(), "application": jsonObject{"id": d.appID, "flags": 0}}, guilds
}

// dispatchGuild sends an event of a guild that the bot is in.
func (d *Server) dispatchGuild(g *Guild, name string, data jsonObject) {
	if g.hasBot {
		d.Dispatch(uint64(g.ID), gateway.IntentGuilds, name, data)
	}
}

// dispatchMessage sends an event about a message that the bot can see.
func (d *Server) dispatchMessage(m *storedMessage, name string, data jsonObject) {
	ch := m.Channel
	if m.viewer != nil || !ch.holdsBot() || ch.permissions(d.bot)&ViewChannel == 0 {
		return
	}
	if ch.Guild == nil {
		d.Dispatch(0, gateway.IntentDirectMessages, name, data)
		return
	}
	data["guild_id"] = ch.Guild.ID
	d.Dispatch(uint64(ch.Guild.ID), gateway.IntentGuildMessages, name, data)
}

// announce sends an event with a message in it.
func (d *Server) announce(name string, m *storedMessage) { d.dispatchMessage(m, name, m.wireEvent()) }
