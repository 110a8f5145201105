package feed

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

// textType says how the text of an element is written: "text", "html", "xhtml" or "base64".
func (c *cleaner) textType(e xml.StartElement) string {
	if prefix := prefixOf(e); c.dialect != atomDialect || prefix != "" && prefix != atomPrefix {
		return "html"
	}
	kind := strings.ToLower(strings.TrimSpace(attribute(e, "type")))
	mode := strings.ToLower(strings.TrimSpace(attribute(e, "mode")))
	switch {
	case mode == "base64":
		return "base64"
	case mode == "escaped" && kind != "text/plain" && kind != "text":
		return "html"
	case strings.Contains(kind, "xml"): // xhtml, application/xhtml+xml, image/svg+xml
		return "xhtml"
	case strings.HasSuffix(kind, "html"):
		return "html"
	case kind == "" || strings.HasPrefix(kind, "text"):
		return "text"
	}
	return "base64" // RFC 4287, 4.1.3.3
}

// content is what stands in an element, in order.
type content struct {
	pieces []string
	isTag  []bool
	size   int // bytes; beyond maxText the pieces are not kept
}

// maxText is the length of the longest text of an item, in bytes: that of a book.
const maxText = 1 << 20

// content reads up to the end of the element that was begun.
func (c *cleaner) content() (content, error) {
	var x content
	for depth := 1; ; {
		tok, err := c.dec.Token()
		if err != nil {
			return content{}, err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			x.add(string(tok), false)
		case xml.StartElement:
			if depth++; depth+len(c.scopes) > maxDepth {
				return content{}, fmt.Errorf("%w: its elements are nested deeper than %d", ErrHostile, maxDepth)
			}
			x.add("<"+tok.Name.Local+">", true)
		case xml.EndElement:
			if depth--; depth == 0 {
				return x, nil
			}
			x.add("</"+tok.Name.Local+">", true)
		}
	}
}

func (x *content) add(piece string, isTag bool) {
	if x.size += len(piece); x.size > maxText {
		return
	}
	x.pieces = append(x.pieces, piece)
	x.isTag = append(x.isTag, isTag)
}

// plain is the text without what tags there may be.
func (x content) plain() string {
	var b strings.Builder
	for i, piece := range x.pieces {
		if !x.isTag[i] {
			b.WriteString(piece)
		}
	}
	return b.String()
}

// html is the content as HTML. Where there are tags, the text between them is no HTML
// itself, whatever the type says.
func (x content) html(textType string) string {
	if textType == "base64" {
		return decodeBase64(x.plain())
	}
	literal := textType != "html" || slices.Contains(x.isTag, true)
	var b strings.Builder
	for i, piece := range x.pieces {
		if literal && !x.isTag[i] {
			piece = escaper.Replace(piece)
		}
		b.WriteString(piece)
	}
	return b.String()
}

// decodeBase64 is the decoded text, or the text as it is: "mode" is often left behind
// by feeds that no longer encode.
func decodeBase64(s string) string {
	decoded, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(strings.TrimSpace(s))))
	if err != nil {
		return escaper.Replace(s)
	}
	return strings.ToValidUTF8(string(decoded), "\ufffd")
}
