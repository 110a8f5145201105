package discordtest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/bot/bottest/discordtest"
)

const text = `"content": "x", "allowed_mentions": {"parse": []}`

// TestRefusals is a table of what Discord refuses, with its statuses and codes.
func TestRefusals(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann, shy := d.NewUser("ann"), d.NewUser("shy")
	g, gone := d.NewGuild("talks", ann), d.NewGuild("gone", ann)
	open, hidden, mute := g.Text("open"), g.Text("hidden"), g.Text("mute")
	hidden.Deny(g, discordtest.ViewChannel)
	mute.Deny(d.Bot(), discordtest.SendMessages)
	bare := g.Text("bare")
	bare.Deny(g, discordtest.EmbedLinks|discordtest.ReadMessageHistory)
	forum, free := g.Forum("forum", true, "talks"), g.Forum("free", false)
	locked := open.Thread(ann, "locked")
	locked.Lock()
	news := g.Announcement("news")
	lost := gone.Text("lost")
	deleted := g.Text("deleted")
	deleted.Delete()
	gone.RemoveBot()
	shy.Block()
	dm := d.DM(shy)
	said, err := ann.Say(open, "a claim")
	if err != nil {
		t.Fatal(err)
	}
	inBare, err := ann.Say(bare, "a claim")
	if err != nil {
		t.Fatal(err)
	}
	headline, err := ann.Say(news, "a headline")
	if err != nil {
		t.Fatal(err)
	}

	messages := func(ch *discordtest.Channel) string { return "/channels/" + ch.ID.String() + "/messages" }
	for _, tc := range []struct {
		what, method, path, body string
		status, code             int
	}{
		{"unknown channel", "POST", "/channels/5/messages", "{" + text + "}", 404, 10003},
		{"deleted channel", "POST", messages(deleted), "{" + text + "}", 404, 10003},
		{"guild that the bot left", "POST", messages(lost), "{" + text + "}", 403, 50001},
		{"hidden channel", "POST", messages(hidden), "{" + text + "}", 403, 50001},
		{"hidden channel's history", "GET", messages(hidden), "", 403, 50001},
		{"channel where it may not write", "POST", messages(mute), "{" + text + "}", 403, 50013},
		{"embed where there may be none", "POST", messages(bare), `{"embeds": [{"title": "x"}], "allowed_mentions": {"parse": []}}`, 403, 50013},
		{"reply without the history", "POST", messages(bare), "{" + text + `, "message_reference": {"message_id": "` + inBare.ID.String() + `"}}`, 403, 160002},
		{"reply to nothing", "POST", messages(open), "{" + text + `, "message_reference": {"message_id": "5"}}`, 400, 50035},
		{"empty message", "POST", messages(open), `{"content": "", "allowed_mentions": {"parse": []}}`, 400, 50006},
		{"person who blocks the bot", "POST", messages(dm), "{" + text + "}", 403, 50007},
		{"message straight to a forum", "POST", messages(forum), "{" + text + "}", 400, 50008},
		{"locked thread", "POST", messages(locked), "{" + text + "}", 400, 160005},
		{"post without its tag", "POST", "/channels/" + forum.ID.String() + "/threads", `{"name": "n", "message": {` + text + `}}`, 400, 40067},
		{"post with a strange tag", "POST", "/channels/" + free.ID.String() + "/threads", `{"name": "n", "applied_tags": ["5"], "message": {` + text + `}}`, 400, 50035},
		{"unknown message", "POST", messages(open) + "/5/crosspost", "", 404, 10008},
		{"crosspost in a text channel", "POST", messages(open) + "/" + said.ID.String() + "/crosspost", "", 400, 50024},
		{"crosspost of another's message", "POST", messages(news) + "/" + headline.ID.String() + "/crosspost", "", 403, 50013},
		{"unknown guild", "GET", "/guilds/5/threads/active", "", 404, 10004},
		{"other application", "PUT", "/applications/5/commands", "[]", 404, 10002},
		{"unknown interaction", "POST", "/interactions/5/token/callback", `{"type": 5}`, 404, 10062},
		{"unknown webhook", "POST", "/webhooks/" + d.ApplicationID().String() + "/token", "{" + text + "}", 404, 10015},
	} {
		status, body := do(t, d, tc.method, tc.path, tc.body)
		if status != tc.status || body["code"] != float64(tc.code) {
			t.Errorf("%s: answered %d %v, not %d with code %d", tc.what, status, body, tc.status, tc.code)
		}
	}
}

func TestInvalidFormsAreRefusedInDiscordsForm(t *testing.T) {
	d := discordtest.New(discordtest.Options{})
	defer d.Close()
	ch := d.DM(d.NewUser("ann"))
	status, body := do(t, d, "POST", "/channels/"+ch.ID.String()+"/messages", `{"content": "`+strings.Repeat("x", 2001)+`", "allowed_mentions": {"parse": []}}`)
	want := `map[code:50035 errors:map[content:map[_errors:[map[code:BASE_TYPE_MAX_LENGTH message:Must be 2000 or fewer in length.]]]] message:Invalid Form Body]`
	if got := fmt.Sprint(body); status != http.StatusBadRequest || got != want {
		t.Errorf("answered %d %s", status, got)
	}
	wantViolations(t, d, "POST /channels/{channel_id}/messages: content: Must be 2000 or fewer in length.")
}

func wantViolations(t *testing.T, d *discordtest.Server, want ...string) {
	t.Helper()
	if got := d.Violations(); !slices.Equal(got, want) {
		t.Errorf("violations are %q, not %q", got, want)
	}
}

func TestNothingIsSentAfterA401(t *testing.T) {
	d := discordtest.New(discordtest.Options{})
	defer d.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", d.URL()+"/api/v9/users/@me", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("answered %s without a token", res.Status)
	}
	wantViolations(t, d)
	do(t, d, "GET", "/users/@me", "")
	wantViolations(t, d, "GET /users/@me: sent after a 401")
}

// TestForms asks for one of everything, so that every form that the fake writes is checked.
func TestForms(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	g := d.NewGuild("talks", ann)
	g.Join(ann, g.NewRole("readers", discordtest.ViewChannel))
	text, forum, news, group := g.Text("general"), g.Forum("forum", true, "talks"), g.Announcement("news"), d.GroupDM(ann, d.Bot(), d.NewUser("bob"))
	text.Deny(ann, discordtest.SendMessages)
	thread := text.Thread(g.Owner, "thread")
	_, posted := do(t, d, "POST", "/channels/"+news.ID.String()+"/messages", `{"content": "x", "embeds": [{"title": "t", "author": {"name": "a"}, "fields": [{"name": "n", "value": "v"}]}], "allowed_mentions": {"parse": []}, "nonce": 5}`)
	message := fmt.Sprintf("/channels/%s/messages/%s", news.ID, posted["id"])
	post := fmt.Sprintf(`{"name": "n", "applied_tags": ["%s"], "message": {"content": "x", "allowed_mentions": {"parse": []}}}`, forum.Tag("talks"))
	app := "/applications/" + d.ApplicationID().String()
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/gateway", "", 200},
		{"GET", "/gateway/bot", "", 200},
		{"GET", "/applications/@me", "", 200},
		{"GET", "/users/@me", "", 200},
		{"GET", "/channels/" + text.ID.String(), "", 200},
		{"GET", "/channels/" + forum.ID.String(), "", 200},
		{"GET", "/channels/" + thread.ID.String(), "", 200},
		{"GET", "/channels/" + group.ID.String(), "", 200},
		{"GET", "/guilds/" + g.ID.String() + "/threads/active", "", 200},
		{"POST", "/channels/" + forum.ID.String() + "/threads", post, 201},
		{"POST", "/channels/" + thread.ID.String() + "/typing", "", 204},
		{"POST", message + "/crosspost", "", 200},
		{"GET", "/channels/" + news.ID.String() + "/messages?limit=5", "", 200},
		{"PUT", app + "/commands", `[{"name": "stance", "description": "Stance", "name_localizations": {"uk": "позиція"},
			"options": [{"type": 3, "name": "actor", "description": "Who", "required": true, "autocomplete": true, "max_length": 50}]}]`, 200},
	} {
		if status, body := do(t, d, tc.method, tc.path, tc.body); status != tc.status {
			t.Errorf("%s %s answered %d %v, not %d", tc.method, tc.path, status, body, tc.status)
		}
	}
}

func TestPermissions(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	g := d.NewGuild("talks", ann)
	g.SetEveryone(discordtest.ViewChannel | discordtest.SendMessages)
	readers := g.NewRole("readers", discordtest.EmbedLinks)
	ch := g.Text("general")
	can := func(what string, p discordtest.Permissions, want bool) {
		t.Helper()
		if got := ch.Permissions(ann)&p == p; got != want {
			t.Errorf("%s: %t, not %t", what, got, want)
		}
	}
	can("by @everyone", discordtest.SendMessages, true)
	can("by no role yet", discordtest.EmbedLinks, false)
	g.Join(ann, readers)
	can("by a role", discordtest.EmbedLinks, true)
	ch.Deny(g, discordtest.SendMessages)
	can("denied to everyone in the channel", discordtest.SendMessages, false)
	can("embeds without sending", discordtest.EmbedLinks, false)
	ch.Allow(readers, discordtest.SendMessages)
	can("allowed to a role in the channel", discordtest.SendMessages, true)
	ch.Deny(ann, discordtest.SendMessages)
	can("denied to the member", discordtest.SendMessages, false)
	ch.Allow(ann, discordtest.SendMessages)
	can("allowed to the member", discordtest.SendMessages, true)
	ch.Deny(readers, discordtest.ViewChannel)
	can("nothing where it cannot see", discordtest.SendMessages, false)
	g.Join(ann, g.NewRole("admins", discordtest.Administrator))
	can("administrator", discordtest.ManageGuild|discordtest.ViewChannel, true)
}

func TestSendingOpensAnArchivedThread(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	thread := d.NewGuild("talks", ann).Text("general").Thread(ann, "thread")
	thread.Archive()
	if status, body := do(t, d, "POST", "/channels/"+thread.ID.String()+"/messages", "{"+text+"}"); status != 200 {
		t.Fatalf("answered %d %v", status, body)
	}
	if thread.Archived() {
		t.Error("the thread is still archived")
	}
}

func TestTheSameNonceIsTheSameMessage(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	ch := d.DM(ann)
	send := func(body string) any {
		_, m := do(t, d, "POST", "/channels/"+ch.ID.String()+"/messages", body)
		return m["id"]
	}
	enforced := "{" + text + `, "nonce": "slot-1", "enforce_nonce": true}`
	first := send(enforced)
	if second := send(enforced); second != first {
		t.Errorf("a second message %v for the nonce of %v", second, first)
	}
	if send("{"+text+`, "nonce": "slot-1"}`) == first {
		t.Error("a nonce that was not to be enforced was")
	}
	d.Advance(time.Hour)
	if send(enforced) == first {
		t.Error("a nonce was enforced after an hour")
	}
	if n := len(ann.Messages(ch)); n != 3 {
		t.Errorf("%d messages, not 3", n)
	}
}

// TestEditsKeepWhatTheyDoNotName follows Discord's treatment of absent keys and nulls.
func TestEditsKeepWhatTheyDoNotName(t *testing.T) {
	d, ann, i := asked(t)
	full := `{"content": "x", "embeds": [{"title": "e"}], "allowed_mentions": {"parse": []},
		"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "b", "custom_id": "b"}]}]}`
	for _, tc := range []struct{ edit, want string }{
		{`{}`, "x [e] 1"},
		{`{"content": null}`, " [e] 1"},
		{`{"content": "y", "allowed_mentions": {"parse": []}}`, "y [e] 1"},
		{`{"embeds": null}`, "x [] 1"},
		{`{"components": null}`, "x [e] 1"},
		{`{"components": []}`, "x [e] 0"},
	} {
		i, err := ann.SendSlash(i.Channel, "ask", nil)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := respond(t, d, i, `{"type": 4, "data": `+full+`}`); status != 204 {
			t.Fatalf("answered %d %v", status, body)
		}
		if status, body := do(t, d, "PATCH", webhook(d, i, "/messages/@original"), tc.edit); status != 200 {
			t.Fatalf("%s answered %d %v", tc.edit, status, body)
		}
		last := *i.Now().Message
		var titles []string
		for _, e := range last.Embeds {
			titles = append(titles, e.Title)
		}
		if got := fmt.Sprintf("%s %v %d", last.Content, titles, len(last.Components)); got != tc.want {
			t.Errorf("%s left %q, not %q", tc.edit, got, tc.want)
		}
	}
}

func TestHistory(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	ch := d.DM(ann)
	var ids []string
	for range 6 {
		_, m := do(t, d, "POST", "/channels/"+ch.ID.String()+"/messages", "{"+text+"}")
		ids = append(ids, m["id"].(string))
	}
	for _, tc := range []struct {
		query string
		want  []string
	}{
		{"", []string{ids[5], ids[4], ids[3], ids[2], ids[1], ids[0]}},
		{"?limit=2", []string{ids[5], ids[4]}},
		{"?limit=2&after=" + ids[1], []string{ids[3], ids[2]}},
		{"?after=" + ids[5], nil},
	} {
		if got := history(t, d, ch, tc.query); !slices.Equal(got, tc.want) {
			t.Errorf("%q: got %v, not %v", tc.query, got, tc.want)
		}
	}
}

func TestTwoHundredCommandCreatesADay(t *testing.T) {
	d := start(t, discordtest.Options{})
	path := "/applications/" + d.ApplicationID().String() + "/commands"
	overwrite := func(from, to int) (int, map[string]any) {
		var all []string
		for i := from; i < to; i++ {
			all = append(all, fmt.Sprintf(`{"name": "c%d", "description": "x"}`, i))
		}
		return do(t, d, "PUT", path, "["+strings.Join(all, ",")+"]")
	}
	for i := range 2 {
		if status, body := overwrite(i*100, i*100+100); status != 200 {
			t.Fatalf("answered %d %v", status, body)
		}
	}
	status, body := overwrite(200, 201)
	wantCode(t, "one more", status, body, 30034)
	if status, body := overwrite(100, 200); status != 200 {
		t.Errorf("the same again: answered %d %v", status, body)
	}
	d.Advance(24 * time.Hour)
	if status, body := overwrite(200, 201); status != 200 {
		t.Errorf("a day later: answered %d %v", status, body)
	}
}

func TestKeepBoundsWhatIsRemembered(t *testing.T) {
	d := start(t, discordtest.Options{Keep: 3, Unchecked: true})
	ann := d.NewUser("ann")
	ch := d.DM(ann)
	var last any
	for range 20 {
		_, m := do(t, d, "POST", "/channels/"+ch.ID.String()+"/messages", "{"+text+"}")
		last = m["id"]
	}
	seen := ann.Messages(ch)
	if n := len(seen); n < 3 || n > 6 || seen[n-1].ID.String() != last {
		t.Errorf("%d messages are remembered, the last %v", n, last)
	}
	if n := len(d.Requests("")); n < 3 || n > 6 {
		t.Errorf("%d requests are remembered", n)
	}
}

func TestFilesOfMessagesAreKept(t *testing.T) {
	d, _, i := asked(t)
	respond(t, d, i, `{"type": 5}`)
	if status := attach(t, d, webhook(d, i, ""), "a.txt", "alpha"); status != 200 {
		t.Fatalf("answered %d", status)
	}
	a := i.Now().Message.Attachments[0]
	if string(a.Data) != "alpha" {
		t.Errorf("the file reads %q", a.Data)
	}
	path := webhook(d, i, "/messages/@original")
	do(t, d, "PATCH", path, fmt.Sprintf(`{"content": "y", "allowed_mentions": {"parse": []}, "attachments": [{"id": "%s"}]}`, a.ID))
	if m := i.Now().Message; len(m.Attachments) != 1 {
		t.Error("an attachment that was listed is gone")
	}
	do(t, d, "PATCH", path, `{"content": "y", "allowed_mentions": {"parse": []}, "attachments": []}`)
	if m := i.Now().Message; len(m.Attachments) != 0 {
		t.Error("an attachment that was not listed is still there")
	}
}

func TestTooLargeFilesAreRefused(t *testing.T) {
	d := discordtest.New(discordtest.Options{})
	defer d.Close()
	ch := d.DM(d.NewUser("ann"))
	for _, size := range []int{10<<20 + 1, 26 << 20} {
		if status := attach(t, d, "/channels/"+ch.ID.String()+"/messages", "a.txt", strings.Repeat("x", size)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%d bytes: answered %d", size, status)
		}
	}
}

func TestPeopleDoOnlyWhatTheyMay(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann, eve := d.NewUser("ann"), d.NewUser("eve")
	g := d.NewGuild("talks", ann)
	ch := g.Text("general")
	if _, err := ann.Say(ch, "hello"); err != nil {
		t.Fatal(err)
	}
	if _, err := eve.Say(ch, "hello"); err == nil {
		t.Error("eve wrote where she is not")
	}
	if eve.Messages(ch) != nil {
		t.Error("eve reads where she is not")
	}
}
