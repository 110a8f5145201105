package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/discordtest"
)

// long is a reply of several messages.
func long() (r bot.Reply) {
	for i := range 25 {
		r.Blocks = append(r.Blocks, bot.Quote{Number: i + 1, Segments: []bot.Segment{{Text: fmt.Sprintf("Quotation %d. ", i)}}})
	}
	return r
}

// TestAPartOfUnknownOutcomeIsPostedOnce goes on where another process ended, before or
// after the part arrived, a moment or hours ago.
func TestAPartOfUnknownOutcomeIsPostedOnce(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		make  func(*discordtest.Guild) *discordtest.Channel
		forum bool
	}{
		{name: "text", make: func(g *discordtest.Guild) *discordtest.Channel { return g.Text("digests") }},
		{name: "announcements", make: func(g *discordtest.Guild) *discordtest.Channel { return g.Announcement("news") }},
		{name: "forum", make: func(g *discordtest.Guild) *discordtest.Channel { return g.Forum("posts", true, "tag") }, forum: true},
	} {
		for _, ago := range []time.Duration{time.Second, 30 * time.Minute, 5 * time.Hour} {
			for _, arrived := range []bool{true, false} {
				for part := range 3 {
					t.Run(fmt.Sprintf("%s/%v/%t/%d", tc.name, ago, arrived, part), func(t *testing.T) {
						w, ann, ch := quiet(t, discordtest.Options{})
						ch = tc.make(ch.Guild)
						if !tc.forum {
							ann.Say(ch, "something else")
						}
						w.resends(ch, part, arrived, ago)
						if tc.forum {
							if threads := ch.Threads(); len(threads) != 1 {
								t.Fatalf("%d posts", len(threads))
							}
							ch = ch.Threads()[0]
						}
						var own []discordtest.Message
						for _, m := range ann.Messages(ch) {
							if m.Author.Bot {
								own = append(own, m)
							}
						}
						if len(own) != 3 {
							t.Errorf("%d messages", len(own))
						}
						for i, m := range own {
							if m.Crossposted() != (tc.name == "announcements") {
								t.Errorf("message %d was published: %t", i, m.Crossposted())
							}
						}
					})
				}
			}
		}
	}
}

// resends posts a reply of three parts, of which the outcome of one is not known at first.
func (w *world) resends(ch *discordtest.Channel, unknown int, arrived bool, ago time.Duration) {
	t := w.t
	t.Helper()
	posts := w.parts(ch, "Digest of 8 May 2026", "slot", long())
	if len(posts) != 3 {
		t.Fatalf("%d parts", len(posts))
	}
	first := ""
	for i, p := range posts {
		p.First = first
		begun := w.bot.now()
		id, err := "", errors.New("the process ended")
		if i != unknown || arrived {
			id, err = w.bot.SendPart(within(t), p)
		}
		if i == unknown {
			w.fake.Advance(ago)
			w.later(ago)
			another := must2(New(w.bot.opts))(t) // it is another process
			another.now = w.bot.now
			again, err2 := another.ResendPart(within(t), p, begun)
			another.idle()
			if arrived && again != id {
				t.Errorf("found %s; it is %s", again, id)
			}
			id, err = again, err2
		}
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = id
		}
	}
}

// TestAnEqualMessageOfAnotherDigestIsNotTakenForAPart posts the same to a place for another
// subscription, and looks hours later for a part that did not arrive.
func TestAnEqualMessageOfAnotherDigestIsNotTakenForAPart(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		make  func(*discordtest.Guild) *discordtest.Channel
		nonce string // of the other; empty: Discord does not tell of it
		owned bool   // the ledger knows the other's message
		want  int    // posts
	}{
		"another nonce":    {make: func(g *discordtest.Guild) *discordtest.Channel { return g.Text("digests") }, nonce: "other", want: 2},
		"known as another": {make: func(g *discordtest.Guild) *discordtest.Channel { return g.Text("digests") }, owned: true, want: 2},
		"its own":          {make: func(g *discordtest.Guild) *discordtest.Channel { return g.Text("digests") }, want: 1},
		"another thread":   {make: func(g *discordtest.Guild) *discordtest.Channel { return g.Forum("posts", true, "tag") }, nonce: "other", owned: true, want: 2},
		"its own thread":   {make: func(g *discordtest.Guild) *discordtest.Channel { return g.Forum("posts", true, "tag") }, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			w, ann, ch := quiet(t, discordtest.Options{})
			if ch = tc.make(ch.Guild); ch.Type != discordtest.ForumChannel {
				ann.Say(ch, "something else")
			}
			begun := w.bot.now()
			others, err := w.post(within(t), ch, "Digest of 8 May 2026", tc.nonce, sentence("digest"))
			if err != nil {
				t.Fatal(err)
			}
			p := w.parts(ch, "Digest of 8 May 2026", "slot", sentence("digest"))[0]
			p.Owned = func(_ context.Context, id string) (bool, error) { return tc.owned && id == others[0], nil }
			w.fake.Advance(3 * time.Hour)
			w.later(3 * time.Hour)
			id, err := w.bot.ResendPart(within(t), p, begun)
			if err != nil || (id == others[0]) != (tc.want == 1) {
				t.Errorf("it is %s, the other %s; %v", id, others[0], err)
			}
			posts := 0
			for _, at := range append(ch.Threads(), ch) {
				for _, m := range ann.Messages(at) {
					if m.Author.Bot {
						posts++
					}
				}
			}
			if posts != tc.want {
				t.Errorf("%d posts; want %d", posts, tc.want)
			}
		})
	}
}

// later puts the bot's clock forward.
func (w *world) later(by time.Duration) {
	before := w.bot.now
	w.bot.now = func() time.Time { return before().Add(by) }
}

func TestWhereTheHistoryIsClosedThePartIsUnknown(t *testing.T) {
	w, ann, ch := quiet(t, discordtest.Options{})
	ann.Say(ch, "something else")
	ch.Deny(ch.Guild, discordtest.ReadMessageHistory)
	p := w.parts(ch, "", "slot", sentence("digest"))[0]
	begun := w.bot.now()
	w.later(time.Hour)
	w.fake.Advance(time.Hour)
	_, err := w.bot.ResendPart(within(t), p, begun)
	var send *bot.SendError
	if !errors.As(err, &send) || send.Outcome != bot.Unknown {
		t.Errorf("ended with %v", err)
	}
	if n := len(w.fake.Requests(postRoute)); n != 0 {
		t.Errorf("%d posts", n)
	}
}

// TestWhatCannotBeFoundOutIsAskedForAgain holds that an outcome stays open while Discord
// does not answer.
func TestWhatCannotBeFoundOutIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, ago := range []time.Duration{0, time.Hour} {
		t.Run(ago.String(), func(t *testing.T) {
			w, ann, ch := quiet(t, discordtest.Options{})
			ann.Say(ch, "something else")
			p := w.parts(ch, "", "slot", sentence("digest"))[0]
			begun := w.bot.now()
			w.later(ago)
			w.fake.Fail(discordtest.Fault{Count: -1, How: discordtest.FailHTML(502)})
			_, err := w.bot.ResendPart(within(t), p, begun)
			var send *bot.SendError
			if !errors.As(err, &send) || send.Outcome != bot.Retry {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestWhatIsNotBegunIsNotSent(t *testing.T) {
	w, _, ch := quiet(t, discordtest.Options{})
	p := w.parts(ch, "", "slot", sentence("digest"))[0]
	no := errors.New("the disk is full")
	p.Begin = func(context.Context) error { return no }
	_, err := w.bot.SendPart(within(t), p)
	var send *bot.SendError
	if !errors.As(err, &send) || send.Outcome != bot.Retry || !errors.Is(err, no) {
		t.Errorf("ended with %v", err)
	}
	if n := len(w.fake.Requests("")); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestWhatGivesRightsBackLiftsSuspensions(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	g := w.fake.NewGuild("talks", ann)
	ch := g.Text("general")
	thread := ch.Thread(ann, "digests")
	w.until("the server to be known", func() bool { return w.bot.self.isListed(g.ID.String()) })
	for what, change := range map[string]func(){
		"a channel's permissions": func() { ch.Allow(g, discordtest.SendMessages) },
		"a role's":                func() { g.SetEveryone(discordtest.ViewChannel | discordtest.SendMessages) },
		"a thread":                thread.Unlock,
		"a message in private":    func() { ann.Say(w.fake.DM(ann), "hello") },
	} {
		want := chatOf(g.ID.String())
		if what == "a message in private" {
			want = chatOf(w.fake.DM(ann).ID.String())
		}
		w.store.mu.Lock()
		w.store.resumed = nil
		w.store.mu.Unlock()
		change()
		w.until(what, func() bool {
			w.store.mu.Lock()
			defer w.store.mu.Unlock()
			return slices.Contains(w.store.resumed, want)
		})
	}
}

// TestAnnouncementsAreKnownFromTheGateway holds that no request is spent on what the
// gateway told.
func TestAnnouncementsAreKnownFromTheGateway(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	g := w.fake.NewGuild("talks", ann)
	w.until("the server to be known", func() bool { return w.bot.self.isListed(g.ID.String()) })
	if _, err := w.post(within(t), g.Text("general"), "", "n", sentence("digest")); err != nil {
		t.Fatal(err)
	}
	if n := len(w.fake.Requests("GET /channels/{channel_id}")); n != 0 {
		t.Errorf("%d channels were asked for", n)
	}
}
