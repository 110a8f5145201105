package bottest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The member statuses of the Bot API that the fake uses.
const (
	tgOwner  = "creator"
	tgAdmin  = "administrator"
	tgMember = "member"
	tgMuted  = "restricted"
	tgLeft   = "left"
	tgKicked = "kicked"
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

// ID is the chat's id as the Bot API gives it: negative but for private chats.
func (c *TelegramChat) ID() int64 { return c.peer.ID }

// Title is the chat's title; a private chat has none.
func (c *TelegramChat) Title() string { return c.peer.Title }

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
