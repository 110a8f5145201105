package telegramtest

import (
	"slices"
	"strconv"
	"strings"
)

// findChat is the chat that a parameter names by id or by @username, whatever its
// state. The caller holds mu.
func (t *Server) findChat(ref string) *Chat {
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
func (t *Server) chat(call *apiCall, name string) (*Chat, error) {
	if !call.has(name) {
		return nil, badRequest("%s is empty", name)
	}
	chat := t.findChat(call.text(name))
	switch {
	case chat == nil || chat.peer.Type == "private" && !chat.started:
		return nil, t.stranger(call.integer(name))
	case chat.upgraded != nil:
		err := badRequest("group chat was upgraded to a supergroup chat")
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
			return forbidden("bot can't initiate conversation with a user")
		}
	}
	return badRequest("chat not found")
}

// closedTo is the refusal of a chat that the bot was shut out from.
func (c *Chat) closedTo(bot int64) error {
	kind := map[string]string{"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}[c.peer.Type]
	switch status := c.status(bot); {
	case c.peer.Type == "private" && c.blocked:
		return forbidden("bot was blocked by the user")
	case c.peer.Type == "private":
		return nil
	case status == statusKicked:
		return forbidden("bot was kicked from the " + kind)
	case status == statusLeft:
		return forbidden("bot is not a member of the " + kind)
	}
	return nil
}

// SetUsername makes a group or channel public: @name stands for its id.
func (c *Chat) SetUsername(name string) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.peer.Username = name
}

// ForbidPosts takes the right to post in a channel from the bot, which stays in it.
func (c *Chat) ForbidPosts() {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.postingNo = true
}

// writable refuses where the bot is in the chat but may not write ("text messages").
func (c *Chat) writable(bot int64, what string) error {
	switch {
	case c.peer.Type == "channel" && (c.status(bot) != statusAdmin || c.postingNo):
		return badRequest("need administrator rights in the channel chat")
	case c.status(bot) == statusMuted:
		return badRequest("not enough rights to send %s to the chat", what)
	}
	return nil
}

func (t *Server) getChat(call *apiCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	return struct {
		Peer
		Accent    int             `json:"accent_color_id"`
		Reactions int             `json:"max_reaction_count"`
		Gifts     map[string]bool `json:"accepted_gift_types"`
	}{chat.peer, 0, 11, map[string]bool{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false,
	}}, nil
}

func (t *Server) getChatMember(call *apiCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	id := call.integer("user_id")
	person, ok := t.person(id)
	switch {
	case !ok:
		return nil, badRequest("PARTICIPANT_ID_INVALID")
	case chat.peer.Type == "private":
		return memberJSON(person, statusMember), nil
	}
	return memberJSON(person, chat.status(id)), nil
}

func (t *Server) person(id int64) (Person, bool) {
	if id == t.bot.ID {
		return t.bot, true
	}
	user, ok := t.people[id]
	if !ok {
		return Person{}, false
	}
	return user.person, true
}

func (t *Server) getChatAdministrators(call *apiCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if chat.peer.Type == "private" {
		return nil, badRequest("there are no administrators in the private chat")
	}
	admins := []map[string]any{}
	for _, id := range chat.order {
		person, _ := t.person(id)
		if status := chat.members[id]; (status == statusOwner || status == statusAdmin) && !person.IsBot {
			admins = append(admins, memberJSON(person, status))
		}
	}
	return admins, nil
}

func (t *Server) getChatMemberCount(call *apiCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if chat.peer.Type == "private" {
		return 2, nil
	}
	n := 0
	for _, status := range chat.members {
		if present(status) {
			n++
		}
	}
	return n, nil
}

func (t *Server) leaveChat(call *apiCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if chat.peer.Type == "private" {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	t.setStatus(chat, t.bot, statusLeft)
	return true, nil
}

var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
	"choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (t *Server) sendChatAction(call *apiCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(chatActions, call.text("action")) {
		return nil, badRequest("wrong parameter action in request")
	}
	thread, err := t.thread(chat, call, nil)
	if err != nil {
		return nil, err
	}
	chat.actions = append(chat.actions, Action{call.text("action"), thread, t.clock.Now()})
	return true, nil
}
