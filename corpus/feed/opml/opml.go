// Package opml reads and writes lists of feeds, as feed readers exchange them.
package opml

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"parley/corpus/charset"
	"parley/corpus/feed"
	"parley/corpus/feed/xmlrepair"
	"parley/corpus/htmltext"
	"parley/corpus/weburl"
)

// ErrNotOPML is the error of a file that is no list of feeds.
var ErrNotOPML = errors.New("this is not OPML")

// List is a list of feeds in folders.
type List struct {
	Title    string
	Outlines []Outline
}

// Outline is a feed, if it has the address of one, or a folder of outlines; it may be both.
type Outline struct {
	Text        string    `xml:"text,attr"` // what is shown
	Title       string    `xml:"title,attr,omitempty"`
	Type        string    `xml:"type,attr,omitempty"`    // "rss" for feeds of every format, others for what is no feed
	XMLURL      string    `xml:"xmlUrl,attr,omitempty"`  // of the feed
	HTMLURL     string    `xml:"htmlUrl,attr,omitempty"` // of its site
	Description string    `xml:"description,attr,omitempty"`
	Language    string    `xml:"language,attr,omitempty"`
	Category    string    `xml:"category,attr,omitempty"` // several are parted by commas
	Outlines    []Outline `xml:"outline"`
}

// Feeds are the outlines that have the address of a feed on the web, each with the
// names of the folders that it stands in. The slice of names is valid for one step.
func (l List) Feeds() iter.Seq2[[]string, Outline] {
	return func(yield func([]string, Outline) bool) { feedsIn(l.Outlines, nil, yield) }
}

func feedsIn(outlines []Outline, folders []string, yield func([]string, Outline) bool) bool {
	for _, o := range outlines {
		if _, ok := weburl.Canonical(o.XMLURL); ok && !yield(folders, o) {
			return false
		}
		if !feedsIn(o.Outlines, append(folders, cmp.Or(o.Text, o.Title)), yield) {
			return false
		}
	}
	return true
}

// Read reads a list of feeds. One that is cut off or nested deeper than any reader
// makes it is an error, not half a list.
func Read(data []byte) (List, error) {
	if len(data) > feed.MaxBytes {
		return List{}, fmt.Errorf("%w: %d bytes, at most %d are read", feed.ErrTooLarge, len(data), feed.MaxBytes)
	}
	text, err := xmlrepair.Repair(charset.Feed(data, ""))
	if err != nil {
		return List{}, err
	}
	dec := xml.NewDecoder(strings.NewReader(text))
	dec.Strict = false
	r := opmlReader{dec: dec}
	root, err := r.next()
	if err != nil || root == nil || !strings.EqualFold(root.Name.Local, "opml") {
		return List{}, fmt.Errorf("%w: it does not begin with <opml>", ErrNotOPML)
	}
	outlines, err := r.children(1)
	if err != nil {
		return List{}, err
	}
	return List{Title: r.title, Outlines: outlines}, nil
}

type opmlReader struct {
	dec   *xml.Decoder
	title string
}

// next is the next start tag, nil at an end tag.
func (r *opmlReader) next() (*xml.StartElement, error) {
	for {
		tok, err := r.dec.Token()
		if err != nil {
			return nil, fmt.Errorf("%w: it is cut off or no XML (%w)", ErrNotOPML, err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			return &tok, nil
		case xml.EndElement:
			return nil, nil
		}
	}
}

// children reads up to the end of the element that is open. <head> and <body> are
// passed through: what stands in them is told by its own name.
func (r *opmlReader) children(depth int) ([]Outline, error) {
	if depth > xmlrepair.MaxDepth {
		return nil, fmt.Errorf("%w: its outlines are nested deeper than %d", xmlrepair.ErrHostile, xmlrepair.MaxDepth)
	}
	var all []Outline
	for {
		e, err := r.next()
		if err != nil || e == nil {
			return all, err
		}
		switch name := strings.ToLower(e.Name.Local); name {
		case "outline":
			o := outlineOf(*e)
			if o.Outlines, err = r.children(depth + 1); err != nil {
				return nil, err
			}
			all = append(all, o)
		case "title":
			var title string
			if err := r.dec.DecodeElement(&title, e); err != nil {
				return nil, fmt.Errorf("%w: its title cannot be read (%w)", ErrNotOPML, err)
			}
			r.title = htmltext.CleanLine(title)
		default:
			inner, err := r.children(depth + 1)
			if err != nil {
				return nil, err
			}
			all = append(all, inner...)
		}
	}
}

func outlineOf(e xml.StartElement) Outline {
	text := func(name string) string {
		for _, a := range e.Attr {
			if strings.EqualFold(a.Name.Local, name) {
				return htmltext.CleanLine(a.Value)
			}
		}
		return ""
	}
	return Outline{
		Text: text("text"), Title: text("title"), Type: text("type"),
		XMLURL: cmp.Or(text("xmlUrl"), text("url")), HTMLURL: text("htmlUrl"),
		Description: text("description"), Language: text("language"), Category: text("category"),
	}
}

// Write writes a list of feeds that Read, and other readers, read back.
func Write(w io.Writer, l List) error {
	file := struct {
		XMLName  xml.Name  `xml:"opml"`
		Version  string    `xml:"version,attr"`
		Title    string    `xml:"head>title"`
		Outlines []Outline `xml:"body>outline"`
	}{Version: "2.0", Title: l.Title, Outlines: l.Outlines}
	text, err := xml.MarshalIndent(file, "", "  ")
	if err == nil {
		_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	}
	if err != nil {
		return fmt.Errorf("OPML: %w", err)
	}
	return nil
}
