// Package fingerprint makes the hashes by which the library knows a document and its text
// again. They are kept in databases and in exports, so they never change.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Of is the fingerprint of a sequence of texts, none of which has a NUL, in hexadecimal digits.
func Of(texts ...string) string {
	h := sha256.New()
	for _, s := range texts {
		_, _ = io.WriteString(h, s+"\x00") // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil)[:size])
}

// size is how many bytes of a SHA-256 make a fingerprint.
const size = 16

// Wording is the fingerprint of a title and a text. It does not change with white space,
// invisible characters, other ways to encode an accent, or parameters that track the reader
// of an address.
func Wording(title, text string) string {
	var b strings.Builder
	for _, s := range []string{title, text} {
		for word := range strings.FieldsSeq(norm.NFC.String(strings.Map(visible, withoutTracking(s)))) {
			b.WriteString(word)
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return Of(b.String())
}

// visible drops characters without width: soft hyphens, zero width spaces and joiners, marks of
// writing direction.
func visible(r rune) rune {
	if r == '\u00ad' || r == '\u2060' || r == '\ufeff' || '\u200b' <= r && r <= '\u200f' {
		return -1
	}
	return r
}

const trackingParameter = `(?:utm_\w+|mtm_\w+|fbclid|gclid|yclid|ysclid|msclkid|igshid|mc_[ce]id)=[^\s&#"'<>)\]]*`

var (
	trackingFirst = regexp.MustCompile(`\?(?:` + trackingParameter + `&(?:amp;)?)+`)
	tracking      = regexp.MustCompile(`(?:\?|&(?:amp;)?)` + trackingParameter)
)

// withoutTracking removes from the addresses in a text the parameters that say where a reader
// came from.
func withoutTracking(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	return tracking.ReplaceAllLiteralString(trackingFirst.ReplaceAllLiteralString(s, "?"), "")
}

// Set is the fingerprint of a set of fingerprints. They are XORed, so that it depends on the
// members and not on the order in which they came.
type Set [size]byte

// ParseSet reads the String of a Set.
func ParseSet(text string) (s Set, err error) {
	content, err := hex.DecodeString(text)
	if err != nil || len(content) != size {
		return s, fmt.Errorf("the hash %q in the database is not one: restore the database from a backup", text)
	}
	return Set(content), nil
}

// Toggle puts a fingerprint into the set, or takes it out if it is there.
func (s *Set) Toggle(fingerprint string) error {
	other, err := ParseSet(fingerprint)
	for i := range s {
		s[i] ^= other[i]
	}
	return err
}

// String is the set in hexadecimal digits.
func (s Set) String() string { return hex.EncodeToString(s[:]) }
