package discord

import (
	"cmp"
	"context"
	"strings"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/discord/render"
	"parley/bot/safetext"
)

const (
	maxRows      = 5
	maxInRow     = 5
	maxCustomID  = 100
	maxLabel     = 80
	maxButtonURL = 512
)

// Kinds of buttons.
const (
	inPlace = "p" // changes the answer in place
	leadsOn = "n" // gives a new answer
)

// buttons are rows of buttons for the actions of a reply, and for the page of its first
// source.
func (d *Discord) buttons(
	ctx context.Context, reply bot.Reply, req bot.Request, asker string,
) (rows []discordgo.MessageComponent) {
	var all []discordgo.MessageComponent
	seen := map[string]bool{}
	for _, a := range reply.Actions {
		key, err := d.core.ActionKey(ctx, a)
		if err != nil {
			d.log.ErrorContext(ctx, "button left out", "action", a.Command, "err", err)
			continue
		}
		// An action of the command that was asked shows the same on another page or in another
		// order. A question was asked by questionCommand.
		kind := leadsOn
		if a.Command == cmp.Or(req.Command, questionCommand) {
			kind = inPlace
		}
		id := customID(kind, asker, key)
		label := render.Label(a.Label, maxLabel)
		if seen[key] || safetext.UTF16Len(id) > maxCustomID || label == "" {
			continue
		}
		seen[key] = true
		all = append(all, discordgo.Button{Label: label, Style: discordgo.SecondaryButton, CustomID: id})
	}
	all = all[:min(len(all), maxRows*maxInRow-1)]
	if link, ok := firstSource(reply); ok {
		all = append(all, link)
	}
	for len(all) > 0 {
		n := min(len(all), maxInRow)
		rows = append(rows, discordgo.ActionsRow{Components: all[:n]})
		all = all[n:]
	}
	return rows
}

// customID names what a button does, who asked, and the key of its action. The key comes
// last because it may hold any character.
func customID(kind, asker, key string) string { return kind + ":" + asker + ":" + key }

func readCustomID(id string) (kind, asker, key string, ok bool) {
	parts := strings.SplitN(id, ":", 3)
	if len(parts) < 3 || parts[0] != inPlace && parts[0] != leadsOn {
		return "", "", "", false
	}
	return parts[0], parts[1], parts[2], true
}

// firstSource is a link to the page of the first quotation that has one or is based on one.
func firstSource(reply bot.Reply) (discordgo.Button, bool) {
	for _, b := range reply.Blocks {
		q, ok := b.(bot.Quote)
		if !ok {
			continue
		}
		pages := append([]bot.Run{{Text: q.Citation.Publisher, URL: q.Citation.URL}}, q.Citation.BasedOn...)
		for _, p := range pages {
			label := render.Label(p.Text, maxLabel)
			if p.URL != "" && safetext.UTF16Len(p.URL) <= maxButtonURL && label != "" {
				return discordgo.Button{Label: label, Style: discordgo.LinkButton, URL: p.URL}, true
			}
		}
	}
	return discordgo.Button{}, false
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
	hidden := i.Message != nil && i.Message.Flags&flagEphemeral != 0
	return d.answer(ctx, i, req, manner{update: own && kind == inPlace, ephemeral: !own || hidden})
}
