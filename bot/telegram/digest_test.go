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
		{"/digest preview", []string{"Digest of s1"}},
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
