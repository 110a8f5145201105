package telegramtest

import (
	"fmt"
)

// Chat is a chat: of one user with the bot, a group, a supergroup, a forum or
// a channel. The state behind it belongs to the fake.
type Chat struct {
	t    *Server
	peer Peer // fixed but for the ID's place in chats

	members  map[int64]string // user id to status
	order    []int64          // of joining
	messages map[int]*Message
	nextID   int
	topics   map[int]*Topic
	upgraded *Chat // the supergroup that a group has become
	blocked  bool  // a private chat whose user blocked the bot
	started  bool  // a private chat that the bot may write to
}

// Topic is a topic of a forum.
type Topic struct {
	chat   *Chat
	id     int // 0 is the General topic
	name   string
	closed bool
	gone   bool
}

// Place is where a user can speak: a chat or a topic of one.
type Place interface {
	place() (chat *Chat, thread int)
}

func (c *Chat) place() (*Chat, int)   { return c, 0 }
func (tp *Topic) place() (*Chat, int) { return tp.chat, tp.id }

// newChat registers a chat. The caller holds mu.
func (t *Server) newChat(peer Peer) *Chat {
	chat := &Chat{
		t: t, peer: peer,
		members:  map[int64]string{},
		messages: map[int]*Message{},
		topics:   map[int]*Topic{},
		nextID:   1,
	}
	if peer.Type == "supergroup" {
		chat.nextID++ // 1 tells that it was created, and is the id by which General goes elsewhere
	}
	t.chats[peer.ID] = chat
	return chat
}

// chatNumber is a new id without its sign and prefix. The caller holds mu.
func (t *Server) chatNumber() int64 {
	t.nextChat++
	return t.nextChat
}

// supergroupBase: ids of supergroups and channels are -100 and then ten digits.
const supergroupBase = -1000000000000

// Group makes a basic group of the users and the bot. The first user owns it; the
// bot gets to know that it was added.
func (t *Server) Group(title string, users ...*User) *Chat {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.populate(t.newChat(Peer{ID: -t.chatNumber(), Type: "group", Title: title}), users)
}

// Supergroup makes a supergroup without topics.
func (t *Server) Supergroup(title string, users ...*User) *Chat {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.populate(t.newChat(Peer{ID: supergroupBase - t.chatNumber(), Type: "supergroup", Title: title}), users)
}

// Forum makes a supergroup with topics; it begins with the General topic alone.
func (t *Server) Forum(title string, users ...*User) *Chat {
	t.mu.Lock()
	defer t.mu.Unlock()
	peer := Peer{ID: supergroupBase - t.chatNumber(), Type: "supergroup", Title: title, IsForum: true}
	return t.populate(t.newChat(peer), users)
}

// Channel makes a channel of which the bot is an administrator who may post.
func (t *Server) Channel(title string, users ...*User) *Chat {
	t.mu.Lock()
	defer t.mu.Unlock()
	chat := t.newChat(Peer{ID: supergroupBase - t.chatNumber(), Type: "channel", Title: title})
	t.populate(chat, users)
	t.setStatus(chat, t.bot, statusAdmin)
	return chat
}

// populate lets the users and the bot join. The caller holds mu.
func (t *Server) populate(chat *Chat, users []*User) *Chat {
	for i, user := range users {
		status := statusMember
		if i == 0 {
			status = statusOwner
		}
		chat.admit(user.person.ID, status)
	}
	t.setStatus(chat, t.bot, statusMember)
	return chat
}

// ID is the chat's id as the Bot API gives it: negative but for private chats.
func (c *Chat) ID() int64 { return c.peer.ID }

// General is the topic that every forum has; its messages carry no thread id.
func (c *Chat) General() *Topic { return &Topic{chat: c, name: "General"} }

// Topic makes a topic in a forum; its id is that of the message that tells of it.
func (c *Chat) Topic(name string) *Topic {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if !c.peer.IsForum {
		panic(fmt.Sprintf("telegramtest: chat %d has no topics", c.peer.ID))
	}
	owner := c.t.people[c.t.actor(c).ID]
	message := c.service(owner, func(m *Message) {
		m.Thread, m.InTopic = m.ID, true
		m.TopicCreated = &TopicInfo{Name: name, Color: 0x6FB9F0}
	})
	topic := &Topic{chat: c, id: message.ID, name: name}
	c.topics[topic.id] = topic
	c.t.deliver(c, message)
	return topic
}

// ID is the topic's message_thread_id; General has 0, which is never sent.
func (tp *Topic) ID() int { return tp.id }

// Close closes the topic: only administrators write in it.
func (tp *Topic) Close() {
	tp.chat.t.mu.Lock()
	defer tp.chat.t.mu.Unlock()
	tp.closed = true
}

// Reopen opens the topic again and tells of it.
func (tp *Topic) Reopen() {
	t := tp.chat.t
	t.mu.Lock()
	defer t.mu.Unlock()
	tp.closed = false
	t.deliver(tp.chat, tp.chat.service(t.people[t.actor(tp.chat).ID], func(m *Message) {
		m.Thread, m.InTopic = tp.id, true
		m.TopicOpened = &struct{}{}
	}))
}

// Delete removes the topic with its messages.
func (tp *Topic) Delete() {
	tp.chat.t.mu.Lock()
	defer tp.chat.t.mu.Unlock()
	tp.gone = true
	for id, m := range tp.chat.messages {
		if m.Thread == tp.id {
			tp.chat.t.change(tp.chat, id, func(m *Message) { m.Deleted = true })
		}
	}
}

// Upgrade makes a supergroup of a group: both get their service message, and the
// group's id answers 400 with migrate_to_chat_id from then on.
func (c *Chat) Upgrade() *Chat {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if c.peer.Type != "group" || c.upgraded != nil {
		panic(fmt.Sprintf("telegramtest: chat %d is no group that can be upgraded", c.peer.ID))
	}
	super := c.t.newChat(Peer{ID: supergroupBase - c.t.chatNumber(), Type: "supergroup", Title: c.peer.Title})
	for _, id := range c.order {
		super.admit(id, c.members[id])
	}
	owner := c.t.people[c.t.actor(c).ID]
	leaving := c.service(owner, func(m *Message) { m.MigrateTo = super.peer.ID })
	c.upgraded = super
	c.t.deliver(c, leaving)
	c.t.deliver(super, super.service(owner, func(m *Message) { m.MigrateFrom = c.peer.ID }))
	return super
}
