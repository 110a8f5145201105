package telegram

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"slices"

	"parley/bot"
)

// part is one message: a text, or a picture with a text as its caption.
type part struct {
	text
	picture *picture
	markup  string // reply_markup in JSON, or empty
}

// picture is a PNG file.
type picture struct {
	name  string
	data  []byte
	photo bool // small enough to be shown as a photo
}

// compose turns the blocks of a reply into messages. What cannot be drawn or shown is
// in the error and missing from the messages, of a picture the words stand there.
func compose(blocks []bot.Block) (parts []part, err error) {
	var before []bot.Block // blocks since the last picture
	first := 0             // where these begin
	for i, block := range blocks {
		b, isPicture := block.(bot.Picture)
		if !isPicture {
			before = append(before, block)
			continue
		}
		drawn, drawErr := draw(b)
		caption := bot.Text{Line: bot.Line{{Text: b.Alt}}}
		if drawErr != nil {
			err = errors.Join(err, drawErr)
			before = append(before, caption)
			continue
		}
		more, setErr := illustrate(before, first, caption, drawn)
		parts, err = append(parts, more...), errors.Join(err, setErr)
		before, first = nil, i+1
	}
	rest, setErr := sections(before, first)
	return append(parts, written(pack(rest, textLimit))...), errors.Join(err, setErr)
}

// illustrate puts what stands before a picture into its caption if it fits, and else
// before the picture. first is the number of the first block.
func illustrate(before []bot.Block, first int, caption bot.Block, p picture) ([]part, error) {
	above, err := sections(before, first)
	words, captionErr := sections([]bot.Block{caption}, first+len(before))
	err = errors.Join(err, captionErr)
	if texts := pack(slices.Concat(above, words), captionLimit); len(texts) < 2 {
		return captioned(texts, first, p), err
	}
	return append(written(pack(above, textLimit)), captioned(pack(words, captionLimit), first+len(before), p)...), err
}

// captioned is a picture with the first text, and the other texts after it. Without a text
// it begins in a block of the reply.
func captioned(texts []text, from int, p picture) []part {
	parts := written(texts)
	if len(parts) == 0 {
		parts = []part{{text: text{from: from}}}
	}
	parts[0].picture = &p
	return parts
}

func written(texts []text) (parts []part) {
	for _, t := range texts {
		parts = append(parts, part{text: t})
	}
	return parts
}

// Limits of files (https://core.telegram.org/bots/api#sendphoto, #senddocument).
const (
	maxPhoto      = 10 << 20 // bytes
	maxPhotoSides = 10_000   // pixels, width and height together
	maxPhotoRatio = 20
	maxDocument   = 50 << 20 // bytes
)

// draw makes the file of a picture.
func draw(b bot.Picture) (picture, error) {
	var out bytes.Buffer
	if err := b.Draw(&out); err != nil {
		return picture{}, fmt.Errorf("draw %s: %w", b.Name, err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(out.Bytes()))
	if err != nil {
		return picture{}, fmt.Errorf("draw %s: %w", b.Name, err)
	}
	if out.Len() > maxDocument {
		return picture{}, fmt.Errorf("draw %s: %d bytes, at most %d can be sent", b.Name, out.Len(), maxDocument)
	}
	long, short := max(size.Width, size.Height), min(size.Width, size.Height)
	return picture{
		name: b.Name, data: out.Bytes(),
		photo: out.Len() <= maxPhoto && long+short <= maxPhotoSides && long <= maxPhotoRatio*short,
	}, nil
}
