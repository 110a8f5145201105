package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"parley/bot/bottest/discordtest/gateway"
	"parley/bot/bottest/discordtest/openapi"
)

// New starts a fake; Close must be called.
func New(o Options) *Server {
	o.setDefaults()
	d := &Server{
		opts:     o,
		changed:  make(chan struct{}),
		users:    map[ID]*User{},
		guilds:   map[ID]*Guild{},
		channels: map[ID]*Channel{},
		actions:  map[string]*Interaction{},
		limits:   newLimits(),
	}
	d.done, d.stop = context.WithCancel(context.Background())
	if !o.Unchecked {
		var err error
		if d.contract, err = apiContract(); err != nil {
			panic("fake: " + err.Error())
		}
	}
	d.bot = d.addUser("Parley")
	d.bot.Bot = true
	d.appID = d.bot.ID
	d.Gateway = gateway.New(gateway.Host{
		Lock: &d.mu, Now: d.now, Changed: d.notify, Violate: d.violate, Await: d.await, URL: d.gatewayURL,
		NewID: func() string { return d.newID().String() }, Ready: d.ready,
	}, gateway.Options{
		Token: o.Token, Shards: o.Shards, MaxConcurrency: o.MaxConcurrency,
		IdentifyEvery: o.IdentifyEvery, IdentifyLimit: o.IdentifyLimit, Heartbeat: o.Heartbeat,
	})
	d.server = httptest.NewServer(d.handler())
	return d
}

// Close ends every connection and waits for all goroutines of the fake.
func (d *Server) Close() {
	d.stop()
	d.Gateway.Close()
	d.server.CloseClientConnections()
	d.server.Close()
}

// handler serves the REST API, the files and the gateway. Bots that use version 10 of
// the API are served as those that use 9.
func (d *Server) handler() http.Handler {
	api := d.routes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		switch {
		case websocket.IsWebSocketUpgrade(r):
			d.Gateway.ServeHTTP(w, r)
		case strings.HasPrefix(path, "/api/v9/"), strings.HasPrefix(path, "/api/v10/"):
			http.StripPrefix(path[:strings.Index(path[len("/api/"):], "/")+len("/api/")], api).ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
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

var applicationRoutes = []*route{
	{method: "GET", path: "/gateway", open: true, serve: (*Server).getGateway},
	{method: "GET", path: "/gateway/bot", serve: (*Server).getGatewayBot},
	{method: "GET", path: "/applications/@me", serve: (*Server).getApplication},
	{method: "GET", path: "/users/@me", serve: (*Server).getMe},
	{method: "GET", path: "/channels/{channel_id}", serve: (*Server).getChannel},
}

func (d *Server) getApplication(*call) (any, error) { return d.wireApplication(), nil }

func (d *Server) getMe(*call) (any, error) {
	o := d.bot.wire()
	o["mfa_enabled"], o["locale"], o["verified"], o["email"] = false, "en-US", true, nil
	return o, nil
}

func (d *Server) getGateway(*call) (any, error) { return jsonObject{"url": d.gatewayURL()}, nil }

func (d *Server) getGatewayBot(*call) (any, error) {
	return jsonObject{"url": d.gatewayURL(), "shards": d.opts.Shards, "session_start_limit": jsonObject{
		"total": d.opts.IdentifyLimit, "remaining": max(d.opts.IdentifyLimit-d.Identified(), 0),
		"reset_after": (24 * time.Hour).Milliseconds(), "max_concurrency": d.opts.MaxConcurrency,
	}}, nil
}
