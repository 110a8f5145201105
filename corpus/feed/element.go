package feed

import (
	"cmp"

	"parley/corpus/htmltext"
	"parley/corpus/weburl"
)

// element is a known element of a feed with what stands in it.
type element struct {
	name       string // as vocabulary spells it
	text       string // without white space around it; HTML if the element's role is markup
	attributes map[string]string
	children   map[string][]*element // by name, in the order of the feed; items are not among them
	items      []Item
}

// first gives the first text that a child has, looked for under each name in turn.
func (e *element) first(names ...string) string {
	for _, name := range names {
		for _, child := range e.children[name] {
			if child.text != "" {
				return child.text
			}
		}
	}
	return ""
}

// last gives the last child of a name, an empty element if there is none.
func (e *element) last(name string) *element {
	if all := e.children[name]; len(all) > 0 {
		return all[len(all)-1]
	}
	return &element{}
}

// texts gives the texts of all children of a name, empty ones included.
func (e *element) texts(name string) (texts []string) {
	for _, child := range e.children[name] {
		texts = append(texts, child.text)
	}
	return texts
}

func (e *element) add(child *element) {
	if e.children == nil {
		e.children = map[string][]*element{}
	}
	e.children[child.name] = append(e.children[child.name], child)
}

// license gives the terms under which a text stands: a licence before a notice of rights.
func license(e *element, notice string) string {
	return htmltext.CleanLine(cmp.Or(e.first("dcterms:license", "dcterms:rights", "dc:rights"), notice))
}

// related gives the addresses of the Atom links of a relation.
func related(e *element, rel string) (addresses []string) {
	for _, l := range e.children["link"] {
		if cmp.Or(l.attributes["rel"], "alternate") == rel {
			addresses = append(addresses, l.attributes["href"])
		}
	}
	return addresses
}

// atomLicense prefers the link of RFC 4946.
func atomLicense(e *element) string {
	return cmp.Or(weburl.First(related(e, "license")...), license(e, htmltext.Line(e.first("rights"))))
}

// persons gives the names of people, each in a child element of that name.
func persons(people []*element, child string) string {
	var all []string
	for _, p := range people {
		all = append(all, p.texts(child)...)
	}
	return names(all)
}
