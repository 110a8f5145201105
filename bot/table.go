package bot

import (
	"context"
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
	contextCommand  = "context"
	sourcesCommand  = "sources"
	settingsCommand = "settings"
	doctorCommand   = "doctor"
	helpCommand     = "help"
)

// table is the one table of commands. An entry here, with its words in locales, is all
// that a command needs to stand on every platform.
func (b *Bot) table(actors []ActorCommand) []Command {
	return described(slices.Concat(b.aboutTheRecord(), b.shortForms(actors), b.digestCommands(), b.aboutTheBot()))
}

func (b *Bot) aboutTheRecord() []Command {
	passage := Option{Name: "passage", about: aboutPassage, Required: true, Rest: true}
	return []Command{
		{Name: questionCommand, about: says(aboutAsk), Options: askOptions(), Run: b.ask},
		{
			Name: stanceCommand, about: says(aboutStance), Run: b.stance,
			Options: append([]Option{b.actorOption(aboutStanceActor, true)}, b.stanceOptions()...),
		},
		{
			Name: compareCommand, about: says(aboutCompare), Run: b.compare,
			Options: append([]Option{b.topicOption(aboutCompareTopic, true), b.actorsOption(aboutCompareActors)}, b.periodOptions()...),
		},
		{
			Name: timelineCommand, about: says(aboutTimeline), Run: b.timeline,
			Options: slices.Concat([]Option{
				b.topicOption(aboutTimelineTopic, false), b.actorOption(aboutTimelineActor, false),
			}, b.periodOptions(), []Option{pageOption()}),
		},
		{
			Name: checkCommand, about: says(aboutCheck), Run: b.check,
			Options: []Option{{Name: "text", about: aboutText, Required: true, Rest: true, Max: maxTyped}},
		},
		{Name: sourceCommand, about: says(aboutSource), Options: []Option{passage}, Run: b.source},
		{Name: contextCommand, about: says(aboutContext), Options: []Option{passage}, Run: b.surroundings},
		{Name: sourcesCommand, about: says(aboutSources), Options: []Option{pageOption()}, Run: b.sources},
	}
}

func (b *Bot) aboutTheBot() []Command {
	doctor := Command{Name: doctorCommand, about: says(aboutDoctor), Run: b.doctor}
	help := Command{Name: helpCommand, about: says(aboutHelp), Run: b.help}
	if b.alone {
		return []Command{{
			Name: settingsCommand, about: says(aboutSettingsAlone), Run: b.changeSettings,
			Options: []Option{{Name: "language", about: aboutLanguage, Choices: languageChoices()}},
		}, doctor, help}
	}
	return []Command{
		{
			Name: settingsCommand, about: says(aboutSettings), Run: b.changeSettings,
			Options: []Option{
				{Name: "language", about: aboutLanguage, Choices: languageChoices(languageByUser)},
				{Name: "private", about: aboutPrivate, Type: BooleanOption},
				{Name: "here", about: aboutHere, Type: BooleanOption},
			},
		},
		doctor,
		{Name: forgetCommand, about: says(aboutForget), Run: b.forgetMe},
		help,
	}
}

// shortForms are the commands that stand for "/stance" with one actor.
func (b *Bot) shortForms(actors []ActorCommand) (commands []Command) {
	for _, a := range actors {
		commands = append(commands, Command{
			Name:    a.Name,
			about:   func(w words) string { return w.say(aboutActor, data{"Actor": b.called(w, a.Actor)}) },
			Options: b.stanceOptions(),
			Run: func(ctx context.Context, req Request) (Reply, error) {
				req.Args["actor"] = a.Actor
				return b.stance(ctx, req)
			},
		})
	}
	return commands
}

// says is a phrase without places, in whatever language it is said.
func says(p phrase) saying { return func(w words) string { return w.say(p, nil) } }

// described fills in what adapters read of commands and options, in English.
func described(commands []Command) []Command {
	w := speak(english)
	for i := range commands {
		for j := range commands[i].Parts {
			commands[i].Parts[j].whole = commands[i].Name
		}
		commands[i].Parts = described(commands[i].Parts)
		commands[i].Description = commands[i].about(w)
		commands[i].Options = slices.Clone(commands[i].Options)
		for j := range commands[i].Options {
			o := &commands[i].Options[j]
			o.Description = w.say(o.about, nil)
			if propose := o.propose; propose != nil {
				o.Complete = func(_ context.Context, typed string) []Choice { return propose(w, typed) }
			}
		}
	}
	return commands
}

// Welcome says what the bot is and what can be asked, in the language nearest to a
// BCP 47 tag.
func (b *Bot) Welcome(language string) Reply { return b.welcome(speak(language)) }

func (b *Bot) welcome(w words) Reply {
	items := make([]Line, len(b.commands))
	for i, c := range b.commands {
		items[i] = plain(c.Usage() + ": " + c.about(w))
	}
	return Reply{Blocks: []Block{
		Text{plain(w.say(sayWhatThisIs, nil))},
		Text{plain(w.say(sayHowToAsk, nil))},
		List{Title: w.say(sayCommands, nil), Items: items},
	}}
}

// help is the welcome, with the state of the record.
func (b *Bot) help(_ context.Context, req Request) (Reply, error) {
	record, err := b.index.Record()
	if err != nil {
		return Reply{}, err
	}
	w := speak(req.Language)
	reply := b.welcome(w)
	reply.Blocks = append(reply.Blocks, Note{plain(w.recordLine(record))})
	return reply, nil
}
