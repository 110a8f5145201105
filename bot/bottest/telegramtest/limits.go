package telegramtest

import (
	"math"
	"slices"
	"strings"
	"time"

	"parley/bot/bottest/telegramtest/botapi"
)

// The rates of Options.Limits. A second is a little shorter here, so that the
// jitter between two clocks and a network is not held against the bot.
const (
	chatEvery   = 950 * time.Millisecond
	groupMax    = 20
	groupWindow = time.Minute
	totalMax    = 30
	totalWindow = chatEvery
)

// admit refuses what comes too soon: within the time that a 429 asked for, which is a
// violation, or over the rates. The caller holds mu.
func (t *Server) admit(method apiMethod, call *botapi.Call) error {
	// What sends and edits keeps still after a 429, without the typing action, which has a limit of its own.
	name, chat := strings.ToLower(call.Method), t.callChat(call)
	writes := strings.HasPrefix(name, "send") || strings.HasPrefix(name, "edit")
	if chat == 0 || !writes || name == "sendchataction" {
		return nil
	}
	now := t.clock.Now()
	for _, scope := range []int64{chat, 0} {
		if left := t.rates.until[scope].Sub(now); left > 0 {
			t.violate("%s: chat %d, %s before the end of a retry_after", call.Method, chat,
				left.Round(time.Millisecond))
			return botapi.TooManyRequests(ceilSeconds(left))
		}
	}
	if !method.sends || !t.options.Limits {
		return nil
	}
	if wait := t.rates.wait(chat, now); wait > 0 {
		t.hold(chat, wait)
		return botapi.TooManyRequests(ceilSeconds(wait))
	}
	t.rates.sent = append(t.rates.sent, sendRecord{chat, now})
	return nil
}

// wait is how long a message to the chat has to wait for the rates.
func (r *rateLimits) wait(chat int64, now time.Time) time.Duration {
	r.sent = slices.DeleteFunc(r.sent, func(s sendRecord) bool { return now.Sub(s.at) > groupWindow })
	wait := max(r.over(now, chatEvery, 1, chat), r.over(now, totalWindow, totalMax, 0))
	if chat < 0 { // groups and channels have negative ids
		wait = max(wait, r.over(now, groupWindow, groupMax, chat))
	}
	return wait
}

// over is how long to wait until fewer than limit messages, to the chat or with 0 to
// all, lie within the window.
func (r *rateLimits) over(now time.Time, window time.Duration, limit int, chat int64) time.Duration {
	var times []time.Time
	for _, s := range r.sent {
		if (chat == 0 || s.chat == chat) && now.Sub(s.at) < window {
			times = append(times, s.at)
		}
	}
	if len(times) < limit {
		return 0
	}
	return times[len(times)-limit].Add(window).Sub(now)
}

// hold remembers that a 429 was given for the chat, or with 0 for all.
func (t *Server) hold(chat int64, wait time.Duration) {
	until := t.clock.Now().Add(time.Duration(ceilSeconds(wait)) * time.Second)
	if until.After(t.rates.until[chat]) {
		t.rates.until[chat] = until
	}
}

// ceilSeconds are whole seconds, at least one, as retry_after gives them.
func ceilSeconds(d time.Duration) int { return max(int(math.Ceil(d.Seconds())), 1) }

// callChat is the id of the chat that a call concerns, 0 for none. A name that is not
// known yet has none either. The caller holds mu.
func (t *Server) callChat(call *botapi.Call) int64 {
	if chat := t.findChat(call.Text("chat_id")); chat != nil {
		return chat.peer.ID
	}
	return call.Integer("chat_id")
}

// ownFaults are parts of refusals that a bot without mistakes never gets.
var ownFaults = []string{
	"can't parse", "unsupported parse_mode", "must be non-empty", "text is empty", "text is too long", "BUTTON_", "PHOTO_INVALID",
	"is too big", "IMAGE_PROCESS_FAILED", "RESULT", "MESSAGE_EMPTY", "NEXT_OFFSET_INVALID", "BOT_COMMAND", "BOT_DESCRIPTION", "BOT_SHORT_DESCRIPTION",
	"invalid language code", "wrong parameter action", "reply markup is too long", "QUOTE_TEXT_INVALID", "unallowed characters",
	"identifier is not specified", "strings must be encoded",
}
