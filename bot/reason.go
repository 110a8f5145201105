package bot

import (
	"time"

	"parley/bot/wording"
)

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

// Verbatim is a reason in somebody's own words.
func Verbatim(text string) Reason { return Reason{Text: text} }

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
