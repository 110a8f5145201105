package fetch

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPagesAreReadAsRobotsAllows(t *testing.T) {
	var status atomic.Int32
	var asked atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			fmt.Fprint(w, "page")
			return
		}
		asked.Add(1)
		w.WriteHeader(int(status.Load()))
		fmt.Fprint(w, "User-agent: *\nDisallow: /closed")
	})
	now := time.Now()
	c := local(t, func(o *Options) { o.Now = func() time.Time { return now } })
	open, closed := Request{URL: s.URL + "/open", Page: true}, Request{URL: s.URL + "/closed", Page: true}

	status.Store(http.StatusInternalServerError)
	fails(t, c, open, Unreachable)
	status.Store(http.StatusOK)
	fails(t, c, open, Unreachable) // remembered for a while
	now = now.Add(robotsFailAge)
	gets(t, c, open)
	fails(t, c, closed, Robots)
	gets(t, c, Request{URL: closed.URL}) // a feed is made to be read by programs
	if n := asked.Load(); n != 2 {
		t.Errorf("robots.txt was asked for %d times", n)
	}
	now = now.Add(robotsAge)
	status.Store(http.StatusNotFound)
	gets(t, c, closed)
}

func TestARedirectToAClosedPage(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /closed")
		case "/open":
			redirectTo("/closed", http.StatusFound)(w, r)
		default:
			t.Errorf("%s was asked for", r.URL.Path)
		}
	})
	fails(t, local(t, nil), Request{URL: s.URL + "/open", Page: true}, Robots)
}

func TestAHostIsAskedInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(time.Second, 2)
		begin := time.Now()
		var release []func()
		for range 2 {
			done, err := h.turn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			release = append(release, done)
		}
		if waited := time.Since(begin); waited != time.Second {
			t.Errorf("the second request came after %v", waited)
		}
		third := make(chan time.Duration)
		go func() {
			done, err := h.turn(t.Context())
			if err != nil {
				t.Error(err)
				done = func() {}
			}
			done()
			third <- time.Since(begin)
		}()
		time.Sleep(time.Minute)
		release[0]() // there was room for two at one time
		if waited := <-third; waited != time.Minute+time.Second {
			t.Errorf("the third request came after %v", waited)
		}
		release[1]()
	})
}

func TestAHostMayAskForMoreTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(time.Second, 1)
		h.slower(10 * time.Second)
		h.slower(time.Second) // no faster again
		begin := time.Now()
		for range 3 {
			done, err := h.turn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			done()
		}
		if waited := time.Since(begin); waited != 20*time.Second {
			t.Errorf("three requests took %v", waited)
		}
	})
}
