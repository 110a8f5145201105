package discordtest_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/bot/bottest/discordtest"
)

const intents = 1 | 1<<9 | 1<<12

// client is a bare client of the gateway.
type client struct {
	t    *testing.T
	d    *discordtest.Server
	ws   *websocket.Conn
	last map[string]any // frame
}

func dial(t *testing.T, d *discordtest.Server) *client {
	t.Helper()
	return dialAt(t, d, "ws"+strings.TrimPrefix(d.URL(), "http")+"/?v=9&encoding=json")
}

func dialAt(t *testing.T, d *discordtest.Server, url string) *client {
	t.Helper()
	ws, res, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	t.Cleanup(func() { ws.Close() })
	if err := ws.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &client{t: t, d: d, ws: ws}
}

// read reads a frame, and returns the code with which the fake closed, or 0.
func (c *client) read() (code int) {
	c.t.Helper()
	_, raw, err := c.ws.ReadMessage()
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return closed.Code
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.last = nil
	if err := json.Unmarshal(raw, &c.last); err != nil {
		c.t.Fatalf("%s: %v", raw, err)
	}
	return 0
}

func (c *client) op(want int) {
	c.t.Helper()
	if code := c.read(); code != 0 || c.last["op"] != float64(want) {
		c.t.Fatalf("got close code %d and %v, not op %d", code, c.last, want)
	}
}

// event reads up to an event.
func (c *client) event(name string) map[string]any {
	c.t.Helper()
	for {
		c.op(0)
		if c.last["t"] == name {
			data, _ := c.last["d"].(map[string]any)
			return data
		}
	}
}

func (c *client) send(op int, data any) {
	c.t.Helper()
	if err := c.ws.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		c.t.Fatal(err)
	}
}

// greeted identifies after HELLO, whatever comes of it.
func (c *client) greeted(identify map[string]any) *client {
	c.t.Helper()
	c.op(10)
	c.send(2, identify)
	return c
}

// identify begins a session of a shard and returns its READY.
func (c *client) identify(shard, shards int) map[string]any {
	c.t.Helper()
	c.greeted(map[string]any{"token": c.d.Token(), "intents": intents, "shard": []int{shard, shards}})
	return c.event("READY")
}

func (c *client) resume(session any, seq int) {
	c.t.Helper()
	c.op(10)
	c.send(6, map[string]any{"token": c.d.Token(), "session_id": session, "seq": seq})
}

// TestIdentifiesThatAreSentAway is a table of the codes with which the gateway closes.
func TestIdentifiesThatAreSentAway(t *testing.T) {
	for _, tc := range []struct {
		what     string
		o        discordtest.Options
		identify map[string]any
		code     int
	}{
		{"bad token", discordtest.Options{}, map[string]any{"token": "Bot other", "intents": intents}, 4004},
		{"privileged intent", discordtest.Options{}, map[string]any{"token": "token", "intents": intents | 1<<15}, 4014},
		{"unknown intent", discordtest.Options{}, map[string]any{"token": "token", "intents": 1 << 30}, 4013},
		{"shard out of range", discordtest.Options{}, map[string]any{"token": "token", "intents": intents, "shard": []int{2, 2}}, 4010},
	} {
		t.Run(tc.what, func(t *testing.T) {
			d := start(t, tc.o)
			c := dial(t, d).greeted(tc.identify)
			if code := c.read(); code != tc.code {
				t.Errorf("closed with %d after %v, not %d", code, c.last, tc.code)
			}
		})
	}
}

func TestNobodyComesBackAfterAFatalCode(t *testing.T) {
	d := discordtest.New(discordtest.Options{})
	defer d.Close()
	dial(t, d).identify(0, 1)
	if err := d.Shard(0).Close(4014); err != nil {
		t.Fatal(err)
	}
	wantViolations(t, d)
	dial(t, d).op(10)
	wantViolations(t, d, "gateway: connected again after close code 4014")
}

func TestReadyAndGuilds(t *testing.T) {
	d := start(t, discordtest.Options{})
	g := d.NewGuild("talks")
	c := dial(t, d)
	ready := c.identify(0, 1)
	guilds, _ := ready["guilds"].([]any)
	if len(guilds) != 1 || ready["resume_gateway_url"] == nil || ready["session_id"] == "" {
		t.Errorf("READY is %v", ready)
	}
	if created := c.event("GUILD_CREATE"); created["id"] != g.ID.String() {
		t.Errorf("created %v", created["id"])
	}
	c.send(1, nil)
	c.op(11)
	if all := d.Connections(); len(all) != 1 || !all[0].Identified || !all[0].Open || all[0].Intents != intents {
		t.Errorf("connections are %+v", all)
	}
}

func TestEventsGoToTheirShards(t *testing.T) {
	d := start(t, discordtest.Options{Shards: 2, MaxConcurrency: 2})
	ann := d.NewUser("ann")
	shards := []*client{dial(t, d), dial(t, d)}
	for i, c := range shards {
		c.identify(i, 2)
	}
	if err := d.AwaitReady(within(t), 2); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		g := d.NewGuild("talks", ann)
		c := shards[int(g.ID>>22)%2]
		if created := c.event("GUILD_CREATE"); created["id"] != g.ID.String() {
			t.Errorf("shard got %v, not %s", created["id"], g.ID)
		}
		if _, err := ann.Say(g.Text("general"), "hello"); err != nil {
			t.Fatal(err)
		}
		c.event("MESSAGE_CREATE")
	}
	dm, err := ann.Say(d.DM(ann), "hello")
	if err != nil {
		t.Fatal(err)
	}
	if got := shards[0].event("MESSAGE_CREATE"); got["id"] != dm.ID.String() || got["content"] != "hello" {
		t.Errorf("shard 0 got %v", got)
	}
}

func TestIdentifyIsPaced(t *testing.T) {
	d := discordtest.New(discordtest.Options{Shards: 3})
	defer d.Close()
	dial(t, d).identify(0, 3)
	dial(t, d).greeted(map[string]any{"token": "token", "intents": intents, "shard": []int{1, 3}}).op(9)
	if v := d.Violations(); len(v) != 1 || !strings.HasPrefix(v[0], "gateway: shard 1 identified") {
		t.Errorf("violations are %q", v)
	}
	d.Advance(5 * time.Second)
	dial(t, d).identify(1, 3)
}

func TestIdentifyLimitResetsTheToken(t *testing.T) {
	d := discordtest.New(discordtest.Options{IdentifyLimit: 1, IdentifyEvery: -1})
	defer d.Close()
	dial(t, d).identify(0, 1)
	c := dial(t, d).greeted(map[string]any{"token": "token", "intents": intents})
	if code := c.read(); code != 4004 {
		t.Errorf("closed with %d, not 4004", code)
	}
	wantViolations(t, d, "gateway: over 1 IDENTIFY in a day: the token is reset")
}

func TestResume(t *testing.T) {
	d := start(t, discordtest.Options{IdentifyEvery: -1})
	ann := d.NewUser("ann")
	c := dial(t, d)
	ready := c.identify(0, 1)
	if err := d.Shard(0).Close(4000); err != nil {
		t.Fatal(err)
	}
	if code := c.read(); code != 4000 {
		t.Fatalf("closed with %d", code)
	}
	c.ws.Close()
	said, err := ann.Say(d.DM(ann), "meanwhile")
	if err != nil {
		t.Fatal(err)
	}
	c = dialAt(t, d, ready["resume_gateway_url"].(string))
	c.resume(ready["session_id"], 1)
	if m := c.event("MESSAGE_CREATE"); m["id"] != said.ID.String() {
		t.Errorf("resumed with %v", m)
	}
	c.event("RESUMED")
	if all := d.Connections(); !all[1].Resumed || all[1].Path != "/resume" || all[0].Code != 4000 || d.Identifies() != 1 {
		t.Errorf("connections are %+v", all)
	}

	ahead := dial(t, d)
	ahead.resume(ready["session_id"], 1000)
	if code := ahead.read(); code != 4007 {
		t.Errorf("a sequence number of the future: closed with %d", code)
	}
	strange := dial(t, d)
	strange.resume("strange", 1)
	strange.op(9)
	if strange.last["d"] != false {
		t.Errorf("a strange session: %v", strange.last)
	}
}

func TestAGoodbyeEndsTheSession(t *testing.T) {
	d := start(t, discordtest.Options{})
	c := dial(t, d)
	ready := c.identify(0, 1)
	if err := c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "")); err != nil {
		t.Fatal(err)
	}
	if code := c.read(); code != 1000 {
		t.Errorf("closed with %d", code)
	}
	c = dial(t, d)
	c.resume(ready["session_id"], 1)
	c.op(9)
	if all := d.Connections(); all[0].BotCode != 1000 {
		t.Errorf("connections are %+v", all)
	}
}

func TestMisbehavingClientsAreClosed(t *testing.T) {
	for _, tc := range []struct {
		what string
		act  func(*client)
		code int
		says string
	}{
		{"presence before IDENTIFY", func(c *client) { c.op(10); c.send(3, nil) }, 4003, "gateway: op 3 sent before IDENTIFY"},
		{"no JSON", func(c *client) {
			c.op(10)
			if err := c.ws.WriteMessage(websocket.TextMessage, []byte("{")); err != nil {
				c.t.Fatal(err)
			}
		}, 4002, `gateway: sent no JSON object: "{"`},
		{"unknown op", func(c *client) { c.identify(0, 1); c.send(99, nil) }, 4001, "gateway: sent unknown op 99"},
		{"IDENTIFY twice", func(c *client) { c.identify(0, 1); c.send(2, map[string]any{"token": "token"}) }, 4005, "gateway: IDENTIFY sent twice"},
		{"too many sends", func(c *client) {
			c.identify(0, 1)
			for range 120 {
				c.send(3, nil)
			}
		}, 4008, "gateway: over 120 sends in a minute"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			d := discordtest.New(discordtest.Options{})
			defer d.Close()
			c := dial(t, d)
			tc.act(c)
			if code := c.read(); code != tc.code {
				t.Errorf("closed with %d after %v, not %d", code, c.last, tc.code)
			}
			wantViolations(t, d, tc.says)
		})
	}
}

func TestHandshakesGoWrongAsTold(t *testing.T) {
	d := start(t, discordtest.Options{IdentifyEvery: -1})
	no := false
	d.NextHandshakes(
		discordtest.Handshake{First: []string{`{"op":7,"d":null}`, `null`, `{"op":0,`}},
		discordtest.Handshake{Close: 4000},
		discordtest.Handshake{Invalid: &no},
		discordtest.Handshake{NoAcks: true},
		discordtest.Handshake{NoHello: true},
	)
	hello := map[string]any{"token": "token", "intents": intents}
	c := dial(t, d).greeted(hello)
	c.op(7)
	for _, want := range []string{`null`, `{"op":0,`} {
		if _, raw, err := c.ws.ReadMessage(); err != nil || string(raw) != want {
			t.Errorf("got %q, %v, not %q", raw, err, want)
		}
	}
	c.event("READY")

	if code := dial(t, d).greeted(hello).read(); code != 4000 {
		t.Errorf("closed with %d, not 4000", code)
	}

	c = dial(t, d).greeted(hello)
	c.op(9)
	c.send(2, hello)
	c.event("READY")
	c.ws.Close()

	c = dial(t, d)
	c.identify(0, 1)
	c.send(1, 1)
	c.send(3, nil)

	mute := dial(t, d)
	mute.send(2, hello)
	if code := dial(t, d).read(); code != 0 {
		t.Errorf("after the told ones a handshake went wrong: %d", code)
	}
}

func TestShardsDoAsTold(t *testing.T) {
	d := start(t, discordtest.Options{})
	if err := d.Shard(0).Reconnect(); err == nil {
		t.Error("a shard that is not connected was told something")
	}
	c := dial(t, d)
	c.identify(0, 1)
	shard := d.Shard(0)
	for _, act := range []func() error{
		shard.Reconnect, shard.StopAcks,
		func() error { return shard.Dispatch("MESSAGE_CREATE", map[string]any{"components": []int{18}}) },
		func() error { return shard.SendRaw(`{"op": 42}`) },
		func() error { return shard.Invalidate(true) },
	} {
		if err := act(); err != nil {
			t.Fatal(err)
		}
	}
	c.send(1, nil)
	var ops []float64
	for range 4 {
		if code := c.read(); code != 0 {
			t.Fatalf("closed with %d", code)
		}
		ops = append(ops, c.last["op"].(float64))
	}
	if want := []float64{7, 0, 42, 9}; !slices.Equal(ops, want) {
		t.Errorf("got ops %v, not %v", ops, want)
	}
}
