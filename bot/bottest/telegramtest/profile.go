package telegramtest

import (
	"cmp"
	"regexp"
	"slices"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

const (
	commandsMax           = 100
	commandDescriptionMax = 256
)

var (
	commandForm  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageForm = regexp.MustCompile(`^([a-z]{2})?$`)
)

// menu reads scope and language_code.
func (t *Server) menu(call *botapi.Call) (profileKey, error) {
	key := profileKey{"default", call.Text("language_code")}
	if !languageForm.MatchString(key.language) {
		return key, botapi.BadRequest("invalid language code specified")
	}
	var scope struct {
		Type string `json:"type"`
	}
	if !call.Has("scope") {
		return key, nil
	}
	if err := call.Decode("scope", "BotCommandScope", &scope); err != nil {
		return key, err
	}
	key.what = scope.Type
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return key, nil
	case "chat", "chat_administrators", "chat_member":
		t.violate("%s: the fake does not model the menu of one chat", call.Method)
		return key, botapi.BadRequest("chat not found")
	}
	return key, botapi.BadRequest("can't parse BotCommandScope: Unsupported type specified")
}

func (t *Server) setMyCommands(call *botapi.Call) (any, error) {
	key, err := t.menu(call)
	if err != nil {
		return nil, err
	}
	var commands []Command
	if err := call.Decode("commands", "commands JSON array", &commands); err != nil {
		return nil, err
	}
	if len(commands) > commandsMax {
		return nil, botapi.BadRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range commands {
		n := markup.Units(c.Description)
		switch {
		case !commandForm.MatchString(c.Command):
			return nil, botapi.BadRequest("BOT_COMMAND_INVALID")
		case n == 0 || n > commandDescriptionMax:
			return nil, botapi.BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	t.profile.menus[key] = commands
	return true, nil
}

// Menu is the list of commands that the user's app shows in the chat: the first of
// the scopes that is set, each in the user's language before the default.
func (u *User) Menu(chat *Chat) []Command {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	tag := u.person.LanguageCode
	for _, scope := range chat.scopes(u.person.ID) {
		for _, language := range []string{tag[:min(2, len(tag))], ""} {
			if menu := t.profile.menus[profileKey{scope, language}]; len(menu) > 0 {
				return slices.Clone(menu)
			}
		}
	}
	return nil
}

// scopes returns the command scopes that apply to a user in a chat, the narrowest first.
func (c *Chat) scopes(user int64) []string {
	if c.peer.Type == "private" {
		return []string{"all_private_chats", "default"}
	}
	if status := c.status(user); status == statusOwner || status == statusAdmin {
		return []string{"all_chat_administrators", "all_group_chats", "default"}
	}
	return []string{"all_group_chats", "default"}
}

// textKind is one of the texts that a bot has by language.
type textKind struct {
	field   string // of the parameter and of the result
	max     int    // UTF-16 units
	tooLong string
}

var (
	botDescription      = textKind{"description", 512, "BOT_DESCRIPTION_INVALID"}
	botShortDescription = textKind{"short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID"}
)

func textSetter(kind textKind) func(*Server, *botapi.Call) (any, error) {
	return func(t *Server, call *botapi.Call) (any, error) {
		language, text := call.Text("language_code"), call.Text(kind.field)
		switch {
		case !languageForm.MatchString(language):
			return nil, botapi.BadRequest("invalid language code specified")
		case markup.Units(text) > kind.max:
			return nil, botapi.BadRequest("%s", kind.tooLong)
		}
		t.profile.texts[profileKey{kind.field, language}] = text
		return true, nil
	}
}

// text is that in the language, or where there is none the default one.
func (p botProfile) text(kind textKind, language string) string {
	return cmp.Or(p.texts[profileKey{kind.field, language}], p.texts[profileKey{what: kind.field}])
}

// Descriptions are the description and the short description that an app in the
// language (two letters) shows.
func (t *Server) Descriptions(language string) (long, short string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.profile.text(botDescription, language), t.profile.text(botShortDescription, language)
}
