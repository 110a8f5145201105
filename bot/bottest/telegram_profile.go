package bottest

import (
	"fmt"
	"regexp"
	"slices"
)

const (
	tgCommandsMax           = 100
	tgCommandDescriptionMax = 256
)

var (
	tgCommandForm  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	tgLanguageForm = regexp.MustCompile(`^([a-z]{2})?$`)
)

// TelegramCommand is one entry of the menu of commands.
type TelegramCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// tgScope is a BotCommandScope in the form that serves as a key.
type tgScope struct {
	Type string
	Chat int64
	User int64
}

type tgMenuKey struct {
	scope    tgScope
	language string
}

// tgProfile is what the bot says of itself, by language ("" is the default).
type tgProfile struct {
	menus map[tgMenuKey][]TelegramCommand
	texts map[string]map[string]string // kind of text, then language
}

func newTGProfile() tgProfile {
	return tgProfile{menus: map[tgMenuKey][]TelegramCommand{}, texts: map[string]map[string]string{}}
}

// menu reads scope and language_code.
func (t *Telegram) menu(call *tgCall) (tgMenuKey, error) {
	key := tgMenuKey{tgScope{Type: "default"}, call.text("language_code")}
	if !tgLanguageForm.MatchString(key.language) {
		return key, tgBad("invalid language code specified")
	}
	var scope struct {
		Type string `json:"type"`
		Chat any    `json:"chat_id"`
		User int64  `json:"user_id"`
	}
	if !call.has("scope") {
		return key, nil
	}
	if err := call.decode("scope", "BotCommandScope", &scope); err != nil {
		return key, err
	}
	key.scope = tgScope{Type: scope.Type, User: scope.User}
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return key, nil
	case "chat", "chat_administrators", "chat_member":
		chat := t.findChat(tgChatRef(scope.Chat))
		if chat == nil {
			return key, tgBad("chat not found")
		}
		key.scope.Chat = chat.peer.ID
		return key, nil
	}
	return key, tgBad("can't parse BotCommandScope: Unsupported type specified")
}

// tgChatRef is a chat_id, number or @username, as it came out of JSON.
func tgChatRef(id any) string {
	if n, ok := id.(float64); ok {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprint(id)
}

func (t *Telegram) setMyCommands(call *tgCall) (any, error) {
	key, err := t.menu(call)
	if err != nil {
		return nil, err
	}
	var commands []TelegramCommand
	if err := call.decode("commands", "commands JSON array", &commands); err != nil {
		return nil, err
	}
	if len(commands) > tgCommandsMax {
		return nil, tgBad("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range commands {
		n := tgUnits(c.Description)
		switch {
		case !tgCommandForm.MatchString(c.Command):
			return nil, tgBad("BOT_COMMAND_INVALID")
		case n == 0 || n > tgCommandDescriptionMax:
			return nil, tgBad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	if len(commands) == 0 {
		delete(t.profile.menus, key)
		return true, nil
	}
	t.profile.menus[key] = commands
	return true, nil
}

func (t *Telegram) getMyCommands(call *tgCall) (any, error) {
	key, err := t.menu(call)
	if err != nil {
		return nil, err
	}
	return append([]TelegramCommand{}, t.profile.menus[key]...), nil
}

func (t *Telegram) deleteMyCommands(call *tgCall) (any, error) {
	key, err := t.menu(call)
	if err != nil {
		return nil, err
	}
	delete(t.profile.menus, key)
	return true, nil
}

// Menu is the list of commands that the user's app shows in the chat: the first of
// the scopes that is set, each in the user's language before the default.
func (u *TelegramUser) Menu(chat *TelegramChat) []TelegramCommand {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, scope := range chat.scopes(u.person.ID) {
		for _, language := range []string{tgShortLanguage(u.person.LanguageCode), ""} {
			if menu := t.profile.menus[tgMenuKey{scope, language}]; menu != nil {
				return slices.Clone(menu)
			}
		}
	}
	return nil
}

// scopes are those that apply to a user in a chat, the narrowest first.
func (c *TelegramChat) scopes(user int64) []tgScope {
	id := c.peer.ID
	if c.peer.Type == "private" {
		return []tgScope{{Type: "chat", Chat: id}, {Type: "all_private_chats"}, {Type: "default"}}
	}
	scopes := []tgScope{{Type: "chat_member", Chat: id, User: user}}
	if status := c.status(user); status == tgOwner || status == tgAdmin {
		scopes = append(scopes, tgScope{Type: "chat_administrators", Chat: id}, tgScope{Type: "chat", Chat: id},
			tgScope{Type: "all_chat_administrators"})
	} else {
		scopes = append(scopes, tgScope{Type: "chat", Chat: id})
	}
	return append(scopes, tgScope{Type: "all_group_chats"}, tgScope{Type: "default"})
}

func tgShortLanguage(tag string) string { return tag[:min(2, len(tag))] }

// tgTextKind is one of the texts that a bot has by language.
type tgTextKind struct {
	field   string // of the parameter and of the result
	max     int    // UTF-16 units
	tooLong string
}

var (
	tgName             = tgTextKind{"name", 64, "BOT_TITLE_INVALID"}
	tgDescription      = tgTextKind{"description", 512, "BOT_DESCRIPTION_INVALID"}
	tgShortDescription = tgTextKind{"short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID"}
)

func tgSetText(kind tgTextKind) func(*Telegram, *tgCall) (any, error) {
	return func(t *Telegram, call *tgCall) (any, error) {
		language, text := call.text("language_code"), call.text(kind.field)
		switch {
		case !tgLanguageForm.MatchString(language):
			return nil, tgBad("invalid language code specified")
		case tgUnits(text) > kind.max:
			return nil, tgBad("%s", kind.tooLong)
		}
		if t.profile.texts[kind.field] == nil {
			t.profile.texts[kind.field] = map[string]string{}
		}
		t.profile.texts[kind.field][language] = text
		return true, nil
	}
}

func tgGetText(kind tgTextKind) func(*Telegram, *tgCall) (any, error) {
	return func(t *Telegram, call *tgCall) (any, error) {
		return map[string]string{kind.field: t.profile.text(kind, call.text("language_code"))}, nil
	}
}

// text is that in the language, or where there is none the default one.
func (p tgProfile) text(kind tgTextKind, language string) string {
	if text := p.texts[kind.field][language]; text != "" {
		return text
	}
	return p.texts[kind.field][""]
}

// Descriptions are the description and the short description that an app in the
// language (two letters) shows.
func (t *Telegram) Descriptions(language string) (long, short string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.profile.text(tgDescription, language), t.profile.text(tgShortDescription, language)
}
