package telegramtest

import "parley/bot/bottest/telegramtest/markup"

// The member statuses of the Bot API that the fake uses.
const (
	statusOwner  = "creator"
	statusAdmin  = "administrator"
	statusMember = "member"
	statusMuted  = "restricted"
	statusLeft   = "left"
	statusKicked = "kicked"
)

func (c *Chat) admit(user int64, status string) {
	if _, there := c.members[user]; !there {
		c.order = append(c.order, user)
	}
	c.members[user] = status
}

// status is that of a user; who never was in the chat has left it.
func (c *Chat) status(user int64) string {
	if status, ok := c.members[user]; ok {
		return status
	}
	return statusLeft
}

func present(status string) bool { return status != statusLeft && status != statusKicked }

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

// actor is who changes things in a chat: its owner, or the user of a private chat.
func (t *Server) actor(chat *Chat) markup.Person {
	if user := t.people[chat.peer.ID]; user != nil {
		return user.person
	}
	for _, id := range chat.order {
		if user := t.people[id]; user != nil {
			return user.person
		}
	}
	return t.bot
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
