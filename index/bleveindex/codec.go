package bleveindex

import (
	"encoding/binary"
	"errors"
	"slices"

	"parley/corpus"
	"parley/index"
	"parley/index/generation"
)

// notes is what the index stores of a passage beside its text: everything of
// index.Passage but the text, the source and the id. Numbers are unsigned
// varints, strings and lists carry their length before them.

func appendNotes(b []byte, p *index.Passage) []byte {
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
	b = appendStrings(b, p.Kinds)
	b = binary.AppendUvarint(b, uint64(len(p.Mentions)))
	at = 0
	for _, m := range p.Mentions {
		b = binary.AppendUvarint(b, uint64(m.Start-at))
		b = binary.AppendUvarint(b, uint64(m.Len()))
		b = appendString(b, m.Actor)
		b = appendString(b, m.Person)
		at = m.Start
	}
	b = binary.AppendUvarint(b, uint64(len(p.Says)))
	for _, s := range p.Says {
		b = binary.AppendUvarint(b, uint64(s.Sentence))
		b = appendStrings(b, s.Actors)
		b = appendString(b, s.Speaker)
		b = binary.AppendUvarint(b, direct(s))
		b = appendStrings(b, s.Topics)
		b = appendString(b, s.Stance)
	}
	return b
}

func direct(s index.Saying) uint64 {
	if s.Direct {
		return 1
	}
	return 0
}

// appendShare writes a document's share of the contents: the hash, then numbers.
func appendShare(b []byte, s share) []byte {
	b = append(b, s.Hash[:]...)
	b = binary.AppendUvarint(b, uint64(s.Passages))
	for _, f := range scoredFields {
		b = binary.AppendUvarint(b, uint64(s.Terms[f]))
	}
	return b
}

// decodeShare reads what appendShare wrote.
func decodeShare(b []byte) (s share, err error) {
	d := decoder{b: b[copy(s.Hash[:], b):]}
	s.Passages, s.Terms = d.number(), map[index.Field]int{}
	for _, f := range scoredFields {
		s.Terms[f] = d.number()
	}
	if d.bad || len(d.b) > 0 {
		return share{}, errors.Join(generation.ErrCorrupt, errors.New("a document's share of the contents does not decode"))
	}
	return s, nil
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

// decodeNotes reads into p what appendNotes wrote; p.Text must be set.
func decodeNotes(b []byte, p *index.Passage) error {
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
	p.Kinds = d.strings()
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
		s := index.Saying{Sentence: d.number(), Actors: d.strings(), Speaker: d.string(), Direct: d.number() == 1, Topics: d.strings(), Stance: d.string()}
		if s.Sentence >= len(p.Sentences) {
			d.bad = true
			break
		}
		p.Says = append(p.Says, s)
	}
	if d.bad || len(d.b) > 0 {
		return errors.Join(generation.ErrCorrupt, errors.New("a stored passage does not decode"))
	}
	return nil
}

// decoder reads from b; after the first mistake it is bad and yields zeros.
type decoder struct {
	b   []byte
	bad bool
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
