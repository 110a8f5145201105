package discord

import (
	"strconv"

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

func (p permissions) has(bits permissions) bool { return p&bits == bits }

// The permissions that mean something here.
const (
	administrator         permissions = 1 << 3
	manageGuild           permissions = 1 << 5
	viewChannel           permissions = 1 << 10
	sendMessages          permissions = 1 << 11
	embedLinks            permissions = 1 << 14
	attachFiles           permissions = 1 << 15
	readMessageHistory    permissions = 1 << 16
	sendMessagesInThreads permissions = 1 << 38
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
