package bot

import (
	"context"
	"slices"

	"parley/bot/argument"
	"parley/bot/wording"
)

// table is the one table of commands. An entry here, with its phrases in wording/locales,
// is all that a command needs to stand on every platform.
func (b *Bot) table(actors []ActorCommand, more []Command) []Command {
	commands := slices.Concat(b.aboutTheRecord(), b.shortForms(actors), more, b.aboutTheBot())
	for _, c := range commands {
		for i := range c.Parts {
			c.Parts[i].whole = c.Name
		}
	}
	return commands
}

func (b *Bot) aboutTheRecord() []Command {
	passage := []argument.Option{{Name: "passage", About: "option.passage", Required: true, Rest: true}}
	return []Command{
		{Name: questionCommand, About: wording.Phrase("command.ask"), Options: askOptions(), Run: b.ask},
		{
			Name: stanceCommand, About: wording.Phrase("command.stance"), Run: b.stance,
			Options: slices.Concat([]argument.Option{
				b.actors.Option("actor", "option.stance_actor", true),
			}, b.stanceOptions()),
		},
		{
			Name: compareCommand, About: wording.Phrase("command.compare"), Run: b.compare,
			Options: slices.Concat([]argument.Option{
				b.topics.Option("topic", "option.compare_topic", true),
				b.actors.ListOption("actors", "option.compare_actors"),
			}, b.periodOptions()),
		},
		{
			Name: timelineCommand, About: wording.Phrase("command.timeline"), Run: b.timeline,
			Options: slices.Concat([]argument.Option{
				b.topics.Option("topic", "option.timeline_topic", false),
				b.actors.Option("actor", "option.timeline_actor", false),
			}, b.periodOptions(), []argument.Option{pageOption()}),
		},
		{
			Name: checkCommand, About: wording.Phrase("command.check"), Run: b.check,
			Options: []argument.Option{{Name: "text", About: "option.text", Required: true, Rest: true, Max: maxTyped}},
		},
		{Name: sourceCommand, About: wording.Phrase("command.source"), Options: passage, Run: b.source},
		{Name: contextCommand, About: wording.Phrase("command.context"), Options: passage, Run: b.surroundings},
		{
			Name: sourcesCommand, About: wording.Phrase("command.sources"), Run: b.sources,
			Options: []argument.Option{pageOption()},
		},
	}
}

func (b *Bot) aboutTheBot() []Command {
	doctor := Command{Name: doctorCommand, About: wording.Phrase("command.doctor"), Everywhere: true, Run: b.doctor}
	help := Command{Name: helpCommand, About: wording.Phrase("command.help"), Run: b.help}
	if b.alone {
		return []Command{{
			Name: settingsCommand, About: wording.Phrase("command.settings_alone"), Everywhere: true,
			Run:     b.changeSettings,
			Options: []argument.Option{{Name: "language", About: "option.language", Choices: argument.Languages("")}},
		}, doctor, help}
	}
	return []Command{
		{
			Name: settingsCommand, About: wording.Phrase("command.settings"), Everywhere: true,
			Run: b.changeSettings,
			Options: []argument.Option{
				{Name: "language", About: "option.language", Choices: argument.Languages(languageByUser)},
				{Name: "private", About: "option.private", Type: argument.Boolean},
				{Name: "here", About: "option.here", Type: argument.Boolean},
			},
		},
		doctor,
		{Name: "forgetme", About: wording.Phrase("command.forgetme"), Everywhere: true, Run: b.forgetMe},
		help,
	}
}

// shortForms are the commands that stand for "/stance" with one actor.
func (b *Bot) shortForms(actors []ActorCommand) (commands []Command) {
	for _, a := range actors {
		commands = append(commands, Command{
			Name: a.Name,
			About: func(l wording.Language) string {
				actor := b.presenter(l.Tag()).actorInSentence(a.Actor)
				return l.Fill("command.actor", wording.Data{"Actor": actor})
			},
			Options: b.stanceOptions(),
			Run: func(ctx context.Context, req Request) (Reply, error) {
				req.Args["actor"] = a.Actor
				return b.stance(ctx, req)
			},
		})
	}
	return commands
}
