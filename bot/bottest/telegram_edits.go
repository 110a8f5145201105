package bottest

import (
	"encoding/json"
	"strings"
)

// tgTarget is the message that an edit is about: in a chat, or sent through inline
// mode, where chat is nil or one that the bot need not see.
type tgTarget struct {
	chat   *TelegramChat
	now    *TelegramMessage
	inline bool
}

// target finds the message to edit. The caller holds mu.
func (t *Telegram) target(call *tgCall) (tgTarget, error) {
	if id := call.text("inline_message_id"); id != "" {
		m := t.inline[id]
		if m == nil || m.Deleted {
			return tgTarget{}, tgBad("MESSAGE_ID_INVALID")
		}
		return tgTarget{t.chats[m.Chat.ID], m, true}, nil
	}
	chat, err := t.chat(call, "chat_id")
	if err != nil {
		return tgTarget{}, err
	}
	if !call.has("message_id") {
		return tgTarget{}, tgBad("message identifier is not specified")
	}
	m := chat.messages[int(call.integer("message_id"))]
	switch {
	case m == nil || m.Deleted:
		return tgTarget{}, tgBad("message to edit not found")
	case !m.authored || m.Forwarded != nil:
		return tgTarget{}, tgBad("message can't be edited")
	}
	return tgTarget{chat, m, false}, nil
}

// edit carries an edit out: change gets a copy of the message without its keyboard,
// since an edit that names none takes it away.
func (t *Telegram) edit(call *tgCall, change func(*TelegramMessage) error) (any, error) {
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
	if tgSame(m, target.now) {
		return nil, tgBad("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	m.EditDate = t.clock.Now().Unix()
	m.Edits++
	stored := t.change(target.chat, m.ID, func(old *TelegramMessage) { *old = m })
	if target.inline {
		return true, nil
	}
	return stored, nil
}

func (t *Telegram) editMessageText(call *tgCall) (any, error) {
	return t.edit(call, func(m *TelegramMessage) error {
		if m.Text == "" {
			return tgBad("there is no text in the message to edit")
		}
		return t.setText(call, m, "MESSAGE_TOO_LONG")
	})
}

func (t *Telegram) editMessageCaption(call *tgCall) (any, error) {
	return t.edit(call, func(m *TelegramMessage) error {
		if m.Photo == nil && m.Document == nil {
			return tgBad("there is no caption in the message to edit")
		}
		return t.setCaption(call, m, "MEDIA_CAPTION_TOO_LONG")
	})
}

func (t *Telegram) editMessageReplyMarkup(call *tgCall) (any, error) {
	return t.edit(call, func(*TelegramMessage) error { return nil })
}

// tgInputMedia is what the fake keeps of InputMedia.
type tgInputMedia struct {
	Type     string           `json:"type"`
	Media    string           `json:"media"`
	Caption  string           `json:"caption"`
	Mode     string           `json:"parse_mode"`
	Entities []TelegramEntity `json:"caption_entities"`
	Above    bool             `json:"show_caption_above_media"`
	Spoiler  bool             `json:"has_spoiler"`
}

func (t *Telegram) editMessageMedia(call *tgCall) (any, error) {
	var media tgInputMedia
	if !call.has("media") {
		return nil, tgBad("there is no media in the request")
	}
	if err := call.decode("media", "input media JSON object", &media); err != nil {
		return nil, err
	}
	if media.Type != "photo" && media.Type != "document" {
		t.violate("%s: the fake does not model media of type %q", call.method, media.Type)
		return nil, tgBad("wrong type of media specified")
	}
	return t.edit(call, func(m *TelegramMessage) error {
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
	tgButtonDataMax = 64  // bytes
	tgButtonCopyMax = 256 // UTF-16 units
	tgButtonsMax    = 100 // a message
)

// markup reads reply_markup into a message: an inline keyboard stays with it, the
// others are for the user's client alone.
func (t *Telegram) markup(call *tgCall, m *TelegramMessage) error {
	if !call.has("reply_markup") {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(call.text("reply_markup")), &fields) != nil {
		return tgBad("object expected as reply markup")
	}
	switch {
	case fields["inline_keyboard"] != nil:
		keyboard, err := tgKeyboard([]byte(call.text("reply_markup")))
		m.Keyboard = keyboard
		return err
	case fields["force_reply"] != nil:
		return call.decode("reply_markup", "force reply markup JSON object", &m.ForceReply)
	}
	return nil // a reply keyboard, or its removal, which the fake does not show
}

// tgKeyboard reads an inline keyboard and holds it to the server's rules. One
// without buttons is none.
func tgKeyboard(raw []byte) (*TelegramMarkup, error) {
	var keyboard TelegramMarkup
	if err := json.Unmarshal(raw, &keyboard); err != nil {
		return nil, tgBad("can't parse inline keyboard button: %v", err)
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
	case n > tgButtonsMax:
		return nil, tgBad("reply markup is too long")
	}
	return &keyboard, nil
}

func (b TelegramButton) check() error {
	var link TelegramEntity
	switch {
	case b.Text == "":
		return tgBad("can't parse inline keyboard button: field \"text\" must be non-empty")
	case b.Data != "":
		if len(b.Data) > tgButtonDataMax {
			return tgBad("BUTTON_DATA_INVALID")
		}
	case b.URL != "":
		if !strings.HasPrefix(b.URL, "tg://") && !tgLink(&link, b.URL) {
			return tgBad("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
		}
	case b.Copy != nil:
		if n := tgUnits(b.Copy.Text); n == 0 || n > tgButtonCopyMax {
			return tgBad("BUTTON_COPY_TEXT_INVALID")
		}
	case b.InlineQuery == nil && b.InlineHere == nil:
		return tgBad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return nil
}
