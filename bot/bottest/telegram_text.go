package bottest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	tgTextMax       = 4096  // UTF-16 units after parsing
	tgCaptionMax    = 1024  // UTF-16 units after parsing
	tgSourceMax     = 32768 // bytes before parsing
	tgEntitiesMax   = 100   // those after are dropped
	tgEntitiesBytes = 9500  // serialised; about where those after are dropped
)

// tgTextNames are the parameters in which a text and what belongs to it come.
type tgTextNames struct{ text, entities string }

var (
	tgAsText    = tgTextNames{"text", "entities"}
	tgAsCaption = tgTextNames{"caption", "caption_entities"}
)

// text reads a text, parses its marks, and gives it the form in which it is kept. The
// caller holds mu.
func (t *Telegram) text(call *tgCall, names tgTextNames) (tgMarkupText, error) {
	var entities []TelegramEntity
	if err := call.decode(names.entities, "message entities", &entities); err != nil {
		return tgMarkupText{}, err
	}
	return t.format(call.method, call.text(names.text), call.text("parse_mode"), entities)
}

// format is text for a text that does not stand in parameters of its own.
func (t *Telegram) format(method, source, mode string, entities []TelegramEntity) (tgMarkupText, error) {
	if len(source) > tgSourceMax {
		return tgMarkupText{}, tgBad("text is too long")
	}
	text := tgMarkupText{text: tgCleaned(source), entities: entities}
	switch strings.ToLower(mode) {
	case "":
	case "html":
		parsed, err := tgParseHTML(tgCleaned(source))
		if err != nil {
			return tgMarkupText{}, err
		}
		text = parsed
	case "markdown", "markdownv2":
		t.violate("%s: the fake does not model parse mode %s", method, mode)
	default:
		return tgMarkupText{}, tgBad("unsupported parse_mode")
	}
	text.entities = t.counted(method, tgNested(text.entities))
	text = tgTrimmed(text)
	t.introduce(text.entities)
	text.entities = tgWithFound(text)
	return text, nil
}

// tgCleaned drops carriage returns and turns other control characters into spaces.
func tgCleaned(s string) string {
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

// tgNested drops what Telegram does not nest: a quotation in a quotation, and
// anything in code.
func tgNested(entities []TelegramEntity) []TelegramEntity {
	var kept []TelegramEntity
	for _, e := range entities {
		covered := slices.ContainsFunc(kept, func(outer TelegramEntity) bool {
			inside := e.Offset >= outer.Offset && e.Offset+e.Length <= outer.Offset+outer.Length
			return inside && (tgIsCode(outer) || tgIsQuote(outer) && tgIsQuote(e))
		})
		if !covered {
			if e.Type == "code" {
				e.Language = ""
			}
			kept = append(kept, e)
		}
	}
	return kept
}

func tgIsCode(e TelegramEntity) bool  { return e.Type == "code" || e.Type == "pre" }
func tgIsQuote(e TelegramEntity) bool { return strings.HasSuffix(e.Type, "blockquote") }

// counted keeps the entities that the server keeps and reports the loss of others.
func (t *Telegram) counted(method string, entities []TelegramEntity) []TelegramEntity {
	if len(entities) > tgEntitiesMax {
		t.violate("%s: %d entities, of which only the first %d count", method, len(entities), tgEntitiesMax)
		entities = entities[:tgEntitiesMax]
	}
	size := 0
	for i, e := range entities {
		size += tgEntitySize(e)
		if size > tgEntitiesBytes {
			t.violate("%s: the entities are larger than %d bytes from the %dth on", method, tgEntitiesBytes, i+1)
			return entities[:i]
		}
	}
	return entities
}

// tgEntitySize is about what an entity takes on Telegram's wire: a constructor, two
// numbers, and a string in steps of four bytes with its length.
func tgEntitySize(e TelegramEntity) int {
	const fixed = 12
	argument := e.URL + e.Language
	if argument == "" {
		return fixed
	}
	prefix := 1
	if len(argument) >= 254 {
		prefix = 4
	}
	return fixed + (len(argument)+prefix+3)/4*4
}

// tgTrimmed takes the white space off both ends and out of the entities there.
func tgTrimmed(m tgMarkupText) tgMarkupText {
	left := strings.TrimLeftFunc(m.text, unicode.IsSpace)
	cut := tgUnits(m.text) - tgUnits(left)
	m.text = strings.TrimRightFunc(left, unicode.IsSpace)
	end := tgUnits(m.text)
	var kept []TelegramEntity
	for _, e := range m.entities {
		from := max(e.Offset-cut, 0)
		to := min(e.Offset+e.Length-cut, end)
		if from < to {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	m.entities = kept
	return m
}

// introduce completes mentions of users by the users. The caller holds mu.
func (t *Telegram) introduce(entities []TelegramEntity) {
	for i, e := range entities {
		if e.User == nil {
			continue
		}
		if user := t.people[e.User.ID]; user != nil {
			person := user.person
			entities[i].User = &person
		}
	}
}

// tgFinders are what Telegram marks by itself; the first group is what is marked.
var tgFinders = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(?:^|[^\w/@<>])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?:$|[^\w/@])`)},
	{"mention", regexp.MustCompile(`(?:^|[^\w/@.])(@[A-Za-z0-9_]{3,32})\b`)},
	{"url", regexp.MustCompile(`(?:^|\W)(https?://[^\s<>"«»]*[^\s<>"«».,;:!?)\]])`)},
	{"hashtag", regexp.MustCompile(`(?:^|\s)(#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*)`)},
}

// tgWithFound adds what Telegram finds in a text by itself, outside code and links.
func tgWithFound(m tgMarkupText) []TelegramEntity {
	entities := slices.Clone(m.entities)
	for _, finder := range tgFinders {
		for from := 0; from < len(m.text); {
			_, width := utf8.DecodeLastRuneInString(m.text[:from])
			start := from - width // what stands before decides as well
			at := finder.pattern.FindStringSubmatchIndex(m.text[start:])
			if at == nil {
				break
			}
			begin, end := start+at[2], start+at[3]
			from = end
			found := TelegramEntity{Type: finder.kind, Offset: tgUnits(m.text[:begin]), Length: tgUnits(m.text[begin:end])}
			if !slices.ContainsFunc(entities, found.collides) {
				entities = append(entities, found)
			}
		}
	}
	slices.SortStableFunc(entities, tgByPlace)
	return entities
}

// collides says whether an entity that is there already leaves no place for e.
func (e TelegramEntity) collides(there TelegramEntity) bool {
	switch there.Type {
	case "code", "pre", "text_link", "text_mention", "bot_command", "mention", "url", "hashtag":
		return e.Offset < there.Offset+there.Length && there.Offset < e.Offset+e.Length
	}
	return false
}

// tgSame says whether two values look the same on the wire.
func tgSame(a, b any) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && string(left) == string(right)
}
