package article

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"

	"golang.org/x/net/html"

	"parley/corpus/article/dom"
	"parley/corpus/charset"
)

// maxTags is the number of "<" of the largest page that is parsed. A tag of three bytes
// becomes nodes of hundreds, several times over; pages of newspapers have some thousands.
const maxTags = 300_000

// parse reads a page into a tree. The parser refuses elements nested more than 512 deep,
// which pages that leave elements open reach; these are read again without the elements
// that only lay out.
func parse(source string) (*html.Node, error) {
	if n := strings.Count(source, "<"); n > maxTags {
		return nil, fmt.Errorf("%w: %d tags, at most %d are read", ErrTooLarge, n, maxTags)
	}
	root, err := parseHTML(source)
	if err == nil {
		return root, nil
	}
	flat, err := flatten(source)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	return parseHTML(flat)
}

func parseHTML(source string) (root *html.Node, err error) {
	err = protect("parse", func() (err error) {
		root, err = html.Parse(strings.NewReader(source))
		return err
	})
	if err != nil {
		return nil, err
	}
	clip(root)
	return root, nil
}

// maxAttr is how much of an attribute is kept, in bytes: names and addresses are below it.
const maxAttr = 2000

// clip shortens attributes, and empties a title that is none: readability searches all of
// them with patterns, several times over.
func clip(root *html.Node) {
	for n := range root.Descendants() {
		if n.Data == "title" && n.FirstChild != nil && len(n.FirstChild.Data) > dom.ShortBytes {
			n.FirstChild.Data = ""
		}
		for i, a := range n.Attr {
			if n.Data != "meta" && len(a.Val) > maxAttr {
				n.Attr[i].Val = strings.ToValidUTF8(a.Val[:maxAttr], "")
			}
		}
	}
}

// shallow are the elements that end one another, so that they cannot nest deeply.
var shallow = dom.SetOf("html head body title meta link script style noscript h1 h2 h3 h4 h5 h6 p li br hr nav time")

// flatten is the page with no other elements than the shallow ones; the others become paragraphs.
func flatten(source string) (string, error) {
	var b strings.Builder
	t := html.NewTokenizer(strings.NewReader(source))
	for {
		switch t.Next() {
		case html.ErrorToken:
			if err := t.Err(); !errors.Is(err, io.EOF) {
				return "", err
			}
			return b.String(), nil
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			raw := string(t.Raw())
			name, _ := t.TagName()
			switch {
			case shallow[string(name)]:
				b.WriteString(raw)
			case separate[string(name)]:
				b.WriteString("<p>")
			}
		case html.TextToken:
			b.Write(t.Raw())
		}
	}
}

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
