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
