package discord

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
)

// Limits of embeds, in UTF-16 units.
const (
	maxEmbeds      = 10
	maxEmbedTotal  = 6000 // over all embeds of a message
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 1000 // of Discord's 2048, so that it always fits below a whole description
	maxFieldsTotal = 4000 // of an embed, for the same reason
	maxCitation    = 2000 // of what stands below a quotation
	maxAltText     = 1024
	maxFileSize    = 10 << 20 // bytes
	maxLinkURL     = 1000     // longer addresses would crowd out the words
	// A quotation is not cut below leastQuotation units so that others fit beside it; they
	// go into another message instead.
	leastQuotation = 500
	shortValue     = 40 // a field that may stand beside others
)

// colour of all embeds: a grey blue that stands for nobody.
const colour = 0x5b6b7b

// render makes messages of a reply: one where everything in it can be shown, several
// where one would have to leave out a citation. The buttons stand below the last.
func (d *Discord) render(ctx context.Context, reply bot.Reply, req bot.Request, asker string) []message {
	messages := compose(d.log, reply)
	if len(messages) > 0 {
		last := &messages[len(messages)-1]
		last.Components = d.buttons(ctx, reply, req, asker)
	}
	return messages
}

// compose makes messages without buttons.
func compose(log *slog.Logger, reply bot.Reply) []message {
	var c composer
	trailing := trailingNotes(reply.Blocks)
	for i, b := range reply.Blocks {
		if i < trailing {
			c.at = i
			c.block(log, b)
		} else {
			c.footer(b.(bot.Note))
		}
	}
	return pack(c.split())
}

// trailingNotes is from where on a reply has nothing but notes without links, which stand
// in a footer; never the whole reply.
func trailingNotes(blocks []bot.Block) int {
	at := len(blocks)
	for at > 1 {
		note, ok := blocks[at-1].(bot.Note)
		if !ok || hasLink(note.Line) {
			break
		}
		at--
	}
	return at
}

func hasLink(l bot.Line) bool {
	for _, r := range l {
		if r.URL != "" {
			return true
		}
	}
	return false
}

// card is an embed before it is known how much of its quotation fits.
type card struct {
	from    int // the block of the reply that it begins in
	title   string
	lines   []cardLine // before the quotation
	quote   *quotation
	after   []string // markdown
	fields  []*discordgo.MessageEmbedField
	footer  string
	picture *picture
}

// cardLine is a line of markdown of a block of the reply.
type cardLine struct {
	markdown string
	block    int
}

func joined(lines []cardLine) string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = l.markdown
	}
	return strings.Join(all, "\n")
}

// picture is a drawn picture.
type picture struct {
	file file
	alt  string
}

// composer turns blocks into cards.
type composer struct {
	cards []card
	at    int // the block of the reply that is looked at
}

// add begins a card; one with nothing but a title is taken for it.
func (c *composer) add() *card {
	if n := len(c.cards); n > 0 && c.cards[n-1].bare() {
		return &c.cards[n-1]
	}
	c.cards = append(c.cards, card{from: c.at})
	return &c.cards[len(c.cards)-1]
}

// bare reports whether a card has a title at most.
func (c *card) bare() bool { return len(c.lines) == 0 && c.isProse() }

func (c *card) isProse() bool { return c.quote == nil && len(c.fields) == 0 && c.picture == nil }

// prose is the card for running text: the last if it has no more than that.
func (c *composer) prose() *card {
	if n := len(c.cards); n > 0 && c.cards[n-1].isProse() {
		return &c.cards[n-1]
	}
	return c.add()
}

func (c *composer) block(log *slog.Logger, block bot.Block) {
	switch b := block.(type) {
	case bot.Heading:
		c.cards = append(c.cards, card{from: c.at, title: b.Text})
	case bot.Text:
		c.line(markdown(b.Line))
	case bot.Note:
		c.line("-# " + markdown(b.Line))
	case bot.List:
		c.line("**" + escape(cleanLine(b.Title)) + "**")
		for _, item := range b.Items {
			c.line("- " + markdown(item))
		}
	case bot.Quote:
		c.quote(b)
	case bot.Fields:
		c.fields(b)
	case bot.Picture:
		c.picture(log, b)
	default:
		log.Error("a block cannot be shown", "type", fmt.Sprintf("%T", block))
	}
}

func (c *composer) line(markdown string) {
	c.prose().add(c.at, markdown)
}

func (c *card) add(block int, markdown string) {
	c.lines = append(c.lines, cardLine{markdown, block})
}

func (c *composer) quote(b bot.Quote) {
	to := c.add()
	q := quotationOf(b)
	to.quote = &q
	var head []string
	if b.Number > 0 {
		head = append(head, strconv.Itoa(b.Number))
	}
	for _, l := range b.Labels {
		head = append(head, cleanLine(l))
	}
	if len(head) > 0 {
		to.add(c.at, "-# "+cutEscaped(strings.Join(head, " · "), maxTitle))
	}
	room := maxCitation
	for i, l := range b.Citation.Lines() {
		line := fitted(l, max(room, maxTitle))
		if i > 0 {
			line = "-# " + line
		}
		room -= size(line)
		to.after = append(to.after, line)
	}
}

func (c *composer) fields(b bot.Fields) {
	to := c.add()
	if to.title == "" {
		to.title = b.Title
	} else {
		to.add(c.at, "**"+cutEscaped(cleanLine(b.Title), maxTitle)+"**")
	}
	for _, row := range b.Rows {
		name, value := cutEscaped(cleanLine(row.Name), maxFieldName), fitted(row.Value, maxFieldValue)
		if strings.TrimSpace(name) == "" || strings.TrimSpace(value) == "" {
			continue
		}
		short := !hasLink(row.Value) && size(value) <= shortValue
		to.fields = append(to.fields, &discordgo.MessageEmbedField{Name: name, Value: value, Inline: short})
	}
}

// picture draws a picture; where that is not possible its alt text stands for it.
func (c *composer) picture(log *slog.Logger, b bot.Picture) {
	var png bytes.Buffer
	err := b.Draw(&png)
	if err == nil && png.Len() > maxFileSize {
		err = fmt.Errorf("%d bytes are too many", png.Len())
	}
	if err != nil {
		log.Error("a picture cannot be shown", "name", b.Name, "err", err)
		c.line(escape(b.Alt))
		return
	}
	c.add().picture = &picture{file{b.Name, "image/png", png.Bytes()}, cut(clean(b.Alt), maxAltText)}
}

// footer puts a note below the last card.
func (c *composer) footer(n bot.Note) {
	if len(c.cards) == 0 {
		c.line("-# " + markdown(n.Line))
		return
	}
	last := &c.cards[len(c.cards)-1]
	last.footer = cut(strings.TrimPrefix(last.footer+"\n"+cleanLine(n.Line.String()), "\n"), maxFooter)
}
