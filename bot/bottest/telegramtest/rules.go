package telegramtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

// requestRule is something that a request should keep beyond the description's types: a
// limit that the description does not state as one, or what the server would let pass
// although it cannot be meant.
type requestRule struct {
	name    string
	methods []string // nil is every method
	check   func(*botapi.Call) []string
}

var requestRules = []requestRule{
	{"parse_mode is spelled right", nil, ruleParseMode},
	{"HTML is balanced and has nothing that is ignored", nil, ruleHTML},
	{"link_preview_options does not stand beside its older name", nil, ruleOneName},
	{"commands are lower case, described, and at most 100", []string{"setMyCommands"}, ruleCommands},
	{"at most 50 results with ids that differ", []string{"answerInlineQuery"}, ruleResults},
	{"secret_token has its characters only", []string{"setWebhook"}, ruleSecret},
	{"an edit names its message", []string{
		"editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup",
	}, ruleEditTarget},
	{"a button does one thing", nil, ruleButtons},
}

// checkRules returns the faults of a request by the table of rules. It needs no
// description of the API.
func checkRules(call *botapi.Call) []string {
	var problems []string
	for _, rule := range requestRules {
		if rule.methods == nil || slices.Contains(rule.methods, call.Method) {
			problems = append(problems, rule.check(call)...)
		}
	}
	return problems
}

// markedText is a text with its parse mode, wherever it stands in a request.
type markedText struct{ where, text, mode string }

// marked are all texts of a request that have a parse mode.
func marked(call *botapi.Call) []markedText {
	found := []markedText{}
	for _, name := range []string{"text", "caption"} {
		if call.Has(name) {
			found = append(found, markedText{name, call.Text(name), call.Text("parse_mode")})
		}
	}
	for _, name := range []string{"media", "results", "reply_parameters"} {
		var value any
		if json.Unmarshal([]byte(call.Text(name)), &value) == nil {
			found = markedIn(found, name, value)
		}
	}
	return slices.DeleteFunc(found, func(m markedText) bool { return m.mode == "" })
}

// markedIn collects the texts of a JSON value and of all that is in it.
func markedIn(found []markedText, where string, value any) []markedText {
	switch v := value.(type) {
	case []any:
		for i, item := range v {
			found = markedIn(found, fmt.Sprintf("%s[%d]", where, i), item)
		}
	case map[string]any:
		for text, mode := range map[string]string{"message_text": "parse_mode", "caption": "parse_mode", "quote": "quote_parse_mode"} {
			t, isText := v[text].(string)
			m, isMode := v[mode].(string)
			if isText && isMode {
				found = append(found, markedText{where + "." + text, t, m})
			}
		}
		for name, item := range v {
			found = markedIn(found, where+"."+name, item)
		}
	}
	return found
}

func ruleParseMode(call *botapi.Call) []string {
	var problems []string
	for _, m := range marked(call) {
		if m.mode != "HTML" && m.mode != "MarkdownV2" {
			problems = append(problems, fmt.Sprintf("%s: parse mode %q is not one of HTML and MarkdownV2", m.where,
				m.mode))
		}
	}
	return problems
}

func ruleHTML(call *botapi.Call) []string {
	var problems []string
	for _, m := range marked(call) {
		if !strings.EqualFold(m.mode, "HTML") {
			continue
		}
		parsed, err := markup.ParseHTML(m.text)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", m.where, botapi.BadRequest("%v", err)))
		}
		for _, ignored := range parsed.Ignored {
			problems = append(problems, fmt.Sprintf("%s: the attribute %s is ignored", m.where, ignored))
		}
	}
	return problems
}

func ruleOneName(call *botapi.Call) []string {
	var problems []string
	for newer, older := range map[string]string{
		"link_preview_options": "disable_web_page_preview", "reply_parameters": "reply_to_message_id", "button": "switch_pm_text",
	} {
		if call.Has(newer) && call.Has(older) {
			problems = append(problems, fmt.Sprintf("%s and its older name %s", newer, older))
		}
	}
	return problems
}

func ruleCommands(call *botapi.Call) []string {
	const least, most = 3, 256 // characters of a description; BotFather takes none shorter
	var commands []Command
	if json.Unmarshal([]byte(call.Text("commands")), &commands) != nil {
		return nil // the type is wrong, which the description tells
	}
	var problems []string
	if len(commands) > commandsMax {
		problems = append(problems, fmt.Sprintf("%d commands, at most %d are allowed", len(commands), commandsMax))
	}
	seen := map[string]bool{}
	for _, c := range commands {
		if !commandForm.MatchString(c.Command) {
			problems = append(problems, fmt.Sprintf("command %q is not 1-32 of a-z, 0-9 and _", c.Command))
		}
		if n := markup.Units(c.Description); n < least || n > most {
			problems = append(problems, fmt.Sprintf("the description of %q has %d characters, allowed are %d to %d",
				c.Command, n, least, most))
		}
		if seen[c.Command] {
			problems = append(problems, fmt.Sprintf("command %q stands there twice", c.Command))
		}
		seen[c.Command] = true
	}
	return problems
}

func ruleResults(call *botapi.Call) []string {
	var results []struct{ ID string }
	if json.Unmarshal([]byte(call.Text("results")), &results) != nil {
		return nil // the type is wrong, which the description tells
	}
	var problems []string
	if len(results) > resultsMax {
		problems = append(problems, fmt.Sprintf("%d results, at most %d are allowed", len(results), resultsMax))
	}
	seen := map[string]bool{}
	for _, r := range results {
		if len(r.ID) < 1 || len(r.ID) > resultIDMax {
			problems = append(problems, fmt.Sprintf("the result id %q has %d bytes, allowed are 1 to %d", r.ID, len(r.ID),
				resultIDMax))
		}
		if seen[r.ID] {
			problems = append(problems, fmt.Sprintf("the result id %q stands there twice", r.ID))
		}
		seen[r.ID] = true
	}
	if n := len(call.Text("next_offset")); n > nextOffsetMax {
		problems = append(problems, fmt.Sprintf("next_offset has %d bytes, at most %d are allowed", n, nextOffsetMax))
	}
	return problems
}

func ruleSecret(call *botapi.Call) []string {
	if secret := call.Text("secret_token"); secret != "" && !secretForm.MatchString(secret) {
		return []string{"secret_token is not 1-256 of A-Z, a-z, 0-9, _ and -"}
	}
	return nil
}

func ruleEditTarget(call *botapi.Call) []string {
	inChat := call.Has("chat_id") && call.Has("message_id")
	if inChat == call.Has("inline_message_id") {
		return []string{"either chat_id and message_id, or inline_message_id, has to be given"}
	}
	return nil
}

// buttonActions are the fields of which a button has exactly one.
var buttonActions = []string{
	"url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
	"switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}

func ruleButtons(call *botapi.Call) []string {
	var problems []string
	var keyboard struct {
		Rows [][]map[string]any `json:"inline_keyboard"`
	}
	if json.Unmarshal([]byte(call.Text("reply_markup")), &keyboard) != nil {
		return nil // absent, or the type is wrong, which the description tells
	}
	for _, button := range slices.Concat(keyboard.Rows...) {
		n := 0
		for _, action := range buttonActions {
			if _, ok := button[action]; ok {
				n++
			}
		}
		if n != 1 {
			problems = append(problems, fmt.Sprintf("the button %q does %d things, not one", button["text"], n))
		}
	}
	return problems
}
