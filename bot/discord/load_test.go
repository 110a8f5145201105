package discord

import (
	"context"
	"flag"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/bot"
	"parley/bot/bottest/discordtest"
)

var (
	load     = flag.Duration("load", 0, "how long to put load on the adapter; 0: a moment, as a check of the test")
	loadRate = flag.Int("load-rate", 200, "interactions a second")
)

// TestLoad sends interactions at a rate and measures how long each waits for its first
// answer on the clock of the fake. At full size:
//
//	go test ./bot/discord -run TestLoad -load 60s -v
func TestLoad(t *testing.T) {
	length, rate := *load, *loadRate
	if length == 0 {
		length, rate = time.Second, 20
	}
	w := begin(t, setup{
		fake:  discordtest.Options{Unchecked: true, Keep: 300},
		tweak: func(o *Options) { o.Log = slog.New(slog.DiscardHandler) },
		alone: true,
	})
	w.core.forgets = true // requests hold what they were made of, and would be what grows
	w.core.answer = func(context.Context, bot.Request) bot.Reply { return illustrated() }
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	var (
		mu     sync.Mutex
		waits  []time.Duration
		failed int
		wg     sync.WaitGroup
		before = heap()
		half   uint64
		n      = int(length.Seconds()) * rate
	)
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for i := range n {
		<-tick.C
		if i == n/2 && *load > 0 {
			half = heap()
		}
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			r, err := ann.Slash(ctx, ch, "ask", discordtest.Args{"question": "q"})
			mu.Lock()
			defer mu.Unlock()
			if waits = append(waits, r.After); err != nil {
				failed++
			}
		})
	}
	wg.Wait()
	after := heap()
	slices.Sort(waits)
	p99 := waits[len(waits)*99/100]
	t.Logf("%d interactions in %v: %d without an answer; first answer after p50 %v, p99 %v, at most %v; heap %d, %d, %d KiB",
		n, length, failed, waits[len(waits)/2], p99, waits[len(waits)-1], before>>10, half>>10, after>>10)
	if failed > 0 {
		t.Errorf("%d interactions without an answer", failed)
	}
	if *load > 0 && p99 > 500*time.Millisecond {
		t.Errorf("p99 is %v", p99)
	}
	if *load > 0 && after > half+32<<20 {
		t.Errorf("the heap grew from %d to %d MiB in the second half", half>>20, after>>20)
	}
}

// heap is what is in use after a collection, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
