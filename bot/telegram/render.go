package telegram

import (
	"errors"
	"fmt"
	"html"
	"strings"

	"parley/bot"
)

// section is paragraphs that belong together: a quotation with its citation. A message
// ends between sections if it can.
type section []paragraph

const (
	nextLine = "\n"
	newBlock = "\n\n"
)

// sections sets blocks of a reply that follow each other, the first of which has a number.
// A Picture is not text: its words come by caption. A block that cannot be set is in the
// error, and the others are there.
func sections(blocks []bot.Block, first int) (all []section, err error) {
	for i, block := range blocks {
		s, setErr := set(block)
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

func set(block bot.Block) (section, error) {
	switch b := block.(type) {
	case bot.Heading:
		return section{}.add(pieces(b.Text, bold)), nil
	case bot.Text:
		return section{}.add(line(b.Line, plainly)), nil
	case bot.Note:
		return section{}.add(line(b.Line, italic)), nil
	case bot.Quote:
		return quotation(b), nil
	case bot.List:
		s := section{}.add(pieces(b.Title, bold))
		for _, item := range b.Items {
			s = s.add(bulleted(line(item, plainly)))
		}
		return s, nil
	case bot.Fields:
		s := section{}.add(pieces(b.Title, bold))
		for _, row := range b.Rows {
			s = s.add(append(pieces(row.Name+": ", plainly), line(row.Value, plainly)...))
		}
		return s, nil
	}
	return nil, fmt.Errorf("a block of type %T cannot be shown on Telegram", block)
}

// add appends a paragraph, unless nothing of it can be seen.
func (s section) add(list []piece) section {
	if blank(list) {
		return s
	}
	return append(s, paragraph{gap: nextLine, pieces: add(nil, list...)})
}

func blank(list []piece) bool { return strings.TrimSpace(paragraph{pieces: list}.text()) == "" }

// bulleted is an item of a list; an empty one stays empty.
func bulleted(item []piece) []piece {
	if blank(item) {
		return nil
	}
	return append([]piece{{text: "• "}}, item...)
}

// quotation is the number and the labels, the quoted text, and the citation.
func quotation(q bot.Quote) section {
	var head []piece
	labels := strings.Join(q.Labels, " · ")
	if q.Number > 0 {
		head = []piece{{text: fmt.Sprint(q.Number), look: bold}}
		if labels != "" {
			labels = " · " + labels
		}
	}
	s := section{}.add(append(head, pieces(labels, plainly)...))
	s = s.add(words(q))
	s[len(s)-1].quote = true
	for _, l := range q.Citation.Lines() {
		s = s.add(line(l, plainly))
	}
	return s
}

// words are the quoted text with its marks; ellipses stand outside of them.
func words(q bot.Quote) []piece {
	open, shut := "“", "”"
	if q.CutBefore {
		open = "… " + open
	}
	if q.CutAfter {
		shut += " …"
	}
	list := []piece{{text: open}}
	for _, s := range q.Segments {
		l := plainly
		if s.Key {
			l = bold
		}
		list = append(list, pieces(s.Text, l)...)
	}
	return append(list, piece{text: shut})
}

// maxAddress is the longest address in bytes that becomes a link.
const maxAddress = 2000

// line is a line of runs; a link's text names its address.
func line(l bot.Line, k look) (list []piece) {
	for _, r := range l {
		if r.URL == "" || len(html.EscapeString(r.URL)) > maxAddress {
			list = append(list, pieces(r.Text, k)...)
			continue
		}
		list = append(list, piece{text: clean(r.Text), look: k, url: r.URL})
	}
	return list
}
