package bottest

import (
	"slices"
	"strconv"
	"strings"
)

// findChat is the chat that a parameter names by id or by @username, whatever its
// state. The caller holds mu.
func (t *Telegram) findChat(ref string) *TelegramChat {
	if name, ok := strings.CutPrefix(ref, "@"); ok {
		for _, chat := range t.chats {
			if chat.peer.Type != "private" && strings.EqualFold(chat.peer.Username, name) {
				return chat
			}
		}
		return nil
	}
	id, err := strconv.ParseInt(strings.TrimSpace(ref), 10, 64)
	if err != nil {
		return nil
	}
	return t.chats[id]
}

// chat is the chat that a parameter names, if the bot can see it. The caller holds mu.
func (t *Telegram) chat(call *tgCall, name string) (*TelegramChat, error) {
	if !call.has(name) {
		return nil, tgBad("%s is empty", name)
	}
	chat := t.findChat(call.text(name))
	switch {
	case chat == nil || chat.peer.Type == "private" && !chat.started:
		return nil, t.stranger(call.integer(name))
	case chat.upgraded != nil:
		err := tgBad("group chat was upgraded to a supergroup chat")
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
func (t *Telegram) stranger(user int64) error {
	for _, chat := range t.chats {
		if tgPresent(chat.status(user)) && tgPresent(chat.status(t.bot.ID)) {
			return tgForbidden("bot can't initiate conversation with a user")
		}
	}
	return tgBad("chat not found")
}

// closedTo is the refusal of a chat that the bot was shut out from.
func (c *TelegramChat) closedTo(bot int64) error {
	kind := map[string]string{"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}[c.peer.Type]
	switch status := c.status(bot); {
	case c.peer.Type == "private" && c.blocked:
		return tgForbidden("bot was blocked by the user")
	case c.peer.Type == "private":
		return nil
	case status == tgKicked:
		return tgForbidden("bot was kicked from the " + kind)
	case status == tgLeft:
		return tgForbidden("bot is not a member of the " + kind)
	}
	return nil
}

// SetUsername makes a group or channel public: @name stands for its id.
func (c *TelegramChat) SetUsername(name string) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.peer.Username = name
}

// ForbidPosts takes the right to post in a channel from the bot, which stays in it.
func (c *TelegramChat) ForbidPosts() {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.postingNo = true
}

// writable refuses where the bot is in the chat but may not write ("text messages").
func (c *TelegramChat) writable(bot int64, what string) error {
	switch {
	case c.peer.Type == "channel" && (c.status(bot) != tgAdmin || c.postingNo):
		return tgBad("need administrator rights in the channel chat")
	case c.status(bot) == tgMuted:
		return tgBad("not enough rights to send %s to the chat", what)
	}
	return nil
}

func (t *Telegram) getChat(call *tgCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	return struct {
		TelegramPeer
		Accent    int             `json:"accent_color_id"`
		Reactions int             `json:"max_reaction_count"`
		Gifts     map[string]bool `json:"accepted_gift_types"`
	}{chat.peer, 0, 11, map[string]bool{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false,
	}}, nil
}

func (t *Telegram) getChatMember(call *tgCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	id := call.integer("user_id")
	person, ok := t.person(id)
	switch {
	case !ok:
		return nil, tgBad("PARTICIPANT_ID_INVALID")
	case chat.peer.Type == "private":
		return tgMemberAs(person, tgMember), nil
	}
	return tgMemberAs(person, chat.status(id)), nil
}

func (t *Telegram) person(id int64) (TelegramPerson, bool) {
	if id == t.bot.ID {
		return t.bot, true
	}
	user, ok := t.people[id]
	if !ok {
		return TelegramPerson{}, false
	}
	return user.person, true
}

func (t *Telegram) getChatAdministrators(call *tgCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if chat.peer.Type == "private" {
		return nil, tgBad("there are no administrators in the private chat")
	}
	admins := []map[string]any{}
	for _, id := range chat.order {
		person, _ := t.person(id)
		if status := chat.members[id]; (status == tgOwner || status == tgAdmin) && !person.IsBot {
			admins = append(admins, tgMemberAs(person, status))
		}
	}
	return admins, nil
}

func (t *Telegram) getChatMemberCount(call *tgCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if chat.peer.Type == "private" {
		return 2, nil
	}
	n := 0
	for _, status := range chat.members {
		if tgPresent(status) {
			n++
		}
	}
	return n, nil
}

func (t *Telegram) leaveChat(call *tgCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if chat.peer.Type == "private" {
		return nil, tgBad("chat member status can't be changed in private chats")
	}
	t.setStatus(chat, t.bot, tgLeft)
	return true, nil
}

var tgActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (t *Telegram) sendChatAction(call *tgCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(tgActions, call.text("action")) {
		return nil, tgBad("wrong parameter action in request")
	}
	thread, err := t.thread(chat, call, nil)
	if err != nil {
		return nil, err
	}
	chat.actions = append(chat.actions, TelegramAction{call.text("action"), thread, t.clock.Now()})
	return true, nil
}
