package feed

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decode is the text of data as UTF-8. What cannot be decoded becomes U+FFFD. The
// bytes are believed before what is declared of them: servers that add a charset of
// their own to every answer are as common as files saved in another encoding than they say.
func decode(data []byte, contentType string) string {
	if enc := wideEncoding(data); enc != nil {
		return decodeWith(enc, data)
	}
	if valid, beyondASCII := utf8Evidence(data); valid {
		enc := declaredEncoding(data, contentType)
		if enc == nil || beyondASCII >= chanceLimit || isSingleByte(enc) {
			return string(data)
		}
		return decodeWith(enc, data)
	}
	if enc := declaredEncoding(data, contentType); enc != nil {
		return decodeWith(enc, data)
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), string(utf8.RuneError))
	}
	return decodeWith(guessedEncoding(data), data)
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

// wideEncoding tells UTF-16 and UTF-32 by their byte order mark or by the zeros around
// the first "<" or "{" (XML 1.0, appendix F).
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

// utf8Evidence counts the characters beyond ASCII of valid UTF-8.
func utf8Evidence(data []byte) (valid bool, beyondASCII int) {
	if !utf8.Valid(data) {
		return false, 0
	}
	for _, b := range data {
		if b >= 0xc0 { // the first byte of a sequence
			beyondASCII++
		}
	}
	return true, beyondASCII
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
		enc, name := charset.Lookup(label)
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

// guessBytes are enough for the statistics of a language's letters.
const guessBytes = 64 << 10

// guessedEncoding tells by the frequency of letters; windows-1252 when that says nothing.
func guessedEncoding(data []byte) encoding.Encoding {
	sample := data[:min(len(data), guessBytes)]
	if best, err := chardet.NewHtmlDetector().DetectBest(sample); err == nil {
		if enc, name := charset.Lookup(best.Charset); enc != nil && name != "utf-8" && !strings.HasPrefix(name, "utf-16") {
			return enc
		}
	}
	enc, _ := charset.Lookup("windows-1252")
	return enc
}
