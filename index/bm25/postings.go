package bm25

import (
	"encoding/binary"
	"math"
)

// Window is how many documents are scored at a time: their sums fit the first cache.
const Window = 4096

// Windows is how many windows a segment of so many documents has.
func Windows(docs int) int { return (docs + Window - 1) / Window }

// Postings are the documents of a segment that have a term, packed: for each window
// and the end a uint32, the place of its first posting; for each window a byte, its
// highest TF as a share of MaxTF; for each posting a uint16, the document's number in
// its window; for each posting a byte, the frequency. Numbers are little-endian.
// Bare postings have neither TF nor frequencies.
type Postings struct {
	starts, tops, docs, freqs []byte
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
		p.freqs = cut(n)
	}
	return p
}

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

// Add adds a document; their numbers must rise. A bare one has neither frequency nor length.
func (p *Packer) Add(doc uint32, freq uint8, length int) {
	p.startUntil(int(doc / Window))
	binary.LittleEndian.PutUint16(p.postings.docs[2*p.n:], uint16(doc%Window))
	if p.norms != nil {
		p.postings.freqs[p.n] = freq
		top := &p.postings.tops[p.window]
		*top = max(*top, uint8(math.Ceil(p.norms.Score(255/MaxTF, freq, length))))
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

// List is a clause over a segment: postings and what they are worth.
type List struct {
	Postings
	weight  float64
	norms   *Norms
	lengths []byte
	bound   float64 // for a whole unit of Postings.tops
}

// Constant makes a list in which every document scores the weight.
func Constant(p Postings, weight float64) List {
	return List{Postings: p, weight: Round(weight)}
}

// Lengths are those of one field of all documents of a segment.
type Lengths struct {
	// Packed holds a little-endian uint16 a document, at most MaxLength.
	Packed []byte
	// Norms are those for the average of all segments.
	Norms *Norms
	// Growth is how much greater that average is than the one for which the postings
	// were packed; at least 1. TF grows at most as much.
	Growth float64
}

// Scored makes a list in which documents score the weight times TF.
func Scored(p Postings, weight float64, lengths Lengths) List {
	return List{Postings: p, weight: weight, norms: lengths.Norms, lengths: lengths.Packed, bound: weight * lengths.Growth * MaxTF / 255 * (1 + 1e-12)}
}

// span is where the postings of a window stand.
func (l *List) span(window int) (from, to int) {
	starts := l.starts[4*window:]
	return int(binary.LittleEndian.Uint32(starts)), int(binary.LittleEndian.Uint32(starts[4:]))
}

// most is the highest score in a window; 0 where it has no posting.
func (l *List) most(window int) float64 {
	if l.norms != nil {
		return roundUp(float64(l.tops[window]) * l.bound)
	}
	if from, to := l.span(window); from == to {
		return 0
	}
	return l.weight
}

func (l *List) doc(i int) int { return int(binary.LittleEndian.Uint16(l.docs[2*i:])) }

// score is that of posting i, whose document is the doc-th of the window.
func (l *List) score(i, window, doc int) float64 {
	if l.norms == nil {
		return l.weight
	}
	return l.norms.Score(l.weight, l.freqs[i], l.length(window, doc))
}

func (l *List) length(window, doc int) int {
	return int(binary.LittleEndian.Uint16(l.lengths[2*(window*Window+doc):]) & MaxLength)
}

// sums are the scores of the documents of a window, and which of them have any.
type sums struct {
	of   [Window]float64
	seen [Window / 64]uint64
}

// addTo adds the scores of a window.
func (l *List) addTo(s *sums, window int) {
	from, to := l.span(window)
	docs := l.docs[2*from : 2*to]
	if l.norms == nil {
		for ; len(docs) >= 2; docs = docs[2:] {
			doc := binary.LittleEndian.Uint16(docs) % Window
			s.of[doc] += l.weight
			s.seen[doc/64] |= 1 << (doc % 64)
		}
		return
	}
	lengths := l.lengths[2*window*Window:]
	for _, freq := range l.freqs[from:to] {
		doc := binary.LittleEndian.Uint16(docs) % Window
		docs = docs[2:]
		length := binary.LittleEndian.Uint16(lengths[2*int(doc):]) & MaxLength
		s.of[doc] += l.norms.Score(l.weight, freq, int(length))
		s.seen[doc/64] |= 1 << (doc % 64)
	}
}

// addToEach adds the scores of those documents of a window that are candidates, which
// are in order.
func (l *List) addToEach(candidates []candidate, window int) {
	at, end := l.span(window)
	for i := range candidates {
		c := &candidates[i]
		if at = l.seek(at, end, c.doc); at == end {
			return
		}
		if l.doc(at) == c.doc {
			c.sum += l.score(at, window, c.doc)
		}
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
