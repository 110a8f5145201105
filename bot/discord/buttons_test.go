package discord

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/wording"
)

// paged answers with the page asked for and a button to the next.
func paged(_ context.Context, req bot.Request) bot.Reply {
	r := sentence("page " + req.Args["page"] + " of " + req.Command)
	if req.Command == "stance" {
		r.Actions = []bot.Action{
			{Label: "Older", Command: "stance", Args: bot.Args{"actor": "russia", "page": req.Args["page"] + "1"}},
			{Label: "Context", Command: "ask", Args: bot.Args{"question": "around"}},
		}
	}
	return r
}

func pages(t *testing.T) (w *world, ann, bob *discordtest.User, m discordtest.Message) {
	t.Helper()
	w = begin(t, setup{})
	w.core.answer = paged
	ann, bob = w.fake.NewUser("ann"), w.fake.NewUser("bob")
	ch := w.fake.NewGuild("talks", ann, bob).Text("general")
	r := must2(ann.Slash(within(t), ch, "stance", discordtest.Args{"actor": "russia", "page": 1}))(t)
	w.knows(*r.Message)
	return w, ann, bob, *r.Message
}

func button(t *testing.T, m discordtest.Message, label string) string {
	t.Helper()
	b, ok := m.Button(label)
	if !ok {
		t.Fatalf("no button %q on %+v", label, m)
	}
	return b.CustomID
}

func TestWhoAskedTurnsThePageInPlace(t *testing.T) {
	w, ann, _, m := pages(t)
	r := must2(ann.Click(within(t), m, button(t, m, "Older")))(t)
	if r.Message.ID != m.ID || !strings.Contains(r.Message.Text(), "page 11") {
		t.Errorf("the answer is %+v", r.Message)
	}
	if all := w.core.requests(); all[1].Conversation != all[0].Conversation || all[1].Command != "stance" {
		t.Errorf("asked %+v", all[1])
	}
	again := must2(ann.Click(within(t), *r.Message, button(t, *r.Message, "Older")))(t)
	if again.Message.ID != m.ID || !strings.Contains(again.Message.Text(), "page 111") {
		t.Errorf("the next is %+v", again.Message)
	}
}

func TestOthersGetAnAnswerOfTheirOwn(t *testing.T) {
	_, _, bob, m := pages(t)
	r := must2(bob.Click(within(t), m, button(t, m, "Older")))(t)
	if r.Message.ID == m.ID || !r.Message.Ephemeral() || !strings.Contains(r.Message.Text(), "page 11") {
		t.Errorf("the answer is %+v", r.Message)
	}
	// It is bob's now, and he may turn its pages.
	own := must2(bob.Click(within(t), *r.Message, button(t, *r.Message, "Older")))(t)
	if own.Message.ID != r.Message.ID || !own.Message.Ephemeral() {
		t.Errorf("bob's next page is %+v", own.Message)
	}
}

func TestAButtonThatLeadsOnGivesANewAnswer(t *testing.T) {
	_, ann, bob, m := pages(t)
	r := must2(ann.Click(within(t), m, button(t, m, "Context")))(t)
	if r.Message.ID == m.ID || r.Message.Ephemeral() {
		t.Errorf("ann's answer is %+v", r.Message)
	}
	if r := must2(bob.Click(within(t), m, button(t, m, "Context")))(t); !r.Message.Ephemeral() {
		t.Errorf("bob's answer is %+v", r.Message)
	}
}

func TestASlowPageComesInPlace(t *testing.T) {
	w, ann, _, m := pages(t)
	release := make(chan struct{})
	w.core.answer = slow(release, sentence("at last"))
	clicked := make(chan discordtest.Reply)
	ctx := within(t)
	go func() {
		defer close(clicked)
		if r, err := ann.Click(ctx, m, button(t, m, "Older")); err == nil {
			clicked <- r
		}
	}()
	w.until("the promise", func() bool { return len(w.fake.Requests(callbackRoute)) == 2 })
	close(release)
	r := <-clicked
	if !r.Deferred || r.Message.ID != m.ID || !strings.Contains(r.Message.Text(), "at last") || len(r.Message.Components) != 0 {
		t.Errorf("the answer is %+v", r.Message)
	}
}

func TestButtonsExpirePolitely(t *testing.T) {
	w, ann, _, m := pages(t)
	w.core.mu.Lock()
	w.core.actions = nil
	w.core.mu.Unlock()
	r := must2(ann.Click(within(t), m, button(t, m, "Older")))(t)
	if r.Message.ID == m.ID || !r.Message.Ephemeral() || r.Message.Content != wording.In("en").Say("platform.expired") {
		t.Errorf("the answer is %+v", r.Message)
	}
}

func TestButtonsOutliveARestart(t *testing.T) {
	w, ann, _, m := pages(t)
	w.stop()
	restarted := *w
	o := w.bot.opts
	restarted.bot = must2(New(o))(t)
	restarted.bot.identifyEvery = w.bot.identifyEvery
	restarted.run()
	defer restarted.bot.idle()
	defer restarted.stop()
	if err := w.fake.AwaitReady(within(t), 1); err != nil {
		t.Fatal(err)
	}
	r := must2(ann.Click(within(t), m, button(t, m, "Older")))(t)
	if r.Message.ID != m.ID || !strings.Contains(r.Message.Text(), "page 11") {
		t.Errorf("the answer is %+v", r.Message)
	}
}

func TestButtonsFitDiscord(t *testing.T) {
	w := begin(t, setup{idle: true})
	var r bot.Reply
	for i := range 40 {
		r.Actions = append(r.Actions, bot.Action{Label: strings.Repeat("ї", 100), Command: "ask", Args: bot.Args{"question": fmt.Sprint(i / 2)}})
	}
	r.Blocks = []bot.Block{bot.Quote{Segments: []bot.Segment{{Text: "x"}}, Citation: bot.Citation{Publisher: "RTW News", URL: "https://rtw.example/1"}}}
	rows := w.bot.buttons(t.Context(), r, bot.Request{}, "18446744073709551615")
	if len(rows) != 5 {
		t.Errorf("%d rows", len(rows))
	}
	ann := w.fake.NewUser("ann")
	if _, err := w.post(within(t), w.fake.DM(ann), "", "", r); err != nil {
		t.Fatal(err)
	}
	m := ann.Messages(w.fake.DM(ann))[0]
	if b, ok := m.Button("RTW News"); !ok || b.URL != "https://rtw.example/1" || len(m.Controls()) != 21 {
		t.Errorf("%d controls", len(m.Controls()))
	}
}

func TestAnswersToMentionsChangeInPlaceToo(t *testing.T) {
	w := begin(t, setup{})
	w.core.answer = func(_ context.Context, req bot.Request) bot.Reply {
		r := sentence("newest " + req.Args["newest"])
		r.Actions = []bot.Action{{Label: "Newest first", Command: "ask", Args: bot.Args{"newest": "true"}}}
		return r
	}
	ann := w.fake.NewUser("ann")
	m := must2(ann.Ask(within(t), w.fake.NewGuild("talks", ann).Text("general"), w.fake.Bot().Mention()+" q"))(t)
	w.knows(m)
	r := must2(ann.Click(within(t), m, button(t, m, "Newest first")))(t)
	if r.Message.ID != m.ID || !strings.Contains(r.Message.Text(), "newest true") {
		t.Errorf("the answer is %+v", r.Message)
	}
}
