package article

import (
	"fmt"
	"mime"
	"net/url"
	"strings"

	"parley/corpus"
	"parley/corpus/article/dom"
	"parley/corpus/charset"
	"parley/corpus/dates"
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
	text, err := charset.Page(page, contentType)
	if err != nil {
		return decoded{}, err
	}
	plain := kind == "text/plain" || kind != "text/html" && !dom.HasTag(text[:min(len(text), 4096)])
	if plain && kind != "text/plain" && strings.Contains(text, "\x00") {
		return decoded{}, fmt.Errorf("%w: it has NUL bytes", ErrNotText)
	}
	return decoded{strings.ReplaceAll(text, "\x00", ""), plain}, nil
}

// plainDocument is a document of plain text, of which nothing else is known.
func plainDocument(text string, at *url.URL) corpus.Document {
	text = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
	return corpus.Document{Source: corpus.Source{URL: at.String(), Published: dates.InPath(at)}, Text: text}
}
