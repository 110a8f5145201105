package gateway

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// wire is a guard on one end of a pipe whose other end a test writes to.
func wire(t *testing.T) (*guard, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	g, err := newGuard(near, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return g, far
}

const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

// textFrame is a short text frame.
func textFrame(s string) string { return string([]byte{0x81, byte(len(s))}) + s }

const (
	hello      = `{"op":10,"d":{"heartbeat_interval":41250}}`
	readyFrame = `{"op":0,"t":"READY","d":{}}`
)

func TestWithoutAHelloTheConnectionEndsAfterThirtySeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, far := wire(t)
		start := time.Now()
		go io.WriteString(far, upgrade)
		_, err := io.ReadAll(g)
		e := g.ending()
		if err == nil || time.Since(start) != handshakeTime || !e.resumable || e.ready || !strings.Contains(e.cause.Error(), "READY") {
			t.Errorf("after %v: %v, %+v", time.Since(start), err, e)
		}
	})
}

func TestTheBotMayStopWhileTheHandshakeIsRead(t *testing.T) {
	g, far := wire(t)
	var wg sync.WaitGroup
	wg.Go(func() { io.WriteString(far, upgrade[:40]) })
	wg.Go(func() { io.ReadAll(g) })
	time.Sleep(10 * time.Millisecond)
	g.end(ending{cause: net.ErrClosed})
	wg.Wait()
	if e := g.ending(); e.status != 101 || !errors.Is(e.cause, net.ErrClosed) {
		t.Errorf("ended with %+v", e)
	}
}

func TestAConnectionLivesAsLongAsItsHeartbeatsAreAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, far := wire(t)
		start := time.Now()
		var gateway sync.WaitGroup
		gateway.Go(func() {
			io.WriteString(far, upgrade+textFrame(hello)+textFrame(readyFrame))
			for range 10 {
				time.Sleep(40 * time.Second)
				io.WriteString(far, textFrame(`{"op":11}`))
			}
			for range 100 { // events alone do not keep it alive
				time.Sleep(time.Second)
				io.WriteString(far, textFrame(`{"op":0,"t":"X","d":{}}`))
			}
		})
		_, _ = io.ReadAll(g)
		defer gateway.Wait()
		e := g.ending()
		if want := 400*time.Second + 90750*time.Millisecond; time.Since(start) != want || !e.resumable || !e.ready {
			t.Errorf("ended after %v, not %v: %+v", time.Since(start), want, e)
		}
	})
}

func TestTheWebsocketLibraryCannotTakeTheDeadlineBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, _ := wire(t)
		_ = g.SetDeadline(time.Time{})
		_ = g.SetReadDeadline(time.Time{})
		start := time.Now()
		if _, err := g.Read(make([]byte, 1)); err == nil || time.Since(start) != handshakeTime {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestTheGuardHandsOnOnlyWhatIsHarmless(t *testing.T) {
	g, far := wire(t)
	long := `{"op":0,"t":"X","d":{"long":"` + strings.Repeat("x", 300) + `"}}`
	longFrame := string([]byte{0x81, 126, byte(len(long) >> 8), byte(len(long))}) + long
	harmless := upgrade + textFrame(hello) + textFrame(readyFrame) + longFrame + textFrame(`{"op":11}`) + "\x89\x00"
	go func() {
		io.WriteString(far, upgrade+textFrame(`{"op":11}`)+textFrame(hello)+textFrame("null")+textFrame(readyFrame)+
			textFrame(hello)+longFrame+textFrame(`{"op":0,"t":"X","d":null}`)+textFrame(`{"op":11}`)+"\x89\x00"+"\x88\x02\x0f\xae")
	}()
	got, err := io.ReadAll(g)
	if string(got) != harmless || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("handed on %q, %v", got, err)
	}
	if e := g.ending(); e.code != 4014 || e.resumable {
		t.Errorf("ended with %+v", e)
	}
	if n, err := g.Write([]byte("late")); n != 4 || err != nil {
		t.Errorf("a late write: %d, %v", n, err)
	}
}

func FuzzGuard(f *testing.F) {
	f.Add([]byte(textFrame(hello) + textFrame(readyFrame)))
	f.Add([]byte("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\x01\x00\x80\x00"))
	f.Fuzz(func(t *testing.T, frames []byte) {
		near, far := net.Pipe()
		g, err := newGuard(near, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		written := make(chan struct{})
		go func() {
			defer close(written)
			_, _ = far.Write(append([]byte(upgrade), frames...))
			far.Close()
		}()
		if _, err := io.ReadAll(g); err == nil {
			t.Error("it ended without an error")
		}
		if g.ending().cause == nil {
			t.Error("it ended without a cause")
		}
		<-written
	})
}
