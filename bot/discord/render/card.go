package render

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/safetext"
)

const (
	maxFieldName  = 256      // UTF-16 units
	maxFieldValue = 1024     // UTF-16 units
	maxAltText    = 1024     // UTF-16 units
	maxFileSize   = 10 << 20 // bytes
	// maxFooter, of Discord's 2048 UTF-16 units, leaves room for a whole description.
	maxFooter = 1000
	// maxCitation bounds what stands below a quotation, in UTF-16 units.
	maxCitation = 2000
	// shortValue is the longest value of a field that may stand beside others.
	shortValue = 40
)

// card is an embed before it is known how much of its quotation fits.
type card struct {
	from    int // the block of the reply in which it begins
	title   string
	lines   []cardLine // before the quotation
	quote   *quotation
	after   []string // markdown below the quotation
	fields  []*discordgo.MessageEmbedField
	footer  string
	picture *File
}

// cardLine is a line of markdown that belongs to a block of the reply.
type cardLine struct {
	markdown string
	block    int
}

// colour tells an answer from what only comes close to one.
func (c *card) colour() int {
	if c.quote != nil && c.quote.closest {
		return greyOfClosest
	}
	return slate
}

// isProse reports whether a card has running text at most.
func (c *card) isProse() bool { return c.quote == nil && len(c.fields) == 0 && c.picture == nil }

func (c *card) add(block int, markdown string) { c.lines = append(c.lines, cardLine{markdown, block}) }

// cardBuilder turns the blocks of a reply into cards.
type cardBuilder struct {
	cards []card
	block int // the index of the block that is being added
}

// newCards turns the blocks of a reply into cards. Notes without links at the end of the
// reply become the footer of the last card, unless the reply has nothing else.
func newCards(log *slog.Logger, blocks []bot.Block) []card {
	body := len(blocks)
	for body > 1 {
		note, ok := blocks[body-1].(bot.Note)
		if !ok || hasLink(note.Line) {
			break
		}
		body--
	}
	var b cardBuilder
	for i, block := range blocks[:body] {
		b.block = i
		b.add(log, block)
	}
	for _, block := range blocks[body:] {
		note := block.(bot.Note)
		if len(b.cards) == 0 {
			b.line("-# " + line(note.Line))
			continue
		}
		last := &b.cards[len(b.cards)-1]
		last.footer = Cut(strings.TrimPrefix(last.footer+"\n"+oneLine(note.Line.String()), "\n"), maxFooter)
	}
	return b.cards
}

func hasLink(l bot.Line) bool {
	for _, run := range l {
		if run.URL != "" {
			return true
		}
	}
	return false
}

func (b *cardBuilder) add(log *slog.Logger, block bot.Block) {
	switch block := block.(type) {
	case bot.Heading:
		b.cards = append(b.cards, card{from: b.block, title: block.Text})
	case bot.Text:
		b.line(line(block.Line))
	case bot.Note:
		b.line("-# " + line(block.Line))
	case bot.List:
		b.line("**" + Escape(oneLine(block.Title)) + "**")
		for _, item := range block.Items {
			b.line("- " + line(item))
		}
	case bot.Quote:
		b.quote(block)
	case bot.Fields:
		b.fields(block)
	case bot.Picture:
		b.picture(log, block)
	default:
		log.Error("a block cannot be shown", "type", fmt.Sprintf("%T", block))
	}
}

// line adds a line of running text to the last card, or to a new one where that has more
// than running text.
func (b *cardBuilder) line(markdown string) {
	to := b.last()
	if to == nil || !to.isProse() {
		to = b.next()
	}
	to.add(b.block, markdown)
}

func (b *cardBuilder) last() *card {
	if len(b.cards) == 0 {
		return nil
	}
	return &b.cards[len(b.cards)-1]
}

// next begins a card, unless the last one has nothing but a title.
func (b *cardBuilder) next() *card {
	if last := b.last(); last != nil && len(last.lines) == 0 && last.isProse() {
		return last
	}
	b.cards = append(b.cards, card{from: b.block})
	return b.last()
}

func (b *cardBuilder) quote(q bot.Quote) {
	to := b.next()
	quote := newQuotation(q)
	to.quote = &quote
	var head []string
	if q.Number > 0 {
		head = append(head, q.Mark())
	}
	for _, l := range q.Labels {
		head = append(head, oneLine(l))
	}
	if len(head) > 0 {
		to.add(b.block, "-# "+escapeWithin(strings.Join(head, " · "), maxTitle))
	}
	room := maxCitation
	for i, l := range q.Citation.Lines() {
		cited := lineWithin(l, max(room, maxTitle))
		if i > 0 {
			cited = "-# " + cited
		}
		room -= safetext.UTF16Len(cited)
		to.after = append(to.after, cited)
	}
}

func (b *cardBuilder) fields(f bot.Fields) {
	to := b.next()
	if to.title == "" {
		to.title = f.Title
	} else {
		to.add(b.block, "**"+escapeWithin(oneLine(f.Title), maxTitle)+"**")
	}
	for _, row := range f.Rows {
		name, value := escapeWithin(oneLine(row.Name), maxFieldName), lineWithin(row.Value, maxFieldValue)
		if strings.TrimSpace(name) == "" || strings.TrimSpace(value) == "" {
			continue
		}
		short := !hasLink(row.Value) && safetext.UTF16Len(value) <= shortValue
		to.fields = append(to.fields, &discordgo.MessageEmbedField{Name: name, Value: value, Inline: short})
	}
}

// picture draws a picture. Where that fails its alt text stands for it.
func (b *cardBuilder) picture(log *slog.Logger, p bot.Picture) {
	var png bytes.Buffer
	err := p.Draw(&png)
	if err == nil && png.Len() > maxFileSize {
		err = fmt.Errorf("%d bytes are too many", png.Len())
	}
	if err != nil {
		log.Error("a picture cannot be shown", "name", p.Name, "err", err)
		b.line(Escape(p.Alt))
		return
	}
	b.next().picture = &File{Name: p.Name, Kind: "image/png", Data: png.Bytes(), Alt: Cut(Clean(p.Alt), maxAltText)}
}
