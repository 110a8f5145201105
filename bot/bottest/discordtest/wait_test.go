package discordtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"parley/bot/bottest/discordtest"
)

func TestWaiting(t *testing.T) {
	d := start(t, discordtest.Options{IdentifyEvery: -1})
	ann := d.NewUser("ann")
	ch := d.NewGuild("talks", ann).Text("general")
	c := dial(t, d)
	c.identify(0, 1)
	done := make(chan struct{})
	go func() { // the bot
		defer close(done)
		m := c.event("MESSAGE_CREATE")
		do(t, d, "POST", "/channels/"+ch.ID.String()+"/messages", fmt.Sprintf(
			`{%s, "message_reference": {"message_id": "%s"}, "components": [{"type": 1, "components": [{"type": 2, "style": 5, "label": "Source", "url": "https://a.example"}]}]}`, text, m["id"]))
	}()
	answer, err := ann.Ask(within(t), ch, d.Bot().Mention()+" what now?")
	if err != nil {
		t.Fatal(err)
	}
	asked := ann.Messages(ch)[0]
	if answer.ReplyTo != asked.ID || answer.Author != d.Bot() {
		t.Errorf("the answer is %+v", answer)
	}
	if b, ok := answer.Button("Source"); !ok || b.URL != "https://a.example" {
		t.Errorf("the button is %+v", b)
	}
	if _, ok := answer.Button("Other"); ok {
		t.Error("a button was found that is not there")
	}
	given, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("given up"))
	if _, err := ann.Await(given, answer); err == nil || err.Error() != "waiting for a message of the bot in general: given up" {
		t.Errorf("waiting ended with %v", err)
	}
	<-done
}

func TestEveryHandshakeGoesWrong(t *testing.T) {
	d := start(t, discordtest.Options{IdentifyEvery: -1})
	d.EveryHandshake(discordtest.Handshake{Close: 4000})
	for range 2 {
		if code := dial(t, d).greeted(map[string]any{"token": "token", "intents": intents}).read(); code != 4000 {
			t.Errorf("closed with %d", code)
		}
	}
}

func TestUnknownRoutesAreSaid(t *testing.T) {
	d := discordtest.New(discordtest.Options{})
	defer d.Close()
	if status, body := do(t, d, "GET", "/guilds/5/emojis", ""); status != 404 {
		t.Errorf("answered %d %v", status, body)
	}
	wantViolations(t, d, "GET /guilds/5/emojis: the fake has no such route")
}

func TestVersion10IsServedAsWell(t *testing.T) {
	d := start(t, discordtest.Options{})
	res, err := http.Get(d.URL() + "/api/v10/gateway")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || len(d.Requests("GET /gateway")) != 1 {
		t.Errorf("answered %s", res.Status)
	}
}

func TestForumPosts(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	g := d.NewGuild("talks", ann)
	forum := g.Forum("forum", true, "talks")
	body := fmt.Sprintf(`{"name": "Digest", "applied_tags": ["%s"], "message": {%s}}`, forum.Tag("talks"), text)
	status, posted := do(t, d, "POST", "/channels/"+forum.ID.String()+"/threads", body)
	all := forum.Threads()
	if status != 201 || len(all) != 1 || all[0].Name != "Digest" || all[0].ID.String() != posted["id"] {
		t.Fatalf("answered %d %v; threads are %+v", status, posted, all)
	}
	if m := ann.Messages(all[0]); len(m) != 1 || m[0].ID != all[0].ID || m[0].Content != "x" {
		t.Errorf("the post holds %+v", m)
	}
	all[0].Delete()
	if len(forum.Threads()) != 0 || forum.Tag("other") != 0 {
		t.Error("a deleted post is still there, or a tag that never was")
	}
}
