package argument

import (
	"slices"
	"strings"
	"unicode"

	"parley/bot/wording"
)

const maxNameWords = 12 // words of one typed value

// Form is a command as it is typed: its name and the options that it takes.
type Form struct {
	Command string // its path: "stance", "digest list"
	Options []Option
}

// Usage is how the command is typed: "/stance actor [topic]".
func (f Form) Usage() string {
	usage := "/" + f.Command
	for _, o := range f.asTyped() {
		switch {
		case o.Internal, o.Type == Channel:
		case o.Required:
			usage += " " + o.Name
		default:
			usage += " [" + o.Name + "]"
		}
	}
	return usage
}

// Line is how the command is typed with arguments: "/stance actor:russia page:2".
func (f Form) Line(args map[string]string) string {
	line := "/" + f.Command
	for _, o := range f.asTyped() {
		if v := args[o.Name]; v != "" {
			line += " " + o.Name + ":" + v
		}
	}
	return line
}

// asTyped are the options in the order in which they are typed: with Rest last.
func (f Form) asTyped() (options []Option) {
	var rest []Option
	for _, o := range f.Options {
		if o.Rest {
			rest = append(rest, o)
		} else {
			options = append(options, o)
		}
	}
	return append(options, rest...)
}

// Read returns the value of every option in its canonical form, empty for one that is not
// given. Where args is nil it reads them from a typed text. What cannot be read is a
// wording.Refusal.
func (f Form) Read(args map[string]string, text string) (map[string]string, error) {
	if args == nil {
		for _, word := range strings.Fields(text) {
			name, _, colon := strings.Cut(word, ":")
			if i := f.find(name); colon && i >= 0 && f.Options[i].Type == Channel {
				return nil, wording.Refuse("no_typed_channel", wording.Data{"Command": f.Command})
			}
		}
		untyped := func(o Option) bool { return o.Untyped || o.Type == Channel }
		args = Form{f.Command, slices.DeleteFunc(slices.Clone(f.Options), untyped)}.parse(text)
	}
	read := make(map[string]string, len(f.Options))
	for _, o := range f.Options {
		value, err := o.check(strings.TrimSpace(args[o.Name]))
		if err != nil {
			return nil, err
		}
		if value == "" && o.Required {
			return nil, wording.Refuse("missing", wording.Data{"Option": o.Name, "Usage": f.Usage()})
		}
		read[o.Name] = value
	}
	return read, nil
}

// find returns the place of an option, -1 if there is none.
func (f Form) find(name string) int {
	return slices.IndexFunc(f.Options, func(o Option) bool { return o.Name == name })
}

// next returns the place of the first option without a value, -1 if all have one.
func (f Form) next(args map[string]string) int {
	return slices.IndexFunc(f.Options, func(o Option) bool { return args[o.Name] == "" })
}

// parse reads typed arguments: by name ("since:2025-03", "since 2025-03"), by what an
// option can read ("united states"), or in the order of the options. Quotation marks
// hold words together.
func (f Form) parse(text string) map[string]string {
	args := map[string]string{}
	for rest := strings.TrimSpace(text); rest != ""; {
		word, after := CutWord(rest)
		name, value, named := f.named(word)
		if i := f.next(args); i >= 0 && f.Options[i].Rest {
			early, _, colon := strings.Cut(word, ":")
			if j := f.find(early); !colon || j < 0 || f.Options[j].Rest {
				args[f.Options[i].Name] = strings.TrimSpace(strings.TrimPrefix(rest, f.Options[i].Name+":"))
				return args
			}
		}
		if !named {
			name, value, rest = f.unnamed(word, rest, after, args)
		} else {
			// "since: 2025-03", "since:last week", "actors:kyiv, moscow"
			v, left, n := "", "", 0
			if o := f.Options[f.find(name)]; o.Resolve != nil {
				v, left, n = f.longest(o.Resolve, strings.TrimSpace(value+" "+after))
			}
			if n > 0 {
				value, rest = v, left
			} else if rest = after; value == "" {
				value, rest = CutWord(after)
				value = unquote(value)
			}
		}
		if name != "" {
			args[name] = value
		}
	}
	return args
}

// named reads "name:value", or a name alone; that of an option that takes any text must have its colon.
func (f Form) named(word string) (name, value string, ok bool) {
	name, value, colon := strings.Cut(word, ":")
	if i := f.find(name); i >= 0 {
		o := f.Options[i]
		ok = colon || o.Resolve != nil || len(o.Choices) > 0 || o.Type != Text
	}
	return name, unquote(value), ok
}

// unnamed gives the words at the start of text to the option that can read most of
// them, or else the first word to the next option, unless it only joins arguments.
func (f Form) unnamed(word, text, after string, args map[string]string) (name, value, rest string) {
	longest := 0
	for _, o := range f.Options {
		if o.Resolve == nil || args[o.Name] != "" {
			continue
		}
		one := o.Resolve
		if o.ResolveOne != nil {
			one = o.ResolveOne
		}
		if _, _, n := f.longest(one, text); n > longest {
			longest, name = n, o.Name
			value, rest, _ = f.longest(o.Resolve, text)
		}
	}
	if longest > 0 {
		return name, value, rest
	}
	i := f.next(args)
	if i < 0 || IsJoining(word) {
		return "", "", after
	}
	if o := f.Options[i]; o.Resolve == nil || o.Complete != nil {
		return o.Name, unquote(word), after
	}
	// It is no date: what cannot be read was meant to be a name.
	for _, o := range slices.Backward(f.Options) {
		if o.Complete != nil {
			return o.Name, strings.TrimSpace(args[o.Name] + " " + unquote(word)), after
		}
	}
	return f.Options[i].Name, unquote(word), after
}

// longest resolves as many leading words as it can before the next option; n is how many, 0 for none.
func (f Form) longest(resolve func(string) (string, error), text string) (value, rest string, n int) {
	taken := ""
	for i, left := 1, text; i <= maxNameWords && left != ""; i++ {
		var word string
		word, left = CutWord(left)
		if _, _, named := f.named(word); named {
			break
		}
		taken = strings.TrimSpace(taken + " " + unquote(word))
		if v, err := resolve(taken); err == nil {
			value, rest, n = v, left, i
		}
	}
	return value, rest, n
}

// ResolveList reads a list of names ("Russia, Ukraine", "moscow vs kyiv", "russia
// ukraine") and returns their ids with commas between them. Its error is that of the
// first name which cannot be resolved.
func ResolveList(list string, resolve func(name string) (id string, err error)) (string, error) {
	var ids []string
	for rest := strings.ReplaceAll(list, ",", " , "); rest != ""; {
		word, after := CutWord(rest)
		if IsJoining(word) || strings.Trim(word, ",.&;") == "" {
			rest = after
			continue
		}
		id, left, n := Form{}.longest(resolve, rest)
		if n == 0 {
			_, err := resolve(word)
			return "", err
		}
		ids, rest = append(ids, id), left
	}
	if len(ids) == 0 {
		_, err := resolve(list)
		return "", err
	}
	return strings.Join(ids, ","), nil
}

// SplitList returns the ids in a list that was resolved; nil for none.
func SplitList(ids string) []string {
	if ids == "" {
		return nil
	}
	return strings.Split(ids, ",")
}

// IsJoining reports whether a word only stands between arguments, as in "russia on territory".
func IsJoining(word string) bool {
	switch strings.ToLower(word) {
	case "on", "about", "and", "vs", "with", "in", "to", "by", "of", "the", "for":
		return true
	}
	return false
}

// CutWord cuts the first word off; a quoted part of it may contain spaces.
func CutWord(s string) (word, rest string) {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case unicode.IsSpace(r) && !quoted:
			return s[:i], strings.TrimSpace(s[i:])
		}
	}
	return s, ""
}

func unquote(s string) string { return strings.ReplaceAll(s, `"`, "") }
