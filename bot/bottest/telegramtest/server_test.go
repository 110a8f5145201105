package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// start starts a fake that is held to have seen no violation but those expected.
func start(t *testing.T, options Options, expected ...string) *Server {
	t.Helper()
	tg := New(options)
	t.Cleanup(func() {
		tg.Close()
		got := tg.Violations()
		if len(got) != len(expected) {
			t.Errorf("violations: %q, want %d: %q", got, len(expected), expected)
			return
		}
		for i, want := range expected {
			if !strings.Contains(got[i], want) {
				t.Errorf("violation %q, want %q", got[i], want)
			}
		}
	})
	return tg
}

// takeViolations returns the violations and forgets them, for a test that means them.
func (t *Server) takeViolations() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	taken := t.violations
	t.violations = nil
	return taken
}

// endpoint is the format that telegram-bot-api takes: token, then method.
func (t *Server) endpoint() string { return t.server.URL + "/bot%s/%s" }

// client is telegram-bot-api v5, pointed at the fake.
func client(t *testing.T, tg *Server) *tgbotapi.BotAPI {
	t.Helper()
	bot, err := tgbotapi.NewBotAPIWithAPIEndpoint(tg.Token(), tg.endpoint())
	if err != nil {
		t.Fatal(err)
	}
	return bot
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// do makes a request and decodes the result into out, if that is not nil.
func do(t *testing.T, bot *tgbotapi.BotAPI, method string, params tgbotapi.Params, out any) {
	t.Helper()
	answer, err := bot.MakeRequest(method, params)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	if out != nil {
		if err := json.Unmarshal(answer.Result, out); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
	}
}

// refused makes a request that has to fail with the text.
func refused(t *testing.T, bot *tgbotapi.BotAPI, method string, params tgbotapi.Params, want string) *tgbotapi.Error {
	t.Helper()
	_, err := bot.MakeRequest(method, params)
	refusal, ok := errors.AsType[*tgbotapi.Error](err)
	if !ok || !strings.Contains(refusal.Message, want) {
		t.Fatalf("%s: %v, want %q", method, err, want)
	}
	return refusal
}

func chatOf(c *Chat) string { return strconv.FormatInt(c.ID(), 10) }

// updates takes what waits and confirms it.
func updates(t *testing.T, bot *tgbotapi.BotAPI) []tgbotapi.Update {
	t.Helper()
	var batch []tgbotapi.Update
	do(t, bot, "getUpdates", nil, &batch)
	if n := len(batch); n > 0 {
		do(t, bot, "getUpdates", tgbotapi.Params{"offset": strconv.Itoa(batch[n-1].UpdateID + 1)}, nil)
	}
	return batch
}

// texts are the messages among updates.
func texts(batch []tgbotapi.Update) []string {
	var said []string
	for _, u := range batch {
		if u.Message != nil && u.Message.Text != "" {
			said = append(said, u.Message.Text)
		}
	}
	return said
}

func TestWithTheRealClient(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "uk")
	bot := client(t, tg)
	if bot.Self.UserName != DefaultUsername || !bot.Self.IsBot {
		t.Errorf("getMe: %+v", bot.Self)
	}
	question := anna.Say(anna.Private(), "/ask what does Kyiv want?")
	batch := updates(t, bot)
	if len(batch) != 1 || batch[0].Message.Command() != "ask" || batch[0].Message.From.LanguageCode != "uk" {
		t.Fatalf("updates: %+v", batch)
	}

	answer := tgbotapi.NewMessage(batch[0].Message.Chat.ID, `<b>Key</b> 😀 <a href="https://a.example/x?a=1&amp;b=2">source</a><blockquote expandable>words</blockquote>`)
	answer.ParseMode = "HTML"
	answer.ReplyToMessageID = batch[0].Message.MessageID
	answer.DisableWebPagePreview = true
	answer.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("More", "p:2")))
	if _, err := bot.Send(answer); err != nil {
		t.Fatal(err)
	}
	seen, err := tg.Next(soon(t), question)
	if err != nil {
		t.Fatal(err)
	}
	if seen.Text != "Key 😀 sourcewords" || !slices.Equal(seen.Marked("bold"), []string{"Key"}) ||
		!slices.Equal(seen.Marked("expandable_blockquote"), []string{"words"}) ||
		!slices.Equal(seen.Links(), []string{"https://a.example/x?a=1&b=2"}) {
		t.Errorf("message: %+v", seen)
	}
	if seen.ReplyTo == nil || seen.ReplyTo.ID != question.ID || seen.Preview == nil || !seen.Preview.Disabled {
		t.Errorf("reply %+v, preview %+v", seen.ReplyTo, seen.Preview)
	}

	click := anna.Click(seen, "p:2")
	query := updates(t, bot)[0].CallbackQuery
	if query.Data != "p:2" || query.Message.MessageID != seen.ID {
		t.Fatalf("callback: %+v", query)
	}
	edit := tgbotapi.NewEditMessageText(seen.Chat.ID, seen.ID, "page two")
	if _, err := bot.Send(edit); err != nil {
		t.Fatal(err)
	}
	if _, err := bot.Request(tgbotapi.NewCallback(query.ID, "turned")); err != nil {
		t.Fatal(err)
	}
	if shown, err := click.Answer(soon(t)); err != nil || shown.Text != "turned" {
		t.Errorf("answer to the click: %+v, %v", shown, err)
	}
	edited, err := tg.Edited(soon(t), seen)
	if err != nil || edited.Text != "page two" || edited.Keyboard != nil {
		t.Errorf("edited: %+v, %v", edited, err)
	}
	if _, err := bot.Send(edit); err == nil || !strings.Contains(err.Error(), "message is not modified") {
		t.Errorf("the same edit again: %v", err)
	}
	if _, err := bot.Request(tgbotapi.NewCallback(query.ID, "again")); err == nil || !strings.Contains(err.Error(), "query is too old") {
		t.Errorf("the same answer again: %v", err)
	}
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFiles(t *testing.T) {
	tg := start(t, Options{}, "PHOTO_INVALID_DIMENSIONS", "IMAGE_PROCESS_FAILED", "does not fetch files")
	anna := tg.User("Anna", "")
	start := anna.Start("")
	bot := client(t, tg)
	data := picture(t, 30, 20)

	photo := tgbotapi.NewPhoto(anna.ID(), tgbotapi.FileBytes{Name: "map.png", Bytes: data})
	photo.Caption, photo.ParseMode = "a <i>map</i>", "HTML"
	sent, err := bot.Send(photo)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := tg.Next(soon(t), start)
	if err != nil || seen.Caption != "a map" || seen.Photo[0].Width != 30 || !slices.Equal(seen.Marked("italic"), []string{"map"}) {
		t.Errorf("photo: %+v, %v", seen, err)
	}
	if kept, ok := tg.FileData(seen.Photo[0].FileID); !ok || !bytes.Equal(kept, data) {
		t.Error("the photo's bytes are not what was sent")
	}
	if _, err := bot.Send(tgbotapi.NewPhoto(anna.ID(), tgbotapi.FileID(sent.Photo[0].FileID))); err != nil {
		t.Errorf("by file id: %v", err)
	}
	document := tgbotapi.NewDocument(anna.ID(), tgbotapi.FileBytes{Name: "a.txt", Bytes: []byte("text")})
	if _, err := bot.Send(document); err != nil {
		t.Errorf("document: %v", err)
	}

	for _, wrong := range []struct {
		file tgbotapi.RequestFileData
		want string
	}{
		{tgbotapi.FileBytes{Name: "thin.png", Bytes: picture(t, 2100, 100)}, "PHOTO_INVALID_DIMENSIONS"},
		{tgbotapi.FileBytes{Name: "text.png", Bytes: []byte("no picture")}, "IMAGE_PROCESS_FAILED"},
		{tgbotapi.FileID("nonsense"), "wrong file identifier"},
		{tgbotapi.FileURL("https://elsewhere.example/1.png"), "failed to get HTTP URL content"},
	} {
		if _, err := bot.Send(tgbotapi.NewPhoto(anna.ID(), wrong.file)); err == nil || !strings.Contains(err.Error(), wrong.want) {
			t.Errorf("%v, want %q", err, wrong.want)
		}
	}
}

func TestPrivacyMode(t *testing.T) {
	tg := start(t, Options{})
	anna, boris := tg.User("Anna", "en"), tg.User("Boris", "ru")
	group := tg.Group("Talks", anna, boris)
	bot := client(t, tg)
	do(t, bot, "sendMessage", tgbotapi.Params{"chat_id": chatOf(group), "text": "hello"}, nil)
	updates(t, bot)

	hello := group.Said()[0]
	for _, text := range []string{
		"just talking", "/ask@other_bot what", "mail me@parley_bot.example", "see /ask below",
		"/ask what", "/ask@Parley_Bot what", "what says @parley_bot?", "@PARLEY_BOT what",
	} {
		anna.Say(group, text)
	}
	boris.Reply(hello, "and you")
	boris.Reply(anna.Say(group, "not you"), "nor I")
	want := []string{"/ask what", "/ask@Parley_Bot what", "what says @parley_bot?", "@PARLEY_BOT what", "and you"}
	if got := texts(updates(t, bot)); !slices.Equal(got, want) {
		t.Errorf("seen: %q, want %q", got, want)
	}
	group.PromoteBot()
	anna.Say(group, "to all")
	if got := texts(updates(t, bot)); !slices.Equal(got, []string{"to all"}) {
		t.Errorf("as administrator: %q", got)
	}
}

func TestTopics(t *testing.T) {
	tg := start(t, Options{},
		"message_thread_id 1 never was a topic", "the reply goes to topic", "which has no topics")
	anna := tg.User("Anna", "en")
	forum := tg.Forum("Forum", anna)
	sources := forum.Topic("Sources")
	bot := client(t, tg)
	updates(t, bot)

	inTopic, inGeneral := anna.Say(sources, "/ask a"), anna.Say(forum.General(), "/ask b")
	batch := updates(t, bot)
	if got := texts(batch); !slices.Equal(got, []string{"/ask a", "/ask b"}) {
		t.Fatalf("seen: %q", got)
	}
	if !inTopic.InTopic || inTopic.Thread != sources.ID() || inGeneral.InTopic || inGeneral.Thread != 0 {
		t.Errorf("threads: %+v, %+v", inTopic, inGeneral)
	}
	send := func(extra tgbotapi.Params) tgbotapi.Params {
		params := tgbotapi.Params{"chat_id": chatOf(forum), "text": "answer"}
		for name, value := range extra {
			params[name] = value
		}
		return params
	}
	thread := strconv.Itoa(sources.ID())
	do(t, bot, "sendMessage", send(tgbotapi.Params{"message_thread_id": thread}), nil)
	do(t, bot, "sendMessage", send(nil), nil)
	if m, err := tg.Next(soon(t), inTopic); err != nil || m.Thread != sources.ID() {
		t.Errorf("in the topic: %+v, %v", m, err)
	}
	if m, err := tg.Next(soon(t), inGeneral); err != nil || m.Thread != 0 {
		t.Errorf("in General: %+v, %v", m, err)
	}
	refused(t, bot, "sendMessage", send(tgbotapi.Params{"message_thread_id": "1"}), "message thread not found")
	do(t, bot, "sendMessage", send(tgbotapi.Params{"message_thread_id": thread, "reply_to_message_id": strconv.Itoa(inGeneral.ID)}), nil)

	sources.Close()
	refused(t, bot, "sendMessage", send(tgbotapi.Params{"message_thread_id": thread}), "TOPIC_CLOSED")
	sources.Delete()
	refused(t, bot, "sendMessage", send(tgbotapi.Params{"message_thread_id": thread}), "message thread not found")

	plain := tg.Supergroup("Plain", anna)
	first := anna.Say(plain, "/ask c")
	if reply := anna.Reply(first, "/ask d"); reply.Thread != first.ID || reply.InTopic {
		t.Errorf("a thread of replies: %+v", reply)
	}
	refused(t, bot, "sendMessage", tgbotapi.Params{"chat_id": chatOf(plain), "text": "x", "message_thread_id": "5"}, "message thread not found")
}

func TestShutOut(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	group := tg.Group("Group", anna)
	channel := tg.Channel("News", anna)
	bot := client(t, tg)
	send := func(chat string) tgbotapi.Params { return tgbotapi.Params{"chat_id": chat, "text": "hello"} }

	refused(t, bot, "sendMessage", send("404"), "chat not found")
	refused(t, bot, "sendMessage", send(strconv.FormatInt(anna.ID(), 10)), "Forbidden: bot can't initiate conversation with a user")
	anna.Start("s-1")
	do(t, bot, "sendMessage", send(chatOf(anna.Private())), nil)
	anna.Block()
	if e := refused(t, bot, "sendMessage", send(chatOf(anna.Private())), "Forbidden: bot was blocked by the user"); e.Code != 403 {
		t.Errorf("code %d", e.Code)
	}
	anna.Unblock()
	do(t, bot, "sendMessage", send(chatOf(anna.Private())), nil)

	do(t, bot, "sendMessage", send(chatOf(channel)), nil)
	channel.AddBot()
	refused(t, bot, "sendMessage", send(chatOf(channel)), "need administrator rights in the channel chat")
	channel.change(tg.bot, statusLeft)
	refused(t, bot, "sendMessage", send(chatOf(channel)), "Forbidden: bot is not a member of the channel chat")

	group.MuteBot()
	refused(t, bot, "sendMessage", send(chatOf(group)), "not enough rights to send text messages")
	group.AddBot()
	group.KickBot()
	refused(t, bot, "sendMessage", send(chatOf(group)), "Forbidden: bot was kicked from the group chat")
	var statuses []string
	for _, u := range updates(t, bot) {
		if u.MyChatMember != nil {
			statuses = append(statuses, u.MyChatMember.NewChatMember.Status)
		}
	}
	want := []string{"member", "member", "administrator", "kicked", "member", "member", "left", "restricted", "member", "kicked"}
	if !slices.Equal(statuses, want) {
		t.Errorf("my_chat_member: %q, want %q", statuses, want)
	}
}

func TestUpgrade(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	group := tg.Group("Group", anna)
	bot := client(t, tg)
	updates(t, bot)
	super := group.Upgrade()
	batch := updates(t, bot)
	if len(batch) != 2 || batch[0].Message.MigrateToChatID != super.ID() || batch[1].Message.MigrateFromChatID != group.ID() {
		t.Fatalf("service messages: %+v", batch)
	}
	e := refused(t, bot, "sendMessage", tgbotapi.Params{"chat_id": chatOf(group), "text": "x"}, "upgraded to a supergroup")
	if e.MigrateToChatID != super.ID() {
		t.Errorf("migrate_to_chat_id %d, want %d", e.MigrateToChatID, super.ID())
	}
	do(t, bot, "sendMessage", tgbotapi.Params{"chat_id": chatOf(super), "text": "x"}, nil)
}

func TestMembers(t *testing.T) {
	tg := start(t, Options{})
	anna, boris := tg.User("Anna", "en"), tg.User("Boris", "en")
	group := tg.Supergroup("Group", anna, boris)
	bot := client(t, tg)
	status := func(u *User) string {
		var member struct{ Status string }
		do(t, bot, "getChatMember", tgbotapi.Params{"chat_id": chatOf(group), "user_id": strconv.FormatInt(u.ID(), 10)}, &member)
		return member.Status
	}
	if a, b := status(anna), status(boris); a != "creator" || b != "member" {
		t.Errorf("statuses %q, %q", a, b)
	}
	group.change(boris.person, statusAdmin)
	if b := status(boris); b != "administrator" {
		t.Errorf("promoted: %q", b)
	}
	group.MuteBot()
	var bots struct{ Status string }
	do(t, bot, "getChatMember", tgbotapi.Params{"chat_id": chatOf(group), "user_id": strconv.FormatInt(bot.Self.ID, 10)}, &bots)
	if bots.Status != "restricted" {
		t.Errorf("the bot: %q", bots.Status)
	}
}

func TestTokens(t *testing.T) {
	tg := start(t, Options{})
	get := func(path string) int {
		answer, err := http.Get(tg.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	for _, c := range []struct {
		path string
		want int
	}{
		{"/bot" + tg.Token() + "/getMe", 200},
		{"/bot" + tg.Token() + "/GETME", 200},
		{"/bot" + tg.Token() + "/nonsense", 404},
		{"/bot123456:ABCDEFGHIJKLMN/getMe", 401},
		{"/botnonsense/getMe", 404},
		{"/", 404},
	} {
		if got := get(c.path); got != c.want {
			t.Errorf("%s: %d, want %d", c.path, got, c.want)
		}
	}
	tg.RevokeToken()
	if got := get("/bot" + tg.Token() + "/getMe"); got != 401 {
		t.Errorf("revoked: %d", got)
	}
	want := []string{"GETME: the method is spelled getMe", "nonsense: the Bot API has no such method"}
	if got := tg.takeViolations(); !slices.Equal(got, want) {
		t.Errorf("violations: %q, want %q", got, want)
	}
}

func TestEncodings(t *testing.T) {
	tg := start(t, Options{})
	anna := tg.User("Anna", "en")
	anna.Start("")
	address := tg.URL() + "/bot" + tg.Token() + "/sendMessage"
	post := func(kind, body string) {
		t.Helper()
		answer, err := http.Post(address, kind, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if answer.StatusCode != 200 {
			raw, _ := io.ReadAll(answer.Body)
			t.Errorf("%s: %s", kind, raw)
		}
	}
	id := chatOf(anna.Private())
	post("application/x-www-form-urlencoded", url.Values{"chat_id": {id}, "text": {"two"}, "link_preview_options": {`{"is_disabled":true}`}}.Encode())
	post("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n"+id+
		"\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nthree\r\n--x--\r\n")
	var got []string
	for _, m := range anna.Private().Said() {
		got = append(got, m.Text)
	}
	if !slices.Equal(got, []string{"two", "three"}) {
		t.Errorf("said: %q", got)
	}
}

func TestMenus(t *testing.T) {
	tg := start(t, Options{})
	anna, boris := tg.User("Anna", "uk"), tg.User("Boris", "de")
	group := tg.Supergroup("Group", anna, boris)
	bot := client(t, tg)
	set := func(command, scope, language string) {
		params := tgbotapi.Params{"commands": `[{"command":"` + command + `","description":"what it does"}]`}
		if scope != "" {
			params["scope"] = scope
		}
		if language != "" {
			params["language_code"] = language
		}
		do(t, bot, "setMyCommands", params, nil)
	}
	set("plain", "", "")
	set("group_uk", `{"type":"all_group_chats"}`, "uk")
	set("group", `{"type":"all_group_chats"}`, "")
	set("admin", `{"type":"all_chat_administrators"}`, "")
	for _, c := range []struct {
		user *User
		chat *Chat
		want string
	}{
		{anna, group, "admin"}, {boris, group, "group"}, {boris, boris.Private(), "plain"},
	} {
		if menu := c.user.Menu(c.chat); len(menu) != 1 || menu[0].Command != c.want {
			t.Errorf("%s sees %+v, want %s", c.user.person.FirstName, menu, c.want)
		}
	}
	do(t, bot, "setMyCommands", tgbotapi.Params{"commands": "[]", "scope": `{"type":"all_chat_administrators"}`}, nil)
	if menu := anna.Menu(group); len(menu) != 1 || menu[0].Command != "group_uk" {
		t.Errorf("without a menu for administrators: %+v", menu)
	}
	do(t, bot, "setMyDescription", tgbotapi.Params{"description": "long", "language_code": ""}, nil)
	do(t, bot, "setMyDescription", tgbotapi.Params{"description": "довгий", "language_code": "uk"}, nil)
	do(t, bot, "setMyShortDescription", tgbotapi.Params{"short_description": "short"}, nil)
	if long, short := tg.Descriptions("uk"); long != "довгий" || short != "short" {
		t.Errorf("descriptions %q, %q", long, short)
	}
	if long, _ := tg.Descriptions("de"); long != "long" {
		t.Errorf("description in a language that has none: %q", long)
	}
}

func TestLogHoldsNoToken(t *testing.T) {
	tg := start(t, Options{}, "the log holds the token")
	if _, err := io.WriteString(tg.Log(), "Post /bot"+tg.Token()+"/getMe: refused"); err != nil {
		t.Fatal(err)
	}
	if got := tg.Violations(); len(got) != 1 || strings.Contains(got[0], tg.Token()) {
		t.Errorf("violations: %q", got)
	}
}
