package discord

import (
	"errors"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/discord/rest"
)

func TestWhereTheBotMayNotPostThePlaceIsSuspended(t *testing.T) {
	t.Parallel()
	for what, tc := range map[string]struct {
		spoil func(*discordtest.Channel)
		code  int
	}{
		"no access":       {func(ch *discordtest.Channel) { ch.Deny(ch.Guild, discordtest.ViewChannel) }, discordgo.ErrCodeMissingAccess},
		"no permission":   {func(ch *discordtest.Channel) { ch.Deny(ch.Guild, discordtest.SendMessages) }, discordgo.ErrCodeMissingPermissions},
		"unknown channel": {(*discordtest.Channel).Delete, discordgo.ErrCodeUnknownChannel},
		"removed":         {func(ch *discordtest.Channel) { ch.Guild.RemoveBot() }, discordgo.ErrCodeMissingAccess},
	} {
		t.Run(what, func(t *testing.T) {
			w, _, ch := quiet(t, discordtest.Options{})
			tc.spoil(ch)
			_, err := w.post(within(t), ch, "", "n", sentence("digest"))
			w.rejected(err, tc.code)
			if n := len(w.fake.Requests(postRoute)); n != 1 {
				t.Errorf("%d attempts", n)
			}
			if s := w.store.suspended; len(s) != 1 || !strings.HasPrefix(s[0], placeOf(ch).Key()+": ") {
				t.Errorf("suspended %q", s)
			}
		})
	}
}

func (w *world) rejected(err error, code int) {
	w.t.Helper()
	var send *bot.SendError
	if !errors.As(err, &send) || send.Outcome != bot.Rejected || rest.CodeOf(err) != code {
		w.t.Errorf("ended with %v, not code %d", err, code)
	}
}

func TestALockedThreadIsSuspended(t *testing.T) {
	w, ann, ch := quiet(t, discordtest.Options{})
	thread := ch.Thread(ann, "digest")
	thread.Archive()
	if _, err := w.post(within(t), thread, "", "", sentence("one")); err != nil || thread.Archived() {
		t.Errorf("an archived thread: %v", err)
	}
	thread.Lock()
	_, err := w.post(within(t), thread, "", "", sentence("two"))
	w.rejected(err, discordgo.ErrCodeThreadIsLocked)
}

func TestForumPosts(t *testing.T) {
	w, ann, ch := quiet(t, discordtest.Options{})
	for _, forum := range []*discordtest.Channel{ch.Guild.Forum("plain", false), ch.Guild.Forum("tagged", true, "news", "other")} {
		ids, err := w.post(within(t), forum, "Digest of 8 May 2026", "n", sentence("in a post"))
		posts := forum.Threads()
		if err != nil || len(posts) != 1 || posts[0].Name != "Digest of 8 May 2026" || ids[0] != posts[0].ID.String() {
			t.Fatalf("%s: %v, %v", forum.Name, ids, err)
		}
		if all := ann.Messages(posts[0]); len(all) != 1 || !strings.Contains(all[0].Text(), "in a post") {
			t.Errorf("%s: %+v", forum.Name, all)
		}
	}
	bare := ch.Guild.Forum("without tags", true)
	_, err := w.post(within(t), bare, "x", "", sentence("x"))
	w.rejected(err, 40067)
}

func TestABlockedDirectMessageIsRejected(t *testing.T) {
	w, ann, _ := quiet(t, discordtest.Options{})
	ann.Block()
	_, err := w.post(within(t), w.fake.DM(ann), "", "", sentence("x"))
	w.rejected(err, discordgo.ErrCodeCannotSendMessagesToThisUser)
}

func TestNobodyListeningIsToBeRetried(t *testing.T) {
	w := begin(t, setup{idle: true, tweak: func(o *Options) { o.APIURL = "http://127.0.0.1:1" }})
	_, err := w.post(within(t), w.fake.DM(w.fake.NewUser("ann")), "", "", sentence("x"))
	var send *bot.SendError
	if !errors.As(err, &send) || send.Outcome != bot.Retry {
		t.Errorf("%v", err)
	}
}
