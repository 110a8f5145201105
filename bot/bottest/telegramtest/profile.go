package telegramtest

import (
	"fmt"
	"regexp"
	"slices"
)

const (
	commandsMax           = 100
	commandDescriptionMax = 256
)

var (
	commandForm  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageForm = regexp.MustCompile(`^([a-z]{2})?$`)
)

// Command is one entry of the menu of commands.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// commandScope is a BotCommandScope in the form that serves as a key.
type commandScope struct {
	Type string
	Chat int64
	User int64
}

type menuKey struct {
	scope    commandScope
	language string
}

// botProfile is what the bot says of itself, by language ("" is the default).
type botProfile struct {
	menus map[menuKey][]Command
	texts map[string]map[string]string // kind of text, then language
}

func newBotProfile() botProfile {
	return botProfile{menus: map[menuKey][]Command{}, texts: map[string]map[string]string{}}
}

// menu reads scope and language_code.
func (t *Server) menu(call *apiCall) (menuKey, error) {
	key := menuKey{commandScope{Type: "default"}, call.text("language_code")}
	if !languageForm.MatchString(key.language) {
		return key, badRequest("invalid language code specified")
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
	key.scope = commandScope{Type: scope.Type, User: scope.User}
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return key, nil
	case "chat", "chat_administrators", "chat_member":
		chat := t.findChat(chatRef(scope.Chat))
		if chat == nil {
			return key, badRequest("chat not found")
		}
		key.scope.Chat = chat.peer.ID
		return key, nil
	}
	return key, badRequest("can't parse BotCommandScope: Unsupported type specified")
}

// chatRef is a chat_id, number or @username, as it came out of JSON.
func chatRef(id any) string {
	if n, ok := id.(float64); ok {
		return fmt.Sprintf("%.0f", n)
	}
	return fmt.Sprint(id)
}

func (t *Server) setMyCommands(call *apiCall) (any, error) {
	key, err := t.menu(call)
	if err != nil {
		return nil, err
	}
	var commands []Command
	if err := call.decode("commands", "commands JSON array", &commands); err != nil {
		return nil, err
	}
	if len(commands) > commandsMax {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range commands {
		n := utf16Len(c.Description)
		switch {
		case !commandForm.MatchString(c.Command):
			return nil, badRequest("BOT_COMMAND_INVALID")
		case n == 0 || n > commandDescriptionMax:
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	if len(commands) == 0 {
		delete(t.profile.menus, key)
		return true, nil
	}
	t.profile.menus[key] = commands
	return true, nil
}

func (t *Server) getMyCommands(call *apiCall) (any, error) {
	key, err := t.menu(call)
	if err != nil {
		return nil, err
	}
	return append([]Command{}, t.profile.menus[key]...), nil
}

func (t *Server) deleteMyCommands(call *apiCall) (any, error) {
	key, err := t.menu(call)
	if err != nil {
		return nil, err
	}
	delete(t.profile.menus, key)
	return true, nil
}

// Menu is the list of commands that the user's app shows in the chat: the first of
// the scopes that is set, each in the user's language before the default.
func (u *User) Menu(chat *Chat) []Command {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, scope := range chat.scopes(u.person.ID) {
		for _, language := range []string{shortLanguage(u.person.LanguageCode), ""} {
			if menu := t.profile.menus[menuKey{scope, language}]; menu != nil {
				return slices.Clone(menu)
			}
		}
	}
	return nil
}

// scopes are those that apply to a user in a chat, the narrowest first.
func (c *Chat) scopes(user int64) []commandScope {
	id := c.peer.ID
	if c.peer.Type == "private" {
		return []commandScope{{Type: "chat", Chat: id}, {Type: "all_private_chats"}, {Type: "default"}}
	}
	scopes := []commandScope{{Type: "chat_member", Chat: id, User: user}}
	if status := c.status(user); status == statusOwner || status == statusAdmin {
		scopes = append(scopes, commandScope{Type: "chat_administrators", Chat: id}, commandScope{Type: "chat", Chat: id},
			commandScope{Type: "all_chat_administrators"})
	} else {
		scopes = append(scopes, commandScope{Type: "chat", Chat: id})
	}
	return append(scopes, commandScope{Type: "all_group_chats"}, commandScope{Type: "default"})
}

func shortLanguage(tag string) string { return tag[:min(2, len(tag))] }

// textKind is one of the texts that a bot has by language.
type textKind struct {
	field   string // of the parameter and of the result
	max     int    // UTF-16 units
	tooLong string
}

var (
	botName             = textKind{"name", 64, "BOT_TITLE_INVALID"}
	botDescription      = textKind{"description", 512, "BOT_DESCRIPTION_INVALID"}
	botShortDescription = textKind{"short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID"}
)

func textSetter(kind textKind) func(*Server, *apiCall) (any, error) {
	return func(t *Server, call *apiCall) (any, error) {
		language, text := call.text("language_code"), call.text(kind.field)
		switch {
		case !languageForm.MatchString(language):
			return nil, badRequest("invalid language code specified")
		case utf16Len(text) > kind.max:
			return nil, badRequest("%s", kind.tooLong)
		}
		if t.profile.texts[kind.field] == nil {
			t.profile.texts[kind.field] = map[string]string{}
		}
		t.profile.texts[kind.field][language] = text
		return true, nil
	}
}

func textGetter(kind textKind) func(*Server, *apiCall) (any, error) {
	return func(t *Server, call *apiCall) (any, error) {
		return map[string]string{kind.field: t.profile.text(kind, call.text("language_code"))}, nil
	}
}

// text is that in the language, or where there is none the default one.
func (p botProfile) text(kind textKind, language string) string {
	if text := p.texts[kind.field][language]; text != "" {
		return text
	}
	return p.texts[kind.field][""]
}

// Descriptions are the description and the short description that an app in the
// language (two letters) shows.
func (t *Server) Descriptions(language string) (long, short string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.profile.text(botDescription, language), t.profile.text(botShortDescription, language)
}
