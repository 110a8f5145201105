package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/bot/wording"
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

// SlotState is the state of a slot, from due to posted, skipped or failed.
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

// Reason says why a slot is in its state, in whatever language it is read: one of the
// constants Reason…, with what it names. The zero value says nothing.
type Reason struct {
	Key wording.Key `json:"key,omitempty"` // empty: Text alone
	// Text are words that are repeated as they are: what a platform said, or why posting is
	// suspended.
	Text string `json:"text,omitempty"`
	// Of Parts messages Sent are posted, and of Unsure it is not known.
	Sent   int `json:"sent,omitempty"`
	Unsure int `json:"unsure,omitempty"`
	Parts  int `json:"parts,omitempty"`
	// Late is how late it was, and Most how late it may be.
	Late time.Duration `json:"late,omitempty"`
	Most time.Duration `json:"most,omitempty"`
	// Last is why the last try came to nothing.
	Last *Reason `json:"last,omitempty"`
}

// String is the reason in English.
func (r Reason) String() string { return r.In(wording.English) }

// In is the reason in the language nearest to a BCP 47 tag.
func (r Reason) In(language string) string {
	return Presenter{Language: wording.In(language)}.reason(r)
}

func (p Presenter) reason(r Reason) string {
	if r.Key == "" {
		return r.Text
	}
	places := wording.Data{
		"Text": r.Text, "Sent": r.Sent, "Parts": r.Parts, "Late": p.duration(r.Late), "Most": p.duration(r.Most),
		"Progress": p.Fill("reason.progress", wording.Data{"Sent": r.Sent, "Parts": r.Parts, "Unsure": r.Unsure}),
	}
	if r.Last != nil {
		places["Last"] = p.reason(*r.Last)
	}
	return p.Fill(r.Key, places)
}

// duration is a duration to the minute: "3h0m".
func (p Presenter) duration(d time.Duration) string {
	return p.Fill("duration", wording.Data{"Hours": int(d / time.Hour), "Minutes": int(d % time.Hour / time.Minute)})
}

// The reasons of slots, with the fields that each needs.
const (
	ReasonPaused          wording.Key = "reason.paused"
	ReasonQuiet           wording.Key = "reason.quiet"
	ReasonNotRunning      wording.Key = "reason.not_running"
	ReasonNotMade         wording.Key = "reason.not_made"
	ReasonElsewhere       wording.Key = "reason.elsewhere"        // Text: the platform that it is not on
	ReasonLate            wording.Key = "reason.late"             // Late, Most
	ReasonOver            wording.Key = "reason.over"             // Last
	ReasonSuspended       wording.Key = "reason.suspended"        // Text
	ReasonRefusedMidway   wording.Key = "reason.refused_midway"   // Text and the counts
	ReasonSuspendedMidway wording.Key = "reason.suspended_midway" // Text and the counts
	ReasonOverMidway      wording.Key = "reason.over_midway"      // Last and the counts
	ReasonUnknown         wording.Key = "reason.unknown"          // the counts
)

// Suspension says why nothing is posted to a place of the bot's own accord.
type Suspension struct {
	Place  Place // without a channel: the whole chat
	Reason string
	Since  time.Time // to the second
}

// Suspensions tells where nothing is posted.
type Suspensions interface {
	// Suspensions returns the suspensions of a chat and of places in it.
	Suspensions(ctx context.Context, chat string) ([]Suspension, error)
}

// Rendered is a message of a reply as the platform's adapter sends it.
type Rendered struct {
	Content []byte
	// Blocks is how many blocks of the reply, from the first, are wholly shown once this
	// message and those before it are posted.
	Blocks int
}

// Post is a part of a reply on its way to a place, as the platform's adapter rendered it.
type Post struct {
	Place
	// Part is the message as the adapter sends it.
	Part []byte
	// Nonce names the part among all that were ever posted, in 1 to 25 ASCII characters.
	Nonce string
	// First is the id of the reply's first message; empty while there is none.
	First string
	// Owned reports whether a message of the chat is known to be another part. It is asked
	// where it is looked for what became of this one; nil: none is known to be.
	Owned func(ctx context.Context, message string) (bool, error)
	// Begin is called when nothing is left to wait for before the part goes out. Where it
	// fails nothing is sent.
	Begin func(ctx context.Context) error
}

// Outcome says whether a message that failed to be sent may have arrived.
type Outcome uint8

// The outcomes of a send that is an error.
const (
	// Rejected: it was not sent, and sending it again is no use.
	Rejected Outcome = iota + 1
	// Retry: it was certainly not sent, and may be later.
	Retry
	// Unknown: it may have been sent or not.
	Unknown
)

func (o Outcome) String() string {
	return [...]string{"none", "rejected", "retry", "unknown"}[min(o, Unknown)]
}

// SendError says that a message, or the rest of one, was not sent or may not have been.
type SendError struct {
	Outcome Outcome
	After   time.Duration // of Retry: not before; 0 if the platform named no time
	Err     error
}

func (e *SendError) Error() string { return fmt.Sprintf("%v: %v", e.Outcome, e.Err) }
func (e *SendError) Unwrap() error { return e.Err }

// suspended says where in the chat no digests are posted, and why.
func (b *Bot) suspended(ctx context.Context, p Presenter, req Request) (blocks []Block) {
	if b.suspensions == nil {
		return nil
	}
	all, err := b.suspensions.Suspensions(ctx, req.Chat)
	if err != nil {
		b.log.ErrorContext(ctx, "suspensions not read", "chat", req.Chat, "err", err)
		return nil
	}
	for _, s := range all {
		place := Run{Text: p.Say("this_chat")}
		if s.Place.Channel != "" {
			place.Text = s.Place.Channel
			if req.ChannelName != nil {
				place = req.ChannelName(s.Place.Channel)
			}
		}
		says := p.Fill("suspended", wording.Data{"Date": p.Day(s.Since), "Reason": s.Reason})
		blocks = append(blocks, Text{Line{place, {Text: ": " + says}}})
	}
	return blocks
}
