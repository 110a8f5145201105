// Package session remembers what was asked and shown in a conversation, so that "and
// Russia?" and "/source 2" can refer to it. Of passages it keeps references, not texts:
// ten thousand conversations stay small. Nothing outlives the process.
package session

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/index"
)

// Session holds what follow-ups in a conversation refer to.
type Session struct {
	Plan *index.Plan // of the last question; nil: none
	// Questions are the last ones, the one that Plan is of last.
	Questions []string
	Shown     []Ref // what the last reply with passages showed, by their numbers from 1
	at        time.Time
}

// Show notes what a reply shows. Where it shows nothing, what was shown last still stands
// in the chat, and "/source 2" still means it.
func (s *Session) Show(refs []Ref) {
	if len(refs) > 0 {
		s.Shown = refs
	}
}

// Memory holds the sessions of conversations. It forgets a conversation after a while, and
// the longest unused one when there are too many. It is safe for concurrent use.
//
// The library's own expiring cache is not used because it starts a goroutine that nothing
// can stop, and reads its own clock.
type Memory struct {
	cache *lru.Cache[string, Session]
	age   time.Duration
}

// NewMemory holds at most size sessions, at least 1, each until it has not been updated
// for longer than age.
func NewMemory(size int, age time.Duration) *Memory {
	cache, err := lru.New[string, Session](size)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Memory{cache, age}
}

// Get returns an empty session for an unknown or forgotten conversation.
func (m *Memory) Get(conversation string, now time.Time) Session {
	found, ok := m.cache.Get(conversation)
	if !ok || now.Sub(found.at) > m.age {
		return Session{}
	}
	return found
}

// Forget forgets a conversation.
func (m *Memory) Forget(conversation string) { m.cache.Remove(conversation) }

// Update changes what a conversation remembers; an empty conversation remembers nothing.
func (m *Memory) Update(conversation string, now time.Time, change func(*Session)) {
	if conversation == "" {
		return
	}
	s := m.Get(conversation, now)
	change(&s)
	s.at = now
	m.cache.Add(conversation, s)
}
