package wording

// Refusal is an error that a user may read: what was asked cannot be done, and what to
// do instead.
type Refusal struct{ text Text }

// Refuse is the refusal in a phrase with its places filled.
func Refuse(key Key, places Data) Refusal {
	return RefuseText(func(l Language) string { return l.Fill(key, places) })
}

// RefuseText is the refusal in a text that depends on the language by more than a phrase.
func RefuseText(text Text) Refusal { return Refusal{text} }

// Error is the refusal in English.
func (r Refusal) Error() string { return r.In(English) }

// In is the refusal in the language nearest to a BCP 47 tag.
func (r Refusal) In(language string) string { return r.text(In(language)) }
