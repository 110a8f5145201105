package discordtest

import (
	"slices"
)

// The permissions that matter to a bot that posts.
const (
	Administrator          Permissions = 1 << 3
	ManageGuild            Permissions = 1 << 5
	ViewChannel            Permissions = 1 << 10
	SendMessages           Permissions = 1 << 11
	ManageMessages         Permissions = 1 << 13
	EmbedLinks             Permissions = 1 << 14
	AttachFiles            Permissions = 1 << 15
	ReadMessageHistory     Permissions = 1 << 16
	UseApplicationCommands Permissions = 1 << 31
	ManageThreads          Permissions = 1 << 34
	CreatePublicThreads    Permissions = 1 << 35
	SendMessagesInThreads  Permissions = 1 << 38

	allPermissions     Permissions = 1<<50 - 1
	defaultPermissions             = ViewChannel | SendMessages | SendMessagesInThreads | EmbedLinks |
		AttachFiles | ReadMessageHistory | UseApplicationCommands | CreatePublicThreads
	privatePermissions = defaultPermissions &^ CreatePublicThreads
)

// permissions follows Discord's order: the guild's roles, then the channel's overwrites of
// everyone, of the roles together, and of the member. Threads have those of their parent.
func (ch *Channel) permissions(u *User) Permissions {
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
	case p&ch.sendPermission() == 0:
		return p &^ (EmbedLinks | AttachFiles)
	}
	return p
}

// place is where a channel's overwrites stand.
func (ch *Channel) place() *Channel {
	if ch.isThread() {
		return ch.parent
	}
	return ch
}

// sendPermission is the permission that writing needs.
func (ch *Channel) sendPermission() Permissions {
	if ch.isThread() {
		return SendMessagesInThreads
	}
	return SendMessages
}

func (g *Guild) basePermissions(m *member) (p Permissions) {
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

func (ch *Channel) overwritten(p Permissions, m *member) Permissions {
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
func (m *member) has(g *Guild, role ID) bool {
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

func (ch *Channel) isThread() bool {
	return ch.Type >= AnnouncementThread && ch.Type <= PrivateThread
}

// holdsBot reports whether the bot is in a channel's guild or among its recipients.
func (ch *Channel) holdsBot() bool {
	if ch.Guild != nil {
		return ch.Guild.hasBot
	}
	return slices.Contains(ch.recipients, ch.d.bot)
}

// context is where a channel's interactions take place.
func (ch *Channel) context() int {
	switch {
	case ch.Guild != nil:
		return contextGuild
	case ch.holdsBot():
		return contextBotDM
	default:
		return contextPrivate
	}
}

// Contexts of interactions.
const (
	contextGuild   = 0
	contextBotDM   = 1
	contextPrivate = 2
)
