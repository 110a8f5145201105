package files

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkText reports the first byte that no text has, with its line.
func checkText(raw []byte) (line int, err error) {
	at := -1
	if n := bytes.IndexByte(raw, 0); n >= 0 {
		at, err = n, errNUL
	}
	for i := 0; i < len(raw) && (at < 0 || i < at); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			at, err = i, fmt.Errorf("the byte 0x%02X is not UTF-8; save the file as UTF-8", raw[i])
			break
		}
		i += size
	}
	if err != nil {
		line = 1 + bytes.Count(raw[:at], []byte("\n"))
	}
	return line, err
}

var errNUL = errors.New("there is a NUL byte, which no text has; remove it, or check that the file is text")

// lineFeeds ends lines in one way; offsets are into what it returns.
func lineFeeds(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// slug makes an id of a path: its letters and digits, in lower case, without the extension.
func slug(path string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.TrimSuffix(path, filepath.Ext(path)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// baseName is the name of a file without folder and extension.
func baseName(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}
