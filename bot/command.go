package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"parley/bot/argument"
	"parley/bot/wording"
)

// Names of commands that the core itself refers to.
const (
	questionCommand = "ask" // what a plain question means
	stanceCommand   = "stance"
	compareCommand  = "compare"
	timelineCommand = "timeline"
	checkCommand    = "check"
	sourceCommand   = "source"
	contextCommand  = "context"
	sourcesCommand  = "sources"
	settingsCommand = "settings"
	doctorCommand   = "doctor"
	helpCommand     = "help"
)

// Command is an entry of the table. Adapters translate it into what their platform
// registers; nothing about a command is said anywhere else.
type Command struct {
	Name    string       // 1 to 32 lower-case ASCII letters and digits
	About   wording.Text // the description, 1 to 100 characters
	Options []argument.Option
	// Parts are the sub-commands, as "list" of "/digest list". A command with parts has no
	// Options and no Run of its own; a part has no parts.
	Parts []Command
	whole string // the name of the command of which this is a part; empty: it is no part
	// Everywhere commands are answered in all channels of a chat, also where its managers
	// have chosen others: people need them to find out why the bot does not answer here.
	Everywhere bool
	// Run handles a request whose arguments have been checked against Options.
	Run func(ctx context.Context, req Request) (Reply, error)
}

// Describe is the description in the language nearest to a BCP 47 tag.
func (c Command) Describe(language string) string { return c.About(wording.In(language)) }

// commandName matches the names that both Discord and Telegram accept (Telegram: BotCommand; Discord allows more).
var commandName = regexp.MustCompile(`^[a-z0-9]{1,32}$`)

// IsCommandName reports whether a command may have the name on every platform.
func IsCommandName(name string) bool { return commandName.MatchString(name) }

// Path is the name by which a request calls the command: "stance", "digest list".
func (c Command) Path() string { return strings.TrimSpace(c.whole + " " + c.Name) }

// Usage is how the command is typed: "/stance actor [topic]", "/digest list|pause".
func (c Command) Usage() string {
	usage := c.form().Usage()
	for i, p := range c.Parts {
		usage += []string{" ", "|"}[min(i, 1)] + p.Name
	}
	return usage
}

func (c Command) form() argument.Form { return argument.Form{Command: c.Path(), Options: c.Options} }

// findCommand finds "stance" or, with its sub-command, "digest list".
func findCommand(commands []Command, path string) (Command, bool) {
	name, part, inParts := strings.Cut(path, " ")
	i := slices.IndexFunc(commands, func(c Command) bool { return strings.EqualFold(c.Name, name) })
	switch {
	case i < 0:
		return Command{}, false
	case inParts:
		return findCommand(commands[i].Parts, part)
	}
	return commands[i], true
}

// command finds a command by its path, and "/forget-me", which platforms take only as "forgetme".
func (b *Bot) command(path string) (Command, bool) {
	if plain := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(path)); plain == "forgetme" {
		path = plain
	}
	return findCommand(b.commands, path)
}

// typedPart returns the sub-command with which a typed text begins, and the text after it.
func (c Command) typedPart(text string) (part Command, rest string, err error) {
	name, rest := argument.CutWord(strings.TrimSpace(text))
	part, ok := findCommand(c.Parts, name)
	if !ok {
		return Command{}, "", wording.Refuse("no_part", wording.Data{"Command": c.Name, "Usage": c.Usage()})
	}
	return part, rest, nil
}
