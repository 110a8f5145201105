package telegramtest

import (
	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

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

// draft is a message of the bot's that waits for its content: everything that all
// ways of sending have in common has been checked.
func (t *Server) draft(call *botapi.Call, what string) (*Chat, *Message, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, nil, err
	}
	if err := chat.writable(t.bot.ID, what); err != nil {
		return nil, nil, err
	}
	m := &Message{authored: true, Silent: call.Flag("disable_notification"), Protected: call.Flag("protect_content")}
	if chat.peer.Type == "channel" {
		peer := chat.peer
		m.SenderChat = &peer
	} else {
		m.From = &t.bot
	}
	if err := t.replyTo(chat, call, m); err != nil {
		return nil, nil, err
	}
	if m.Thread, err = t.thread(chat, call, m.ReplyTo); err != nil {
		return nil, nil, err
	}
	m.InTopic = m.Thread != 0
	if err := t.markup(call, m); err != nil {
		return nil, nil, err
	}
	return chat, m, nil
}

// replyParameters is what the fake keeps of ReplyParameters.
type replyParameters struct {
	MessageID    int    `json:"message_id"`
	ChatID       any    `json:"chat_id"`
	WithoutReply bool   `json:"allow_sending_without_reply"`
	Quote        string `json:"quote"`
}

// replyTo reads which message is answered, by reply_parameters or by the older names.
func (t *Server) replyTo(chat *Chat, call *botapi.Call, m *Message) error {
	reply := replyParameters{
		MessageID:    int(call.Integer("reply_to_message_id")),
		WithoutReply: call.Flag("allow_sending_without_reply"),
	}
	if err := call.Decode("reply_parameters", "reply parameters JSON object", &reply); err != nil {
		return err
	}
	if reply.MessageID == 0 {
		return nil
	}
	if reply.ChatID != nil || reply.Quote != "" {
		t.violate("%s: the fake models neither replies to another chat nor quotations", call.Method)
	}
	target := chat.messages[reply.MessageID]
	if target == nil || target.Deleted {
		if reply.WithoutReply {
			return nil
		}
		return botapi.BadRequest("message to be replied not found")
	}
	m.ReplyTo = target.quoted()
	return nil
}

// thread is the topic that a message goes to: the one named, or that of the message
// replied to. General must not be named: its id 1 is refused as the server does.
func (t *Server) thread(chat *Chat, call *botapi.Call, reply *Message) (int, error) {
	if !call.Has("message_thread_id") {
		if reply != nil && reply.InTopic {
			return reply.Thread, nil
		}
		return 0, nil
	}
	id := int(call.Integer("message_thread_id"))
	topic := chat.topics[id]
	switch {
	case !chat.peer.IsForum:
		t.violate("%s: message_thread_id %d in chat %d, which has no topics", call.Method, id, chat.peer.ID)
		return 0, botapi.BadRequest("message thread not found")
	case topic == nil:
		t.violate("%s: message_thread_id %d never was a topic of chat %d", call.Method, id, chat.peer.ID)
		return 0, botapi.BadRequest("message thread not found")
	case topic.gone:
		return 0, botapi.BadRequest("message thread not found")
	case topic.closed && chat.status(t.bot.ID) != statusAdmin:
		return 0, botapi.BadRequest("TOPIC_CLOSED")
	case reply != nil && reply.Thread != id:
		t.violate("%s: the reply goes to topic %d, the message that it answers stands in %d", call.Method, id, reply.Thread)
	}
	return id, nil
}

func (t *Server) sendMessage(call *botapi.Call) (any, error) {
	chat, m, err := t.draft(call, "text messages")
	if err != nil {
		return nil, err
	}
	if err := t.setText(call, m, "message is too long"); err != nil {
		return nil, err
	}
	t.post(chat, m)
	return m, nil
}

// setText reads text, entities and preview options into a message.
func (t *Server) setText(call *botapi.Call, m *Message, tooLong string) error {
	if !call.Has("text") {
		return botapi.BadRequest("message text is empty")
	}
	text, err := t.text(call, asText)
	switch {
	case err != nil:
		return err
	case text.Text == "":
		return botapi.BadRequest("text must be non-empty")
	case markup.Units(text.Text) > textMax:
		t.violate("%s: a text of %d UTF-16 units, %d are allowed", call.Method, markup.Units(text.Text), textMax)
		return botapi.BadRequest("%s", tooLong)
	}
	m.Text, m.Entities = text.Text, text.Entities
	m.Preview, err = readPreview(call)
	return err
}

// readPreview reads link_preview_options, or the switch that v5 knows.
func readPreview(call *botapi.Call) (*Preview, error) {
	var preview *Preview
	if err := call.Decode("link_preview_options", "link preview options JSON object", &preview); err != nil {
		return nil, err
	}
	if preview == nil && call.Flag("disable_web_page_preview") {
		preview = &Preview{Disabled: true}
	}
	return preview, nil
}

func (t *Server) sendPhoto(call *botapi.Call) (any, error) {
	return t.sendMedia(call, "photo", "photos")
}

func (t *Server) sendDocument(call *botapi.Call) (any, error) {
	return t.sendMedia(call, "document", "documents")
}

func (t *Server) sendMedia(call *botapi.Call, kind, what string) (any, error) {
	chat, m, err := t.draft(call, what)
	if err != nil {
		return nil, err
	}
	caption, err := t.text(call, asCaption)
	if err != nil {
		return nil, err
	}
	if n := markup.Units(caption.Text); n > captionMax {
		t.violate("%s: a caption of %d UTF-16 units, %d are allowed", call.Method, n, captionMax)
		return nil, botapi.BadRequest("message caption is too long")
	}
	m.Caption, m.CaptionEntities = caption.Text, caption.Entities
	if err := t.attach(call, kind, call.Text(kind), m); err != nil {
		return nil, err
	}
	t.post(chat, m)
	return m, nil
}
