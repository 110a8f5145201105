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
)

// The command in the menu of every message, which runs the core's check of its text.
const (
	findInRecord = "Find in the record"
	checkCommand = "check"
	checkOption  = "text"
)

// maxOptionText is the longest text that Discord lets an option have.
const maxOptionText = 6000

// defaultText is the longest value of an option that names no length (see bot.Option).
const defaultText = 200

// serverCommands are about the bot in a server or its private channel, and are of no use
// to somebody who installed it for themselves.
var serverCommands = map[string]bool{"settings": true, "doctor": true}

// register tells Discord the commands, unless they are those that it has been told.
func (d *Discord) register(ctx context.Context) error {
	body, err := json.Marshal(translate(d.core.Commands()))
	if err != nil {
		return fmt.Errorf("commands: %w", err)
	}
	sum := sha256.Sum256(append([]byte(d.opts.APIURL+" "+d.appID+" "), body...))
	hash := hex.EncodeToString(sum[:])
	was, err := d.opts.Commands.CommandHash(ctx)
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
	if err := d.opts.Commands.SetCommandHash(ctx, hash); err != nil {
		return fmt.Errorf("registered commands: %w", err)
	}
	return nil
}

// translate makes Discord's commands of the core's table.
func translate(table []bot.Command) []*discordgo.ApplicationCommand {
	list := make([]*discordgo.ApplicationCommand, 0, len(table)+1)
	for _, c := range table {
		cmd := &discordgo.ApplicationCommand{Type: discordgo.ChatApplicationCommand, Name: c.Name, Description: describe(c)}
		for _, o := range c.Options {
			cmd.Options = append(cmd.Options, option(o))
		}
		place(cmd, !serverCommands[c.Name])
		list = append(list, cmd)
	}
	find := &discordgo.ApplicationCommand{Type: discordgo.MessageApplicationCommand, Name: findInRecord}
	place(find, true)
	return append(list, find)
}

// describe is a command's description; localised ones would stand beside it.
func describe(c bot.Command) string { return cut(c.Description, 100) }

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

// option makes Discord's option of the core's.
func option(o bot.Option) *discordgo.ApplicationCommandOption {
	opt := &discordgo.ApplicationCommandOption{
		Name: o.Name, Description: cut(o.Description, 100), Required: o.Required,
		Autocomplete: o.Complete != nil && len(o.Choices) == 0,
	}
	switch o.Type {
	case bot.IntegerOption:
		opt.Type = discordgo.ApplicationCommandOptionInteger
	case bot.BooleanOption:
		opt.Type = discordgo.ApplicationCommandOptionBoolean
	default:
		opt.Type = discordgo.ApplicationCommandOptionString
		opt.MaxLength = min(o.Max, maxOptionText)
		if o.Max == 0 {
			opt.MaxLength = defaultText
		}
	}
	if len(o.Choices) > 0 {
		opt.Choices = proposals(o.Choices)
	}
	return opt
}
