package telegramtest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	textMax       = 4096  // UTF-16 units after parsing
	captionMax    = 1024  // UTF-16 units after parsing
	sourceMax     = 32768 // bytes before parsing
	entitiesMax   = 100   // those after are dropped
	entitiesBytes = 9500  // serialised; about where those after are dropped
)

// textNames are the parameters in which a text and what belongs to it come.
type textNames struct{ text, entities string }

var (
	asText    = textNames{"text", "entities"}
	asCaption = textNames{"caption", "caption_entities"}
)

// text reads a text, parses its marks, and gives it the form in which it is kept. The
// caller holds mu.
func (t *Server) text(call *apiCall, names textNames) (markupText, error) {
	var entities []Entity
	if err := call.decode(names.entities, "message entities", &entities); err != nil {
		return markupText{}, err
	}
	return t.format(call.method, call.text(names.text), call.text("parse_mode"), entities)
}

// format is text for a text that does not stand in parameters of its own.
func (t *Server) format(method, source, mode string, entities []Entity) (markupText, error) {
	if len(source) > sourceMax {
		return markupText{}, badRequest("text is too long")
	}
	text := markupText{text: cleaned(source), entities: entities}
	switch strings.ToLower(mode) {
	case "":
	case "html":
		parsed, err := parseHTML(cleaned(source))
		if err != nil {
			return markupText{}, err
		}
		text = parsed
	case "markdown", "markdownv2":
		t.violate("%s: the fake does not model parse mode %s", method, mode)
	default:
		return markupText{}, badRequest("unsupported parse_mode")
	}
	text.entities = t.counted(method, dropNested(text.entities))
	text = trimMarkup(text)
	t.introduce(text.entities)
	text.entities = withFound(text)
	return text, nil
}

// cleaned drops carriage returns and turns other control characters into spaces.
func cleaned(s string) string {
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

// dropNested drops what Telegram does not nest: a quotation in a quotation, and
// anything in code.
func dropNested(entities []Entity) []Entity {
	var kept []Entity
	for _, e := range entities {
		covered := slices.ContainsFunc(kept, func(outer Entity) bool {
			inside := e.Offset >= outer.Offset && e.Offset+e.Length <= outer.Offset+outer.Length
			return inside && (isCode(outer) || isQuote(outer) && isQuote(e))
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

func isCode(e Entity) bool  { return e.Type == "code" || e.Type == "pre" }
func isQuote(e Entity) bool { return strings.HasSuffix(e.Type, "blockquote") }

// counted keeps the entities that the server keeps and reports the loss of others.
func (t *Server) counted(method string, entities []Entity) []Entity {
	if len(entities) > entitiesMax {
		t.violate("%s: %d entities, of which only the first %d count", method, len(entities), entitiesMax)
		entities = entities[:entitiesMax]
	}
	size := 0
	for i, e := range entities {
		size += entitySize(e)
		if size > entitiesBytes {
			t.violate("%s: the entities are larger than %d bytes from the %dth on", method, entitiesBytes, i+1)
			return entities[:i]
		}
	}
	return entities
}

// entitySize is about what an entity takes on Telegram's wire: a constructor, two
// numbers, and a string in steps of four bytes with its length.
func entitySize(e Entity) int {
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

// trimMarkup takes the white space off both ends and out of the entities there.
func trimMarkup(m markupText) markupText {
	left := strings.TrimLeftFunc(m.text, unicode.IsSpace)
	cut := utf16Len(m.text) - utf16Len(left)
	m.text = strings.TrimRightFunc(left, unicode.IsSpace)
	end := utf16Len(m.text)
	var kept []Entity
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
func (t *Server) introduce(entities []Entity) {
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

// finders are what Telegram marks by itself; the first group is what is marked.
var finders = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{"bot_command", regexp.MustCompile(`(?:^|[^\w/@<>])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?:$|[^\w/@])`)},
	{"mention", regexp.MustCompile(`(?:^|[^\w/@.])(@[A-Za-z0-9_]{3,32})\b`)},
	{"url", regexp.MustCompile(`(?:^|\W)(https?://[^\s<>"«»]*[^\s<>"«».,;:!?)\]])`)},
	{"hashtag", regexp.MustCompile(`(?:^|\s)(#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*)`)},
}

// withFound adds what Telegram finds in a text by itself, outside code and links.
func withFound(m markupText) []Entity {
	entities := slices.Clone(m.entities)
	for _, finder := range finders {
		for from := 0; from < len(m.text); {
			_, width := utf8.DecodeLastRuneInString(m.text[:from])
			start := from - width // what stands before decides as well
			at := finder.pattern.FindStringSubmatchIndex(m.text[start:])
			if at == nil {
				break
			}
			begin, end := start+at[2], start+at[3]
			from = end
			found := Entity{Type: finder.kind, Offset: utf16Len(m.text[:begin]), Length: utf16Len(m.text[begin:end])}
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
	case "code", "pre", "text_link", "text_mention", "bot_command", "mention", "url", "hashtag":
		return e.Offset < there.Offset+there.Length && there.Offset < e.Offset+e.Length
	}
	return false
}

// sameJSON says whether two values look the same on the wire.
func sameJSON(a, b any) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && string(left) == string(right)
}
