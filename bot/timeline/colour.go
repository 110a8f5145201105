package timeline

import (
	"image"
	"image/color"
)

// Colours of the card. It is opaque, with an edge: it is the same in a dark and in a
// light chat. Text has a contrast of at least 4.5 against the ground, a mark of 3
// (WCAG 2.2, 1.4.3 and 1.4.11).
var (
	ground = color.RGBA{0xFB, 0xFA, 0xF7, 0xFF}
	ink    = color.RGBA{0x1F, 0x23, 0x28, 0xFF}
	muted  = color.RGBA{0x57, 0x5D, 0x66, 0xFF} // what is read second
	grid   = color.RGBA{0xDE, 0xDA, 0xD2, 0xFF}
	edge   = color.RGBA{0x8A, 0x8F, 0x98, 0xFF}
)

// rowColours are given to rows by their place and begin again after the last: who speaks
// is told by the name, a colour only holds a row together. By place they are nobody's, and
// there is no blue, yellow, red or plain green among them, the colours of the flags at
// the table. They come from palettes for the colour-blind: Okabe and Ito, Color Universal
// Design (2008); Tol, Colour Schemes (2021); Petroff, Accessible Color Sequences (2021).
// In this order neighbours, the last and the first too, stay apart for all eyes.
var rowColours = []color.RGBA{
	{0x00, 0x99, 0x88, 0xFF}, // teal: Tol, vibrant
	{0x83, 0x2D, 0xB6, 0xFF}, // violet: Petroff, ten colours
	{0x22, 0x55, 0x55, 0xFF}, // dark teal: Tol, dark
	{0xD5, 0x5E, 0x00, 0xFF}, // orange-brown: Okabe and Ito
	{0xAA, 0x44, 0x99, 0xFF}, // purple: Tol, muted
	{0x66, 0x66, 0x33, 0xFF}, // olive: Tol, dark
}

// palette is every ink of the picture on its way to the ground, as the edges of shapes
// and letters have it: at most 256 colours.
func palette() color.Palette {
	const shades = 10
	p := color.Palette{ground}
	for _, c := range append([]color.RGBA{ink, muted, grid, edge}, rowColours...) {
		for i := 1; i <= shades; i++ {
			part := func(from, to uint8) uint8 { return mix(from, to, i, shades) }
			p = append(p, color.RGBA{part(ground.R, c.R), part(ground.G, c.G), part(ground.B, c.B), 0xFF})
		}
	}
	return p
}

// mix is i of n parts of the way from a to b.
func mix(a, b uint8, i, n int) uint8 { return uint8((int(a)*(n-i) + int(b)*i + n/2) / n) }

func paletted(img *image.RGBA) *image.Paletted {
	out := image.NewPaletted(img.Bounds(), palette())
	nearest := map[color.RGBA]uint8{}
	var last color.RGBA // most pixels are as the one before
	var index uint8
	for i := range out.Pix {
		c := color.RGBA{img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3]}
		if c != last {
			known, ok := nearest[c]
			if !ok {
				known = uint8(out.Palette.Index(c))
				nearest[c] = known
			}
			last, index = c, known
		}
		out.Pix[i] = index
	}
	return out
}
