package bot

import (
	"context"
	"fmt"
	"slices"
)

// Names of commands that the core itself refers to.
const (
	questionCommand = "ask" // what a plain question means
	stanceCommand   = "stance"
	compareCommand  = "compare"
	timelineCommand = "timeline"
	checkCommand    = "check"
	sourceCommand   = "source"
	sourcesCommand  = "sources"
	helpCommand     = "help"
)

// table is the one table of commands. An entry here is all that a command needs
// to stand on every platform.
func (b *Bot) table(actors []ActorCommand) []Command {
	table := []Command{
		{
			Name:        questionCommand,
			Description: "Ask the record; the answer is quoted from its sources",
			Options: []Option{
				{Name: "question", Description: "What to look for, in your own words", Required: true, Rest: true, Max: maxTyped},
			},
			Run: b.ask,
		},
		{
			Name:        stanceCommand,
			Description: "Show what an actor said on a topic, the newest first",
			Options:     append([]Option{b.actorOption("Whose statements", true)}, b.stanceOptions()...),
			Run:         b.stance,
		},
		{
			Name:        compareCommand,
			Description: "Set actors side by side on a topic",
			Options: append([]Option{
				b.topicOption("On which topic", true), b.actorsOption("Which actors, with commas between them; without any, the main ones"),
			}, b.periodOptions()...),
			Run: b.compare,
		},
		{
			Name:        timelineCommand,
			Description: "Show statements and events in the order of time, with a picture",
			Options: slices.Concat([]Option{
				b.topicOption("On which topic; without one, on all", false), b.actorOption("Whose; without one, the main actors'", false),
			}, b.periodOptions(), []Option{pageOption()}),
			Run: b.timeline,
		},
		{
			Name:        checkCommand,
			Description: "Show what the record has nearest to the claims of a text",
			Options: []Option{
				{Name: "text", Description: "The text with the claims", Required: true, Rest: true, Max: maxTyped},
			},
			Run: b.check,
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
			Name:        sourcesCommand,
			Description: "List what the record is made of, by publisher",
			Options:     []Option{pageOption()},
			Run:         b.sources,
		},
		{
			Name:        helpCommand,
			Description: "Show what can be asked",
			Run:         b.help,
		},
	}
	return slices.Insert(table, len(table)-1, b.shortForms(actors)...)
}

// shortForms are the commands that stand for "/stance" with one actor.
func (b *Bot) shortForms(actors []ActorCommand) (commands []Command) {
	for _, a := range actors {
		commands = append(commands, Command{
			Name:        a.Name,
			Description: fmt.Sprintf("Show what %s said on a topic, the newest first", b.actorName(a.Actor)),
			Options:     b.stanceOptions(),
			Run: func(ctx context.Context, req Request) (Reply, error) {
				req.Args["actor"] = a.Actor
				return b.stance(ctx, req)
			},
		})
	}
	return commands
}

// help lists the table.
func (b *Bot) help(context.Context, Request) (Reply, error) {
	record, err := b.index.Record()
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
