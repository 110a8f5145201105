package bottest

import (
	"strconv"
	"strings"
	"time"
)

// DiscordPermissions is a set of permissions, as bits.
type DiscordPermissions uint64

// The permissions that matter to a bot that posts.
const (
	Administrator          DiscordPermissions = 1 << 3
	ManageGuild            DiscordPermissions = 1 << 5
	ViewChannel            DiscordPermissions = 1 << 10
	SendMessages           DiscordPermissions = 1 << 11
	ManageMessages         DiscordPermissions = 1 << 13
	EmbedLinks             DiscordPermissions = 1 << 14
	AttachFiles            DiscordPermissions = 1 << 15
	ReadMessageHistory     DiscordPermissions = 1 << 16
	UseApplicationCommands DiscordPermissions = 1 << 31
	ManageThreads          DiscordPermissions = 1 << 34
	CreatePublicThreads    DiscordPermissions = 1 << 35
	SendMessagesInThreads  DiscordPermissions = 1 << 38

	allPermissions     DiscordPermissions = 1<<50 - 1
	defaultPermissions                    = ViewChannel | SendMessages | SendMessagesInThreads | EmbedLinks |
		AttachFiles | ReadMessageHistory | UseApplicationCommands | CreatePublicThreads
	privatePermissions = defaultPermissions &^ CreatePublicThreads
)

// MarshalText writes the bits in decimal, as Discord does.
func (p DiscordPermissions) MarshalText() ([]byte, error) {
	return strconv.AppendUint(nil, uint64(p), 10), nil
}

// UnmarshalJSON reads the bits in decimal, as a string or as a number.
func (p *DiscordPermissions) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	*p = DiscordPermissions(n)
	return err
}

// Permissions is what a person, or the bot, may do in a channel.
func (ch *DiscordChannel) Permissions(u *DiscordUser) DiscordPermissions {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	return ch.permissions(u)
}

// permissions follows Discord's order: the guild's roles, then the channel's overwrites of
// everyone, of the roles together, and of the member. Threads have those of their parent.
func (ch *DiscordChannel) permissions(u *DiscordUser) DiscordPermissions {
	if ch.Guild == nil {
		return privatePermissions
	}
	m := ch.Guild.members[u.ID]
	if m == nil {
		return 0
	}
	p := ch.Guild.basePermissions(m)
	if p == allPermissions {
		return p
	}
	p = ch.place().overwritten(p, m)
	switch {
	case p&ViewChannel == 0:
		return 0
	case m.isTimedOut(ch.d.now()):
		return p & (ViewChannel | ReadMessageHistory)
	case p&ch.sendPermission() == 0:
		return p &^ (EmbedLinks | AttachFiles)
	}
	return p
}

// place is where a channel's overwrites stand.
func (ch *DiscordChannel) place() *DiscordChannel {
	if ch.isThread() {
		return ch.parent
	}
	return ch
}

// sendPermission is the permission that writing needs.
func (ch *DiscordChannel) sendPermission() DiscordPermissions {
	if ch.isThread() {
		return SendMessagesInThreads
	}
	return SendMessages
}

func (g *DiscordGuild) basePermissions(m *member) (p DiscordPermissions) {
	if m.user == g.Owner {
		return allPermissions
	}
	for _, r := range g.roles {
		if m.has(g, r.ID) {
			p |= r.Permissions
		}
	}
	if p&Administrator != 0 {
		return allPermissions
	}
	return p
}

func (ch *DiscordChannel) overwritten(p DiscordPermissions, m *member) DiscordPermissions {
	var roles, own overwrite
	for _, o := range ch.overwrites {
		switch {
		case o.id == ch.Guild.ID:
			p = p&^o.deny | o.allow
		case o.role && m.has(ch.Guild, o.id):
			roles.allow |= o.allow
			roles.deny |= o.deny
		case o.id == m.user.ID:
			own = o
		}
	}
	p = p&^roles.deny | roles.allow
	return p&^own.deny | own.allow
}

// has reports whether a member has a role; all have @everyone.
func (m *member) has(g *DiscordGuild, role DiscordID) bool {
	if role == g.ID {
		return true
	}
	for _, r := range m.roles {
		if r == role {
			return true
		}
	}
	return false
}

func (m *member) isTimedOut(now time.Time) bool { return now.Before(m.timedOut) }

// reach finds a channel for the bot, which must be able to see it.
func (d *Discord) reach(id DiscordID) (*DiscordChannel, error) {
	ch := d.channels[id]
	if ch == nil {
		return nil, errUnknownChannel
	}
	if !ch.holdsBot() || ch.permissions(d.bot)&ViewChannel == 0 {
		return nil, errNoAccess
	}
	return ch, nil
}

// need refuses what the bot has no permission for.
func (ch *DiscordChannel) need(p DiscordPermissions) error {
	if ch.permissions(ch.d.bot)&p != p {
		return errNoPermissions
	}
	return nil
}
