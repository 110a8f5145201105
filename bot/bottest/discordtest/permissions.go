package discordtest

import (
	"strconv"
	"strings"
)

// Permissions is a set of permissions, as bits.
type Permissions uint64

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

// MarshalText writes the bits in decimal, as Discord does.
func (p Permissions) MarshalText() ([]byte, error) {
	return strconv.AppendUint(nil, uint64(p), 10), nil
}

// UnmarshalJSON reads the bits in decimal, as a string or as a number.
func (p *Permissions) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	*p = Permissions(n)
	return err
}

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

// reach finds a channel for the bot, which must be able to see it.
func (d *Server) reach(id ID) (*Channel, error) {
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
func (ch *Channel) need(p Permissions) error {
	if ch.permissions(ch.d.bot)&p != p {
		return errNoPermissions
	}
	return nil
}
