package telegramtest

import (
	"fmt"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

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

// Place is where a user can speak: a chat or a topic of one.
type Place interface {
	place() (chat *Chat, thread int)
}

func (c *Chat) place() (*Chat, int) { return c, 0 }

func (tp *Topic) place() (*Chat, int) { return tp.chat, tp.id }

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

// setStatus changes what a person is in a chat; the bot hears of a change of its own
// status, and of others' where it asked for chat_member. The caller holds mu.
func (t *Server) setStatus(chat *Chat, person markup.Person, status string) {
	before := chat.status(person.ID)
	if before == status {
		return
	}
	chat.admit(person.ID, status)
	kind := "chat_member"
	if person.ID == t.bot.ID {
		kind = "my_chat_member"
	}
	t.push(kind, map[string]any{
		"chat": chat.peer, "from": t.actor(chat), "date": t.clock.Now().Unix(),
		"old_chat_member": memberJSON(person, before),
		"new_chat_member": memberJSON(person, status),
	})
	t.notify()
}

// memberJSON is a ChatMember of the Bot API; its fields depend on the status.
func memberJSON(person markup.Person, status string) map[string]any {
	member := map[string]any{"status": status, "user": person}
	set := func(value any, fields ...string) {
		for _, field := range fields {
			member[field] = value
		}
	}
	switch status {
	case statusOwner:
		set(false, "is_anonymous")
	case statusKicked:
		set(0, "until_date")
	case statusAdmin:
		set(false, "is_anonymous", "can_be_edited", "can_promote_members", "can_restrict_members", "can_manage_video_chats",
			"can_post_stories", "can_edit_stories", "can_delete_stories")
		set(true, "can_manage_chat", "can_delete_messages", "can_change_info", "can_invite_users", "can_post_messages", "can_edit_messages",
			"can_pin_messages", "can_manage_topics")
	case statusMuted:
		set(true, "is_member")
		set(0, "until_date")
		set(false, "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
			"can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
			"can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
			"can_pin_messages", "can_manage_topics")
	}
	return member
}

// PromoteBot makes the bot an administrator, who sees every message.
func (c *Chat) PromoteBot() { c.change(c.t.bot, statusAdmin) }

// MuteBot takes the right to write from the bot.
func (c *Chat) MuteBot() { c.change(c.t.bot, statusMuted) }

// KickBot removes the bot for good: it is told once and gets 403 from then on.
func (c *Chat) KickBot() { c.change(c.t.bot, statusKicked) }

// AddBot takes the bot in, anew or as a plain member.
func (c *Chat) AddBot() { c.change(c.t.bot, statusMember) }

func (c *Chat) change(person markup.Person, status string) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.t.setStatus(c, person, status)
}

func (t *Server) getChatMember(call *botapi.Call) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	id := call.Integer("user_id")
	person, ok := t.person(id)
	switch {
	case !ok:
		return nil, botapi.BadRequest("PARTICIPANT_ID_INVALID")
	case chat.peer.Type == "private":
		return memberJSON(person, statusMember), nil
	}
	return memberJSON(person, chat.status(id)), nil
}
