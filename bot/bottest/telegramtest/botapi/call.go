// Package botapi reads requests to Telegram's Bot API, words its refusals, and holds requests and
// results against the published description of the API. It keeps no state and serves nothing.
package botapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Call is a request of the Bot API with its parameters.
type Call struct {
	Ctx    context.Context // ends with the client's connection
	Method string          // as the client spelled it
	params map[string]string
	Files  map[string]Upload
}

// AttachPrefix stands before the name of a file that came with the request.
const AttachPrefix = "attach://"

// Upload is a file as it came in a multipart request.
type Upload struct {
	Name string // the file's name
	Data []byte
}

// MaxBody is the most that a request may hold, in bytes: the Bot API takes uploads of 50 MB.
const MaxBody = 50<<20 + 1<<20

// ReadCall reads the parameters from the query and from a form. The JSON bodies that the Bot API takes as well
// are not modelled: what is required is missing from them.
func ReadCall(r *http.Request, method string) (*Call, error) {
	call := &Call{Method: method, params: map[string]string{}, Files: map[string]Upload{}}
	err := r.ParseMultipartForm(MaxBody)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, NewError(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, BadRequest("can't parse the request: %v", err)
	}
	for name, values := range r.Form {
		call.params[name] = values[0]
	}
	if r.MultipartForm == nil {
		return call, nil
	}
	for name, files := range r.MultipartForm.File {
		file, err := files[0].Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(file)
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
		call.Files[name] = Upload{Name: files[0].Filename, Data: data}
	}
	return call, nil
}

// Params are all parameters as text.
func (c *Call) Params() map[string]string { return maps.Clone(c.params) }

// Has says whether a parameter is there and not empty: to the server they are the same.
func (c *Call) Has(name string) bool { return c.params[name] != "" }

// Text is a parameter as text: a string as it is, everything else in JSON; "" where it is absent.
func (c *Call) Text(name string) string { return c.params[name] }

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

// Decode reads a JSON-serialised parameter into v; one that is absent leaves v alone.
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
	for _, text := range c.params {
		if !utf8.ValidString(text) {
			return BadRequest("strings must be encoded in UTF-8")
		}
	}
	return nil
}
