package bot

import (
	"strings"
	"time"

	"parley/corpus"
)

// Place is where in a chat something is posted or asked, in the words of Request.
type Place struct {
	// Chat is a server on Discord, a chat on Telegram, with the platform's name before it.
	Chat string
	// Channel is a channel, thread or forum on Discord, a topic on Telegram; empty where
	// the chat has but one place.
	Channel string
}

// Key names the place, over all platforms.
func (p Place) Key() string {
	if p.Channel == "" {
		return p.Chat
	}
	return p.Chat + "/" + p.Channel
}

// Platform is the name of the place's platform: "discord".
func (p Place) Platform() string {
	platform, _, _ := strings.Cut(p.Chat, "/")
	return platform
}

// Subscription is a wish for a digest: where, when and of what. Its zero values hold
// what the operator set as default, or everything.
type Subscription struct {
	ID string // 1 to 20 ASCII letters and digits, for good; the store makes it
	Place
	// Zone is an IANA time zone, At the time of day in it, in minutes from midnight, and
	// Days the days of the week; none: every day.
	Zone string
	At   int
	Days []time.Weekday
	// Topics and Actors are ids; none: all.
	Topics, Actors []string
	Language       string // of the interface's own words; empty: that of the chat
	// QuietDays asks for a line on days that brought nothing new; without it nothing is posted.
	QuietDays bool
	Paused    bool
	// By is the user who subscribed, and Since when.
	By    string
	Since time.Time
}

// SlotState is what became of a slot.
type SlotState string

// The states of a slot.
const (
	SlotDue     SlotState = "due"     // it is being composed or sent, or will be tried again
	SlotPosted  SlotState = "posted"  // all of it
	SlotQuiet   SlotState = "quiet"   // there was nothing new, and no line was asked for
	SlotSkipped SlotState = "skipped" // the time to post it in was over, or the chat was suspended or paused
	SlotFailed  SlotState = "failed"  // the platform refused it
	SlotUnknown SlotState = "unknown" // it may have been posted, and is not sent again
)

// Slot is one due digest: a subscription and a local date.
type Slot struct {
	Subscription string
	Place        Place              // where it is posted
	Date         corpus.PartialDate // a day
	Due          time.Time
	State        SlotState
	// Why explains the state; Parts are how many messages it has, Sent how many of them are
	// known to be posted.
	Why         Reason
	Parts, Sent int
	Done        time.Time // when it came into its last state
}
