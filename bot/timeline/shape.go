package timeline

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// point is a place on a mark: its centre is 0,0, its edges are at -1 and 1.
type point struct{ x, y float64 }

// pen fills outlines into a mask of one mark; those that turn the other way round cut holes.
type pen struct {
	raster *vector.Rasterizer
	size   float64
}

func newPen(size int) *pen { return &pen{vector.NewRasterizer(size, size), float64(size)} }

func (p *pen) at(q point) (x, y float32) {
	return float32((q.x + 1) / 2 * p.size), float32((q.y + 1) / 2 * p.size)
}

func (p *pen) polygon(points ...point) {
	p.raster.MoveTo(p.at(points[0]))
	for _, q := range points[1:] {
		p.raster.LineTo(p.at(q))
	}
	p.raster.ClosePath()
}

func (p *pen) hole(points ...point) {
	turned := make([]point, len(points))
	for i, q := range points {
		turned[len(points)-1-i] = q
	}
	p.polygon(turned...)
}

func (p *pen) mask() *image.Alpha {
	m := image.NewAlpha(p.raster.Bounds())
	p.raster.DrawOp = draw.Src
	p.raster.Draw(m, m.Bounds(), image.Opaque, image.Point{})
	return m
}

// arc is points of a circle of radius r from one angle to another; 0 is to the right, a
// quarter turn is down. So many points are a circle to the eye at the size of a mark.
func arc(r, from, to float64) []point {
	const n = 48
	points := make([]point, n+1)
	for i := range points {
		sin, cos := math.Sincos(from + (to-from)*float64(i)/n)
		points[i] = point{r * cos, r * sin}
	}
	return points
}

func circle(r float64) []point { return arc(r, 0, 2*math.Pi) }

func square(r float64) []point { return []point{{-r, -r}, {r, -r}, {r, r}, {-r, r}} }

// triangle points up, with its corners on a circle of radius r; down where r is negative.
func triangle(r float64) []point {
	w := math.Abs(r) * math.Sqrt(3) / 2
	if r < 0 {
		return []point{{w, r / 2}, {0, -r}, {-w, r / 2}}
	}
	return []point{{-w, r / 2}, {0, -r}, {w, r / 2}}
}

func shifted(points []point, dy float64) []point {
	for i := range points {
		points[i].y += dy
	}
	return points
}

// cross is an × with arms of length r and of a width.
func cross(r, width float64) []point {
	w := width / 2
	plus := []point{
		{-w, -r}, {w, -r}, {w, -w}, {r, -w}, {r, w}, {w, w},
		{w, r}, {-w, r}, {-w, w}, {-r, w}, {-r, -w}, {-w, -w},
	}
	for i, q := range plus {
		plus[i] = point{(q.x - q.y) * math.Sqrt2 / 2, (q.x + q.y) * math.Sqrt2 / 2}
	}
	return plus
}

// draw is the shape of a kind. Kinds differ in outline or in filling, so that no two are
// told apart by colour; those that are often seen together differ in both.
func (k Kind) draw(p *pen) {
	switch k {
	case Demands: // a filled triangle
		p.polygon(shifted(triangle(0.98), 0.22)...)
	case Supports: // a disc
		p.polygon(circle(0.78)...)
	case Opposes: // a cross
		p.polygon(cross(0.98, 0.42)...)
	case Offers: // an open square
		p.polygon(square(0.72)...)
		p.hole(square(0.42)...)
	case Doubts: // a ring, its lower half filled
		p.polygon(circle(0.80)...)
		p.hole(arc(0.52, math.Pi, 2*math.Pi)...)
	case Warns: // an open triangle that points down
		p.polygon(shifted(triangle(-1.02), -0.22)...)
		p.hole(shifted(triangle(-0.42), -0.22)...)
	case Says: // a small ring
		p.polygon(circle(0.62)...)
		p.hole(circle(0.32)...)
	case Event: // a slender diamond, filled
		p.polygon(point{0, -1}, point{0.62, 0}, point{0, 1}, point{-0.62, 0})
	}
}

func shapes() (masks [len(kindNames)]*image.Alpha) {
	for k := Demands; k <= Event; k++ {
		p := newPen(markSize)
		k.draw(p)
		masks[k] = p.mask()
	}
	return masks
}
