package telegramtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { os.Exit(sharedtest.Main(m)) }

// withBoth runs a test with the excerpt and with the whole description of the Bot API.
func withBoth(t *testing.T, test func(t *testing.T, s *botapi.Spec, whole bool)) {
	t.Helper()
	t.Run("excerpt", func(t *testing.T) {
		s, err := botapi.Excerpt()
		if err != nil {
			t.Fatal(err)
		}
		test(t, s, false)
	})
	t.Run("whole", func(t *testing.T) {
		sharedtest.Path(t, "specs", "telegram-bot-api.json")
		s, err := botapi.Find()
		if err != nil {
			t.Fatal(err)
		}
		test(t, s, true)
	})
}

// form is a call as it comes in a form; names that begin with @ are files.
func form(t *testing.T, method string, pairs ...string) *botapi.Call {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		create := w.CreateFormField
		name, file := strings.CutPrefix(pairs[i], "@")
		if file {
			create = func(name string) (io.Writer, error) { return w.CreateFormFile(name, "file") }
		}
		part, err := create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, pairs[i+1]) // into memory
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return read(t, method, w.FormDataContentType(), &body)
}

func read(t *testing.T, method, kind string, body io.Reader) *botapi.Call {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.Header.Set("Content-Type", kind)
	call, err := botapi.ReadCall(r, method)
	if err != nil {
		t.Fatal(err)
	}
	return call
}

func TestSpecAccepts(t *testing.T) { withBoth(t, testSpecAccepts) }

func testSpecAccepts(t *testing.T, s *botapi.Spec, whole bool) {
	for name, call := range map[string]*botapi.Call{
		"form":                 form(t, "sendMessage", "chat_id", "-5", "text", "5"),
		"name for an id":       form(t, "sendMessage", "chat_id", "@channel", "text", "true"),
		"objects in a form":    form(t, "sendMessage", "chat_id", "5", "text", "x", "reply_parameters", `{"message_id":3,"quote":"x"}`),
		"upload":               form(t, "sendPhoto", "chat_id", "5", "@photo", "bytes"),
		"attached":             form(t, "editMessageMedia", "chat_id", "5", "message_id", "6", "media", `{"type":"photo","media":"attach://p"}`, "@p", "bytes"),
		"what v5 sends":        form(t, "sendMessage", "chat_id", "5", "text", "x", "reply_to_message_id", "3", "disable_web_page_preview", "true", "entities", "null"),
		"long before parsing":  form(t, "sendMessage", "chat_id", "5", "text", strings.Repeat("&amp;", 4096), "parse_mode", "HTML"),
		"scope":                form(t, "setMyCommands", "commands", `[{"command":"ask","description":"Ask"}]`, "scope", `{"type":"chat","chat_id":-5}`),
		"inline results":       form(t, "answerInlineQuery", "inline_query_id", "1", "results", "["+article("1", "x")+"]", "cache_time", "0"),
		"no parameters at all": form(t, "getMe"),
	} {
		if call.Method == "editMessageMedia" && !whole {
			continue // Parley does not use it
		}
		if problems := append(s.CheckCall(call), checkRules(call)...); len(problems) > 0 {
			t.Errorf("%s: %q", name, problems)
		}
	}
}

// Each payload has to be found wrong, with the message.
func TestSpecRefuses(t *testing.T) { withBoth(t, testSpecRefuses) }

func testSpecRefuses(t *testing.T, s *botapi.Spec, whole bool) {
	send := func(pairs ...string) *botapi.Call {
		return form(t, "sendMessage", append([]string{"chat_id", "5", "text", "x"}, pairs...)...)
	}
	results := func(list string) *botapi.Call {
		return form(t, "answerInlineQuery", "inline_query_id", "1", "results", list)
	}
	commands := func(list string) *botapi.Call { return form(t, "setMyCommands", "commands", list) }
	for _, c := range []struct {
		call *botapi.Call
		want string
	}{
		{form(t, "sendMesage"), "the Bot API has no such method"},
		{form(t, "sendmessage"), "the method is spelled sendMessage"},
		{form(t, "sendMessage", "chat_id", "5"), "text is missing"},
		{form(t, "sendMessage", "text", "x"), "chat_id is missing"},
		{send("colour", "red"), "colour is no parameter of this method"},
		{send("disable_notification", "yes"), `disable_notification: "yes" is no Boolean`},
		{send("disable_notification", "1"), "disable_notification: 1, Boolean expected"},
		{send("message_thread_id", "abc"), `message_thread_id: "abc" is no Integer`},
		{send("link_preview_options", "true"), "link_preview_options: true, LinkPreviewOptions expected"},
		{send("link_preview_options", `{"is_disabled":"true"}`), `link_preview_options.is_disabled: "true", Boolean expected`},
		{send("link_preview_options", `{"disabled":true}`), "link_preview_options.disabled is no field of LinkPreviewOptions"},
		{send("reply_parameters", `{"quote":"x"}`), "reply_parameters.message_id is missing"},
		{send("reply_markup", `{"inline_keyboard":[{"text":"a"}]}`), "reply_markup.inline_keyboard[0]"},
		{send("reply_markup", `{"inline_keyboard":[[{"callback_data":"a"}]]}`), "reply_markup.inline_keyboard[0][0].text is missing"},
		{send("reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"`+strings.Repeat("й", 33)+`"}]]}`), "callback_data has 66 bytes, allowed are 1 to 64"},
		{send("reply_markup", `{"inline_keyboard":[[{"text":"a"}]]}`), `the button "a" does 0 things`},
		{send("reply_markup", `{"force_reply":true,"input_field_placeholder":"`+strings.Repeat("x", 65)+`"}`), "input_field_placeholder has 65 characters, allowed are 1 to 64"},
		{form(t, "sendMessage", "chat_id", "5", "text", strings.Repeat("x", 4097)), "text has 4097 characters, allowed are 1 to 4096"},
		{form(t, "sendPhoto", "chat_id", "5"), "photo is missing"},
		{form(t, "sendPhoto", "chat_id", "5", "photo", "attach://p"), `no file "p" was uploaded`},
		{form(t, "sendPhoto", "chat_id", "5", "@picture", "x", "photo", "id"), "the file picture is no parameter of this method"},
		{form(t, "sendMessage", "chat_id", "5", "@text", "x"), "text: a file where String is expected"},
		{form(t, "getUpdates", "limit", "101"), "limit is 101, allowed are 1 to 100"},
		{form(t, "getUpdates", "allowed_updates", "message"), `allowed_updates: "message" is no Array of String`},
		{form(t, "answerCallbackQuery", "callback_query_id", "1", "text", strings.Repeat("x", 201)), "text has 201 characters, allowed are 0 to 200"},
		{form(t, "setMyShortDescription", "short_description", strings.Repeat("x", 121)), "has 121 characters, allowed are 0 to 120"},
		{form(t, "setMyCommands", "commands", "[]", "scope", `{"type":"everyone"}`), `scope.type is "everyone", must be`},
		{form(t, "editMessageMedia", "chat_id", "5", "message_id", "6", "media", `{"type":"photo"}`), "media.media is missing"},
		{results(`[{"type":"article","id":"1","input_message_content":{"message_text":"x"}}]`), "results[0].title is missing"},
		{results(`[{"type":"article","id":"1","title":"T","input_message_content":{"text":"x"}}]`), "results[0].input_message_content"},

		{send("parse_mode", "html"), `parse mode "html" is not one of`},
		{form(t, "sendMessage", "chat_id", "5", "text", "<b>x", "parse_mode", "HTML"), "Can't find end tag"},
		{form(t, "sendMessage", "chat_id", "5", "text", `<a href="https://x.y" title="t">x</a>`, "parse_mode", "HTML"), "the attribute title of a is ignored"},
		{form(t, "sendPhoto", "chat_id", "5", "photo", "id", "caption", "<i>x", "parse_mode", "HTML"), "caption: 400 Bad Request: can't parse entities"},
		{results("[" + article("1", "<b>x") + "]"), "results[0].input_message_content.message_text"},
		{send("link_preview_options", "{}", "disable_web_page_preview", "true"), "link_preview_options and its older name"},
		{commands(`[{"command":"Ask","description":"Ask a question"}]`), `command "Ask" is not 1-32 of`},
		{commands(`[{"command":"ask-me","description":"Ask a question"}]`), `command "ask-me" is not 1-32 of`},
		{commands(`[{"command":"ask","description":"As"}]`), "has 2 characters, allowed are 3 to 256"},
		{commands(`[{"command":"ask","description":"Ask"},{"command":"ask","description":"Ask"}]`), "stands there twice"},
		{commands("[" + strings.Repeat(`{"command":"ask","description":"Ask"},`, 100) + `{"command":"b","description":"Ask"}]`), "101 commands, at most 100"},
		{results("[" + strings.Repeat(article("1", "x")+",", 50) + article("2", "x") + "]"), "51 results, at most 50"},
		{results("[" + article("1", "x") + "," + article("1", "x") + "]"), `the result id "1" stands there twice`},
		{results("[" + article(strings.Repeat("x", 65), "x") + "]"), "has 65 bytes, allowed are 1 to 64"},
		{form(t, "answerInlineQuery", "inline_query_id", "1", "results", "[]", "next_offset", strings.Repeat("й", 33)), "next_offset has 66 bytes"},
		{form(t, "setWebhook", "url", "https://x.example", "secret_token", "не"), "secret_token is not 1-256 of"},
		{form(t, "editMessageText", "chat_id", "5", "text", "x"), "either chat_id and message_id, or inline_message_id"},
	} {
		if c.call.Method == "editMessageMedia" && !whole {
			continue // Parley does not use it
		}
		problems := append(s.CheckCall(c.call), checkRules(c.call)...)
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, c.want) }) {
			t.Errorf("%s %v: %q, want %q", c.call.Method, c.call.Params(), problems, c.want)
		}
	}
}

func TestSpecOfResults(t *testing.T) { withBoth(t, testSpecOfResults) }

func testSpecOfResults(t *testing.T, s *botapi.Spec, whole bool) {
	for _, c := range []struct{ method, result, want string }{
		{"getMe", `{"id":1,"is_bot":true,"first_name":"P"}`, ""},
		{"getMe", `{"id":1,"is_bot":true}`, "result.first_name is missing"},
		{"getMe", `{"id":1,"is_bot":true,"first_name":"P","colour":"red"}`, "result.colour is no field of User"},
		{"editMessageText", `true`, ""},
		{"editMessageText", `"done"`, "expected"},
		{"getChatMember", `{"status":"left","user":{"id":1,"is_bot":false,"first_name":"A"}}`, ""},
		{"getChatMember", `{"status":"gone","user":{"id":1,"is_bot":false,"first_name":"A"}}`, "must be"},
	} {
		if c.method != "getMe" && !whole {
			continue // the excerpt does not describe it
		}
		problems := s.CheckResult(c.method, json.RawMessage(c.result))
		if (c.want == "") != (len(problems) == 0) || c.want != "" && !strings.Contains(problems[0], c.want) {
			t.Errorf("%s %s: %q, want %q", c.method, c.result, problems, c.want)
		}
	}
}
