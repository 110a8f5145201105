package feed

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// dialect is the family of a feed: which of gofeed's parsers reads it.
type dialect uint8

const (
	rssDialect dialect = iota
	atomDialect
)

// cleaner rewrites a feed in the form that its dialect's parser reads without doubt:
// known elements only, under known prefixes; each text a piece of HTML, whatever its
// declared type was; each link absolute; the language that xml:lang gives an item said
// by a dc:language in it. The dialect's parser then knows what each element means.
type cleaner struct {
	dec     *xml.Decoder
	out     bytes.Buffer
	dialect dialect
	native  string // the namespace of the root
	format  string
	damage  string

	scopes []scope  // of the elements that are open in the input
	open   []string // the elements that are open in the output
	items  int
	whole  int // length of the output before the item that is open
}

// scope is what an element inherits to those in it.
type scope struct {
	base *url.URL
	lang string
	// counts are how often each element was met in this one.
	counts map[string]int
}

func newCleaner(text string, base *url.URL) *cleaner {
	dec := xml.NewDecoder(strings.NewReader(text))
	dec.Strict = false
	return &cleaner{dec: dec, scopes: []scope{{base: base, counts: map[string]int{}}}}
}

// run reads to the end of the root. What follows a fault in the syntax is left out, and
// so is the item that it stands in: cut off, it might say the opposite.
func (c *cleaner) run() error {
	root, err := c.root()
	if err != nil {
		return err
	}
	if err := c.start(root); err != nil {
		return err
	}
	for len(c.open) > 0 {
		err := c.step()
		switch {
		case errors.Is(err, ErrHostile):
			return err
		case err != nil:
			c.cut(fmt.Sprintf("it is cut off or no XML (%v); what follows is left out", err))
		}
	}
	return nil
}

// cut ends the output behind the last whole item.
func (c *cleaner) cut(why string) {
	c.damage = why
	item := slices.IndexFunc(c.open, isItem)
	if item >= 0 {
		c.out.Truncate(c.whole)
		c.open = c.open[:item]
	}
	for len(c.open) > 0 {
		c.closeLast()
	}
}

func isItem(name string) bool { return name == "item" || name == "entry" }

// root finds the first element and tells the dialect by it.
func (c *cleaner) root() (xml.StartElement, error) {
	for {
		tok, err := c.dec.Token()
		if err != nil {
			return xml.StartElement{}, fmt.Errorf("%w: it has no XML element (%w)", ErrNotFeed, err)
		}
		if start, ok := tok.(xml.StartElement); ok {
			return start, c.tell(start)
		}
	}
}

func (c *cleaner) tell(root xml.StartElement) error {
	space := strings.TrimSpace(root.Name.Space)
	if prefixOf(root) == "" { // else its children are told by their own namespaces
		c.native = space
	}
	version := strings.TrimSpace(attribute(root, "version"))
	switch strings.ToLower(root.Name.Local) {
	case "rss":
		c.format = strings.TrimSpace("rss " + version)
	case "rdf":
		c.format = "rdf"
	case "feed":
		c.dialect = atomDialect
		c.format = strings.TrimSpace("atom " + cmp.Or(version, atomVersions[strings.ToLower(space)]))
	case "html", "body", "head":
		return fmt.Errorf("%w: it is a web page; look in it for the address of its feed", ErrNotFeed)
	default:
		return fmt.Errorf("%w: its root is <%.40s>, not rss, RDF or feed", ErrNotFeed, root.Name.Local)
	}
	return nil
}

func (c *cleaner) step() error {
	tok, err := c.dec.Token()
	if err != nil {
		return err
	}
	switch tok := tok.(type) {
	case xml.StartElement:
		return c.start(tok)
	case xml.EndElement:
		c.scopes = c.scopes[:len(c.scopes)-1]
		c.closeLast()
	}
	return nil
}

// start handles an element that stands in a container.
func (c *cleaner) start(e xml.StartElement) error {
	if len(c.scopes) > maxDepth {
		return fmt.Errorf("%w: its elements are nested deeper than %d", ErrHostile, maxDepth)
	}
	s := c.scope(e)
	name, role := c.known(e)
	switch {
	case role == unknown, isItem(name) && slices.ContainsFunc(c.open, isItem), !c.roomFor(name):
		return c.dec.Skip()
	case isItem(name) && c.items == MaxItems:
		c.cut(fmt.Sprintf("it has more than %d items; the others are left out", MaxItems))
		return nil
	case role == container:
		s.counts = map[string]int{}
		c.scopes = append(c.scopes, s)
		c.openElement(name, e, s)
		return nil
	}
	x, err := c.content()
	if err != nil {
		return err
	}
	if x.size > maxText {
		c.damage = fmt.Sprintf("a text of more than %d bytes is left out", maxText)
		return nil
	}
	c.element(name, role, e, x, s)
	return nil
}

// maxRepeats is how many links, categories or authors of an item are read.
const maxRepeats = 100

// roomFor reports whether the element may come once more in the one that it stands in. Of
// what can only be said once the first counts, and the parser is spared the others.
func (c *cleaner) roomFor(name string) bool {
	counts := c.scopes[len(c.scopes)-1].counts
	counts[name]++
	switch {
	case isItem(name):
		return true
	case slices.Contains(repeated, name):
		return counts[name] <= maxRepeats
	}
	return counts[name] == 1
}

// scope is the element's own, within that of its parent.
func (c *cleaner) scope(e xml.StartElement) scope {
	s := c.scopes[len(c.scopes)-1]
	for _, a := range e.Attr {
		if a.Name.Space != xmlNamespace && a.Name.Space != "xml" {
			continue
		}
		switch a.Name.Local {
		case "base":
			if base, err := s.base.Parse(strings.TrimSpace(a.Value)); err == nil && isWeb(base) {
				s.base = base
			}
		case "lang":
			s.lang = strings.TrimSpace(a.Value)
		}
	}
	return s
}

// openElement writes the start of a container.
func (c *cleaner) openElement(name string, e xml.StartElement, s scope) {
	if isItem(name) {
		c.items++
		c.whole = c.out.Len()
	}
	c.open = append(c.open, name)
	c.out.WriteString("<" + name)
	if len(c.open) == 1 {
		c.out.WriteString(declarations[c.dialect])
	}
	c.out.WriteByte('>')
	if s.lang != "" && (isItem(name) || name == "channel" || name == "feed") {
		c.write("dc:language", "", s.lang)
	}
	if about := attribute(e, "about"); name == "item" && about != "" {
		c.write("guid", ` isPermaLink="false"`, about)
	}
}

func (c *cleaner) closeLast() {
	last := len(c.open) - 1
	c.out.WriteString("</" + c.open[last] + ">")
	c.open = c.open[:last]
}

// element writes an element that holds a value.
func (c *cleaner) element(name string, r role, e xml.StartElement, x content, s scope) {
	value := x.plain()
	switch {
	case r == markup:
		value = x.html(c.textType(e))
		if lang := s.lang; lang != c.scopes[len(c.scopes)-1].lang && isItem(c.open[len(c.open)-1]) {
			c.write("dc:language", "", lang)
		}
	case r == link:
		value = resolve(s.base, strings.TrimSpace(value))
	}
	attributes := c.attributes(name, e, s)
	if c.dialect == atomDialect && name == "link" && attribute(e, "href") == "" {
		attributes += fmt.Sprintf(` href="%s"`, escaper.Replace(resolve(s.base, strings.TrimSpace(value))))
	}
	c.write(name, attributes, value)
}

// attributes are those of an element that its parser looks at.
func (c *cleaner) attributes(name string, e xml.StartElement, s scope) string {
	var b strings.Builder
	for _, a := range e.Attr {
		key, known := knownAttributes[strings.ToLower(a.Name.Local)]
		value := a.Value
		switch {
		case a.Name.Space != "" || !known:
			continue
		case key == "href" || key == "url":
			value = resolve(s.base, strings.TrimSpace(value))
		case key == "type" && name != "link" && name != "atom:link":
			continue // all texts are HTML by now
		}
		fmt.Fprintf(&b, ` %s="%s"`, key, escaper.Replace(value))
	}
	return b.String()
}

// knownAttributes are those that mean something to the parsers, by their name in lower case.
var knownAttributes = map[string]string{
	"href": "href", "url": "url", "rel": "rel", "type": "type", "ispermalink": "isPermaLink", "term": "term", "label": "label",
}

func (c *cleaner) write(name, attributes, value string) {
	c.out.WriteString("<" + name + attributes + ">")
	escaper.WriteString(&c.out, value)
	c.out.WriteString("</" + name + ">")
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, local) {
			return a.Value
		}
	}
	return ""
}
