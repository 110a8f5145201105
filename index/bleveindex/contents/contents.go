// Package contents sums up the documents of an index: how many there are, of whom, from
// when, and a hash of them all. Documents are counted one by one, in any order, and each
// can be taken away again, so that an index that follows changes tells the same as a new
// one of the same documents.
package contents

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/corpus"
	"parley/index"
)

// ScoredFields are the fields in which terms have frequencies and texts have lengths.
var ScoredFields = [...]index.Field{index.FieldText, index.FieldTitle}

// ScoredField is the place of a field in ScoredFields; negative if it is not there.
func ScoredField(f index.Field) int { return slices.Index(ScoredFields[:], f) }

// Terms are numbers of terms, by the order of ScoredFields.
type Terms [len(ScoredFields)]int

// Summary sums up all documents of an index.
type Summary struct {
	// State says where the library stood. Its form is the caller's.
	State  string       `json:"state,omitempty"`
	Record index.Record `json:"record"`
	// Publishers are sorted by name.
	Publishers []index.Publisher `json:"publishers"`
	// Terms counts those of all passages.
	Terms Terms `json:"terms"`
	// Hash combines the hashes of the documents; Record.Version is made of it.
	Hash Digest `json:"hash"`
}

// Share is one document's part of a summary, besides its source.
type Share struct {
	Hash     Digest
	Passages int
	Terms    Terms
}

// Clone is a copy that can be changed.
func (s *Summary) Clone() *Summary {
	c := *s
	c.Publishers = slices.Clone(s.Publishers)
	return &c
}

// AverageLength is the mean number of terms that a passage has in the i-th of
// ScoredFields, at least 1.
func (s *Summary) AverageLength(i int) float64 {
	return max(1, float64(s.Terms[i])/float64(max(1, s.Record.Passages)))
}

// Add counts one more document. Finish must follow.
func (s *Summary) Add(source corpus.Source, d Share) {
	s.count(d, 1)
	i, found := s.publisher(source.Publisher)
	if !found {
		s.Publishers = slices.Insert(s.Publishers, i, index.Publisher{Name: source.Publisher})
	}
	p := &s.Publishers[i]
	p.Documents++
	p.From, p.To = Widen(p.From, p.To, source.Published)
}

// Remove takes a document away that was added. It returns true if the document was the
// oldest or the newest of its publisher: then SetDates must follow, and Finish always.
func (s *Summary) Remove(source corpus.Source, d Share) (stale bool) {
	s.count(d, -1)
	i, found := s.publisher(source.Publisher)
	if !found {
		return false
	}
	p := &s.Publishers[i]
	if p.Documents--; p.Documents == 0 {
		s.Publishers = slices.Delete(s.Publishers, i, i+1)
		return false
	}
	return !source.Published.IsZero() &&
		(compareDates(source.Published, p.From) == 0 || compareDates(source.Published, p.To) == 0)
}

// count adds a share, or takes it away again where sign is -1.
func (s *Summary) count(d Share, sign int) {
	s.Record.Documents += sign
	s.Record.Passages += sign * d.Passages
	for i, n := range d.Terms {
		s.Terms[i] += sign * n
	}
	for i, b := range d.Hash { // documents differ in their ids, so that no hash comes twice
		s.Hash[i] ^= b
	}
}

// SetDates sets the dates of a publisher's oldest and newest documents.
func (s *Summary) SetDates(publisher string, from, to corpus.PartialDate) {
	if i, found := s.publisher(publisher); found {
		s.Publishers[i].From, s.Publishers[i].To = from, to
	}
}

func (s *Summary) publisher(name string) (int, bool) {
	return slices.BinarySearchFunc(s.Publishers, name, func(p index.Publisher, name string) int {
		return cmp.Compare(p.Name, name)
	})
}

// Finish derives the newest date and the version of the record from the rest.
func (s *Summary) Finish() {
	s.Record.Newest = corpus.PartialDate{}
	for _, p := range s.Publishers {
		_, s.Record.Newest = Widen(s.Record.Newest, s.Record.Newest, p.To)
	}
	version := sha256.New()
	fmt.Fprintf(version, "%d %x", s.Record.Documents, s.Hash[:])
	s.Record.Version = hex.EncodeToString(version.Sum(nil)[:8]) // enough to tell records apart
}

// Widen makes the span of dates include d. An unknown date changes nothing.
func Widen(from, to, d corpus.PartialDate) (corpus.PartialDate, corpus.PartialDate) {
	if d.IsZero() {
		return from, to
	}
	if from.IsZero() || compareDates(d, from) < 0 {
		from = d
	}
	if compareDates(d, to) > 0 {
		to = d
	}
	return from, to
}

// compareDates orders dates, and those that mean the same moment in different time zones
// by how they are written: the same documents give the same dates in whatever order they come.
func compareDates(d, e corpus.PartialDate) int {
	if c := d.Compare(e); c != 0 || d == e {
		return c
	}
	return strings.Compare(d.String(), e.String())
}

// Digest is the hash of a document, or of several without regard to their order.
type Digest [sha256.Size]byte

// DigestOf is the hash of a document's text and source.
func DigestOf(doc corpus.Document) (d Digest) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(doc); err != nil {
		panic(err) // a document has nothing that cannot be JSON
	}
	h.Sum(d[:0])
	return d
}

// MarshalText writes hexadecimal digits.
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Digest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return fmt.Errorf("a hash of %d digits", len(text))
	}
	_, err := hex.Decode(d[:], text)
	return err
}
