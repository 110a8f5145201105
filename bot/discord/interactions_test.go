package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/argument"
	"parley/bot/backoff"
	"parley/bot/bottest/discordtest"
	"parley/bot/safetext"
	"parley/bot/wording"
)

// sent is a request to a Discord that is made of a function.
type sent struct {
	after  time.Duration
	method string
	path   string
	body   map[string]any
}

// timed handles an interaction in a bubble with a core that takes a time, and returns the
// requests that went out. respond answers them; nil: with 204.
func timed(t *testing.T, takes time.Duration, respond roundTrip) (all []sent, err error) {
	t.Helper()
	start := time.Now()
	var mu sync.Mutex
	d, err := New(Options{
		Token: "t", Log: slog.New(slog.DiscardHandler), Core: &fakeCore{answer: func(ctx context.Context, _ bot.Request) bot.Reply {
			_ = backoff.Sleep(ctx, takes)
			return sentence("done")
		}},
		HTTP: roundTrip(func(r *http.Request) (*http.Response, error) {
			s := sent{after: time.Since(start), method: r.Method, path: r.URL.Path}
			if r.Body != nil {
				_ = json.NewDecoder(r.Body).Decode(&s.body)
			}
			mu.Lock()
			all = append(all, s)
			mu.Unlock()
			if respond != nil {
				return respond(r)
			}
			return response(204, ""), nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.appID = "9"
	err = d.onInteraction(t.Context(), &interaction{ID: "1", Token: "tok", Type: discordgo.InteractionApplicationCommand, ChannelID: "2", Data: interactionData{Name: "ask"}})
	return all, err
}

func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

func TestAQuickAnswerIsGivenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, err := timed(t, 1400*time.Millisecond, nil)
		if err != nil || len(all) != 1 || all[0].after != 1400*time.Millisecond || all[0].body["type"] != 4.0 {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestASlowAnswerIsPromisedAfterAMomentAndAHalf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, err := timed(t, 100*time.Second, nil)
		if err != nil || len(all) != 2 || all[0].after != deferAfter || all[0].body["type"] != 5.0 {
			t.Fatalf("%+v, %v", all, err)
		}
		if all[1].after != 100*time.Second || all[1].method != "PATCH" || !strings.HasSuffix(all[1].path, "/messages/@original") {
			t.Errorf("%+v", all[1])
		}
	})
}

func TestAPromiseThatFailsIsMadeAgainWithinThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := 0
		all, err := timed(t, 10*time.Second, func(*http.Request) (*http.Response, error) {
			if failures++; failures == 1 {
				return response(502, "<html>"), nil
			}
			return response(204, ""), nil
		})
		if err != nil || len(all) != 3 || all[1].after >= 3*time.Second || all[1].body["type"] != 5.0 || all[2].method != "PATCH" {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestAPromiseThatHangsIsGivenUpWithTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		all, err := timed(t, time.Hour, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		if err == nil || len(all) != 1 || time.Since(start) != ackTime {
			t.Errorf("after %v: %+v, %v", time.Since(start), all, err)
		}
	})
}

func TestACommandOfAMessageChecksItsText(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	m := must2(ann.Say(ch, "Russia has agreed to leave."))(t)
	r := must2(ann.MessageCommand(within(t), m, findInRecord))(t)
	if got := w.core.requests()[0]; got.Command != "check" || got.Args["text"] != m.Content || !r.Message.Ephemeral() {
		t.Errorf("asked %+v, answered %+v", got, r.Message)
	}
}

func TestOptionsAreCompletedWhileTyped(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	got := must2(ann.Autocomplete(within(t), w.fake.NewGuild("talks", ann).Text("general"), "stance", "actor", "укр", nil))(t)
	if len(got) != 1 || got[0].Name != "stance actor укр" || got[0].Value != "укр" {
		t.Errorf("proposed %+v", got)
	}
}

func TestProposalsFitDiscord(t *testing.T) {
	var many []argument.Choice
	for range 40 {
		many = append(many, argument.Choice{Name: strings.Repeat("й", 200), Value: "v"})
	}
	many[0].Value, many[1].Name = strings.Repeat("x", 101), ""
	got := proposals(many)
	if len(got) != 25 || safetext.UTF16Len(got[0].Name) != 100 {
		t.Errorf("%d proposals", len(got))
	}
	if raw, _ := json.Marshal(proposals(nil)); string(raw) != "[]" {
		t.Errorf("none is %s", raw)
	}
}

func TestTheSameInteractionIsAnsweredOnce(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	i := must2(ann.SendSlash(ch, "ask", discordtest.Args{"question": "q"}))(t)
	i.Redeliver()
	must2(i.Reply(within(t)))(t)
	i.Redeliver()
	must2(ann.Ask(within(t), w.fake.DM(ann), "later"))(t)
	if n := len(w.fake.Requests(callbackRoute)); n != 1 {
		t.Errorf("%d answers", n)
	}
}

func TestAnAnswerThatGotThroughUnseenIsNotGivenTwice(t *testing.T) {
	w := begin(t, setup{})
	w.fake.Fail(discordtest.Fault{Route: callbackRoute, How: discordtest.FailStored(discordtest.FailHTML(502))})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	must2(ann.Slash(within(t), ch, "ask", discordtest.Args{"question": "q"}))(t)
	w.until("the second attempt", func() bool {
		all := w.fake.Requests(callbackRoute)
		return len(all) == 2 && all[1].Status == 400 // 40060
	})
	if n := len(ann.Messages(ch)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestALateAnswerIsGivenUp(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	release := make(chan struct{})
	w.core.answer = slow(release, sentence("late"))
	must2(ann.SendSlash(ch, "ask", discordtest.Args{"question": "q"}))(t)
	w.until("the question", func() bool { return len(w.core.requests()) == 1 })
	w.fake.Advance(5 * time.Second) // 10062
	close(release)
	w.until("the refusal", func() bool {
		all := w.fake.Requests(callbackRoute)
		return len(all) == 1 && all[0].Status == 404
	})
	must2(ann.Ask(within(t), w.fake.DM(ann), "still there?"))(t)
	if n := len(w.fake.Requests(callbackRoute)); n != 1 {
		t.Errorf("%d attempts", n)
	}
}

func TestAnEditAfterTheTokenExpiredIsGivenUp(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	release := make(chan struct{})
	w.core.answer = slow(release, sentence("late"))
	i := must2(ann.SendSlash(ch, "ask", discordtest.Args{"question": "q"}))(t)
	if err := i.Acknowledged(within(t)); err != nil {
		t.Fatal(err)
	}
	w.fake.Advance(16 * time.Minute) // 50027
	close(release)
	w.until("the refusal", func() bool {
		all := w.fake.Requests(editRoute)
		return len(all) == 1 && all[0].Status == 401
	})
	w.core.answer = nil
	must2(ann.Slash(within(t), ch, "ask", discordtest.Args{"question": "q"}))(t)
}

func TestPrivateAnswersAreEphemeralAlsoWhenPromisedToAll(t *testing.T) {
	w := begin(t, setup{})
	private := sentence("for ann only")
	private.Private = true
	release := make(chan struct{})
	w.core.answer = slow(release, private)
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	ch := w.fake.NewGuild("talks", ann, bob).Text("general")
	i := must2(ann.SendSlash(ch, "ask", discordtest.Args{"question": "q"}))(t)
	if err := i.Acknowledged(within(t)); err != nil {
		t.Fatal(err)
	}
	close(release)
	w.until("the answer", func() bool { return len(i.Now().FollowUps) == 1 })
	if r := i.Now(); r.Message != nil || !r.FollowUps[0].Ephemeral() {
		t.Errorf("slowly: %+v", r)
	}
	r := must2(ann.Slash(within(t), ch, "ask", discordtest.Args{"question": "q"}))(t)
	if r.Deferred || !r.Message.Ephemeral() {
		t.Errorf("at once: %+v", r)
	}
	if n := len(bob.Messages(ch)); n != 0 {
		t.Errorf("bob sees %d messages", n)
	}
}

func TestManyAnswersAreEditedSideBySide(t *testing.T) {
	w := begin(t, setup{alone: true})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	// With its first answer the fake compiles the schemas of the route, for which the ten
	// promises below have no time on a busy machine.
	must2(ann.Slash(within(t), ch, "ask", discordtest.Args{"question": "q"}))(t)
	release := make(chan struct{})
	w.core.answer = slow(release, sentence("done"))
	var all []*discordtest.Interaction
	for range 10 {
		all = append(all, must2(ann.SendSlash(ch, "ask", discordtest.Args{"question": "q"}))(t))
	}
	for _, i := range all {
		if err := i.Acknowledged(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	held := make(chan struct{})
	w.fake.Fail(discordtest.Fault{Route: editRoute, Count: -1, How: discordtest.FailSlow(held)})
	close(release)
	// None is answered before all have been sent.
	if err := w.fake.AwaitRequests(within(t), editRoute, 10); err != nil {
		t.Fatal(err)
	}
	close(held)
	for _, i := range all {
		must2(i.Reply(within(t)))(t)
	}
}

func TestAPictureComesWithItsAltText(t *testing.T) {
	w := begin(t, setup{})
	w.core.answer = func(context.Context, bot.Request) bot.Reply { return illustrated() }
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	for what, m := range map[string]*discordtest.Message{
		"a command": must2(ann.Slash(within(t), ch, "ask", discordtest.Args{"question": "q"}))(t).Message,
		"a mention": ptr(must2(ann.Ask(within(t), ch, w.fake.Bot().Mention()+" q"))(t)),
	} {
		a := m.Attachments
		if len(a) != 1 || a[0].Description != "Two marks." || !bytes.Equal(a[0].Data, []byte("\x89PNG")) || a[0].Name != "timeline.png" {
			t.Errorf("after %s the files are %+v", what, a)
		}
	}
}

func ptr[T any](v T) *T { return &v }

func TestAPanicIsAnAnswerToo(t *testing.T) {
	w := begin(t, setup{})
	w.core.answer = func(context.Context, bot.Request) bot.Reply { panic("broken") }
	ann := w.fake.NewUser("ann")
	ann.Locale = "uk"
	ch := w.fake.NewGuild("talks", ann).Text("general")
	r := must2(ann.Slash(within(t), ch, "ask", discordtest.Args{"question": "q"}))(t)
	if r.Message.Content != wording.In("uk").Say("platform.not_shown") || !r.Message.Ephemeral() {
		t.Errorf("answered %+v", r.Message)
	}
}

func TestDoctorSeesThePermissions(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	ch.Deny(ch.Guild, discordtest.AttachFiles|discordtest.ReadMessageHistory)
	must2(ann.Slash(within(t), ch, "settings", nil))(t)
	var missing []string
	for _, f := range must2(w.core.requests()[0].Diagnose(t.Context()))(t) {
		if f.Missing {
			missing = append(missing, f.Need)
		}
	}
	if !slices.Equal(missing, []string{"Attach Files", "Read Message History"}) {
		t.Errorf("missing are %q", missing)
	}
}

func TestManagersAreKnownByTheirPermissions(t *testing.T) {
	w := begin(t, setup{})
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	g := w.fake.NewGuild("talks", bob)
	g.Join(ann, g.NewRole("managers", discordtest.ManageGuild))
	ch := g.Text("general")
	for _, u := range []*discordtest.User{ann, bob} {
		must2(u.Slash(within(t), ch, "settings", nil))(t)
	}
	must2(bob.Slash(within(t), w.fake.DM(bob), "settings", nil))(t)
	all := w.core.requests()
	if owner := g.Owner == bob; !all[0].Manager || all[1].Manager != owner || !all[2].Manager {
		t.Errorf("managers: %t %t %t", all[0].Manager, all[1].Manager, all[2].Manager)
	}
}

func TestUserInstallsWorkInOthersChannels(t *testing.T) {
	w := begin(t, setup{alone: true})
	w.core.answer = func(context.Context, bot.Request) bot.Reply {
		var r bot.Reply
		for i := range 60 {
			text := strings.Repeat("This is a sentence of a rather long passage. ", 22)
			r.Blocks = append(r.Blocks, bot.Quote{Number: i + 1, Segments: []bot.Segment{{Text: text, Key: true}}})
		}
		return r
	}
	ann, bob := w.fake.NewUser("ann"), w.fake.NewUser("bob")
	ann.Install()
	r := must2(ann.Slash(within(t), w.fake.GroupDM(ann, bob), "ask", discordtest.Args{"question": "q"}))(t)
	if r.Message == nil {
		t.Fatal("no answer")
	}
	w.until("the follow-ups", func() bool {
		return len(w.fake.Requests("POST /webhooks/{webhook_id}/{webhook_token}")) == maxFollowUps
	})
}
