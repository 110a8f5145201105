package bot

import "time"

// Reason says why a slot is in its state, in whatever language it is read: one of the
// constants Reason…, with what it names. The zero value says nothing.
type Reason struct {
	Key string `json:"key,omitempty"` // empty: Text alone
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
func (r Reason) String() string { return r.In(english) }

// In is the reason in the language nearest to a BCP 47 tag.
func (r Reason) In(language string) string { return speak(language).reason(r) }

func (w words) reason(r Reason) string {
	if r.Key == "" {
		return r.Text
	}
	places := data{
		"Text": r.Text, "Sent": r.Sent, "Parts": r.Parts, "Late": w.duration(r.Late), "Most": w.duration(r.Most),
		"Progress": w.say(sayReasonProgress, data{"Sent": r.Sent, "Parts": r.Parts, "Unsure": r.Unsure}),
	}
	if r.Last != nil {
		places["Last"] = w.reason(*r.Last)
	}
	return w.say(phrase(r.Key), places)
}

// duration is a duration to the minute: "3h0m".
func (w words) duration(d time.Duration) string {
	return w.say(sayDuration, data{"Hours": int(d / time.Hour), "Minutes": int(d % time.Hour / time.Minute)})
}
