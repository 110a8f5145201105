package telegramtest

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/bot/bottest/telegramtest/markup"
)

// User makes a user. The language is an IETF tag ("uk", "en"); "" is an app that
// tells none.
func (t *Server) User(name, language string) *User {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nextUser++
	user := &User{t: t, person: markup.Person{
		ID: t.nextUser, FirstName: name, LanguageCode: language,
		Username: fmt.Sprintf("%s_%d", strings.ToLower(ascii(name)), t.nextUser),
	}}
	t.people[user.person.ID] = user
	return user
}

func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return 'u'
	}, s)
}

// ID is the user's id, and that of the private chat.
func (u *User) ID() int64 { return u.person.ID }

// Private is the user's chat with the bot. The bot cannot write there before the
// user has written or pressed start.
func (u *User) Private() *Chat {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	return u.private()
}

func (u *User) private() *Chat {
	if chat := u.t.chats[u.person.ID]; chat != nil {
		return chat
	}
	return u.t.newChat(Peer{ID: u.person.ID, Type: "private", FirstName: u.person.FirstName, Username: u.person.Username})
}

// Say writes a text in a chat or a topic.
func (u *User) Say(where Place, text string) Message {
	return u.write(where, func(m *Message) { m.Text = text })
}

// Start presses the start button, by a deep link (t.me/BOT?start=PAYLOAD) or, with
// an empty payload, without one. The payload is at most 64 of [A-Za-z0-9_-].
func (u *User) Start(payload string) Message {
	return u.Say(u.Private(), strings.TrimSpace("/start "+payload))
}

// Reply answers a message, where it stands.
func (u *User) Reply(to Message, text string) Message {
	chat, topic := u.t.whereabouts(to)
	where := Place(chat)
	if topic != nil {
		where = topic
	}
	return u.write(where, func(m *Message) {
		m.Text, m.ReplyTo = text, to.quoted()
		if chat.peer.Type == "supergroup" && !chat.peer.IsForum {
			m.Thread = cmp.Or(to.Thread, to.ID) // a thread of replies is no topic: never to be echoed
		}
	})
}

// Ask says something and waits for the bot's first message after it in the same
// chat and topic.
func (u *User) Ask(ctx context.Context, where Place, text string) (Message, error) {
	return u.t.Next(ctx, u.Say(where, text))
}

// Edit changes what the user has said.
func (u *User) Edit(message Message, text string) Message {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	chat := u.t.chats[message.Chat.ID]
	edited := *chat.messages[message.ID]
	if edited.From == nil || edited.From.ID != u.person.ID {
		panic(fmt.Sprintf("telegramtest: %s did not write message %d", u.person.FirstName, message.ID))
	}
	edited.Text, edited.Entities = text, markup.Detect(markup.Text{Text: text})
	edited.EditDate = u.t.clock.Now().Unix()
	edited.Edits++
	chat.messages[edited.ID] = &edited
	u.t.deliverAs("edited_message", chat, &edited)
	u.t.notify()
	return edited
}

// SendPhoto posts a picture with a caption.
func (u *User) SendPhoto(where Place, caption string) Message {
	return u.write(where, func(m *Message) {
		file := u.t.keep(storedFile{Kind: "photo", Name: "photo.jpg", Width: 640, Height: 480})
		m.Photo, m.Caption = []Photo{file.asPhoto()}, caption
		m.CaptionEntities = markup.Detect(markup.Text{Text: caption})
	})
}

// write adds a message of the user's to a chat and lets the bot see it if it may.
func (u *User) write(where Place, fill func(*Message)) Message {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	chat, thread := where.place()
	u.enter(chat)
	message := &Message{From: &u.person, Thread: thread, InTopic: thread != 0}
	if chat.peer.Type == "channel" {
		peer := chat.peer
		message.From, message.SenderChat = nil, &peer
	}
	fill(message)
	if message.Text != "" {
		message.Entities = markup.Detect(markup.Text{Text: message.Text})
	}
	t.post(chat, message)
	t.deliver(chat, message)
	return *message
}

// enter holds that the user can speak in the chat. Writing starts a private chat.
func (u *User) enter(chat *Chat) {
	switch {
	case chat.peer.Type == "private" && chat.peer.ID == u.person.ID:
		u.t.unblock(chat)
		chat.started = true
	case chat.peer.Type == "private", !present(chat.status(u.person.ID)):
		panic(fmt.Sprintf("telegramtest: %s is not in chat %d", u.person.FirstName, chat.peer.ID))
	case chat.upgraded != nil:
		panic(fmt.Sprintf("telegramtest: group %d has become a supergroup", chat.peer.ID))
	}
}

// Block stops the bot in the private chat: it is told once and gets 403 from then on.
func (u *User) Block() {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	chat := u.private()
	if chat.blocked {
		return
	}
	chat.blocked = true
	u.t.tellBlocked(chat, statusMember, statusKicked)
}

// Unblock lets the bot write again; speaking to it does so too.
func (u *User) Unblock() {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	u.t.unblock(u.private())
}

func (t *Server) unblock(chat *Chat) {
	if chat.blocked {
		chat.blocked = false
		t.tellBlocked(chat, statusKicked, statusMember)
	}
}

func (t *Server) tellBlocked(chat *Chat, before, after string) {
	t.push("my_chat_member", map[string]any{
		"chat": chat.peer, "from": t.people[chat.peer.ID].person, "date": t.clock.Now().Unix(),
		"old_chat_member": memberJSON(t.bot, before), "new_chat_member": memberJSON(t.bot, after),
	})
	t.notify()
}

// Delete removes a message from its chat for everyone; the bot is not told.
func (u *User) Delete(message Message) {
	u.t.mu.Lock()
	defer u.t.mu.Unlock()
	u.t.change(u.t.chats[message.Chat.ID], message.ID, func(m *Message) { m.Deleted = true })
}

// whereabouts finds the chat of a message, and its topic where it stands in one.
func (t *Server) whereabouts(m Message) (*Chat, *Topic) {
	t.mu.Lock()
	defer t.mu.Unlock()
	chat := t.chats[m.Chat.ID]
	if chat == nil {
		panic(fmt.Sprintf("telegramtest: message %d stands in no chat of this fake", m.ID))
	}
	if !m.InTopic {
		return chat, nil
	}
	return chat, chat.topics[m.Thread]
}

// Next waits for the first message that the bot has sent after the given one in the
// same chat and topic, and is not deleted.
func (t *Server) Next(ctx context.Context, after Message) (found Message, err error) {
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
func (t *Server) Edited(ctx context.Context, since Message) (found Message, err error) {
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

// Said are the bot's messages in the chat as they are now, in order, without those
// that were deleted.
func (c *Chat) Said() []Message {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	return c.t.said(c.peer.ID)
}

// AwaitSaid waits until the bot has said at least n messages in the chat.
func (c *Chat) AwaitSaid(ctx context.Context, n int) (said []Message, err error) {
	err = c.t.await(ctx, fmt.Sprintf("%d messages in chat %d", n, c.peer.ID), func() bool {
		said = c.t.said(c.peer.ID)
		return len(said) >= n
	})
	return said, err
}
