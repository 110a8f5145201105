package bottest

import (
	"slices"
	"time"
)

// DiscordUser is a person, or the bot. A test acts through it (see discord_user.go).
type DiscordUser struct {
	ID     DiscordID
	Name   string
	Bot    bool
	Locale string // of the person's client; "en-US" unless set

	d         *Discord
	installed bool // has installed the application for themselves
	blocked   bool // takes no direct messages
}

// DiscordGuild is a server.
type DiscordGuild struct {
	ID     DiscordID
	Name   string
	Owner  *DiscordUser
	Locale string // preferred locale

	d        *Discord
	hasBot   bool
	roles    []*DiscordRole // the first is @everyone, whose id is the guild's
	members  map[DiscordID]*member
	channels []*DiscordChannel
}

// DiscordRole is a role of a guild.
type DiscordRole struct {
	ID          DiscordID
	Name        string
	Permissions DiscordPermissions
}

type member struct {
	user     *DiscordUser
	joined   time.Time
	roles    []DiscordID
	timedOut time.Time // until then; zero: not
}

// Types of channels.
const (
	DiscordText               = 0
	DiscordDM                 = 1
	DiscordGroupDM            = 3
	DiscordAnnouncement       = 5
	DiscordAnnouncementThread = 10
	DiscordPublicThread       = 11
	DiscordPrivateThread      = 12
	DiscordForum              = 15
)

// DiscordChannel is a channel of a guild, a thread, or a private channel.
type DiscordChannel struct {
	ID    DiscordID
	Type  int
	Name  string
	Guild *DiscordGuild // nil in private

	d          *Discord
	created    time.Time
	deleted    bool
	recipients []*DiscordUser // in private, with the bot if it is in
	overwrites []overwrite
	messages   []*storedMessage // oldest first

	tags        []forumTag // forum
	tagRequired bool       // forum

	parent   *DiscordChannel // thread
	owner    *DiscordUser    // thread
	applied  []DiscordID     // thread in a forum: tags
	archived bool            // thread
	locked   bool            // thread
}

type overwrite struct {
	id          DiscordID // of a role or a member
	role        bool
	allow, deny DiscordPermissions
}

type forumTag struct {
	id   DiscordID
	name string
}

// NewUser makes a person, who is in no guild yet.
func (d *Discord) NewUser(name string) *DiscordUser {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.addUser(name)
}

func (d *Discord) addUser(name string) *DiscordUser {
	u := &DiscordUser{ID: d.newID(), Name: name, Locale: "en-US", d: d}
	d.users[u.ID] = u
	return u
}

// NewGuild makes a guild that the bot is a member of, as are the people. Everybody there
// may read, write, embed and attach, and use commands.
func (d *Discord) NewGuild(name string, people ...*DiscordUser) *DiscordGuild {
	d.mu.Lock()
	defer d.mu.Unlock()
	g := &DiscordGuild{ID: d.newID(), Name: name, Locale: "en-US", d: d, hasBot: true, members: map[DiscordID]*member{}}
	g.roles = []*DiscordRole{{ID: g.ID, Name: "@everyone", Permissions: defaultPermissions}}
	g.Owner = d.addUser(name + "'s owner")
	for _, u := range append([]*DiscordUser{d.bot, g.Owner}, people...) {
		g.join(u)
	}
	d.guilds[g.ID] = g
	d.dispatchGuild(g, intentGuilds, "GUILD_CREATE", g.wireFull())
	return g
}

// Guild is the guild of a name, nil if there is none.
func (d *Discord) Guild(name string) *DiscordGuild {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, g := range d.guilds {
		if g.Name == name {
			return g
		}
	}
	return nil
}

func (g *DiscordGuild) join(u *DiscordUser) {
	g.members[u.ID] = &member{user: u, joined: g.d.now()}
}

// Join makes a person a member with roles.
func (g *DiscordGuild) Join(u *DiscordUser, roles ...*DiscordRole) {
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
func (g *DiscordGuild) NewRole(name string, p DiscordPermissions) *DiscordRole {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	r := &DiscordRole{ID: g.d.newID(), Name: name, Permissions: p}
	g.roles = append(g.roles, r)
	return r
}

// SetEveryone sets what members may do who have no other role.
func (g *DiscordGuild) SetEveryone(p DiscordPermissions) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.roles[0].Permissions = p
	g.d.dispatchGuild(g, intentGuilds, "GUILD_ROLE_UPDATE", jsonObject{"guild_id": g.ID, "role": g.roles[0].wire(0)})
}

// TimeOut keeps a member from doing anything but reading until then.
func (g *DiscordGuild) TimeOut(u *DiscordUser, until time.Time) {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.members[u.ID].timedOut = until
}

// RemoveBot removes the bot from the guild.
func (g *DiscordGuild) RemoveBot() {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	g.d.dispatchGuild(g, intentGuilds, "GUILD_DELETE", jsonObject{"id": g.ID})
	g.hasBot = false
	delete(g.members, g.d.bot.ID)
}

// Text makes a text channel.
func (g *DiscordGuild) Text(name string) *DiscordChannel { return g.newChannel(DiscordText, name) }

// Announcement makes an announcement channel.
func (g *DiscordGuild) Announcement(name string) *DiscordChannel {
	return g.newChannel(DiscordAnnouncement, name)
}

// Forum makes a forum with tags, of which a post may be required to have one.
func (g *DiscordGuild) Forum(name string, tagRequired bool, tags ...string) *DiscordChannel {
	ch := g.newChannel(DiscordForum, name)
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	ch.tagRequired = tagRequired
	for _, t := range tags {
		ch.tags = append(ch.tags, forumTag{g.d.newID(), t})
	}
	return ch
}

func (g *DiscordGuild) newChannel(kind int, name string) *DiscordChannel {
	g.d.mu.Lock()
	defer g.d.mu.Unlock()
	ch := g.d.addChannel(kind, name, g)
	g.d.dispatchGuild(g, intentGuilds, "CHANNEL_CREATE", ch.wire())
	return ch
}

func (d *Discord) addChannel(kind int, name string, g *DiscordGuild) *DiscordChannel {
	ch := &DiscordChannel{ID: d.newID(), Type: kind, Name: name, Guild: g, d: d, created: d.now()}
	d.channels[ch.ID] = ch
	if g != nil {
		g.channels = append(g.channels, ch)
	}
	return ch
}

// Thread makes a public thread of a person's.
func (ch *DiscordChannel) Thread(by *DiscordUser, name string) *DiscordChannel {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	return ch.addThread(ch.d.newID(), by, name, DiscordPublicThread)
}

// DM is the private channel of a person and the bot.
func (d *Discord) DM(u *DiscordUser) *DiscordChannel {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.private(u)
}

func (d *Discord) private(u *DiscordUser) *DiscordChannel {
	for _, ch := range d.channels {
		if ch.Type == DiscordDM && slices.Contains(ch.recipients, u) && slices.Contains(ch.recipients, d.bot) {
			return ch
		}
	}
	ch := d.addChannel(DiscordDM, "", nil)
	ch.recipients = []*DiscordUser{u, d.bot}
	return ch
}

// GroupDM is a private channel of people, of which the bot is no member: it can be used
// there by those who installed it for themselves. For two people it is their own DM.
func (d *Discord) GroupDM(people ...*DiscordUser) *DiscordChannel {
	d.mu.Lock()
	defer d.mu.Unlock()
	kind := DiscordGroupDM
	if len(people) == 2 {
		kind = DiscordDM
	}
	ch := d.addChannel(kind, "", nil)
	ch.recipients = slices.Clone(people)
	return ch
}

// Install lets a person use the application everywhere (user install).
func (u *DiscordUser) Install() {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	u.installed = true
}

// Block makes a person refuse direct messages of the bot.
func (u *DiscordUser) Block() {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	u.blocked = true
}

// DiscordSubject is whom a channel's overwrites are about: a role, a member, or a guild,
// which stands for @everyone in it.
type DiscordSubject interface {
	subject() (id DiscordID, role bool)
}

// Allow gives permissions in a channel.
func (ch *DiscordChannel) Allow(to DiscordSubject, p DiscordPermissions) {
	ch.overwrite(to, p, 0)
}

// Deny takes permissions in a channel.
func (ch *DiscordChannel) Deny(to DiscordSubject, p DiscordPermissions) {
	ch.overwrite(to, 0, p)
}

func (ch *DiscordChannel) overwrite(to DiscordSubject, allow, deny DiscordPermissions) {
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
	ch.d.dispatchGuild(ch.Guild, intentGuilds, "CHANNEL_UPDATE", ch.wire())
}

func (u *DiscordUser) subject() (DiscordID, bool)  { return u.ID, false }
func (r *DiscordRole) subject() (DiscordID, bool)  { return r.ID, true }
func (g *DiscordGuild) subject() (DiscordID, bool) { return g.ID, true }

// Lock archives and locks a thread: only who manages threads may write there.
func (ch *DiscordChannel) Lock() { ch.archive(true) }

// Archive archives a thread: it opens again with the next message.
func (ch *DiscordChannel) Archive() { ch.archive(false) }

func (ch *DiscordChannel) archive(lock bool) {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	ch.archived, ch.locked = true, ch.locked || lock
	ch.d.dispatchGuild(ch.Guild, intentGuilds, "THREAD_UPDATE", ch.wire())
}

// Unlock opens a thread again.
func (ch *DiscordChannel) Unlock() {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	ch.archived, ch.locked = false, false
	ch.d.dispatchGuild(ch.Guild, intentGuilds, "THREAD_UPDATE", ch.wire())
}

// Archived reports whether a thread is archived.
func (ch *DiscordChannel) Archived() bool {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	return ch.archived
}

// Tag is the id of a forum's tag, 0 if it has none of that name.
func (ch *DiscordChannel) Tag(name string) DiscordID {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	for _, t := range ch.tags {
		if t.name == name {
			return t.id
		}
	}
	return 0
}

// Threads are the threads of a channel, the posts of a forum; oldest first.
func (ch *DiscordChannel) Threads() (all []*DiscordChannel) {
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
func (ch *DiscordChannel) Delete() {
	ch.d.mu.Lock()
	defer ch.d.mu.Unlock()
	ch.deleted = true
	delete(ch.d.channels, ch.ID)
	if ch.Guild != nil {
		event := "CHANNEL_DELETE"
		if ch.isThread() {
			event = "THREAD_DELETE"
		}
		ch.d.dispatchGuild(ch.Guild, intentGuilds, event, ch.wire())
	}
}

func (ch *DiscordChannel) isThread() bool {
	return ch.Type >= DiscordAnnouncementThread && ch.Type <= DiscordPrivateThread
}

// holdsBot reports whether the bot is in a channel's guild or among its recipients.
func (ch *DiscordChannel) holdsBot() bool {
	if ch.Guild != nil {
		return ch.Guild.hasBot
	}
	return slices.Contains(ch.recipients, ch.d.bot)
}
