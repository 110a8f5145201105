package files

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// parseLines reads JSON Lines: an object a line, empty lines allowed.
func parseLines(raw []byte) iter.Seq[result] {
	return func(yield func(result) bool) {
		n, empty := 0, true
		for line := range bytes.Lines(raw) {
			n++
			if line = bytes.TrimSpace(line); len(line) == 0 {
				continue
			}
			empty = false
			_, err := checkText(line)
			var e entry
			if err == nil {
				e, _, err = decodeEntry(line)
			}
			results := []result{{line: n, err: err}}
			if err == nil {
				results = e.results(at(n))
			}
			for _, r := range results {
				if !yield(r) {
					return
				}
			}
		}
		if empty {
			yield(noDocuments())
		}
	}
}

func noDocuments() result { return failure(0, "the file has no documents; add one or remove it") }

// parseJSON reads a file that is one object, or an array of them.
func parseJSON(f file, raw []byte) iter.Seq[result] {
	if body := bytes.TrimSpace(raw); len(body) > 0 && body[0] == '[' {
		return parseArray(raw)
	}
	e, offset, err := decodeEntry(raw)
	if err != nil {
		return slices.Values([]result{{line: 1 + countLines(raw, 0, offset), err: err}})
	}
	return slices.Values(e.in(f).results(at(0)))
}

// parseArray reads the objects of an array up to a syntax error, behind which
// it is not known where the next one begins.
func parseArray(raw []byte) iter.Seq[result] {
	return func(yield func(result) bool) {
		a := array{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw)), line: 1}
		_, err := a.dec.Token() // the bracket
		empty := true
		for err == nil && a.dec.More() {
			empty = false
			var rs []result
			if rs, err = a.next(); err != nil {
				break
			}
			for _, r := range rs {
				if !yield(r) {
					return
				}
			}
		}
		if err == nil {
			err = a.end()
		}
		switch {
		case err != nil:
			yield(result{line: a.lineAt(errorOffset(err, a.dec.InputOffset())), err: syntaxError(err)})
		case empty:
			yield(noDocuments())
		}
	}
}

// array is the reading of a JSON array. Lines are counted on from the last one
// asked for, not from the start each time.
type array struct {
	raw  []byte
	dec  *json.Decoder
	pos  int64
	line int // of pos
}

func (a *array) lineAt(offset int64) int {
	if offset > a.pos {
		a.line += countLines(a.raw, a.pos, offset)
		a.pos = offset
	}
	return a.line
}

// next reads one item; the error is that of the array.
func (a *array) next() ([]result, error) {
	var item json.RawMessage
	if err := a.dec.Decode(&item); err != nil {
		return nil, err
	}
	line := a.lineAt(a.dec.InputOffset() - int64(len(item)))
	e, offset, err := decodeEntry(item)
	if err != nil {
		return []result{{line: line + countLines(item, 0, offset), err: err}}, nil
	}
	return e.results(at(line)), nil
}

// end checks that the array is closed and the last thing in the file.
func (a *array) end() error {
	if _, err := a.dec.Token(); err != nil {
		return err
	}
	if _, err := a.dec.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

// countLines counts the newlines between two offsets, which foreign input may have put anywhere.
func countLines(raw []byte, from, to int64) int {
	return bytes.Count(raw[from:max(from, min(to, int64(len(raw))))], []byte("\n"))
}

var errTrailing = errors.New("something follows the JSON value; remove it, or write a line each in a .jsonl file")

// decodeEntry reads one object. offset is that of a mistake.
func decodeEntry(raw []byte) (e entry, offset int64, err error) {
	if body := bytes.TrimSpace(raw); len(body) == 0 || body[0] != '{' {
		return e, 0, errors.New(`there is no JSON object here; ` +
			`a document is written as {"id": "…", "title": "…", "text": "…"}`)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		if key, ok := unknownField(err); ok { // of which package json does not say the place
			return e, int64(bytes.Index(raw, []byte(key))), syntaxError(err)
		}
		return e, errorOffset(err, dec.InputOffset()), syntaxError(err)
	}
	offset = dec.InputOffset()
	if len(bytes.TrimSpace(raw[offset:])) > 0 {
		return e, offset, errTrailing
	}
	return e, 0, nil
}

// syntaxError says in our words what package json reports.
func syntaxError(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		kind := map[reflect.Kind]string{reflect.Slice: "a list", reflect.Struct: "an object"}[wrong.Type.Kind()]
		return fmt.Errorf("%s should be %s, not %s; put quotes around a text and brackets around a list",
			wrong.Field, cmp.Or(kind, "text"), wrong.Value)
	}
	if key, ok := unknownField(err); ok {
		return fmt.Errorf("the key %s is not known; remove it or use one of text %s, and in sources %s", key, keys,
			referenceKeys)
	}
	if errors.Is(err, errTrailing) {
		return err
	}
	return fmt.Errorf("this is not JSON (%w); check quotes, commas and brackets", err)
}

// unknownField gives the key, in quotes, of an error that has no type.
func unknownField(err error) (key string, ok bool) {
	return strings.CutPrefix(err.Error(), "json: unknown field ")
}

func errorOffset(err error, otherwise int64) int64 {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return wrong.Offset
	}
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		return wrong.Offset
	}
	return otherwise
}
