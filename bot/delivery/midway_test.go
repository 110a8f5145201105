package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/bottest/telegramtest"
	"parley/corpus/database"
	"parley/corpus/database/dbtest"
)

// TestWhatWasPostedOfADigestThatEndedIsNotPostedAgain ends digests after the first of three
// parts, and looks at what the next one brings.
func TestWhatWasPostedOfADigestThatEndedIsNotPostedAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		sends  []error // of the second part
		resent []error
		ends   func(w depot, s bot.Subscription) // what happens before the slot is seen to again
		state  string
		next   []int // the parts that the next digest has
	}{
		"refused": {
			sends: []error{refusal(bot.Rejected, 0)}, next: []int{1, 2},
			state: "failed 1/3 1 of 3 messages were posted; then: the platform said no",
		},
		"its time over": {
			sends: []error{refusal(bot.Retry, 0)}, next: []int{1, 2},
			ends:  func(w depot, _ bot.Subscription) { w.clock.add(24 * time.Hour) },
			state: "failed 1/3 1 of 3 messages were posted; at the last try: the platform said no",
		},
		"suspended": {
			sends: []error{refusal(bot.Retry, 0)}, next: []int{1, 2},
			ends:  func(w depot, s bot.Subscription) { w.must(w.store.Suspend(w.ctx, s.Chat, "kicked")) },
			state: "failed 1/3 1 of 3 messages were posted; posting here was suspended: kicked",
		},
		"refused when it was not known": { // the second part may be there
			sends: []error{refusal(bot.Unknown, 0)}, resent: []error{refusal(bot.Rejected, 0)}, next: []int{2},
			ends:  func(w depot, _ bot.Subscription) { w.clock.add(uncertain) },
			state: "failed 1/3 1 of 3 messages were posted, of 1 it is not known; then: the platform said no",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				w := newDepot(t, db)
				w.composer.n = 3
				w.sender.errs, w.sender.resent = append([]error{nil}, tc.sends...), tc.resent
				s := w.subscribed("test/1", "12:00")
				key := w.due(s)
				w.delivered(key)
				if tc.ends != nil {
					tc.ends(w, s)
					w.delivered(key)
				}
				w.wantSlots(s, "2026-05-08 "+tc.state)
				w.wantCursor(s, 10)

				if _, err := w.store.Resume(w.ctx, s.Chat); err != nil {
					t.Fatal(err)
				}
				w.clock.at = noon.AddDate(0, 0, 2)
				w.delivered(w.due(s))
				want := []string{text(s, 0)}
				for _, part := range tc.next {
					want = append(want, fmt.Sprintf("Digest: %s 2026-05-10 part %d", s.ID, part))
				}
				w.wantPosts(want...)
				w.wantCursor(s, 11)
			})
		})
	}
}

// TestPlatformsShowTheRestOfADigestThatEnded does the same through the adapters, which know
// what each message shows.
func TestPlatformsShowTheRestOfADigestThatEnded(t *testing.T) {
	t.Parallel()
	for platform, newScene := range map[string]func(*testing.T) scene{"telegram": newTelegram, "discord": newDiscord("text"), "forum": newDiscord("forum")} {
		for ending, ends := range map[string]func(scene, *interrupted){
			"refused":       func(s scene, _ *interrupted) { s.(closing).closes() },
			"its time over": func(_ scene, i *interrupted) { i.errs = []error{nil, refusal(bot.Retry, 0)} },
		} {
			t.Run(platform+"/"+ending, func(t *testing.T) {
				t.Parallel()
				dbtest.Each(t, func(t *testing.T, db *database.DB) {
					w, s := newDepot(t, db), newScene(t)
					w.clock.at = time.Now()
					w.composer.n, w.composer.long = 3, true
					o := s.orders()
					adapter, err := o.sender(w.store, slog.New(slog.DiscardHandler), w.clock.now)
					w.must(err)
					way := &interrupted{Sender: adapter}
					w.senders[o.Platform] = way
					ends(s, way)
					sub := w.subscribedNow(s.place())
					key := w.due(sub)
					w.delivered(key)
					w.clock.add(24 * time.Hour)
					w.delivered(key)
					if have := len(s.posts()); have != 1 {
						t.Fatalf("%d posts: %s", have, w.slots(sub))
					}
					if _, err := w.store.Resume(w.ctx, sub.Chat); err != nil {
						t.Fatal(err)
					}
					w.delivered(w.due(sub))
					var parts []int
					for _, text := range s.posts() {
						parts = append(parts, partOf([]byte(text)))
					}
					if slices.Sort(parts); !slices.Equal(parts, []int{0, 1, 2}) {
						t.Errorf("posted parts %v: %s", parts, w.slots(sub))
					}
				})
			})
		}
	}
}

// interrupted is an adapter some of whose sends do not come to it.
type interrupted struct {
	Sender
	errs []error // of one send after the other
}

func (i *interrupted) SendPart(ctx context.Context, p bot.Post) (string, error) {
	if len(i.errs) > 0 {
		err := i.errs[0]
		if i.errs = i.errs[1:]; err != nil {
			return "", err
		}
	}
	return i.Sender.SendPart(ctx, p)
}

// closing is a scene that can refuse the second message.
type closing interface{ closes() }

func (s *onTelegram) closes() {
	s.Fail(telegramtest.Match{Method: "sendMessage", Nth: 2}, telegramtest.FailRefused(http.StatusForbidden, "Forbidden: bot was blocked by the user"))
}

func (s *onDiscord) closes() {
	s.Fail(discordtest.Fault{Route: "POST /channels/{channel_id}/messages", First: 2,
		How: discordtest.FailBody(http.StatusForbidden, `{"message": "Missing Permissions", "code": 50013}`)})
}
