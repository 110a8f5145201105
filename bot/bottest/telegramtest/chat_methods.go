package telegramtest

import (
	"strconv"
	"strings"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

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
