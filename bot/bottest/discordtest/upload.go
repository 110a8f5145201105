package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"parley/bot/bottest/discordtest/openapi"
)

const (
	maxFile    = 10 << 20 // bytes of one file
	maxRequest = 25 << 20 // bytes of a request
)

// read reads the body of a request: JSON, or a form with JSON in "payload_json".
func (c *call) read(w http.ResponseWriter) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, c.Body, maxRequest))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	if err != nil || len(raw) == 0 {
		return nil // without its body, the request is refused for what it lacks
	}
	kind, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/form-data":
		if err := c.readForm(multipart.NewReader(bytes.NewReader(raw), params["boundary"])); err != nil {
			return err
		}
	case err == nil && kind == "application/json":
		c.body = raw
	default:
		return invalidForm(openapi.Problem{Code: "CONTENT_TYPE_INVALID", Text: `Expected "Content-Type" header to be one of {'application/json', 'multipart/form-data'}.`})
	}
	if c.body != nil && !json.Valid(c.body) {
		c.body = nil
		return errInvalidJSON
	}
	return nil
}

func (c *call) readForm(form *multipart.Reader) error {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errInvalidJSON
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return errInvalidJSON
		}
		if part.FormName() == "payload_json" {
			c.body = data
			continue
		}
		if len(data) > maxFile {
			return errTooLarge
		}
		index, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(part.FormName(), "files["), "]"))
		if err != nil {
			index = -1 // the rules say so
		}
		c.files = append(c.files, upload{index, part.FileName(), part.Header.Get("Content-Type"), data})
	}
}
