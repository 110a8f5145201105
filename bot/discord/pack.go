package discord

import (
	"strings"

	"github.com/bwmarrin/discordgo"
)

// split makes several cards of one that is too long for an embed. What is below the card
// as a whole, its footer, stays below the last.
func (c *composer) split() (cards []card) {
	for _, one := range c.cards {
		for {
			lines, fields := len(one.lines), leadingFields(one.fields)
			if one.quote == nil {
				lines = leading(one.lines, maxDescription)
			}
			if lines == len(one.lines) && fields == len(one.fields) {
				break
			}
			part := card{from: one.from, title: one.title, lines: one.lines[:lines]}
			if lines == len(one.lines) {
				part.fields, one.fields = one.fields[:fields], one.fields[fields:]
			}
			if one.title, one.lines = "", one.lines[lines:]; len(one.lines) > 0 {
				one.from = one.lines[0].block
			}
			cards = append(cards, part)
		}
		cards = append(cards, one)
	}
	return cards
}

// leadingFields is how many fields fit into an embed.
func leadingFields(fields []*discordgo.MessageEmbedField) int {
	room := maxFieldsTotal
	for n, f := range fields[:min(len(fields), maxFields)] {
		if room -= size(f.Name) + size(f.Value); room < 0 {
			return n
		}
	}
	return min(len(fields), maxFields)
}

// leading is how many lines fit, at least one.
func leading(lines []cardLine, room int) int {
	for n, l := range lines {
		if room -= size(l.markdown) + 1; room < -1 {
			return max(n, 1)
		}
	}
	return len(lines)
}

// embed is the card with as much of its quotation as fits into room.
func (c card) embed(room int) *discordgo.MessageEmbed {
	e := &discordgo.MessageEmbed{Color: colour, Title: cutEscaped(cleanLine(c.title), maxTitle), Fields: c.fields}
	before, after := joined(c.lines), strings.Join(c.after, "\n")
	e.Description = before
	if c.quote != nil {
		room = min(room, maxDescription-size(before)-size(after)-2)
		e.Description = strings.Trim(before+"\n"+c.quote.markdown(room)+"\n"+after, "\n")
	}
	if size(e.Description) > maxDescription {
		e.Description = cutMarkdown(e.Description, maxDescription)
	}
	if c.footer != "" {
		e.Footer = &discordgo.MessageEmbedFooter{Text: c.footer}
	}
	if c.picture != nil {
		e.Image = &discordgo.MessageEmbedImage{URL: "attachment://" + c.picture.file.name}
	}
	return e
}

// cutMarkdown cuts a single line that is longer than an embed: what is left of its
// markdown may not balance, but no backslash stands alone.
func cutMarkdown(s string, most int) string {
	s = strings.TrimSuffix(cut(s, most), "…")
	return strings.TrimRight(s, "\\") + "…"
}

// measure is what an embed counts towards the limit of a message.
func measure(e *discordgo.MessageEmbed) int {
	n := size(e.Title) + size(e.Description)
	for _, f := range e.Fields {
		n += size(f.Name) + size(f.Value)
	}
	if e.Footer != nil {
		n += size(e.Footer.Text)
	}
	return n
}

// pack puts cards into as few messages as can be without cutting quotations too short.
func pack(cards []card) (messages []message) {
	for len(cards) > 0 {
		n, total := 0, 0
		for n < len(cards) && n < maxEmbeds {
			total += measure(cards[n].embed(leastQuotation))
			if n > 0 && total > maxEmbedTotal {
				break
			}
			n++
		}
		messages = append(messages, messageOf(cards[:n]))
		cards = cards[n:]
	}
	return messages
}

// messageOf shows cards in one message, their quotations as long as that allows.
func messageOf(cards []card) (m message) {
	m.Embeds, m.from = embeds(cards, maxDescription), cards[0].from
	for low, high := leastQuotation, maxDescription; total(m.Embeds) > maxEmbedTotal && high-low > 1; {
		room := (low + high) / 2
		if tried := embeds(cards, room); total(tried) <= maxEmbedTotal {
			low = room
		} else {
			high = room
		}
		if high-low <= 1 {
			m.Embeds = embeds(cards, low)
		}
	}
	for _, c := range cards {
		if c.picture != nil {
			m.Attachments = append(m.Attachments, attachment{len(m.files), c.picture.file.name, c.picture.alt})
			m.files = append(m.files, c.picture.file)
		}
	}
	return m
}

func embeds(cards []card, room int) []*discordgo.MessageEmbed {
	list := make([]*discordgo.MessageEmbed, len(cards))
	for i, c := range cards {
		list[i] = c.embed(room)
	}
	return list
}

func total(embeds []*discordgo.MessageEmbed) (n int) {
	for _, e := range embeds {
		n += measure(e)
	}
	return n
}
