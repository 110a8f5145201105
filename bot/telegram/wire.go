package telegram

import "cmp"

// What is read of the Bot API's objects. The library's own types lack topics, sender
// chats and inaccessible messages, and one field of a wrong type in them would spoil
// the update.

type update struct {
	ID       int64          `json:"update_id"`
	Message  *message       `json:"message"`
	Post     *message       `json:"channel_post"`
	Callback *callbackQuery `json:"callback_query"`
	Inline   *inlineQuery   `json:"inline_query"`
	MyMember *memberChange  `json:"my_chat_member"`
}

// updateKinds are the kinds of updates that the bot asks for. Edited messages are not among
// them, since they are not answered.
var updateKinds = []string{"message", "channel_post", "callback_query", "inline_query", "my_chat_member"}

// message is a message or what is posted in a channel. There only administrators can, and
// do so in the name of the channel, as anonymous ones in a group.
func (u update) message() *message {
	if u.Post != nil && u.Post.From == nil {
		u.Post.From, u.Post.Sender = &user{ID: anonymous, IsBot: true}, &u.Post.Chat
	}
	return cmp.Or(u.Message, u.Post)
}

type user struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"is_bot"`
	Username string `json:"username"`
	Language string `json:"language_code"`

	// Of getMe alone.
	ReadsAll bool `json:"can_read_all_group_messages"`
	Inline   bool `json:"supports_inline_queries"`
}

type chat struct {
	ID      int64  `json:"id"`
	Type    string `json:"type"` // private, group, supergroup or channel
	IsForum bool   `json:"is_forum"`
}

func (c chat) private() bool { return c.Type == "private" }

type message struct {
	ID       int64    `json:"message_id"`
	Thread   int64    `json:"message_thread_id"`
	InTopic  bool     `json:"is_topic_message"`
	From     *user    `json:"from"`
	Sender   *chat    `json:"sender_chat"` // who speaks as a chat: a channel, or an administrator who stays anonymous
	Chat     chat     `json:"chat"`
	Date     int64    `json:"date"` // 0 says that the message cannot be seen any more
	ReplyTo  *message `json:"reply_to_message"`
	ViaBot   *user    `json:"via_bot"`
	AutoPost bool     `json:"is_automatic_forward"` // from the channel to its discussion group

	Text            string   `json:"text"`
	Entities        []entity `json:"entities"`
	Caption         string   `json:"caption"`
	CaptionEntities []entity `json:"caption_entities"`

	TopicReopened *struct{} `json:"forum_topic_reopened"`

	MigrateTo   int64 `json:"migrate_to_chat_id"`
	MigrateFrom int64 `json:"migrate_from_chat_id"`
}

// topic is the thread to answer in, 0 for none. A thread of replies outside a forum has
// an id, too, but cannot be written to.
func (m *message) topic() int64 {
	if m.InTopic {
		return m.Thread
	}
	return 0
}

// content is the text of a message, or the caption of a picture, with what is marked in it.
func (m *message) content() (string, []entity) {
	if m.Text != "" {
		return m.Text, m.Entities
	}
	return m.Caption, m.CaptionEntities
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"` // UTF-16 units
	Length int    `json:"length"` // UTF-16 units
	User   *user  `json:"user"`
}

type callbackQuery struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
}

type inlineQuery struct {
	ID     string `json:"id"`
	From   user   `json:"from"`
	Query  string `json:"query"`
	Offset string `json:"offset"`
}

type memberChange struct {
	Chat chat   `json:"chat"`
	New  member `json:"new_chat_member"`
}

type member struct {
	Status   string `json:"status"`
	IsMember bool   `json:"is_member"`         // of those restricted
	CanSend  bool   `json:"can_send_messages"` // of those restricted
	CanPhoto bool   `json:"can_send_photos"`   // of those restricted
	CanPost  bool   `json:"can_post_messages"` // of administrators of channels
}

// manages reports whether the member may change the chat's settings.
func (m member) manages() bool { return m.Status == "creator" || m.Status == "administrator" }

func (m member) present() bool {
	return m.Status != "left" && m.Status != "kicked" && (m.Status != "restricted" || m.IsMember)
}

func (m member) mayWrite() bool { return m.present() && (m.Status != "restricted" || m.CanSend) }

// What is written.

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"` // in place of the data
}

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type forceReply struct {
	Force       bool   `json:"force_reply"`
	Placeholder string `json:"input_field_placeholder,omitempty"`
}

type linkPreview struct {
	Disabled bool `json:"is_disabled"`
}
