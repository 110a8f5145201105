package bottest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// TelegramUser is a person who talks with the bot; a test acts through it.
type TelegramUser struct {
	t      *Telegram
	person TelegramPerson
}

// User makes a user. The language is an IETF tag ("uk", "en"); "" is an app that
// tells none.
func (t *Telegram) User(name, language string) *TelegramUser {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nextUser++
	user := &TelegramUser{t: t, person: TelegramPerson{
		ID: t.nextUser, FirstName: name, LanguageCode: language,
		Username: fmt.Sprintf("%s_%d", strings.ToLower(tgASCII(name)), t.nextUser),
	}}
	t.people[user.person.ID] = user
	return user
}

func tgASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if tgTokenRune(r) && r != '.' && r != '-' {
			return r
		}
		return 'u'
	}, s)
}

// ID is the user's id, and that of the private chat.
func (u *TelegramUser) ID() int64 { return u.person.ID }

// Username is the user's, without @.
func (u *TelegramUser) Username() string { return u.person.Username }

// Private is the user's chat with the bot. The bot cannot write there before the
// user has written or pressed start.
func (u *TelegramUser) Private() *TelegramChat {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	return u.private()
}

func (u *TelegramUser) private() *TelegramChat {
	if chat := u.t.chats[u.person.ID]; chat != nil {
		return chat
	}
	return u.t.newChat(TelegramPeer{ID: u.person.ID, Type: "private", FirstName: u.person.FirstName, Username: u.person.Username})
}

// Say writes a text in a chat or a topic.
func (u *TelegramUser) Say(where TelegramPlace, text string) TelegramMessage {
	return u.write(where, func(m *TelegramMessage) { m.Text = text })
}

// Start presses the start button, by a deep link (t.me/BOT?start=PAYLOAD) or, with
// an empty payload, without one. The payload is at most 64 of [A-Za-z0-9_-].
func (u *TelegramUser) Start(payload string) TelegramMessage {
	return u.Say(u.Private(), strings.TrimSpace("/start "+payload))
}

// Reply answers a message, where it stands.
func (u *TelegramUser) Reply(to TelegramMessage, text string) TelegramMessage {
	chat, topic := u.t.whereabouts(to)
	where := TelegramPlace(chat)
	if topic != nil {
		where = topic
	}
	return u.write(where, func(m *TelegramMessage) {
		m.Text, m.ReplyTo = text, to.quoted()
		if chat.peer.Type == "supergroup" && !chat.peer.IsForum {
			m.Thread = cmp.Or(to.Thread, to.ID) // a thread of replies is no topic: never to be echoed
		}
	})
}

// Ask says something and waits for the bot's first message after it in the same
// chat and topic.
func (u *TelegramUser) Ask(ctx context.Context, where TelegramPlace, text string) (TelegramMessage, error) {
	return u.t.Next(ctx, u.Say(where, text))
}

// Edit changes what the user has said.
func (u *TelegramUser) Edit(message TelegramMessage, text string) TelegramMessage {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	chat := u.t.chats[message.Chat.ID]
	edited := *chat.messages[message.ID]
	if edited.From == nil || edited.From.ID != u.person.ID {
		panic(fmt.Sprintf("bottest: %s did not write message %d", u.person.FirstName, message.ID))
	}
	edited.Text, edited.Entities = text, tgWithFound(tgMarkupText{text: text})
	edited.EditDate = u.t.clock.Now().Unix()
	edited.Edits++
	chat.messages[edited.ID] = &edited
	u.t.deliverAs("edited_message", chat, &edited)
	u.t.notify()
	return edited
}

// SendPhoto posts a picture with a caption.
func (u *TelegramUser) SendPhoto(where TelegramPlace, caption string) TelegramMessage {
	return u.write(where, func(m *TelegramMessage) {
		file := u.t.keep(tgFile{Kind: "photo", Name: "photo.jpg", Width: 640, Height: 480})
		m.Photo, m.Caption = []TelegramPhoto{file.asPhoto()}, caption
		m.CaptionEntities = tgWithFound(tgMarkupText{text: caption})
	})
}

// write adds a message of the user's to a chat and lets the bot see it if it may.
func (u *TelegramUser) write(where TelegramPlace, fill func(*TelegramMessage)) TelegramMessage {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	chat, thread := where.place()
	u.enter(chat)
	message := &TelegramMessage{From: &u.person, Thread: thread, InTopic: thread != 0}
	if chat.peer.Type == "channel" {
		peer := chat.peer
		message.From, message.SenderChat = nil, &peer
	}
	fill(message)
	if message.Text != "" {
		message.Entities = tgWithFound(tgMarkupText{text: message.Text})
	}
	t.post(chat, message)
	t.deliver(chat, message)
	return *message
}

// enter holds that the user can speak in the chat. Writing starts a private chat.
func (u *TelegramUser) enter(chat *TelegramChat) {
	switch {
	case chat.peer.Type == "private" && chat.peer.ID == u.person.ID:
		u.t.unblock(chat)
		chat.started = true
	case chat.peer.Type == "private", !tgPresent(chat.status(u.person.ID)):
		panic(fmt.Sprintf("bottest: %s is not in chat %d", u.person.FirstName, chat.peer.ID))
	case chat.upgraded != nil:
		panic(fmt.Sprintf("bottest: group %d has become a supergroup", chat.peer.ID))
	}
}

// Block stops the bot in the private chat: it is told once and gets 403 from then on.
func (u *TelegramUser) Block() {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	chat := u.private()
	if chat.blocked {
		return
	}
	chat.blocked = true
	u.t.tellBlocked(chat, tgMember, tgKicked)
}

// Unblock lets the bot write again; speaking to it does so too.
func (u *TelegramUser) Unblock() {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	u.t.unblock(u.private())
}

func (t *Telegram) unblock(chat *TelegramChat) {
	if chat.blocked {
		chat.blocked = false
		t.tellBlocked(chat, tgKicked, tgMember)
	}
}

func (t *Telegram) tellBlocked(chat *TelegramChat, before, after string) {
	t.push("my_chat_member", map[string]any{
		"chat": chat.peer, "from": t.people[chat.peer.ID].person, "date": t.clock.Now().Unix(),
		"old_chat_member": tgMemberAs(t.bot, before), "new_chat_member": tgMemberAs(t.bot, after),
	})
	t.notify()
}

// Delete removes a message from its chat for everyone; the bot is not told.
func (u *TelegramUser) Delete(message TelegramMessage) {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	u.t.change(u.t.chats[message.Chat.ID], message.ID, func(m *TelegramMessage) { m.Deleted = true })
}

// whereabouts finds the chat of a message, and its topic where it stands in one.
func (t *Telegram) whereabouts(m TelegramMessage) (*TelegramChat, *TelegramTopic) {
	t.mu.Lock()
	defer t.mu.Unlock()
	chat := t.chats[m.Chat.ID]
	if chat == nil {
		panic(fmt.Sprintf("bottest: message %d stands in no chat of this fake", m.ID))
	}
	if !m.InTopic {
		return chat, nil
	}
	return chat, chat.topics[m.Thread]
}

// Next waits for the first message that the bot has sent after the given one in the
// same chat and topic, and is not deleted.
func (t *Telegram) Next(ctx context.Context, after TelegramMessage) (found TelegramMessage, err error) {
	what := fmt.Sprintf("a message after %d in chat %d", after.ID, after.Chat.ID)
	err = t.await(ctx, what, func() bool {
		for _, m := range t.said(after.Chat.ID) {
			if m.ID > after.ID && m.InTopic == after.InTopic && (!m.InTopic || m.Thread == after.Thread) {
				found = m
				return true
			}
		}
		return false
	})
	return found, err
}

// Edited waits until the message is newer than the given state of it.
func (t *Telegram) Edited(ctx context.Context, since TelegramMessage) (found TelegramMessage, err error) {
	what := fmt.Sprintf("an edit of message %d in chat %d", since.ID, since.Chat.ID)
	err = t.await(ctx, what, func() bool {
		m := t.latest(since)
		if m == nil || m.Edits <= since.Edits {
			return false
		}
		found = *m
		return true
	})
	return found, err
}

// Deleted waits until the message has been deleted.
func (t *Telegram) Deleted(ctx context.Context, message TelegramMessage) error {
	return t.await(ctx, fmt.Sprintf("the end of message %d in chat %d", message.ID, message.Chat.ID), func() bool {
		m := t.latest(message)
		return m == nil || m.Deleted
	})
}

// latest is a message as it is now, nil where it never was. The caller holds mu.
func (t *Telegram) latest(m TelegramMessage) *TelegramMessage {
	if m.InlineID != "" {
		return t.inline[m.InlineID]
	}
	chat := t.chats[m.Chat.ID]
	if chat == nil {
		return nil
	}
	return chat.messages[m.ID]
}

// Said are the bot's messages in the chat as they are now, in order, without those
// that were deleted.
func (c *TelegramChat) Said() []TelegramMessage {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.t.said(c.peer.ID)
}

// AwaitSaid waits until the bot has said at least n messages in the chat.
func (c *TelegramChat) AwaitSaid(ctx context.Context, n int) (said []TelegramMessage, err error) {
	err = c.t.await(ctx, fmt.Sprintf("%d messages in chat %d", n, c.peer.ID), func() bool {
		said = c.t.said(c.peer.ID)
		return len(said) >= n
	})
	return said, err
}

func (t *Telegram) said(chat int64) []TelegramMessage {
	var said []TelegramMessage
	if t.chats[chat] == nil {
		return nil
	}
	for _, m := range t.chats[chat].messages {
		if !m.Deleted && m.authored {
			said = append(said, *m)
		}
	}
	slices.SortFunc(said, func(a, b TelegramMessage) int { return a.ID - b.ID })
	return said
}
