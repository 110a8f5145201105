package discordtest_test

import (
	"strings"
	"testing"
	"time"

	"parley/bot/bottest/discordtest"
)

const postRoute = "POST /channels/{channel_id}/messages"

// TestFaults is a table of the ways to fail, and of what is stored all the same.
func TestFaults(t *testing.T) {
	d := start(t, discordtest.Options{})
	ann := d.NewUser("ann")
	ch := d.DM(ann)
	for _, tc := range []struct {
		what   string
		how    discordtest.Failure
		status int // 0: no answer
		body   func(string) bool
		stored int
	}{
		{"500", discordtest.FailStatus(500), 500, func(s string) bool { return strings.Contains(s, `"code": 0`) }, 0},
		{"500 after storing", discordtest.FailStored(discordtest.FailStatus(500)), 500, nil, 1},
		{"HTML 502", discordtest.FailHTML(502), 502, func(s string) bool { return strings.HasPrefix(s, "<!DOCTYPE html>") }, 0},
		{"HTML 502 after storing", discordtest.FailStored(discordtest.FailHTML(502)), 502, nil, 1},
		{"truncated", discordtest.FailTruncated(), 200, func(s string) bool { return s[0] == '{' && s[len(s)-1] != '}' }, 1},
		{"empty", discordtest.FailEmpty(), 200, func(s string) bool { return s == "" }, 1},
		{"reset", discordtest.FailReset(), 0, nil, 0},
		{"reset after storing", discordtest.FailStored(discordtest.FailReset()), 0, nil, 1},
	} {
		before := len(ann.Messages(ch))
		d.Fail(discordtest.Fault{Route: postRoute, How: tc.how})
		res, body, err := post(t, d, ch)
		switch {
		case tc.status == 0 && err == nil:
			t.Errorf("%s: answered %s", tc.what, res.Status)
		case tc.status != 0 && (err != nil || res.StatusCode != tc.status || tc.body != nil && !tc.body(body)):
			t.Errorf("%s: answered %v %q, %v", tc.what, res, body, err)
		}
		if n := len(ann.Messages(ch)) - before; n != tc.stored {
			t.Errorf("%s: stored %d messages, not %d", tc.what, n, tc.stored)
		}
	}
	if res, _, err := post(t, d, ch); err != nil || res.StatusCode != 200 {
		t.Errorf("after the faults: answered %v, %v", res, err)
	}
}

func TestFaultsFallDueByCount(t *testing.T) {
	d := start(t, discordtest.Options{})
	ch := d.DM(d.NewUser("ann"))
	d.Fail(discordtest.Fault{Route: postRoute, First: 2, Count: 2, How: discordtest.FailStatus(503)})
	d.Fail(discordtest.Fault{Route: "GET /gateway", Count: -1, How: discordtest.FailStatus(500)})
	for i, want := range []int{200, 503, 503, 200} {
		if res, _, err := post(t, d, ch); err != nil || res.StatusCode != want {
			t.Errorf("request %d: answered %v, %v, not %d", i+1, res, err, want)
		}
	}
	all := d.Requests(postRoute)
	if len(all) != 4 || all[1].Status != 503 || all[3].Status != 200 || string(all[0].Body) != "{"+text+"}" {
		t.Errorf("requests are %+v", all)
	}
}

func TestSlowAndHangingAnswers(t *testing.T) {
	d := start(t, discordtest.Options{})
	ch := d.DM(d.NewUser("ann"))
	released := make(chan struct{})
	d.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailSlow(released)})
	done := make(chan error)
	go func() {
		_, _, err := post(t, d, ch)
		done <- err
	}()
	if err := d.AwaitRequests(within(t), postRoute, 1); err != nil {
		t.Fatal(err)
	}
	if s := d.Requests(postRoute)[0].Status; s != 0 {
		t.Errorf("answered %d before it was released", s)
	}
	close(released)
	if err := <-done; err != nil {
		t.Error(err)
	}

	d.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailHang()})
	go func() {
		_, _, err := post(t, d, ch)
		done <- err
	}()
	if err := d.AwaitRequests(within(t), postRoute, 2); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if err := <-done; err == nil {
		t.Error("a hanging request was answered")
	}
}

// TestRateLimits is a table of the kinds of 429.
func TestRateLimits(t *testing.T) {
	for _, tc := range []struct {
		what         string
		limit        discordtest.RateLimit
		headers      map[string]string // "": must be absent
		body         string
		stopsGateway bool // it also stops GET /gateway/bot
	}{
		{"of a route", discordtest.RateLimit{Scope: "user", After: 1500 * time.Millisecond},
			map[string]string{"Retry-After": "2", "X-Ratelimit-Scope": "user", "X-Ratelimit-Reset-After": "1.500", "X-Ratelimit-Remaining": "0", "X-Ratelimit-Global": ""},
			`{"message": "You are being rate limited.", "retry_after": 1.500, "global": false}`, false},
		{"shared", discordtest.RateLimit{Scope: "shared", After: time.Second},
			map[string]string{"X-Ratelimit-Scope": "shared"},
			`{"message": "You are being rate limited.", "retry_after": 1.000, "global": false}`, false},
		{"global", discordtest.RateLimit{Scope: "global", After: time.Second},
			map[string]string{"Retry-After": "1", "X-Ratelimit-Global": "true", "X-Ratelimit-Bucket": ""},
			`{"message": "You are being rate limited.", "retry_after": 1.000, "global": true}`, true},
		{"global without a time", discordtest.RateLimit{Scope: "global", After: time.Second, Bare: true},
			map[string]string{"Retry-After": "", "X-Ratelimit-Reset-After": "", "X-Ratelimit-Global": "true"},
			`{"message": "You are being rate limited.", "global": true}`, true},
		{"of Cloudflare", discordtest.RateLimit{After: time.Second, HTML: true},
			map[string]string{"Retry-After": "1", "X-Ratelimit-Scope": "", "Content-Type": "text/html; charset=UTF-8"}, "<!DOCTYPE html>", true},
	} {
		t.Run(tc.what, func(t *testing.T) {
			d := discordtest.New(discordtest.Options{})
			defer d.Close()
			ch := d.DM(d.NewUser("ann"))
			d.Fail(discordtest.Fault{Route: postRoute, How: discordtest.FailLimited(tc.limit)})
			res, body, err := post(t, d, ch)
			if err != nil || res.StatusCode != 429 || !strings.HasPrefix(body, tc.body) {
				t.Fatalf("answered %v %q, %v", res, body, err)
			}
			for k, want := range tc.headers {
				if got := res.Header.Get(k); got != want {
					t.Errorf("%s is %q, not %q", k, got, want)
				}
			}
			wantViolations(t, d)
			if res, _, err := request(t, d, "GET", "/gateway/bot", "", ""); err != nil || (res.StatusCode == 429) != tc.stopsGateway {
				t.Errorf("another route answered %v, %v", res, err)
			}
			if res, _, err := post(t, d, ch); err != nil || res.StatusCode != 429 {
				t.Errorf("the route answered %v, %v", res, err)
			}
			if got := d.Violations(); len(got) == 0 || !strings.Contains(got[len(got)-1], postRoute+": sent during a 429") {
				t.Errorf("violations are %q", got)
			}
			d.Advance(2 * time.Second)
			if res, _, err := post(t, d, ch); err != nil || res.StatusCode != 200 {
				t.Errorf("after the time the route answered %v, %v", res, err)
			}
		})
	}
}

func TestLimitsAreEnforcedWhenAsked(t *testing.T) {
	noon := time.Date(2026, 5, 8, 12, 0, 0, 0, time.UTC)
	d := discordtest.New(discordtest.Options{Limits: true, Now: func() time.Time { return noon }})
	defer d.Close()
	ann := d.NewUser("ann")
	ch, other := d.DM(ann), d.DM(d.NewUser("bob"))
	for i := range 5 {
		res, _, err := post(t, d, ch)
		if err != nil || res.StatusCode != 200 || res.Header.Get("X-RateLimit-Remaining") != string(rune('4'-i)) {
			t.Fatalf("request %d: %v, %v", i+1, res, err)
		}
	}
	wantViolations(t, d)
	if res, _, err := post(t, d, ch); err != nil || res.StatusCode != 429 || res.Header.Get("X-RateLimit-Reset-After") != "5.000" {
		t.Errorf("a sixth: %v, %v", res, err)
	}
	wantViolations(t, d, postRoute+": over the limit (user)")
	if res, _, err := post(t, d, other); err != nil || res.StatusCode != 200 {
		t.Errorf("another channel: %v, %v", res, err)
	}
	d.Advance(5 * time.Second)
	if res, _, err := post(t, d, ch); err != nil || res.StatusCode != 200 {
		t.Errorf("after its window: %v, %v", res, err)
	}
}

func TestFiftyRequestsASecond(t *testing.T) {
	noon := time.Date(2026, 5, 8, 12, 0, 0, 0, time.UTC)
	d := discordtest.New(discordtest.Options{Limits: true, Now: func() time.Time { return noon }})
	defer d.Close()
	for i := range 51 {
		ch := d.DM(d.NewUser("someone"))
		want := 200
		if i == 50 {
			want = 429
		}
		if res, _, err := post(t, d, ch); err != nil || res.StatusCode != want {
			t.Fatalf("request %d: %v, %v, not %d", i+1, res, err, want)
		}
	}
	wantViolations(t, d, postRoute+": over the limit (global)")
	d.Advance(time.Second)
	if status, body := do(t, d, "GET", "/users/@me", ""); status != 200 {
		t.Errorf("a second later: %d %v", status, body)
	}
}
