package bot

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTheLimiterAllowsABurstAndThenAPace(t *testing.T) {
	clock := time.Date(2026, 5, 9, 12, 0, 0, 0, time.UTC)
	l := NewLimiter(6, 3, func() time.Time { return clock })
	for i, want := range []bool{true, true, true, false} {
		if got := l.Allow("a"); got != want {
			t.Errorf("command %d: %t", i+1, got)
		}
	}
	if !l.Allow("b") {
		t.Error("another user waits for the first")
	}
	for _, step := range []struct {
		after time.Duration
		want  bool
	}{{9 * time.Second, false}, {time.Second, true}, {9 * time.Second, false}, {time.Hour, true}} {
		clock = clock.Add(step.after)
		if got := l.Allow("a"); got != step.want {
			t.Errorf("after %v: %t", step.after, got)
		}
	}
}

func TestTheLimiterForgetsWhoCameLongBefore(t *testing.T) {
	l := NewLimiter(0, 0, func() time.Time { return time.Time{} })
	l.Allow("first")
	for i := range maxLimited {
		l.Allow(strconv.Itoa(i))
	}
	if n := l.users.Len(); n != maxLimited {
		t.Errorf("%d users are known", n)
	}
	if !l.Allow("first") || l.Allow("first") {
		t.Error("who was forgotten does not begin again with a burst of one")
	}
}

func TestTheLimiterCountsExactlyWhenAllAskAtOnce(t *testing.T) {
	l := NewLimiter(1, 5, func() time.Time { return time.Time{}.Add(time.Hour) })
	var allowed atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if l.Allow("a") {
				allowed.Add(1)
			}
		})
	}
	all.Wait()
	if n := allowed.Load(); n != 5 {
		t.Errorf("%d of 50 were allowed", n)
	}
}
