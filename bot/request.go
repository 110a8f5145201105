package bot

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/bot/wording"
)

// Request is one thing that a user asks for.
type Request struct {
	User string // tells users apart, over all platforms, for limits
	// Conversation is where the request was made. What was shown there before is what
	// "and Russia?" and "/source 2" refer to. Empty: nothing is remembered.
	Conversation string
	// Chat is whose settings hold: a server on Discord, a chat on Telegram, with the
	// platform's name before it ("discord/81384788765712384"). Empty: those by default.
	Chat    string
	Channel string // where in the chat the request was made, as ChatSettings.Channels names it
	// Thread is the thread of Channel, if any; empty where threads are channels of their own.
	Thread  string
	Manager bool // the user may change the chat's settings
	// Language is the user's own, a BCP 47 tag ("uk", "en-GB"); empty if not known. The
	// handler of a command finds here that of the reply.
	Language string
	Diagnose func(ctx context.Context) ([]Finding, error) // what the platform lets the bot do here; nil: not known
	// ChannelName is how people call a channel of ChatSettings.Channels, with a link that
	// opens it where there is one; nil: as it stands there.
	ChannelName func(channel string) Run
	// Command is the path of a command of the table, without its slash ("stance", "digest
	// list"); empty for a plain question. Of a command with parts the name is enough where
	// Args is nil: Text then begins with the part.
	Command string
	Args    Args // by option name, from platforms that have typed options
	// Text is the plain question, or what was typed after the command on platforms
	// without typed options. It is read only where Args is nil.
	Text string
}

// Finding tells of one permission or setting of a platform whether the bot has it here.
type Finding struct {
	Need string // in the platform's own words: "Embed Links", "can_post_messages"
	// Missing tells that the bot does not have it; Why is a key such as "why.see",
	// by which the core says in the interface's language what then does not work.
	Missing bool
	Why     wording.Key
}

// Args are a command's arguments by option name. An option that was not given is
// missing or empty.
type Args map[string]string

// SplitCommand tells a typed command from a plain question: "/source 2" is the
// command "source" with the text "2".
func SplitCommand(line string) (command, text string) {
	line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
	rest, isCommand := strings.CutPrefix(line, "/")
	if !isCommand {
		return "", line
	}
	end := strings.IndexFunc(rest, unicode.IsSpace)
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return helpCommand, "" // a lone slash asks what there is
	}
	return strings.ToLower(rest[:end]), strings.TrimSpace(rest[end:])
}

const (
	// MaxQuestion is the longest question, in characters.
	MaxQuestion = 500
	maxTyped    = 4000 // characters of a question before its spaces are folded
)

// Question makes one line of a typed question. It refuses, in a sentence for the
// user, one that is empty or longer than MaxQuestion characters.
func Question(text string) (string, error) {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	if text == "" {
		return "", wording.Refuse("no_question", nil)
	}
	if n := utf8.RuneCountInString(text); n > MaxQuestion {
		return "", wording.Refuse("long_question", wording.Data{"Characters": n, "Most": MaxQuestion})
	}
	return text, nil
}
