// Package fetch gets foreign addresses over HTTP. It does not let them reach into the network
// that Parley runs in, or exhaust Parley, and it is no nuisance to those who serve them.
//
// Where a connection goes is judged when it is made, on the address that is connected
// to: after the name was resolved, and again for every redirect. A name that means
// another address the second time, or a server that points inwards, gains nothing.
package fetch

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/corpus/weburl"
)

// Options configure a Client; the zero value of each field but Log is a default.
type Options struct {
	Log *slog.Logger
	Now func() time.Time // time.Now
	// UserAgent names Parley to servers; robots.txt is read by the product in front of the "/".
	UserAgent string
	// MaxBytes is the size of the largest body, decompressed; 10 MB.
	MaxBytes int64
	// Timeout is for one request, from its connection to the end of its body; 30 s.
	// Waiting for the host's turn does not count.
	Timeout time.Duration
	// MaxRedirects are followed of one address; 5.
	MaxRedirects int
	// Interval is between the starts of two requests to one host, 1 s, and PerHost the
	// number of requests to it at one time, 1.
	Interval time.Duration
	PerHost  int
	// AllowPrivate are addresses that may be connected to although they are not public.
	AllowPrivate []netip.Prefix
	// Resolver finds the addresses of names; net.DefaultResolver.
	Resolver *net.Resolver
}

const (
	maxHeaderBytes = 64 << 10
	maxHosts       = 4096 // whose turns and robots.txt are kept
)

// Client gets addresses. It is safe for use by several goroutines.
type Client struct {
	opts      Options
	transport *http.Transport
	hosts     *lru.Cache[string, *host]
	robots    *lru.Cache[string, siteRules]
}

// Request is an address to get.
type Request struct {
	URL string
	// ETag and LastModified are those of the response that is already known; the server
	// is asked for a newer one.
	ETag, LastModified string
	// Page says that the address was found, not given by whoever runs Parley or by a feed
	// made for readers: it is left alone where robots.txt says so.
	Page bool
}

// Response is the answer of an address, behind all redirects.
type Response struct {
	URL string // that answered, behind all redirects
	// Moved is where the address has moved for good; empty if it has not. It may differ
	// from URL, to which a temporary redirect may lead from there.
	Moved       string
	NotModified bool // what is known is still right; there is no Body
	Body        []byte
	Header      http.Header
	ContentType string
	// ETag and LastModified are for the next Request.
	ETag, LastModified string
}

// New makes a client, to be closed by whoever made it.
func New(o Options) (*Client, error) {
	if o.Log == nil {
		return nil, errors.New("fetch.New: there is no logger")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.UserAgent = cmp.Or(o.UserAgent, "Parley/1")
	o.MaxBytes = cmp.Or(o.MaxBytes, 10<<20)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.MaxRedirects = cmp.Or(o.MaxRedirects, 5)
	o.Interval = cmp.Or(o.Interval, time.Second)
	o.PerHost = cmp.Or(o.PerHost, 1)
	hosts, err := lru.New[string, *host](maxHosts)
	if err != nil {
		return nil, err
	}
	sites, err := lru.New[string, siteRules](maxHosts)
	if err != nil {
		return nil, err
	}
	guard := guard{allowed: o.AllowPrivate}
	dialer := &net.Dialer{Timeout: o.Timeout, Resolver: o.Resolver, ControlContext: guard.control}
	return &Client{opts: o, hosts: hosts, robots: sites, transport: &http.Transport{
		Proxy:                  nil, // whatever the environment says: a proxy would connect for us, unguarded
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // readBody counts what comes out of it
		TLSHandshakeTimeout:    o.Timeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    o.PerHost,
		IdleConnTimeout:        time.Minute,
	}}, nil
}

// Close ends the connections that are kept open.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Get gets an address. Every error is an *Error, but for that of ctx.
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	u, err := checkedURL(r.URL)
	if err != nil {
		return Response{}, err
	}
	moved, permanent := "", true
	seen := map[string]bool{}
	for range c.opts.MaxRedirects + 1 {
		seen[u.String()] = true
		if r.Page {
			if err := c.obey(ctx, u); err != nil {
				return Response{}, err
			}
		}
		resp, err := c.ask(ctx, u, r)
		if err != nil {
			return Response{}, err
		}
		if resp.next == nil {
			resp.Moved = moved
			return resp.Response, nil
		}
		if seen[resp.next.String()] {
			return Response{}, &Error{Kind: Redirect, URL: weburl.RedactedURL(u),
				Err: errors.New("the redirects go round in a circle")}
		}
		u = resp.next
		if permanent = permanent && resp.permanent; permanent {
			moved = u.String()
		}
	}
	return Response{}, &Error{Kind: Redirect, URL: weburl.RedactedURL(u), Err: errors.New("there are too many redirects")}
}

// answer is that of one server.
type answer struct {
	Response
	next      *url.URL // where it redirects to; nil if it does not
	permanent bool     // the redirect is for good
}

// ask sends one request when its host's turn has come, and reads the answer.
func (c *Client) ask(ctx context.Context, u *url.URL, r Request) (answer, error) {
	done, err := c.host(u).turn(ctx)
	if err != nil {
		return answer{}, err
	}
	defer done()
	deadline, cancel := context.WithTimeoutCause(ctx, c.opts.Timeout, errTimeout)
	defer cancel()
	begin := c.opts.Now()
	v, err := c.exchange(deadline, u, r)
	if ctx.Err() != nil { // the caller gave up, not the server
		return answer{}, context.Cause(ctx)
	}
	c.opts.Log.DebugContext(ctx, "fetched", "url", weburl.RedactedURL(u), "bytes", len(v.Body), "took",
		c.opts.Now().Sub(begin), "error", err)
	return v, err
}

var errTimeout = errors.New("no whole answer in time")

func (c *Client) exchange(ctx context.Context, u *url.URL, r Request) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, &Error{Kind: BadAddress, URL: weburl.RedactedURL(u), Err: err}
	}
	req.Header.Set("User-Agent", c.opts.UserAgent)
	req.Header.Set("Accept-Encoding", "gzip, deflate")
	req.Header.Set("Accept", accept)
	setIf(req.Header, "If-None-Match", r.ETag)
	setIf(req.Header, "If-Modified-Since", r.LastModified)
	resp, err := c.transport.RoundTrip(req) // not a http.Client: redirects are ours
	if err != nil {
		return answer{}, failure(ctx, u, err)
	}
	defer resp.Body.Close()
	v, err := c.read(u, r, resp)
	if err != nil {
		return answer{}, failure(ctx, u, err)
	}
	return v, nil
}

// accept prefers what can be read and takes what there is.
const accept = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, " +
	"application/xhtml+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"

func setIf(h http.Header, key, value string) {
	if value != "" {
		h.Set(key, value)
	}
}

// read reads a response by its status.
func (c *Client) read(u *url.URL, r Request, resp *http.Response) (answer, error) {
	v := answer{Response: Response{
		URL: u.String(), Header: resp.Header, ContentType: resp.Header.Get("Content-Type"),
		ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"),
	}}
	switch resp.StatusCode {
	case http.StatusOK:
		var err error
		v.Body, err = readBody(resp, c.opts.MaxBytes)
		return v, err
	case http.StatusNotModified:
		if r.ETag == "" && r.LastModified == "" {
			break
		}
		v.NotModified = true
		v.ETag, v.LastModified = cmp.Or(v.ETag, r.ETag), cmp.Or(v.LastModified, r.LastModified)
		return v, nil
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
		v.permanent = true
		fallthrough
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
		var err error
		v.next, err = redirectTarget(u, resp.Header.Get("Location"))
		return v, err
	}
	// what little follows is read, so that the connection can be used again
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
	e := &Error{Kind: Status, Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"),
		c.opts.Now())}
	if resp.StatusCode == http.StatusGone {
		e.Kind = Gone
	}
	return answer{}, e
}

// checkedURL is an address that may be asked for.
func checkedURL(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		var inner *url.Error // which repeats the address, and what secrets it may hold
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, &Error{Kind: BadAddress, Err: err}
	}
	if err := checkURL(u); err != nil {
		return nil, err
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// checkURL refuses what is no plain address of the web. A port below 1024 that is not
// the web's belongs to a service that a page must not make us talk to.
func checkURL(u *url.URL) error {
	bad := func(why string) error {
		return &Error{Kind: BadAddress, URL: weburl.RedactedURL(u), Err: errors.New(why)}
	}
	port, err := strconv.Atoi(cmp.Or(u.Port(), "443"))
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("its scheme is neither http nor https")
	case u.User != nil:
		return bad("it holds a name or a password")
	case u.Hostname() == "":
		return bad("it has no host")
	case err != nil, port < 1024 && port != 80 && port != 443:
		return bad("its port is one of another service than the web")
	}
	return nil
}

func redirectTarget(from *url.URL, location string) (*url.URL, error) {
	if location == "" {
		return nil, &Error{Kind: Redirect, Err: errors.New("a redirect says nowhere to go")}
	}
	to, err := from.Parse(location)
	if err != nil {
		return nil, &Error{Kind: Redirect, Err: errors.New("a redirect leads to what is no address")}
	}
	to.Fragment, to.RawFragment = "", ""
	return to, checkURL(to)
}
