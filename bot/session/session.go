// Package session remembers what was asked and shown in a conversation, so that "and
// Russia?" and "/source 2" can refer to it. Of passages it keeps references, not texts:
// ten thousand conversations stay small. Nothing outlives the process.
package session

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/corpus"
	"parley/index"
)

// Session holds what follow-ups in a conversation refer to.
type Session struct {
	Plan      *index.Plan // of the last question; nil: none
	Questions []string    // the last ones, the one that Plan is of last
	Shown     []Ref       // what the last reply with passages showed, by their numbers from 1
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

// NewMemory holds at most size sessions, at least 1, each for age after its last update.
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

// Ref refers to a document or, where Passage is set, to a passage of it.
type Ref struct {
	Document, Passage string      // ids
	Revision          int         // of the text, from 1; 0 without a passage
	Key               corpus.Span // the sentence marked in the passage; empty: none
}

// To refers to a passage of a document, in the revision of the source.
func To(src corpus.Source, passage string, key corpus.Span) Ref {
	return Ref{Document: src.ID, Passage: passage, Revision: Revision(src), Key: key}
}

// Revision is that of a source's text, from 1.
func Revision(src corpus.Source) int { return max(1, src.Revision) }

// String is what Parse reads: "F016", "F016#0", "F016#0~2" in the second revision or,
// with the key sentence, "F016#0@12-80".
func (r Ref) String() string {
	if r.Passage == "" {
		return r.Document
	}
	text := r.Passage
	if r.Revision > 1 {
		text += fmt.Sprintf("~%d", r.Revision)
	}
	if r.Key.Len() > 0 {
		text += fmt.Sprintf("@%d-%d", r.Key.Start, r.Key.End)
	}
	return text
}

// passageRef is a passage, with or without a revision and a key sentence.
var passageRef = regexp.MustCompile(`^((.+)#\d{1,9})(?:~(\d{1,9}))?(?:@(\d{1,9})-(\d{1,9}))?$`)

// Parse reads what String writes; what is no passage is a document.
func Parse(text string) Ref {
	m := passageRef.FindStringSubmatch(text)
	if m == nil {
		return Ref{Document: text}
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(m[i]) // nine digits are a number, and none are 0
		return n
	}
	return Ref{
		Document: m[2], Passage: m[1], Revision: max(1, number(3)),
		Key: corpus.Span{Start: number(4), End: number(5)},
	}
}
