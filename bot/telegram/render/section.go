package render

import (
	"errors"
	"fmt"
	"html"
	"strings"

	"parley/bot"
)

// section is paragraphs that belong together, such as a quotation and its citation. A
// message ends between sections if it can.
type section []paragraph

const (
	nextLine = "\n"
	newBlock = "\n\n"
)

// sections sets blocks of a reply that follow each other; first is the index of the first.
// A Picture is not text: its caption comes as another block. The error names blocks that
// cannot be set, and the others are returned.
func sections(blocks []bot.Block, first int) (all []section, err error) {
	for i, block := range blocks {
		s, setErr := newSection(block)
		if err = errors.Join(err, setErr); len(s) == 0 {
			continue
		}
		s[0].gap = newBlock
		if i > 0 && isNote(block) && isNote(blocks[i-1]) {
			s[0].gap = nextLine
		}
		for n := range s {
			s[n].block = first + i
		}
		all = append(all, s)
	}
	return all, err
}

func isNote(b bot.Block) bool {
	_, is := b.(bot.Note)
	return is
}

func newSection(block bot.Block) (s section, err error) {
	switch b := block.(type) {
	case bot.Heading:
		return s.add(pieces(b.Text, bold)), nil
	case bot.Text:
		return s.add(line(b.Line, plain)), nil
	case bot.Note:
		return s.add(line(b.Line, italic)), nil
	case bot.Quote:
		return quotation(b), nil
	case bot.List:
		s = s.add(pieces(b.Title, bold))
		for _, item := range b.Items {
			if text := line(item, plain); !isBlank(text) {
				s = s.add(append([]piece{{text: "• "}}, text...))
			}
		}
		return s, nil
	case bot.Fields:
		s = s.add(pieces(b.Title, bold))
		for _, row := range b.Rows {
			s = s.add(append(pieces(row.Name+": ", plain), line(row.Value, plain)...))
		}
		return s, nil
	}
	return nil, fmt.Errorf("a block of type %T cannot be shown on Telegram", block)
}

// add appends a paragraph, unless nothing of it can be seen.
func (s section) add(list []piece) section {
	if isBlank(list) {
		return s
	}
	return append(s, paragraph{gap: nextLine, pieces: join(nil, list...)})
}

func isBlank(list []piece) bool { return strings.TrimSpace(textOf(list)) == "" }

// quotation is the number and the labels, the quoted text, and the citation. Ellipses stand
// outside the quotation marks.
func quotation(q bot.Quote) section {
	var head []piece
	labels := strings.Join(q.Labels, " · ")
	if q.Number > 0 {
		head = []piece{{text: q.Mark(), style: bold}}
		if labels != "" {
			labels = " · " + labels
		}
	}
	s := section{}.add(append(head, pieces(labels, plain)...))
	open, shut := q.Marks()
	words := []piece{{text: open}}
	for _, segment := range q.Segments {
		as := plain
		if segment.Key {
			as = bold
		}
		words = append(words, pieces(segment.Text, as)...)
	}
	s = s.add(append(words, piece{text: shut}))
	s[len(s)-1].quote = true
	for _, l := range q.Citation.Lines() {
		s = s.add(line(l, plain))
	}
	return s
}

// maxAddress is the longest address in bytes that becomes a link.
const maxAddress = 2000

// line is a line of the interface with its links, whose texts name their addresses.
func line(l bot.Line, s style) (list []piece) {
	for _, r := range l {
		if r.URL == "" || len(html.EscapeString(r.URL)) > maxAddress {
			list = append(list, pieces(r.Text, s)...)
			continue
		}
		list = append(list, piece{text: clean(r.Text), style: s, url: r.URL})
	}
	return list
}
