package bot

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

const maxLimited = 10_000 // users whose pace is known

// Limiter limits how many commands each user may have handled. It knows the pace of the
// ten thousand users seen last; one forgotten begins with a whole burst again.
type Limiter struct {
	every rate.Limit
	burst int
	now   func() time.Time

	mu    sync.Mutex // a user is added once
	users *lru.Cache[string, *rate.Limiter]
}

// NewLimiter allows each user so many commands a minute, and burst at once, each at least 1.
func NewLimiter(perMinute, burst int, now func() time.Time) *Limiter {
	users, err := lru.New[string, *rate.Limiter](maxLimited)
	if err != nil {
		panic(err) // only for a size below 1, and ours is a constant
	}
	return &Limiter{every: rate.Limit(max(1, perMinute)) / 60, burst: max(1, burst), now: now, users: users}
}

// Allow reports whether the user may have another command handled now, and counts it.
func (l *Limiter) Allow(user string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	pace, ok := l.users.Get(user)
	if !ok {
		pace = rate.NewLimiter(l.every, l.burst)
		l.users.Add(user, pace)
	}
	return pace.AllowN(l.now(), 1)
}
