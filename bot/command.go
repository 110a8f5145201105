package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Command is an entry of the table. Adapters translate it into what their platform
// registers; nothing about a command is said anywhere else.
type Command struct {
	Name        string // 1 to 32 lower-case ASCII letters and digits
	Description string // 1 to 100 characters
	Options     []Option
	// Run handles a request whose arguments have been checked against Options.
	Run func(ctx context.Context, req Request) (Reply, error)
}

// Option is an argument of a command. Required ones come before the others.
type Option struct {
	Name        string // 1 to 32 lower-case ASCII letters and digits
	Description string // 1 to 100 characters
	Type        OptionType
	Required    bool
	// Choices are all the values that there are; empty: any value of the type.
	Choices []Choice
	// Complete proposes values while one is typed; nil: nothing to propose. An option
	// has Choices or Complete, not both.
	Complete func(ctx context.Context, typed string) []Choice
	// Rest takes all that is left of a typed line; only the last option may.
	Rest bool
	// Max is the longest value in characters; 0 means 200.
	Max int
}

// OptionType is the type of an option's value.
type OptionType uint8

// The types of options.
const (
	TextOption OptionType = iota
	IntegerOption
	BooleanOption // "true" or "false"
)

// Choice is a value that an option proposes.
type Choice struct{ Name, Value string }

// Usage is how the command is typed: "/source [passage]".
func (c Command) Usage() string {
	var b strings.Builder
	b.WriteString("/" + c.Name)
	for _, o := range c.Options {
		if o.Required {
			b.WriteString(" " + o.Name)
		} else {
			b.WriteString(" [" + o.Name + "]")
		}
	}
	return b.String()
}

// arguments reads and checks the arguments of a request.
func (c Command) arguments(req Request) (Args, error) {
	given := req.Args
	if given == nil {
		given = c.parse(req.Text)
	}
	args := make(Args, len(c.Options))
	for _, o := range c.Options {
		value, err := o.check(strings.TrimSpace(given[o.Name]))
		if err != nil {
			return nil, err
		}
		if value == "" && o.Required {
			return nil, refuse(sayMissing, o.Name, c.Usage())
		}
		args[o.Name] = value
	}
	return args, nil
}

// parse reads typed arguments: in the order of the options, or by name anywhere
// ("since:2025-03"). Quotation marks hold words together.
func (c Command) parse(text string) Args {
	args := Args{}
	for rest := strings.TrimSpace(text); rest != ""; {
		if i := c.nextOption(args); i >= 0 && c.Options[i].Rest {
			args[c.Options[i].Name] = rest
			return args
		}
		var word string
		word, rest = cutWord(rest)
		if name, value, ok := c.named(word); ok {
			args[name] = value
		} else if i := c.nextOption(args); i >= 0 {
			args[c.Options[i].Name] = unquote(word)
		}
	}
	return args
}

// nextOption is the first option without a value, -1 if all have one.
func (c Command) nextOption(args Args) int {
	return slices.IndexFunc(c.Options, func(o Option) bool { return args[o.Name] == "" })
}

// named reads "name:value" if name is an option's.
func (c Command) named(word string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(word, ":")
	known := slices.ContainsFunc(c.Options, func(o Option) bool { return o.Name == name })
	return name, unquote(value), ok && known
}

// check returns the value in its canonical form.
func (o Option) check(value string) (string, error) {
	limit := o.Max
	if limit == 0 {
		limit = maxArgument
	}
	if n := utf8.RuneCountInString(value); n > limit {
		return "", refuse(sayLongArgument, o.Name, n, limit)
	}
	if value == "" {
		return "", nil
	}
	switch o.Type {
	case IntegerOption:
		if _, err := strconv.Atoi(value); err != nil {
			return "", refuse(sayNoNumber, o.Name, short(value))
		}
	case BooleanOption:
		b, err := strconv.ParseBool(strings.ToLower(value))
		if err != nil {
			return "", refuse(sayNoBoolean, o.Name, short(value))
		}
		return strconv.FormatBool(b), nil
	}
	return o.choose(value)
}

// choose returns the value of the choice that was named by its name or value.
func (o Option) choose(value string) (string, error) {
	if len(o.Choices) == 0 {
		return value, nil
	}
	names := make([]string, len(o.Choices))
	for i, c := range o.Choices {
		if strings.EqualFold(c.Value, value) || strings.EqualFold(c.Name, value) {
			return c.Value, nil
		}
		names[i] = c.Name
	}
	return "", refuse(sayNoChoice, o.Name, strings.Join(names, ", "))
}

// cutWord cuts the first word off; a quoted part of it may contain spaces.
func cutWord(s string) (word, rest string) {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case isSpace(r) && !quoted:
			return s[:i], strings.TrimSpace(s[i:])
		}
	}
	return s, ""
}

func unquote(s string) string { return strings.ReplaceAll(s, `"`, "") }

func isSpace(r rune) bool { return unicode.IsSpace(r) }

// short cuts what a user typed to a length that a reply may repeat.
func short(s string) string {
	if r := []rune(s); len(r) > maxEcho {
		return string(r[:maxEcho]) + "…"
	}
	return s
}
