package telegramtest

import (
	"encoding/json"
	"strings"
)

// editTarget is the message that an edit is about: in a chat, or sent through inline
// mode, where chat is nil or one that the bot need not see.
type editTarget struct {
	chat   *Chat
	now    *Message
	inline bool
}

// target finds the message to edit. The caller holds mu.
func (t *Server) target(call *apiCall) (editTarget, error) {
	if id := call.text("inline_message_id"); id != "" {
		m := t.inline[id]
		if m == nil || m.Deleted {
			return editTarget{}, badRequest("MESSAGE_ID_INVALID")
		}
		return editTarget{t.chats[m.Chat.ID], m, true}, nil
	}
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return editTarget{}, err
	}
	if !call.has("message_id") {
		return editTarget{}, badRequest("message identifier is not specified")
	}
	m := chat.messages[int(call.integer("message_id"))]
	switch {
	case m == nil || m.Deleted:
		return editTarget{}, badRequest("message to edit not found")
	case !m.authored || m.Forwarded != nil:
		return editTarget{}, badRequest("message can't be edited")
	}
	return editTarget{chat, m, false}, nil
}

// edit carries an edit out: change gets a copy of the message without its keyboard,
// since an edit that names none takes it away.
func (t *Server) edit(call *apiCall, change func(*Message) error) (any, error) {
	target, err := t.target(call)
	if err != nil {
		return nil, err
	}
	m := *target.now
	m.Keyboard = nil
	if err := t.markup(call, &m); err != nil {
		return nil, err
	}
	if err := change(&m); err != nil {
		return nil, err
	}
	if sameJSON(m, target.now) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	m.EditDate = t.clock.Now().Unix()
	m.Edits++
	stored := t.change(target.chat, m.ID, func(old *Message) { *old = m })
	if target.inline {
		return true, nil
	}
	return stored, nil
}

func (t *Server) editMessageText(call *apiCall) (any, error) {
	return t.edit(call, func(m *Message) error {
		if m.Text == "" {
			return badRequest("there is no text in the message to edit")
		}
		return t.setText(call, m, "MESSAGE_TOO_LONG")
	})
}

func (t *Server) editMessageCaption(call *apiCall) (any, error) {
	return t.edit(call, func(m *Message) error {
		if m.Photo == nil && m.Document == nil {
			return badRequest("there is no caption in the message to edit")
		}
		return t.setCaption(call, m, "MEDIA_CAPTION_TOO_LONG")
	})
}

func (t *Server) editMessageReplyMarkup(call *apiCall) (any, error) {
	return t.edit(call, func(*Message) error { return nil })
}

// inputMedia is what the fake keeps of InputMedia.
type inputMedia struct {
	Type     string   `json:"type"`
	Media    string   `json:"media"`
	Caption  string   `json:"caption"`
	Mode     string   `json:"parse_mode"`
	Entities []Entity `json:"caption_entities"`
	Above    bool     `json:"show_caption_above_media"`
	Spoiler  bool     `json:"has_spoiler"`
}

func (t *Server) editMessageMedia(call *apiCall) (any, error) {
	var media inputMedia
	if !call.has("media") {
		return nil, badRequest("there is no media in the request")
	}
	if err := call.decode("media", "input media JSON object", &media); err != nil {
		return nil, err
	}
	if media.Type != "photo" && media.Type != "document" {
		t.violate("%s: the fake does not model media of type %q", call.method, media.Type)
		return nil, badRequest("wrong type of media specified")
	}
	return t.edit(call, func(m *Message) error {
		caption, err := t.format(call.method, media.Caption, media.Mode, media.Entities)
		if err != nil {
			return err
		}
		if err := t.putCaption(call, m, caption, "MEDIA_CAPTION_TOO_LONG"); err != nil {
			return err
		}
		m.Text, m.Entities, m.Photo, m.Document = "", nil, nil, nil
		m.CaptionAbove, m.Spoiler = media.Above, media.Spoiler
		return t.attach(call, media.Type, media.Media, m)
	})
}

const (
	buttonDataMax = 64  // bytes
	buttonCopyMax = 256 // UTF-16 units
	buttonsMax    = 100 // a message
)

// markup reads reply_markup into a message: an inline keyboard stays with it, the
// others are for the user's client alone.
func (t *Server) markup(call *apiCall, m *Message) error {
	if !call.has("reply_markup") {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(call.text("reply_markup")), &fields) != nil {
		return badRequest("object expected as reply markup")
	}
	switch {
	case fields["inline_keyboard"] != nil:
		keyboard, err := parseKeyboard([]byte(call.text("reply_markup")))
		m.Keyboard = keyboard
		return err
	case fields["force_reply"] != nil:
		return call.decode("reply_markup", "force reply markup JSON object", &m.ForceReply)
	}
	return nil // a reply keyboard, or its removal, which the fake does not show
}

// parseKeyboard reads an inline keyboard and holds it to the server's rules. One
// without buttons is none.
func parseKeyboard(raw []byte) (*Keyboard, error) {
	var keyboard Keyboard
	if err := json.Unmarshal(raw, &keyboard); err != nil {
		return nil, badRequest("can't parse inline keyboard button: %v", err)
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
		return nil, badRequest("reply markup is too long")
	}
	return &keyboard, nil
}

func (b Button) check() error {
	var link Entity
	switch {
	case b.Text == "":
		return badRequest("can't parse inline keyboard button: field \"text\" must be non-empty")
	case b.Data != "":
		if len(b.Data) > buttonDataMax {
			return badRequest("BUTTON_DATA_INVALID")
		}
	case b.URL != "":
		if !strings.HasPrefix(b.URL, "tg://") && !setLink(&link, b.URL) {
			return badRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
		}
	case b.Copy != nil:
		if n := utf16Len(b.Copy.Text); n == 0 || n > buttonCopyMax {
			return badRequest("BUTTON_COPY_TEXT_INVALID")
		}
	case b.InlineQuery == nil && b.InlineHere == nil:
		return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return nil
}
