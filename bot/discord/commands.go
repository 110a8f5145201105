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
	maxOptionText = 6000 // that Discord lets an option have
	maxDescribed  = 100  // of a command's or an option's description
)

// defaultText is the longest value of an option that names no length (see bot.Option).
const defaultText = 200

// serverCommands are about the bot in a server or its private channel, and are of no use
// to somebody who installed it for themselves.
var serverCommands = map[string]bool{"settings": true, "doctor": true, "digest": true}

// postable are the types of channels in which something can be posted of the bot's own
// accord (https://discord.com/developers/docs/resources/channel#channel-object-channel-types).
var postable = []discordgo.ChannelType{
	discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildForum,
	discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread,
}

// register tells Discord the commands, unless they are those that it has been told.
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
	if err := d.api.do(ctx, call{method: http.MethodPut, url: url, body: json.RawMessage(body)}); err != nil {
		return fmt.Errorf("register commands: %w", err)
	}
	d.log.InfoContext(ctx, "commands registered", "commands", len(d.core.Commands())+1)
	if err := d.opts.Commands.SetRegistered(ctx, key, hash); err != nil {
		return fmt.Errorf("registered commands: %w", err)
	}
	return nil
}

// translate makes Discord's commands of the core's table, described in the languages, the
// first of which is for all others.
func translate(table []bot.Command, languages []string) []*discordgo.ApplicationCommand {
	list := make([]*discordgo.ApplicationCommand, 0, len(table)+1)
	for _, c := range table {
		cmd := &discordgo.ApplicationCommand{Type: discordgo.ChatApplicationCommand, Name: c.Name}
		var localized map[discordgo.Locale]string
		if cmd.Description, localized = described(c, languages, maxDescribed); len(localized) > 0 {
			cmd.DescriptionLocalizations = &localized
		}
		cmd.Options = options(c, languages)
		for _, p := range c.Parts {
			sub := &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionSubCommand, Name: p.Name}
			sub.Description, sub.DescriptionLocalizations = described(p, languages, maxDescribed)
			sub.Options = options(p, languages)
			cmd.Options = append(cmd.Options, sub)
		}
		place(cmd, !serverCommands[c.Name])
		list = append(list, cmd)
	}
	find := &discordgo.ApplicationCommand{Type: discordgo.MessageApplicationCommand, Name: findInRecord}
	place(find, true)
	return append(list, find)
}

// described is what a thing is called in the first language, and in the others that
// Discord knows where it is called otherwise.
func described(thing interface{ Describe(language string) string }, languages []string, most int) (text string, localized map[discordgo.Locale]string) {
	text = cut(thing.Describe(languages[0]), most)
	localized = map[discordgo.Locale]string{}
	for _, l := range languages[1:] {
		_, known := discordgo.Locales[discordgo.Locale(l)]
		if other := cut(thing.Describe(l), most); known && other != text {
			localized[discordgo.Locale(l)] = other
		}
	}
	return text, localized
}

// place says where a command can be used and by whose installation.
func place(cmd *discordgo.ApplicationCommand, everywhere bool) {
	contexts := []discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM}
	by := []discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall}
	if everywhere {
		contexts = append(contexts, discordgo.InteractionContextPrivateChannel)
		by = append(by, discordgo.ApplicationIntegrationUserInstall)
	}
	cmd.Contexts, cmd.IntegrationTypes = &contexts, &by
}

// options are those of a command that people are offered.
func options(c bot.Command, languages []string) (list []*discordgo.ApplicationCommandOption) {
	for _, o := range c.Options {
		if !o.Internal {
			list = append(list, option(o, languages))
		}
	}
	return list
}

// option makes Discord's option of the core's.
func option(o bot.Option, languages []string) *discordgo.ApplicationCommandOption {
	opt := &discordgo.ApplicationCommandOption{
		Name: o.Name, Required: o.Required, Autocomplete: o.Complete != nil && len(o.Choices) == 0,
	}
	opt.Description, opt.DescriptionLocalizations = described(o, languages, maxDescribed)
	switch o.Type {
	case bot.IntegerOption:
		opt.Type = discordgo.ApplicationCommandOptionInteger
	case bot.BooleanOption:
		opt.Type = discordgo.ApplicationCommandOptionBoolean
	case bot.ChannelOption:
		opt.Type, opt.ChannelTypes = discordgo.ApplicationCommandOptionChannel, postable
	default:
		opt.Type = discordgo.ApplicationCommandOptionString
		opt.MaxLength = min(o.Max, maxOptionText)
		if o.Max == 0 {
			opt.MaxLength = defaultText
		}
	}
	for _, c := range o.Choices[:min(len(o.Choices), maxChoices)] {
		choice := &discordgo.ApplicationCommandOptionChoice{Value: c.Value}
		choice.Name, choice.NameLocalizations = described(c, languages, maxChoice)
		opt.Choices = append(opt.Choices, choice)
	}
	return opt
}
