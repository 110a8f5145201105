package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"parley/bot/argument"
	"parley/bot/wording"
)

// settingsInMemory keeps settings where there is no store, as on a console.
type settingsInMemory struct {
	mu    sync.Mutex
	chats map[string]ChatSettings
}

func (m *settingsInMemory) ChatSettings(_ context.Context, chat string) (ChatSettings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.chats[chat], nil
}

func (m *settingsInMemory) SetChatSettings(_ context.Context, chat string, s ChatSettings) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chats[chat] = s
	return nil
}

const languageByUser = "user" // the choice of "/settings language" that leaves it to each user

// settingsOf returns the settings of a chat, the defaults where they cannot be read.
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

// allows reports whether the bot answers a request in its channel: where its managers chose
// no channels, or this one, or where the command is answered everywhere.
func (b *Bot) allows(s ChatSettings, req Request) bool {
	if len(s.Channels) == 0 || req.Channel == "" || slices.Contains(s.Channels, req.Channel) {
		return true
	}
	name, _, _ := strings.Cut(req.Command, " ")
	c, _ := findCommand(b.commands, name)
	return c.Everywhere
}

// elsewhere refuses to answer in this channel, and names those in which the bot answers.
func (p Presenter) elsewhere(s ChatSettings, req Request) Reply {
	const place = "\x00"
	before, after, _ := strings.Cut(p.Fill("not_here", wording.Data{"Channels": place}), place)
	line := append(Plain(before), p.channels(s, req)...)
	return Reply{Private: true, Blocks: []Block{Text{append(line, Run{Text: after})}}}
}

// changeSettings shows the settings of a chat, after changing what the request says.
func (b *Bot) changeSettings(ctx context.Context, req Request) (Reply, error) {
	if req.Args["language"]+req.Args["private"]+req.Args["here"] == "" {
		return b.showSettings(b.presenter(req.Language), b.settingsOf(ctx, req.Chat), req), nil
	}
	switch {
	case req.Chat == "":
		return Reply{}, wording.Refuse("no_settings", nil)
	case !req.Manager:
		return Reply{}, wording.Refuse("managers_only", nil)
	}
	b.changing.Lock() // else one of two changes at a time would undo the other
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
	p := b.presenter(cmp.Or(changed.Language, req.Language))
	reply := b.showSettings(p, changed, req)
	if len(s.Channels) > 0 && len(changed.Channels) == 0 {
		reply.Blocks = append(reply.Blocks, Note{Plain(p.Say("channels_all_again"))})
	}
	return reply, nil
}

func (b *Bot) notKept(ctx context.Context, req Request, err error) (Reply, error) {
	b.log.ErrorContext(ctx, "settings not kept", "chat", req.Chat, "err", err)
	return Reply{}, wording.Refuse("not_kept", nil)
}

// changed returns the settings with the changes that a request asks for.
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
		return s, wording.Refuse("no_channel", nil)
	case here == "true" && !listed:
		s.Channels = append(slices.Clone(s.Channels), req.Channel)
	case here == "false" && len(s.Channels) == 0:
		return s, wording.Refuse("channels_unnamed", nil)
	case here == "false":
		s.Channels = slices.DeleteFunc(slices.Clone(s.Channels), func(c string) bool { return c == req.Channel })
	}
	return s, nil
}

// showSettings shows the settings of a chat, and who may change them.
func (b *Bot) showSettings(p Presenter, s ChatSettings, req Request) Reply {
	reply := Reply{Private: true, Blocks: []Block{b.settingsCard(p, s, req)}}
	switch {
	case req.Chat == "":
		reply.Blocks = append(reply.Blocks, Note{Plain(p.Say("no_settings"))})
	case !req.Manager:
		reply.Blocks = append(reply.Blocks, Note{Plain(p.Say("managers_only"))})
	}
	return reply
}

func (b *Bot) settingsCard(p Presenter, s ChatSettings, req Request) Fields {
	if b.alone {
		language := argument.Choice{Name: p.Tag(), Value: p.Tag()}.Describe(p.Tag())
		return Fields{Title: p.Say("settings_alone"), Rows: []Field{{p.Say("setting_language"), Plain(language)}}}
	}
	language := p.Say("language_by_user")
	if s.Language != "" {
		language = argument.Choice{Name: s.Language, Value: s.Language}.Describe(p.Tag())
	}
	answers, channels := wording.Key("answers_public"), Plain(p.Say("channels_every"))
	if s.Private {
		answers = "answers_private"
	}
	if len(s.Channels) > 0 {
		channels = p.channels(s, req)
	}
	return Fields{Title: p.Say("settings"), Rows: []Field{
		{p.Say("setting_language"), Plain(language)},
		{p.Say("setting_answers"), Plain(p.Say(answers))},
		{p.Say("setting_channels"), channels},
	}}
}

func (p Presenter) channels(s ChatSettings, req Request) Line {
	runs := make([]Run, len(s.Channels))
	for i, c := range s.Channels {
		runs[i] = Run{Text: c}
		if req.ChannelName != nil {
			runs[i] = req.ChannelName(c)
		}
	}
	return separated(p.Language, runs, len(runs))
}
