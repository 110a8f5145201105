package discordtest

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Message is a message as a person sees it.
type Message struct {
	ID          ID
	Channel     *Channel
	Type        int
	Author      *User
	Content     string
	Embeds      []Embed
	Components  []Component
	Attachments []Attachment
	Flags       int
	ReplyTo     ID // the message that it answers; 0: none
	Sent        time.Time
	Edited      time.Time // zero: never
}

// Flags of messages.
const (
	flagCrossposted    = 1 << 0
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
)

// Ephemeral reports whether only one person can see the message.
func (m Message) Ephemeral() bool { return m.Flags&flagEphemeral != 0 }

// Loading reports whether the message stands for an answer that is still to come.
func (m Message) Loading() bool { return m.Flags&flagLoading != 0 }

// Crossposted reports whether the message was published to following channels.
func (m Message) Crossposted() bool { return m.Flags&flagCrossposted != 0 }

// Text is everything that can be read in the message, a line each.
func (m Message) Text() string {
	lines := []string{m.Content}
	for _, e := range m.Embeds {
		lines = append(lines, e.texts()...)
	}
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	return strings.Join(lines, "\n")
}

// Controls are the buttons of the message, in order.
func (m Message) Controls() (all []Component) {
	for _, row := range m.Components {
		all = append(all, row.Components...)
	}
	return all
}

// Button is the control with a label.
func (m Message) Button(label string) (Component, bool) {
	return m.control(func(c Component) bool { return c.Label == label })
}

func (m Message) control(is func(Component) bool) (Component, bool) {
	all := m.Controls()
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	return Component{}, false
}

// Embed is an embed of a message.
type Embed struct {
	Type        string       `json:"type,omitempty"`
	URL         string       `json:"url,omitempty"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Color       int          `json:"color,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedImage  `json:"image,omitempty"`
	Thumbnail   *EmbedImage  `json:"thumbnail,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedAuthor is the author of an embed.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedFooter is the last line of an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedImage is a picture of an embed.
type EmbedImage struct {
	URL string `json:"url,omitempty"`
}

// EmbedField is a field of an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// texts are the texts of an embed that count towards the limit of a message's embeds.
func (e Embed) texts() []string {
	all := []string{e.Title, e.Description}
	if e.Author != nil {
		all = append(all, e.Author.Name)
	}
	for _, f := range e.Fields {
		all = append(all, f.Name, f.Value)
	}
	if e.Footer != nil {
		all = append(all, e.Footer.Text)
	}
	return all
}

// Types of components.
const (
	componentRow    = 1
	componentButton = 2

	styleLink = 5
)

// Component is a row of buttons, or a button.
type Component struct {
	Type       int             `json:"type"`
	ID         int             `json:"id,omitempty"`
	CustomID   string          `json:"custom_id,omitempty"`
	Style      int             `json:"style,omitempty"`
	Label      string          `json:"label,omitempty"`
	Emoji      json.RawMessage `json:"emoji,omitempty"`
	URL        string          `json:"url,omitempty"`
	Disabled   bool            `json:"disabled,omitempty"`
	Components []Component     `json:"components,omitempty"`
}

// Attachment is a file of a message.
type Attachment struct {
	ID          ID
	Name        string
	ContentType string
	Description string // alt text
	URL         string
	Data        []byte
}

// storedMessage is a message with what nobody sees of it.
type storedMessage struct {
	Message
	nonce    string
	deleted  bool
	viewer   *User // who alone sees it; nil: everybody
	mentions []*User
	action   *Interaction // that it answers; nil: none
}

// view is the message as it is now, which later edits leave alone.
func (m *storedMessage) view() Message {
	v := m.Message
	v.Embeds = slices.Clone(v.Embeds)
	v.Components = slices.Clone(v.Components)
	v.Attachments = slices.Clone(v.Attachments)
	return v
}

// visible reports whether a person sees the message.
func (m *storedMessage) visible(u *User) bool {
	return !m.deleted && (m.viewer == nil || m.viewer == u)
}

// messageBody is what a request says about a message. Absent keys, null and empty values
// mean different things in an edit.
type messageBody struct {
	Content         optional[string]           `json:"content"`
	Embeds          optional[[]Embed]          `json:"embeds"`
	Components      optional[[]Component]      `json:"components"`
	Attachments     optional[[]attachmentBody] `json:"attachments"`
	AllowedMentions optional[allowedMentions]  `json:"allowed_mentions"`
	Flags           optional[int]              `json:"flags"`
	Reference       optional[referenceBody]    `json:"message_reference"`
	Nonce           any                        `json:"nonce"`
	EnforceNonce    bool                       `json:"enforce_nonce"`
}

type attachmentBody struct {
	ID          snowflakeOrIndex `json:"id"`
	Filename    string           `json:"filename"`
	Description string           `json:"description"`
}

type allowedMentions struct {
	Parse       optional[[]string] `json:"parse"`
	Users       []string           `json:"users"`
	Roles       []string           `json:"roles"`
	RepliedUser bool               `json:"replied_user"`
}

type referenceBody struct {
	MessageID       ID             `json:"message_id"`
	FailIfNotExists optional[bool] `json:"fail_if_not_exists"`
}

// snowflakeOrIndex is the id of an attachment that exists, or n of "files[n]"; both are
// sent as strings and as numbers.
type snowflakeOrIndex uint64

func (s *snowflakeOrIndex) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(b), `"`), 10, 64)
	*s = snowflakeOrIndex(n)
	return err
}

// optional is a value that may be absent or null.
type optional[T any] struct {
	set   bool // it was there, perhaps as null
	null  bool
	value T
}

// UnmarshalJSON is called for null as well, and not for an absent key.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	o.set = true
	if o.null = string(b) == "null"; o.null {
		return nil
	}
	return json.Unmarshal(b, &o.value)
}

// numbered gives components the ids that Discord gives them.
func numbered(rows []Component) []Component {
	next := 0
	var number func([]Component) []Component
	number = func(list []Component) []Component {
		list = slices.Clone(list)
		for i := range list {
			c := &list[i]
			next++
			if c.ID == 0 {
				c.ID = next
			}
			c.Components = number(c.Components)
		}
		return list
	}
	return number(rows)
}

// empty reports whether a body has nothing to show.
func (b messageBody) empty(files []upload) bool {
	return strings.TrimSpace(b.Content.value) == "" && len(b.Embeds.value) == 0 &&
		len(b.Components.value) == 0 && len(files) == 0
}

// settable are the flags that a bot may set on a message.
const settable = flagSuppressEmbeds | flagSilent

// newMessage adds a message to a channel.
func (ch *Channel) newMessage(by *User) *storedMessage {
	m := &storedMessage{Message: Message{ID: ch.d.newID(), Channel: ch, Author: by, Sent: ch.d.now()}}
	ch.messages, _ = newest(append(ch.messages, m), ch.d.opts.Keep)
	return m
}

// fill gives a message what a body says, as an edit does: absent keys change nothing;
// null empties the content and the embeds and leaves the components (Discord's API docs,
// issue 5860).
func (m *storedMessage) fill(b messageBody, files []upload) {
	if b.Content.set {
		m.Content = b.Content.value
	}
	if b.Embeds.set {
		m.Embeds = b.Embeds.value
		for i := range m.Embeds {
			m.Embeds[i].Type = "rich"
		}
	}
	if b.Components.set && !b.Components.null {
		m.Components = numbered(b.Components.value)
	}
	if b.Flags.set {
		m.Flags = m.Flags&^settable | b.Flags.value&settable
	}
	m.attach(b, files)
}

// attach keeps the attachments that a body lists, all if it lists none, and adds files.
func (m *storedMessage) attach(b messageBody, files []upload) {
	if b.Attachments.set {
		m.Attachments = slices.DeleteFunc(slices.Clone(m.Attachments), func(a Attachment) bool {
			return !slices.ContainsFunc(b.Attachments.value, func(kept attachmentBody) bool { return ID(kept.ID) == a.ID })
		})
	}
	d := m.Channel.d
	for _, f := range files {
		a := Attachment{ID: d.newID(), Name: f.name, ContentType: f.contentType, Data: f.data}
		for _, about := range b.Attachments.value {
			if int(about.ID) == f.index {
				a.Description = about.Description
				if about.Filename != "" {
					a.Name = about.Filename
				}
			}
		}
		at := path.Join("/attachments", m.Channel.ID.String(), a.ID.String(), path.Base("/"+a.Name))
		a.URL = d.server.URL + at
		m.Attachments = append(m.Attachments, a)
	}
}

// text is how a nonce was written, a string or a number.
func (b messageBody) nonce() string {
	if b.Nonce == nil {
		return ""
	}
	return fmt.Sprint(b.Nonce)
}
