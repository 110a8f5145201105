package telegram

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"parley/bot"
	"parley/bot/safetext"
	"parley/bot/telegram/render"
)

// anonymous is the user in whose name administrators write who do not show who they are.
const anonymous = 1087968824

// intent is a command or question for the bot, as a message puts it.
type intent struct {
	command string // without its slash; empty for a plain question
	text    string // the question, or what follows the command
	named   bool   // the message names the bot, or is sent to it alone
}

// intentOf reads what a message asks of the bot; ok is false where the message is not meant
// for it. Other bots are not answered, nor what other chats say in this one.
func (t *Telegram) intentOf(m *message) (o intent, ok bool) {
	if m.From == nil || m.AutoPost || m.ViaBot != nil {
		return o, false
	}
	if m.From.IsBot && !m.byAnonymousAdmin() || m.From.ID == t.self.ID {
		return o, false
	}
	if m.Sender != nil && m.Sender.ID != m.Chat.ID {
		return o, false
	}
	text, entities := m.content()
	if command, to, rest, isCommand := splitCommand(text); isCommand {
		own := strings.EqualFold(to, t.self.Username)
		if to != "" && !own {
			return o, false
		}
		o = intent{command: strings.ToLower(command), text: rest, named: own || m.Chat.private()}
		if m.Chat.Type == "channel" {
			return o, own
		}
		_, known := t.command(o.command)
		return o, o.named || known || o.command == startCommand // a group has too many commands of other bots
	}
	if m.Chat.Type == "channel" {
		return o, false // it is meant for the readers, as is a command without our name
	}
	question, mentioned := t.withoutMentions(text, entities)
	toUs := m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.ID == t.self.ID
	o = intent{text: question, named: true}
	return o, text != "" && (mentioned || toUs || m.Chat.private())
}

func (m *message) byAnonymousAdmin() bool {
	return m.From.ID == anonymous && m.Sender != nil && m.Sender.ID == m.Chat.ID
}

func (t *Telegram) command(name string) (bot.Command, bool) {
	all := t.core.Commands()
	i := slices.IndexFunc(all, func(c bot.Command) bool { return strings.EqualFold(c.Name, name) })
	if i < 0 {
		return bot.Command{}, false
	}
	return all[i], true
}

// commandForm is how Telegram's apps read a command at the start of a message.
var commandForm = regexp.MustCompile(`^/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]+))?`)

// splitCommand splits "/ask@bot what". It reads the text and not its entities, which servers
// other than Telegram's own leave out.
func splitCommand(text string) (command, to, rest string, ok bool) {
	text = strings.TrimSpace(text)
	at := commandForm.FindStringSubmatchIndex(text)
	if at == nil {
		return "", "", "", false
	}
	command = text[at[2]:at[3]]
	if at[4] >= 0 {
		to = text[at[4]:at[5]]
	}
	return command, to, strings.TrimSpace(text[at[1]:]), true
}

// withoutMentions takes the bot's name out of a text, and reports whether it was there.
func (t *Telegram) withoutMentions(text string, entities []entity) (rest string, found bool) {
	if len(entities) == 0 {
		for _, at := range render.Mentions(text) {
			entities = append(entities, entity{
				Type: "mention", Offset: safetext.UTF16Len(text[:at[0]]), Length: safetext.UTF16Len(text[at[0]:at[1]]),
			})
		}
	}
	all := utf16.Encode([]rune(text))
	kept := make([]uint16, 0, len(all))
	done := 0
	for _, e := range entities {
		if e.Offset < done || e.Offset > len(all) || e.Length < 1 || e.Length > len(all)-e.Offset {
			continue // inside another, or not of this text
		}
		name := string(utf16.Decode(all[e.Offset : e.Offset+e.Length]))
		byName := e.Type == "mention" && strings.EqualFold(name, "@"+t.self.Username)
		if byName || e.Type == "text_mention" && e.User != nil && e.User.ID == t.self.ID {
			kept = append(kept, all[done:e.Offset]...)
			for done, found = e.Offset+e.Length, true; done < len(all) && strings.ContainsRune(",:;", rune(all[done])); {
				done++ // what follows an address: "@bot, who said it?"
			}
		}
	}
	rest = string(utf16.Decode(append(kept, all[done:]...)))
	return strings.Join(strings.Fields(rest), " "), found
}
