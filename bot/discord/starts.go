package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// startEvery is the time between two IDENTIFY of the same rate limit key, with a little
// for the way.
const startEvery = 5*time.Second + 200*time.Millisecond

// gatewayInfo is what Discord says of the gateway and of starting sessions on it.
type gatewayInfo struct {
	Shards int `json:"shards"`
	Limit  struct {
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"` // ms
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

func (a api) gatewayInfo(ctx context.Context) (info gatewayInfo, err error) {
	err = a.do(ctx, call{method: http.MethodGet, url: discordgo.EndpointGatewayBot, into: &info})
	return info, err
}

// starts paces the sessions that shards start: by Discord's max_concurrency, and by the
// number that a day allows, beyond which Discord resets the token.
type starts struct {
	api   api
	log   *slog.Logger
	now   func() time.Time
	every time.Duration
	// slots hold for each rate limit key when its last session was started; who starts one
	// has the slot meanwhile.
	slots []chan time.Time

	mu        sync.Mutex
	remaining int
	reset     time.Time
}

func newStarts(a api, log *slog.Logger, now func() time.Time, every time.Duration, info gatewayInfo) *starts {
	s := &starts{api: a, log: log, now: now, every: every}
	for range max(info.Limit.MaxConcurrency, 1) {
		slot := make(chan time.Time, 1)
		slot <- time.Time{}
		s.slots = append(s.slots, slot)
	}
	s.learn(info)
	return s
}

func (s *starts) learn(info gatewayInfo) {
	s.remaining = info.Limit.Remaining
	s.reset = s.now().Add(time.Duration(info.Limit.ResetAfter) * time.Millisecond)
}

// wait waits for a shard's turn to IDENTIFY; started must be called when that is done.
func (s *starts) wait(ctx context.Context, shard int) (started func(), err error) {
	slot := s.slots[shard%len(s.slots)]
	select {
	case last := <-slot:
		err := sleep(ctx, max(s.every-s.now().Sub(last), time.Nanosecond))
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
func (s *starts) spend(ctx context.Context) error {
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
			if err := sleep(ctx, left); err != nil {
				return err
			}
		}
		info, err := s.api.gatewayInfo(ctx)
		if err != nil {
			return fmt.Errorf("ask how many sessions may be started: %w", err)
		}
		s.mu.Lock()
		s.learn(info)
		s.mu.Unlock()
	}
}

// advice is what to do about the close codes after which a bot must not come back.
var advice = map[int]string{
	4004: "the gateway does not accept the bot's token: set the one that Discord's Developer Portal shows under Bot",
	4010: "the gateway refuses the shard: check shards and shard_count, which must be the same for all processes",
	4011: "the bot is in too many servers for so few shards: set shard_count to auto or a higher number",
	4012: "the gateway does not know the version of its API that this program uses: update Parley",
	4013: "the gateway refuses the intents that this program asks for: update Parley",
	4014: "the gateway refuses an intent: it is privileged and not switched on in Discord's Developer Portal under Bot",
}

func isFatal(code int) bool { return advice[code] != "" }

// fatal is the error of an ending after which coming back is no use, nil for all others.
// A gateway that refuses the very first connection is taken for a wrong address.
func fatal(e ending, everReady bool) error {
	switch {
	case isFatal(e.code):
		return fmt.Errorf("%s (close code %d)", advice[e.code], e.code)
	case errors.Is(e.cause, errUnauthorized):
		return errUnauthorized
	case !everReady && errors.Is(e.cause, websocket.ErrBadHandshake) && e.status/100 == 4 && e.status != http.StatusTooManyRequests:
		return fmt.Errorf("the gateway refuses the connection with HTTP %d: check api_url", e.status)
	}
	var refused *APIError
	if !everReady && errors.As(e.cause, &refused) && refused.Status/100 == 4 {
		return fmt.Errorf("the API refuses to name its gateway: %w: check api_url", refused)
	}
	return nil
}
