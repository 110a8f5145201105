package telegramtest

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/bot/bottest/telegramtest/botapi"
)

// Fail scripts a fault. Of several that fit a request the one scripted first has it.
func (t *Server) Fail(match Match, fault Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	match.Nth = max(match.Nth, 1)
	if match.Times == 0 {
		match.Times = 1
	}
	t.faults = append(t.faults, &faultRule{match: match, fault: fault})
}

// faultFor counts a request against every rule and gives the fault that hits it. The
// caller holds mu.
func (t *Server) faultFor(method string, chat int64) *Fault {
	var hit *Fault
	for _, rule := range t.faults {
		if rule.match.Method != "" && !strings.EqualFold(rule.match.Method, method) ||
			rule.match.Chat != 0 && rule.match.Chat != chat {
			continue
		}
		rule.seen++
		due := rule.seen >= rule.match.Nth && (rule.match.Times < 0 || rule.seen < rule.match.Nth+rule.match.Times)
		if due && hit == nil {
			hit = &rule.fault
		}
	}
	return hit
}

// AfterStoring lets the request take effect before the answer is spoilt: the client
// cannot know that it did.
func (f Fault) AfterStoring() Fault {
	f.store = true
	return f
}

// answer writes an answer and puts its status on record.
func (x exchange) answer(reply response) {
	x.t.finish(x.record, reply)
	reply.write(x.w)
}

// FailRetryAfter answers 429. What is sent to the chat before the seconds are over
// is refused in the same way, and is a violation.
func FailRetryAfter(seconds int) Fault {
	return Fault{serve: func(x exchange, _ response) {
		x.t.mu.Lock()
		if chat := x.t.callChat(x.call); chat != 0 {
			x.t.hold(chat, time.Duration(seconds)*time.Second)
		}
		x.t.mu.Unlock()
		x.answer(errorResponse(botapi.TooManyRequests(seconds)))
	}}
}

// FailRefused answers with an error of the Bot API, such as 403 and "Forbidden:
// user is deactivated".
func FailRefused(code int, description string) Fault {
	return Fault{serve: func(x exchange, _ response) {
		x.answer(errorResponse(botapi.NewError(code, description)))
	}}
}

// FailHTML answers with an HTML page, as a proxy does: 502 Bad Gateway and others.
func FailHTML(status int) Fault {
	return Fault{serve: func(x exchange, _ response) {
		page := fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head></html>\r\n", status, http.StatusText(status))
		x.answer(response{status: status, body: []byte(page), contentType: "text/html"})
	}}
}

// FailTruncated carries the request out and breaks its JSON answer off halfway.
func FailTruncated() Fault {
	return Fault{store: true, serve: func(x exchange, reply response) {
		reply.body = reply.body[:len(reply.body)/2]
		x.answer(reply)
	}}
}

// FailEmpty answers 200 with nothing.
func FailEmpty() Fault {
	return Fault{serve: func(x exchange, _ response) {
		x.answer(response{status: http.StatusOK})
	}}
}

// FailHang never answers; it ends with the connection, or with the fake.
func FailHang() Fault {
	return Fault{serve: func(x exchange, _ response) {
		select {
		case <-x.ctx.Done():
		case <-x.t.done:
		}
		panic(http.ErrAbortHandler)
	}}
}

// FailReset closes the connection without an answer.
func FailReset() Fault {
	return Fault{serve: func(exchange, response) { panic(http.ErrAbortHandler) }}
}
