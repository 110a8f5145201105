package discordtest

var applicationRoutes = []*route{
	{method: "GET", path: "/gateway", open: true, serve: (*Server).getGateway},
	{method: "GET", path: "/gateway/bot", serve: (*Server).getGatewayBot},
	{method: "GET", path: "/applications/@me", serve: (*Server).getApplication},
	{method: "GET", path: "/users/@me", serve: (*Server).getMe},
	{method: "GET", path: "/channels/{channel_id}", serve: (*Server).getChannel},
}

func (d *Server) getApplication(*call) (any, error) { return d.wireApplication(), nil }

func (d *Server) getMe(*call) (any, error) {
	o := d.bot.wire()
	o["mfa_enabled"], o["locale"], o["verified"], o["email"] = false, "en-US", true, nil
	return o, nil
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
