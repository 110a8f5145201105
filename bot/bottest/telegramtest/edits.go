package telegramtest

import (
	"encoding/json"
	"strings"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

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
	if sameJSON(m, now) {
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
		if !strings.HasPrefix(b.URL, "tg://") && !markup.IsLink(b.URL) {
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
