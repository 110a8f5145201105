package schedule_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/corpus/feed"
	"parley/corpus/fetch"
	"parley/corpus/schedule"
)

// step is one fetch of a feed that lives: how the server answers, and what follows.
type step struct {
	name   string
	answer http.HandlerFunc
	result schedule.Result
	ids    string // of the items found
	check  func(t *testing.T, s schedule.State)
}

func items(ids ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%s"`, strings.Join(ids, "-"))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Live</title>`)
		for _, id := range ids {
			fmt.Fprintf(w, `<item><guid isPermaLink="false">%s</guid><title>Item %[1]s</title></item>`, id)
		}
		fmt.Fprint(w, `</channel></rss>`)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// TestTheLifeOfAFeed takes a feed from its first answer to its end.
func TestTheLifeOfAFeed(t *testing.T) {
	now := time.Date(2025, 2, 14, 12, 0, 0, 0, time.UTC)
	var answer atomic.Pointer[http.HandlerFunc]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/new" {
			items("c", "d")(w, r)
			return
		}
		(*answer.Load())(w, r)
	}))
	defer server.Close()
	client, err := fetch.New(fetch.Options{
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }, Interval: time.Nanosecond,
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()

	s := schedule.State{Address: server.URL + "/old"}
	random := rand.New(rand.NewPCG(1, 2))
	failures := func(n int) func(*testing.T, schedule.State) {
		return func(t *testing.T, s schedule.State) {
			if s.Failures != n || s.Suspended != "" {
				t.Errorf("%d failures, suspended %q", s.Failures, s.Suspended)
			}
		}
	}
	for _, step := range []step{
		{"begins", items("a", "b"), schedule.Changed, "a b", failures(0)},
		{"stays", items("a", "b"), schedule.Unchanged, "", failures(0)},
		{"grows, with an item twice", items("c", "a", "b", "a"), schedule.Changed, "c a b", nil},
		{"shrinks", items("c"), schedule.Changed, "c", nil},
		{"breaks off", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, schedule.Failed, "", failures(1)},
		{"fails", status(500), schedule.Failed, "", failures(2)},
		{"is a page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Log in</html>") }, schedule.Failed, "", failures(3)},
		{"leads inwards", status(301, "Location", "http://169.254.169.254/"), schedule.Failed, "", func(t *testing.T, s schedule.State) {
			if !strings.HasSuffix(s.Address, "/old") {
				t.Errorf("the address is %s", s.Address)
			}
		}},
		{"is busy", status(429, "Retry-After", "7200"), schedule.Failed, "", func(t *testing.T, s schedule.State) {
			if wait := s.Due.Sub(now); wait < 2*time.Hour {
				t.Errorf("asked again after %v", wait)
			}
		}},
		{"moves", status(301, "Location", "/new"), schedule.Changed, "c d", func(t *testing.T, s schedule.State) {
			if !strings.HasSuffix(s.Address, "/new") || s.Failures != 0 {
				t.Errorf("the state is %+v", s)
			}
		}},
	} {
		answer.Store(&step.answer)
		outcome, ids := once(t, client, s)
		s = schedule.DefaultPolicy().Next(s, outcome, now, random)
		if outcome.Result != step.result || ids != step.ids {
			t.Errorf("a feed that %s: result %v, items %q; %s", step.name, outcome.Result, ids, outcome.Error)
		}
		if step.check != nil {
			step.check(t, s)
		}
		now = s.Due
	}
	gone := status(410)
	answer.Store(&gone)
	s.Address = server.URL + "/old"
	outcome, _ := once(t, client, s)
	if s = schedule.DefaultPolicy().Next(s, outcome, now, random); s.Suspended == "" {
		t.Errorf("a feed that is gone is still fetched: %+v", s)
	}
}

// once fetches and reads a feed as a sync does.
func once(t *testing.T, c *fetch.Client, s schedule.State) (schedule.Outcome, string) {
	t.Helper()
	resp, err := c.Get(t.Context(), fetch.Request{URL: s.Address, ETag: s.ETag, LastModified: s.LastModified})
	if failed, ok := errors.AsType[*fetch.Error](err); ok {
		o := schedule.Outcome{Result: schedule.Failed, RetryAfter: failed.RetryAfter, Error: failed.Error()}
		if failed.Kind == fetch.Gone {
			o.Result = schedule.Gone
		}
		return o, ""
	} else if err != nil {
		t.Fatal(err)
	}
	o := schedule.Outcome{Moved: resp.Moved, ETag: resp.ETag, LastModified: resp.LastModified}
	if resp.NotModified {
		return o, ""
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, resp.URL)
	if err != nil {
		return schedule.Outcome{Result: schedule.Failed, Error: err.Error()}, ""
	}
	var ids []string
	for _, i := range f.Items {
		ids = append(ids, i.ID)
	}
	o.Result, o.Hints = schedule.Changed, f.Hints
	return o, strings.Join(ids, " ")
}
