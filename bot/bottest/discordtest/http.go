package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/bot/bottest/discordtest/openapi"
)

// Request is a request that the bot made.
type Request struct {
	At     time.Time // on the clock of the fake
	Route  string    // method and path as the API's description writes it; the bare path if there is no such route
	Path   string    // below /api/v9
	Query  url.Values
	Body   json.RawMessage // the JSON, also of a form with files
	Files  []string        // names
	Status int             // 0 while it is being answered, and where a fault let none go out
}

// Requests are the requests to a route ("POST /channels/{channel_id}/messages"), oldest
// first; to all routes if it is empty.
func (d *Server) Requests(route string) []Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Request
	for _, r := range d.requests {
		if route == "" || r.Route == route {
			all = append(all, *r)
		}
	}
	return all
}

// AwaitRequests waits until a route was requested so many times, answered or not.
func (d *Server) AwaitRequests(ctx context.Context, route string, n int) error {
	return d.await(ctx, fmt.Sprintf("%d requests %s", n, route), func() bool {
		seen := 0
		for _, r := range d.requests {
			if r.Route == route {
				seen++
			}
		}
		return seen >= n
	})
}

// route is an operation of the API.
type route struct {
	method, path string // as in the description
	// open routes need no Authorization.
	open bool
	// exempt routes answer interactions: they do not count towards the global limit.
	exempt bool
	// status is that of success with a body; 0: 200. Success without a body is 204.
	status int
	// rules say what the description leaves out; nil: nothing.
	rules func(c *call, r report)
	serve func(d *Server, c *call) (any, error)
}

func (rt *route) String() string { return rt.method + " " + rt.path }

// call is a request while it is being answered.
type call struct {
	*http.Request
	route  *route
	at     time.Time
	order  int    // among all requests, from 1
	body   []byte // the JSON; nil if there was none
	files  []upload
	record *Request
}

// id is a snowflake of the path, 0 if it is none.
func (c *call) id(name string) ID {
	var id ID
	if id.UnmarshalText([]byte(c.PathValue(name))) != nil {
		return 0
	}
	return id
}

// decode reads the JSON body; the rules have seen to it that it can be read.
func (c *call) decode(v any) error {
	if err := json.Unmarshal(c.body, v); err != nil {
		return invalidForm(openapi.Problem{Code: "BASE_TYPE_INVALID", Text: err.Error()})
	}
	return nil
}

// reply is an answer on its way out.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) write(w http.ResponseWriter) {
	for k, v := range r.header {
		w.Header()[k] = v
	}
	if len(r.body) > 0 && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // the bot may be gone; what it missed is its business
}

// routes is everything that the API offers.
func (d *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range slices.Concat(
		applicationRoutes, messageRoutes, threadRoutes, commandRoutes, interactionRoutes,
	) {
		mux.HandleFunc(rt.String(), func(w http.ResponseWriter, r *http.Request) { d.serve(rt, w, r) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		d.serve(&route{method: r.Method, path: r.URL.Path, serve: noRoute}, w, r)
	})
	return mux
}

func noRoute(d *Server, c *call) (any, error) {
	d.violate("%s: the fake has no such route", c.route)
	return nil, errNotFound
}

// serve answers a request, with the fault that is due for it, if one is.
func (d *Server) serve(rt *route, w http.ResponseWriter, r *http.Request) {
	c := &call{Request: r, route: rt}
	unreadable := c.read(w)
	fault := d.admit(c)
	x := &Exchange{Request: r, d: d, w: w, c: c, answer: func() reply { return d.answer(c, unreadable) }}
	if fault == nil {
		fault = Failure((*Exchange).send)
	}
	fault(x)
}

// admit records a request and picks the fault that is due.
func (d *Server) admit(c *call) Failure {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.admitted++
	c.at, c.order = d.now(), d.admitted
	c.record = &Request{At: c.at, Route: c.route.String(), Path: c.URL.Path, Query: c.URL.Query(), Body: c.body}
	for _, f := range c.files {
		c.record.Files = append(c.record.Files, f.name)
	}
	d.requests, _ = newest(append(d.requests, c.record), d.opts.Keep)
	d.notify()
	return d.dueFault(c)
}

// answer lets a request take effect. Limits come before everything else, as on Discord.
func (d *Server) answer(c *call, unreadable error) reply {
	d.mu.Lock()
	defer d.mu.Unlock()
	limited, header := d.limit(c)
	if limited != nil {
		return *limited
	}
	rep := d.respond(c, unreadable)
	rep.header = header
	d.notify()
	return rep
}

// respond checks and serves a request.
func (d *Server) respond(c *call, unreadable error) reply {
	body, err := any(nil), d.authorize(c)
	if err == nil && unreadable != nil {
		err = unreadable
		d.violate("%s: %v", c.route, err)
	}
	if err == nil {
		err = d.inspect(c)
	}
	if err == nil {
		body, err = c.route.serve(d, c)
	}
	if err != nil {
		return d.refusal(c, err)
	}
	if body == nil {
		return d.checked(c, reply{status: http.StatusNoContent})
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("fake: %s: %v", c.route, err))
	}
	return d.checked(c, reply{status: max(c.route.status, http.StatusOK), body: raw})
}

func (d *Server) refusal(c *call, err error) reply {
	refused := asAPIError(err)
	if refused.status == http.StatusUnauthorized && !c.route.open {
		d.unauthorized = d.admitted
	}
	raw, err := json.Marshal(refused)
	if err != nil {
		panic(fmt.Sprintf("fake: %s: %v", c.route, err))
	}
	return d.checked(c, reply{status: refused.status, body: raw})
}

// authorize checks the token. A bot whose token was refused has nothing more to say.
func (d *Server) authorize(c *call) error {
	if c.route.open {
		return nil
	}
	if d.unauthorized > 0 && c.order > d.unauthorized {
		d.violate("%s: sent after a 401", c.route)
	}
	if c.Header.Get("Authorization") != "Bot "+d.opts.Token {
		return errUnauthorized
	}
	return nil
}

// inspect holds a request against the description and the rules. Problems that Discord
// minds are answered; all are violations.
func (d *Server) inspect(c *call) error {
	problems := d.problems(c)
	for _, p := range problems {
		d.violate("%s: %s", c.route, p)
	}
	problems = slices.DeleteFunc(problems, func(p openapi.Problem) bool { return p.Code == "" })
	if len(problems) > 0 {
		return invalidForm(problems...)
	}
	return nil
}

// checked notes what the description finds wrong with an answer of the fake.
func (d *Server) checked(c *call, rep reply) reply {
	if d.contract == nil || !d.contract.Has(c.route.method, c.route.path) {
		return rep
	}
	var value any
	if len(rep.body) > 0 {
		value = decodeJSON(rep.body)
	}
	for _, p := range d.contract.Response(c.route.method, c.route.path, rep.status, value) {
		d.violate("fake: %s answered %d: %s", c.route, rep.status, p)
	}
	return rep
}

// bucket is what a route's rate limit counts by: the route, and the channel, guild or
// webhook of the path.
func (c *call) bucket() string {
	key := []string{c.route.String()}
	for _, major := range []string{"channel_id", "guild_id", "webhook_id", "webhook_token"} {
		key = append(key, c.PathValue(major))
	}
	return strings.Join(key, "|")
}
