package discord

import (
	"parley/bot"
	"parley/bot/wording"
)

// needs are the permissions that the bot uses, with what does not work without.
var needs = []struct {
	bit  permissions
	name string
	why  wording.Key
}{
	{viewChannel, "View Channel", "why.see"},
	{sendMessages, "Send Messages", "why.send"},
	{sendMessagesInThreads, "Send Messages in Threads", "why.send_in_threads"},
	{embedLinks, "Embed Links", "why.embed"},
	{attachFiles, "Attach Files", "why.attach"},
	{readMessageHistory, "Read Message History", "why.history"},
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
