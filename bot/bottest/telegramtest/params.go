package telegramtest

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

// apiCall is one request, read and taken apart.
type apiCall struct {
	ctx    context.Context // ends with the client's connection
	method string          // as the client spelled it
	params map[string]parameter
	files  map[string]Upload
}

// parameter is one parameter. json is set where the body was JSON, so that the
// contract can tell 5 from "5"; text is the same for all three encodings.
type parameter struct {
	text string
	json json.RawMessage
}

// Upload is a file as it came in a multipart request.
type Upload struct {
	Name string // the file's name
	Data []byte
}

// readCall reads the parameters from the query and from a body in any of the
// encodings that the Bot API takes.
func readCall(body io.Reader, r *http.Request, method string) (*apiCall, error) {
	call := &apiCall{method: method, params: map[string]parameter{}, files: map[string]Upload{}}
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
		return newError(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	return badRequest("can't parse the request: %v", err)
}

func (c *apiCall) addForm(form url.Values) {
	for name, values := range form {
		c.params[name] = parameter{text: values[len(values)-1]}
	}
}

func (c *apiCall) addParts(reader *multipart.Reader) error {
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
			c.files[part.FormName()] = Upload{Name: part.FileName(), Data: data}
			continue
		}
		c.params[part.FormName()] = parameter{text: string(data)}
	}
}

func (c *apiCall) addJSON(raw []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return fmt.Errorf("JSON object expected: %w", err)
	}
	for name, value := range object {
		param := parameter{text: string(value), json: value}
		var text string
		if json.Unmarshal(value, &text) == nil {
			param.text = text
		}
		c.params[name] = param
	}
	return nil
}

// has says whether a parameter is there and not empty: to the server they are the same.
func (c *apiCall) has(name string) bool { return c.text(name) != "" }

func (c *apiCall) text(name string) string {
	param := c.params[name]
	if string(param.json) == "null" {
		return ""
	}
	return param.text
}

// integer reads a number as the server does: what is none counts as 0.
func (c *apiCall) integer(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(c.text(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (c *apiCall) flag(name string) bool {
	switch strings.ToLower(c.text(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// decode reads a JSON-serialised parameter into v; one that is absent leaves v alone.
func (c *apiCall) decode(name, what string, v any) error {
	if !c.has(name) {
		return nil
	}
	if err := json.Unmarshal([]byte(c.text(name)), v); err != nil {
		return badRequest("can't parse %s: %v", what, err)
	}
	return nil
}

// utf8 refuses strings that are none, as the server does before it looks further.
func (c *apiCall) utf8() error {
	for _, param := range c.params {
		if !utf8.ValidString(param.text) {
			return badRequest("strings must be encoded in UTF-8")
		}
	}
	return nil
}
