package discord

import (
	"strconv"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/wording"
)

// permissions is a set of permissions, which Discord writes as a number in a string.
type permissions uint64

func (p *permissions) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 10, 64)
	*p = permissions(n)
	return err
}

// allow reports whether a permission is in the set, as all are for administrators.
func (p permissions) allow(bit permissions) bool {
	return p&bit != 0 || p&discordgo.PermissionAdministrator != 0
}

// needs are the permissions that the bot uses, with what does not work without.
var needs = []struct {
	bit  permissions
	name string
	why  wording.Key
}{
	{discordgo.PermissionViewChannel, "View Channel", "why.see"},
	{discordgo.PermissionSendMessages, "Send Messages", "why.send"},
	{discordgo.PermissionSendMessagesInThreads, "Send Messages in Threads", "why.send_in_threads"},
	{discordgo.PermissionEmbedLinks, "Embed Links", "why.embed"},
	{discordgo.PermissionAttachFiles, "Attach Files", "why.attach"},
	{discordgo.PermissionReadMessageHistory, "Read Message History", "why.history"},
}

// findings are what the bot may and may not do where an interaction took place.
func (p permissions) findings() []bot.Finding {
	found := make([]bot.Finding, len(needs))
	for i, n := range needs {
		found[i] = bot.Finding{Need: n.name, Missing: !p.allow(n.bit)}
		if found[i].Missing {
			found[i].Why = n.why
		}
	}
	return found
}
