package discord

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/discord/gateway"
	"parley/bot/discord/rest"
)

const (
	postRoute     = "POST /channels/{channel_id}/messages"
	callbackRoute = "POST /interactions/{interaction_id}/{interaction_token}/callback"
	editRoute     = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
)

// quiet is a world whose bot is not connected: it only sends.
func quiet(t *testing.T, o discordtest.Options) (*world, *discordtest.User, *discordtest.Channel) {
	t.Helper()
	w := begin(t, setup{idle: true, fake: o})
	ann := w.fake.NewUser("ann")
	return w, ann, w.fake.NewGuild("talks", ann).Text("general")
}

func TestATooManyRequestsIsWaitedOut(t *testing.T) {
	t.Parallel()
	for what, limit := range map[string]discordtest.RateLimit{
		"of a route":     {Scope: "user", After: 300 * time.Millisecond},
		"shared":         {Scope: "shared", After: 300 * time.Millisecond},
		"global":         {Scope: "global", After: 300 * time.Millisecond},
		"of Cloudflare":  {After: time.Second, HTML: true},
		"without a time": {Scope: "global", After: time.Second, Bare: true},
	} {
		t.Run(what, func(t *testing.T) {
			w, ann, ch := quiet(t, discordtest.Options{})
			w.fake.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailLimited(limit)})
			if _, err := w.post(within(t), ch, "", "", sentence("one")); err != nil {
				t.Fatal(err)
			}
			if n := len(ann.Messages(ch)); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

func TestAGlobalLimitStopsAllRoutes(t *testing.T) {
	w, _, ch := quiet(t, discordtest.Options{})
	w.fake.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailLimited(discordtest.RateLimit{Scope: "global", After: time.Second, Bare: true})})
	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := w.post(short, ch, "", "", sentence("one"))
	var send *bot.SendError
	if !errors.As(err, &send) || send.Outcome != bot.Retry || send.After <= 0 {
		t.Errorf("sending ended with %v", err)
	}
	var limited *rest.LimitedError
	if _, err := gateway.FetchInfo(short, w.bot.client); !errors.As(err, &limited) {
		t.Errorf("another route: %v", err)
	}
	if n := len(w.fake.Requests("")); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestTheLimitsOfRoutesAndAllTogetherAreKept(t *testing.T) {
	w, ann, ch := quiet(t, discordtest.Options{Limits: true})
	var wg sync.WaitGroup
	for range 7 { // a channel takes 5 in 5 s
		wg.Go(func() {
			if _, err := w.post(within(t), ch, "", "", sentence("one")); err != nil {
				t.Error(err)
			}
		})
	}
	for range 60 { // 50 in a second over all
		dm := w.fake.DM(w.fake.NewUser("someone"))
		wg.Go(func() {
			if _, err := w.post(within(t), dm, "", "", sentence("one")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(ann.Messages(ch)); n != 7 {
		t.Errorf("%d messages", n)
	}
}

func TestWhatMayHaveBeenStoredIsNotPostedTwice(t *testing.T) {
	t.Parallel()
	for what, how := range map[string]discordtest.Failure{
		"502":   discordtest.FailHTML(502),
		"500":   discordtest.FailStatus(500),
		"reset": discordtest.FailReset(),
	} {
		t.Run(what, func(t *testing.T) {
			w, ann, ch := quiet(t, discordtest.Options{})
			w.fake.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailStored(how)})
			ids, err := w.post(within(t), ch, "", "digest-1", sentence("one"))
			if all := ann.Messages(ch); err != nil || len(all) != 1 || len(ids) != 1 || ids[0] != all[0].ID.String() {
				t.Errorf("with a nonce: %d messages, %v, %v", len(all), ids, err)
			}
			w.fake.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailStored(how)})
			_, err = w.post(within(t), ch, "", "", sentence("two"))
			var send *bot.SendError
			if all := ann.Messages(ch); !errors.As(err, &send) || send.Outcome != bot.Unknown || len(all) != 2 {
				t.Errorf("without: %d messages, %v", len(all), err)
			}
		})
	}
}

func TestAnswersThatCannotBeReadAreAskedForAgain(t *testing.T) {
	t.Parallel()
	for what, how := range map[string]discordtest.Failure{"truncated": discordtest.FailTruncated(), "empty": discordtest.FailEmpty()} {
		t.Run(what, func(t *testing.T) {
			w, ann, ch := quiet(t, discordtest.Options{})
			w.fake.Fail(discordtest.Fault{Route: postRoute, How: how})
			ids, err := w.post(within(t), ch, "", "n", sentence("one"))
			if err != nil || len(ids) != 1 || len(ann.Messages(ch)) != 1 {
				t.Errorf("%v, %v", ids, err)
			}
		})
	}
}

func TestAServerThatStaysDownIsAnError(t *testing.T) {
	w, _, ch := quiet(t, discordtest.Options{})
	w.fake.Fail(discordtest.Fault{Count: -1, How: discordtest.FailHTML(502)})
	_, err := w.post(within(t), ch, "", "n", sentence("one"))
	var send *bot.SendError
	if !errors.As(err, &send) || send.Outcome != bot.Unknown || !strings.Contains(err.Error(), "502") {
		t.Errorf("%v", err)
	}
	if n := len(w.fake.Requests("")); n != 5 {
		t.Errorf("%d attempts", n)
	}
}

func TestARefusedTokenIsNotUsedAgain(t *testing.T) {
	w := begin(t, setup{idle: true, tweak: func(o *Options) { o.Token = "another" }})
	for range 3 {
		if _, err := gateway.FetchInfo(within(t), w.bot.client); err == nil {
			t.Fatal("accepted")
		}
	}
	if n := len(w.fake.Requests("")); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestErrorsNameTheOperationAndNoToken(t *testing.T) {
	w := begin(t, setup{idle: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []rest.Call{
		{Method: "POST", URL: "https://discord.com/api/v9/interactions/1/aW50ZXJhY3Rpb24/callback", Body: callback{discordgo.InteractionApplicationCommandAutocompleteResult, map[string]any{"choices": []any{}}}},
		{Method: "PATCH", URL: "https://discord.com/api/v9/webhooks/1/aW50ZXJhY3Rpb24/messages/@original", Body: plainMessage("x").replacing()},
	} {
		err := w.bot.client.Do(ctx, c)
		if err == nil || strings.Contains(err.Error(), "aW50") || !strings.Contains(err.Error(), c.Method+" /") {
			t.Errorf("%v", err)
		}
		err = w.bot.client.Do(t.Context(), c)
		if err == nil || strings.Contains(err.Error(), "aW50") || rest.CodeOf(err) == 0 {
			t.Errorf("%v", err)
		}
	}
}
