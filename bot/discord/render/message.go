// Package render turns replies into the messages of Discord: embeds in escaped markdown,
// with their pictures, within all of Discord's limits. What does not fit into one message
// goes into several, so that no citation is lost. It sends nothing, and knows no buttons.
package render

import (
	"log/slog"
	"strings"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/safetext"
)

// Limits of embeds, in UTF-16 units
// (https://discord.com/developers/docs/resources/message#embed-object-embed-limits).
const (
	maxEmbeds      = 10
	maxEmbedTotal  = 6000 // over all embeds of a message
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	// maxFieldsTotal bounds the fields of one embed, so that they fit below a description.
	maxFieldsTotal = 4000
	// leastQuotation is how much of a quotation is always shown: rather than to cut one
	// shorter so that others fit beside it, those go into another message.
	leastQuotation = 500
)

// The colours of embeds, which stand for nobody: a grey blue, and a paler one for what only
// comes close to an answer.
const (
	slate         = 0x5b6b7b
	greyOfClosest = 0xb4bcc4
)

// Message is the embeds of a message and the files that they show.
type Message struct {
	Embeds []*discordgo.MessageEmbed
	Files  []File
	From   int // the index of the block of the reply in which the message begins
}

// File is a file that an embed shows.
type File struct {
	Name string
	Kind string // its media type
	Alt  string // what it shows, in words
	Data []byte
}

// Messages renders a reply: as one message where everything in it can be shown, as several
// where one would have to leave out a citation.
func Messages(log *slog.Logger, reply bot.Reply) (messages []Message) {
	cards := splitLong(newCards(log, reply.Blocks))
	for len(cards) > 0 {
		n, length := 0, 0
		for n < len(cards) && n < maxEmbeds {
			length += embedLen(cards[n].embed(leastQuotation))
			if n > 0 && length > maxEmbedTotal {
				break
			}
			n++
		}
		messages = append(messages, newMessage(cards[:n]))
		cards = cards[n:]
	}
	return messages
}

// splitLong makes several cards of each that is too long for an embed. The footer, which
// stands below the card as a whole, stays with the last of them.
func splitLong(cards []card) (split []card) {
	for _, rest := range cards {
		for {
			lines, fields := len(rest.lines), fieldsThatFit(rest.fields)
			if rest.quote == nil {
				lines = linesThatFit(rest.lines)
			}
			if lines == len(rest.lines) && fields == len(rest.fields) {
				break
			}
			head := card{from: rest.from, title: rest.title, lines: rest.lines[:lines]}
			if lines == len(rest.lines) {
				head.fields, rest.fields = rest.fields[:fields], rest.fields[fields:]
			}
			if rest.title, rest.lines = "", rest.lines[lines:]; len(rest.lines) > 0 {
				rest.from = rest.lines[0].block
			}
			split = append(split, head)
		}
		split = append(split, rest)
	}
	return split
}

// fieldsThatFit is how many fields fit into an embed.
func fieldsThatFit(fields []*discordgo.MessageEmbedField) int {
	room := maxFieldsTotal
	for n, f := range fields[:min(len(fields), maxFields)] {
		if room -= safetext.UTF16Len(f.Name) + safetext.UTF16Len(f.Value); room < 0 {
			return n
		}
	}
	return min(len(fields), maxFields)
}

// linesThatFit is how many lines fit into a description, at least one.
func linesThatFit(lines []cardLine) int {
	room := maxDescription
	for n, l := range lines {
		if room -= safetext.UTF16Len(l.markdown) + 1; room < -1 {
			return max(n, 1)
		}
	}
	return len(lines)
}

// newMessage shows cards in one message, their quotations as long as its limit allows.
func newMessage(cards []card) (m Message) {
	m.Embeds, m.From = embeds(cards, maxDescription), cards[0].from
	if totalLen(m.Embeds) > maxEmbedTotal {
		low, high := leastQuotation, maxDescription
		for high-low > 1 {
			if room := (low + high) / 2; totalLen(embeds(cards, room)) <= maxEmbedTotal {
				low = room
			} else {
				high = room
			}
		}
		m.Embeds = embeds(cards, low)
	}
	for _, c := range cards {
		if c.picture != nil {
			m.Files = append(m.Files, *c.picture)
		}
	}
	return m
}

// embeds shows cards with at most room UTF-16 units of each quotation.
func embeds(cards []card, room int) []*discordgo.MessageEmbed {
	list := make([]*discordgo.MessageEmbed, len(cards))
	for i, c := range cards {
		list[i] = c.embed(room)
	}
	return list
}

// embed shows a card with at most room UTF-16 units of its quotation.
func (c card) embed(room int) *discordgo.MessageEmbed {
	e := &discordgo.MessageEmbed{Color: c.colour(), Title: escapeWithin(oneLine(c.title), maxTitle), Fields: c.fields}
	lines := make([]string, len(c.lines))
	for i, l := range c.lines {
		lines[i] = l.markdown
	}
	e.Description = strings.Join(lines, "\n")
	if c.quote != nil {
		before, after := e.Description, strings.Join(c.after, "\n")
		room = min(room, maxDescription-safetext.UTF16Len(before)-safetext.UTF16Len(after)-2)
		e.Description = strings.Trim(before+"\n"+c.quote.markdown(room)+"\n"+after, "\n")
	}
	if safetext.UTF16Len(e.Description) > maxDescription {
		// A single line is longer than an embed. What is left of its markdown may not
		// balance, but no backslash stands alone.
		short := strings.TrimSuffix(Cut(e.Description, maxDescription), "…")
		e.Description = strings.TrimRight(short, "\\") + "…"
	}
	if c.footer != "" {
		e.Footer = &discordgo.MessageEmbedFooter{Text: c.footer}
	}
	if c.picture != nil {
		e.Image = &discordgo.MessageEmbedImage{URL: "attachment://" + c.picture.Name}
	}
	return e
}

// embedLen is the length of an embed that counts towards maxEmbedTotal.
func embedLen(e *discordgo.MessageEmbed) int {
	n := safetext.UTF16Len(e.Title) + safetext.UTF16Len(e.Description)
	for _, f := range e.Fields {
		n += safetext.UTF16Len(f.Name) + safetext.UTF16Len(f.Value)
	}
	if e.Footer != nil {
		n += safetext.UTF16Len(e.Footer.Text)
	}
	return n
}

func totalLen(embeds []*discordgo.MessageEmbed) (n int) {
	for _, e := range embeds {
		n += embedLen(e)
	}
	return n
}
