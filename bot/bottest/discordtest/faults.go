package discordtest

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// send lets the request take effect and sends the answer.
func (x *Exchange) send() { x.write(x.answer()) }

func (x *Exchange) write(r reply) {
	x.d.mu.Lock()
	x.c.record.Status = r.status
	x.d.notify()
	x.d.mu.Unlock()
	r.write(x.w)
}

// Fail makes requests fail from now on. Where several faults are due for a request, the
// one set first happens.
func (d *Server) Fail(f Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f.First = max(f.First, 1)
	if f.Count == 0 {
		f.Count = 1
	}
	d.faults = append(d.faults, &scheduledFault{Fault: f})
}

// dueFault counts a request and returns what is due for it, nil if nothing is.
func (d *Server) dueFault(c *call) (due Failure) {
	for _, f := range d.faults {
		if f.Route != "" && f.Route != c.route.String() {
			continue
		}
		f.seen++
		late := f.seen - f.First
		if due == nil && late >= 0 && (f.Count < 0 || late < f.Count) {
			due = f.How
		}
	}
	return due
}

// FailStatus answers with a status and no more, without taking effect.
func FailStatus(status int) Failure {
	return func(x *Exchange) {
		x.write(reply{status: status, body: fmt.Appendf(nil, `{"message": "%d: %s", "code": 0}`, status, http.StatusText(status))})
	}
}

// FailBody answers with a status and a body of JSON, without taking effect.
func FailBody(status int, body string) Failure {
	return func(x *Exchange) { x.write(reply{status: status, body: []byte(body)}) }
}

// FailHTML answers with a page instead of JSON, as the proxies before Discord do.
func FailHTML(status int) Failure {
	return func(x *Exchange) { x.write(htmlPage(status)) }
}

func htmlPage(status int) reply {
	return reply{
		status: status,
		header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}},
		body:   fmt.Appendf(nil, "<!DOCTYPE html>\n<html><head><title>%d %s</title></head></html>\n", status, http.StatusText(status)),
	}
}

// FailStored lets the request take effect, then fails.
func FailStored(then Failure) Failure {
	return func(x *Exchange) {
		x.answer()
		then(x)
	}
}

// FailTruncated lets the request take effect and cuts the answer's JSON in half.
func FailTruncated() Failure {
	return func(x *Exchange) {
		r := x.answer()
		r.body = r.body[:len(r.body)/2]
		x.write(r)
	}
}

// FailEmpty lets the request take effect and answers 200 with no body.
func FailEmpty() Failure {
	return func(x *Exchange) {
		x.answer()
		x.write(reply{status: http.StatusOK})
	}
}

// FailHang never answers: it ends when the bot gives up or the fake is closed.
func FailHang() Failure {
	return func(x *Exchange) {
		select {
		case <-x.Context().Done():
		case <-x.d.done.Done():
		}
		panic(http.ErrAbortHandler)
	}
}

// FailSlow answers properly when released is closed.
func FailSlow(released <-chan struct{}) Failure {
	return func(x *Exchange) {
		select {
		case <-released:
			x.send()
		case <-x.Context().Done():
			panic(http.ErrAbortHandler)
		case <-x.d.done.Done():
			panic(http.ErrAbortHandler)
		}
	}
}

// FailReset cuts the connection (RST) without an answer.
func FailReset() Failure {
	return func(x *Exchange) {
		conn, _, err := http.NewResponseController(x.w).Hijack()
		if err != nil {
			panic("fake: " + err.Error())
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // the close below sends RST
		}
		_ = conn.Close()
	}
}

// FailLimited answers 429, and goes on to refuse the route's bucket, or everything where
// the scope is global, until the time is over. Requests sent meanwhile are violations.
func FailLimited(l RateLimit) Failure {
	return func(x *Exchange) {
		x.d.mu.Lock()
		x.d.limits.block(x.c, block{l, x.d.now().Add(l.After), x.d.admitted})
		rep := l.reply(x.c, l.After)
		x.d.mu.Unlock()
		x.write(rep)
	}
}

// reply is the 429 with so much of its time left.
func (l RateLimit) reply(c *call, left time.Duration) reply {
	seconds := strconv.FormatFloat(left.Seconds(), 'f', 3, 64)
	header := http.Header{}
	header.Set("Retry-After", strconv.Itoa(int(left.Round(time.Second).Seconds())))
	if l.HTML {
		r := htmlPage(http.StatusTooManyRequests)
		r.header.Set("Retry-After", header.Get("Retry-After"))
		return r
	}
	header.Set("X-RateLimit-Scope", l.Scope)
	if l.Scope == "global" {
		header.Set("X-RateLimit-Global", "true")
	} else {
		header.Set("X-RateLimit-Bucket", bucketHash(c.route.String()))
		header.Set("X-RateLimit-Limit", "5")
		header.Set("X-RateLimit-Remaining", "0")
	}
	var body bytes.Buffer
	body.WriteString(`{"message": "You are being rate limited.", `)
	if l.Bare {
		header.Del("Retry-After")
	} else {
		header.Set("X-RateLimit-Reset-After", seconds)
		header.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(c.at.Add(left).UnixMilli())/1000, 'f', 3, 64))
		fmt.Fprintf(&body, `"retry_after": %s, `, seconds)
	}
	fmt.Fprintf(&body, `"global": %t}`, l.Scope == "global")
	return reply{status: http.StatusTooManyRequests, header: header, body: body.Bytes()}
}
