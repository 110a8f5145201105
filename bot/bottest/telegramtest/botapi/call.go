// Package botapi reads requests to Telegram's Bot API, words its refusals, and holds requests and
// results against the published description of the API. It keeps no state and serves nothing.
package botapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Call is a request of the Bot API with its parameters.
type Call struct {
	Ctx    context.Context // ends with the client's connection
	Method string          // as the client spelled it
	params map[string]param
	Files  map[string]Upload
}

// param is one parameter. json is set where the body was JSON, so that the
// contract can tell 5 from "5"; text is the same for all three encodings.
type param struct {
	text string
	json json.RawMessage
}

// AttachPrefix stands before the name of a file that came with the request.
const AttachPrefix = "attach://"

// Upload is a file as it came in a multipart request.
type Upload struct {
	Name string // the file's name
	Data []byte
}

// ReadCall reads the parameters from the query and from a body in any of the
// encodings that the Bot API takes.
func ReadCall(body io.Reader, r *http.Request, method string) (*Call, error) {
	call := &Call{Method: method, params: map[string]param{}, Files: map[string]Upload{}}
	call.addForm(r.URL.Query())
	kind, attrs, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "" // no type, or none that can be read: the parameters stand in the query
	}
	if kind == "multipart/form-data" {
		return call, readError(call.addParts(multipart.NewReader(body, attrs["boundary"])))
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, readError(err)
	}
	switch {
	case kind == "application/json" && len(bytes.TrimSpace(raw)) > 0:
		err = call.addJSON(raw)
	case kind == "application/x-www-form-urlencoded":
		var form url.Values
		if form, err = url.ParseQuery(string(raw)); err == nil {
			call.addForm(form)
		}
	}
	return call, readError(err)
}

func readError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return NewError(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	return BadRequest("can't parse the request: %v", err)
}

func (c *Call) addForm(form url.Values) {
	for name, values := range form {
		c.params[name] = param{text: values[len(values)-1]}
	}
}

func (c *Call) addParts(reader *multipart.Reader) error {
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() != "" {
			c.Files[part.FormName()] = Upload{Name: part.FileName(), Data: data}
			continue
		}
		c.params[part.FormName()] = param{text: string(data)}
	}
}

func (c *Call) addJSON(raw []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return fmt.Errorf("JSON object expected: %w", err)
	}
	for name, value := range object {
		param := param{text: string(value), json: value}
		var text string
		if json.Unmarshal(value, &text) == nil {
			param.text = text
		}
		c.params[name] = param
	}
	return nil
}

// Params are all parameters as text.
func (c *Call) Params() map[string]string {
	all := map[string]string{}
	for name := range c.params {
		all[name] = c.Text(name)
	}
	return all
}

// Has says whether a param is there and not empty: to the server they are the same.
func (c *Call) Has(name string) bool { return c.Text(name) != "" }

// Text is a parameter as text: a string as it is, everything else in JSON; "" where it is absent or null.
func (c *Call) Text(name string) string {
	param := c.params[name]
	if string(param.json) == "null" {
		return ""
	}
	return param.text
}

// Integer reads a number as the server does: what is none counts as 0.
func (c *Call) Integer(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(c.Text(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Flag reads a Boolean in any of the forms that the server takes as true.
func (c *Call) Flag(name string) bool {
	switch strings.ToLower(c.Text(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// Decode reads a JSON-serialised param into v; one that is absent leaves v alone.
func (c *Call) Decode(name, what string, v any) error {
	if !c.Has(name) {
		return nil
	}
	if err := json.Unmarshal([]byte(c.Text(name)), v); err != nil {
		return BadRequest("can't parse %s: %v", what, err)
	}
	return nil
}

// UTF8 refuses strings that are not UTF-8, as the server does before it looks further.
func (c *Call) UTF8() error {
	for _, param := range c.params {
		if !utf8.ValidString(param.text) {
			return BadRequest("strings must be encoded in UTF-8")
		}
	}
	return nil
}
