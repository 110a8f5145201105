// Package charset makes UTF-8 of what the web sends in other encodings: feeds, pages that are
// fetched and pages that were saved. The bytes are believed before what is declared of them:
// servers that add a charset of their own to every answer are as common as files saved in
// another encoding than they say.
package charset

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	htmlcharset "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Feed decodes XML or JSON. contentType is the header of that name, or empty. What cannot
// be decoded becomes U+FFFD.
func Feed(data []byte, contentType string) string {
	if enc := wideEncoding(data); enc != nil {
		return decodeWith(enc, data)
	}
	declared := declaredEncoding(data, contentType)
	if valid, beyondASCII := utf8Evidence(data); valid {
		if declared == nil || beyondASCII >= chanceLimit || isSingleByte(declared) {
			return string(data)
		}
	}
	if declared != nil {
		return decodeWith(declared, data)
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), string(utf8.RuneError))
	}
	guessed, name := htmlcharset.Lookup(detect(data))
	if guessed == nil || name == "utf-8" || strings.HasPrefix(name, "utf-16") {
		guessed, _ = htmlcharset.Lookup("windows-1252")
	}
	return decodeWith(guessed, data)
}

// chanceLimit is the number of characters beyond ASCII that another encoding does not
// by chance spell as valid UTF-8.
const chanceLimit = 4

func decodeWith(enc encoding.Encoding, data []byte) string {
	text, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), string(utf8.RuneError))
	}
	return string(text)
}

// wideEncoding recognizes UTF-16 and UTF-32 by their byte order mark or by the zeros around
// the first "<" or "{" (XML 1.0, appendix F). It is nil for all others.
func wideEncoding(data []byte) encoding.Encoding {
	starts := func(pattern string) bool { return bytes.HasPrefix(data, []byte(pattern)) }
	switch {
	case starts("\x00\x00\xfe\xff"), starts("\x00\x00\x00<"):
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case starts("\xff\xfe\x00\x00"), starts("<\x00\x00\x00"):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case starts("\xfe\xff"), starts("\x00<"), starts("\x00{"):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case starts("\xff\xfe"), starts("<\x00"), starts("{\x00"):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	return nil
}

// utf8Evidence reports whether data is UTF-8, and counts its characters beyond ASCII.
func utf8Evidence(data []byte) (valid bool, beyondASCII int) {
	for _, b := range data {
		if b >= 0xc0 { // the first byte of a sequence
			beyondASCII++
		}
	}
	return utf8.Valid(data), beyondASCII
}

var xmlEncoding = regexp.MustCompile(`<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})`)

// declaredEncoding is the first encoding that the header or the XML declaration names
// and that the data, which is not wide, can be in; nil for none and for UTF-8.
func declaredEncoding(data []byte, contentType string) encoding.Encoding {
	var labels []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		labels = append(labels, strings.Trim(params["charset"], `'" `))
	}
	if m := xmlEncoding.FindSubmatch(data[:min(len(data), 1024)]); m != nil {
		labels = append(labels, string(m[1]))
	}
	for _, label := range labels {
		enc, name := htmlcharset.Lookup(label)
		if enc != nil && name != "utf-8" && !strings.HasPrefix(name, "utf-16") && name != "replacement" {
			return enc
		}
	}
	return nil
}

// isSingleByte reports whether each byte is a character in the encoding, as in
// windows-1251: then any text can be written in it and its being UTF-8 proves more.
func isSingleByte(enc encoding.Encoding) bool {
	const sample = "\xe4\xe4\xe4\xe4" // two characters where a character is two bytes
	out, err := enc.NewDecoder().String(sample)
	return err == nil && utf8.RuneCountInString(out) == len(sample)
}

// mostlyUTF8 reports whether no more than a tenth of what is beyond ASCII is invalid.
func mostlyUTF8(data []byte) bool {
	var good, bad int
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		data = data[size:]
	}
	return bad*10 <= good
}

// detect names the encoding that the letters' frequencies speak for; empty if none does.
func detect(data []byte) (name string) {
	const enough = 64 << 10          // bytes, for the statistics of a language's letters
	defer func() { _ = recover() }() // the bytes are foreign: a panic of the library means none
	best, err := chardet.NewHtmlDetector().DetectBest(data[:min(len(data), enough)])
	if err != nil {
		return ""
	}
	return best.Charset
}

// Page decodes HTML by its byte order mark, the content type, what the page declares or, as
// a last resort, the frequency of its letters. What cannot be decoded becomes U+FFFD.
func Page(page []byte, contentType string) (string, error) {
	declared, name, certain := htmlcharset.DetermineEncoding(page, contentType)
	valid, beyondASCII := utf8Evidence(page)
	switch {
	case valid && beyondASCII > 0:
		declared = encoding.Nop // no other encoding looks like this
	case name == "utf-8", !certain:
		if guessed, _ := htmlcharset.Lookup(detect(page)); guessed != nil && !mostlyUTF8(page) {
			declared = guessed
		}
	}
	out, err := declared.NewDecoder().Bytes(page)
	if err != nil {
		return "", fmt.Errorf("decode %s: %w", name, err)
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(out), "\uFFFD"), "\uFEFF"), nil
}

// SavedPage decodes HTML from a file if it is not UTF-8 and states another encoding, in a
// byte order mark or a meta tag. Else it returns the bytes as they are.
func SavedPage(raw []byte) []byte {
	if utf8.Valid(raw) { // whatever it states: servers convert pages and leave the statement
		return raw
	}
	stated, _, certain := htmlcharset.DetermineEncoding(raw, "")
	if !certain {
		m := metaCharset.FindSubmatch(raw[:min(len(raw), declarationReach)])
		if m == nil {
			return raw
		}
		if stated, _ = htmlcharset.Lookup(string(m[1])); stated == nil {
			return raw
		}
	}
	text, err := stated.NewDecoder().Bytes(raw)
	if err != nil {
		return raw
	}
	return text
}

// declarationReach is how far from its beginning a page says how it is encoded, in bytes.
const declarationReach = 4 << 10

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]+charset\s*=\s*["']?([\w:.-]+)`)
