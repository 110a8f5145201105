// Package render turns replies into the messages of Telegram: HTML that Telegram is sure to
// accept, and pictures with captions, within all of Telegram's limits. It sends nothing, and
// knows no buttons.
package render

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"slices"

	"parley/bot"
)

// Limits of files (https://core.telegram.org/bots/api#sendphoto, #senddocument).
const (
	maxPhoto      = 10 << 20 // bytes
	maxPhotoSides = 10_000   // pixels, width and height together
	maxPhotoRatio = 20
	maxDocument   = 50 << 20 // bytes
)

// Message is one message: a text, or a picture with a text as its caption. As JSON it is
// kept until it is sent.
type Message struct {
	HTML    string   `json:"html,omitempty"`
	Plain   string   `json:"plain,omitempty"`  // the same without markup
	Markup  string   `json:"markup,omitempty"` // reply_markup in JSON, for whoever sends it to add
	Picture *Picture `json:"picture,omitempty"`
	From    int      `json:"-"` // the index of the block of the reply in which it begins
}

// Picture is a PNG file.
type Picture struct {
	Name  string `json:"name"`
	Data  []byte `json:"data"`
	Photo bool   `json:"photo"` // small enough to be shown as a photo
}

// Messages renders the blocks of a reply. The error names what cannot be drawn or shown,
// which the messages lack; for a picture its alt text stands there.
func Messages(blocks []bot.Block) (messages []Message, err error) {
	var before []bot.Block // blocks since the last picture
	first := 0             // the index of the first of these
	for i, block := range blocks {
		p, isPicture := block.(bot.Picture)
		if !isPicture {
			before = append(before, block)
			continue
		}
		drawn, drawErr := draw(p)
		caption := bot.Text{Line: bot.Line{{Text: p.Alt}}}
		if drawErr != nil {
			err = errors.Join(err, drawErr)
			before = append(before, caption)
			continue
		}
		more, setErr := illustrate(before, first, caption, drawn)
		messages, err = append(messages, more...), errors.Join(err, setErr)
		before, first = nil, i+1
	}
	rest, setErr := sections(before, first)
	return append(messages, pack(rest, textLimit)...), errors.Join(err, setErr)
}

// illustrate puts what stands before a picture into its caption if it fits, and else before
// the picture. first is the index of the first block.
func illustrate(before []bot.Block, first int, caption bot.Block, p Picture) ([]Message, error) {
	above, err := sections(before, first)
	words, captionErr := sections([]bot.Block{caption}, first+len(before))
	err = errors.Join(err, captionErr)
	if texts := pack(slices.Concat(above, words), captionLimit); len(texts) < 2 {
		return withPicture(texts, first, p), err
	}
	return append(pack(above, textLimit), withPicture(pack(words, captionLimit), first+len(before), p)...), err
}

// withPicture makes the first text the caption of a picture. Without texts the picture
// begins in the block from.
func withPicture(texts []Message, from int, p Picture) []Message {
	if len(texts) == 0 {
		texts = []Message{{From: from}}
	}
	texts[0].Picture = &p
	return texts
}

func draw(p bot.Picture) (Picture, error) {
	var out bytes.Buffer
	if err := p.Draw(&out); err != nil {
		return Picture{}, fmt.Errorf("draw %s: %w", p.Name, err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(out.Bytes()))
	if err != nil {
		return Picture{}, fmt.Errorf("draw %s: %w", p.Name, err)
	}
	if out.Len() > maxDocument {
		return Picture{}, fmt.Errorf("draw %s: %d bytes, at most %d can be sent", p.Name, out.Len(), maxDocument)
	}
	long, short := max(size.Width, size.Height), min(size.Width, size.Height)
	return Picture{
		Name: p.Name, Data: out.Bytes(),
		Photo: out.Len() <= maxPhoto && long+short <= maxPhotoSides && long <= maxPhotoRatio*short,
	}, nil
}

// Quotation renders a quotation with its citation; ok is false where one message cannot
// hold it.
func Quotation(q bot.Quote) (m Message, ok bool) {
	all := pack([]section{quotation(q)}, textLimit)
	if len(all) != 1 {
		return Message{}, false
	}
	return all[0], true
}

// Sentence renders a text of the interface, which must not be empty.
func Sentence(text string) Message {
	return Message{HTML: section{}.add(pieces(text, plain))[0].html(), Plain: text}
}
