package bot

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/index"
)

// session is what a conversation remembers of the question before: of passages
// references, not texts, so that ten thousand conversations stay small.
type session struct {
	plan *index.Plan
	// questions are the last ones, the one that plan is of last.
	questions []string
	shown     []shown
	at        time.Time
}

// sessions forgets a conversation after a while, and the longest unused one when
// there are too many. The library's own expiring cache is not used because it
// starts a goroutine that nothing can stop and reads its own clock.
type sessions struct {
	cache *lru.Cache[string, session]
	age   time.Duration
}

func newSessions(size int, age time.Duration) *sessions {
	cache, err := lru.New[string, session](size)
	if err != nil {
		panic(err) // only for a size below 1, and ours is a constant
	}
	return &sessions{cache, age}
}

// get returns an empty session for an unknown or forgotten conversation.
func (s *sessions) get(conversation string, now time.Time) session {
	found, ok := s.cache.Get(conversation)
	if !ok || now.Sub(found.at) > s.age {
		return session{}
	}
	return found
}

// forget forgets a conversation.
func (s *sessions) forget(conversation string) { s.cache.Remove(conversation) }

// update changes what a conversation remembers.
func (s *sessions) update(conversation string, now time.Time, change func(*session)) {
	if conversation == "" {
		return
	}
	is := s.get(conversation, now)
	change(&is)
	is.at = now
	s.cache.Add(conversation, is)
}

// show notes what a reply shows. Where it shows nothing what was shown last still
// stands in the chat, and "/source 2" still means it.
func (s *session) show(refs []shown) {
	if len(refs) > 0 {
		s.shown = refs
	}
}
