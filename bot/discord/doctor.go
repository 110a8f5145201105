package discord

import "parley/bot"

// needs are the permissions that the bot uses, with what does not work without.
var needs = []struct {
	bit       permissions
	name, why string
}{
	{viewChannel, "View Channel", bot.WhySee},
	{sendMessages, "Send Messages", bot.WhySend},
	{sendMessagesInThreads, "Send Messages in Threads", bot.WhySendInThreads},
	{embedLinks, "Embed Links", bot.WhyEmbed},
	{attachFiles, "Attach Files", bot.WhyAttach},
	{readMessageHistory, "Read Message History", bot.WhyHistory},
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
