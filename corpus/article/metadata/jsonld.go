package metadata

import (
	"encoding/json"
	"regexp"
	"strings"

	"parley/corpus/article/dom"
)

// thing is an object of schema.org as JSON-LD writes it.
type thing map[string]any

// graph is all that the JSON-LD of a page describes.
type graph struct {
	things []thing          // in the order of the page, outer before inner
	byID   map[string]thing // those that others refer to
}

// maxThings bounds the objects read from one page; pages have tens.
const maxThings = 10_000

// add reads one script. What is broken beyond mending ends the script, not the page.
func (g *graph) add(script string) {
	d := json.NewDecoder(strings.NewReader(mendJSON(script)))
	for {
		var v any
		if d.Decode(&v) != nil {
			return
		}
		g.collect(v)
	}
}

func (g *graph) collect(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.collect(e)
		}
	case map[string]any:
		if len(g.things) == maxThings {
			return
		}
		t := thing(v)
		g.things = append(g.things, t)
		if id, ok := v["@id"].(string); ok && len(v) > 1 {
			if g.byID == nil {
				g.byID = map[string]thing{}
			}
			g.byID[id] = t
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "publisher", "author"} {
			g.collect(v[key])
		}
	}
}

// Faults of JSON-LD that many sites share: the wrapping of a script, commas after the
// last element, a semicolon at the end.
var (
	scriptWrapping = regexp.MustCompile(`^\s*(<!--|/\*\s*<!\[CDATA\[\s*\*/|(//)?\s*<!\[CDATA\[)|` +
		`(-->|/\*\s*\]\]>\s*\*/|(//)?\s*\]\]>|;)\s*$`)
	trailingComma = regexp.MustCompile(`,(\s*[}\]])`)
)

// mendJSON repairs what a strict reader would refuse.
func mendJSON(s string) string {
	s = scriptWrapping.ReplaceAllString(s, "")
	if json.Valid([]byte(s)) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' { // line ends inside strings
			return ' '
		}
		return r
	}, s)
	return trailingComma.ReplaceAllString(s, "$1")
}

// is reports whether the thing is of a type that fits.
func (t thing) is(fits func(string) bool) bool {
	switch v := t["@type"].(type) {
	case string:
		return fits(v)
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok && fits(s) {
				return true
			}
		}
	}
	return false
}

// isArticle reports whether a type of schema.org is a text with a headline.
func isArticle(kind string) bool {
	return strings.HasSuffix(kind, "Article") || strings.HasSuffix(kind, "Posting") || kind == "Report"
}

// isPage reports whether a type is a page around a text.
func isPage(kind string) bool { return strings.HasSuffix(kind, "WebPage") }

// article is the thing that describes the page's article; nil when there is none. Of
// several (a page may list others) it is the one that fits, or the first.
func (g *graph) article(fits func(thing) bool) thing {
	var first thing
	for _, kind := range []func(string) bool{isArticle, isPage} {
		for _, t := range g.things {
			if !t.is(kind) {
				continue
			}
			if fits(t) {
				return t
			}
			if first == nil {
				first = t
			}
		}
	}
	return first
}

// string is a property that is a text, as plain text on one line.
func (t thing) string(keys ...string) string {
	for _, key := range keys {
		if s, ok := t[key].(string); ok && len(s) <= maxValue && strings.TrimSpace(s) != "" {
			return dom.Plain(s)
		}
	}
	return ""
}

// names are the names that a property gives: a text, an object with a name, a reference
// to one, or a list of these.
func (g *graph) names(v any) []string {
	switch v := v.(type) {
	case string:
		if len(v) <= maxValue {
			return []string{dom.Plain(v)}
		}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, g.names(e)...)
		}
		return out
	case map[string]any:
		if s := thing(v).string("name"); s != "" {
			return []string{s}
		}
		if list, ok := v["name"].([]any); ok {
			return g.names(list)
		}
		if id, ok := v["@id"].(string); ok {
			// A name that refers further may refer back.
			if s := g.byID[id].string("name"); s != "" {
				return []string{s}
			}
		}
	}
	return nil
}

// address is a property that is a URL or an object with one.
func (t thing) address(keys ...string) string {
	for _, key := range keys {
		switch v := t[key].(type) {
		case string:
			return strings.TrimSpace(v)
		case map[string]any:
			if s, ok := v["@id"].(string); ok {
				return strings.TrimSpace(s)
			}
		}
	}
	return ""
}
