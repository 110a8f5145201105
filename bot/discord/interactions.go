package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
)

// Types of interactions, and that of a command in the menu of a message.
const (
	commandUsed   = 2
	componentUsed = 3
	optionTyped   = 4

	messageCommand = 3
)

// interaction is what a user did, as far as it matters here.
type interaction struct {
	ID             string          `json:"id"`
	Token          string          `json:"token"`
	ApplicationID  string          `json:"application_id"`
	Type           int             `json:"type"`
	GuildID        string          `json:"guild_id"`
	ChannelID      string          `json:"channel_id"`
	Channel        channelEvent    `json:"channel"`
	Locale         string          `json:"locale"`
	Context        *int            `json:"context"`
	AppPermissions permissions     `json:"app_permissions"`
	Data           interactionData `json:"data"`
	User           user            `json:"user"` // in private
	Member         *struct {
		User        user        `json:"user"`
		Permissions permissions `json:"permissions"`
	} `json:"member"`
	Message *struct { // with the component
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	} `json:"message"`
}

type interactionData struct {
	Name     string  `json:"name"`
	Type     int     `json:"type"`
	CustomID string  `json:"custom_id"`
	TargetID string  `json:"target_id"`
	Options  []given `json:"options"`
	Resolved struct {
		Messages map[string]targetMessage `json:"messages"`
		Channels map[string]struct{}      `json:"channels"`
	} `json:"resolved"`
}

// given is the value of an option.
type given struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []given         `json:"options"` // of a sub-command
}

// invoked returns the path of the command, with its sub-command if it has one, and the
// options that were given.
func (d interactionData) invoked() (command string, options []given) {
	if len(d.Options) == 1 && d.Options[0].Type == int(discordgo.ApplicationCommandOptionSubCommand) {
		return d.Name + " " + d.Options[0].Name, d.Options[0].Options
	}
	return d.Name, d.Options
}

// args are the values of options by name. A channel is left out unless Discord vouches for
// it, since only then it is one of this server that the user can see.
func (d interactionData) args(options []given) bot.Args {
	args := bot.Args{}
	for _, o := range options {
		value := o.text()
		if o.Type == int(discordgo.ApplicationCommandOptionChannel) {
			if _, vouched := d.Resolved.Channels[value]; !vouched {
				continue
			}
		}
		args[o.Name] = value
	}
	return args
}

// text is the value as the core reads it.
func (g given) text() string {
	var s string
	if json.Unmarshal(g.Value, &s) == nil {
		return s
	}
	return string(g.Value) // a number or a boolean
}

// userID is the id of the user who did it.
func (i *interaction) userID() string {
	if i.Member != nil {
		return i.Member.User.ID
	}
	return i.User.ID
}

// isManager reports whether the user may change the settings of the chat: in a server by
// permission, in a private channel with the bot always.
func (i *interaction) isManager() bool {
	if i.Member != nil {
		return i.Member.Permissions.has(manageGuild) || i.Member.Permissions.has(administrator)
	}
	return i.Context != nil && discordgo.InteractionContextType(*i.Context) == discordgo.InteractionContextBotDM
}

// request is the request that an interaction makes, without what is asked for.
func (d *Discord) request(i *interaction) bot.Request {
	d.learn(i.Channel)
	message := ""
	if i.Message != nil {
		message = i.Message.ID
	}
	req := bot.Request{
		User: "discord/" + i.userID(), Conversation: d.conversation(i.ChannelID, i.userID(), message),
		Chat: chatOf(i.GuildID), Channel: d.channel(i.ChannelID), Manager: i.isManager(), Language: i.Locale,
		ChannelName: func(channel string) bot.Run {
			address := "https://discord.com/channels/" + i.GuildID + "/" + channel // clients show the channel's name
			return bot.Run{Text: address, URL: address}
		},
		Diagnose: func(context.Context) ([]bot.Finding, error) { return i.AppPermissions.findings(), nil },
	}
	if i.GuildID == "" {
		req.Chat = chatOf(i.ChannelID)
	}
	if req.Channel != i.ChannelID {
		req.Thread = i.ChannelID
	}
	return req
}

// conversation is that of the answer with the id message, or of the answer below which
// channel is a thread (it then has that answer's id), or else the user's own in the channel.
func (d *Discord) conversation(channel, user, message string) string {
	if c, ok := d.conversations.get(message); ok && message != "" {
		return c
	}
	if c, ok := d.conversations.get(channel); ok {
		return c
	}
	return "discord/" + channel + "/" + user
}

// onInteraction answers a command, a button, or an option that is being typed.
func (d *Discord) onInteraction(ctx context.Context, i *interaction) error {
	if i.ID == "" || i.Token == "" {
		return errors.New("an interaction without id or token")
	}
	if !d.seen.add(i.ID, struct{}{}) {
		return nil // Discord delivers some twice
	}
	if i.GuildID == "" {
		d.resumePrivate(ctx, i.ChannelID)
	}
	switch i.Type {
	case commandUsed:
		return d.onCommand(ctx, i)
	case componentUsed:
		return d.onButton(ctx, i)
	case optionTyped:
		return d.onTyped(ctx, i)
	}
	return fmt.Errorf("interaction of unknown type %d", i.Type)
}

func (d *Discord) onCommand(ctx context.Context, i *interaction) error {
	req := d.request(i)
	if i.Data.Type == messageCommand {
		req.Command, req.Args = checkCommand, bot.Args{checkOption: i.Data.Resolved.Messages[i.Data.TargetID].text()}
		return d.answer(ctx, i, req, manner{ephemeral: true})
	}
	command, options := i.Data.invoked()
	req.Command, req.Args = command, i.Data.args(options)
	return d.answer(ctx, i, req, manner{})
}
