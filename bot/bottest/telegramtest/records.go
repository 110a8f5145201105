package telegramtest

import (
	"context"
	"encoding/json"

	"parley/bot/bottest/telegramtest/botapi"

	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Request is one request as it came, with the outcome.
type Request struct {
	Method string
	Params map[string]string // JSON-serialised values as text
	Files  map[string]botapi.Upload
	Chat   int64 // that it concerns; 0 is none
	At     time.Time
	Status int    // of the answer; 0 while there is none, or where there never was
	Err    string // the description of a refusal
}

// Requests are those of the methods so far, or with no method all, in order.
func (t *Server) Requests(methods ...string) []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []Request
	for _, r := range t.requests {
		if len(methods) == 0 || slices.ContainsFunc(methods, func(m string) bool { return strings.EqualFold(m, r.Method) }) {
			found = append(found, *r)
		}
	}
	return found
}

// AwaitRequests waits until the method has been answered n times, in whatever way.
func (t *Server) AwaitRequests(ctx context.Context, method string, n int) error {
	return t.await(ctx, fmt.Sprintf("%d requests of %s", n, method), func() bool {
		answered := 0
		for _, r := range t.requests {
			if strings.EqualFold(r.Method, method) && r.Status != 0 {
				answered++
			}
		}
		return answered >= n
	})
}

// Violations are what the bot did that it should not have, in order: requests that do
// not fit the description of the API or its rules, more messages than a retry_after
// allowed, wrong threads, two polls at once, the token in a log. Empty is good.
func (t *Server) Violations() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.violations)
}

// violate notes a violation. The caller holds mu.
func (t *Server) violate(format string, args ...any) {
	t.violations = append(t.violations, fmt.Sprintf(format, args...))
}

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

// finish puts the outcome of a request on record.
func (t *Server) finish(record *Request, reply response) {
	var refusal struct {
		Description string `json:"description"`
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	record.Status = reply.status
	if reply.status >= 300 && json.Unmarshal(reply.body, &refusal) == nil {
		record.Err = refusal.Description
	}
	t.notify()
}

// tail describes the last n requests, for whoever waited in vain.
func (t *Server) tail(n int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for _, r := range t.requests[max(len(t.requests)-n, 0):] {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %d %s", r.Method, r.Status, r.Err)))
	}
	return strings.Join(lines, "; ")
}

// checkResult and checkUpdate hold the fake itself against the description: what they
// find is a mistake of the fake's, or of the test that made it say so.

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

// checkUpdate is called with mu held.
func (t *Server) checkUpdate(kind string, raw json.RawMessage) {
	for _, problem := range t.spec.CheckType("Update", raw) {
		t.violate("the fake's own update with %s: %s", kind, problem)
	}
}
