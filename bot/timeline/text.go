package timeline

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/text/unicode/norm"
)

const (
	textSize = 28 // pixels; the least
	ellipsis = "…"
	maxText  = 500 // characters, more than two lines of title
)

// faces are the sizes of type. On a phone 6 cm wide the 28 of 1200 pixels of the least
// are 1.4 mm, small print.
type faces struct{ title, subtitle, name, text font.Face }

func newFaces() (*faces, error) {
	var f faces
	for _, want := range []struct {
		face *font.Face
		ttf  []byte
		size float64 // pixels
	}{
		{&f.title, gobold.TTF, 46},
		{&f.subtitle, goregular.TTF, 32},
		{&f.name, gobold.TTF, 34},
		{&f.text, goregular.TTF, textSize},
	} {
		parsed, err := opentype.Parse(want.ttf)
		if err != nil {
			return nil, fmt.Errorf("timeline: the built-in font: %w", err)
		}
		// At 72 dots an inch a point is a pixel.
		*want.face, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: want.size, DPI: 72})
		if err != nil {
			return nil, fmt.Errorf("timeline: the built-in font at %v pixels: %w", want.size, err)
		}
	}
	return &f, nil
}

// width is how far text reaches, in pixels.
func width(face font.Face, text string) int { return font.MeasureString(face, text).Ceil() }

// clean is text on one line, composed where Unicode has a composed letter (the fonts
// place no accents), without what cannot be seen, and no longer than can be drawn.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		const unbrokenHyphen = '\u2011' // not in the fonts
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unbrokenHyphen:
			return '-'
		case !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, norm.NFC.String(text))
	return cut(strings.Join(strings.Fields(text), " "), maxText)
}

// fit is text of at most so many pixels, cut between graphemes with an ellipsis.
func fit(face font.Face, text string, pixels int) string {
	if width(face, text) <= pixels {
		return text
	}
	kept := 0
	for g := uniseg.NewGraphemes(text); g.Next(); {
		_, end := g.Positions()
		if width(face, text[:end]+ellipsis) > pixels {
			break
		}
		kept = end
	}
	return strings.TrimSpace(text[:kept]) + ellipsis
}

// wrap breaks text between words into lines of at most so many pixels; the last is cut to fit.
func wrap(face font.Face, text string, pixels, lines int) []string {
	var broken []string
	for rest := text; rest != ""; {
		if len(broken) == lines-1 {
			return append(broken, fit(face, rest, pixels))
		}
		line, after := breakLine(face, rest, pixels)
		broken, rest = append(broken, fit(face, line, pixels)), after
	}
	return broken
}

// breakLine takes the words that fit on a line, at least one.
func breakLine(face font.Face, text string, pixels int) (line, rest string) {
	if width(face, text) <= pixels {
		return text, ""
	}
	line, rest, _ = strings.Cut(text, " ")
	for {
		word, after, _ := strings.Cut(rest, " ")
		if word == "" || width(face, line+" "+word) > pixels {
			return line, rest
		}
		line, rest = line+" "+word, after
	}
}
