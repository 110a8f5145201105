package timeline

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

type canvas struct {
	img   *image.RGBA
	faces *faces
	marks [len(kindNames)]*image.Alpha
}

func (c *canvas) rect(x0, y0, x1, y1 int, ink color.RGBA) {
	draw.Draw(c.img, image.Rect(x0, y0, x1, y1), image.NewUniform(ink), image.Point{}, draw.Src)
}

// mark draws the mark of a kind around a place.
func (c *canvas) mark(k Kind, x, y int, ink color.RGBA) {
	at := image.Rect(0, 0, markSize, markSize).Add(image.Pt(x-markSize/2, y-markSize/2))
	draw.DrawMask(c.img, at, image.NewUniform(ink), image.Point{}, c.marks[k], image.Point{}, draw.Over)
}

// text writes to the right of x, its letters standing on the baseline.
func (c *canvas) text(face font.Face, x, baseline int, s string, ink color.RGBA) {
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, baseline)}
	d.DrawString(s)
}

// within draws the line from the first to the last day of a longer time, with ends that
// reach so far up and down. It has no end where the time goes on outside of the picture.
func (c *canvas) within(from, to, y, end int, closed [2]bool, ink color.RGBA) {
	const half = 2
	c.rect(from, y-half, to, y+half, ink)
	if closed[0] {
		c.rect(from, y-end, from+2*half, y+end, ink)
	}
	if closed[1] {
		c.rect(to-2*half, y-end, to, y+end, ink)
	}
}

// paint lays the colours on a layout.
func paint(l *layout, f *faces) *image.RGBA {
	c := &canvas{image.NewRGBA(image.Rect(0, 0, l.width, l.height)), f, shapes()}
	const edgeWidth = 4
	c.rect(0, 0, l.width, l.height, edge)
	c.rect(edgeWidth, edgeWidth, l.width-edgeWidth, l.height-edgeWidth, ground)
	c.header(l)
	c.legend(l)
	c.axis(l)
	for n, r := range l.rows {
		c.row(r, l.scale.period, rowColours[n%len(rowColours)])
	}
	return c.img
}

func (c *canvas) header(l *layout) {
	for n, line := range l.title {
		c.text(c.faces.title, margin, margin+(n+1)*titlePitch-titlePitch/4, line, ink)
	}
	for n, line := range l.subtitle {
		c.text(c.faces.subtitle, margin, l.subtitleTop()+(n+1)*subtitlePitch-subtitlePitch/4, line, muted)
	}
}

func (c *canvas) legend(l *layout) {
	for n, line := range l.legend {
		y := l.legendTop() + n*legendPitch + legendPitch/2
		for _, e := range line {
			switch {
			case e.kind.valid():
				c.mark(e.kind, e.x+markSize/2, y, ink)
			case e.count != "":
				c.text(c.faces.text, e.x, y+textDrop, e.count, ink)
			default:
				c.within(e.x, e.x+lineSign, y, lineEnd, [2]bool{true, true}, ink)
			}
			c.text(c.faces.text, e.x+e.signWidth(c.width)+signGap, y+textDrop, e.text, ink)
		}
	}
}

const (
	lineEnd  = 10           // of a line beside its mark
	belowEnd = 4            // of one below
	textDrop = textSize / 3 // from the middle of a small letter to its baseline
)

func (c *canvas) width(s string) int { return width(c.faces.text, s) }

// axis draws the ticks across the lanes, with their labels above and below.
func (c *canvas) axis(l *layout) {
	bottom := l.rows[len(l.rows)-1].bottom
	for _, y := range []int{l.axisTop(), bottom + axisGap} {
		for _, t := range l.axis {
			c.text(c.faces.text, t.x, y+axisPitch*3/4, t.minor, muted)
			c.text(c.faces.text, t.x, y+axisPitch+axisPitch*3/4, t.major, ink)
		}
	}
	const line = 2
	for _, r := range l.rows {
		c.rect(margin, r.top, plotRight, r.top+line, grid)
		for _, t := range l.axis {
			c.rect(t.x, r.top+rowHead, t.x+line, r.bottom, grid)
		}
	}
	c.rect(margin, bottom, plotRight, bottom+line, grid)
}

func (c *canvas) row(r rowBox, period span, colour color.RGBA) {
	const barInset, barWidth = 12, 10
	c.rect(margin, r.top+barInset, margin+barWidth, r.bottom-barInset, colour)
	baseline := r.top + rowHead - rowHead/4
	c.text(c.faces.name, plotLeft, baseline, r.name, ink)
	c.text(c.faces.text, plotRight-c.width(r.note), baseline, r.note, muted)
	for _, i := range r.items {
		c.item(i, r.y(i), period, colour)
	}
}

// item draws a mark with its line and count, in front of the ticks.
func (c *canvas) item(i item, y int, period span, colour color.RGBA) {
	lineY, end := y, lineEnd
	if i.below {
		lineY, end = y+lanePitch/2, belowEnd
	}
	if i.from < i.to {
		c.within(i.from, i.to, lineY, end, [2]bool{i.within.first >= period.first, i.within.end <= period.end}, colour)
	}
	c.clear(i.x-markSize/2, y-markSize/2, i.x+markSize/2, y+markSize/2)
	c.mark(i.kind, i.x, y, colour)
	if i.label.from < i.label.end {
		c.clear(i.label.from, y-markSize/2, i.label.end, y+markSize/2)
		c.text(c.faces.text, i.label.from+labelGap/2, y+textDrop, i.text(), ink)
	}
}

// clear takes ticks and lines from behind what is to be read.
func (c *canvas) clear(x0, y0, x1, y1 int) { c.rect(x0, y0, x1, y1, ground) }
