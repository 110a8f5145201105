package article

import (
	"fmt"
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"

	"parley/corpus"
)

// decoded is a page as UTF-8 without NUL.
type decoded struct {
	text  string
	plain bool // plain text, no HTML
}

// decode checks and decodes a page. The content type is that of the response; it may be empty.
func decode(page []byte, contentType string) (decoded, error) {
	if len(page) > MaxBytes {
		return decoded{}, fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLarge, len(page), MaxBytes)
	}
	kind, _, _ := mime.ParseMediaType(contentType) // what is malformed is as good as none
	switch kind {
	case "", "text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml", "application/octet-stream":
	default:
		return decoded{}, fmt.Errorf("%w: %s", ErrNotText, kind)
	}
	text, err := toUTF8(page, contentType)
	if err != nil {
		return decoded{}, err
	}
	plain := kind == "text/plain" || kind != "text/html" && !looksLikeHTML(text)
	if plain && kind != "text/plain" && strings.Contains(text, "\x00") {
		return decoded{}, fmt.Errorf("%w: it has NUL bytes", ErrNotText)
	}
	return decoded{strings.ReplaceAll(text, "\x00", ""), plain}, nil
}

func looksLikeHTML(s string) bool {
	return tags.MatchString(s[:min(len(s), 4096)])
}

// toUTF8 decodes by the byte order mark, the content type, the page's own declaration or,
// where these are missing or wrong, by what the bytes look like.
func toUTF8(page []byte, contentType string) (string, error) {
	declared, name, certain := charset.DetermineEncoding(page, contentType)
	switch {
	case utf8.Valid(page) && hasHighByte(page):
		declared = encoding.Nop // no other encoding looks like this
	case name == "utf-8", !certain:
		if guessed, _ := charset.Lookup(detect(page)); guessed != nil && !mostlyUTF8(page) {
			declared = guessed
		}
	}
	out, err := declared.NewDecoder().Bytes(page)
	if err != nil {
		return "", fmt.Errorf("decode %s: %w", name, err)
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(out), "\uFFFD"), "\uFEFF"), nil
}

func hasHighByte(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// mostlyUTF8 reports whether b is UTF-8 with few faults, as cut or mixed pages have.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		b = b[size:]
	}
	return bad <= good/10
}

// detectable is how much of a page the detection looks at, in bytes.
const detectable = 64 << 10

// detect is the name of the encoding that the bytes look like; empty when none.
func detect(page []byte) string {
	var name string
	err := protect("chardet", func() error {
		best, err := chardet.NewHtmlDetector().DetectBest(page[:min(len(page), detectable)])
		if err == nil {
			name = best.Charset
		}
		return err
	})
	if err != nil {
		return ""
	}
	return name
}

// plainDocument is a document of plain text, of which nothing else is known.
func plainDocument(text string, at *url.URL) corpus.Document {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	return corpus.Document{Source: corpus.Source{URL: at.String(), Published: addressDate(at)}, Text: text}
}
