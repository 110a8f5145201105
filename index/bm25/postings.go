package bm25

import (
	"encoding/binary"
	"math"
	"sort"
)

// Window is how many documents are scored at a time: what is known of them fits the
// first cache.
const Window = 4096

// Windows is how many windows a segment of so many documents has.
func Windows(docs int) int { return (docs + Window - 1) / Window }

// Postings are the documents of a segment that have a term, packed: for each window
// and the end a uint32, the place of its first posting; for each window a byte, its
// highest TF as a share of MaxTF; for each posting a uint16, the document's number in
// its window; for each posting a byte, its code. Numbers are little-endian. Bare
// postings have neither TF nor codes.
type Postings struct {
	starts, tops, docs, codes []byte
}

// PackedSize is the size of packed postings in bytes.
func PackedSize(n, windows int, bare bool) int {
	size := 4*(windows+1) + 2*n
	if !bare {
		size += windows + n
	}
	return size
}

// Unpack reads n packed postings; packed must have their PackedSize.
func Unpack(packed []byte, n, windows int, bare bool) (p Postings) {
	cut := func(size int) (part []byte) {
		part, packed = packed[:size:size], packed[size:]
		return part
	}
	p.starts = cut(4 * (windows + 1))
	if !bare {
		p.tops = cut(windows)
	}
	p.docs = cut(2 * n)
	if !bare {
		p.codes = cut(n)
	}
	return p
}

// A code is a frequency, up to MaxFreq, in the upper four bits and a class of lengths in
// the lower ones, from which TF can be bounded without looking the length up.
func codeOf(freq uint8, length int) uint8 { return freq<<4 | classes[length] }

// classFrom are the shortest lengths of the classes: a third longer from one to the next.
var classFrom = [16]int{0, 2, 3, 4, 5, 6, 8, 11, 15, 20, 27, 36, 48, 60, 75, 95}

// classes are those of all lengths.
var classes = func() (c [MaxLength + 1]uint8) {
	for length := range c {
		c[length] = uint8(sort.SearchInts(classFrom[:], length+1) - 1)
	}
	return c
}()

// Packer packs a posting list.
type Packer struct {
	postings Postings
	norms    *Norms // of the average length to which the bounds refer; nil for bare postings
	n        int
	window   int
}

// NewPacker makes a packer that fills packed, which must have the PackedSize of n
// postings. Without norms the postings are bare.
func NewPacker(packed []byte, n, windows int, norms *Norms) *Packer {
	p := &Packer{postings: Unpack(packed, n, windows, norms == nil), norms: norms, window: -1}
	clear(p.postings.tops)
	return p
}

// Add adds a document; their numbers must rise. A bare one has neither frequency nor
// length; others have at least 1, and at most MaxFreq and MaxLength count.
func (p *Packer) Add(doc uint32, freq, length int) {
	p.startUntil(int(doc / Window))
	binary.LittleEndian.PutUint16(p.postings.docs[2*p.n:], uint16(doc%Window))
	if p.norms != nil {
		freq, length := uint8(min(freq, MaxFreq)), min(length, MaxLength)
		p.postings.codes[p.n] = codeOf(freq, length)
		top := &p.postings.tops[p.window]
		*top = max(*top, uint8(math.Ceil(p.norms.tf(freq, length)*255/MaxTF)))
	}
	p.n++
}

func (p *Packer) startUntil(window int) {
	for p.window < window {
		p.window++
		binary.LittleEndian.PutUint32(p.postings.starts[4*p.window:], uint32(p.n))
	}
}

// Postings are what was added.
func (p *Packer) Postings() Postings {
	p.startUntil(len(p.postings.starts)/4 - 1)
	return p.postings
}

// Clause is what the documents of a list score. It serves one call of Top.
type Clause struct {
	weight float64
	norms  *Norms // nil where every document scores the weight
	// units bound the scores for each code, in the units of Top; the first where all score the same.
	units [256]uint16
}

// Constant makes a clause whose documents score the weight, for bare postings.
func Constant(weight float64) *Clause { return &Clause{weight: weight} }

// Scored makes a clause whose documents score the weight times TF.
func Scored(weight float64, norms *Norms) *Clause { return &Clause{weight: weight, norms: norms} }

// most is the highest score that the clause can give.
func (c *Clause) most() float64 {
	if c.norms == nil {
		return c.weight
	}
	return c.weight * MaxTF
}

// scale sets the units.
func (c *Clause) scale(unitsPerScore float64) {
	if c.norms == nil {
		c.units[0] = uint16(math.Ceil(c.weight * unitsPerScore))
		return
	}
	for code := 1 << 4; code < len(c.units); code++ {
		c.units[code] = uint16(math.Ceil(c.weight * c.norms.tf(uint8(code>>4), classFrom[code&15]) * unitsPerScore))
	}
}

// List is a clause in a segment.
type List struct {
	*Clause
	Postings
	Lengths
}

// Lengths are those of one field of all documents of a segment.
type Lengths struct {
	// Packed holds a little-endian uint16 a document, at most MaxLength, in whole windows.
	Packed []byte
	// Growth is how much greater the average of all segments is than the one for which
	// the postings were packed; at least 1. TF grows at most as much.
	Growth float64
}

// span is where the postings of a window stand.
func (l *List) span(window int) (from, to int) {
	starts := l.starts[4*window:]
	return int(binary.LittleEndian.Uint32(starts)), int(binary.LittleEndian.Uint32(starts[4:]))
}

// count is how many postings a window has.
func (l *List) count(window int) int {
	from, to := l.span(window)
	return to - from
}

// mostIn is the highest score in a window; 0 where it has no posting.
func (l *List) mostIn(window int) float64 {
	if l.norms != nil {
		return l.weight * float64(l.tops[window]) * (MaxTF / 255) * l.Growth
	}
	if l.count(window) == 0 {
		return 0
	}
	return l.weight
}

func (l *List) doc(i int) int { return int(binary.LittleEndian.Uint16(l.docs[2*i:])) }

// addUnits adds the bounds of the scores in a window, and returns of how many postings.
// Four at a time take two loads instead of eight.
func (l *List) addUnits(units *[Window]uint16, window int) int {
	from, to := l.span(window)
	docs, codes := l.docs[2*from:2*to], zeros[:to-from]
	if l.norms != nil {
		codes = l.codes[from:to]
	}
	for len(docs) >= 8 && len(codes) >= 4 {
		doc, code := binary.LittleEndian.Uint64(docs), binary.LittleEndian.Uint32(codes)
		units[doc%Window] += l.units[uint8(code)]
		units[doc>>16%Window] += l.units[uint8(code>>8)]
		units[doc>>32%Window] += l.units[uint8(code>>16)]
		units[doc>>48%Window] += l.units[uint8(code>>24)]
		docs, codes = docs[8:], codes[4:]
	}
	for i, code := range codes {
		units[binary.LittleEndian.Uint16(docs[2*i:])%Window] += l.units[code]
	}
	return to - from
}

// zeros stand for the codes of bare postings.
var zeros [Window]byte

// addUnitsTo adds the bounds of the scores of the given documents of a window, in order.
func (l *List) addUnitsTo(units *[Window]uint16, docs []uint16, window int) {
	for _, at := range l.matches(docs, window) {
		code := uint8(0)
		if l.norms != nil {
			code = l.codes[at]
		}
		units[l.doc(at)%Window] += l.units[code]
	}
}

// matches finds the given documents of a window, in order: their places in docs and here.
func (l *List) matches(docs []uint16, window int) func(yield func(i, at int) bool) {
	return func(yield func(i, at int) bool) {
		at, end := l.span(window)
		for i, doc := range docs {
			if at = l.seek(at, end, int(doc)); at == end {
				return
			}
			if l.doc(at) == int(doc) && !yield(i, at) {
				return
			}
		}
	}
}

// addScores adds the exact scores of the given documents of a window to theirs.
func (l *List) addScores(scores []float64, docs []uint16, window int) {
	for i, at := range l.matches(docs, window) {
		if l.norms == nil {
			scores[i] += l.weight
			continue
		}
		length := binary.LittleEndian.Uint16(l.Packed[2*(window*Window+int(docs[i])):])
		scores[i] += l.weight * l.norms.tf(l.codes[at]>>4, int(length&MaxLength))
	}
}

// seek is the first place from at whose document is not before doc: it doubles its steps
// until it is past, then halves them.
func (l *List) seek(at, end, doc int) int {
	step := 1
	for at+step < end && l.doc(at+step) < doc {
		at += step
		step *= 2
	}
	from, to := at, min(at+step, end)
	for from < to {
		if middle := (from + to) / 2; l.doc(middle) < doc {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from
}
