package bottest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// TelegramMatch chooses requests. The zero value is every request.
type TelegramMatch struct {
	Method string // "" is every method
	Chat   int64  // 0 is every chat
	// Nth is the first that is hit of those that fit, from 1; 0 is 1.
	Nth int
	// Times is how many are hit from there on; 0 is 1, a negative number all.
	Times int
}

// TelegramFault spoils the answer to a request.
type TelegramFault struct {
	store bool // carry the request out first
	serve func(tgExchange, tgReply)
}

type tgFaultRule struct {
	match TelegramMatch
	fault TelegramFault
	seen  int
}

// tgExchange is a request that a fault has in its hands.
type tgExchange struct {
	t       *Telegram
	w       http.ResponseWriter
	ctx     context.Context // ends with the client's connection
	call    *tgCall
	record  *TelegramRequest
	respond func() tgReply
}

// Fail scripts a fault. Of several that fit a request the one scripted first has it.
func (t *Telegram) Fail(match TelegramMatch, fault TelegramFault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	match.Nth = max(match.Nth, 1)
	if match.Times == 0 {
		match.Times = 1
	}
	t.faults = append(t.faults, &tgFaultRule{match: match, fault: fault})
}

// faultFor counts a request against every rule and gives the fault that hits it. The
// caller holds mu.
func (t *Telegram) faultFor(method string, chat int64) *TelegramFault {
	var hit *TelegramFault
	for _, rule := range t.faults {
		if rule.match.Method != "" && !strings.EqualFold(rule.match.Method, method) || rule.match.Chat != 0 && rule.match.Chat != chat {
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
func (f TelegramFault) AfterStoring() TelegramFault {
	f.store = true
	return f
}

// apply answers a request with the fault.
func (f *TelegramFault) apply(x tgExchange) {
	var reply tgReply
	if f.store {
		reply = x.respond()
	}
	f.serve(x, reply)
}

// answer writes an answer and puts its status on record.
func (x tgExchange) answer(reply tgReply, contentType string) {
	x.t.finish(x.record, reply)
	x.w.Header().Set("Content-Type", contentType)
	x.w.WriteHeader(reply.status)
	_, _ = x.w.Write(reply.body) // a client that went away is no error of the fake's
}

// TelegramRetryAfter answers 429. What is sent to the chat before the seconds are over
// is refused in the same way, and is a violation.
func TelegramRetryAfter(seconds int) TelegramFault {
	return TelegramFault{serve: func(x tgExchange, _ tgReply) {
		x.t.mu.Lock()
		if chat := x.t.callChat(x.call); chat != 0 {
			x.t.hold(chat, time.Duration(seconds)*time.Second)
		}
		x.t.mu.Unlock()
		x.answer(tgFailure(tgTooMany(seconds)), "application/json")
	}}
}

// TelegramRefusal answers with an error of the Bot API, such as 403 and "Forbidden:
// user is deactivated".
func TelegramRefusal(code int, description string) TelegramFault {
	return TelegramFault{serve: func(x tgExchange, _ tgReply) {
		x.answer(tgFailure(tgErr(code, description)), "application/json")
	}}
}

// TelegramHTML answers with an HTML page, as a proxy does: 502 Bad Gateway and others.
func TelegramHTML(status int) TelegramFault {
	return TelegramFault{serve: func(x tgExchange, _ tgReply) {
		page := fmt.Sprintf("<html>\r\n<head><title>%d %s</title></head></html>\r\n", status, http.StatusText(status))
		x.answer(tgReply{status, []byte(page)}, "text/html")
	}}
}

// TelegramTruncated carries the request out and breaks its JSON answer off halfway.
func TelegramTruncated() TelegramFault {
	return TelegramFault{store: true, serve: func(x tgExchange, reply tgReply) {
		reply.body = reply.body[:len(reply.body)/2]
		x.answer(reply, "application/json")
	}}
}

// TelegramEmpty answers 200 with nothing.
func TelegramEmpty() TelegramFault {
	return TelegramFault{serve: func(x tgExchange, _ tgReply) {
		x.answer(tgReply{status: http.StatusOK}, "application/json")
	}}
}

// TelegramHang never answers; it ends with the connection, or with the fake.
func TelegramHang() TelegramFault {
	return TelegramFault{serve: func(x tgExchange, _ tgReply) {
		select {
		case <-x.ctx.Done():
		case <-x.t.done:
		}
		panic(http.ErrAbortHandler)
	}}
}

// TelegramSlow answers as usual once d has passed on the fake's clock: carried out
// then, or with AfterStoring at once.
func TelegramSlow(d time.Duration) TelegramFault {
	return TelegramFault{serve: func(x tgExchange, reply tgReply) {
		select {
		case <-x.t.clock.After(d):
		case <-x.ctx.Done():
			return
		case <-x.t.done:
			return
		}
		if reply.status == 0 {
			reply = x.respond()
		}
		x.answer(reply, "application/json")
	}}
}

// TelegramReset closes the connection without an answer.
func TelegramReset() TelegramFault {
	return TelegramFault{serve: func(tgExchange, tgReply) { panic(http.ErrAbortHandler) }}
}
