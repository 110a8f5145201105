package telegram_test

import (
	"strings"
	"testing"
)

// TestSubscribingOnTelegram types "/digest" in a group with topics, with the real core.
func TestSubscribingOnTelegram(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna, boris := w.tg.User("Anna", ""), w.tg.User("Boris", "uk")
	group := w.tg.Forum("Talks", anna, boris)
	topic := group.Topic("News")
	for _, step := range []struct {
		line string
		want []string
	}{
		{"/digest", []string{"Say what /digest is to do: /digest subscribe|list|edit|preview|why|pause|resume|unsubscribe"}},
		{"/digest list", []string{"This chat has no digest."}},
		{"/digest subscribe 9:30 Kyiv weekdays ceasefire and sanctions", []string{"on weekdays at 09:30, Europe/Kyiv", "Ceasefire, Sanctions", "Where: " + itoa(int64(topic.ID()))}},
		{"/digest subscribe 9:30 Kyiv weekdays ceasefire sanctions", []string{"has that digest already, as number 1"}},
		{"/digest edit time:18 new york actors:росія topics:all daily", []string{"every day at 18:00, America/New_York", "Topics: all", "Actors: Russia"}},
		{"/digest subscribe channel:5", []string{"A channel cannot be typed."}}, // or one could name that of another chat
		{"/digest pause", []string{"at 18:00, America/New_York, paused"}},
		{"/digest why", []string{"The digest is paused: nothing is due."}},
		{"/digest resume", []string{"Next: 11 May 2026, 05:00 (America/New_York)"}},
		{"/digest preview", []string{"It is shown in a private chat with the bot; the button opens it."}},
		{"/digest unsubscribe 2", []string{"There is no digest number 2 here: the numbers go from 1 to 1."}},
		{"/digest unsubscribe", []string{"will not be posted any more"}},
		{"/forgetme", []string{"is forgotten"}},
	} {
		answer := w.ask(anna, topic, step.line).Plain()
		for _, want := range step.want {
			if !strings.Contains(answer, want) {
				t.Errorf("%s: no %q in %s", step.line, want, answer)
			}
		}
	}
	if got := w.ask(boris, topic, "/digest subscribe 9").Plain(); !strings.Contains(got, "можуть лише адміністратори") {
		t.Errorf("a member: %s", got)
	}
	if got := w.ask(boris, boris.Private(), "/digest subscribe о 8 Київ пн, чт").Plain(); !strings.Contains(got, "пн, чт о 08:00, Europe/Kyiv") || strings.Contains(got, "Де: ") {
		t.Errorf("in private: %s", got)
	}
}

// TestAChannelSubscribes has an administrator post commands in a channel, and what else is
// posted there is left alone.
func TestAChannelSubscribes(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna := w.tg.User("Anna", "")
	channel := w.tg.Channel("News", anna)
	for _, step := range [][2]string{
		{"/digest@parley_bot subscribe 9:30 Kyiv", "every day at 09:30, Europe/Kyiv"},
		{"/digest@parley_bot list", "09:30"},
		{"/doctor@parley_bot", "What the bot needs here"},
	} {
		if got := w.ask(anna, channel, step[0]).Plain(); !strings.Contains(got, step[1]) {
			t.Errorf("%s: %s", step[0], got)
		}
	}
	anna.Say(channel, "What does Moscow want, @parley_bot?")
	w.quiet(channel, 3)
}

// TestAPreviewIsForItsCallerAlone asks for previews in groups and channels: what would be
// posted is seen in private chats alone.
func TestAPreviewIsForItsCallerAlone(t *testing.T) {
	w := quick(t, overBriefs).starts()
	anna, boris := w.tg.User("Anna", ""), w.tg.User("Boris", "uk")
	group := w.tg.Group("Talks", anna, boris)
	w.ask(anna, group, "/digest subscribe 9:30 Kyiv")
	w.ask(anna, group, "/digest subscribe 9:30 Kyiv sanctions")

	offered := w.ask(boris, group, "/digest preview 2")
	open, ok := offered.Button("Відкрити приватно")
	if !ok || !strings.Contains(offered.Plain(), "Це буде показано в приватному чаті") {
		t.Fatalf("to one who never started the bot: %q, %+v", offered.Plain(), offered.Buttons())
	}
	if kept := w.store.suspensions(); len(kept) > 0 {
		t.Errorf("something is kept of him: %v", kept)
	}
	payload, ok := strings.CutPrefix(open.URL, "https://t.me/parley_bot?start=")
	if !ok || len(payload) > 64 {
		t.Fatalf("the button opens %q", open.URL)
	}
	if got := w.next(boris.Start(payload)).Plain(); got != "Digest of s2" {
		t.Errorf("after start: %q", got)
	}

	if got := w.ask(boris, group, "/digest preview 2"); !strings.Contains(got.Plain(), "Надіслано вам у приватний чат") || len(got.Buttons()) > 0 {
		t.Errorf("to one who has started it: %q, %+v", got.Plain(), got.Buttons())
	}
	if said := texts(boris.Private().Said()); len(said) != 2 || said[1] != "Digest of s2" {
		t.Errorf("in private: %q", said)
	}
	if got := w.ask(boris, group, "/digest preview 3").Plain(); !strings.Contains(got, "3") {
		t.Errorf("a refusal: %q", got)
	}
	w.ask(anna, group, "/digest unsubscribe 2")
	if got := w.next(boris.Start(payload)).Plain(); got != "Цей дайджест скасовано: показувати нічого." {
		t.Errorf("the link of one that has ended: %q", got)
	}
	for _, said := range texts(group.Said()) {
		if strings.Contains(said, "Digest of") {
			t.Errorf("in the group: %q", said)
		}
	}

	channel := w.tg.Channel("News", anna)
	w.ask(anna, channel, "/digest@parley_bot subscribe 9:30 Kyiv")
	if got := w.ask(anna, channel, "/digest@parley_bot preview"); len(got.Buttons()) != 1 || got.Buttons()[0].URL == "" {
		t.Errorf("in a channel: %q, %+v", got.Plain(), got.Buttons())
	}
}
