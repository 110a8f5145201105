package discord

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/bot/bottest/discordtest"
)

// again waits until the bot is connected by its n-th connection and answers.
func (w *world) again(n int) {
	w.t.Helper()
	err := w.fake.AwaitConnections(within(w.t), "another connection", func(all []discordtest.Connection) bool {
		return len(all) >= n && all[n-1].Open && (all[n-1].Identified || all[n-1].Resumed)
	})
	if err == nil {
		err = w.fake.AwaitReady(within(w.t), 1)
	}
	if err != nil {
		w.t.Fatal(err, "\n", w.logs)
	}
	ann := w.fake.NewUser("ann")
	if _, err := ann.Ask(within(w.t), w.fake.DM(ann), "still there?"); err != nil {
		w.t.Fatal(err, "\n", w.logs)
	}
}

// counts checks how often the bot identified and resumed.
func (w *world) counts(identifies, resumes int) {
	w.t.Helper()
	if i, r := w.fake.Identifies(), w.fake.Resumes(); i != identifies || r != resumes {
		w.t.Errorf("identified %d times and resumed %d times, not %d and %d\n%s", i, r, identifies, resumes, w.logs)
	}
}

func TestTheConnectionIsResumed(t *testing.T) {
	t.Parallel()
	for what, interrupt := range map[string]func(discordtest.Shard) error{
		"when it drops":                discordtest.Shard.Drop,
		"when the gateway asks (op 7)": discordtest.Shard.Reconnect,
		"when told to (op 9 true)":     func(s discordtest.Shard) error { return s.Invalidate(true) },
		"after close code 4000":        func(s discordtest.Shard) error { return s.Close(4000) },
		"after close code 4008":        func(s discordtest.Shard) error { return s.Close(4008) },
	} {
		t.Run(what, func(t *testing.T) {
			w := begin(t, setup{})
			if err := interrupt(w.fake.Shard(0)); err != nil {
				t.Fatal(err)
			}
			w.again(2)
			w.counts(1, 1)
		})
	}
}

func TestASessionThatIsOverIsBegunAnew(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(discordtest.Shard) error{
		"op 9 false":      func(s discordtest.Shard) error { return s.Invalidate(false) },
		"close code 4009": func(s discordtest.Shard) error { return s.Close(4009) },
		"close code 4007": func(s discordtest.Shard) error { return s.Close(4007) },
	} {
		t.Run(what, func(t *testing.T) {
			w := begin(t, setup{})
			if err := end(w.fake.Shard(0)); err != nil {
				t.Fatal(err)
			}
			w.again(2)
			w.counts(2, 0)
		})
	}
}

func TestAResumeAnsweredWithInvalidSessionIdentifies(t *testing.T) {
	w := begin(t, setup{})
	no := false
	w.fake.NextHandshakes(discordtest.Handshake{Invalid: &no})
	if err := w.fake.Shard(0).Drop(); err != nil {
		t.Fatal(err)
	}
	w.again(3)
	w.counts(2, 0)
}

func TestWhatDeadlocksTheLibraryIsSurvived(t *testing.T) {
	t.Parallel()
	for what, frame := range map[string]string{
		"op 7 first":               `{"op":7,"d":null}`,
		"op 11 first":              `{"op":11}`,
		"op 1 first":               `{"op":1,"d":null}`,
		"null first":               `null`,
		"an unknown op":            `{"op":99,"d":{}}`,
		"a second HELLO of nought": `{"op":10,"d":{"heartbeat_interval":0}}`,
	} {
		t.Run(what, func(t *testing.T) {
			w := begin(t, setup{idle: true})
			w.fake.NextHandshakes(discordtest.Handshake{First: []string{frame}})
			w.run()
			if err := w.fake.AwaitReady(within(t), 1); err != nil {
				t.Fatal(err, "\n", w.logs)
			}
		})
	}
}

func TestGarbageFromTheGatewayIsSurvived(t *testing.T) {
	w := begin(t, setup{})
	for _, raw := range []string{
		"null", "[]", "{}", `"x"`, "{", `{"op":0,"s":3,"t":"GUILD_CREATE","d":null}`, `{"op":0,"t":"INTERACTION_CREATE","d":{"type":"x"}}`,
		`{"op":0,"s":4,"t":"INTERACTION_CREATE","d":{"id":"1","type":2,"data":{"options":[{"name":"x"}]}}}`,
		`{"op":0,"s":5,"t":"MESSAGE_CREATE","d":{"id":"7","content":"x","author":null,"mentions":null}}`,
		`{"op":0,"s":6,"t":"SOMETHING_NEW","d":{}}`, `{"op":11}`, `{"op":10,"d":{"heartbeat_interval":-1}}`,
	} {
		if err := w.fake.Shard(0).SendRaw(raw); err != nil {
			t.Fatal(err)
		}
	}
	ann := w.fake.NewUser("ann")
	must2(ann.Ask(within(t), w.fake.DM(ann), "still there?"))(t)
	if n := len(w.fake.Connections()); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestUnknownComponentsDoNotHideAQuestion(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.DM(ann)
	if err := w.fake.Shard(0).Dispatch("MESSAGE_CREATE", map[string]any{
		"id": "77", "channel_id": ch.ID, "type": 0, "content": "what now?", "author": map[string]any{"id": ann.ID}, "mentions": []any{},
		"components": []any{map[string]any{"type": 18, "component": map[string]any{"type": 23}}, map[string]any{"type": 20}},
	}); err != nil {
		t.Fatal(err)
	}
	w.until("the question", func() bool { return len(w.core.requests()) == 1 })
}

func TestFatalCloseCodesEndTheBot(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{4004: "token", 4010: "shard", 4011: "shard_count", 4012: "update", 4013: "intents", 4014: "privileged"} {
		for _, afterReady := range []bool{false, true} {
			t.Run(fmt.Sprint(code, afterReady), func(t *testing.T) {
				w := begin(t, setup{idle: true})
				if !afterReady {
					w.fake.NextHandshakes(discordtest.Handshake{Close: code})
				}
				w.run()
				if afterReady {
					if err := w.fake.AwaitReady(within(t), 1); err != nil {
						t.Fatal(err)
					}
					if err := w.fake.Shard(0).Close(code); err != nil {
						t.Fatal(err)
					}
				}
				err := w.wait()
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%d, after READY %t: %v", code, afterReady, err)
				}
				if n := len(w.fake.Connections()); n != 1 {
					t.Errorf("%d, after READY %t: %d connections", code, afterReady, n)
				}
			})
		}
	}
}

func TestAZombieConnectionIsResumed(t *testing.T) {
	w := begin(t, setup{fake: discordtest.Options{Heartbeat: time.Second}})
	if err := w.fake.Shard(0).StopAcks(); err != nil {
		t.Fatal(err)
	}
	w.again(2)
	w.counts(1, 1)
}

func TestHeartbeatsAreKeptUp(t *testing.T) {
	w := begin(t, setup{fake: discordtest.Options{Heartbeat: 300 * time.Millisecond}})
	err := w.fake.AwaitConnections(within(t), "heartbeats", func(all []discordtest.Connection) bool { return all[0].Heartbeats >= 4 })
	if err != nil {
		t.Fatal(err)
	}
	w.counts(1, 0)
}

func TestTheEndComesAlsoWhileBackingOff(t *testing.T) {
	w := begin(t, setup{})
	w.fake.EveryHandshake(discordtest.Handshake{Close: 4000})
	if err := w.fake.Shard(0).Drop(); err != nil {
		t.Fatal(err)
	}
	if err := w.fake.AwaitConnections(within(t), "a second", func(all []discordtest.Connection) bool { return len(all) >= 2 }); err != nil {
		t.Fatal(err)
	}
	w.stop()
	n := len(w.fake.Connections())
	time.Sleep(3 * time.Second) // longer than the wait that was under way
	if after := len(w.fake.Connections()); after != n {
		t.Errorf("%d connections after the end", after-n)
	}
}

func TestTheEndComesAlsoWhileConnecting(t *testing.T) {
	w := begin(t, setup{idle: true})
	w.fake.NextHandshakes(discordtest.Handshake{NoHello: true})
	w.run()
	if err := w.fake.AwaitConnections(within(t), "the first", func(all []discordtest.Connection) bool { return len(all) == 1 }); err != nil {
		t.Fatal(err)
	}
	w.stop()
}

func TestTheEndIsAGoodbye(t *testing.T) {
	w := begin(t, setup{})
	w.until("the connection", func() bool { return strings.Contains(w.logs.String(), "connected to the gateway") })
	w.stop()
	if c := w.fake.Connections()[0]; c.BotCode != 1000 {
		t.Errorf("closed with %d", c.BotCode)
	}
}
