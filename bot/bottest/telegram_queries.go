package bottest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

const (
	tgAlertMax       = 200 // UTF-16 units of the answer to a click
	tgResultsMax     = 50
	tgResultIDMax    = 64 // bytes
	tgNextOffsetMax  = 64 // bytes
	tgQueryMax       = 256
	tgInlineCacheFor = 300 * time.Second
)

var errTGTooOld = tgBad("query is too old and response timeout expired or query ID is invalid")

// TelegramClick is a press of a button, which waits for its answer.
type TelegramClick struct {
	t      *Telegram
	id     string
	at     time.Time
	answer *TelegramClickAnswer
}

// TelegramClickAnswer is what answerCallbackQuery showed.
type TelegramClickAnswer struct {
	Text      string
	Alert     bool
	URL       string
	CacheTime time.Duration
}

// Click presses the button with the data on a message as the user sees it, even one
// that the message has lost since.
func (u *TelegramUser) Click(message TelegramMessage, data string) *TelegramClick {
	return u.click(message.InlineID, data, func(query map[string]any) {
		if message.InlineID != "" {
			query["inline_message_id"] = message.InlineID
			return
		}
		query["message"] = message.quoted()
		if now := u.t.latest(message); now != nil && !now.Deleted {
			query["message"] = now
		}
	})
}

// ClickInaccessible is Click where the message is too old for the bot to see: of it
// come the chat and the id alone.
func (u *TelegramUser) ClickInaccessible(message TelegramMessage, data string) *TelegramClick {
	return u.click("", data, func(query map[string]any) {
		query["message"] = map[string]any{"chat": message.Chat, "message_id": message.ID, "date": 0}
	})
}

// ClickWithoutMessage is Click where the message does not come at all.
func (u *TelegramUser) ClickWithoutMessage(data string) *TelegramClick {
	return u.click("", data, func(map[string]any) {})
}

func (u *TelegramUser) click(instance, data string, fill func(map[string]any)) *TelegramClick {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nextQuery++
	click := &TelegramClick{t: t, id: strconv.FormatInt(t.nextQuery+4e17, 10), at: t.clock.Now()}
	t.callbacks[click.id] = click
	query := map[string]any{"id": click.id, "from": u.person, "chat_instance": "-77" + instance, "data": data}
	fill(query)
	t.push("callback_query", query)
	return click
}

// Answer waits for answerCallbackQuery.
func (c *TelegramClick) Answer(ctx context.Context) (answer TelegramClickAnswer, err error) {
	err = c.t.await(ctx, "the answer to a click", func() bool {
		if c.answer == nil {
			return false
		}
		answer = *c.answer
		return true
	})
	return answer, err
}

func (t *Telegram) answerCallbackQuery(call *tgCall) (any, error) {
	click := t.callbacks[call.text("callback_query_id")]
	if click == nil || click.answer != nil || t.clock.Now().Sub(click.at) > t.options.QueryAge {
		return nil, errTGTooOld
	}
	if tgUnits(call.text("text")) > tgAlertMax {
		return nil, tgBad("MESSAGE_TOO_LONG")
	}
	click.answer = &TelegramClickAnswer{
		Text: call.text("text"), Alert: call.flag("show_alert"), URL: call.text("url"),
		CacheTime: time.Duration(call.integer("cache_time")) * time.Second,
	}
	return true, nil
}

// tgInlineQuery is a query that waits for its answer.
type tgInlineQuery struct {
	key    tgQueryKey
	user   int64
	at     time.Time
	answer *TelegramInlineAnswer
}

// tgQueryKey is what the server's cache goes by.
type tgQueryKey struct{ query, offset string }

func (k tgQueryKey) forUser(user int64) string {
	return fmt.Sprintf("%d %q %q", user, k.query, k.offset)
}

type tgCachedAnswer struct {
	answer TelegramInlineAnswer
	until  time.Time
}

// TelegramInlineAnswer is what the user is offered for an inline query.
type TelegramInlineAnswer struct {
	Query      string
	Results    []TelegramInlineResult
	NextOffset string // "" where there is no more
	CacheTime  time.Duration
	Personal   bool
	Cached     bool   // the server answered, the bot was not asked
	Button     string // the label of the button above the results
	StartParam string // what the button starts the bot with
}

// TelegramInlineResult is one offer; Message is what is sent if it is chosen.
type TelegramInlineResult struct {
	ID, Type, Title, Description string
	URL                          string
	Message                      TelegramMessage
}

// Inline types "@bot query" and waits for the offers. The offset is "" or the
// NextOffset of the page before.
func (u *TelegramUser) Inline(ctx context.Context, query, offset string) (TelegramInlineAnswer, error) {
	key := tgQueryKey{query, offset}
	if answer, ok := u.t.cached(key, u.person.ID); ok {
		return answer, nil
	}
	q := u.query(key)
	err := u.t.await(ctx, fmt.Sprintf("the answer to inline query %q", query), func() bool { return q.answer != nil })
	if err != nil {
		return TelegramInlineAnswer{}, err
	}
	return *q.answer, nil
}

func (u *TelegramUser) query(key tgQueryKey) *tgInlineQuery {
	t := u.t
	t.mu.Lock()
	defer t.mu.Unlock()
	if tgUnits(key.query) > tgQueryMax {
		panic("bottest: an inline query has at most 256 characters")
	}
	t.nextQuery++
	id := strconv.FormatInt(t.nextQuery+5e17, 10)
	q := &tgInlineQuery{key: key, user: u.person.ID, at: t.clock.Now()}
	t.queries[id] = q
	t.push("inline_query", map[string]any{
		"id": id, "from": u.person, "query": key.query, "offset": key.offset, "chat_type": "sender",
	})
	return q
}

// cached is an answer that may be given without asking the bot: one for all users, or
// for this one.
func (t *Telegram) cached(key tgQueryKey, user int64) (TelegramInlineAnswer, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, owner := range []int64{0, user} {
		kept, ok := t.answers[key.forUser(owner)]
		if ok && t.clock.Now().Before(kept.until) {
			kept.answer.Cached = true
			return kept.answer, true
		}
	}
	return TelegramInlineAnswer{}, false
}

func (t *Telegram) answerInlineQuery(call *tgCall) (any, error) {
	q := t.queries[call.text("inline_query_id")]
	if q == nil || q.answer != nil || t.clock.Now().Sub(q.at) > t.options.QueryAge {
		return nil, errTGTooOld
	}
	answer, err := t.inlineAnswer(call)
	if err != nil {
		return nil, err
	}
	answer.Query = q.key.query
	q.answer = &answer
	owner := int64(0)
	if answer.Personal {
		owner = q.user
	}
	t.answers[q.key.forUser(owner)] = tgCachedAnswer{answer, t.clock.Now().Add(answer.CacheTime)}
	return true, nil
}

func (t *Telegram) inlineAnswer(call *tgCall) (TelegramInlineAnswer, error) {
	answer := TelegramInlineAnswer{
		NextOffset: call.text("next_offset"), Personal: call.flag("is_personal"), CacheTime: tgInlineCacheFor,
		Button: call.text("switch_pm_text"), StartParam: call.text("switch_pm_parameter"),
	}
	if call.has("cache_time") {
		answer.CacheTime = time.Duration(call.integer("cache_time")) * time.Second
	}
	var button struct {
		Text  string `json:"text"`
		Start string `json:"start_parameter"`
	}
	var results []json.RawMessage
	if err := call.decode("button", "inline query results button", &button); err != nil {
		return answer, err
	}
	if button.Text != "" {
		answer.Button, answer.StartParam = button.Text, button.Start
	}
	if err := call.decode("results", "inline query results JSON array", &results); err != nil {
		return answer, err
	}
	switch {
	case len(answer.NextOffset) > tgNextOffsetMax:
		return answer, tgBad("NEXT_OFFSET_INVALID")
	case len(results) > tgResultsMax:
		return answer, tgBad("RESULTS_TOO_MUCH")
	}
	seen := map[string]bool{}
	for _, raw := range results {
		result, err := t.inlineResult(call.method, raw)
		switch {
		case err != nil:
			return answer, err
		case result.ID == "" || len(result.ID) > tgResultIDMax:
			return answer, tgBad("RESULT_ID_INVALID")
		case seen[result.ID]:
			return answer, tgBad("RESULT_ID_DUPLICATE")
		}
		seen[result.ID] = true
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

// tgResult is what the fake keeps of InlineQueryResult: articles and photos.
type tgResult struct {
	Type, ID, Title, Description, URL string
	Caption                           string           `json:"caption"`
	Mode                              string           `json:"parse_mode"`
	Entities                          []TelegramEntity `json:"caption_entities"`
	PhotoURL                          string           `json:"photo_url"`
	PhotoFile                         string           `json:"photo_file_id"`
	Content                           *tgInputContent  `json:"input_message_content"`
	Markup                            json.RawMessage  `json:"reply_markup"`
}

// tgInputContent is what the fake keeps of InputTextMessageContent.
type tgInputContent struct {
	Text     string           `json:"message_text"`
	Mode     string           `json:"parse_mode"`
	Entities []TelegramEntity `json:"entities"`
	Preview  *TelegramPreview `json:"link_preview_options"`
}

func (t *Telegram) inlineResult(method string, raw json.RawMessage) (TelegramInlineResult, error) {
	var in tgResult
	if err := json.Unmarshal(raw, &in); err != nil {
		return TelegramInlineResult{}, tgBad("can't parse inline query result: %v", err)
	}
	out := TelegramInlineResult{ID: in.ID, Type: in.Type, Title: in.Title, Description: in.Description, URL: in.URL}
	if len(in.Markup) > 0 && string(in.Markup) != "null" {
		keyboard, err := tgKeyboard(in.Markup)
		if err != nil {
			return out, err
		}
		out.Message.Keyboard = keyboard
	}
	switch {
	case in.Type == "article" && in.Title == "":
		return out, tgBad("can't parse inline query result: field \"title\" must be non-empty")
	case in.Content != nil:
		return out, t.inlineText(method, *in.Content, &out.Message)
	case in.Type == "photo":
		return out, t.inlinePhoto(method, in, &out.Message)
	case in.Type == "article":
		return out, tgBad("can't parse inline query result: Can't find field \"input_message_content\"")
	}
	t.violate("%s: the fake does not model results of type %q", method, in.Type)
	return out, nil
}

func (t *Telegram) inlineText(method string, in tgInputContent, m *TelegramMessage) error {
	text, err := t.format(method, in.Text, in.Mode, in.Entities)
	switch {
	case err != nil:
		return err
	case text.text == "":
		return tgBad("MESSAGE_EMPTY")
	case tgUnits(text.text) > tgTextMax:
		return tgBad("MESSAGE_TOO_LONG")
	}
	m.Text, m.Entities, m.Preview = text.text, text.entities, in.Preview
	return nil
}

func (t *Telegram) inlinePhoto(method string, in tgResult, m *TelegramMessage) error {
	caption, err := t.format(method, in.Caption, in.Mode, in.Entities)
	switch {
	case err != nil:
		return err
	case tgUnits(caption.text) > tgCaptionMax:
		return tgBad("MEDIA_CAPTION_TOO_LONG")
	}
	m.Caption, m.CaptionEntities = caption.text, caption.entities
	if in.PhotoFile == "" {
		if in.PhotoURL == "" {
			return tgBad("PHOTO_INVALID")
		}
		m.Photo = []TelegramPhoto{{FileID: in.PhotoURL}}
		return nil
	}
	file := t.files[in.PhotoFile]
	if file == nil || file.Kind != "photo" {
		return tgBad("wrong file identifier/HTTP URL specified")
	}
	m.Photo = []TelegramPhoto{file.asPhoto()}
	return nil
}

// Choose sends an offer into a chat: the user is its author, the bot can edit it by
// its inline message id, and hears of it as far as the chat and the options allow.
func (u *TelegramUser) Choose(where TelegramPlace, query string, result TelegramInlineResult) TelegramMessage {
	return u.write(where, func(m *TelegramMessage) {
		t := u.t
		chosen := result.Message
		m.Text, m.Entities, m.Preview = chosen.Text, chosen.Entities, chosen.Preview
		m.Photo, m.Caption, m.CaptionEntities = chosen.Photo, chosen.Caption, chosen.CaptionEntities
		m.Keyboard, m.ViaBot = chosen.Keyboard, &t.bot
		t.nextQuery++
		payload := map[string]any{"result_id": result.ID, "from": u.person, "query": query}
		if m.Keyboard != nil { // the server gives the bot no handle on other messages
			m.InlineID = fmt.Sprintf("AgAAAP%08d", t.nextQuery)
			t.inline[m.InlineID] = m
			payload["inline_message_id"] = m.InlineID
		}
		if t.options.InlineFeedback {
			t.push("chosen_inline_result", payload)
		}
	})
}
