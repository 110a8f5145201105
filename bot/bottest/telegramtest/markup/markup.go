// Package markup reads and checks texts as Telegram's server does: parse mode HTML, entities with
// their offsets in UTF-16 units, and what the server marks by itself. It knows no chat and no user.
package markup

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is a text and what is marked in it.
type Text struct {
	Text     string
	Entities []Entity
	// Ignored are attributes that the server skips without a word ("title of a").
	Ignored []string
}

// Person is a User of the Bot API.
type Person struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// Entity marks a part of a text. Offset and Length are UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// byPlace sorts entities by offset, the longer before the shorter.
func byPlace(a, b Entity) int {
	return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
}

// Units is the length of s in UTF-16 units, in which Telegram counts.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// Clean drops carriage returns and turns other control characters into spaces.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return -1
		case r < ' ' && r != '\n':
			return ' '
		}
		return r
	}, s)
}

// DropNested drops what Telegram does not nest: a quotation in a quotation, and
// anything in code.
func DropNested(entities []Entity) []Entity {
	var kept []Entity
	for _, e := range entities {
		covered := slices.ContainsFunc(kept, func(outer Entity) bool {
			inside := e.Offset >= outer.Offset && e.Offset+e.Length <= outer.Offset+outer.Length
			return inside && (outer.Type == "code" || outer.Type == "pre" || isQuote(outer) && isQuote(e))
		})
		if !covered {
			kept = append(kept, e)
		}
	}
	return kept
}

func isQuote(e Entity) bool { return strings.HasSuffix(e.Type, "blockquote") }

// Size is about what an entity takes on Telegram's wire: a constructor, two
// numbers, and a string in steps of four bytes with its length.
func Size(e Entity) int {
	const fixed = 12
	if e.URL == "" {
		return fixed
	}
	prefix := 1
	if len(e.URL) >= 254 {
		prefix = 4
	}
	return fixed + (len(e.URL)+prefix+3)/4*4
}

// Trim takes the white space off both ends and out of the entities there.
func Trim(m Text) Text {
	left := strings.TrimLeftFunc(m.Text, unicode.IsSpace)
	cut := Units(m.Text) - Units(left)
	m.Text = strings.TrimRightFunc(left, unicode.IsSpace)
	end := Units(m.Text)
	var kept []Entity
	for _, e := range m.Entities {
		from := max(e.Offset-cut, 0)
		to := min(e.Offset+e.Length-cut, end)
		if from < to {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	m.Entities = kept
	return m
}

// finders match the entities that Telegram detects itself; the first group becomes the entity.
var finders = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(?:^|[^\w/@<>])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?:$|[^\w/@])`)},
	{"mention", regexp.MustCompile(`(?:^|[^\w/@.])(@[A-Za-z0-9_]{3,32})\b`)},
	{"url", regexp.MustCompile(`(?:^|\W)(https?://[^\s<>"«»]*[^\s<>"«».,;:!?)\]])`)},
	{"hashtag", regexp.MustCompile(`(?:^|\s)(#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*)`)},
}

// Detect adds what Telegram finds in a text by itself, outside code and links.
func Detect(m Text) []Entity {
	entities := slices.Clone(m.Entities)
	for _, finder := range finders {
		for from := 0; from < len(m.Text); {
			_, width := utf8.DecodeLastRuneInString(m.Text[:from])
			start := from - width // what stands before decides as well
			at := finder.pattern.FindStringSubmatchIndex(m.Text[start:])
			if at == nil {
				break
			}
			begin, end := start+at[2], start+at[3]
			from = end
			found := Entity{Type: finder.kind, Offset: Units(m.Text[:begin]), Length: Units(m.Text[begin:end])}
			if !slices.ContainsFunc(entities, found.collides) {
				entities = append(entities, found)
			}
		}
	}
	slices.SortStableFunc(entities, byPlace)
	return entities
}

// collides says whether an entity that is there already leaves no place for e.
func (e Entity) collides(there Entity) bool {
	switch there.Type {
	case "code", "pre", "text_link", "bot_command", "mention", "url", "hashtag":
		return e.Offset < there.Offset+there.Length && there.Offset < e.Offset+e.Length
	}
	return false
}
