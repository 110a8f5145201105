package telegramtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

func button(fields string) string { return `{"inline_keyboard":[[{"text":"B",` + fields + `}]]}` }

// Each request is refused with the text, or taken where there is none, and reported
// as a violation where there is a text for that.
func TestRefusals(t *testing.T) {
	links := func(n, size int) string {
		return strings.Repeat(`<a href="https://x.example/`+strings.Repeat("p", size)+`">x</a>`, n)
	}
	for _, c := range []struct {
		name      string
		params    tgbotapi.Params
		refusal   string
		violation string
	}{
		{"4096 units", tgbotapi.Params{"text": strings.Repeat("😀", 2048)}, "", ""},
		{"4097 units", tgbotapi.Params{"text": strings.Repeat("😀", 2048) + "x"}, "Bad Request: message is too long", "4097 UTF-16 units"},
		{"a longer source", tgbotapi.Params{"text": strings.Repeat("&amp;", 4096), "parse_mode": "HTML"}, "", ""},
		{"too long a source", tgbotapi.Params{"text": strings.Repeat("&amp;", 7000), "parse_mode": "HTML"}, "Bad Request: text is too long", "text is too long"},
		{"100 entities", tgbotapi.Params{"text": links(100, 1), "parse_mode": "HTML"}, "", ""},
		{"101 entities", tgbotapi.Params{"text": links(101, 1), "parse_mode": "HTML"}, "", "101 entities, of which only the first 100 count"},
		{"long addresses", tgbotapi.Params{"text": links(60, 200), "parse_mode": "HTML"}, "", "larger than 9500 bytes"},
		{"no text", tgbotapi.Params{}, "Bad Request: message text is empty", "text is empty"},
		{"blank text", tgbotapi.Params{"text": " \n "}, "Bad Request: text must be non-empty", "must be non-empty"},
		{"nothing but tags", tgbotapi.Params{"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty", "must be non-empty"},
		{"bad UTF-8", tgbotapi.Params{"text": "a\xff"}, "Bad Request: strings must be encoded in UTF-8", "must be encoded"},
		{"bad HTML", tgbotapi.Params{"text": "1 < 2", "parse_mode": "HTML"},
			`Bad Request: can't parse entities: Unsupported start tag "" at byte offset 2`, "can't parse entities"},
		{"parse mode of its own", tgbotapi.Params{"text": "x", "parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode", "is not one of HTML"},
		{"parse mode in lower case", tgbotapi.Params{"text": "x", "parse_mode": "html"}, "", "is not one of HTML"},
		{"64 bytes", tgbotapi.Params{"text": "x", "reply_markup": button(`"callback_data":"` + strings.Repeat("й", 32) + `"`)}, "", ""},
		{"66 bytes", tgbotapi.Params{"text": "x", "reply_markup": button(`"callback_data":"` + strings.Repeat("й", 33) + `"`)},
			"Bad Request: BUTTON_DATA_INVALID", "BUTTON_DATA_INVALID"},
		{"a button without use", tgbotapi.Params{"text": "x", "reply_markup": `{"inline_keyboard":[[{"text":"B"}]]}`},
			"Text buttons are unallowed in the inline keyboard", "does 0 things"},
		{"a button with two uses", tgbotapi.Params{"text": "x", "reply_markup": button(`"callback_data":"a","url":"https://x.example"`)}, "", "does 2 things"},
		{"a bad address", tgbotapi.Params{"text": "x", "reply_markup": button(`"url":"nonsense"`)}, "is invalid: Wrong HTTP URL", ""},
		{"a copy button", tgbotapi.Params{"text": "x", "reply_markup": button(`"copy_text":{"text":"c"}`)}, "", ""},
		{"markup that is no object", tgbotapi.Params{"text": "x", "reply_markup": "5"}, "object expected as reply markup", ""},
		{"force reply", tgbotapi.Params{"text": "x", "reply_markup": `{"force_reply":true,"input_field_placeholder":"ask"}`}, "", ""},
		{"reply to nothing", tgbotapi.Params{"text": "x", "reply_parameters": `{"message_id":99}`}, "Bad Request: message to be replied not found", ""},
		{"reply to nothing, if need be", tgbotapi.Params{"text": "x", "reply_parameters": `{"message_id":99,"allow_sending_without_reply":true}`}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tg := New(Options{})
			defer tg.Close()
			anna := tg.User("Anna", "en")
			anna.Start("")
			bot := client(t, tg)
			c.params["chat_id"] = chatOf(anna.Private())
			if c.refusal != "" {
				refused(t, bot, "sendMessage", c.params, c.refusal)
			} else {
				do(t, bot, "sendMessage", c.params, nil)
			}
			got := tg.Violations()
			reported := slices.ContainsFunc(got, func(v string) bool { return c.violation != "" && strings.Contains(v, c.violation) })
			if c.violation != "" && !reported || c.violation == "" && c.refusal == "" && len(got) > 0 {
				t.Errorf("violations: %q, want %q", got, c.violation)
			}
		})
	}
}

func TestCaptionLimit(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	anna.Start("")
	bot := client(t, tg)
	photo := tgbotapi.NewPhoto(anna.ID(), tgbotapi.FileBytes{Name: "a.png", Bytes: picture(t, 3, 3)})
	photo.Caption = strings.Repeat("x", 1025)
	if _, err := bot.Send(photo); err == nil || !strings.Contains(err.Error(), "message caption is too long") {
		t.Errorf("a caption of 1025: %v", err)
	}
	if got := tg.takeViolations(); len(got) == 0 || !strings.Contains(got[len(got)-1], "sendPhoto: a caption of 1025 UTF-16 units") {
		t.Errorf("violations: %q", got)
	}
}

func TestEdits(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	theirs := anna.Start("")
	bot := client(t, tg)
	chat := chatOf(anna.Private())
	do(t, bot, "sendMessage", tgbotapi.Params{"chat_id": chat, "text": "one", "reply_markup": button(`"callback_data":"a"`)}, nil)
	own, err := tg.Next(soon(t), theirs)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(id int, text string) tgbotapi.Params {
		return tgbotapi.Params{"chat_id": chat, "message_id": strconv.Itoa(id), "text": text}
	}
	refused(t, bot, "editMessageText", edit(theirs.ID, "x"), "message can't be edited")
	refused(t, bot, "editMessageText", edit(999, "x"), "message to edit not found")
	same := edit(own.ID, "one")
	same["reply_markup"] = button(`"callback_data":"a"`)
	refused(t, bot, "editMessageText", same, "message is not modified: specified new message content and reply markup are exactly the same")
	do(t, bot, "editMessageText", edit(own.ID, "one"), nil)
	if now, err := tg.Edited(soon(t), own); err != nil || now.Keyboard != nil {
		t.Errorf("an edit without a keyboard takes it away: %+v, %v", now, err)
	}
	again := edit(own.ID, "one")
	again["reply_markup"] = button(`"callback_data":"b"`)
	do(t, bot, "editMessageText", again, nil)
	if b, ok := anna.Private().Said()[0].Button("B"); !ok || b.Data != "b" {
		t.Errorf("the keyboard set anew: %+v", b)
	}

	anna.Delete(own)
	refused(t, bot, "editMessageText", edit(own.ID, "x"), "message to edit not found")
	updates(t, bot)
	anna.Edit(theirs, "/start again")
	if batch := updates(t, bot); len(batch) != 1 || batch[0].EditedMessage == nil || batch[0].EditedMessage.Text != "/start again" {
		t.Errorf("the user's edit: %+v", batch)
	}
}

func TestStaleButtons(t *testing.T) {
	clock := NewManualClock(time.Unix(1_700_000_000, 0))
	tg := start(t, Options{Clock: clock})
	anna := tg.User("Anna", "en")
	start := anna.Start("")
	bot := client(t, tg)
	do(t, bot, "sendMessage", tgbotapi.Params{"chat_id": chatOf(anna.Private()), "text": "one", "reply_markup": button(`"callback_data":"a"`)}, nil)
	own, err := tg.Next(soon(t), start)
	if err != nil {
		t.Fatal(err)
	}
	updates(t, bot)
	anna.ClickInaccessible(own, "a")
	anna.ClickWithoutMessage("a")
	batch := updates(t, bot)
	if m := batch[0].CallbackQuery.Message; m == nil || m.Date != 0 || m.MessageID != own.ID {
		t.Errorf("inaccessible: %+v", m)
	}
	if batch[1].CallbackQuery.Message != nil {
		t.Errorf("without a message: %+v", batch[1].CallbackQuery.Message)
	}
	clock.Advance(16 * time.Second)
	refused(t, bot, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": batch[0].CallbackQuery.ID},
		"Bad Request: query is too old and response timeout expired or query ID is invalid")
}

func article(id, text string) string {
	return fmt.Sprintf(`{"type":"article","id":%q,"title":"T","input_message_content":{"message_text":%q,"parse_mode":"HTML"},"reply_markup":%s}`,
		id, text, button(`"callback_data":"a"`))
}

func TestInline(t *testing.T) {
	clock := NewManualClock(time.Unix(1_700_000_000, 0))
	tg := start(t, Options{Clock: clock})
	anna := tg.User("Anna", "en")
	group := tg.Supergroup("Group", anna)
	bot := client(t, tg)
	updates(t, bot)

	answers := make(chan InlineAnswer, 1)
	ask := func() {
		answer, err := anna.Inline(soon(t), "kyiv", "")
		if err != nil {
			t.Error(err)
		}
		answers <- answer
	}
	go ask()
	if err := tg.await(soon(t), "the query", func() bool { return len(tg.updates.queue) == 1 }); err != nil {
		t.Fatal(err)
	}
	query := updates(t, bot)[0].InlineQuery
	params := func(results, offset string) tgbotapi.Params {
		return tgbotapi.Params{"inline_query_id": query.ID, "results": results, "next_offset": offset, "cache_time": "60"}
	}
	do(t, bot, "answerInlineQuery", params("["+article("1", "<b>words</b>")+"]", "10"), nil)
	answer := <-answers
	if len(answer.Results) != 1 || answer.NextOffset != "10" || answer.CacheTime != time.Minute ||
		!slices.Equal(answer.Results[0].Message.Marked("bold"), []string{"words"}) {
		t.Fatalf("offered: %+v", answer)
	}
	refused(t, bot, "answerInlineQuery", params("[]", ""), "query is too old")

	anna.Choose(group, answer.Results[0])
	if batch := updates(t, bot); len(batch) != 1 || batch[0].Message.ViaBot == nil {
		t.Fatalf("the choice: %+v", batch)
	}
}

func TestInlineRefusals(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	bot := client(t, tg)
	query := anna.query(queryKey{})
	id := updates(t, bot)[0].InlineQuery.ID
	for _, c := range []struct{ results, offset, want string }{
		{article(strings.Repeat("x", 65), "a"), "", "RESULT_ID_INVALID"},
		{article("1", "a") + "," + article("1", "b"), "", "RESULT_ID_DUPLICATE"},
		{strings.Repeat(article("1", "a")+",", 50) + article("1", "a"), "", "RESULTS_TOO_MUCH"},
		{article("1", "<b>a"), "", "can't parse entities"},
		{article("1", " "), "", "MESSAGE_EMPTY"},
		{article("1", "a"), strings.Repeat("x", 65), "NEXT_OFFSET_INVALID"},
	} {
		refused(t, bot, "answerInlineQuery", tgbotapi.Params{
			"inline_query_id": id, "results": "[" + c.results + "]", "next_offset": c.offset,
		}, c.want)
		if got := tg.takeViolations(); len(got) == 0 {
			t.Errorf("%s is no violation", c.want)
		}
	}
	do(t, bot, "answerInlineQuery", tgbotapi.Params{"inline_query_id": id, "results": "[]"}, nil)
	if query.answer == nil {
		t.Error("the query has no answer")
	}
}
