package discordtest_test

import (
	"fmt"
	"testing"
	"time"

	"parley/bot/bottest/discordtest"
)

// asked is a fake in which ann has just used a command.
func asked(t *testing.T) (*discordtest.Server, *discordtest.User, *discordtest.Interaction) {
	t.Helper()
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	ch := d.NewGuild("talks", ann).Text("general")
	define(t, d, `{"name": "ask", "description": "Ask", "contexts": [0, 1, 2], "integration_types": [0, 1]}`)
	i, err := ann.SendSlash(ch, "ask", nil)
	if err != nil {
		t.Fatal(err)
	}
	return d, ann, i
}

func define(t *testing.T, d *discordtest.Server, command string) {
	t.Helper()
	if status, body := do(t, d, "PUT", "/applications/"+d.ApplicationID().String()+"/commands", "["+command+"]"); status != 200 {
		t.Fatalf("the command was refused: %v", body)
	}
}

// respond answers an interaction.
func respond(t *testing.T, d *discordtest.Server, i *discordtest.Interaction, body string) (int, map[string]any) {
	t.Helper()
	return do(t, d, "POST", fmt.Sprintf("/interactions/%s/%s/callback", i.ID, i.Token), body)
}

func webhook(d *discordtest.Server, i *discordtest.Interaction, rest string) string {
	return fmt.Sprintf("/webhooks/%s/%s%s", d.ApplicationID(), i.Token, rest)
}

func wantCode(t *testing.T, what string, status int, body map[string]any, code int) {
	t.Helper()
	if status < 400 || body["code"] != float64(code) {
		t.Errorf("%s: answered %d %v, not code %d", what, status, body, code)
	}
}

func TestInteractionsAreAnsweredInTimeAndOnce(t *testing.T) {
	d, ann, i := asked(t)
	d.Advance(3 * time.Second)
	late, err := ann.SendSlash(i.Channel, "ask", nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Advance(3*time.Second - time.Millisecond*500)
	status, body := respond(t, d, i, `{"type": 5}`)
	wantCode(t, "after three seconds", status, body, 10062)
	if status, body := respond(t, d, late, `{"type": 5}`); status != 204 {
		t.Fatalf("in time: answered %d %v", status, body)
	}
	status, body = respond(t, d, late, `{"type": 5}`)
	wantCode(t, "a second time", status, body, 40060)
}

func TestTokensExpire(t *testing.T) {
	d, _, i := asked(t)
	status, body := do(t, d, "POST", webhook(d, i, ""), "{"+text+"}")
	wantCode(t, "before the first answer", status, body, 10015)
	respond(t, d, i, `{"type": 5}`)
	d.Advance(14 * time.Minute)
	if status, body := do(t, d, "PATCH", webhook(d, i, "/messages/@original"), "{"+text+"}"); status != 200 {
		t.Fatalf("after 14 minutes: answered %d %v", status, body)
	}
	d.Advance(2 * time.Minute)
	status, body = do(t, d, "PATCH", webhook(d, i, "/messages/@original"), "{"+text+"}")
	wantCode(t, "after 16 minutes", status, body, 50027)
}

func TestTypesOfAnswers(t *testing.T) {
	d := discordtest.New(discordtest.Options{})
	defer d.Close()
	ann := d.NewUser("ann")
	define(t, d, `{"name": "ask", "description": "Ask"}`)
	i, err := ann.SendSlash(d.DM(ann), "ask", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{`{"type": 6}`, `{"type": 7, "data": {` + text + `}}`, `{"type": 8, "data": {"choices": []}}`} {
		status, answer := respond(t, d, i, body)
		wantCode(t, body, status, answer, 50035)
	}
	status, answer := respond(t, d, i, `{"type": 4, "data": {"content": "", "allowed_mentions": {"parse": []}}}`)
	wantCode(t, "nothing", status, answer, 50006)
	if status, answer := respond(t, d, i, `{"type": 4, "data": {`+text+`}}`); status != 204 {
		t.Errorf("a message: answered %d %v", status, answer)
	}
	wantViolations(t, d)
}

func TestFirstAnswerFixesWhoSeesIt(t *testing.T) {
	d, ann, i := asked(t)
	respond(t, d, i, `{"type": 5, "data": {"flags": 64}}`)
	if m := ann.Messages(i.Channel); len(m) != 1 || !m[0].Loading() || !m[0].Ephemeral() {
		t.Fatalf("ann sees %+v", m)
	}
	// The first follow-up takes the place of what was promised, whatever its flags.
	_, first := do(t, d, "POST", webhook(d, i, ""), "{"+text+"}")
	reply, err := i.Reply(within(t))
	if err != nil || !reply.Message.Ephemeral() || reply.Message.Loading() || reply.Message.ID.String() != first["id"] {
		t.Errorf("ann got %+v, %v", reply.Message, err)
	}
	do(t, d, "POST", webhook(d, i, ""), "{"+text+"}")
	if reply := i.Now(); len(reply.FollowUps) != 1 || reply.FollowUps[0].Ephemeral() {
		t.Errorf("follow-ups are %+v", reply.FollowUps)
	}
	if status, _ := do(t, d, "DELETE", webhook(d, i, "/messages/@original"), ""); status != 204 {
		t.Errorf("deleting the answer: %d", status)
	}
	status, body := do(t, d, "PATCH", webhook(d, i, "/messages/@original"), "{"+text+"}")
	wantCode(t, "deleted answer", status, body, 10008)
}

func TestFollowUpsOfUserInstalls(t *testing.T) {
	d, ann, inGuild := asked(t)
	ann.Install()
	i, err := ann.SendSlash(d.GroupDM(ann, d.NewUser("bob"), d.NewUser("eve")), "ask", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []*discordtest.Interaction{i, inGuild} {
		respond(t, d, i, `{"type": 4, "data": {`+text+`}}`)
		for range 5 {
			if status, body := do(t, d, "POST", webhook(d, i, ""), "{"+text+"}"); status != 200 {
				t.Fatalf("answered %d %v", status, body)
			}
		}
	}
	status, body := do(t, d, "POST", webhook(d, i, ""), "{"+text+"}")
	wantCode(t, "sixth follow-up of a user install", status, body, 40094)
	if status, body := do(t, d, "POST", webhook(d, inGuild, ""), "{"+text+"}"); status != 200 {
		t.Errorf("sixth follow-up in a guild: answered %d %v", status, body)
	}
}

func TestCallbackReturnsItsResponse(t *testing.T) {
	d, _, i := asked(t)
	path := fmt.Sprintf("/interactions/%s/%s/callback?with_response=true", i.ID, i.Token)
	status, body := do(t, d, "POST", path, `{"type": 4, "data": {`+text+`, "flags": 64}}`)
	about, ok := body["interaction"].(map[string]any)
	if status != 200 || !ok || about["response_message_ephemeral"] != true || body["resource"] == nil {
		t.Errorf("answered %d %v", status, body)
	}
}

func TestRedelivery(t *testing.T) {
	d, _, i := asked(t)
	c := dial(t, d)
	c.identify(0, 1)
	i.Redeliver()
	i.Redeliver()
	for range 2 {
		if e := c.event("INTERACTION_CREATE"); e["id"] != i.ID.String() {
			t.Errorf("got %v", e)
		}
	}
}
