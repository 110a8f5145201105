package bot

import (
	"context"
	"slices"
	"strings"
)

// languageByUser is the choice of "/settings language" that leaves it to each user.
const languageByUser = "user"

// languageChoices are values by which somebody else decides, and the languages of the
// interface, by the names they call themselves.
func languageChoices(otherwise ...string) (choices []Choice) {
	for _, value := range otherwise {
		choices = append(choices, Choice{Value: value})
	}
	for _, tag := range Languages() {
		choices = append(choices, Choice{Value: tag})
	}
	for i, c := range choices {
		choices[i].Name = c.Describe(english)
	}
	return choices
}

// settingsOf are the settings that hold in a chat: those by default where they cannot be read.
func (b *Bot) settingsOf(ctx context.Context, chat string) ChatSettings {
	if chat == "" {
		return ChatSettings{}
	}
	s, err := b.settings.ChatSettings(ctx, chat)
	if err != nil {
		b.log.ErrorContext(ctx, "settings not read, those by default hold", "chat", chat, "err", err)
		return ChatSettings{}
	}
	return s
}

// everywhere are the commands for which a channel need not be one in which the bot
// answers: those by which one finds out why it does not, and those that are not about the
// record. A digest may have a channel of its own.
var everywhere = []string{settingsCommand, doctorCommand, digestCommand, forgetCommand}

// allows reports whether the bot answers a request in its channel.
func (s ChatSettings) allows(req Request) bool {
	command, _, _ := strings.Cut(req.Command, " ")
	return len(s.Channels) == 0 || req.Channel == "" || slices.Contains(s.Channels, req.Channel) ||
		slices.Contains(everywhere, strings.ToLower(command))
}

// elsewhere says in which channels the bot answers.
func (w words) elsewhere(s ChatSettings, req Request) Reply {
	const place = "\x00"
	before, after, _ := strings.Cut(w.say(sayNotHere, data{"Channels": place}), place)
	line := append(plain(before), w.channels(s, req)...)
	return Reply{Private: true, Blocks: []Block{Text{append(line, Run{Text: after})}}}
}

// channels are the channels in which the bot answers.
func (w words) channels(s ChatSettings, req Request) Line {
	runs := make([]Run, len(s.Channels))
	for i, c := range s.Channels {
		runs[i] = Run{Text: c}
		if req.ChannelName != nil {
			runs[i] = req.ChannelName(c)
		}
	}
	return w.separated(runs, len(runs))
}

// changeSettings shows the settings of a chat, after changing what the request says.
func (b *Bot) changeSettings(ctx context.Context, req Request) (Reply, error) {
	if req.Args["language"]+req.Args["private"]+req.Args["here"] == "" {
		return b.showSettings(speak(req.Language), b.settingsOf(ctx, req.Chat), req), nil
	}
	switch {
	case req.Chat == "":
		return Reply{}, refuse(sayNoSettings, nil)
	case !req.Manager:
		return Reply{}, refuse(sayManagersOnly, nil)
	}
	b.changing.Lock() // one change is not to undo another
	defer b.changing.Unlock()
	s, err := b.settings.ChatSettings(ctx, req.Chat)
	if err != nil {
		return b.notKept(ctx, req, err)
	}
	changed, err := s.changed(req)
	if err != nil {
		return Reply{}, err
	}
	if err := b.settings.SetChatSettings(ctx, req.Chat, changed); err != nil {
		return b.notKept(ctx, req, err)
	}
	w := speak(req.Language)
	if changed.Language != "" {
		w = speak(changed.Language)
	}
	reply := b.showSettings(w, changed, req)
	if len(s.Channels) > 0 && len(changed.Channels) == 0 {
		reply.Blocks = append(reply.Blocks, Note{plain(w.say(sayChannelsAllAgain, nil))})
	}
	return reply, nil
}

func (b *Bot) notKept(ctx context.Context, req Request, err error) (Reply, error) {
	b.log.ErrorContext(ctx, "settings not kept", "chat", req.Chat, "err", err)
	return Reply{}, refuse(sayNotKept, nil)
}

// changed are the settings with what a request changes of them.
func (s ChatSettings) changed(req Request) (ChatSettings, error) {
	switch language := req.Args["language"]; language {
	case "":
	case languageByUser:
		s.Language = ""
	default:
		s.Language = language
	}
	if private := req.Args["private"]; private != "" {
		s.Private = private == "true"
	}
	here := req.Args["here"]
	switch listed := slices.Contains(s.Channels, req.Channel); {
	case here == "":
	case req.Channel == "":
		return s, refuse(sayNoChannel, nil)
	case here == "true" && !listed:
		s.Channels = append(slices.Clone(s.Channels), req.Channel)
	case here == "false" && len(s.Channels) == 0:
		return s, refuse(sayChannelsUnnamed, nil)
	case here == "false":
		s.Channels = slices.DeleteFunc(slices.Clone(s.Channels), func(c string) bool { return c == req.Channel })
	}
	return s, nil
}

// showSettings is what holds in a chat, and who may change it.
func (b *Bot) showSettings(w words, s ChatSettings, req Request) Reply {
	reply := Reply{Private: true, Blocks: []Block{b.settingsCard(w, s, req)}}
	switch {
	case req.Chat == "":
		reply.Blocks = append(reply.Blocks, Note{plain(w.say(sayNoSettings, nil))})
	case !req.Manager:
		reply.Blocks = append(reply.Blocks, Note{plain(w.say(sayManagersOnly, nil))})
	}
	return reply
}

func (b *Bot) settingsCard(w words, s ChatSettings, req Request) Fields {
	if b.alone {
		language := Choice{Name: w.tag, Value: w.tag}.Describe(w.tag)
		return Fields{Title: w.say(saySettingsAlone, nil), Rows: []Field{{w.say(saySettingLanguage, nil), plain(language)}}}
	}
	language := w.say(sayLanguageByUser, nil)
	if s.Language != "" {
		language = Choice{Name: s.Language, Value: s.Language}.Describe(w.tag)
	}
	answers, channels := sayAnswersPublic, plain(w.say(sayChannelsEvery, nil))
	if s.Private {
		answers = sayAnswersPrivate
	}
	if len(s.Channels) > 0 {
		channels = w.channels(s, req)
	}
	return Fields{Title: w.say(saySettings, nil), Rows: []Field{
		{w.say(saySettingLanguage, nil), plain(language)},
		{w.say(saySettingAnswers, nil), plain(w.say(answers, nil))},
		{w.say(saySettingChannels, nil), channels},
	}}
}
