package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// testAgent is the product by which the tests' robots.txt name us.
const testAgent = "Parley-Test/1 (+https://example.org)"

// local is a client that may connect to 127.0.0.1 and to nothing else that is private.
func local(t *testing.T, change func(*Options)) *Client {
	t.Helper()
	o := Options{
		Log: slog.New(slog.DiscardHandler), UserAgent: testAgent, Interval: time.Nanosecond,
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// fails gets an address that must fail in the given way.
func fails(t *testing.T, c *Client, r Request, want Kind) *Error {
	t.Helper()
	resp, err := c.Get(t.Context(), r)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind != want {
		t.Fatalf("%s gives %d bytes, %v; want the error %v", r.URL, len(resp.Body), err, want)
	}
	return e
}

func gets(t *testing.T, c *Client, r Request) Response {
	t.Helper()
	resp, err := c.Get(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func redirectTo(to string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

func TestWhatIsNotPublicIsNotConnectedTo(t *testing.T) {
	for _, tc := range []struct {
		addr   string
		public bool
	}{
		{"1.1.1.1", true}, {"93.184.215.14", true}, {"172.15.0.1", true}, {"172.32.0.1", true}, {"100.128.0.1", true},
		{"2606:4700::1111", true}, {"2a00:1450::1", true}, {"::ffff:1.1.1.1", true},
		{"0.0.0.0", false}, {"10.1.2.3", false}, {"100.64.0.1", false}, {"127.0.0.1", false}, {"127.255.1.1", false},
		{"169.254.169.254", false}, {"172.16.0.1", false}, {"172.31.255.255", false}, {"192.168.0.1", false},
		{"192.0.2.1", false}, {"198.18.0.1", false}, {"224.0.0.1", false}, {"240.0.0.1", false}, {"255.255.255.255", false},
		{"::", false}, {"::1", false}, {"fe80::1", false}, {"fe80::1%eth0", false}, {"fc00::1", false}, {"fd00:ec2::254", false}, {"ff02::1", false},
		{"::ffff:127.0.0.1", false}, {"::ffff:169.254.169.254", false}, {"::127.0.0.1", false},
		{"64:ff9b::a9fe:a9fe", false}, {"64:ff9b:1::7f00:1", false}, {"2002:7f00:1::", false}, {"2001:0:7f00:1::", false}, {"2001:db8::1", false}, {"fec0::1", false},
	} {
		if got := isPublic(netip.MustParseAddr(tc.addr)); got != tc.public {
			t.Errorf("%s is public: %v", tc.addr, got)
		}
		network := "tcp6"
		err := guard{}.control(t.Context(), network, net.JoinHostPort(tc.addr, "80"), nil)
		if (err == nil) != tc.public {
			t.Errorf("a connection to %s: %v", tc.addr, err)
		}
	}
}

func TestPrivateAddressesAreRefusedHoweverTheyAreWritten(t *testing.T) {
	c := local(t, nil)
	for _, host := range []string{"127.0.0.2", "localhost.localdomain.", "[::1]", "[::ffff:127.0.0.2]", "[::ffff:7f00:2]", "[64:ff9b::7f00:2]",
		"[2002:7f00:2::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0", "[::]", "[fd00:ec2::254]", "100.64.0.1", "[fe80::1%25lo]"} {
		_, err := c.Get(t.Context(), Request{URL: "http://" + host + ":8080/"})
		if e, ok := errors.AsType[*Error](err); !ok || e.Kind != Refused && e.Kind != Unreachable {
			t.Errorf("%s: %v", host, err)
		}
		if strings.Contains(host, ".") && !strings.Contains(host, "local") {
			fails(t, c, Request{URL: "http://" + host + ":8080/"}, Refused)
		}
	}
}

func TestARedirectInwardsIsRefused(t *testing.T) {
	for target, want := range map[string]Kind{
		"http://127.0.0.2/admin":                   Refused,
		"http://169.254.169.254/latest/meta-data/": Refused,
		"//[::1]:8080/":                            Refused,
		"http://[::ffff:169.254.169.254]/":         Refused,
		"file:///etc/passwd":                       BadAddress,
		"gopher://example.org/":                    BadAddress,
		"http://user:secret@example.org/":          BadAddress,
		"http://example.org:22/":                   BadAddress,
		"http://%zz/":                              Redirect,
		"":                                         Redirect,
	} {
		s := serve(t, redirectTo(target, http.StatusFound))
		e := fails(t, local(t, nil), Request{URL: s.URL}, want)
		if strings.Contains(e.Error(), "secret") {
			t.Errorf("the error tells the password: %v", e)
		}
	}
}

func TestAddressesThatCannotBeAskedFor(t *testing.T) {
	c := local(t, nil)
	for _, address := range []string{"", "example.org", "ftp://example.org/", "javascript:alert(1)", "http://", "http://a:b@example.org/",
		"http://example.org:25/", "http://example.org:0022/", "http://example.org:0/", "http://exa mple.org/", "http://[::1"} {
		fails(t, c, Request{URL: address}, BadAddress)
	}
}

// TestANameThatChangesItsMeaning is DNS rebinding: the first answer is allowed, the
// second leads inwards.
func TestANameThatChangesItsMeaning(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "hello")
	})
	var lookups atomic.Int32
	c := local(t, func(o *Options) {
		o.Resolver = fakeDNS(t, func(string) []netip.Addr {
			if lookups.Add(1) == 1 {
				return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("169.254.169.254")}
		})
	})
	address := Request{URL: "http://rebind.example.org:" + portOf(t, s) + "/"}
	if got := string(gets(t, c, address).Body); got != "hello" {
		t.Fatalf("the first answer is %q", got)
	}
	fails(t, c, address, Refused)
}

func TestOfANamesAddressesThePublicIsUsed(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })
	c := local(t, func(o *Options) {
		o.Resolver = fakeDNS(t, func(string) []netip.Addr {
			return []netip.Addr{netip.MustParseAddr("127.0.0.3"), netip.MustParseAddr("127.0.0.1")}
		})
	})
	gets(t, c, Request{URL: "http://two.example.org:" + portOf(t, s) + "/"})
}

func portOf(t *testing.T, s *httptest.Server) string {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}

// fakeDNS is a resolver whose server answers questions for A with lookup.
func fakeDNS(t *testing.T, lookup func(name string) []netip.Addr) *net.Resolver {
	t.Helper()
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go answerDNS(server, lookup) // ends with the connection
		return client, nil
	}}
}

// answerDNS speaks DNS over a stream: each message behind its length in two bytes.
func answerDNS(conn net.Conn, lookup func(name string) []netip.Addr) {
	defer conn.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		packed := make([]byte, int(size[0])<<8|int(size[1]))
		if _, err := io.ReadFull(conn, packed); err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(packed); err != nil {
			return
		}
		m.Response, m.Additionals = true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			for _, addr := range lookup(q.Name.String()) {
				m.Answers = append(m.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: addr.As4()},
				})
			}
		}
		reply, err := m.Pack()
		if err != nil {
			return
		}
		if _, err := conn.Write(append([]byte{byte(len(reply) >> 8), byte(len(reply))}, reply...)); err != nil {
			return
		}
	}
}

func compress(t *testing.T, encoding string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "flate":
		var err error
		if w, err = flate.NewWriter(&b, flate.BestCompression); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCompressedBodies(t *testing.T) {
	text := strings.Repeat("the talks go on. ", 1000)
	for _, tc := range []struct {
		header string
		body   []byte
		want   string // empty: an error of that kind
		kind   Kind
	}{
		{"", []byte(text), text, 0},
		{"identity", []byte(text), text, 0},
		{"gzip", compress(t, "gzip", []byte(text)), text, 0},
		{"X-GZIP", compress(t, "gzip", []byte(text)), text, 0},
		{"deflate", compress(t, "zlib", []byte(text)), text, 0},
		{"deflate", compress(t, "flate", []byte(text)), text, 0},
		{"gzip", []byte(text), "", Encoding},
		{"gzip", compress(t, "gzip", []byte(text))[:40], "", Unreachable}, // cut off
		{"br", []byte(text), "", Encoding},
		{"gzip, gzip", compress(t, "gzip", compress(t, "gzip", []byte(text))), "", Encoding},
		{"gzip", compress(t, "gzip", make([]byte, 5<<20)), "", TooLarge},  // under the limit, but a bomb
		{"gzip", compress(t, "gzip", make([]byte, 40<<20)), "", TooLarge}, // over it
		{"deflate", compress(t, "flate", make([]byte, 40<<20)), "", TooLarge},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if tc.header != "" {
				w.Header().Set("Content-Encoding", tc.header)
			}
			_, _ = w.Write(tc.body) // the client may have seen enough
		})
		if tc.want == "" {
			fails(t, local(t, nil), Request{URL: s.URL}, tc.kind)
			continue
		}
		if got := string(gets(t, local(t, nil), Request{URL: s.URL}).Body); got != tc.want {
			t.Errorf("%s: %d bytes, want %d", tc.header, len(got), len(tc.want))
		}
	}
}

func TestBodiesThatLieAboutTheirLength(t *testing.T) {
	for name, tc := range map[string]struct {
		answer string // what is sent over the connection
		kind   Kind
	}{
		"shorter than said":  {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Unreachable},
		"says too much":      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", TooLarge},
		"says nonsense":      {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", Unreachable},
		"two lengths":        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello", Unreachable},
		"goes on for ever":   {"HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 2<<20), TooLarge},
		"bad chunks":         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello", Unreachable},
		"headers for ever":   {"HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Fill: "+strings.Repeat("x", 1000)+"\r\n", 200) + "\r\n", Unreachable},
		"no HTTP":            {"220 mail.example.org ESMTP\r\n", Unreachable},
		"closes at once":     {"", Unreachable},
		"informs, then ends": {"HTTP/1.1 103 Early Hints\r\n\r\n", Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(conn, tc.answer) // the client may have seen enough
				conn.Close()
			})
			fails(t, local(t, func(o *Options) { o.MaxBytes = 1 << 20 }), Request{URL: s.URL}, tc.kind)
		})
	}
}

// TestSlowServers are those that never answer, drip headers and drip a body.
func TestSlowServers(t *testing.T) {
	for name, first := range map[string]string{
		"says nothing":   "",
		"drips a header": "HTTP/1.1 200 OK\r\nX-Slow: ",
		"drips a body":   "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				_, err = io.WriteString(conn, first)
				for err == nil && first != "" { // until the client gives up
					time.Sleep(5 * time.Millisecond)
					_, err = io.WriteString(conn, "x")
				}
				_, _ = io.Copy(io.Discard, conn)
			})
			fails(t, local(t, func(o *Options) { o.Timeout = 50 * time.Millisecond }), Request{URL: s.URL}, Timeout)
		})
	}
}

func TestTheCallersCancellationIsItsOwn(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel(enough)
		<-r.Context().Done()
	})
	if _, err := local(t, nil).Get(ctx, Request{URL: s.URL}); !errors.Is(err, enough) {
		t.Errorf("the error is %v", err)
	}
}

func TestRedirects(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		next := map[string]struct {
			to     string
			status int
		}{
			"/old": {"/older", 301}, "/older": {"/new", 308}, "/move-then-detour": {"/detour", 301}, "/detour": {"/new#part", 302},
			"/detour-then-move": {"/old", 307}, "/loop": {"/loop2", 302}, "/loop2": {"/loop", 302}, "/self": {"/self", 301},
		}
		if n, ok := next[r.URL.Path]; ok {
			redirectTo(n.to, n.status)(w, r)
			return
		}
		if r.URL.Path == "/endless" {
			redirectTo("/endless?"+r.URL.RawQuery+"x", 302)(w, r)
			return
		}
		fmt.Fprint(w, "here")
	})
	for path, want := range map[string]struct{ moved, url string }{
		"/new":              {"", "/new"},
		"/old":              {"/new", "/new"},
		"/detour":           {"", "/new"},
		"/move-then-detour": {"/detour", "/new"},
		"/detour-then-move": {"", "/new"},
	} {
		resp := gets(t, local(t, nil), Request{URL: s.URL + path})
		moved := strings.TrimPrefix(resp.Moved, s.URL)
		if moved != want.moved || resp.URL != s.URL+want.url || string(resp.Body) != "here" {
			t.Errorf("%s moved to %q and answered at %q", path, moved, resp.URL)
		}
	}
	for _, path := range []string{"/loop", "/self", "/endless"} {
		fails(t, local(t, nil), Request{URL: s.URL + path}, Redirect)
	}
}

func TestConditionalRequests(t *testing.T) {
	const modified = "Fri, 14 Feb 2025 09:30:00 GMT"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v2"`)
		w.Header().Set("Content-Type", "text/xml; charset=koi8-r")
		if r.URL.Path == "/always304" || r.Header.Get("If-None-Match") == `"v2"` || r.Header.Get("If-Modified-Since") == modified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Last-Modified", modified)
		fmt.Fprint(w, "news")
	})
	c := local(t, nil)
	first := gets(t, c, Request{URL: s.URL, ETag: `"v1"`})
	if first.NotModified || first.ETag != `"v2"` || first.LastModified != modified || first.ContentType != "text/xml; charset=koi8-r" {
		t.Errorf("the first answer is %+v", first)
	}
	again := gets(t, c, Request{URL: s.URL, ETag: first.ETag, LastModified: first.LastModified})
	if !again.NotModified || again.Body != nil || again.ETag != `"v2"` || again.LastModified != modified {
		t.Errorf("the second answer is %+v", again)
	}
	fails(t, c, Request{URL: s.URL + "/always304"}, Status) // not asked for
}

func TestStatuses(t *testing.T) {
	now := time.Date(2025, 2, 14, 9, 30, 0, 0, time.UTC)
	for _, tc := range []struct {
		status int
		header string
		kind   Kind
		after  time.Duration
	}{
		{410, "", Gone, 0},
		{404, "", Status, 0},
		{429, "120", Status, 2 * time.Minute},
		{429, "Fri, 14 Feb 2025 10:30:00 GMT", Status, time.Hour},
		{503, "Fri, 14 Feb 2025 08:00:00 GMT", Status, 0}, // past
		{503, "999999999", Status, 30 * 24 * time.Hour},
		{500, "soon", Status, 0},
		{204, "", Status, 0},
		{206, "", Status, 0},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", tc.header)
			w.WriteHeader(tc.status)
		})
		e := fails(t, local(t, func(o *Options) { o.Now = func() time.Time { return now } }), Request{URL: s.URL + "/feed?key=secret"}, tc.kind)
		if e.Status != tc.status || e.RetryAfter != tc.after || strings.Contains(e.Error(), "secret") {
			t.Errorf("%d with %q: %v, Retry-After %v", tc.status, tc.header, e, e.RetryAfter)
		}
	}
}

func TestErrorsOfTheConnectionTellNoSecrets(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	address := s.URL
	s.Close()
	e := fails(t, local(t, nil), Request{URL: address + "/feed?key=secret"}, Unreachable)
	if strings.Contains(e.Error(), "secret") || !strings.Contains(e.Error(), "/feed?…") {
		t.Errorf("the error is %v", e)
	}
}

func TestNothingIsRememberedOfAServer(t *testing.T) {
	var cookies []string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header.Get("Cookie")+r.Header.Get("Referer")+r.Header.Get("Authorization"))
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
		if r.URL.Path == "/" {
			redirectTo("/next", 302)(w, r)
		}
	})
	gets(t, local(t, nil), Request{URL: s.URL})
	if !slices.Equal(cookies, []string{"", ""}) {
		t.Errorf("the server was told %q", cookies)
	}
}

func TestAnErrorSaysWhatToDo(t *testing.T) {
	for want, e := range map[string]*Error{
		"check the address, and whether":    {Kind: Unreachable, Err: fmt.Errorf("dial: %w", &net.DNSError{Err: "no such host", IsNotFound: true})},
		"tried again later":                 {Kind: Unreachable, Err: &net.DNSError{Err: "server misbehaving", IsTemporary: true}},
		"; check the address":               {Kind: Status, Status: http.StatusNotFound},
		"wait, the server is too busy":      {Kind: Status, Status: http.StatusServiceUnavailable},
		"which may pass":                    {Kind: Status, Status: http.StatusBadGateway},
		"not to everybody":                  {Kind: Status, Status: http.StatusPaymentRequired},
		"look at the address in a browser":  {Kind: Status, Status: http.StatusTeapot},
		"withdrawn it for good":             {Kind: Gone, Status: http.StatusGone},
		"asks to wait 1m0s; wait, the serv": {Kind: Status, Status: http.StatusTooManyRequests, RetryAfter: time.Minute},
	} {
		if have := e.Error(); !strings.Contains(have, want) {
			t.Errorf("%q does not say %q", have, want)
		}
	}
}
