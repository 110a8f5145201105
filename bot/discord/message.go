package discord

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/discord/posting"
	"parley/bot/discord/render"
	"parley/bot/discord/rest"
	"parley/bot/safetext"
)

// message is a message to send. discordgo's own types leave out the nonce and the
// attachments.
type message struct {
	Content      string                       `json:"content,omitempty"`
	Embeds       []*discordgo.MessageEmbed    `json:"embeds,omitempty"`
	Components   []discordgo.MessageComponent `json:"components,omitempty"`
	Attachments  []attachment                 `json:"attachments,omitempty"`
	Mentions     noMentions                   `json:"allowed_mentions"`
	Flags        discordgo.MessageFlags       `json:"flags,omitempty"`
	Reference    *reference                   `json:"message_reference,omitempty"`
	Nonce        string                       `json:"nonce,omitempty"`
	EnforceNonce bool                         `json:"enforce_nonce,omitempty"`

	files []rest.File
	from  int // the index of the block of the reply in which it begins
}

// attachment describes the file of a message that has the same index.
type attachment struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"` // alt text
}

// noMentions lets a message notify nobody, whatever it quotes.
type noMentions struct{}

func (noMentions) MarshalJSON() ([]byte, error) { return []byte(`{"parse":[]}`), nil }

// reference is the message that one replies to.
type reference struct {
	MessageID       string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}

// messages renders a reply, with its buttons below the last message.
func (d *Discord) messages(ctx context.Context, reply bot.Reply, req bot.Request, asker string) []message {
	rendered := render.Messages(d.log, reply)
	messages := make([]message, len(rendered))
	for i, r := range rendered {
		m := message{Embeds: r.Embeds, from: r.From}
		for n, f := range r.Files {
			m.Attachments = append(m.Attachments, attachment{n, f.Name, f.Alt})
			m.files = append(m.files, rest.File{Name: f.Name, Kind: f.Kind, Data: f.Data})
		}
		messages[i] = m
	}
	if len(messages) > 0 {
		messages[len(messages)-1].Components = d.buttons(ctx, reply, req, asker)
	}
	return messages
}

// plainMessage is a message of one sentence of the interface.
func plainMessage(sentence string) message { return message{Content: render.Escape(sentence)} }

// to is the message for the caller alone, or for everybody.
func (m message) to(ephemeral bool) message {
	if ephemeral {
		m.Flags |= discordgo.MessageFlagsEphemeral
	}
	return m
}

// replacement is a message that takes the place of another. What it lacks is removed from
// the other.
type replacement struct {
	Content     string                       `json:"content"`
	Embeds      []*discordgo.MessageEmbed    `json:"embeds"`
	Components  []discordgo.MessageComponent `json:"components"`
	Attachments []attachment                 `json:"attachments"`
	Mentions    noMentions                   `json:"allowed_mentions"`
}

func (m message) replacing() replacement {
	return replacement{
		Content: m.Content, Embeds: orEmpty(m.Embeds), Components: orEmpty(m.Components), Attachments: orEmpty(m.Attachments),
	}
}

// orEmpty makes a list that JSON does not write as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

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
		id := kind + ":" + asker + ":" + key
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

// readCustomID reads what a button does, who asked, and the key of its action. The key comes
// last because it may hold any character.
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
		pages := []bot.Run{{Text: q.Citation.Publisher, URL: q.Citation.URL}}
		for _, page := range q.Citation.BasedOn {
			pages = append(pages, page.Run)
		}
		for _, p := range pages {
			label := render.Label(p.Text, maxLabel)
			if p.URL != "" && safetext.UTF16Len(p.URL) <= maxButtonURL && label != "" {
				return discordgo.Button{Label: label, Style: discordgo.LinkButton, URL: p.URL}, true
			}
		}
	}
	return discordgo.Button{}, false
}

// Render makes the messages of a reply that nobody asked for. title is that of the thread
// where the place is a forum, cut to 100 characters.
func (d *Discord) Render(ctx context.Context, to bot.Place, reply bot.Reply, title string) ([]bot.Rendered, error) {
	var messages []posting.Message
	for _, m := range d.messages(ctx, reply, bot.Request{}, "") {
		messages = append(messages, posting.Message{Body: m, Files: m.files, From: m.from})
	}
	return posting.Encode(to, title, messages, len(reply.Blocks))
}

// SendPart sends a message that Render made (see posting.Poster.Send).
func (d *Discord) SendPart(ctx context.Context, p bot.Post) (id string, err error) {
	return d.poster.Send(ctx, p)
}

// ResendPart sends a message of which it is not known whether it arrived, unless it did (see
// posting.Poster.Resend).
func (d *Discord) ResendPart(ctx context.Context, p bot.Post, begun time.Time) (id string, err error) {
	return d.poster.Resend(ctx, p, begun)
}
