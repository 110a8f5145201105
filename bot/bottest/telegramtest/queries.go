package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

const (
	alertMax       = 200 // UTF-16 units of the answer to a click
	resultsMax     = 50
	resultIDMax    = 64 // bytes
	nextOffsetMax  = 64 // bytes
	queryMax       = 256
	inlineCacheFor = 300 * time.Second
)

var errTooOld = botapi.BadRequest("query is too old and response timeout expired or query ID is invalid")

// Click presses the button with the data on a message as the user sees it, even one
// that the message has lost since.
func (u *User) Click(message Message, data string) *Click {
	return u.click(data, func(query map[string]any) {
		query["message"] = message.quoted()
		if now := u.t.latest(message); now != nil && !now.Deleted {
			query["message"] = now
		}
	})
}

// ClickInaccessible is Click where the message is too old for the bot to see: of it
// come the chat and the id alone.
func (u *User) ClickInaccessible(message Message, data string) *Click {
	return u.click(data, func(query map[string]any) {
		query["message"] = map[string]any{"chat": message.Chat, "message_id": message.ID, "date": 0}
	})
}

// ClickWithoutMessage is Click where the message does not come at all.
func (u *User) ClickWithoutMessage(data string) *Click {
	return u.click(data, func(map[string]any) {})
}

func (u *User) click(data string, fill func(map[string]any)) *Click {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nextQuery++
	click := &Click{t: t, id: strconv.FormatInt(t.nextQuery+4e17, 10), at: t.clock.Now()}
	t.callbacks[click.id] = click
	query := map[string]any{"id": click.id, "from": u.person, "chat_instance": "-77", "data": data}
	fill(query)
	t.push("callback_query", query)
	return click
}

// Answer waits for answerCallbackQuery.
func (c *Click) Answer(ctx context.Context) (answer ClickAnswer, err error) {
	err = c.t.await(ctx, "the answer to a click", func() bool {
		if c.answer == nil {
			return false
		}
		answer = *c.answer
		return true
	})
	return answer, err
}

func (t *Server) answerCallbackQuery(call *botapi.Call) (any, error) {
	click := t.callbacks[call.Text("callback_query_id")]
	if click == nil || click.answer != nil || t.clock.Now().Sub(click.at) > t.options.QueryAge {
		return nil, errTooOld
	}
	if markup.Units(call.Text("text")) > alertMax {
		return nil, botapi.BadRequest("MESSAGE_TOO_LONG")
	}
	click.answer = &ClickAnswer{Text: call.Text("text")}
	return true, nil
}

// Inline types "@bot query" and waits for the offers. The offset is "" or the
// NextOffset of the page before.
func (u *User) Inline(ctx context.Context, query, offset string) (InlineAnswer, error) {
	key := queryKey{query, offset}
	q := u.query(key)
	err := u.t.await(ctx, fmt.Sprintf("the answer to inline query %q", query), func() bool { return q.answer != nil })
	if err != nil {
		return InlineAnswer{}, err
	}
	return *q.answer, nil
}

func (u *User) query(key queryKey) *inlineQuery {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	if markup.Units(key.query) > queryMax {
		panic("telegramtest: an inline query has at most 256 characters")
	}
	t.nextQuery++
	id := strconv.FormatInt(t.nextQuery+5e17, 10)
	q := &inlineQuery{key: key, user: u.person.ID, at: t.clock.Now()}
	t.queries[id] = q
	t.push("inline_query", map[string]any{
		"id": id, "from": u.person, "query": key.query, "offset": key.offset, "chat_type": "sender",
	})
	return q
}

func (t *Server) answerInlineQuery(call *botapi.Call) (any, error) {
	q := t.queries[call.Text("inline_query_id")]
	if q == nil || q.answer != nil || t.clock.Now().Sub(q.at) > t.options.QueryAge {
		return nil, errTooOld
	}
	answer, err := t.inlineAnswer(call)
	if err != nil {
		return nil, err
	}
	answer.Query = q.key.query
	q.answer = &answer
	return true, nil
}

func (t *Server) inlineAnswer(call *botapi.Call) (InlineAnswer, error) {
	answer := InlineAnswer{
		NextOffset: call.Text("next_offset"), Personal: call.Flag("is_personal"), CacheTime: inlineCacheFor,
		Button: call.Text("switch_pm_text"), StartParam: call.Text("switch_pm_parameter"),
	}
	if call.Has("cache_time") {
		answer.CacheTime = time.Duration(call.Integer("cache_time")) * time.Second
	}
	var button struct {
		Text  string `json:"text"`
		Start string `json:"start_parameter"`
	}
	var results []json.RawMessage
	if err := call.Decode("button", "inline query results button", &button); err != nil {
		return answer, err
	}
	if button.Text != "" {
		answer.Button, answer.StartParam = button.Text, button.Start
	}
	if err := call.Decode("results", "inline query results JSON array", &results); err != nil {
		return answer, err
	}
	switch {
	case len(answer.NextOffset) > nextOffsetMax:
		return answer, botapi.BadRequest("NEXT_OFFSET_INVALID")
	case len(results) > resultsMax:
		return answer, botapi.BadRequest("RESULTS_TOO_MUCH")
	}
	seen := map[string]bool{}
	for _, raw := range results {
		result, err := t.inlineResult(call.Method, raw)
		switch {
		case err != nil:
			return answer, err
		case result.ID == "" || len(result.ID) > resultIDMax:
			return answer, botapi.BadRequest("RESULT_ID_INVALID")
		case seen[result.ID]:
			return answer, botapi.BadRequest("RESULT_ID_DUPLICATE")
		}
		seen[result.ID] = true
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

// inlineResultBody are the fields of InlineQueryResultArticle that the fake keeps.
type inlineResultBody struct {
	Type, ID, Title, Description, URL string
	Content                           *inputContent   `json:"input_message_content"`
	Markup                            json.RawMessage `json:"reply_markup"`
}

// inputContent are the fields of InputTextMessageContent that the fake keeps.
type inputContent struct {
	Text     string          `json:"message_text"`
	Mode     string          `json:"parse_mode"`
	Entities []markup.Entity `json:"entities"`
	Preview  *Preview        `json:"link_preview_options"`
}

func (t *Server) inlineResult(method string, raw json.RawMessage) (InlineResult, error) {
	var in inlineResultBody
	if err := json.Unmarshal(raw, &in); err != nil {
		return InlineResult{}, botapi.BadRequest("can't parse inline query result: %v", err)
	}
	out := InlineResult{ID: in.ID, Type: in.Type, Title: in.Title, Description: in.Description, URL: in.URL}
	if len(in.Markup) > 0 && string(in.Markup) != "null" {
		keyboard, err := parseKeyboard(in.Markup)
		if err != nil {
			return out, err
		}
		out.Message.Keyboard = keyboard
	}
	switch {
	case in.Type == "article" && in.Title == "":
		return out, botapi.BadRequest("can't parse inline query result: field \"title\" must be non-empty")
	case in.Content != nil:
		return out, t.inlineText(method, *in.Content, &out.Message)
	case in.Type == "article":
		return out, botapi.BadRequest("can't parse inline query result: Can't find field \"input_message_content\"")
	}
	t.violate("%s: the fake does not model results of type %q", method, in.Type)
	return out, nil
}

func (t *Server) inlineText(method string, in inputContent, m *Message) error {
	text, err := t.format(method, in.Text, in.Mode, in.Entities)
	switch {
	case err != nil:
		return err
	case text.Text == "":
		return botapi.BadRequest("MESSAGE_EMPTY")
	case markup.Units(text.Text) > textMax:
		return botapi.BadRequest("MESSAGE_TOO_LONG")
	}
	m.Text, m.Entities, m.Preview = text.Text, text.Entities, in.Preview
	return nil
}

// Choose sends an offer into a chat: the user is its author, the bot can edit it by
// its inline message id, and hears of it as far as the chat and the options allow.
func (u *User) Choose(where Place, result InlineResult) Message {
	return u.write(where, func(m *Message) {
		chosen := result.Message
		m.Text, m.Entities, m.Preview = chosen.Text, chosen.Entities, chosen.Preview
		m.Photo, m.Caption, m.CaptionEntities = chosen.Photo, chosen.Caption, chosen.CaptionEntities
		m.Keyboard, m.ViaBot = chosen.Keyboard, &u.t.bot
	})
}
