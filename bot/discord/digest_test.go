package discord

import (
	"strings"
	"testing"

	"parley/bot/bottest"
	"parley/bot/bottest/discordtest"
)

// TestSubscribingOnDiscord goes through "/digest" with the real core.
func TestSubscribingOnDiscord(t *testing.T) {
	w := begin(t, setup{core: bottest.Core(t, noLog)})
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	guild := w.fake.NewGuild("talks", ann, bob)
	guild.Join(ann, guild.NewRole("manager", discordtest.ManageGuild))
	general, forum := guild.Text("general"), guild.Forum("news", false)
	ctx := within(t)
	for _, step := range []struct {
		by    *discordtest.User
		path  string
		args  discordtest.Args
		alone bool
		want  []string
	}{
		{bob, "digest list", nil, true, []string{"This chat has no digest."}},
		{bob, "digest subscribe", nil, true, []string{"Only administrators"}},
		{ann, "digest subscribe", discordtest.Args{"time": "9.30", "timezone": "Kiev", "days": "Mon-Fri", "topics": "ceasefire, sanctions", "quiet": true}, false,
			[]string{"on weekdays at 09:30, Europe/Kyiv", "Ceasefire, Sanctions", "a line says so", general.ID.String()}},
		{ann, "digest subscribe", discordtest.Args{"channel": forum.ID, "actors": "росія"}, false, []string{"every day at 09:00, UTC", "Russia", forum.ID.String()}},
		{ann, "digest subscribe", discordtest.Args{"time": "25"}, true, []string{"“25” is no time of day."}},
		{ann, "digest edit", discordtest.Args{"number": "2", "time": "18"}, false, []string{"at 18:00, UTC", forum.ID.String()}},
		{bob, "digest preview", nil, true, []string{"Digest of s1"}},
		{bob, "digest why", discordtest.Args{"number": "1"}, true, []string{"Nothing has been due yet.", "Next: 11 May 2026, 12:00 (Europe/Kyiv)."}},
		{ann, "digest unsubscribe", discordtest.Args{"number": "2"}, false, []string{"will not be posted any more"}},
		{ann, "forgetme", nil, true, []string{"is forgotten"}},
	} {
		r := must2(step.by.Slash(ctx, general, step.path, step.args))(t)
		if r.Message == nil || r.Message.Ephemeral() != step.alone {
			t.Errorf("/%s %v: answered %+v", step.path, step.args, r)
			continue
		}
		text := strings.ReplaceAll(r.Message.Text(), `\`, "") // as it is read
		for _, want := range step.want {
			if !strings.Contains(text, want) {
				t.Errorf("/%s %v: no %q in %s", step.path, step.args, want, text)
			}
		}
	}
	zones := must2(ann.Autocomplete(ctx, general, "digest subscribe", "timezone", "ново", nil))(t)
	if len(zones) > 0 {
		t.Errorf("proposed %v", zones)
	}
	zones = must2(ann.Autocomplete(ctx, general, "digest edit", "timezone", "киї", discordtest.Args{"time": "9"}))(t)
	if len(zones) == 0 || zones[0].Name != "Київ (Europe/Kyiv)" || zones[0].Value != "Europe/Kyiv" {
		t.Errorf("proposed %v", zones)
	}
}

func TestAThreadGetsADigestOfItsOwn(t *testing.T) {
	core := &fakeCore{commands: someCommands()}
	w := begin(t, setup{core: core})
	ann := w.fake.NewUser("ann")
	general := w.fake.NewGuild("talks", ann).Text("general")
	thread := general.Thread(ann, "deep")
	ctx := within(t)
	for _, ch := range []*discordtest.Channel{general, thread} {
		must2(ann.Slash(ctx, ch, "settings", nil))(t)
	}
	asked := core.requests()
	if asked[0].Channel != general.ID.String() || asked[0].Thread != "" {
		t.Errorf("in the channel: %+v", asked[0])
	}
	if asked[1].Channel != general.ID.String() || asked[1].Thread != thread.ID.String() {
		t.Errorf("in the thread: %+v", asked[1])
	}
}

// TestOnlyChannelsThatDiscordVouchesForAreTaken: a value of which Discord does not say that
// the user can see it may be anybody's.
func TestOnlyChannelsThatDiscordVouchesForAreTaken(t *testing.T) {
	var d interactionData
	d.Resolved.Channels = map[string]struct{}{"1": {}}
	options := []given{{Name: "mine", Type: 7, Value: []byte(`"1"`)}, {Name: "other", Type: 7, Value: []byte(`"2"`)}, {Name: "text", Type: 3, Value: []byte(`"2"`)}}
	if got := d.args(options); len(got) != 2 || got["mine"] != "1" || got["text"] != "2" {
		t.Errorf("args are %v", got)
	}
}
