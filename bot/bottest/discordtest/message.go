package discordtest

import (
	"cmp"
	"encoding/json"
	"path"
	"slices"
	"strings"
)

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

// Attachment is a file of a message.
type Attachment struct {
	ID          ID
	Name        string
	ContentType string
	Description string // alt text
	URL         string
	Data        []byte
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

// message is a message of the channel that is still there, nil if there is none.
func (ch *Channel) message(id ID) *storedMessage {
	i, ok := slices.BinarySearchFunc(ch.messages, id, func(m *storedMessage, id ID) int { return cmp.Compare(m.ID, id) })
	if !ok || ch.messages[i].deleted {
		return nil
	}
	return ch.messages[i]
}

// UnmarshalJSON is called for null as well, and not for an absent key.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	o.set = true
	if o.null = string(b) == "null"; o.null {
		return nil
	}
	return json.Unmarshal(b, &o.value)
}
