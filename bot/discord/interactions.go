package discord

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/discord/render"
	"parley/bot/safetext"
)

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

// onInteraction answers a command, a button, or an option that is being typed.
func (d *Discord) onInteraction(ctx context.Context, i *interaction) error {
	if i.ID == "" || i.Token == "" {
		return errors.New("an interaction without id or token")
	}
	if taken, _ := d.taken.ContainsOrAdd(i.ID, struct{}{}); taken {
		return nil // Discord delivers some twice
	}
	if i.GuildID == "" {
		d.resumePrivate(ctx, i.ChannelID)
	}
	switch i.Type {
	case discordgo.InteractionApplicationCommand:
		return d.onCommand(ctx, i)
	case discordgo.InteractionMessageComponent:
		return d.onButton(ctx, i)
	case discordgo.InteractionApplicationCommandAutocomplete:
		return d.onTyped(ctx, i)
	}
	return fmt.Errorf("interaction of unknown type %d", i.Type)
}

func (d *Discord) onCommand(ctx context.Context, i *interaction) error {
	req := d.request(i)
	if i.Data.Type == discordgo.MessageApplicationCommand {
		req.Command, req.Args = checkCommand, bot.Args{checkOption: i.Data.Resolved.Messages[i.Data.TargetID].text()}
		return d.answer(ctx, i, req, manner{ephemeral: true})
	}
	command, options := i.Data.invoked()
	req.Command, req.Args = command, i.Data.args(options)
	return d.answer(ctx, i, req, manner{})
}

// onButton carries out the action of a button.
func (d *Discord) onButton(ctx context.Context, i *interaction) error {
	req := d.request(i)
	kind, asker, key, ok := readCustomID(i.Data.CustomID)
	var err error
	if ok {
		req.Command, req.Args, ok, err = d.core.ActionOf(ctx, key)
	}
	if err != nil {
		d.log.ErrorContext(ctx, "action of a button not found", "err", err)
		return d.tell(ctx, i, "platform.not_shown")
	}
	if !ok {
		return d.tell(ctx, i, "platform.expired")
	}
	own := i.userID() == asker
	hidden := i.Message != nil && i.Message.Flags&discordgo.MessageFlagsEphemeral != 0
	return d.answer(ctx, i, req, manner{update: own && kind == inPlace, ephemeral: !own || hidden})
}

// onTyped proposes values for the option that is being typed.
func (d *Discord) onTyped(ctx context.Context, i *interaction) error {
	deadline := time.Now().Add(ackTime)
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	req := d.request(i)
	command, options := i.Data.invoked()
	req.Command = command
	var choices []argument.Choice
	for _, o := range options {
		if o.Focused {
			choices = d.core.Complete(ctx, req, o.Name, o.text())
		}
	}
	a := answering{d: d, i: i}
	data := map[string]any{"choices": proposals(choices)}
	return a.callback(ctx, deadline, callback{discordgo.InteractionApplicationCommandAutocompleteResult, data}, nil)
}

// proposals are choices as Discord takes them. One whose value is too long to come back
// whole is left out.
func proposals(choices []argument.Choice) []*discordgo.ApplicationCommandOptionChoice {
	list := []*discordgo.ApplicationCommandOptionChoice{} // never null
	for _, c := range choices {
		if c.Value == "" || c.Name == "" || safetext.UTF16Len(c.Value) > maxChoice || len(list) == maxChoices {
			continue
		}
		name := render.Cut(render.Clean(c.Name), maxChoice)
		list = append(list, &discordgo.ApplicationCommandOptionChoice{Name: name, Value: c.Value})
	}
	return list
}
