package telegram

import (
	"fmt"
	"strconv"
	"strings"
)

// Target is a place to send to.
type Target struct {
	Chat  int64
	Topic int64 // of a forum; 0 for none, and for General
}

// String is "telegram/-1001234/56", or without a topic "telegram/-1001234".
func (t Target) String() string {
	if t.Topic == 0 {
		return chatKey(t.Chat)
	}
	return fmt.Sprintf("%s/%d", chatKey(t.Chat), t.Topic)
}

// ParseTarget reads what String writes.
func ParseTarget(s string) (t Target, err error) {
	rest, ok := strings.CutPrefix(s, platform)
	chat, topic, inTopic := strings.Cut(rest, "/")
	t.Chat, err = strconv.ParseInt(chat, 10, 64)
	if err == nil && inTopic {
		t.Topic, err = strconv.ParseInt(topic, 10, 64)
	}
	if !ok || err != nil || t.Chat == 0 || t.Topic < 0 || t.String() != s {
		return Target{}, fmt.Errorf("%q is no place on Telegram", s)
	}
	return t, nil
}
