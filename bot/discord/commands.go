package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/discord/render"
	"parley/bot/discord/rest"
	"parley/bot/wording"
)

// findInRecord is the command in the menu of every message, which checks its text.
const findInRecord = "Find in the record"

// What the adapter knows by name of the core's table.
const (
	questionCommand = "ask" // what a plain question means
	helpCommand     = "help"
	checkCommand    = "check"
	checkOption     = "text"
)

const (
	maxOptionText     = 6000 // characters of a value, as far as Discord lets an option go
	defaultOptionText = 200  // characters of a value where the option names no length (see argument.Option)
	maxDescription    = 100  // UTF-16 units of a description, and of the name of a choice
)

// serverCommands are about the bot in a server or its private channel, and are of no use
// to somebody who installed it for themselves.
var serverCommands = map[string]bool{"settings": true, "doctor": true, "digest": true}

// postable are the types of channels in which something can be posted of the bot's own
// accord (https://discord.com/developers/docs/resources/channel#channel-object-channel-types).
var postable = []discordgo.ChannelType{
	discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildForum,
	discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread,
}

// register tells Discord the commands, unless it has been told the same before.
func (d *Discord) register(ctx context.Context) error {
	body, err := json.Marshal(translate(d.core.Commands(), wording.Languages()))
	if err != nil {
		return fmt.Errorf("commands: %w", err)
	}
	sum := sha256.Sum256(append([]byte(d.opts.APIURL+" "), body...))
	hash := hex.EncodeToString(sum[:])
	key := "discord/" + d.appID
	was, err := d.opts.Commands.Registered(ctx, key)
	if err != nil {
		return fmt.Errorf("registered commands: %w", err)
	}
	if was == hash {
		return nil
	}
	url := discordgo.EndpointApplicationGlobalCommands(d.appID)
	if err := d.client.Do(ctx, rest.Call{Method: http.MethodPut, URL: url, Body: json.RawMessage(body)}); err != nil {
		return fmt.Errorf("register commands: %w", err)
	}
	d.log.InfoContext(ctx, "commands registered", "commands", len(d.core.Commands())+1)
	if err := d.opts.Commands.SetRegistered(ctx, key, hash); err != nil {
		return fmt.Errorf("registered commands: %w", err)
	}
	return nil
}

// translate makes Discord's commands of the core's table. They are described in the given
// languages; the first serves all others.
func translate(table []bot.Command, languages []string) []*discordgo.ApplicationCommand {
	list := make([]*discordgo.ApplicationCommand, 0, len(table)+1)
	for _, c := range table {
		cmd := &discordgo.ApplicationCommand{Type: discordgo.ChatApplicationCommand, Name: c.Name}
		var localized map[discordgo.Locale]string
		if cmd.Description, localized = described(c, languages); len(localized) > 0 {
			cmd.DescriptionLocalizations = &localized
		}
		cmd.Options = options(c, languages)
		for _, p := range c.Parts {
			sub := &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionSubCommand, Name: p.Name}
			sub.Description, sub.DescriptionLocalizations = described(p, languages)
			sub.Options = options(p, languages)
			cmd.Options = append(cmd.Options, sub)
		}
		setContexts(cmd, !serverCommands[c.Name])
		list = append(list, cmd)
	}
	find := &discordgo.ApplicationCommand{Type: discordgo.MessageApplicationCommand, Name: findInRecord}
	setContexts(find, true)
	return append(list, find)
}

// described returns the description of a thing in the first language, and in those of the
// others that Discord knows, where it differs.
func described(
	thing interface{ Describe(language string) string }, languages []string,
) (text string, localized map[discordgo.Locale]string) {
	text = render.Cut(thing.Describe(languages[0]), maxDescription)
	localized = map[discordgo.Locale]string{}
	for _, l := range languages[1:] {
		_, known := discordgo.Locales[discordgo.Locale(l)]
		if other := render.Cut(thing.Describe(l), maxDescription); known && other != text {
			localized[discordgo.Locale(l)] = other
		}
	}
	return text, localized
}

// setContexts says where a command can be used, and by whose installation.
func setContexts(cmd *discordgo.ApplicationCommand, everywhere bool) {
	contexts := []discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM}
	by := []discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall}
	if everywhere {
		contexts = append(contexts, discordgo.InteractionContextPrivateChannel)
		by = append(by, discordgo.ApplicationIntegrationUserInstall)
	}
	cmd.Contexts, cmd.IntegrationTypes = &contexts, &by
}

// options are the options of a command that people are offered.
func options(c bot.Command, languages []string) (list []*discordgo.ApplicationCommandOption) {
	for _, o := range c.Options {
		if !o.Internal {
			list = append(list, option(o, languages))
		}
	}
	return list
}

// option makes Discord's option of the core's.
func option(o argument.Option, languages []string) *discordgo.ApplicationCommandOption {
	opt := &discordgo.ApplicationCommandOption{
		Name: o.Name, Required: o.Required, Autocomplete: o.Complete != nil && len(o.Choices) == 0,
	}
	opt.Description, opt.DescriptionLocalizations = described(o, languages)
	switch o.Type {
	case argument.Integer:
		opt.Type = discordgo.ApplicationCommandOptionInteger
	case argument.Boolean:
		opt.Type = discordgo.ApplicationCommandOptionBoolean
	case argument.Channel:
		opt.Type, opt.ChannelTypes = discordgo.ApplicationCommandOptionChannel, postable
	default:
		opt.Type = discordgo.ApplicationCommandOptionString
		opt.MaxLength = min(o.Max, maxOptionText)
		if o.Max == 0 {
			opt.MaxLength = defaultOptionText
		}
	}
	for _, c := range o.Choices[:min(len(o.Choices), maxChoices)] {
		choice := &discordgo.ApplicationCommandOptionChoice{Value: c.Value}
		choice.Name, choice.NameLocalizations = described(c, languages)
		opt.Choices = append(opt.Choices, choice)
	}
	return opt
}

const (
	maxChoices = 25  // that are proposed for an option
	maxChoice  = 100 // UTF-16 units of a choice's name, and of its value
)
