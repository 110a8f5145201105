package bleveindex

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/corpus"
	"parley/index"
)

// Contents sums up the documents of an index. Every snapshot has its own.
type Contents struct {
	// State is what the caller said of where the library stood, opaque to this package.
	State  string       `json:"state,omitempty"`
	Record index.Record `json:"record"`
	// Publishers are sorted by name.
	Publishers []index.Publisher `json:"publishers"`
	// Terms is how many terms the passages have in a field, all together.
	Terms map[index.Field]int `json:"terms"`
	// Hash is the sum of the documents' hashes, from which Record.Version is made.
	Hash digest `json:"hash"`
}

// clone is a copy that can be changed.
func (c *Contents) clone() *Contents {
	d := *c
	d.Publishers, d.Terms = slices.Clone(c.Publishers), maps.Clone(c.Terms)
	return &d
}

// averageLength is the mean number of terms in a passage's field, at least 1.
func (c *Contents) averageLength(f index.Field) float64 {
	return max(1, float64(c.Terms[f])/float64(max(1, c.Record.Passages)))
}

// share is what one document adds to the contents, beside its source. It is stored with
// the source, so that it can be taken away again.
type share struct {
	Hash     digest
	Passages int
	Terms    map[index.Field]int // of scoredFields
}

// add counts one more document.
func (c *Contents) add(source corpus.Source, s share) {
	c.count(s, 1)
	i, found := c.publisher(source.Publisher)
	if !found {
		c.Publishers = slices.Insert(c.Publishers, i, index.Publisher{Name: source.Publisher})
	}
	p := &c.Publishers[i]
	p.Documents++
	p.From, p.To = widened(p.From, p.To, source.Published)
}

// remove counts one document less. It is stale afterwards if the document was the
// oldest or the newest of its publisher, whose dates must then be set again.
func (c *Contents) remove(source corpus.Source, s share) (stale bool) {
	c.count(s, -1)
	i, found := c.publisher(source.Publisher)
	if !found {
		return false
	}
	p := &c.Publishers[i]
	if p.Documents--; p.Documents == 0 {
		c.Publishers = slices.Delete(c.Publishers, i, i+1)
		return false
	}
	return !source.Published.IsZero() &&
		(order(source.Published, p.From) == 0 || order(source.Published, p.To) == 0)
}

func (c *Contents) count(s share, sign int) {
	c.Record.Documents += sign
	c.Record.Passages += sign * s.Passages
	for f, n := range s.Terms {
		c.Terms[f] += sign * n
	}
	c.Hash.toggle(s.Hash)
}

// setDates sets between what dates a publisher's documents lie.
func (c *Contents) setDates(publisher string, from, to corpus.PartialDate) {
	if i, found := c.publisher(publisher); found {
		c.Publishers[i].From, c.Publishers[i].To = from, to
	}
}

func (c *Contents) publisher(name string) (int, bool) {
	return slices.BinarySearchFunc(c.Publishers, name, func(p index.Publisher, name string) int { return cmp.Compare(p.Name, name) })
}

// finish makes what follows from the rest.
func (c *Contents) finish() {
	c.Record.Newest = corpus.PartialDate{}
	for _, p := range c.Publishers {
		_, c.Record.Newest = widened(c.Record.Newest, c.Record.Newest, p.To)
	}
	c.Record.Version = version(c.Record.Documents, c.Hash)
}

// widened are the ends of a span of dates with one more date; an unknown one changes nothing.
func widened(from, to, d corpus.PartialDate) (corpus.PartialDate, corpus.PartialDate) {
	if d.IsZero() {
		return from, to
	}
	if from.IsZero() || order(d, from) < 0 {
		from = d
	}
	if order(d, to) > 0 {
		to = d
	}
	return from, to
}

// order sorts dates, and those that mean the same moment in different time zones by how
// they are written: the same documents give the same dates, in whatever order they come.
func order(d, e corpus.PartialDate) int {
	if c := d.Compare(e); c != 0 || d == e {
		return c
	}
	return strings.Compare(d.String(), e.String())
}

// digest is the hash of a document, or the sum of several without regard to their order.
type digest [sha256.Size]byte

func digestOf(doc corpus.Document) (d digest) {
	h := sha256.New()
	must(json.NewEncoder(h).Encode(doc))
	h.Sum(d[:0])
	return d
}

// toggle adds a hash, or takes it away again: its own inverse, as documents differ in their ids.
func (d *digest) toggle(e digest) {
	for i, b := range e {
		d[i] ^= b
	}
}

// MarshalText writes hexadecimal digits.
func (d digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads what MarshalText writes.
func (d *digest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return fmt.Errorf("a hash of %d digits", len(text))
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// Corpus is the hash of the documents: their ids, texts and sources, whatever their order.
// It is Record.Version of an index of them.
func Corpus(docs []corpus.Document) string {
	var all digest
	for _, doc := range docs {
		all.toggle(digestOf(doc))
	}
	return version(len(docs), all)
}

func version(documents int, all digest) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %x", documents, all[:])
	return sum(h)
}
