package bottest

import (
	"fmt"
	"slices"
	"time"
)

// TelegramChat is a chat: of one user with the bot, a group, a supergroup, a forum or
// a channel. The state behind it belongs to the fake.
type TelegramChat struct {
	t    *Telegram
	peer TelegramPeer // fixed but for the ID's place in chats

	members   map[int64]string // user id to status
	order     []int64          // of joining
	messages  map[int]*TelegramMessage
	nextID    int
	topics    map[int]*TelegramTopic
	upgraded  *TelegramChat // the supergroup that a group has become
	blocked   bool          // a private chat whose user blocked the bot
	started   bool          // a private chat that the bot may write to
	actions   []TelegramAction
	postingNo bool // a channel in which the bot may not post
}

// TelegramTopic is a topic of a forum.
type TelegramTopic struct {
	chat   *TelegramChat
	id     int // 0 is the General topic
	name   string
	closed bool
	gone   bool
}

// TelegramAction is one sendChatAction as the chat saw it.
type TelegramAction struct {
	Action string
	Thread int
	At     time.Time
}

// TelegramPlace is where a user can speak: a chat or a topic of one.
type TelegramPlace interface {
	place() (chat *TelegramChat, thread int)
}

func (c *TelegramChat) place() (*TelegramChat, int)   { return c, 0 }
func (tp *TelegramTopic) place() (*TelegramChat, int) { return tp.chat, tp.id }

// newChat registers a chat. The caller holds mu.
func (t *Telegram) newChat(peer TelegramPeer) *TelegramChat {
	chat := &TelegramChat{
		t: t, peer: peer,
		members:  map[int64]string{},
		messages: map[int]*TelegramMessage{},
		topics:   map[int]*TelegramTopic{},
		nextID:   1,
	}
	if peer.Type == "supergroup" {
		chat.nextID++ // 1 tells that it was created, and is the id by which General goes elsewhere
	}
	t.chats[peer.ID] = chat
	return chat
}

// chatNumber is a new id without its sign and prefix. The caller holds mu.
func (t *Telegram) chatNumber() int64 {
	t.nextChat++
	return t.nextChat
}

// tgSupergroupBase: ids of supergroups and channels are -100 and then ten digits.
const tgSupergroupBase = -1000000000000

// Group makes a basic group of the users and the bot. The first user owns it; the
// bot gets to know that it was added.
func (t *Telegram) Group(title string, users ...*TelegramUser) *TelegramChat {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.populate(t.newChat(TelegramPeer{ID: -t.chatNumber(), Type: "group", Title: title}), users)
}

// Supergroup makes a supergroup without topics.
func (t *Telegram) Supergroup(title string, users ...*TelegramUser) *TelegramChat {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.populate(t.newChat(TelegramPeer{ID: tgSupergroupBase - t.chatNumber(), Type: "supergroup", Title: title}), users)
}

// Forum makes a supergroup with topics; it begins with the General topic alone.
func (t *Telegram) Forum(title string, users ...*TelegramUser) *TelegramChat {
	t.mu.Lock()
	defer t.mu.Unlock()
	peer := TelegramPeer{ID: tgSupergroupBase - t.chatNumber(), Type: "supergroup", Title: title, IsForum: true}
	return t.populate(t.newChat(peer), users)
}

// Channel makes a channel of which the bot is an administrator who may post.
func (t *Telegram) Channel(title string, users ...*TelegramUser) *TelegramChat {
	t.mu.Lock()
	defer t.mu.Unlock()
	chat := t.newChat(TelegramPeer{ID: tgSupergroupBase - t.chatNumber(), Type: "channel", Title: title})
	t.populate(chat, users)
	t.setStatus(chat, t.bot, tgAdmin)
	return chat
}

// populate lets the users and the bot join. The caller holds mu.
func (t *Telegram) populate(chat *TelegramChat, users []*TelegramUser) *TelegramChat {
	for i, user := range users {
		status := tgMember
		if i == 0 {
			status = tgOwner
		}
		chat.admit(user.person.ID, status)
	}
	t.setStatus(chat, t.bot, tgMember)
	return chat
}

// ID is the chat's id as the Bot API gives it: negative but for private chats.
func (c *TelegramChat) ID() int64 { return c.peer.ID }

// Title is the chat's title; a private chat has none.
func (c *TelegramChat) Title() string { return c.peer.Title }

// General is the topic that every forum has; its messages carry no thread id.
func (c *TelegramChat) General() *TelegramTopic { return &TelegramTopic{chat: c, name: "General"} }

// Topic makes a topic in a forum; its id is that of the message that tells of it.
func (c *TelegramChat) Topic(name string) *TelegramTopic {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if !c.peer.IsForum {
		panic(fmt.Sprintf("bottest: chat %d has no topics", c.peer.ID))
	}
	owner := c.t.people[c.t.actor(c).ID]
	message := c.service(owner, func(m *TelegramMessage) {
		m.Thread, m.InTopic = m.ID, true
		m.TopicCreated = &TelegramTopicInfo{Name: name, Color: 0x6FB9F0}
	})
	topic := &TelegramTopic{chat: c, id: message.ID, name: name}
	c.topics[topic.id] = topic
	c.t.deliver(c, message)
	return topic
}

// ID is the topic's message_thread_id; General has 0, which is never sent.
func (tp *TelegramTopic) ID() int { return tp.id }

// Close closes the topic: only administrators write in it.
func (tp *TelegramTopic) Close() {
	tp.chat.t.mu.Lock()
	defer tp.chat.t.mu.Unlock()
	tp.closed = true
}

// Reopen opens the topic again and tells of it.
func (tp *TelegramTopic) Reopen() {
	t := tp.chat.t
	t.mu.Lock()
	defer t.mu.Unlock()
	tp.closed = false
	t.deliver(tp.chat, tp.chat.service(t.people[t.actor(tp.chat).ID], func(m *TelegramMessage) {
		m.Thread, m.InTopic = tp.id, true
		m.TopicOpened = &struct{}{}
	}))
}

// Delete removes the topic with its messages.
func (tp *TelegramTopic) Delete() {
	tp.chat.t.mu.Lock()
	defer tp.chat.t.mu.Unlock()
	tp.gone = true
	for id, m := range tp.chat.messages {
		if m.Thread == tp.id {
			tp.chat.t.change(tp.chat, id, func(m *TelegramMessage) { m.Deleted = true })
		}
	}
}

// Upgrade makes a supergroup of a group: both get their service message, and the
// group's id answers 400 with migrate_to_chat_id from then on.
func (c *TelegramChat) Upgrade() *TelegramChat {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	if c.peer.Type != "group" || c.upgraded != nil {
		panic(fmt.Sprintf("bottest: chat %d is no group that can be upgraded", c.peer.ID))
	}
	super := c.t.newChat(TelegramPeer{ID: tgSupergroupBase - c.t.chatNumber(), Type: "supergroup", Title: c.peer.Title})
	for _, id := range c.order {
		super.admit(id, c.members[id])
	}
	owner := c.t.people[c.t.actor(c).ID]
	leaving := c.service(owner, func(m *TelegramMessage) { m.MigrateTo = super.peer.ID })
	c.upgraded = super
	c.t.deliver(c, leaving)
	c.t.deliver(super, super.service(owner, func(m *TelegramMessage) { m.MigrateFrom = c.peer.ID }))
	return super
}

// Actions are the chat actions ("typing") that the bot has shown, in order.
func (c *TelegramChat) Actions() []TelegramAction {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return slices.Clone(c.actions)
}
