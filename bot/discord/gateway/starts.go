package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot/backoff"
	"parley/bot/discord/rest"
)

// IdentifyEvery is the time that Discord wants between two sessions that start, with a
// little for what the network delays.
const IdentifyEvery = 5*time.Second + 200*time.Millisecond

// Info is Discord's recommendation of shards and its limit on starting sessions.
type Info struct {
	Shards int `json:"shards"` // the number that Discord recommends
	Limit  struct {
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"` // ms
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// FetchInfo asks Discord about the gateway.
func FetchInfo(ctx context.Context, c *rest.Client) (info Info, err error) {
	err = c.Do(ctx, rest.Call{Method: http.MethodGet, URL: discordgo.EndpointGatewayBot, Into: &info})
	return info, err
}

// sessionStarts paces the sessions that shards start: by Discord's max_concurrency, and by
// the number that a day allows, beyond which Discord resets the token.
type sessionStarts struct {
	client *rest.Client
	log    *slog.Logger
	now    func() time.Time
	every  time.Duration
	// slots hold for each rate limit key when its last session was started. Who starts one
	// has the slot meanwhile.
	slots []chan time.Time

	mu        sync.Mutex
	remaining int
	reset     time.Time
}

func newSessionStarts(o Options, info Info) *sessionStarts {
	s := &sessionStarts{client: o.Client, log: o.Log, now: o.Now, every: o.IdentifyEvery}
	for range max(info.Limit.MaxConcurrency, 1) {
		slot := make(chan time.Time, 1)
		slot <- time.Time{}
		s.slots = append(s.slots, slot)
	}
	s.learn(info)
	return s
}

func (s *sessionStarts) learn(info Info) {
	s.remaining = info.Limit.Remaining
	s.reset = s.now().Add(time.Duration(info.Limit.ResetAfter) * time.Millisecond)
}

// wait blocks until a shard may identify. The caller must call started when that is done.
func (s *sessionStarts) wait(ctx context.Context, shard int) (started func(), err error) {
	slot := s.slots[shard%len(s.slots)]
	select {
	case last := <-slot:
		err := backoff.Sleep(ctx, max(s.every-s.now().Sub(last), time.Nanosecond))
		if err == nil {
			err = s.spend(ctx)
		}
		if err != nil {
			slot <- last
			return nil, err
		}
		return func() { slot <- s.now() }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// spend takes one of the day's starts, or waits for the next day's.
func (s *sessionStarts) spend(ctx context.Context) error {
	for {
		s.mu.Lock()
		if s.remaining > 0 {
			s.remaining--
			s.mu.Unlock()
			return nil
		}
		left := s.reset.Sub(s.now())
		s.mu.Unlock()
		if left > 0 {
			s.log.Error("no gateway session may be started before the day's limit is reset", "wait", left)
			if err := backoff.Sleep(ctx, left); err != nil {
				return err
			}
		}
		info, err := FetchInfo(ctx, s.client)
		if err != nil {
			return fmt.Errorf("ask how many sessions may be started: %w", err)
		}
		s.mu.Lock()
		s.learn(info)
		s.mu.Unlock()
	}
}
