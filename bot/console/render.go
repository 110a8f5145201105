package console

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/rivo/uniseg"

	"parley/bot"
	"parley/bot/safetext"
)

// Style configures how replies are printed.
type Style struct {
	// Width wraps lines at so many columns; 0 does not wrap, and quotations then stand
	// in the output exactly as in their source.
	Width  int
	Colour bool // sets the key sentence bold, matches underlined and notes dim
}

const (
	bold      = "\x1b[1m"
	dim       = "\x1b[2m"
	underline = "\x1b[4m"
	reset     = "\x1b[0m"
)

const indent = "   "

// Render prints a reply, a blank line between its parts.
func Render(w io.Writer, reply bot.Reply, style Style) error {
	p := printer{style: style}
	for i, block := range reply.Blocks {
		if i > 0 && !(isNote(block) && isNote(reply.Blocks[i-1])) {
			p.out.WriteByte('\n')
		}
		if err := p.block(block); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, p.out.String())
	return err
}

func isNote(b bot.Block) bool {
	_, is := b.(bot.Note)
	return is
}

type printer struct {
	out   strings.Builder
	style Style
}

func (p *printer) block(block bot.Block) error {
	switch b := block.(type) {
	case bot.Heading:
		p.heading(b.Text)
	case bot.Picture:
		p.print("", "", []piece{{clean("[" + b.Alt + "]"), dim}})
	case bot.Text:
		p.print("", "", words(b.Line, ""))
	case bot.Note:
		p.print("", "", words(b.Line, dim))
	case bot.Quote:
		p.quote(b)
	case bot.List:
		p.heading(b.Title)
		for _, item := range b.Items {
			p.print(" - ", indent, words(item, ""))
		}
	case bot.Fields:
		p.fields(b)
	default:
		return fmt.Errorf("a block of type %T cannot be printed", block)
	}
	return nil
}

// quote prints the quotation, its ellipses outside the marks, and the citation.
func (p *printer) quote(q bot.Quote) {
	first := indent
	if q.Number > 0 {
		first = fmt.Sprintf("%-3s", q.Mark())
	}
	open, shut := q.Marks()
	var pieces []piece
	if len(q.Labels) > 0 {
		pieces = []piece{{clean(strings.Join(q.Labels, " · ")) + ": ", dim}}
	}
	pieces = append(pieces, piece{text: open})
	for _, s := range q.Segments {
		pieces = append(pieces, piece{clean(s.Text), marks(s)})
	}
	p.print(first, indent, append(pieces, piece{text: shut}))
	for _, line := range q.Citation.Lines() {
		p.print(indent, indent, words(line, ""))
	}
}

func marks(s bot.Segment) string {
	var m string
	if s.Key {
		m = bold
	}
	if s.Match {
		m += underline
	}
	return m
}

func (p *printer) fields(f bot.Fields) {
	p.heading(f.Title)
	widest := 0
	for _, row := range f.Rows {
		widest = max(widest, uniseg.StringWidth(row.Name))
	}
	below := indent + strings.Repeat(" ", widest+2)
	for _, row := range f.Rows {
		name := indent + row.Name + strings.Repeat(" ", widest-uniseg.StringWidth(row.Name)+2)
		p.print(name, below, words(row.Value, ""))
	}
}

func (p *printer) heading(title string) { p.print("", "", []piece{{clean(title), bold}}) }

// words are the pieces of a line; a link is followed by its address.
func words(l bot.Line, mark string) []piece {
	var pieces []piece
	for _, r := range l {
		text := clean(r.Text)
		switch {
		case r.URL == "":
		case r.Text == r.URL:
			text = clean(r.URL)
		default:
			text += " <" + clean(r.URL) + ">"
		}
		pieces = append(pieces, piece{text, mark})
	}
	return pieces
}

// print sets pieces as a paragraph, the first line after first, the others after rest.
func (p *printer) print(first, rest string, pieces []piece) {
	p.out.WriteString(first)
	if p.style.Width > 0 {
		pieces = wrap(pieces, p.style.Width-len(rest), rest)
	}
	for _, piece := range pieces {
		if p.style.Colour && piece.marks != "" {
			p.out.WriteString(piece.marks + piece.text + reset)
		} else {
			p.out.WriteString(piece.text)
		}
	}
	p.out.WriteByte('\n')
}

// sequence matches what a terminal takes for a command instead of text (ECMA-48, 5.4
// and 5.6): CSI, complete strings such as OSC with their end, and other escapes.
var sequence = regexp.MustCompile(
	`\x1b\[[0-?]*[ -/]*[@-~]` +
		`|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)` +
		`|\x1b[ -/]*[0-~]?`)

// clean removes what would command the terminal or reorder the text on it, and nothing that
// can be seen. The 8-bit controls are removed alone: in texts that were decoded wrongly they
// stand for letters, and without them what follows is nothing but text.
func clean(s string) string {
	return safetext.Clean(sequence.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), ""))
}
