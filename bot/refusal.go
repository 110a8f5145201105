package bot

// Refusal is an error that a user may read: what was asked cannot be done, and what to
// do instead.
type Refusal struct {
	phrase phrase
	data   data
}

// Error is the refusal in English.
func (r Refusal) Error() string { return r.In(english) }

// In is the refusal in the language nearest to a BCP 47 tag.
func (r Refusal) In(language string) string { return speak(language).say(r.phrase, r.data) }

func refuse(p phrase, d data) Refusal { return Refusal{p, d} }
