package bot

import "context"

// Names of commands that the core itself refers to.
const (
	questionCommand = "ask" // what a plain question means
	sourceCommand   = "source"
	helpCommand     = "help"
)

// table is the one table of commands. An entry here is all that a command needs
// to stand on every platform.
func (b *Bot) table() []Command {
	return []Command{
		{
			Name:        questionCommand,
			Description: "Ask the record; the answer is quoted from its sources",
			Options: []Option{
				{Name: "question", Description: "What to look for, in your own words", Required: true, Rest: true, Max: maxTyped},
			},
			Run: b.ask,
		},
		{
			Name:        sourceCommand,
			Description: "Show where a passage comes from, and the whole passage",
			Options: []Option{
				{Name: "passage", Description: "Number of a passage just shown, or the id of a document", Required: true, Rest: true},
			},
			Run: b.source,
		},
		{
			Name:        helpCommand,
			Description: "Show what can be asked",
			Run:         b.help,
		},
	}
}

// help lists the table.
func (b *Bot) help(context.Context, Request) (Reply, error) {
	record, err := b.asker.Record()
	if err != nil {
		return Reply{}, err
	}
	items := make([]Line, len(b.commands))
	for i, c := range b.commands {
		items[i] = plain(c.Usage() + ": " + c.Description)
	}
	return Reply{Blocks: []Block{
		Text{plain(sayWhatThisIs)},
		List{Title: sayCommands, Items: items},
		Note{plain(recordLine(record))},
	}}, nil
}
