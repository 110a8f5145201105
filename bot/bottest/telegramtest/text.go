package telegramtest

import (
	"encoding/json"
	"strings"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
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
func (t *Server) text(call *botapi.Call, names textNames) (markup.Text, error) {
	var entities []markup.Entity
	if err := call.Decode(names.entities, "message entities", &entities); err != nil {
		return markup.Text{}, err
	}
	return t.format(call.Method, call.Text(names.text), call.Text("parse_mode"), entities)
}

// format is text for a text that does not stand in parameters of its own.
func (t *Server) format(method, source, mode string, entities []markup.Entity) (markup.Text, error) {
	if len(source) > sourceMax {
		return markup.Text{}, botapi.BadRequest("text is too long")
	}
	text := markup.Text{Text: markup.Clean(source), Entities: entities}
	switch strings.ToLower(mode) {
	case "":
	case "html":
		parsed, err := markup.ParseHTML(markup.Clean(source))
		if err != nil {
			return markup.Text{}, botapi.BadRequest("%v", err)
		}
		text = parsed
	case "markdown", "markdownv2":
		t.violate("%s: the fake does not model parse mode %s", method, mode)
	default:
		return markup.Text{}, botapi.BadRequest("unsupported parse_mode")
	}
	text.Entities = t.counted(method, markup.DropNested(text.Entities))
	text = markup.Trim(text)
	t.introduce(text.Entities)
	text.Entities = markup.Detect(text)
	return text, nil
}

// counted keeps the entities that the server keeps and reports the loss of others.
func (t *Server) counted(method string, entities []markup.Entity) []markup.Entity {
	if len(entities) > entitiesMax {
		t.violate("%s: %d entities, of which only the first %d count", method, len(entities), entitiesMax)
		entities = entities[:entitiesMax]
	}
	size := 0
	for i, e := range entities {
		size += markup.Size(e)
		if size > entitiesBytes {
			t.violate("%s: the entities are larger than %d bytes from the %dth on", method, entitiesBytes, i+1)
			return entities[:i]
		}
	}
	return entities
}

// introduce completes mentions of users by the users. The caller holds mu.
func (t *Server) introduce(entities []markup.Entity) {
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

// sameJSON says whether two values look the same on the wire.
func sameJSON(a, b any) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && string(left) == string(right)
}
