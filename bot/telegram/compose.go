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
	for _, block := range blocks {
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
		more, setErr := illustrate(before, caption, drawn)
		parts, err = append(parts, more...), errors.Join(err, setErr)
		before = nil
	}
	rest, setErr := sections(before)
	return append(parts, written(pack(rest, textLimit))...), errors.Join(err, setErr)
}

// illustrate puts what stands before a picture into its caption if it fits, and else
// before the picture.
func illustrate(before []bot.Block, caption bot.Block, p picture) ([]part, error) {
	above, err := sections(before)
	words, captionErr := sections([]bot.Block{caption})
	err = errors.Join(err, captionErr)
	if texts := pack(slices.Concat(above, words), captionLimit); len(texts) < 2 {
		return captioned(texts, p), err
	}
	return append(written(pack(above, textLimit)), captioned(pack(words, captionLimit), p)...), err
}

// captioned is a picture with the first text, and the other texts after it.
func captioned(texts []text, p picture) []part {
	parts := written(texts)
	if len(parts) == 0 {
		parts = []part{{}}
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
