package discordtest

import (
	"maps"
	"slices"

	"parley/bot/bottest/discordtest/openapi"
)

var applicationRoutes = []*route{
	{method: "GET", path: "/gateway", open: true, serve: (*Server).getGateway},
	{method: "GET", path: "/gateway/bot", serve: (*Server).getGatewayBot},
	{method: "GET", path: "/applications/@me", serve: (*Server).getApplication},
	{method: "GET", path: "/users/@me", serve: (*Server).getMe},
	{method: "GET", path: "/users/@me/guilds", serve: (*Server).getMyGuilds},
	{method: "GET", path: "/users/{user_id}", serve: (*Server).getUser},
	{method: "POST", path: "/users/@me/channels", serve: (*Server).createDM},
}

var channelRoutes = []*route{
	{method: "GET", path: "/channels/{channel_id}", serve: (*Server).getChannel},
	{method: "GET", path: "/guilds/{guild_id}", serve: (*Server).getGuild},
	{method: "GET", path: "/guilds/{guild_id}/channels", serve: (*Server).getGuildChannels},
	{method: "GET", path: "/guilds/{guild_id}/roles", serve: (*Server).getRoles},
	{method: "GET", path: "/guilds/{guild_id}/members/{user_id}", serve: (*Server).getMember},
}

func (d *Server) getApplication(*call) (any, error) { return d.wireApplication(), nil }

func (d *Server) getMe(*call) (any, error) {
	o := d.bot.wire()
	o["mfa_enabled"], o["locale"], o["verified"], o["email"] = false, "en-US", true, nil
	return o, nil
}

func (d *Server) getUser(c *call) (any, error) {
	u := d.users[c.id("user_id")]
	if u == nil {
		return nil, errUnknownUser
	}
	return u.wire(), nil
}

// getMyGuilds lists the bot's guilds by id.
func (d *Server) getMyGuilds(*call) (any, error) {
	all := []jsonObject{}
	for _, id := range slices.Sorted(maps.Keys(d.guilds)) {
		if g := d.guilds[id]; g.hasBot {
			all = append(all, jsonObject{
				"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false,
				"permissions": g.basePermissions(g.members[d.bot.ID]), "features": []string{},
			})
		}
	}
	return all, nil
}

func (d *Server) createDM(c *call) (any, error) {
	var b struct {
		RecipientID ID `json:"recipient_id"`
	}
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	u := d.users[b.RecipientID]
	if u == nil || u == d.bot {
		return nil, invalidForm(openapi.Problem{Path: []string{"recipient_id"}, Code: "INVALID_RECIPIENT", Text: "Invalid Recipient(s)"})
	}
	return d.private(u).wire(), nil
}

func (d *Server) getChannel(c *call) (any, error) {
	ch, err := d.reach(c.id("channel_id"))
	if err != nil {
		return nil, err
	}
	return ch.wire(), nil
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

func (d *Server) getGuild(c *call) (any, error) {
	g, err := d.guild(c)
	if err != nil {
		return nil, err
	}
	return g.wire(), nil
}

func (d *Server) getGuildChannels(c *call) (any, error) {
	g, err := d.guild(c)
	if err != nil {
		return nil, err
	}
	all := []jsonObject{}
	for _, ch := range g.channels {
		if !ch.deleted && !ch.isThread() && ch.permissions(d.bot)&ViewChannel != 0 {
			all = append(all, ch.wire())
		}
	}
	return all, nil
}

func (d *Server) getRoles(c *call) (any, error) {
	g, err := d.guild(c)
	if err != nil {
		return nil, err
	}
	return g.wireRoles(), nil
}

func (d *Server) getMember(c *call) (any, error) {
	g, err := d.guild(c)
	if err != nil {
		return nil, err
	}
	id := c.id("user_id")
	switch m := g.members[id]; {
	case m != nil:
		return m.wire(), nil
	case d.users[id] != nil:
		return nil, errUnknownMember
	default:
		return nil, errUnknownUser
	}
}
