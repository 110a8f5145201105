package telegramtest

import (
	"slices"
	"strconv"
	"strings"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

// The member statuses of the Bot API that the fake uses.
const (
	statusOwner  = "creator"
	statusAdmin  = "administrator"
	statusMember = "member"
	statusMuted  = "restricted"
	statusLeft   = "left"
	statusKicked = "kicked"
)

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

// ID is the chat's id as the Bot API gives it: negative but for private chats.
func (c *Chat) ID() int64 { return c.peer.ID }

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

// findChat is the chat that a parameter names by its id, whatever its state. The caller
// holds mu.
func (t *Server) findChat(ref string) *Chat {
	id, err := strconv.ParseInt(strings.TrimSpace(ref), 10, 64)
	if err != nil {
		return nil
	}
	return t.chats[id]
}

// chat is the chat that a parameter names, if the bot can see it. The caller holds mu.
func (t *Server) chat(call *botapi.Call, name string) (*Chat, error) {
	if !call.Has(name) {
		return nil, botapi.BadRequest("%s is empty", name)
	}
	chat := t.findChat(call.Text(name))
	switch {
	case chat == nil || chat.peer.Type == "private" && !chat.started:
		return nil, t.stranger(call.Integer(name))
	case chat.upgraded != nil:
		err := botapi.BadRequest("group chat was upgraded to a supergroup chat")
		err.MigrateTo = chat.upgraded.peer.ID
		return nil, err
	}
	if err := chat.closedTo(t.bot.ID); err != nil {
		return nil, err
	}
	return chat, nil
}

// stranger is the refusal to write to who has not written first: the bot may know a
// user from a chat that they share, but not begin.
func (t *Server) stranger(user int64) error {
	for _, chat := range t.chats {
		if present(chat.status(user)) && present(chat.status(t.bot.ID)) {
			return botapi.Forbidden("bot can't initiate conversation with a user")
		}
	}
	return botapi.BadRequest("chat not found")
}

// closedTo is the refusal of a chat that the bot was shut out from.
func (c *Chat) closedTo(bot int64) error {
	kind := map[string]string{"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}[c.peer.Type]
	switch status := c.status(bot); {
	case c.peer.Type == "private" && c.blocked:
		return botapi.Forbidden("bot was blocked by the user")
	case c.peer.Type == "private":
		return nil
	case status == statusKicked:
		return botapi.Forbidden("bot was kicked from the " + kind)
	case status == statusLeft:
		return botapi.Forbidden("bot is not a member of the " + kind)
	}
	return nil
}

// writable refuses where the bot is in the chat but may not write ("text messages").
func (c *Chat) writable(bot int64, what string) error {
	switch {
	case c.peer.Type == "channel" && c.status(bot) != statusAdmin:
		return botapi.BadRequest("need administrator rights in the channel chat")
	case c.status(bot) == statusMuted:
		return botapi.BadRequest("not enough rights to send %s to the chat", what)
	}
	return nil
}

func (t *Server) person(id int64) (markup.Person, bool) {
	if id == t.bot.ID {
		return t.bot, true
	}
	user, ok := t.people[id]
	if !ok {
		return markup.Person{}, false
	}
	return user.person, true
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

// post gives a message its id and date and puts it into the chat. The caller holds mu.
func (t *Server) post(chat *Chat, m *Message) {
	m.ID, m.Chat, m.Date = chat.nextID, chat.peer, t.clock.Now().Unix()
	chat.nextID++
	chat.messages[m.ID] = m
	t.notify()
}

// service posts a service message of a user's. The caller holds mu.
func (c *Chat) service(user *User, fill func(*Message)) *Message {
	m := &Message{}
	if user != nil {
		m.From = &user.person
	}
	c.t.post(c, m)
	fill(m)
	return m
}

// change replaces a message by a changed copy, so that copies handed out stay as
// they are. The caller holds mu.
func (t *Server) change(chat *Chat, id int, edit func(*Message)) *Message {
	m := *chat.messages[id]
	edit(&m)
	chat.messages[id] = &m
	t.notify()
	return &m
}

// latest is a message as it is now, nil where it never was. The caller holds mu.
func (t *Server) latest(m Message) *Message {
	chat := t.chats[m.Chat.ID]
	if chat == nil {
		return nil
	}
	return chat.messages[m.ID]
}

func (t *Server) said(chat int64) []Message {
	var said []Message
	if t.chats[chat] == nil {
		return nil
	}
	for _, m := range t.chats[chat].messages {
		if !m.Deleted && m.authored {
			said = append(said, *m)
		}
	}
	slices.SortFunc(said, func(a, b Message) int { return a.ID - b.ID })
	return said
}
