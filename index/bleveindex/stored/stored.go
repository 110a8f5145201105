// Package stored is the binary form of what an index stores of a passage beside its text,
// and of a document's share of the contents. Numbers are unsigned varints; strings and
// lists have their length before them.
package stored

import (
	"encoding/binary"
	"errors"
	"slices"

	"parley/corpus"
	"parley/index"
	"parley/index/bleveindex/contents"
	"parley/index/generation"
)

// AppendPassage appends all of a passage but its text, source and id.
func AppendPassage(b []byte, p *index.Passage) []byte {
	b = binary.AppendUvarint(b, uint64(p.Number))
	b = binary.AppendUvarint(b, uint64(p.Of))
	b = binary.AppendUvarint(b, uint64(p.Start))
	b = binary.AppendUvarint(b, uint64(len(p.Sentences)))
	at := 0
	for _, s := range p.Sentences {
		b = binary.AppendUvarint(b, uint64(s.Start-at))
		b = binary.AppendUvarint(b, uint64(s.Len()))
		at = s.End
	}
	b = appendStrings(b, p.Actors)
	b = appendStrings(b, p.Topics)
	b = appendStrings(b, p.SourceKinds)
	b = binary.AppendUvarint(b, uint64(len(p.Mentions)))
	at = 0
	for _, m := range p.Mentions {
		b = binary.AppendUvarint(b, uint64(m.Start-at))
		b = binary.AppendUvarint(b, uint64(m.Len()))
		b = appendString(b, m.Actor)
		b = appendString(b, m.Person)
		at = m.Start
	}
	b = binary.AppendUvarint(b, uint64(len(p.Attributions)))
	for _, s := range p.Attributions {
		b = binary.AppendUvarint(b, uint64(s.Sentence))
		b = appendStrings(b, s.Actors)
		b = appendString(b, s.Speaker)
		direct := byte(0)
		if s.Direct {
			direct = 1
		}
		b = append(b, direct)
		b = appendStrings(b, s.Topics)
		b = appendString(b, s.Stance)
	}
	return b
}

// DecodePassage reads into p what AppendPassage wrote; p.Text must be set. What it lets
// through has spans inside the text. All else is an error that wraps generation.ErrCorrupt.
func DecodePassage(b []byte, p *index.Passage) error {
	d := decoder{b: b}
	p.Number = d.number()
	p.Of = d.number()
	p.Start = d.number()
	p.End = p.Start + len(p.Text)
	n, at := d.count(), 0
	p.Sentences = make([]corpus.Span, 0, n)
	for range n {
		s := corpus.Span{Start: at + d.number()}
		s.End = s.Start + d.number()
		if s.End > len(p.Text) || s.Start > s.End {
			d.bad = true
			break
		}
		p.Sentences = append(p.Sentences, s)
		at = s.End
	}
	p.Actors = d.strings()
	p.Topics = d.strings()
	p.SourceKinds = d.strings()
	at = 0
	for range d.count() {
		m := index.Mention{Span: corpus.Span{Start: at + d.number()}}
		m.End = m.Start + d.number()
		m.Actor, m.Person = d.string(), d.string()
		if m.End > len(p.Text) {
			d.bad = true
			break
		}
		p.Mentions = append(p.Mentions, m)
		at = m.Start
	}
	for range d.count() {
		s := index.Attribution{
			Sentence: d.number(), Actors: d.strings(), Speaker: d.string(), Direct: d.number() == 1,
			Topics: d.strings(), Stance: d.string(),
		}
		if s.Sentence >= len(p.Sentences) {
			d.bad = true
			break
		}
		p.Attributions = append(p.Attributions, s)
	}
	return d.end("a stored passage")
}

// AppendShare appends a document's share of the contents.
func AppendShare(b []byte, s contents.Share) []byte {
	b = append(b, s.Hash[:]...)
	b = binary.AppendUvarint(b, uint64(s.Passages))
	for _, n := range s.Terms {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

// DecodeShare reads what AppendShare wrote. All else is an error that wraps
// generation.ErrCorrupt.
func DecodeShare(b []byte) (s contents.Share, err error) {
	d := decoder{b: b[copy(s.Hash[:], b):]}
	s.Passages = d.number()
	for i := range s.Terms {
		s.Terms[i] = d.number()
	}
	return s, d.end("a document's share of the contents")
}

func appendStrings(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendString(b, s)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decoder reads from b; after the first mistake it is bad and yields zeros.
type decoder struct {
	b   []byte
	bad bool
}

// end is the error of a decoder that is bad or has not come to the end.
func (d *decoder) end(what string) error {
	if d.bad || len(d.b) > 0 {
		return errors.Join(generation.ErrCorrupt, errors.New(what+" does not decode"))
	}
	return nil
}

// maxNumber bounds every number: documents are far smaller, and sums cannot overflow.
const maxNumber = 1 << 40

func (d *decoder) number() int {
	n, size := binary.Uvarint(d.b)
	if size <= 0 || n > maxNumber || d.bad {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[size:]
	return int(n)
}

// count is a number of things that take at least a byte each.
func (d *decoder) count() int {
	n := d.number()
	if n > len(d.b) {
		d.bad, d.b = true, nil
		return 0
	}
	return n
}

func (d *decoder) string() string {
	n := d.count()
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) strings() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	list := make([]string, 0, n)
	for range n {
		list = append(list, d.string())
	}
	return slices.Clip(list)
}
