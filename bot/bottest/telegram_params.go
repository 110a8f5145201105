package bottest

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

// tgCall is one request, read and taken apart.
type tgCall struct {
	ctx    context.Context // ends with the client's connection
	method string          // as the client spelled it
	params map[string]tgParam
	files  map[string]TelegramUpload
}

// tgParam is one parameter. json is set where the body was JSON, so that the
// contract can tell 5 from "5"; text is the same for all three encodings.
type tgParam struct {
	text string
	json json.RawMessage
}

// TelegramUpload is a file as it came in a multipart request.
type TelegramUpload struct {
	Name string // the file's name
	Data []byte
}

// tgReadCall reads the parameters from the query and from a body in any of the
// encodings that the Bot API takes.
func tgReadCall(body io.Reader, r *http.Request, method string) (*tgCall, error) {
	call := &tgCall{method: method, params: map[string]tgParam{}, files: map[string]TelegramUpload{}}
	call.addForm(r.URL.Query())
	kind, attrs, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "" // no type, or none that can be read: the parameters stand in the query
	}
	if kind == "multipart/form-data" {
		return call, tgReadError(call.addParts(multipart.NewReader(body, attrs["boundary"])))
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, tgReadError(err)
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
	return call, tgReadError(err)
}

func tgReadError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tgErr(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	return tgBad("can't parse the request: %v", err)
}

func (c *tgCall) addForm(form url.Values) {
	for name, values := range form {
		c.params[name] = tgParam{text: values[len(values)-1]}
	}
}

func (c *tgCall) addParts(reader *multipart.Reader) error {
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
			c.files[part.FormName()] = TelegramUpload{Name: part.FileName(), Data: data}
			continue
		}
		c.params[part.FormName()] = tgParam{text: string(data)}
	}
}

func (c *tgCall) addJSON(raw []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return fmt.Errorf("JSON object expected: %w", err)
	}
	for name, value := range object {
		param := tgParam{text: string(value), json: value}
		var text string
		if json.Unmarshal(value, &text) == nil {
			param.text = text
		}
		c.params[name] = param
	}
	return nil
}

// has says whether a parameter is there and not empty: to the server they are the same.
func (c *tgCall) has(name string) bool { return c.text(name) != "" }

func (c *tgCall) text(name string) string {
	param := c.params[name]
	if string(param.json) == "null" {
		return ""
	}
	return param.text
}

// integer reads a number as the server does: what is none counts as 0.
func (c *tgCall) integer(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(c.text(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (c *tgCall) flag(name string) bool {
	switch strings.ToLower(c.text(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// decode reads a JSON-serialised parameter into v; one that is absent leaves v alone.
func (c *tgCall) decode(name, what string, v any) error {
	if !c.has(name) {
		return nil
	}
	if err := json.Unmarshal([]byte(c.text(name)), v); err != nil {
		return tgBad("can't parse %s: %v", what, err)
	}
	return nil
}

// utf8 refuses strings that are none, as the server does before it looks further.
func (c *tgCall) utf8() error {
	for _, param := range c.params {
		if !utf8.ValidString(param.text) {
			return tgBad("strings must be encoded in UTF-8")
		}
	}
	return nil
}
