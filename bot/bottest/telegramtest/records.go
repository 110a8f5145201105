package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

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

// Log is a writer for the logs of the bot under test. That the token stands in them
// is a violation.
func (t *Server) Log() io.Writer { return (*logWriter)(t) }

// Logged is all that was written to Log.
func (t *Server) Logged() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.log.String()
}

type logWriter Server

func (l *logWriter) Write(p []byte) (int, error) {
	t := (*Server)(l)
	t.mu.Lock()
	defer t.mu.Unlock()
	_, secret, _ := strings.Cut(t.options.Token, ":")
	if strings.Contains(string(p), secret) {
		t.violate("the log holds the token: %s", strings.ReplaceAll(strings.TrimSpace(string(p)), secret, "SECRET"))
	}
	return t.log.Write(p)
}
