package discord

import "parley/bot"

// needs are the permissions that the bot uses, with the key of the phrase that says what
// does not work without.
var needs = []struct {
	bit       permissions
	name, why string
}{
	{viewChannel, "View Channel", "discord_view_channel"},
	{sendMessages, "Send Messages", "discord_send_messages"},
	{sendMessagesInThreads, "Send Messages in Threads", "discord_send_in_threads"},
	{embedLinks, "Embed Links", "discord_embed_links"},
	{attachFiles, "Attach Files", "discord_attach_files"},
	{readMessageHistory, "Read Message History", "discord_read_history"},
}

// findings are what the bot may and may not do where an interaction took place.
func (p permissions) findings() []bot.Finding {
	found := make([]bot.Finding, len(needs))
	for i, n := range needs {
		found[i] = bot.Finding{Need: n.name, Missing: !p.has(n.bit) && !p.has(administrator)}
		if found[i].Missing {
			found[i].Why = n.why
		}
	}
	return found
}
