package discord

import (
	"context"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot/argument"
	"parley/bot/discord/render"
	"parley/bot/safetext"
)

const (
	maxChoices = 25  // that are proposed for an option
	maxChoice  = 100 // UTF-16 units of a choice's name, and of its value
)

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
	return a.callback(ctx, deadline, callback{answerChoices, data}, nil)
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
