package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/bot/bottest/telegramtest/botapi"
	"parley/bot/bottest/telegramtest/markup"
)

// New starts a fake; the caller must Close it.
func New(options Options) *Server {
	t := &Server{
		options:   options.withDefaults(),
		done:      make(chan struct{}),
		changed:   make(chan struct{}),
		people:    map[int64]*User{},
		chats:     map[int64]*Chat{},
		nextUser:  1001,
		nextChat:  1,
		callbacks: map[string]*Click{},
		queries:   map[string]*inlineQuery{},
		files:     map[string]*storedFile{},
		profile:   botProfile{menus: map[profileKey][]Command{}, texts: map[profileKey]string{}},
		updates:   updateQueue{nextID: 500000001, allowed: updateKinds},
		rates:     rateLimits{until: map[int64]time.Time{}},
	}
	t.clock, t.token = t.options.Clock, t.options.Token
	t.bot = markup.Person{ID: botID, IsBot: true, FirstName: "Parley", Username: t.options.Username}
	var err error
	if t.spec, err = botapi.Find(); err != nil {
		panic("telegramtest: " + err.Error())
	}
	t.server = httptest.NewServer(t)
	return t
}

// Close ends long polls, hanging answers and webhook deliveries, and waits for them.
func (t *Server) Close() {
	t.mu.Lock()
	select {
	case <-t.done:
		t.mu.Unlock()
		return
	default:
		close(t.done)
	}
	t.stopWebhook()
	t.mu.Unlock()
	t.running.Wait()
	t.server.Close()
}

// ServeHTTP answers as api.telegram.org does.
func (t *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") || !tokenForm.MatchString(token) || method == "" {
		errorResponse(botapi.NewError(http.StatusNotFound, "Not Found")).write(w)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, botapi.MaxBody)
	call, err := botapi.ReadCall(r, method)
	if err != nil {
		errorResponse(err).write(w)
		return
	}
	record, fault := t.begin(call)
	respond := func() response {
		reply := t.respond(r.Context(), token, call)
		t.finish(record, reply)
		return reply
	}
	if fault == nil {
		respond().write(w)
		return
	}
	var reply response
	if fault.store {
		reply = respond()
	}
	fault.serve(exchange{t: t, w: w, ctx: r.Context(), call: call, record: record}, reply)
}

var tokenForm = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{10,}$`)

// begin puts a request on record, holds it against the contract, and finds the fault
// that is scripted for it.
func (t *Server) begin(call *botapi.Call) (*Request, *Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	record := &Request{
		Method: call.Method, Params: call.Params(), Files: maps.Clone(call.Files),
		Chat: t.callChat(call), At: t.clock.Now(),
	}
	t.requests = append(t.requests, record)
	for _, problem := range slices.Concat(t.spec.CheckCall(call), checkRules(call)) {
		t.violate("%s: %s", call.Method, problem)
	}
	t.notify()
	return record, t.faultFor(call.Method, record.Chat)
}

// respond carries one call out.
func (t *Server) respond(ctx context.Context, token string, call *botapi.Call) response {
	result, err := t.dispatch(ctx, token, call)
	if err != nil {
		return errorResponse(err)
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return errorResponse(fmt.Errorf("encode the result of %s: %w", call.Method, err))
	}
	t.checkResult(call.Method, raw)
	note := ""
	if described, ok := result.(describedResult); ok {
		note = described.note
	}
	return okResponse(raw, note)
}

func (t *Server) dispatch(ctx context.Context, token string, call *botapi.Call) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if token != t.token {
		return nil, botapi.NewError(http.StatusUnauthorized, "Unauthorized")
	}
	call.Ctx = ctx
	result, err := t.carryOut(call)
	refusal, _ := errors.AsType[*botapi.Error](err)
	// HTML that was refused is a mistake of the bot's own, whatever the people do.
	if refusal != nil && slices.ContainsFunc(ownFaults, func(text string) bool {
		return strings.Contains(refusal.Description, text)
	}) {
		t.violate("%s: %s", call.Method, refusal.Description)
	}
	t.notify()
	return result, err
}

func (t *Server) carryOut(call *botapi.Call) (any, error) {
	method, known := apiMethods[strings.ToLower(call.Method)]
	if !known {
		if t.spec.Has(call.Method) {
			t.violate("%s: the fake does not model this method", call.Method)
		}
		return nil, botapi.NewError(http.StatusNotFound, "Not Found: method not found")
	}
	if err := call.UTF8(); err != nil {
		return nil, err
	}
	if err := t.admit(method, call); err != nil {
		return nil, err
	}
	return method.run(t, call)
}

// checkResult holds the fake itself against the description.
func (t *Server) checkResult(method string, raw json.RawMessage) {
	if strings.EqualFold(method, "getUpdates") {
		return // its updates were checked one by one, but for those meant to be wrong
	}
	problems := t.spec.CheckResult(method, raw)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, problem := range problems {
		t.violate("the fake's own answer to %s: %s", method, problem)
	}
}

// apiMethod is one entry of the table of methods. run is called with mu held;
// getUpdates alone lets go of it while it waits.
type apiMethod struct {
	run   func(*Server, *botapi.Call) (any, error)
	sends bool // counts towards the rate limits
}

// apiMethods is keyed by lower-case names: the real server takes any case.
var apiMethods map[string]apiMethod

func init() { // not a literal: the handlers reach the table through dispatch
	sendPhoto := func(t *Server, call *botapi.Call) (any, error) { return t.sendMedia(call, "photo") }
	sendDocument := func(t *Server, call *botapi.Call) (any, error) { return t.sendMedia(call, "document") }
	apiMethods = map[string]apiMethod{
		"getme":                 {run: (*Server).getMe},
		"getupdates":            {run: (*Server).getUpdates},
		"setwebhook":            {run: (*Server).setWebhook},
		"deletewebhook":         {run: (*Server).deleteWebhook},
		"sendmessage":           {run: (*Server).sendMessage, sends: true},
		"sendphoto":             {run: sendPhoto, sends: true},
		"senddocument":          {run: sendDocument, sends: true},
		"editmessagetext":       {run: (*Server).editMessageText},
		"answercallbackquery":   {run: (*Server).answerCallbackQuery},
		"answerinlinequery":     {run: (*Server).answerInlineQuery},
		"setmycommands":         {run: (*Server).setMyCommands},
		"setmydescription":      {run: textSetter(botDescription)},
		"setmyshortdescription": {run: textSetter(botShortDescription)},
		"getchatmember":         {run: (*Server).getChatMember},
	}
}

func (t *Server) getMe(*botapi.Call) (any, error) {
	return struct {
		markup.Person
		CanJoinGroups   bool `json:"can_join_groups"`
		CanReadAll      bool `json:"can_read_all_group_messages"`
		SupportsInline  bool `json:"supports_inline_queries"`
		CanConnect      bool `json:"can_connect_to_business"`
		HasMainWebApp   bool `json:"has_main_web_app"`
		HasTopicsInChat bool `json:"has_topics_enabled"`
	}{Person: t.bot, CanJoinGroups: true, CanReadAll: t.options.ReadsAll, SupportsInline: true}, nil
}
