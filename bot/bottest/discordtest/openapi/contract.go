// Package openapi checks JSON requests and responses against an OpenAPI document and says what is wrong
// with them in the codes of Discord's API. It sends nothing and knows no route by itself.
package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Contract checks requests and responses against an OpenAPI 3.1 document, whose schemas
// are JSON Schema 2020-12. Keys that the document does not know are problems. It is safe
// for concurrent use.
type Contract struct {
	paths    map[string]any
	compiler *jsonschema.Compiler

	mu      sync.Mutex
	schemas map[string]*jsonschema.Schema // by JSON pointer, compiled when first needed
}

// Problem is one thing that is wrong with a JSON value.
type Problem struct {
	Path []string // keys and indices from the outside in; empty: the value itself
	// Code is Discord's name for the mistake; empty if Discord would let it pass.
	Code string
	Text string
}

func (p Problem) String() string {
	if len(p.Path) == 0 {
		return p.Text
	}
	return strings.Join(p.Path, ".") + ": " + p.Text
}

const contractURL = "https://contract.invalid/openapi.json"

// Load reads an OpenAPI document in JSON; amend corrects what is known to be wrong in it.
func Load(raw []byte, amend func(doc map[string]any)) (*Contract, error) {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("reading an OpenAPI document: %w", err)
	}
	doc, _ := v.(map[string]any)
	paths, ok := doc["paths"].(map[string]any)
	if !ok {
		return nil, errors.New("the document has no paths: it is no OpenAPI document")
	}
	amend(doc)
	// Forms repeat the JSON below a key or two; what they hold is checked as JSON.
	walk(doc, func(m map[string]any) { delete(m, "multipart/form-data") })
	closeObjects(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(contractURL, doc); err != nil {
		return nil, err
	}
	return &Contract{paths: paths, compiler: c, schemas: map[string]*jsonschema.Schema{}}, nil
}

// closeObjects forbids unknown keys in every object of a document that lists its keys
// and does not say what others are. Members of an allOf stay open, because each of them
// knows only its own keys; the object around them is closed instead.
func closeObjects(doc map[string]any) {
	open := map[string]bool{}
	walk(doc, func(m map[string]any) {
		for _, member := range objects(m["allOf"]) {
			if ref, ok := member["$ref"].(string); ok {
				open[ref] = true
			}
			member["additionalProperties"] = true
		}
	})
	for name, schema := range ObjectsOf(doc, "components", "schemas") {
		if open["#/components/schemas/"+name] {
			schema["additionalProperties"] = true
		}
	}
	walk(doc, func(m map[string]any) {
		_, listed := m["properties"].(map[string]any)
		_, said := m["additionalProperties"]
		switch {
		case said:
		case listed:
			m["additionalProperties"] = false
		case m["type"] == "object" && m["allOf"] != nil:
			m["unevaluatedProperties"] = false
		}
	})
}

// walk visits every object of a JSON value.
func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, w := range v {
			walk(w, visit)
		}
	case []any:
		for _, w := range v {
			walk(w, visit)
		}
	}
}

func objects(v any) (all []map[string]any) {
	list, _ := v.([]any)
	for _, w := range list {
		if m, ok := w.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// ObjectsOf finds the object that stands below the keys in a document and returns those of its values that
// are objects themselves.
func ObjectsOf(doc map[string]any, keys ...string) map[string]map[string]any {
	for _, k := range keys {
		doc, _ = doc[k].(map[string]any)
	}
	all := make(map[string]map[string]any, len(doc))
	for k, v := range doc {
		if m, ok := v.(map[string]any); ok {
			all[k] = m
		}
	}
	return all
}

// Has reports whether the document describes a method of a path.
func (c *Contract) Has(method, path string) bool { return c.operation(method, path) != nil }

func (c *Contract) operation(method, path string) map[string]any {
	item, _ := c.paths[path].(map[string]any)
	op, _ := item[strings.ToLower(method)].(map[string]any)
	return op
}

// Body checks the JSON body of a request.
func (c *Contract) Body(method, path string, value any) []Problem {
	op := c.operation(method, path)
	if op == nil {
		return []Problem{{Text: "the document has no such operation"}}
	}
	if _, ok := op["requestBody"]; !ok {
		if value == nil {
			return nil
		}
		return []Problem{{Text: "the document wants no body"}}
	}
	return c.check(value, "paths", path, strings.ToLower(method), "requestBody", "content", "application/json", "schema")
}

// Response checks the status and the JSON body of a response.
func (c *Contract) Response(method, path string, status int, value any) []Problem {
	op := c.operation(method, path)
	responses, _ := op["responses"].(map[string]any)
	key := strconv.Itoa(status)
	if _, ok := responses[key]; !ok {
		key = key[:1] + "XX"
	}
	r, ok := responses[key].(map[string]any)
	if !ok {
		return []Problem{{Text: fmt.Sprintf("the document knows no status %d", status)}}
	}
	if ref, ok := r["$ref"].(string); ok {
		name := ref[strings.LastIndexByte(ref, '/')+1:]
		return c.check(value, "components", "responses", name, "content", "application/json", "schema")
	}
	if r["content"] == nil {
		if value != nil {
			return []Problem{{Text: fmt.Sprintf("the document wants no body with status %d", status)}}
		}
		return nil
	}
	return c.check(value, "paths", path, strings.ToLower(method), "responses", key, "content", "application/json", "schema")
}

// Parameters checks what stands in a request's path and query.
func (c *Contract) Parameters(method, path string, inPath map[string]string, query url.Values) (problems []Problem) {
	known := map[string]bool{}
	method = strings.ToLower(method)
	item, _ := c.paths[path].(map[string]any)
	op, _ := item[method].(map[string]any)
	for _, list := range []struct {
		pointer []string
		params  any
	}{
		{[]string{"paths", path, "parameters"}, item["parameters"]},
		{[]string{"paths", path, method, "parameters"}, op["parameters"]},
	} {
		for i, p := range objects(list.params) {
			name, _ := p["name"].(string)
			known[name] = true
			text, given := inPath[name], true
			if p["in"] == "query" {
				text, given = query.Get(name), query.Has(name)
			}
			if !given {
				continue
			}
			pointer := append(slices.Clone(list.pointer), strconv.Itoa(i), "schema")
			for _, found := range c.check(parameter(text, p["schema"]), pointer...) {
				found.Path = append([]string{name}, found.Path...)
				problems = append(problems, found)
			}
		}
	}
	for name := range query {
		if !known[name] {
			problems = append(problems, Problem{Path: []string{name}, Text: "the document knows no such parameter"})
		}
	}
	return problems
}

// parameter is the JSON value that a parameter's text stands for.
func parameter(text string, schema any) any {
	m, _ := schema.(map[string]any)
	switch m["type"] {
	case "integer", "number":
		return json.Number(text)
	case "boolean":
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	}
	return text
}

// check holds a value against the schema at a pointer of the document.
func (c *Contract) check(value any, pointer ...string) []Problem {
	schema, err := c.schema(pointer)
	if err != nil {
		return []Problem{{Text: err.Error()}}
	}
	var invalid *jsonschema.ValidationError
	switch err := schema.Validate(value); {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return explain(invalid)
	default:
		return []Problem{{Text: err.Error()}}
	}
}

func (c *Contract) schema(pointer []string) (*jsonschema.Schema, error) {
	var b strings.Builder
	for _, token := range pointer {
		token = strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
		b.WriteString("/" + url.PathEscape(token))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.schemas[b.String()]; s != nil {
		return s, nil
	}
	s, err := c.compiler.Compile(contractURL + "#" + b.String())
	if err != nil {
		return nil, fmt.Errorf("compiling %s: %w", b.String(), err)
	}
	c.schemas[b.String()] = s
	return s, nil
}
