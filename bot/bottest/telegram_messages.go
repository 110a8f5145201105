package bottest

import (
	"strings"
	"time"
)

// tgDeleteAge is how long a bot can delete its messages.
const tgDeleteAge = 48 * time.Hour

// post gives a message its id and date and puts it into the chat. The caller holds mu.
func (t *Telegram) post(chat *TelegramChat, m *TelegramMessage) {
	m.ID, m.Chat, m.Date = chat.nextID, chat.peer, t.clock.Now().Unix()
	chat.nextID++
	chat.messages[m.ID] = m
	t.notify()
}

// service posts a service message of a user's. The caller holds mu.
func (c *TelegramChat) service(user *TelegramUser, fill func(*TelegramMessage)) *TelegramMessage {
	m := &TelegramMessage{}
	if user != nil {
		m.From = &user.person
	}
	c.t.post(c, m)
	fill(m)
	return m
}

// change replaces a message by a changed copy, so that copies handed out stay as
// they are. The caller holds mu.
func (t *Telegram) change(chat *TelegramChat, id int, edit func(*TelegramMessage)) *TelegramMessage {
	m := *chat.messages[id]
	edit(&m)
	chat.messages[id] = &m
	if m.InlineID != "" {
		t.inline[m.InlineID] = &m
	}
	t.notify()
	return &m
}

// draft is a message of the bot's that waits for its content: everything that all
// ways of sending have in common has been checked.
func (t *Telegram) draft(call *tgCall, what string) (*TelegramChat, *TelegramMessage, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, nil, err
	}
	if err := chat.writable(t.bot.ID, what); err != nil {
		return nil, nil, err
	}
	m := &TelegramMessage{authored: true, Silent: call.flag("disable_notification"), Protected: call.flag("protect_content")}
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

// tgReplyParameters is what the fake keeps of ReplyParameters.
type tgReplyParameters struct {
	MessageID    int    `json:"message_id"`
	ChatID       any    `json:"chat_id"`
	WithoutReply bool   `json:"allow_sending_without_reply"`
	Quote        string `json:"quote"`
	QuoteMode    string `json:"quote_parse_mode"`
}

// replyTo reads which message is answered, by reply_parameters or by the older names.
func (t *Telegram) replyTo(chat *TelegramChat, call *tgCall, m *TelegramMessage) error {
	reply := tgReplyParameters{
		MessageID:    int(call.integer("reply_to_message_id")),
		WithoutReply: call.flag("allow_sending_without_reply"),
	}
	if err := call.decode("reply_parameters", "reply parameters JSON object", &reply); err != nil {
		return err
	}
	if reply.MessageID == 0 {
		return nil
	}
	if reply.ChatID != nil {
		t.violate("%s: the fake does not model replies to another chat", call.method)
	}
	target := chat.messages[reply.MessageID]
	if target == nil || target.Deleted {
		if reply.WithoutReply {
			return nil
		}
		return tgBad("message to be replied not found")
	}
	m.ReplyTo = target.quoted()
	return t.quote(call.method, reply, m)
}

// quote holds that the quoted words stand in the message that is answered.
func (t *Telegram) quote(method string, reply tgReplyParameters, m *TelegramMessage) error {
	if reply.Quote == "" {
		return nil
	}
	quote, err := t.format(method, reply.Quote, reply.QuoteMode, nil)
	if err != nil {
		return err
	}
	before, _, ok := strings.Cut(m.ReplyTo.Plain(), quote.text)
	if !ok {
		return tgBad("QUOTE_TEXT_INVALID")
	}
	m.Quote = &TelegramQuote{Text: quote.text, Position: tgUnits(before), Manual: true}
	return nil
}

// thread is the topic that a message goes to: the one named, or that of the message
// replied to. General must not be named: its id 1 is refused as the server does.
func (t *Telegram) thread(chat *TelegramChat, call *tgCall, reply *TelegramMessage) (int, error) {
	if !call.has("message_thread_id") {
		if reply != nil && reply.InTopic {
			return reply.Thread, nil
		}
		return 0, nil
	}
	id := int(call.integer("message_thread_id"))
	topic := chat.topics[id]
	switch {
	case !chat.peer.IsForum:
		t.violate("%s: message_thread_id %d in chat %d, which has no topics", call.method, id, chat.peer.ID)
		return 0, tgBad("message thread not found")
	case topic == nil:
		t.violate("%s: message_thread_id %d never was a topic of chat %d", call.method, id, chat.peer.ID)
		return 0, tgBad("message thread not found")
	case topic.gone:
		return 0, tgBad("message thread not found")
	case topic.closed && chat.status(t.bot.ID) != tgAdmin:
		return 0, tgBad("TOPIC_CLOSED")
	case reply != nil && reply.Thread != id:
		t.violate("%s: the reply goes to topic %d, the message that it answers stands in %d", call.method, id, reply.Thread)
	}
	return id, nil
}

func (t *Telegram) sendMessage(call *tgCall) (any, error) {
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
func (t *Telegram) setText(call *tgCall, m *TelegramMessage, tooLong string) error {
	if !call.has("text") {
		return tgBad("message text is empty")
	}
	text, err := t.text(call, tgAsText)
	switch {
	case err != nil:
		return err
	case text.text == "":
		return tgBad("text must be non-empty")
	case tgUnits(text.text) > tgTextMax:
		t.violate("%s: a text of %d UTF-16 units, %d are allowed", call.method, tgUnits(text.text), tgTextMax)
		return tgBad("%s", tooLong)
	}
	m.Text, m.Entities = text.text, text.entities
	m.Preview, err = tgPreview(call)
	return err
}

// tgPreview reads link_preview_options, or the switch that v5 knows.
func tgPreview(call *tgCall) (*TelegramPreview, error) {
	var preview *TelegramPreview
	if err := call.decode("link_preview_options", "link preview options JSON object", &preview); err != nil {
		return nil, err
	}
	if preview == nil && call.flag("disable_web_page_preview") {
		preview = &TelegramPreview{Disabled: true}
	}
	return preview, nil
}

// setCaption reads the caption of a medium.
func (t *Telegram) setCaption(call *tgCall, m *TelegramMessage, tooLong string) error {
	caption, err := t.text(call, tgAsCaption)
	if err != nil {
		return err
	}
	return t.putCaption(call, m, caption, tooLong)
}

func (t *Telegram) putCaption(call *tgCall, m *TelegramMessage, caption tgMarkupText, tooLong string) error {
	if n := tgUnits(caption.text); n > tgCaptionMax {
		t.violate("%s: a caption of %d UTF-16 units, %d are allowed", call.method, n, tgCaptionMax)
		return tgBad("%s", tooLong)
	}
	m.Caption, m.CaptionEntities = caption.text, caption.entities
	m.CaptionAbove = call.flag("show_caption_above_media")
	return nil
}

func (t *Telegram) sendPhoto(call *tgCall) (any, error) {
	return t.sendMedia(call, "photo", "photos")
}

func (t *Telegram) sendDocument(call *tgCall) (any, error) {
	return t.sendMedia(call, "document", "documents")
}

func (t *Telegram) sendMedia(call *tgCall, kind, what string) (any, error) {
	chat, m, err := t.draft(call, what)
	if err != nil {
		return nil, err
	}
	if err := t.setCaption(call, m, "message caption is too long"); err != nil {
		return nil, err
	}
	if err := t.attach(call, kind, call.text(kind), m); err != nil {
		return nil, err
	}
	m.Spoiler = call.flag("has_spoiler")
	t.post(chat, m)
	return m, nil
}

func (t *Telegram) forwardMessage(call *tgCall) (any, error) {
	chat, m, err := t.draft(call, "text messages")
	if err != nil {
		return nil, err
	}
	from, err := t.chat(call, "from_chat_id")
	if err != nil {
		return nil, err
	}
	source := from.messages[int(call.integer("message_id"))]
	switch {
	case source == nil || source.Deleted:
		return nil, tgBad("message to forward not found")
	case source.Protected:
		return nil, tgBad("message can't be forwarded")
	}
	copied := *m
	copied.Text, copied.Entities, copied.Preview = source.Text, source.Entities, source.Preview
	copied.Photo, copied.Document, copied.Caption, copied.CaptionEntities = source.Photo, source.Document, source.Caption, source.CaptionEntities
	copied.Forwarded = &TelegramOrigin{Type: "user", Date: source.Date, User: source.From}
	if source.From == nil {
		copied.Forwarded = &TelegramOrigin{Type: "channel", Date: source.Date, Chat: source.SenderChat, ID: source.ID}
	}
	t.post(chat, &copied)
	return &copied, nil
}

func (t *Telegram) deleteMessage(call *tgCall) (any, error) {
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	m := chat.messages[int(call.integer("message_id"))]
	switch {
	case m == nil || m.Deleted:
		return nil, tgBad("message to delete not found")
	case !m.authored && chat.peer.Type != "private" && chat.status(t.bot.ID) != tgAdmin:
		return nil, tgBad("message can't be deleted")
	case m.authored && t.clock.Now().Sub(time.Unix(m.Date, 0)) > tgDeleteAge && chat.status(t.bot.ID) != tgAdmin:
		return nil, tgBad("message can't be deleted for everyone")
	}
	t.change(chat, m.ID, func(m *TelegramMessage) { m.Deleted = true })
	return true, nil
}
