package bot

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/bot/wording"
)

// Command is an entry of the table. Adapters translate it into what their platform
// registers; nothing about a command is said anywhere else.
type Command struct {
	Name    string       // 1 to 32 lower-case ASCII letters and digits
	About   wording.Text // the description, 1 to 100 characters
	Options []Option
	// Parts are the sub-commands of a command that has several ("/digest list"). It has
	// neither options nor a handler of its own, and they have no parts.
	Parts []Command
	whole string // the name of the command that it is a part of; empty: it is none
	// Run handles a request whose arguments have been checked against Options.
	Run func(ctx context.Context, req Request) (Reply, error)
}

// Option is an argument of a command. Required ones come before the others.
type Option struct {
	Name     string      // 1 to 32 lower-case ASCII letters and digits
	About    wording.Key // the description, 1 to 100 characters
	Type     OptionType
	Required bool
	// Internal options are given by actions; platforms need not offer them.
	Internal bool
	untyped  bool // an internal one that cannot be typed either
	// Choices are all the values that there are; empty: any value of the type.
	Choices []Choice
	// Complete proposes values while one is typed, with names in a language; nil: it has
	// nothing to propose. An option has Choices or Complete, not both.
	Complete func(l wording.Language, typed string) []Choice
	// Resolve reads a value in any of its spellings and returns the one that stands for
	// it, or a wording.Refusal; nil: values stand as they are. Of a typed line such an option
	// takes as many words as it can read, wherever they stand.
	Resolve func(value string) (string, error)
	// item is Resolve for one of the values where the option takes several. By what it reads
	// a typed word goes to this option or to another one.
	item func(value string) (string, error)
	// Rest takes all that is left of a typed line. Only one option may; others of the
	// command stand before it as "name:value".
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
	// ChannelOption is a channel of the chat, as Place.Channel names it. A platform offers
	// it only where it sees to it that the user can see the channel; it cannot be typed.
	ChannelOption
)

// Choice is a value that an option proposes.
type Choice struct{ Name, Value string }

// Describe is the description in the language nearest to a BCP 47 tag.
func (c Command) Describe(language string) string { return c.About(wording.In(language)) }

// Describe is the description in the language nearest to a BCP 47 tag.
func (o Option) Describe(language string) string { return wording.In(language).Say(o.About) }

// Describe is the name of one of an option's Choices in the language nearest to a BCP 47 tag.
func (c Choice) Describe(language string) string {
	if name, ok := wording.In(language).Lookup("choice", c.Value); ok {
		return name
	}
	return c.Name
}

// IsCommandName reports whether a command may have the name on every platform.
func IsCommandName(name string) bool { return commandName.MatchString(name) }

// commandName is what both Discord and Telegram take (Telegram: BotCommand; Discord
// allows more).
var commandName = regexp.MustCompile(`^[a-z0-9]{1,32}$`)

// Path is the name by which a request calls the command: "stance", "digest list".
func (c Command) Path() string { return strings.TrimSpace(c.whole + " " + c.Name) }

// Usage is how the command is typed: "/stance actor [topic]".
func (c Command) Usage() string {
	usage := "/" + c.Path()
	if len(c.Parts) > 0 {
		usage += " " + strings.Join(c.partNames(), "|")
	}
	for _, o := range c.asTyped() {
		switch {
		case o.Internal, o.Type == ChannelOption:
		case o.Required:
			usage += " " + o.Name
		default:
			usage += " [" + o.Name + "]"
		}
	}
	return usage
}

// asTyped are the options in the order in which they are typed: what takes the rest is last.
func (c Command) asTyped() []Option {
	options := slices.Clone(c.Options)
	slices.SortStableFunc(options, func(x, y Option) int {
		switch {
		case x.Rest == y.Rest:
			return 0
		case x.Rest:
			return 1
		}
		return -1
	})
	return options
}

// typed is how an action is typed: "/stance actor:russia page:2".
func (b *Bot) typed(a Action) string {
	line := "/" + a.Command
	c, _ := b.command(a.Command)
	for _, o := range c.asTyped() {
		if v := a.Args[o.Name]; v != "" {
			line += " " + o.Name + ":" + v
		}
	}
	return line
}

func (c Command) partNames() (names []string) {
	for _, p := range c.Parts {
		names = append(names, p.Name)
	}
	return names
}

// part finds a sub-command by name.
func (c Command) part(name string) (Command, bool) {
	i := slices.IndexFunc(c.Parts, func(p Command) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return Command{}, false
	}
	return c.Parts[i], true
}

// typedPart is the sub-command that a typed text begins with, and what follows it.
func (c Command) typedPart(text string) (part Command, rest string, err error) {
	name, rest := cutWord(strings.TrimSpace(text))
	part, ok := c.part(name)
	if !ok {
		return Command{}, "", wording.Refuse("no_part", wording.Data{"Command": c.Name, "Usage": c.Usage()})
	}
	return part, rest, nil
}

// arguments reads and checks the arguments of a request.
func (c Command) arguments(req Request) (Args, error) {
	given := req.Args
	if given == nil {
		if c.namesChannel(req.Text) {
			return nil, wording.Refuse("no_typed_channel", wording.Data{"Command": c.Path()})
		}
		given = c.typable().parse(req.Text)
	}
	args := make(Args, len(c.Options))
	for _, o := range c.Options {
		value, err := o.check(strings.TrimSpace(given[o.Name]))
		if err != nil {
			return nil, err
		}
		if value == "" && o.Required {
			return nil, wording.Refuse("missing", wording.Data{"Option": o.Name, "Usage": c.Usage()})
		}
		args[o.Name] = value
	}
	return args, nil
}

// typable is the command with the options that can be typed.
func (c Command) typable() Command {
	c.Options = slices.DeleteFunc(slices.Clone(c.Options), func(o Option) bool { return o.untyped || o.Type == ChannelOption })
	return c
}

// namesChannel reports whether a typed text has an argument that cannot be typed.
func (c Command) namesChannel(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool {
		name, _, colon := strings.Cut(word, ":")
		return colon && slices.ContainsFunc(c.Options, func(o Option) bool { return o.Name == name && o.Type == ChannelOption })
	})
}

// parse reads typed arguments: by name ("since:2025-03", "since 2025-03"), by what an
// option can read ("united states"), or in the order of the options. Quotation marks
// hold words together.
func (c Command) parse(text string) Args {
	args := Args{}
	for rest := strings.TrimSpace(text); rest != ""; {
		word, after := cutWord(rest)
		name, value, named := c.named(word)
		if i := c.nextOption(args); i >= 0 && c.Options[i].Rest && !c.isBeforeRest(word) {
			args[c.Options[i].Name] = strings.TrimSpace(strings.TrimPrefix(rest, c.Options[i].Name+":"))
			return args
		}
		if !named {
			name, value, rest = c.unnamed(word, rest, after, args)
		} else if v, left, ok := c.readable(name, strings.TrimSpace(value+" "+after)); ok { // "since: 2025-03", "since:last week", "actors:kyiv, moscow"
			value, rest = v, left
		} else if rest = after; value == "" {
			value, rest = cutWord(after)
			value = unquote(value)
		}
		if name != "" {
			args[name] = value
		}
	}
	return args
}

// isBeforeRest reports whether a word is "name:value" for an option that may stand before
// the one that takes the rest.
func (c Command) isBeforeRest(word string) bool {
	name, _, colon := strings.Cut(word, ":")
	return colon && slices.ContainsFunc(c.Options, func(o Option) bool { return o.Name == name && !o.Rest })
}

// joining are words that people put between arguments: "/stance russia on territory".
var joining = map[string]bool{"on": true, "about": true, "and": true, "vs": true, "with": true, "in": true, "to": true, "by": true, "of": true, "the": true, "for": true}

// unnamed gives the words at the start of text to the option that can read most of
// them, or else the first word to the next option, unless it only joins arguments.
func (c Command) unnamed(word, text, after string, args Args) (name, value, rest string) {
	longest := 0
	for _, o := range c.Options {
		if o.Resolve == nil || args[o.Name] != "" {
			continue
		}
		_, _, n := c.longest(o.ofOne(), text)
		if n > longest {
			longest, name = n, o.Name
			value, rest, _ = c.longest(o, text)
		}
	}
	if longest > 0 {
		return name, value, rest
	}
	i := c.nextOption(args)
	if i < 0 || joining[strings.ToLower(word)] {
		return "", "", after
	}
	if o := c.Options[i]; o.Resolve == nil || o.Complete != nil {
		return o.Name, unquote(word), after
	}
	// It is no date: what cannot be read was meant to be a name.
	for _, o := range slices.Backward(c.Options) {
		if o.Complete != nil {
			return o.Name, strings.TrimSpace(args[o.Name] + " " + unquote(word)), after
		}
	}
	return c.Options[i].Name, unquote(word), after
}

// ofOne is an option for one of the values that it takes.
func (o Option) ofOne() Option {
	if o.item != nil {
		o.Resolve = o.item
	}
	return o
}

// readable is what a named option can read of the words after its name: as many as make
// sense to it. ok is false if none do.
func (c Command) readable(name, text string) (value, rest string, ok bool) {
	i := slices.IndexFunc(c.Options, func(o Option) bool { return o.Name == name && o.Resolve != nil })
	if i < 0 {
		return "", text, false
	}
	value, rest, n := c.longest(c.Options[i], text)
	return value, rest, n > 0
}

// longest reads as many leading words as give a value, as far as the name of another
// option; n is how many, 0 for none.
func (c Command) longest(o Option, text string) (value, rest string, n int) {
	taken := ""
	for i, left := 1, text; i <= maxNameWords && left != ""; i++ {
		var word string
		word, left = cutWord(left)
		if _, _, named := c.named(word); named {
			break
		}
		taken = strings.TrimSpace(taken + " " + unquote(word))
		if v, err := o.Resolve(taken); err == nil {
			value, rest, n = v, left, i
		}
	}
	return value, rest, n
}

// nextOption is the first option without a value, -1 if all have one.
func (c Command) nextOption(args Args) int {
	return slices.IndexFunc(c.Options, func(o Option) bool { return args[o.Name] == "" })
}

// named reads "name:value", or a name alone, if name is an option's. The name of an
// option that takes any text must have its colon.
func (c Command) named(word string) (name, value string, ok bool) {
	name, value, colon := strings.Cut(word, ":")
	known := slices.ContainsFunc(c.Options, func(o Option) bool {
		return o.Name == name && (colon || o.Resolve != nil || len(o.Choices) > 0 || o.Type != TextOption)
	})
	return name, unquote(value), known
}

// check returns the value in its canonical form.
func (o Option) check(value string) (string, error) {
	limit := o.Max
	if limit == 0 {
		limit = maxArgument
	}
	if n := utf8.RuneCountInString(value); n > limit {
		return "", wording.Refuse("long_argument", wording.Data{"Option": o.Name, "Characters": n, "Most": limit})
	}
	if value == "" {
		return "", nil
	}
	switch o.Type {
	case IntegerOption:
		if _, err := strconv.Atoi(value); err != nil {
			return "", wording.Refuse("no_number", wording.Data{"Option": o.Name, "Typed": short(value)})
		}
	case BooleanOption:
		switch value = strings.ToLower(value); {
		case yes[value]:
			return "true", nil
		case no[value]:
			return "false", nil
		}
		return "", wording.Refuse("no_boolean", wording.Data{"Option": o.Name, "Typed": short(value)})
	}
	if o.Resolve != nil {
		return o.Resolve(value)
	}
	return o.choose(value)
}

// How people say yes and no to an option.
var (
	yes = map[string]bool{"true": true, "t": true, "1": true, "yes": true, "on": true, "так": true}
	no  = map[string]bool{"false": true, "f": true, "0": true, "no": true, "off": true, "ні": true}
)

// choose returns the value of the choice that was named by its name or value.
func (o Option) choose(value string) (string, error) {
	if len(o.Choices) == 0 {
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
		return l.Fill("no_choice", wording.Data{"Option": o.Name, "Choices": listed(names)})
	})
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
