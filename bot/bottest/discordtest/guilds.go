package discordtest

import (
	"slices"
)

// NewUser makes a person, who is in no guild yet.
func (d *Server) NewUser(name string) *User {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.addUser(name)
}

func (d *Server) addUser(name string) *User {
	u := &User{ID: d.newID(), Name: name, Locale: "en-US", d: d}
	d.users[u.ID] = u
	return u
}

// NewGuild makes a guild that the bot is a member of, as are the people. Everybody there
// may read, write, embed and attach, and use commands.
func (d *Server) NewGuild(name string, people ...*User) *Guild {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := &Guild{ID: d.newID(), Name: name, Locale: "en-US", d: d, hasBot: true, members: map[ID]*member{}}
	g.roles = []*Role{{ID: g.ID, Name: "@everyone", Permissions: defaultPermissions}}
	g.Owner = d.addUser(name + "'s owner")
	for _, u := range append([]*User{d.bot, g.Owner}, people...) {
		g.join(u)
	}
	d.guilds[g.ID] = g
	d.dispatchGuild(g, "GUILD_CREATE", g.wireFull())
	return g
}

func (g *Guild) join(u *User) {
	g.members[u.ID] = &member{user: u, joined: g.d.now()}
}

// Join makes a person a member with roles.
func (g *Guild) Join(u *User, roles ...*Role) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	if g.members[u.ID] == nil {
		g.join(u)
	}
	for _, r := range roles {
		g.members[u.ID].roles = append(g.members[u.ID].roles, r.ID)
	}
}

// NewRole makes a role.
func (g *Guild) NewRole(name string, p Permissions) *Role {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	r := &Role{ID: g.d.newID(), Name: name, Permissions: p}
	g.roles = append(g.roles, r)
	return r
}

// SetEveryone sets what members may do who have no other role.
func (g *Guild) SetEveryone(p Permissions) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.roles[0].Permissions = p
	g.d.dispatchGuild(g, "GUILD_ROLE_UPDATE", jsonObject{"guild_id": g.ID, "role": g.roles[0].wire(0)})
}

// RemoveBot removes the bot from the guild.
func (g *Guild) RemoveBot() {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.d.dispatchGuild(g, "GUILD_DELETE", jsonObject{"id": g.ID})
	g.hasBot = false
	delete(g.members, g.d.bot.ID)
}

// Text makes a text channel.
func (g *Guild) Text(name string) *Channel { return g.newChannel(TextChannel, name) }

// Announcement makes an announcement channel.
func (g *Guild) Announcement(name string) *Channel {
	return g.newChannel(AnnouncementChannel, name)
}

// Forum makes a forum with tags, of which a post may be required to have one.
func (g *Guild) Forum(name string, tagRequired bool, tags ...string) *Channel {
	ch := g.newChannel(ForumChannel, name)
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	ch.tagRequired = tagRequired
	for _, t := range tags {
		ch.tags = append(ch.tags, forumTag{g.d.newID(), t})
	}
	return ch
}

func (g *Guild) newChannel(kind int, name string) *Channel {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	ch := g.d.addChannel(kind, name, g)
	g.d.dispatchGuild(g, "CHANNEL_CREATE", ch.wire())
	return ch
}

func (d *Server) addChannel(kind int, name string, g *Guild) *Channel {
	ch := &Channel{ID: d.newID(), Type: kind, Name: name, Guild: g, d: d, created: d.now()}
	d.channels[ch.ID] = ch
	if g != nil {
		g.channels = append(g.channels, ch)
	}
	return ch
}

// Thread makes a public thread of a person's.
func (ch *Channel) Thread(by *User, name string) *Channel {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	return ch.addThread(by, name)
}

// DM is the private channel of a person and the bot.
func (d *Server) DM(u *User) *Channel {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.private(u)
}

func (d *Server) private(u *User) *Channel {
	for _, ch := range d.channels {
		if ch.Type == DMChannel && slices.Contains(ch.recipients, u) && slices.Contains(ch.recipients, d.bot) {
			return ch
		}
	}
	ch := d.addChannel(DMChannel, "", nil)
	ch.recipients = []*User{u, d.bot}
	return ch
}

// GroupDM is a private channel of people, of which the bot is no member: it can be used
// there by those who installed it for themselves. For two people it is their own DM.
func (d *Server) GroupDM(people ...*User) *Channel {
	d.mu.Lock()
	defer d.mu.Unlock()
	kind := GroupDMChannel
	if len(people) == 2 {
		kind = DMChannel
	}
	ch := d.addChannel(kind, "", nil)
	ch.recipients = slices.Clone(people)
	return ch
}

// Install lets a person use the application everywhere (user install).
func (u *User) Install() {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	u.installed = true
}

// Block makes a person refuse direct messages of the bot.
func (u *User) Block() {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	u.blocked = true
}

// Subject is whom a channel's overwrites are about: a role, a member, or a guild,
// which stands for @everyone in it.
type Subject interface {
	subject() (id ID, role bool)
}

// Allow gives permissions in a channel.
func (ch *Channel) Allow(to Subject, p Permissions) {
	ch.overwrite(to, p, 0)
}

// Deny takes permissions in a channel.
func (ch *Channel) Deny(to Subject, p Permissions) {
	ch.overwrite(to, 0, p)
}

func (ch *Channel) overwrite(to Subject, allow, deny Permissions) {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	id, role := to.subject()
	i := slices.IndexFunc(ch.overwrites, func(o overwrite) bool { return o.id == id })
	if i < 0 {
		i = len(ch.overwrites)
		ch.overwrites = append(ch.overwrites, overwrite{id: id, role: role})
	}
	o := &ch.overwrites[i]
	o.allow = o.allow&^deny | allow
	o.deny = o.deny&^allow | deny
	ch.d.dispatchGuild(ch.Guild, "CHANNEL_UPDATE", ch.wire())
}

func (u *User) subject() (ID, bool) { return u.ID, false }

func (r *Role) subject() (ID, bool) { return r.ID, true }

func (g *Guild) subject() (ID, bool) { return g.ID, true }

// Lock archives and locks a thread: only who manages threads may write there.
func (ch *Channel) Lock() { ch.archive(true) }

// Archive archives a thread: it opens again with the next message.
func (ch *Channel) Archive() { ch.archive(false) }

func (ch *Channel) archive(lock bool) {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	ch.archived, ch.locked = true, ch.locked || lock
	ch.d.dispatchGuild(ch.Guild, "THREAD_UPDATE", ch.wire())
}

// Unlock opens a thread again.
func (ch *Channel) Unlock() {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	ch.archived, ch.locked = false, false
	ch.d.dispatchGuild(ch.Guild, "THREAD_UPDATE", ch.wire())
}

// Archived reports whether a thread is archived.
func (ch *Channel) Archived() bool {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	return ch.archived
}

// Threads are the threads of a channel, the posts of a forum; oldest first.
func (ch *Channel) Threads() (all []*Channel) {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	if ch.Guild == nil {
		return nil
	}
	for _, other := range ch.Guild.channels {
		if other.parent == ch && !other.deleted {
			all = append(all, other)
		}
	}
	return all
}

// Delete deletes a channel or thread.
func (ch *Channel) Delete() {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	ch.deleted = true
	delete(ch.d.channels, ch.ID)
	if ch.Guild != nil {
		event := "CHANNEL_DELETE"
		if ch.isThread() {
			event = "THREAD_DELETE"
		}
		ch.d.dispatchGuild(ch.Guild, event, ch.wire())
	}
}

func (ch *Channel) addThread(by *User, name string) *Channel {
	thread := ch.d.addChannel(PublicThread, name, ch.Guild)
	thread.parent, thread.owner = ch, by
	ch.d.dispatchGuild(ch.Guild, "THREAD_CREATE", thread.wire())
	return thread
}
