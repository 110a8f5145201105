package telegram

import (
	"fmt"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"parley/bot"
)

// target is where a message goes.
type target struct {
	chat    int64
	thread  int64 // topic of a forum; 0 for none, and for General
	replyTo int64 // message that is answered; 0 for none
}

// shared reports whether it is a group or a channel; their ids are negative.
func (t target) shared() bool { return t.chat < 0 }

func (t target) params() tgbotapi.Params {
	p := tgbotapi.Params{"chat_id": strconv.FormatInt(t.chat, 10)}
	p.AddNonZero64("message_thread_id", t.thread)
	if t.replyTo != 0 {
		p["reply_parameters"] = encode(replyParameters{t.replyTo, true})
	}
	return p
}

// targetOf reads a place: the chat "telegram/-1001234" and a topic "56", or none.
func targetOf(p bot.Place) (to target, err error) {
	chat, ok := strings.CutPrefix(p.Chat, platform)
	to.chat, err = strconv.ParseInt(chat, 10, 64)
	if err == nil && p.Channel != "" {
		to.thread, err = strconv.ParseInt(p.Channel, 10, 64)
	}
	if to.thread == generalTopic {
		to.thread = 0
	}
	if !ok || err != nil || to.chat == 0 || to.thread < 0 {
		return target{}, fmt.Errorf("%q is no place on Telegram", p.Key())
	}
	return to, nil
}

// place is what targetOf reads.
func (t target) place() bot.Place {
	p := bot.Place{Chat: chatKey(t.chat)}
	if t.thread != 0 {
		p.Channel = strconv.FormatInt(t.thread, 10)
	}
	return p
}
