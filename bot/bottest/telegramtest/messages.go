package telegramtest

import (
	"bytes"
	"encoding/json"
	"strings"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

const (
	textMax       = 4096  // UTF-16 units after parsing
	captionMax    = 1024  // UTF-16 units after parsing
	sourceMax     = 32768 // bytes before parsing
	entitiesMax   = 100   // those after are dropped
	entitiesBytes = 9500  // serialised; about where those after are dropped
)

// textNames are the parameters in which a text and what belongs to it come.
type textNames struct{ text, entities string }

var (
	asText    = textNames{"text", "entities"}
	asCaption = textNames{"caption", "caption_entities"}
)

// text reads a text, parses its marks, and gives it the form in which it is kept. The
// caller holds mu.
func (t *Server) text(call *botapi.Call, names textNames) (markup.Text, error) {
	var entities []markup.Entity
	if err := call.Decode(names.entities, "message entities", &entities); err != nil {
		return markup.Text{}, err
	}
	return t.format(call.Method, call.Text(names.text), call.Text("parse_mode"), entities)
}

// format is text for a text that does not stand in parameters of its own.
func (t *Server) format(method, source, mode string, entities []markup.Entity) (markup.Text, error) {
	if len(source) > sourceMax {
		return markup.Text{}, botapi.BadRequest("text is too long")
	}
	text := markup.Text{Text: markup.Clean(source), Entities: entities}
	switch strings.ToLower(mode) {
	case "":
	case "html":
		parsed, err := markup.ParseHTML(markup.Clean(source))
		if err != nil {
			return markup.Text{}, botapi.BadRequest("%v", err)
		}
		text = parsed
	case "markdown", "markdownv2":
		t.violate("%s: the fake does not model parse mode %s", method, mode)
	default:
		return markup.Text{}, botapi.BadRequest("unsupported parse_mode")
	}
	text.Entities = t.counted(method, markup.DropNested(text.Entities))
	text = markup.Trim(text)
	text.Entities = markup.Detect(text)
	return text, nil
}

// counted keeps the entities that the server keeps and reports the loss of others.
func (t *Server) counted(method string, entities []markup.Entity) []markup.Entity {
	if len(entities) > entitiesMax {
		t.violate("%s: %d entities, of which only the first %d count", method, len(entities), entitiesMax)
		entities = entities[:entitiesMax]
	}
	size := 0
	for i, e := range entities {
		size += markup.Size(e)
		if size > entitiesBytes {
			t.violate("%s: the entities are larger than %d bytes from the %dth on", method, entitiesBytes, i+1)
			return entities[:i]
		}
	}
	return entities
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
	m := &Message{authored: true, Protected: call.Flag("protect_content")}
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

// replyParameters are the fields of ReplyParameters that the fake keeps.
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
		t.violate("%s: the reply goes to topic %d, the message that it answers stands in %d", call.Method, id,
			reply.Thread)
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

func (t *Server) sendMedia(call *botapi.Call, kind string) (any, error) {
	chat, m, err := t.draft(call, kind+"s")
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

// editMessageText edits a copy of the message without its keyboard, since an edit that
// names no keyboard takes it away.
func (t *Server) editMessageText(call *botapi.Call) (any, error) {
	if call.Has("inline_message_id") {
		t.violate("%s: the fake does not model edits of inline messages", call.Method)
	}
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return nil, err
	}
	if !call.Has("message_id") {
		return nil, botapi.BadRequest("message identifier is not specified")
	}
	now := chat.messages[int(call.Integer("message_id"))]
	switch {
	case now == nil || now.Deleted:
		return nil, botapi.BadRequest("message to edit not found")
	case !now.authored:
		return nil, botapi.BadRequest("message can't be edited")
	}
	m := *now
	m.Keyboard = nil
	if err := t.markup(call, &m); err != nil {
		return nil, err
	}
	if m.Text == "" {
		return nil, botapi.BadRequest("there is no text in the message to edit")
	}
	if err := t.setText(call, &m, "MESSAGE_TOO_LONG"); err != nil {
		return nil, err
	}
	before, errBefore := json.Marshal(now)
	after, errAfter := json.Marshal(m)
	if errBefore == nil && errAfter == nil && bytes.Equal(before, after) {
		return nil, botapi.BadRequest("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	m.EditDate = t.clock.Now().Unix()
	m.Edits++
	return t.change(chat, m.ID, func(old *Message) { *old = m }), nil
}

const (
	buttonDataMax = 64  // bytes
	buttonCopyMax = 256 // UTF-16 units
	buttonsMax    = 100 // a message
)

// markup reads reply_markup into a message: an inline keyboard stays with it, the
// others are for the user's client alone.
func (t *Server) markup(call *botapi.Call, m *Message) error {
	if !call.Has("reply_markup") {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(call.Text("reply_markup")), &fields) != nil {
		return botapi.BadRequest("object expected as reply markup")
	}
	switch {
	case fields["inline_keyboard"] != nil:
		keyboard, err := parseKeyboard([]byte(call.Text("reply_markup")))
		m.Keyboard = keyboard
		return err
	case fields["force_reply"] != nil:
		return call.Decode("reply_markup", "force reply markup JSON object", &m.ForceReply)
	}
	return nil // a reply keyboard, or its removal, which the fake does not show
}

// parseKeyboard reads an inline keyboard and holds it to the server's rules. One
// without buttons is none.
func parseKeyboard(raw []byte) (*Keyboard, error) {
	var keyboard Keyboard
	if err := json.Unmarshal(raw, &keyboard); err != nil {
		return nil, botapi.BadRequest("can't parse inline keyboard button: %v", err)
	}
	rows, n := keyboard.Rows, 0
	keyboard.Rows = nil
	for _, row := range rows {
		for _, button := range row {
			if err := button.check(); err != nil {
				return nil, err
			}
		}
		if n += len(row); len(row) > 0 {
			keyboard.Rows = append(keyboard.Rows, row)
		}
	}
	switch {
	case n == 0:
		return nil, nil
	case n > buttonsMax:
		return nil, botapi.BadRequest("reply markup is too long")
	}
	return &keyboard, nil
}

func (b Button) check() error {
	switch {
	case b.Text == "":
		return botapi.BadRequest("can't parse inline keyboard button: field \"text\" must be non-empty")
	case b.Data != "":
		if len(b.Data) > buttonDataMax {
			return botapi.BadRequest("BUTTON_DATA_INVALID")
		}
	case b.URL != "":
		_, isLink := markup.Link(b.URL)
		if !strings.HasPrefix(b.URL, "tg://") && !isLink {
			return botapi.BadRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
		}
	case b.Copy != nil:
		if n := markup.Units(b.Copy.Text); n == 0 || n > buttonCopyMax {
			return botapi.BadRequest("BUTTON_COPY_TEXT_INVALID")
		}
	case b.InlineQuery == nil && b.InlineHere == nil:
		return botapi.BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return nil
}
