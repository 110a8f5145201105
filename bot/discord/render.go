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
	title   string
	lines   []string // markdown, before the quotation
	quote   *quotation
	after   []string // markdown
	fields  []*discordgo.MessageEmbedField
	footer  string
	picture *picture
}

// picture is a drawn picture.
type picture struct {
	file file
	alt  string
}

// composer turns blocks into cards.
type composer struct{ cards []card }

// add begins a card; one with nothing but a title is taken for it.
func (c *composer) add() *card {
	if n := len(c.cards); n > 0 && c.cards[n-1].bare() {
		return &c.cards[n-1]
	}
	c.cards = append(c.cards, card{})
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
		c.cards = append(c.cards, card{title: b.Text})
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
	to := c.prose()
	to.lines = append(to.lines, markdown)
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
		to.lines = append(to.lines, "-# "+cutEscaped(strings.Join(head, " · "), maxTitle))
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
		to.lines = append(to.lines, "**"+cutEscaped(cleanLine(b.Title), maxTitle)+"**")
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
			part := card{title: one.title, lines: one.lines[:lines]}
			if lines == len(one.lines) {
				part.fields, one.fields = one.fields[:fields], one.fields[fields:]
			}
			one.title, one.lines = "", one.lines[lines:]
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
func leading(lines []string, room int) int {
	for n, l := range lines {
		if room -= size(l) + 1; room < -1 {
			return max(n, 1)
		}
	}
	return len(lines)
}

// embed is the card with as much of its quotation as fits into room.
func (c card) embed(room int) *discordgo.MessageEmbed {
	e := &discordgo.MessageEmbed{Color: colour, Title: cutEscaped(cleanLine(c.title), maxTitle), Fields: c.fields}
	before, after := strings.Join(c.lines, "\n"), strings.Join(c.after, "\n")
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
	m.Embeds = embeds(cards, maxDescription)
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

// markdown is a line of the interface with its links.
func markdown(l bot.Line) string {
	var b strings.Builder
	for i, r := range l {
		text := escape(strings.ReplaceAll(clean(r.Text), "\n", " "))
		if i > 0 {
			// Not at the start of a line, where a dash would need its backslash.
			text = strings.TrimPrefix(escape("."+strings.ReplaceAll(clean(r.Text), "\n", " ")), ".")
		}
		switch address := linkable(r.URL); {
		case address == "":
			b.WriteString(text)
		case r.Text == r.URL:
			b.WriteString("<" + address + ">")
		case strings.Contains(r.Text, "://"):
			b.WriteString(text + " <" + address + ">") // Discord hides no address behind another
		default:
			b.WriteString("[" + text + "](" + address + ")")
		}
	}
	return b.String()
}

// inAddress encodes what would end an address in markdown.
var inAddress = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `"`, "%22", `\`, "%5C", "\n", "", "\t", "")

// linkable is an address as markdown can hold it, empty if it cannot.
func linkable(url string) string {
	if url == "" || size(url) > maxLinkURL {
		return ""
	}
	return inAddress.Replace(clean(url))
}

// fitted is a line in at most so many units: with links, else without, else cut.
func fitted(l bot.Line, most int) string {
	if md := markdown(l); size(md) <= most {
		return md
	}
	return cutEscaped(strings.ReplaceAll(clean(l.String()), "\n", " "), most)
}
