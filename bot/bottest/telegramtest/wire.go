package telegramtest

import (
	"slices"
	"strings"
	"unicode/utf16"

	"parley/bot/bottest/telegramtest/markup"
)

// The types of the Bot API that the fake keeps and sends. They are at once what a
// test sees: a value handed to a test is a copy and does not change any more.

// Peer is a Chat of the Bot API.
type Peer struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"` // private, group, supergroup or channel
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

// Message is a message as the people in the chat see it.
type Message struct {
	ID              int             `json:"message_id"`
	Thread          int             `json:"message_thread_id,omitempty"`
	InTopic         bool            `json:"is_topic_message,omitempty"`
	From            *markup.Person  `json:"from,omitempty"`
	SenderChat      *Peer           `json:"sender_chat,omitempty"`
	Chat            Peer            `json:"chat"`
	Date            int64           `json:"date"` // Unix time
	EditDate        int64           `json:"edit_date,omitempty"`
	ReplyTo         *Message        `json:"reply_to_message,omitempty"`
	ViaBot          *markup.Person  `json:"via_bot,omitempty"`
	Protected       bool            `json:"has_protected_content,omitempty"`
	Text            string          `json:"text,omitempty"`
	Entities        []markup.Entity `json:"entities,omitempty"` // by offset, outer before inner
	Preview         *Preview        `json:"link_preview_options,omitempty"`
	Photo           []Photo         `json:"photo,omitempty"`
	Document        *File           `json:"document,omitempty"`
	Caption         string          `json:"caption,omitempty"`
	CaptionEntities []markup.Entity `json:"caption_entities,omitempty"`
	Keyboard        *Keyboard       `json:"reply_markup,omitempty"`

	MigrateTo    int64      `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom  int64      `json:"migrate_from_chat_id,omitempty"`
	TopicCreated *TopicInfo `json:"forum_topic_created,omitempty"`
	TopicOpened  *struct{}  `json:"forum_topic_reopened,omitempty"`

	// What the API does not say of a message, but the people in the chat notice.

	ForceReply *ForceReply `json:"-"`
	Edits      int         `json:"-"` // how often it was edited
	Deleted    bool        `json:"-"`

	authored bool // by the bot, also where a channel hides who posted
}

// Preview are the options of the preview of a link.
type Preview struct {
	Disabled bool   `json:"is_disabled,omitempty"`
	URL      string `json:"url,omitempty"`
	Small    bool   `json:"prefer_small_media,omitempty"`
	Large    bool   `json:"prefer_large_media,omitempty"`
	Above    bool   `json:"show_above_text,omitempty"`
}

// Photo is one size of a photo; the fake keeps the one that was sent.
type Photo struct {
	FileID string `json:"file_id"`
	Unique string `json:"file_unique_id"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Size   int    `json:"file_size,omitempty"` // bytes
}

// File is a document.
type File struct {
	FileID string `json:"file_id"`
	Unique string `json:"file_unique_id"`
	Name   string `json:"file_name,omitempty"`
	MIME   string `json:"mime_type,omitempty"`
	Size   int    `json:"file_size,omitempty"` // bytes
}

// TopicInfo tells of a topic that was created.
type TopicInfo struct {
	Name  string `json:"name"`
	Color int    `json:"icon_color"`
}

// Keyboard is an inline keyboard.
type Keyboard struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// Button is one button of an inline keyboard. One field beside Text is set.
type Button struct {
	Text          string    `json:"text"`
	Data          string    `json:"callback_data,omitempty"`
	URL           string    `json:"url,omitempty"`
	InlineQuery   *string   `json:"switch_inline_query,omitempty"`
	InlineHere    *string   `json:"switch_inline_query_current_chat,omitempty"`
	Copy          *CopyText `json:"copy_text,omitempty"`
	Style         string    `json:"style,omitempty"`
	CustomEmojiID string    `json:"icon_custom_emoji_id,omitempty"`
}

// CopyText is the text that a button copies to the clipboard.
type CopyText struct {
	Text string `json:"text"`
}

// ForceReply asks the user's client to open a reply to the message.
type ForceReply struct {
	ForceReply bool `json:"force_reply"`
}

// Plain is the text or the caption, whichever the message has.
func (m Message) Plain() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// Marks are the entities of the text or the caption.
func (m Message) Marks() []markup.Entity {
	if m.Text != "" {
		return m.Entities
	}
	return m.CaptionEntities
}

// Marked are the parts of the text or caption that have an entity of the kind
// ("blockquote", "expandable_blockquote", "bold", "text_link", …), in order.
func (m Message) Marked(kind string) []string {
	units := utf16.Encode([]rune(m.Plain()))
	var parts []string
	for _, e := range m.Marks() {
		if e.Type == kind {
			parts = append(parts, string(utf16.Decode(units[e.Offset:e.Offset+e.Length])))
		}
	}
	return parts
}

// Links are the addresses behind the texts of the message, in order.
func (m Message) Links() []string {
	var links []string
	for _, e := range m.Marks() {
		if e.Type == "text_link" {
			links = append(links, e.URL)
		}
	}
	return links
}

// Buttons are all buttons of the keyboard, row after row.
func (m Message) Buttons() []Button {
	if m.Keyboard == nil {
		return nil
	}
	return slices.Concat(m.Keyboard.Rows...)
}

// Button finds a button by a part of its label.
func (m Message) Button(label string) (Button, bool) {
	for _, b := range m.Buttons() {
		if strings.Contains(b.Text, label) {
			return b, true
		}
	}
	return Button{}, false
}

// quoted is the message as others carry it in reply_to_message: without the message
// that it replies to itself.
func (m Message) quoted() *Message {
	m.ReplyTo = nil
	return &m
}
