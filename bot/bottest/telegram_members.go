package bottest

// The member statuses of the Bot API that the fake uses.
const (
	tgOwner  = "creator"
	tgAdmin  = "administrator"
	tgMember = "member"
	tgMuted  = "restricted"
	tgLeft   = "left"
	tgKicked = "kicked"
)

func (c *TelegramChat) admit(user int64, status string) {
	if _, there := c.members[user]; !there {
		c.order = append(c.order, user)
	}
	c.members[user] = status
}

// status is that of a user; who never was in the chat has left it.
func (c *TelegramChat) status(user int64) string {
	if status, ok := c.members[user]; ok {
		return status
	}
	return tgLeft
}

func tgPresent(status string) bool { return status != tgLeft && status != tgKicked }

// setStatus changes what a person is in a chat; the bot hears of a change of its own
// status, and of others' where it asked for chat_member. The caller holds mu.
func (t *Telegram) setStatus(chat *TelegramChat, person TelegramPerson, status string) {
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
		"old_chat_member": tgMemberAs(person, before),
		"new_chat_member": tgMemberAs(person, status),
	})
	t.notify()
}

// actor is who changes things in a chat: its owner, or the user of a private chat.
func (t *Telegram) actor(chat *TelegramChat) TelegramPerson {
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

// tgMemberAs is a ChatMember of the Bot API; its fields depend on the status.
func tgMemberAs(person TelegramPerson, status string) map[string]any {
	member := map[string]any{"status": status, "user": person}
	set := func(value any, fields ...string) {
		for _, field := range fields {
			member[field] = value
		}
	}
	switch status {
	case tgOwner:
		set(false, "is_anonymous")
	case tgKicked:
		set(0, "until_date")
	case tgAdmin:
		set(false, "is_anonymous", "can_be_edited", "can_promote_members", "can_restrict_members", "can_manage_video_chats",
			"can_post_stories", "can_edit_stories", "can_delete_stories")
		set(true, "can_manage_chat", "can_delete_messages", "can_change_info", "can_invite_users", "can_post_messages", "can_edit_messages",
			"can_pin_messages", "can_manage_topics")
	case tgMuted:
		set(true, "is_member")
		set(0, "until_date")
		set(false, "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
			"can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
			"can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
			"can_pin_messages", "can_manage_topics")
	}
	return member
}

// Add lets a user join; the bot sees the service message.
func (c *TelegramChat) Add(user *TelegramUser) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.t.setStatus(c, user.person, tgMember)
	c.t.deliver(c, c.service(user, func(m *TelegramMessage) { m.NewMembers = []TelegramPerson{user.person} }))
}

// Promote makes a user an administrator.
func (c *TelegramChat) Promote(user *TelegramUser) { c.change(user.person, tgAdmin) }

// Demote makes a user a member like others.
func (c *TelegramChat) Demote(user *TelegramUser) { c.change(user.person, tgMember) }

// PromoteBot makes the bot an administrator, who sees every message.
func (c *TelegramChat) PromoteBot() { c.change(c.t.bot, tgAdmin) }

// MuteBot takes the right to write from the bot.
func (c *TelegramChat) MuteBot() { c.change(c.t.bot, tgMuted) }

// KickBot removes the bot for good: it is told once and gets 403 from then on.
func (c *TelegramChat) KickBot() { c.change(c.t.bot, tgKicked) }

// DropBot removes the bot as though it had left.
func (c *TelegramChat) DropBot() { c.change(c.t.bot, tgLeft) }

// AddBot takes the bot in, anew or as a plain member.
func (c *TelegramChat) AddBot() { c.change(c.t.bot, tgMember) }

func (c *TelegramChat) change(person TelegramPerson, status string) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.t.setStatus(c, person, status)
}
