package store_test

import (
	"testing"
	"time"

	"parley/bot"
)

func TestSettingsAreThoseLastSet(t *testing.T) {
	each(t, func(w world) {
		w.wantSettings("one", bot.ChatSettings{})
		for _, want := range []bot.ChatSettings{
			{Language: "uk", Private: true, Channels: []string{"1", "2"}},
			{Channels: []string{"Київ 🕊"}},
			{Private: true},
			{},
		} {
			w.must(w.SetChatSettings(w.ctx, "one", want))
			w.wantSettings("one", want)
		}
		w.wantSettings("two", bot.ChatSettings{})
	})
}

func TestSettingsFollowTheChat(t *testing.T) {
	old, fresh := bot.ChatSettings{Language: "uk"}, bot.ChatSettings{Private: true}
	each(t, func(w world) {
		w.must(w.SetChatSettings(w.ctx, "group", old))
		w.must(w.Suspend(w.ctx, "group", "upgraded"))
		w.must(w.MoveChat(w.ctx, "group", "group"))
		w.wantSettings("group", old)
		w.wantSuspended("group", "upgraded")
		for range 2 {
			w.must(w.MoveChat(w.ctx, "group", "supergroup"))
			w.wantSettings("supergroup", old)
			w.wantSettings("group", bot.ChatSettings{})
			w.wantSuspended("group", "")
			w.wantSuspended("supergroup", "")
		}
		w.must(w.SetChatSettings(w.ctx, "other", fresh))
		w.must(w.MoveChat(w.ctx, "supergroup", "other"))
		w.wantSettings("other", fresh)
		w.wantSettings("supergroup", bot.ChatSettings{})
	})
}

func TestSuspensionTellsWhyAndSinceWhen(t *testing.T) {
	each(t, func(w world) {
		w.wantSuspended("chat", "")
		since := w.clock.Time
		w.must(w.Suspend(w.ctx, "chat", "kicked"))
		w.clock.Time = since.Add(time.Hour)
		w.must(w.Suspend(w.ctx, "chat", "blo\x00cked \xff")) // foreign text
		w.wantSuspended("chat", "blo�cked �")
		why, _, err := w.Suspended(w.ctx, "chat")
		w.must(err)
		if !why.Since.Equal(since) || why.Since.Location() != time.UTC {
			t.Errorf("since %v; want %v in UTC", why.Since, since)
		}
		for _, want := range []bool{true, false} {
			if was, err := w.Resume(w.ctx, "chat"); err != nil || was != want {
				t.Errorf("resumed %v, %v; want %v", was, err, want)
			}
		}
		w.wantSuspended("chat", "")
	})
}

func TestAPlaceIsSuspendedWithItsChatOrAlone(t *testing.T) {
	each(t, func(w world) {
		here, there := bot.Place{Chat: "discord/1", Channel: "7"}, bot.Place{Chat: "discord/1", Channel: "8"}
		want := func(p bot.Place, reason string) {
			t.Helper()
			why, ok, err := w.SuspendedAt(w.ctx, p)
			w.must(err)
			if ok != (reason != "") || why.Reason != reason {
				t.Errorf("%s: %t, %q; want %q", p.Key(), ok, why.Reason, reason)
			}
		}
		w.must(w.Suspend(w.ctx, here.Key(), "no access"))
		w.must(w.Suspend(w.ctx, "discord/11", "another"))
		want(here, "no access")
		want(there, "")
		want(bot.Place{Chat: "discord/1"}, "")
		w.must(w.Suspend(w.ctx, "discord/1", "removed"))
		want(here, "no access")
		want(there, "removed")
		all, err := w.Suspensions(w.ctx, "discord/1")
		w.must(err)
		if len(all) != 2 || all[0].Place != (bot.Place{Chat: "discord/1"}) || all[1].Place != here || all[1].Reason != "no access" {
			t.Errorf("suspensions %+v", all)
		}
		if was, err := w.Resume(w.ctx, "discord/1"); !was || err != nil {
			t.Errorf("resumed: %t, %v", was, err)
		}
		want(here, "")
		want(there, "")
		want(bot.Place{Chat: "discord/11"}, "another")
	})
}
