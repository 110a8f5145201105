package files

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxFrontMatter bounds what is given to the YAML parser, in bytes: its time
// grows with the square of what is nested, most of a second for so many brackets.
const maxFrontMatter = 16 << 10

func parseMarkdown(f file, text string) []result {
	head, body, ok, err := cutFrontMatter(text)
	if err != nil {
		return []result{{line: 1, err: err}}
	}
	if !ok && f.inside && strings.EqualFold(baseName(f.path), "README") {
		return nil // it describes the folder
	}
	var h header
	if err := h.read(head); err != nil {
		return []result{*err}
	}
	h.entry.Text = body
	h.entry.Title = cmp.Or(h.entry.Title, firstHeading(body))
	results := h.entry.in(f).results(func(key string) int { return h.lines[key] })
	if len(h.mistakes) == 0 {
		return results
	}
	results = slices.DeleteFunc(results, func(r result) bool { return r.err == nil })
	return append(h.mistakes, results...)
}

// cutFrontMatter parts a text at the lines "---"; ok is false when it has no front matter.
func cutFrontMatter(text string) (head, body string, ok bool, err error) {
	first, rest, _ := strings.Cut(text, "\n")
	if strings.TrimRight(first, " \t") != "---" {
		return "", text, false, nil
	}
	size := 0
	for line := range strings.Lines(rest) {
		if size > maxFrontMatter {
			return "", "", false, fmt.Errorf("the front matter has more than %d bytes or is not closed; end it with a "+
				"line ---", maxFrontMatter)
		}
		if mark := strings.TrimRight(line, " \t\n"); mark == "---" || mark == "..." {
			return rest[:size], rest[size+len(line):], true, nil
		}
		size += len(line)
	}
	return "", "", false, errors.New("the front matter is not closed; end it with a line ---")
}

// firstHeading is the text of the first "# Heading" outside a code block.
func firstHeading(body string) string {
	code := false
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		text := strings.TrimLeft(line, "#")
		if marks := len(line) - len(text); !code && marks >= 1 && marks <= 6 && strings.HasPrefix(text, " ") {
			return strings.TrimSpace(strings.TrimRight(text, "# \t\n"))
		}
	}
	return ""
}

// header reads front matter. It walks the syntax tree instead of decoding into
// a struct, to know the line of every key and to have no aliases to expand.
type header struct {
	entry    entry
	lines    map[string]int // of the keys
	mistakes []result
}

// field is a key of a mapping with its value.
type field struct {
	key   string
	line  int // of the file
	value ast.Node
}

func (h *header) mistake(line int, format string, args ...any) {
	h.mistakes = append(h.mistakes, failure(line, format, args...))
}

// lineOf gives the line in the file, of which the front matter begins at the second.
func lineOf(t *token.Token) int {
	if t == nil || t.Position == nil {
		return 1
	}
	return t.Position.Line + 1
}

// read fills the entry; what it returns is why nothing could be read.
func (h *header) read(head string) *result {
	tree, err := parseYAML(head)
	if err != nil {
		line, what := 1, err.Error()
		if syntax, ok := errors.AsType[yaml.Error](err); ok {
			line, what = lineOf(syntax.GetToken()), syntax.GetMessage()
		}
		r := failure(line, "the front matter is not YAML (%s); "+
			"write lines key: value, with quotes around a value that has a colon", what)
		return &r
	}
	h.lines = map[string]int{}
	for _, doc := range tree.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		for _, f := range h.fields(doc.Body) {
			h.field(f)
		}
	}
	return nil
}

// parseYAML is the parser with a net below it: a panic over foreign bytes is a syntax error too.
func parseYAML(head string) (tree *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("YAML parser: %v", r)
		}
	}()
	return parser.ParseBytes([]byte(head), 0)
}

// fields are the keys and values of a mapping.
func (h *header) fields(node ast.Node) []field {
	m, ok := node.(ast.MapNode)
	if !ok {
		h.mistake(lineOf(node.GetToken()),
			"there should be lines key: value here, not %s; use the keys %s", kindOf(node), keys)
		return nil
	}
	var out []field
	for it := m.MapRange(); it.Next(); {
		line := lineOf(it.Key().GetToken())
		out = append(out, field{h.text(field{"a key", line, it.Key()}), line, it.Value()})
	}
	return out
}

func (h *header) field(f field) {
	h.lines[f.key] = f.line
	e := &h.entry
	switch f.key {
	case "actors":
		e.Actors = h.list(f)
	case "topics":
		e.Topics = h.list(f)
	case "reported_by":
		e.ReportedBy = h.list(f)
	case "sources":
		e.Sources = h.sources(f)
	default:
		switch {
		case h.set(f, e.each):
		case f.key == "text":
			h.mistake(f.line, `the key "text" belongs in JSON; put the text below the front matter`)
		default:
			h.mistake(f.line, "the key %q is not known; remove it or use one of %s", f.key, keys)
		}
	}
}

// set puts a value into the text that has its key, if there is one.
func (h *header) set(f field, each func(func(key string, text *string))) (known bool) {
	each(func(key string, text *string) {
		if key == f.key {
			*text, known = h.text(f), true
		}
	})
	return known
}

func (h *header) sources(f field) []reference {
	var out []reference
	for _, item := range h.items(f) {
		var r reference
		for _, part := range h.fields(item) {
			if !h.set(part, r.each) {
				h.mistake(part.line, "the key %q is not known in sources; remove it or use one of %s", part.key, referenceKeys)
			}
		}
		out = append(out, r)
	}
	return out
}

func (h *header) list(f field) []string {
	var out []string
	for _, item := range h.items(f) {
		out = append(out, h.text(field{f.key, lineOf(item.GetToken()), item}))
	}
	return out
}

// items are the nodes of a list; an empty value is an empty list.
func (h *header) items(f field) []ast.Node {
	switch n := f.value.(type) {
	case *ast.SequenceNode:
		return n.Values
	case *ast.NullNode:
	default:
		h.mistake(f.line, "%s should be a list, not %s; write it as [a, b] or a line - a for each", f.key, kindOf(n))
	}
	return nil
}

// text is a scalar as it is written: 2025 stays the text "2025" and is no number.
func (h *header) text(f field) string {
	switch n := f.value.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value
	case *ast.NullNode:
		return ""
	}
	h.mistake(f.line, "%s should be text, not %s; put quotes around it", f.key, kindOf(f.value))
	return ""
}

// kindOf names a kind of YAML node for a message.
func kindOf(node ast.Node) string {
	switch node.(type) {
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.BoolNode:
		return "true or false"
	case *ast.AliasNode, *ast.AnchorNode, *ast.MergeKeyNode, *ast.TagNode:
		return "an alias, anchor or tag"
	}
	return "a bare value"
}
