package feed

import (
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"parley/corpus/feed/xmlrepair"
	"parley/corpus/weburl"
)

// Limits within one item.
const (
	maxText    = 1 << 20 // bytes of a text: that of a book
	maxRepeats = 100     // links, categories or authors
)

// parseXML reads RSS, RDF and Atom. The author is that of the items that name none.
func parseXML(text string, base *url.URL) (f Feed, author string, err error) {
	sound, err := xmlrepair.Repair(text)
	if err != nil {
		return f, "", err
	}
	document := &element{}
	r := xmlReader{dec: xml.NewDecoder(strings.NewReader(sound)), open: []frame{{element: document, base: base}}}
	r.dec.Strict = false
	if err := r.run(); err != nil {
		return f, "", err
	}
	if r.dialect == atomDialect {
		f, author = atomFeed(document.last("feed"))
	} else {
		f, author = rssFeed(document.last("rss"))
	}
	f.Format, f.Damage = r.format, r.damage
	return f, author, nil
}

// xmlReader gathers the known elements of a feed. A container that is complete is added to
// the one that it stands in; an item is read at once, so that its elements need not be kept.
type xmlReader struct {
	dec     *xml.Decoder
	dialect dialect
	native  string // the namespace of the root
	format  string
	damage  string
	open    []frame // the document and the containers that are open
	items   int
}

// frame is an open container with what it passes on to the elements in it.
type frame struct {
	*element
	base *url.URL
	lang string
	met  map[string]int // how often an element of each name was met in it
}

func (r *xmlReader) top() *frame { return &r.open[len(r.open)-1] }

// openItem is the place of the item that is open; -1 if none is.
func (r *xmlReader) openItem() int {
	return slices.IndexFunc(r.open, func(f frame) bool { return isItem(f.name) })
}

func isItem(name string) bool { return name == "item" || name == "entry" }

// run reads to the end of the root. What follows a fault in the syntax is left out, and
// so is the item that it stands in: cut off, it might say the opposite.
func (r *xmlReader) run() error {
	root, err := r.root()
	if err != nil {
		return err
	}
	if err := r.start(root); err != nil {
		return err
	}
	if len(r.open) == 1 {
		return fmt.Errorf("%w: failed to find root node before document end", ErrNotFeed)
	}
	for len(r.open) > 1 {
		tok, err := r.dec.Token()
		switch tok := tok.(type) {
		case xml.StartElement:
			err = r.start(tok)
		case xml.EndElement:
			r.closeLast()
		}
		switch {
		case errors.Is(err, ErrHostile):
			return err
		case err != nil:
			r.cut(fmt.Sprintf("it is cut off or no XML (%v); what follows is left out", err))
		}
	}
	return nil
}

// root finds the first element and tells the dialect by it.
func (r *xmlReader) root() (xml.StartElement, error) {
	for {
		tok, err := r.dec.Token()
		if err != nil {
			return xml.StartElement{}, fmt.Errorf("%w: it has no XML element (%w)", ErrNotFeed, err)
		}
		if start, ok := tok.(xml.StartElement); ok {
			return start, r.tell(start)
		}
	}
}

func (r *xmlReader) tell(root xml.StartElement) error {
	space := strings.TrimSpace(root.Name.Space)
	if prefixOf(root) == "" { // else its children are told by their own namespaces
		r.native = space
	}
	version := strings.TrimSpace(attribute(root, "version"))
	switch strings.ToLower(root.Name.Local) {
	case "rss":
		r.format = strings.TrimSpace("rss " + version)
	case "rdf":
		r.format = "rdf"
	case "feed":
		r.dialect = atomDialect
		r.format = strings.TrimSpace("atom " + cmp.Or(version, atomVersions[strings.ToLower(space)]))
	case "html", "body", "head":
		return fmt.Errorf("%w: it is a web page; look in it for the address of its feed", ErrNotFeed)
	default:
		return fmt.Errorf("%w: its root is <%.40s>, not rss, RDF or feed", ErrNotFeed, root.Name.Local)
	}
	return nil
}

// cut ends the feed behind the last whole item.
func (r *xmlReader) cut(why string) {
	r.damage = why
	if item := r.openItem(); item >= 0 {
		r.open = r.open[:item]
	}
	for len(r.open) > 1 {
		r.closeLast()
	}
}

// start reads an element that stands in a container: a container is opened, a text is
// read to its end, and what is not known or comes too often is passed over.
func (r *xmlReader) start(e xml.StartElement) error {
	if len(r.open) > xmlrepair.MaxDepth {
		return fmt.Errorf("%w: its elements are nested deeper than %d", ErrHostile, xmlrepair.MaxDepth)
	}
	m := r.meaning(e)
	name := m.name
	switch {
	case m.role == unknown, isItem(name) && r.openItem() >= 0, !r.roomFor(name):
		return r.dec.Skip()
	case isItem(name) && r.items == MaxItems:
		r.cut(fmt.Sprintf("it has more than %d items; the others are left out", MaxItems))
		return nil
	case m.role == container:
		r.openContainer(name, e)
		return nil
	}
	x, err := r.content()
	if err != nil {
		return err
	}
	if x.size > maxText {
		r.damage = fmt.Sprintf("a text of more than %d bytes is left out", maxText)
		return nil
	}
	r.leaf(m, e, x)
	return nil
}

// roomFor reports whether the element may come once more in the one that it stands in. Of
// what can only be said once the first counts.
func (r *xmlReader) roomFor(name string) bool {
	top := r.top()
	if top.met == nil {
		top.met = map[string]int{}
	}
	top.met[name]++
	return isItem(name) || top.met[name] == 1 || slices.Contains(repeated, name) && top.met[name] <= maxRepeats
}

// inherited gives the base and the language in force in an element.
func (r *xmlReader) inherited(e xml.StartElement) (base *url.URL, lang string) {
	base, lang = r.top().base, r.top().lang
	for _, a := range e.Attr {
		if a.Name.Space != xmlNamespace && a.Name.Space != "xml" {
			continue
		}
		switch a.Name.Local {
		case "base":
			if u, err := base.Parse(strings.TrimSpace(a.Value)); err == nil && weburl.Is(u) {
				base = u
			}
		case "lang":
			lang = strings.TrimSpace(a.Value)
		}
	}
	return base, lang
}

// openContainer begins a container. What its own attributes say is written as if child
// elements said it: the language, and the ID of an item in RDF.
func (r *xmlReader) openContainer(name string, e xml.StartElement) {
	base, lang := r.inherited(e)
	opened := &element{name: name}
	if isItem(name) {
		r.items++
	}
	if lang != "" && (isItem(name) || name == "channel" || name == "feed") {
		opened.add(&element{name: "dc:language", text: lang})
	}
	if about := strings.TrimSpace(attribute(e, "about")); name == "item" && attribute(e, "about") != "" {
		opened.add(&element{name: "guid", text: about, attributes: map[string]string{"ispermalink": "false"}})
	}
	r.open = append(r.open, frame{element: opened, base: base, lang: lang})
}

// closeLast ends the innermost container. An item counts only where one belongs.
func (r *xmlReader) closeLast() {
	closed, path := r.top().element, ""
	for _, f := range r.open[1:] {
		path += "/" + f.name
	}
	r.open = r.open[:len(r.open)-1]
	parent := r.top().element
	switch {
	case !isItem(closed.name):
		parent.add(closed)
	case path == "/rss/channel/item", path == "/rss/item":
		parent.items = append(parent.items, rssItem(closed))
	case path == "/feed/entry":
		parent.items = append(parent.items, atomItem(closed))
	}
}

// leaf keeps an element that holds a text.
func (r *xmlReader) leaf(m meaning, e xml.StartElement, x *content) {
	base, lang := r.inherited(e)
	top := r.top()
	kept := &element{name: m.name, text: x.plain.String()}
	switch m.role {
	case markup:
		kept.text = x.markup(r.textType(e))
		if lang != top.lang && isItem(top.name) {
			top.add(&element{name: "dc:language", text: lang})
		}
	case link:
		kept.text = weburl.Resolve(base, strings.TrimSpace(kept.text))
	}
	kept.text = strings.TrimSpace(kept.text)
	kept.attributes = knownAttributes(e, base)
	if r.dialect == atomDialect && m.name == "link" && attribute(e, "href") == "" {
		if _, has := kept.attributes["href"]; !has {
			kept.attributes["href"] = weburl.Resolve(base, kept.text)
		}
	}
	top.add(kept)
}

// knownAttributes are the attributes that mean something to Parse, by their names in lower
// case, with addresses resolved. Of two of a name the first counts.
func knownAttributes(e xml.StartElement, base *url.URL) map[string]string {
	known := map[string]string{}
	for _, a := range e.Attr {
		name := strings.ToLower(a.Name.Local)
		if _, has := known[name]; has || a.Name.Space != "" {
			continue
		}
		switch name {
		case "href":
			known[name] = weburl.Resolve(base, strings.TrimSpace(a.Value))
		case "rel", "type", "ispermalink", "term", "label":
			known[name] = a.Value
		}
	}
	return known
}

// attribute is the value of the first attribute of that name, in whatever namespace.
func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, local) {
			return a.Value
		}
	}
	return ""
}

// content is the text and the markup inside an element.
type content struct {
	plain   strings.Builder // the text without tags
	html    strings.Builder // the text as it is, with the tags that stand in it
	escaped strings.Builder // the text escaped, with the tags
	tagged  bool            // there are tags
	size    int             // bytes; beyond maxText nothing is kept
}

// content reads up to the end of the element that was begun.
func (r *xmlReader) content() (*content, error) {
	x := &content{}
	for depth := 1; ; {
		tok, err := r.dec.Token()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			x.add(string(tok), false)
		case xml.StartElement:
			if depth++; depth+len(r.open) > xmlrepair.MaxDepth {
				return nil, fmt.Errorf("%w: its elements are nested deeper than %d", ErrHostile, xmlrepair.MaxDepth)
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
	x.html.WriteString(piece)
	if isTag {
		x.tagged = true
		x.escaped.WriteString(piece)
		return
	}
	x.plain.WriteString(piece)
	_, _ = xmlrepair.Escaper.WriteString(&x.escaped, piece) // a Builder takes everything
}

// markup gives the content as HTML. Where there are tags, the text between them is no HTML
// itself, whatever the type says.
func (x *content) markup(textType string) string {
	if textType == "base64" {
		encoded := base64.NewDecoder(base64.StdEncoding, strings.NewReader(strings.TrimSpace(x.plain.String())))
		decoded, err := io.ReadAll(encoded)
		if err != nil { // "mode" is often left behind by feeds that no longer encode
			return xmlrepair.Escaper.Replace(x.plain.String())
		}
		return strings.ToValidUTF8(string(decoded), "\ufffd")
	}
	if textType == "html" && !x.tagged {
		return x.html.String()
	}
	return x.escaped.String()
}

// textType says how the text of an element is written: "text", "html", "xhtml" or "base64".
func (r *xmlReader) textType(e xml.StartElement) string {
	if prefix := prefixOf(e); r.dialect != atomDialect || prefix != "" && prefix != atomPrefix {
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
