package outbox

import (
	"fmt"
	"strconv"
	"strings"

	"parley/bot"
	"parley/bot/telegram/api"
)

// Platform is how the core names Telegram, before the id of a chat or user.
const Platform = "telegram/"

// ChatKey names a chat as bot.Request.Chat does.
func ChatKey(id int64) string { return Platform + strconv.FormatInt(id, 10) }

// GeneralTopic is the id of the topic that every forum has. It is never sent.
const GeneralTopic = 1

// Target is where a message goes.
type Target struct {
	Chat    int64
	Thread  int64 // topic of a forum; 0 for none, and for General
	ReplyTo int64 // message that is answered; 0 for none
}

// TargetOf reads a place: the chat "telegram/-1001234" and a topic "56", or none.
func TargetOf(p bot.Place) (to Target, err error) {
	chat, ok := strings.CutPrefix(p.Chat, Platform)
	to.Chat, err = strconv.ParseInt(chat, 10, 64)
	if err == nil && p.Channel != "" {
		to.Thread, err = strconv.ParseInt(p.Channel, 10, 64)
	}
	if to.Thread == GeneralTopic {
		to.Thread = 0
	}
	if !ok || err != nil || to.Chat == 0 || to.Thread < 0 {
		return Target{}, fmt.Errorf("%q is no place on Telegram", p.Key())
	}
	return to, nil
}

// Place is the place that TargetOf reads.
func (t Target) Place() bot.Place {
	p := bot.Place{Chat: ChatKey(t.Chat)}
	if t.Thread != 0 {
		p.Channel = strconv.FormatInt(t.Thread, 10)
	}
	return p
}

// IsShared reports whether it is a group or a channel; their ids are negative.
func (t Target) IsShared() bool { return t.Chat < 0 }

func (t Target) params() api.Params {
	p := api.Params{"chat_id": strconv.FormatInt(t.Chat, 10)}
	p.AddNonZero64("message_thread_id", t.Thread)
	if t.ReplyTo != 0 {
		p["reply_parameters"] = api.JSON(struct {
			Message       int64 `json:"message_id"`
			EvenIfMissing bool  `json:"allow_sending_without_reply"`
		}{t.ReplyTo, true})
	}
	return p
}
