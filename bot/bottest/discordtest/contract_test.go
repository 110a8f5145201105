package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/bot/bottest/discordtest/openapi"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { os.Exit(sharedtest.Main(m)) }

// withBoth runs a test with the excerpt and with Discord's whole description of its API.
func withBoth(t *testing.T, test func(t *testing.T, d *Server)) {
	t.Helper()
	d := New(Options{Unchecked: true})
	defer d.Close()
	t.Run("excerpt", func(t *testing.T) {
		contract, err := excerptContract()
		if err != nil {
			t.Fatal(err)
		}
		d.contract = contract
		test(t, d)
	})
	t.Run("whole", func(t *testing.T) {
		sharedtest.Path(t, "specs", "discord-openapi.json")
		contract, err := apiContract()
		if err != nil {
			t.Fatal(err)
		}
		d.contract = contract
		test(t, d)
	})
}

// TestCheckerFindsWhatIsWrong is a table of payloads that must fail, and of what the
// checker says about them.
func TestCheckerFindsWhatIsWrong(t *testing.T) { withBoth(t, testCheckerFindsWhatIsWrong) }

func testCheckerFindsWhatIsWrong(t *testing.T, d *Server) {
	const (
		post     = "POST /channels/{channel_id}/messages"
		callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
		commands = "PUT /applications/{application_id}/commands"
		threads  = "POST /channels/{channel_id}/threads"
	)
	quiet := `"allowed_mentions": {"parse": []}`
	x := strings.Repeat
	message := func(rest string) string { return "{" + quiet + ", " + rest + "}" }
	button := func(rest string) string {
		return message(`"components": [{"type": 1, "components": [{"type": 2, "style": 1, ` + rest + `}]}]`)
	}
	command := func(rest string) string { return `[{"name": "ask", "description": "Ask", ` + rest + `}]` }
	option := func(rest string) string {
		return command(`"options": [{"type": 3, "name": "topic", "description": "Topic", ` + rest + `}]`)
	}
	repeat := func(n int, format string) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(format, i))
		}
		return strings.Join(all, ", ")
	}
	for _, tc := range []struct {
		name, route, body string
		files             int
		want              []string // beginnings of what is said; none: nothing is wrong
	}{
		{name: "good message", route: post, body: message(`"content": "x", "nonce": "1", "enforce_nonce": true`)},
		{name: "library noise", route: post, body: message(`"content": "x", "embeds": null, "tts": false, "components": null, "sticker_ids": null`)},
		{name: "unknown key", route: post, body: message(`"content": "x", "colour": 1`), want: []string{"colour: the document knows no such key"}},
		{name: "unknown key deep down", route: post, body: message(`"embeds": [{"title": "x", "fields": [{"name": "a", "value": "b", "inlined": true}]}]`), want: []string{"embeds.0.fields.0.inlined: the document knows no such key"}},
		{name: "wrong type", route: post, body: message(`"content": "x", "sticker_ids": "x"`), want: []string{"sticker_ids: "}},
		{name: "type that cannot be read", route: post, body: message(`"content": 5`), want: []string{"json: cannot unmarshal"}},
		{name: "no mentions rule", route: post, body: `{"content": "x"}`, want: []string{`allowed_mentions: must be {"parse": []}`}},
		{name: "parse null", route: post, body: `{"content": "x", "allowed_mentions": {"parse": null}}`, want: []string{`allowed_mentions: must be`}},
		{name: "pings a user", route: post, body: `{"content": "x", "allowed_mentions": {"parse": [], "users": ["1"]}}`, want: []string{`allowed_mentions: must be`}},
		{name: "pings whom it answers", route: post, body: `{"content": "x", "allowed_mentions": {"parse": [], "replied_user": true}}`, want: []string{`allowed_mentions: must be`}},
		{name: "2000 in UTF-16", route: post, body: message(`"content": "` + x("😀", 1000) + `"`)},
		{name: "over 2000 in UTF-16", route: post, body: message(`"content": "` + x("😀", 1001) + `"`), want: []string{"content: Must be 2000 or fewer"}},
		{name: "nonce", route: post, body: message(`"content": "x", "nonce": "` + x("1", 26) + `"`), want: []string{"nonce: Must be 25 or fewer"}},
		{name: "embed title", route: post, body: message(`"embeds": [{"title": "` + x("x", 257) + `"}]`), want: []string{"embeds.0.title: Must be 256 or fewer"}},
		{name: "embed description", route: post, body: message(`"embeds": [{"description": "` + x("x", 4097) + `"}]`), want: []string{"embeds.0.description: Must be 4096 or fewer"}},
		{name: "embeds together", route: post, body: message(`"embeds": [{"description": "` + x("x", 4000) + `"}, {"description": "` + x("x", 2001) + `"}]`), want: []string{"embeds: Embed size exceeds maximum size of 6000"}},
		{name: "empty embed", route: post, body: message(`"embeds": [{"color": 5}]`), want: []string{"embeds.0: This field is required"}},
		{name: "eleven embeds", route: post, body: message(`"embeds": [` + repeat(11, `{"title": "%d"}`) + `]`), want: []string{"embeds: "}},
		{name: "field without a name", route: post, body: message(`"embeds": [{"fields": [{"name": " ", "value": "x"}]}]`), want: []string{"embeds.0.fields.0.name: This field is required"}},
		{name: "field without a value", route: post, body: message(`"embeds": [{"fields": [{"name": "x", "value": ""}]}]`), want: []string{"embeds.0.fields.0.value: This field is required"}},
		{name: "26 fields", route: post, body: message(`"embeds": [{"fields": [` + repeat(26, `{"name": "n%d", "value": "v"}`) + `]}]`), want: []string{"embeds.0.fields: Must be between 0 and 25"}},
		{name: "footer", route: post, body: message(`"embeds": [{"title": "x", "footer": {"text": "` + x("x", 2049) + `"}}]`), want: []string{"embeds.0.footer.text: Must be between 1 and 2048"}},
		{name: "author", route: post, body: message(`"embeds": [{"author": {"name": "` + x("x", 257) + `"}}]`), want: []string{"embeds.0.author.name: Must be between 1 and 256"}},
		{name: "no such address", route: post, body: message(`"embeds": [{"title": "x", "url": "not a url"}]`), want: []string{"embeds.0.url: "}},
		{name: "picture that does not come", route: post, body: message(`"embeds": [{"image": {"url": "attachment://t.png"}}]`), want: []string{`embeds.0.image.url: no file "t.png"`}},
		{name: "six rows", route: post, body: message(`"components": [` + repeat(6, `{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "c%d"}]}`) + `]`), want: []string{"components: Must be between 0 and 5"}},
		{name: "six buttons", route: post, body: message(`"components": [{"type": 1, "components": [` + repeat(6, `{"type": 2, "style": 1, "label": "x", "custom_id": "c%d"}`) + `]}]`), want: []string{"components.0.components: A row holds"}},
		{name: "custom_id twice", route: post, body: message(`"components": [{"type": 1, "components": [` + repeat(2, `{"type": 2, "style": 1, "label": "l%d", "custom_id": "c"}`) + `]}]`), want: []string{"components.0.components.1.custom_id: Component custom id cannot be duplicated"}},
		{name: "no custom_id", route: post, body: button(`"label": "x"`), want: []string{"components.0.components.0.custom_id: This field is required"}},
		{name: "long custom_id", route: post, body: button(`"label": "x", "custom_id": "` + x("c", 101) + `"`), want: []string{"components.0.components.0.custom_id: Must be between 1 and 100"}},
		{name: "long label", route: post, body: button(`"custom_id": "c", "label": "` + x("x", 81) + `"`), want: []string{"components.0.components.0.label: Must be 80 or fewer"}},
		{name: "no label", route: post, body: button(`"custom_id": "c"`), want: []string{"components.0.components.0.label: A button needs"}},
		{name: "unknown key of a button", route: post, body: button(`"custom_id": "c", "label": "x", "colour": 1`), want: []string{"components.0.components.0.colour: the document knows no such key"}},
		{name: "link with custom_id", route: post, body: message(`"components": [{"type": 1, "components": [{"type": 2, "style": 5, "label": "x", "url": "https://a.example", "custom_id": "c"}]}]`), want: []string{"components.0.components.0.custom_id: A custom id and url"}},
		{name: "ephemeral without an interaction", route: post, body: message(`"content": "x", "flags": 64`), want: []string{"flags: only answers to interactions"}},
		{name: "eleven files", route: post, files: 11, body: message(`"content": "x"`), want: []string{"attachments: Must be 10 or fewer"}},
		{name: "alt text", route: post, files: 1, body: message(`"attachments": [{"id": "0", "description": "` + x("x", 1025) + `"}]`), want: []string{"attachments.0.description: Must be 1024 or fewer"}},

		{name: "good answer", route: callback, body: `{"type": 4, "data": ` + message(`"content": "x", "flags": 64, "tts": false, "embeds": null`) + `}`},
		{name: "unknown type of answer", route: callback, body: `{"type": 99}`, want: []string{"type: "}},
		{name: "26 proposals", route: callback, body: `{"type": 8, "data": {"choices": [` + repeat(26, `{"name": "n%d", "value": "v"}`) + `]}}`, want: []string{"data.choices: Must be between 0 and 25"}},
		{name: "proposal without a name", route: callback, body: `{"type": 8, "data": {"choices": [{"name": "", "value": "v"}]}}`, want: []string{"data.choices.0.name: This field is required"}},
		{name: "long proposal", route: callback, body: `{"type": 8, "data": {"choices": [{"name": "n", "value": "` + x("v", 101) + `"}]}}`, want: []string{"data.choices.0.value: Must be between 1 and 100"}},

		{name: "good commands", route: commands, body: `[{"name": "ask", "type": 1, "description": "Ask", "options": [{"type": 3, "name": "q", "description": "Question", "required": true, "channel_types": null, "options": null, "autocomplete": false, "choices": null}], "default_member_permissions": "32"}, {"name": "Find in the record", "type": 3, "options": null}]`},
		{name: "null", route: commands, body: `null`, want: []string{"null is no list of commands"}},
		{name: "upper case", route: commands, body: `[{"name": "Ask", "description": "x"}]`, want: []string{"0.name: Command name is invalid"}},
		{name: "upper case of a localisation", route: commands, body: command(`"name_localizations": {"uk": "Питання"}`), want: []string{"0.name_localizations.uk: Command name is invalid"}},
		{name: "unknown locale", route: commands, body: command(`"name_localizations": {"en": "ask"}`), want: []string{"0.name_localizations.en: Value must be one of the locales"}},
		{name: "no description", route: commands, body: `[{"name": "ask"}]`, want: []string{"0.description: This field is required"}},
		{name: "description of a menu command", route: commands, body: `[{"name": "Find", "type": 3, "description": "x"}]`, want: []string{"0.description: Context menu commands cannot have description"}},
		{name: "the same name twice", route: commands, body: `[{"name": "ask", "description": "x"}, {"name": "ask", "type": 1, "description": "y"}]`, want: []string{"1.name: Application command names must be unique"}},
		{name: "101 commands", route: commands, body: "[" + repeat(101, `{"name": "c%d", "description": "x"}`) + "]", want: []string{"Maximum number of application commands"}},
		{name: "26 options", route: commands, body: command(`"options": [` + repeat(26, `{"type": 3, "name": "o%d", "description": "x"}`) + `]`), want: []string{"0.options: Must be between 0 and 25"}},
		{name: "required after optional", route: commands, body: command(`"options": [{"type": 3, "name": "a", "description": "x"}, {"type": 3, "name": "b", "description": "x", "required": true}]`), want: []string{"0.options.1.required: Required options must be placed before"}},
		{name: "completion with choices", route: commands, body: option(`"autocomplete": true, "choices": [{"name": "a", "value": "b"}]`), want: []string{"0.options.0.autocomplete: Autocomplete and choices are mutually exclusive"}},
		{name: "26 choices", route: commands, body: option(`"choices": [` + repeat(26, `{"name": "n%d", "value": "v"}`) + `]`), want: []string{"0.options.0.choices: Must be between 0 and 25"}},
		{name: "completion of a boolean", route: commands, body: command(`"options": [{"type": 5, "name": "o", "description": "x", "autocomplete": true}]`), want: []string{"0.options.0.autocomplete: Options of this type", "0.options.0.autocomplete"}},
		{name: "over 8000 characters", route: commands, body: command(`"options": [` + repeat(2, `{"type": 3, "name": "o%d", "description": "x", "choices": [`+repeat(25, `{"name": "`+x("n", 90)+`%d", "value": "`+x("v", 90)+`"}`)+`]}`) + `]`), want: []string{"0: Command exceeds maximum size (8000)"}},

		{name: "thread without a name", route: threads, body: `{"name": "", "type": 11}`, want: []string{"name: This field is required"}},
		{name: "six tags", route: threads, body: `{"name": "n", "applied_tags": ["1", "2", "3", "4", "5", "6"], "message": ` + message(`"content": "x"`) + `}`, want: []string{"applied_tags: Must be between 0 and 5"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := d.problems(callOf(t, tc.route, tc.body, tc.files))
			if len(tc.want) == 0 && len(got) > 0 {
				t.Fatalf("found %v in a good payload", got)
			}
			for _, want := range tc.want {
				if !slices.ContainsFunc(got, func(p openapi.Problem) bool { return strings.HasPrefix(p.String(), want) }) {
					t.Errorf("found %v, not %q", got, want)
				}
			}
		})
	}
}

// callOf is a request to a route with a JSON body and so many files.
func callOf(t *testing.T, name, body string, files int) *call {
	t.Helper()
	for _, rt := range slices.Concat(messageRoutes, threadRoutes, commandRoutes, interactionRoutes) {
		if rt.String() != name {
			continue
		}
		r := httptest.NewRequest(rt.method, "/", nil)
		for _, name := range placeholder.FindAllStringSubmatch(rt.path, -1) {
			if name[1] != "guild_id" {
				r.SetPathValue(name[1], "1")
			}
		}
		c := &call{Request: r, route: rt, body: []byte(body)}
		for i := range files {
			c.files = append(c.files, upload{index: i, name: fmt.Sprint(i)})
		}
		return c
	}
	t.Fatalf("no route %q", name)
	return nil
}

func TestCheckerReadsPathAndQuery(t *testing.T) { withBoth(t, testCheckerReadsPathAndQuery) }

func testCheckerReadsPathAndQuery(t *testing.T, d *Server) {
	const path = "/channels/{channel_id}/messages"
	for _, tc := range []struct{ channel, query, want string }{
		{"1", "limit=100&before=5", ""},
		{"one", "", "channel_id: "},
		{"1", "limit=101", "limit: "},
		{"1", "limit=ten", "limit: "},
		{"1", "after=-5", "after: "},
		{"1", "order=asc", "order: the document knows no such parameter"},
	} {
		query := httptest.NewRequest("GET", "/?"+tc.query, nil).URL.Query()
		got := d.contract.Parameters("GET", path, map[string]string{"channel_id": tc.channel}, query)
		if tc.want == "" != (len(got) == 0) || len(got) > 0 && !strings.HasPrefix(got[0].String(), tc.want) {
			t.Errorf("channel %q, query %q: found %v, not %q", tc.channel, tc.query, got, tc.want)
		}
	}
}

func TestCheckerReadsResponses(t *testing.T) { withBoth(t, testCheckerReadsResponses) }

func testCheckerReadsResponses(t *testing.T, d *Server) {
	for _, tc := range []struct {
		method, path string
		status       int
		body, want   string
	}{
		{"GET", "/gateway", 200, `{"url": "wss://a.example"}`, ""},
		{"GET", "/gateway", 200, `{"url": "wss://a.example", "shards": 1}`, "shards: the document knows no such key"},
		{"GET", "/gateway", 200, `{}`, "url: This field is required"},
		{"GET", "/gateway", 201, `{"url": "wss://a.example"}`, "the document knows no status 201"},
		{"GET", "/channels/{channel_id}", 404, `{"code": 10003, "message": "Unknown Channel"}`, ""},
		{"GET", "/channels/{channel_id}", 404, `{"message": "Unknown Channel"}`, "code: This field is required"},
	} {
		got := d.contract.Response(tc.method, tc.path, tc.status, decodeJSON([]byte(tc.body)))
		if tc.want == "" != (len(got) == 0) || len(got) > 0 && got[0].String() != tc.want {
			t.Errorf("%s %s %d %s: found %v, not %q", tc.method, tc.path, tc.status, tc.body, got, tc.want)
		}
	}
}

// TestTheExcerptAgreesWithTheWhole holds that Discord describes every operation of the excerpt,
// and that of each of its schemas every key has the limits that Discord states.
func TestTheExcerptAgreesWithTheWhole(t *testing.T) {
	raw, err := os.ReadFile(sharedtest.Path(t, "specs", "discord-openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	type document struct {
		Paths      map[string]map[string]any
		Components struct{ Schemas map[string]map[string]any }
	}
	var part, whole document
	if err := errors.Join(json.Unmarshal(excerpt, &part), json.Unmarshal(raw, &whole)); err != nil {
		t.Fatal(err)
	}
	for path, item := range part.Paths {
		for method := range item {
			if method != "parameters" && whole.Paths[path][method] == nil {
				t.Errorf("Discord describes no %s %s", method, path)
			}
		}
	}
	keys := func(schema map[string]any) map[string]any {
		all, _ := schema["properties"].(map[string]any)
		return all
	}
	for name, published := range map[string]string{
		"Message": "MessageCreateRequest", "Embed": "RichEmbed", "Picture": "RichEmbedImage", "Row": "ActionRowComponentForMessageRequest",
		"Choice": "ApplicationCommandOptionStringChoice",
	} {
		described := keys(whole.Components.Schemas[published])
		for key, value := range keys(part.Components.Schemas[name]) {
			mine, theirs := value.(map[string]any), described[key]
			if theirs == nil {
				t.Errorf("%s of Discord has no %s", published, key)
				continue
			}
			for _, limit := range []string{"minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "format"} {
				if want := theirs.(map[string]any)[limit]; mine[limit] != nil && mine[limit] != want {
					t.Errorf("%s.%s: %s is %v, Discord's is %v", name, key, limit, mine[limit], want)
				}
			}
		}
	}
}
