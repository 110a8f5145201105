package discordtest

import (
	"bytes"
	_ "embed" // of the excerpt
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"sync"

	"parley/bot/bottest/discordtest/openapi"
	"parley/corpus/sharedtest"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// excerpt describes what Parley uses of Discord's API, as an OpenAPI document.
//
//go:embed excerpt.json
var excerpt []byte

// excerptContract is the contract of the excerpt.
func excerptContract() (*openapi.Contract, error) {
	return openapi.Load(excerpt, func(map[string]any) {})
}

// apiContract is Discord's own description of its API where it stands in ../shared, and the
// excerpt elsewhere. It is loaded once.
var apiContract = sync.OnceValues(func() (*openapi.Contract, error) {
	path, ok := sharedtest.Find("specs", "discord-openapi.json")
	if !ok {
		return excerptContract()
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the description of Discord's API: %w", err)
	}
	return openapi.Load(raw, amend)
})

// amend corrects the description where Discord itself does otherwise.
func amend(doc map[string]any) {
	schemas := openapi.ObjectsOf(doc, "components", "schemas")
	// The errors of a field have codes such as "BASE_TYPE_REQUIRED", not numbers.
	if errs := openapi.ObjectsOf(schemas["InnerErrors"], "properties"); errs["_errors"] != nil {
		errs["_errors"]["items"] = map[string]any{
			"type": "object", "required": []any{"code", "message"},
			"properties": map[string]any{"code": map[string]any{"type": "string"}, "message": map[string]any{"type": "string"}},
		}
	}
	// The n of "files[n]" is taken as a number as well.
	if properties, ok := schemas["MessageAttachmentRequest"]["properties"].(map[string]any); ok {
		properties["id"] = map[string]any{"type": []any{"string", "integer"}}
	}
	// Documented for years, though the description's requests lack it.
	for _, name := range []string{"ApplicationCommandCreateRequest", "ApplicationCommandUpdateRequest"} {
		if properties, ok := schemas[name]["properties"].(map[string]any); ok {
			properties["nsfw"] = map[string]any{"type": []any{"boolean", "null"}}
		}
	}
}

// noise are the keys that discordgo v0.29.0 sends without having been told to, with the
// values that mean nothing there. Nulls are noise everywhere. Discord ignores them all.
var noise = map[string][]any{
	"tts":          {false}, // InteractionResponseData, MessageSend
	"content":      {""},    // InteractionResponseData, also of modals and choices
	"autocomplete": {false}, // ApplicationCommandOption of every type
	"required":     {false}, // ApplicationCommandOption, also sub-commands
	"invitable":    {false}, // ThreadStart, also of forums
	// MessageAttachment, of which an edit lists those to keep
	"url":           {""},
	"proxy_url":     {""},
	"content_type":  {""},
	"width":         {json.Number("0")},
	"height":        {json.Number("0")},
	"size":          {json.Number("0")},
	"ephemeral":     {false},
	"duration_secs": {json.Number("0")},
	"waveform":      {""},
	"flags":         {json.Number("0")},
}

// addressed are keys of discordgo's MessageEdit that repeat what stands in the path.
var addressed = []string{"ID", "Channel"}

// denoise removes noise from a decoded JSON value, in place. It also writes permissions as
// the description wants them; Discord takes the string that discordgo sends as well.
func denoise(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			switch {
			case value == nil, slices.Contains(addressed, key), isNoise(key, value):
				delete(v, key)
			case key == "default_member_permissions":
				v[key] = json.Number(fmt.Sprint(value))
			default:
				v[key] = denoise(value)
			}
		}
	case []any:
		for i := range v {
			v[i] = denoise(v[i])
		}
	}
	return v
}

// isNoise compares scalars only: lists and objects are never noise.
func isNoise(key string, value any) bool {
	switch value.(type) {
	case string, bool, json.Number:
		return slices.Contains(noise[key], value)
	}
	return false
}

// decodeJSON decodes valid JSON as the schemas' checker wants it.
func decodeJSON(raw []byte) any {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		panic("fake: JSON that was valid cannot be decoded: " + err.Error())
	}
	return v
}

// problems are what the description, unless it is left out, and the rules find wrong with a
// request. What both find is told once, in the rules' words.
func (d *Server) problems(c *call) []openapi.Problem {
	var found []openapi.Problem
	if c.route.rules != nil {
		c.route.rules(c, report{problems: &found})
	}
	if d.contract == nil || !d.contract.Has(c.route.method, c.route.path) {
		return found
	}
	path := map[string]string{}
	for _, name := range placeholder.FindAllStringSubmatch(c.route.path, -1) {
		path[name[1]] = c.PathValue(name[1])
	}
	described := d.contract.Parameters(c.route.method, c.route.path, path, c.URL.Query())
	var body any
	if c.body != nil {
		body = denoise(decodeJSON(c.body))
	}
	described = append(described, d.contract.Body(c.route.method, c.route.path, body)...)
	for _, p := range described {
		if !slices.ContainsFunc(found, func(q openapi.Problem) bool { return slices.Equal(p.Path, q.Path) }) {
			found = append(found, p)
		}
	}
	return found
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)
