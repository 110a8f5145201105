// Package argument reads the arguments of commands: it defines which values an option
// proposes and accepts, and reads a typed line into options. It does not know the commands.
package argument

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/bot/wording"
)

// Option is an argument of a command. Required ones come before the others.
type Option struct {
	Name     string      // 1 to 32 lower-case ASCII letters and digits
	About    wording.Key // the description, 1 to 100 characters
	Type     Type
	Required bool
	Internal bool     // given by buttons; platforms need not offer it
	Untyped  bool     // not read from a typed line either
	Choices  []Choice // all the values that there are; empty: any value of the type
	// Complete proposes values while one is typed, with names in a language; nil: it has
	// nothing to propose. An option has Choices or Complete, not both.
	Complete func(l wording.Language, typed string) []Choice
	// Resolve reads a value in any of its spellings and returns the one that stands for
	// it, or a wording.Refusal; nil: values stand as they are. Of a typed line such an
	// option takes as many words as it can read, wherever they stand.
	Resolve func(value string) (string, error)
	// ResolveOne is Resolve for one value of an option that takes a list; nil: it takes
	// none. By what it reads, a typed word goes to this option or to another one.
	ResolveOne func(value string) (string, error)
	// Rest takes all that is left of a typed line. Only one option may; others of the
	// command stand before it as "name:value".
	Rest bool
	Max  int // the longest value in characters; 0 means 200
}

type Type uint8

// The types of options.
const (
	Text Type = iota
	Integer
	Boolean // "true" or "false"
	// Channel is a channel of the chat, as the platform names it in a request. A platform
	// offers it only where it sees to it that the user can see the channel; it cannot be
	// typed.
	Channel
)

// Choice is a value that an option proposes.
type Choice struct{ Name, Value string }

// MaxChoices is the most proposals that Discord shows while a value is typed.
const MaxChoices = 25

const (
	maxValue = 200 // characters
	maxEcho  = 40  // characters of a user's word that a reply repeats
)

// Describe is the description in the language nearest to a BCP 47 tag.
func (o Option) Describe(language string) string { return wording.In(language).Say(o.About) }

// Describe is the name of one of an option's Choices in the language nearest to a BCP 47 tag.
func (c Choice) Describe(language string) string {
	if name, ok := wording.In(language).Lookup("choice", c.Value); ok {
		return name
	}
	return c.Name
}

// Languages are the choices of a language of the interface, after otherwise, where that is not empty.
func Languages(otherwise string) (choices []Choice) {
	for _, value := range slices.Concat([]string{otherwise}, wording.Languages()) {
		if value != "" {
			choices = append(choices, Choice{Choice{Value: value}.Describe(wording.English), value})
		}
	}
	return choices
}

// check returns a value in its canonical form. It refuses what the option does not take.
func (o Option) check(value string) (string, error) {
	limit := o.Max
	if limit == 0 {
		limit = maxValue
	}
	if n := utf8.RuneCountInString(value); n > limit {
		return "", wording.Refuse("long_argument", wording.Data{"Option": o.Name, "Characters": n, "Most": limit})
	}
	places := wording.Data{"Option": o.Name, "Typed": Echo(value)}
	switch {
	case value == "":
		return "", nil
	case o.Type == Integer:
		if _, err := strconv.Atoi(value); err != nil {
			return "", wording.Refuse("no_number", places)
		}
	case o.Type == Boolean:
		switch strings.ToLower(value) {
		case "true", "t", "1", "yes", "on", "так":
			return "true", nil
		case "false", "f", "0", "no", "off", "ні":
			return "false", nil
		}
		return "", wording.Refuse("no_boolean", places)
	}
	switch {
	case o.Resolve != nil:
		return o.Resolve(value)
	case len(o.Choices) == 0:
		return value, nil
	}
	for _, c := range o.Choices {
		called := func(tag string) bool { return strings.EqualFold(c.Describe(tag), value) }
		if strings.EqualFold(c.Value, value) || slices.ContainsFunc(wording.Languages(), called) {
			return c.Value, nil
		}
	}
	return "", wording.RefuseText(func(l wording.Language) string {
		names := make([]string, len(o.Choices))
		for i, c := range o.Choices {
			names[i] = c.Describe(l.Tag())
		}
		return l.Fill("no_choice", wording.Data{"Option": o.Name, "Choices": strings.Join(names, ", ")})
	})
}

// Echo cuts what a user typed to a length that a refusal may repeat.
func Echo(typed string) string { return Shorten(typed, maxEcho) }

// Shorten cuts a text to at most so many characters, and an ellipsis.
func Shorten(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
