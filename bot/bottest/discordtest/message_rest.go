package discordtest

import (
	"slices"
	"strconv"
	"time"

	"parley/bot/bottest/discordtest/openapi"
)

var messageRoutes = []*route{
	{method: "GET", path: "/channels/{channel_id}/messages", serve: (*Server).listMessages},
	{method: "POST", path: "/channels/{channel_id}/messages", rules: messageRules, serve: (*Server).createMessage},
	{method: "POST", path: "/channels/{channel_id}/messages/{message_id}/crosspost", serve: (*Server).crosspost},
	{method: "POST", path: "/channels/{channel_id}/typing", serve: (*Server).typing},
}

// nonceAge is how long Discord remembers a nonce that it was told to enforce: "a few minutes".
const nonceAge = 5 * time.Minute

func (d *Server) createMessage(c *call) (any, error) {
	ch, err := d.reach(c.id("channel_id"))
	if err != nil {
		return nil, err
	}
	var b messageBody
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	if m := ch.sameNonce(b); m != nil {
		return m.wire(), nil
	}
	if err := ch.accepts(b, c.files); err != nil {
		return nil, err
	}
	reference, err := ch.referenced(b.Reference)
	if err != nil {
		return nil, err
	}
	m := ch.newMessage(d.bot)
	m.nonce = b.nonce()
	m.fill(b, c.files)
	if reference != nil {
		m.Type, m.ReplyTo = messageReply, reference.ID
	}
	ch.wake()
	d.announce("MESSAGE_CREATE", m)
	return m.wire(), nil
}

// sameNonce is the message that was sent with an enforced nonce a moment ago.
func (ch *Channel) sameNonce(b messageBody) *storedMessage {
	if !b.EnforceNonce || b.nonce() == "" {
		return nil
	}
	for _, m := range slices.Backward(ch.messages) {
		if m.nonce == b.nonce() && m.Author == ch.d.bot && !m.deleted && ch.d.now().Sub(m.Sent) < nonceAge {
			return m
		}
	}
	return nil
}

// accepts refuses what the bot may not send to a channel.
func (ch *Channel) accepts(b messageBody, files []upload) error {
	if ch.Type == ForumChannel {
		return errNoTextChannel
	}
	if ch.Guild == nil && slices.ContainsFunc(ch.recipients, func(u *User) bool { return u.blocked }) {
		return errCannotMessage
	}
	if err := ch.need(ch.sendPermission() | needed(b, files)); err != nil {
		return err
	}
	if ch.locked && ch.need(ManageThreads) != nil {
		return errThreadLocked
	}
	if b.empty(files) {
		return errEmptyMessage
	}
	return nil
}

// needed are the permissions that the parts of a message need.
func needed(b messageBody, files []upload) (p Permissions) {
	if len(b.Embeds.value) > 0 {
		p |= EmbedLinks
	}
	if len(files) > 0 {
		p |= AttachFiles
	}
	return p
}

// referenced is the message that a body answers, nil if it answers none.
func (ch *Channel) referenced(ref optional[referenceBody]) (*storedMessage, error) {
	if !ref.set || ref.null {
		return nil, nil
	}
	if ch.need(ReadMessageHistory) != nil {
		return nil, errNoHistory
	}
	m := ch.message(ref.value.MessageID)
	mayFail := !ref.value.FailIfNotExists.set || ref.value.FailIfNotExists.value
	if (m == nil || m.viewer != nil) && mayFail {
		return nil, invalidForm(openapi.Problem{Path: []string{"message_reference"}, Code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", Text: "Unknown message"})
	}
	return m, nil
}

// wake opens an archived thread.
func (ch *Channel) wake() {
	if ch.archived {
		ch.archived = false
		ch.d.dispatchGuild(ch.Guild, "THREAD_UPDATE", ch.wire())
	}
}

// ofPath is the message that a path names; ephemeral ones are unknown here.
func (d *Server) ofPath(c *call) (*storedMessage, error) {
	ch, err := d.reach(c.id("channel_id"))
	if err != nil {
		return nil, err
	}
	m := ch.message(c.id("message_id"))
	if m == nil || m.viewer != nil {
		return nil, errUnknownMessage
	}
	return m, nil
}

// listMessages returns messages newest first, at most limit (50): the first ones after an id, else the newest.
func (d *Server) listMessages(c *call) (any, error) {
	ch, err := d.reach(c.id("channel_id"))
	if err != nil {
		return nil, err
	}
	all := []jsonObject{}
	if ch.need(ReadMessageHistory) != nil {
		return all, nil
	}
	query := c.URL.Query()
	if query.Has("before") || query.Has("around") {
		d.violate("%s: the fake lists messages after an id only", c.route)
	}
	after, _ := strconv.ParseUint(query.Get("after"), 10, 64) // the description's check refuses others
	limit := 50
	if n, err := strconv.Atoi(query.Get("limit")); err == nil {
		limit = n
	}
	for _, m := range slices.Backward(ch.messages) {
		if !m.deleted && m.viewer == nil && m.ID > ID(after) {
			all = append(all, m.wire())
		}
	}
	if query.Has("after") {
		return all[max(len(all)-limit, 0):], nil
	}
	return all[:min(limit, len(all))], nil
}

// edit changes a message of the bot's as a request says.
func (d *Server) edit(m *storedMessage, c *call) (any, error) {
	var b messageBody
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	if err := m.change(b, c.files); err != nil {
		return nil, err
	}
	return m.wire(), nil
}

// change edits a message, unless nothing would be left of it.
func (m *storedMessage) change(b messageBody, files []upload) error {
	after := *m
	after.fill(b, files)
	if after.Content == "" && len(after.Embeds) == 0 && len(after.Components) == 0 && len(after.Attachments) == 0 {
		return errEmptyMessage
	}
	after.Flags &^= flagLoading
	if m.Flags&flagLoading == 0 {
		after.Edited = m.Channel.d.now()
	}
	*m = after
	m.Channel.d.announce("MESSAGE_UPDATE", m)
	return nil
}

func (d *Server) crosspost(c *call) (any, error) {
	m, err := d.ofPath(c)
	switch {
	case err != nil:
		return nil, err
	case m.Channel.Type != AnnouncementChannel:
		return nil, errChannelType
	case m.Crossposted():
		return nil, errCrossposted
	case m.Author != d.bot && m.Channel.need(ManageMessages) != nil,
		m.Channel.need(SendMessages) != nil:
		return nil, errNoPermissions
	}
	m.Flags |= flagCrossposted
	d.announce("MESSAGE_UPDATE", m)
	return m.wire(), nil
}

func (d *Server) typing(c *call) (any, error) {
	ch, err := d.reach(c.id("channel_id"))
	if err != nil {
		return nil, err
	}
	return nil, ch.need(ch.sendPermission())
}
