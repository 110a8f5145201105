package fetch

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestRulesOfRobots(t *testing.T) {
	for name, tc := range map[string]struct {
		file              string
		allowed, disallow []string
	}{
		"nothing":               {"", []string{"/", "/a?b"}, nil},
		"everything closed":     {"User-agent: *\nDisallow: /", nil, []string{"/", "/a"}},
		"nothing closed":        {"User-agent: *\nDisallow:", []string{"/", "/a"}, nil},
		"longest wins":          {"User-agent: *\nDisallow: /a\nAllow: /a/open\nDisallow: /a/open/not", []string{"/b", "/a/open/x"}, []string{"/a", "/abc", "/a/open/not/x"}},
		"of two alike allow":    {"User-agent: *\nDisallow: /a\nAllow: /a", []string{"/a"}, nil},
		"our own group":         {"User-agent: *\nDisallow: /\n\nUser-agent: parley-test\nDisallow: /x", []string{"/", "/a"}, []string{"/x"}},
		"our group is empty":    {"User-agent: Parley-Test\nDisallow:\n\nUser-agent: *\nDisallow: /", []string{"/"}, nil},
		"not a longer name":     {"User-agent: Parley-Tester\nDisallow: /", []string{"/"}, nil},
		"not a shorter name":    {"User-agent: Parley\nDisallow: /", []string{"/"}, nil},
		"our version":           {"User-agent: PARLEY-TEST/2.0\nDisallow: /", nil, []string{"/"}},
		"agents in a row":       {"User-agent: other\nUser-agent: *\nDisallow: /a", nil, []string{"/a"}},
		"groups are joined":     {"User-agent: *\nDisallow: /a\nUser-agent: other\nDisallow: /c\nUser-agent: *\nDisallow: /b", []string{"/c"}, []string{"/a", "/b"}},
		"other lines between":   {"User-agent: other\nSitemap: https://example.org/s\nUser-agent: *\nDisallow: /a", nil, []string{"/a"}},
		"rule without group":    {"Disallow: /\nUser-agent: *\nDisallow: /a", []string{"/"}, []string{"/a"}},
		"star":                  {"User-agent: *\nDisallow: /*/private\nDisallow: *.pdf", []string{"/private", "/x"}, []string{"/x/private/y", "/a/b.pdf", "/b.pdf?x"}},
		"star is anchored":      {"User-agent: *\nDisallow: /a*b", []string{"/x/a1b"}, []string{"/a1b", "/ab", "/axxbyy"}},
		"dollar":                {"User-agent: *\nDisallow: /*.php$\nDisallow: /end$", []string{"/a.php?x", "/end/"}, []string{"/a.php", "/a.php.php", "/end"}},
		"query":                 {"User-agent: *\nDisallow: /*?print=", []string{"/a"}, []string{"/a?print=1"}},
		"percent":               {"User-agent: *\nDisallow: /%7eme\nDisallow: /мир\nDisallow: /a%2fb", []string{"/a/b"}, []string{"/~me", "/%7Eme", "/%D0%BC%D0%B8%D1%80", "/%d0%bc%d0%b8%d1%80", "/a%2Fb"}},
		"comments and case":     {"\ufeffUSER-AGENT : * # all\r\nDISALLOW: /a # this\r\n", []string{"/"}, []string{"/a"}},
		"a page instead":        {"<html><body>Disallow: /</body></html>", []string{"/"}, nil},
		"no line ends for long": {strings.Repeat("x", 1<<16), []string{"/"}, nil},
	} {
		rules := parseRobots([]byte(tc.file), "Parley-Test")
		for _, path := range tc.allowed {
			if !rules.allows(path) {
				t.Errorf("%s: %s is disallowed", name, path)
			}
		}
		for _, path := range tc.disallow {
			if rules.allows(path) {
				t.Errorf("%s: %s is allowed", name, path)
			}
		}
	}
}

func TestDelayOfRobots(t *testing.T) {
	for file, want := range map[string]time.Duration{
		"User-agent: *\nCrawl-delay: 2.5": 2500 * time.Millisecond, "User-agent: *\nCrawl-delay: 9999": longestDelay,
		"User-agent: *\nCrawl-delay: -1": 0, "User-agent: *\nCrawl-delay: NaN": 0, "User-agent: other\nCrawl-delay: 5": 0,
	} {
		if got := parseRobots([]byte(file), "Parley-Test").delay; got != want {
			t.Errorf("%q asks for %v, want %v", file, got, want)
		}
	}
}

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

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%7e", "/a%zz?b")
	f.Fuzz(func(t *testing.T, file, path string) {
		parseRobots([]byte(file), "Parley-Test").allows(path)
		if once := normal(path); normal(once) != once {
			t.Errorf("%q: %q is not normal", path, once)
		}
	})
}
