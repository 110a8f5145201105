// Package stance names the positions that a statement can take, and knows the English
// verbs and phrases by which a sentence takes one. It reads no sentences.
package stance

import "slices"

// Stance is the kind of position that a statement takes.
type Stance uint8

// Kinds of stance; None where the words of the sentence do not tell.
const (
	None Stance = iota
	Demands
	Supports
	Opposes
	Offers
	Doubts
	Warns
)

var names = [...]string{"says", "demands", "supports", "opposes", "offers", "doubts", "warns"}

var byName = func() map[string]Stance {
	m := map[string]Stance{}
	for i, n := range names {
		m[n] = Stance(i)
	}
	return m
}()

// String is the stance in a word: "demands"; "says" for None.
func (s Stance) String() string { return names[s] }

// Names are the words for all kinds of stance; "says" is the last.
func Names() []string { return append(slices.Clone(names[1:]), names[None]) }

// MarshalText writes String.
func (s Stance) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
