package discordtest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Args are the values of a command's options: strings, ints, floats and bools.
type Args map[string]any

// sees finds a message that the person can see.
func (u *User) sees(m Message) (*storedMessage, error) {
	s := m.Channel.message(m.ID)
	if s == nil || !s.visible(u) || !u.inside(m.Channel) {
		return nil, fmt.Errorf("%s cannot see message %s", u.Name, m.ID)
	}
	return s, nil
}

// inside reports whether a person can see a channel.
func (u *User) inside(ch *Channel) bool {
	if ch.Guild == nil {
		return slices.Contains(ch.recipients, u)
	}
	return ch.permissions(u)&ViewChannel != 0
}

// command finds a slash command, and the options of the sub-command that the path names.
func (u *User) command(ch *Channel, path string) (*Command, []CommandOption, error) {
	names := strings.Fields(path)
	if len(names) == 0 {
		return nil, nil, fmt.Errorf("no command named")
	}
	cmd, err := u.findCommand(ch, names[0], commandSlash)
	if err != nil {
		return nil, nil, err
	}
	options, ok := cmd.path(names[1:])
	if !ok {
		return nil, nil, fmt.Errorf("%s has no sub-command %q", cmd, strings.Join(names[1:], " "))
	}
	return cmd, options, nil
}

// findCommand finds what a person may use in a channel, as Discord's client offers it.
func (u *User) findCommand(ch *Channel, name string, kind int) (*Command, error) {
	if !u.inside(ch) || ch.permissions(u)&UseApplicationCommands == 0 {
		return nil, fmt.Errorf("%s can use no commands in channel %q", u.Name, ch.Name)
	}
	for _, cmd := range u.d.commands.all {
		if cmd.Name == name && cmd.Type == kind && u.mayUse(ch, cmd) {
			return cmd, nil
		}
	}
	return nil, fmt.Errorf("%s is offered no command %q in channel %q", u.Name, name, ch.Name)
}

func (u *User) mayUse(ch *Channel, cmd *Command) bool {
	guild, user := u.installs(ch, cmd)
	if !guild && !user {
		return false
	}
	if ch.Guild == nil || cmd.MemberPermissions == nil {
		return true
	}
	needed := *cmd.MemberPermissions
	if needed == 0 {
		needed = Administrator // "0" leaves it to administrators
	}
	return ch.permissions(u)&needed == needed
}

// installs reports through which installations a command can be used in a channel: that
// of the guild (or, in a private channel with the bot, of any), and the person's own.
func (u *User) installs(ch *Channel, cmd *Command) (guild, user bool) {
	where := ch.context()
	switch {
	case cmd.Contexts != nil && !slices.Contains(cmd.Contexts, where):
		return false, false
	case cmd.DirectMessages != nil && !*cmd.DirectMessages && where != contextGuild:
		return false, false
	}
	types := cmd.IntegrationTypes
	if types == nil {
		types = []int{0} // Discord's default for applications that guilds install
	}
	guild = slices.Contains(types, 0) && ch.holdsBot()
	user = slices.Contains(types, 1) && u.installed
	return guild, user
}

// invocation is the data of an interaction with a command and its options, which stand
// below the sub-commands.
func (cmd *Command) invocation(sub []string, options []jsonObject) jsonObject {
	for depth, name := range slices.Backward(sub) {
		kind := optionSubcommand
		if depth < len(sub)-1 {
			kind = optionGroup
		}
		options = []jsonObject{{"name": name, "type": kind, "options": nonNil(options)}}
	}
	data := jsonObject{"id": cmd.ID, "name": cmd.Name, "type": cmd.Type}
	if len(options) > 0 {
		data["options"] = options
	}
	return data
}

// wireArgs are the values of options in their order; focused is the one being typed.
func wireArgs(options []CommandOption, args Args, focused string) (all []jsonObject) {
	for _, o := range options {
		v, ok := args[o.Name]
		if !ok {
			continue
		}
		arg := jsonObject{"name": o.Name, "type": o.Type, "value": v}
		if o.Name == focused {
			arg["focused"] = true
		}
		all = append(all, arg)
	}
	return all
}

// resolve are the channels among the values of options. It refuses those that Discord's
// client does not offer where the command is used: of another guild, of another type, or
// that the person does not see.
func (u *User) resolve(ch *Channel, options []CommandOption, args Args) (map[string]jsonObject, error) {
	resolved := map[string]jsonObject{}
	for _, o := range options {
		id, ok := args[o.Name].(ID)
		if o.Type != optionChannel || !ok {
			continue
		}
		named := u.d.channels[id]
		if named == nil || named.Guild == nil || named.Guild != ch.Guild || !u.inside(named) || named.permissions(u)&ViewChannel == 0 ||
			len(o.ChannelTypes) > 0 && !slices.Contains(o.ChannelTypes, named.Type) {
			return nil, fmt.Errorf("option %q: channel %v is not offered here", o.Name, id)
		}
		resolved[id.String()] = jsonObject{"id": named.ID, "name": named.Name, "type": named.Type, "permissions": named.permissions(u)}
	}
	return resolved, nil
}

// checkArgs refuses what Discord's client does not send.
func checkArgs(options []CommandOption, args Args) error {
	for _, o := range options {
		v, given := args[o.Name]
		switch {
		case !given && o.Required:
			return fmt.Errorf("option %q is required", o.Name)
		case given:
			if err := o.admits(v); err != nil {
				return fmt.Errorf("option %q: %w", o.Name, err)
			}
		}
	}
	for name := range args {
		if !slices.ContainsFunc(options, func(o CommandOption) bool { return o.Name == name }) {
			return fmt.Errorf("no option %q", name)
		}
	}
	return nil
}

// admits refuses a value of another type, outside the limits or not among the choices.
func (o CommandOption) admits(v any) error {
	if !o.holds(v) {
		return fmt.Errorf("%v (%T) is not of type %d", v, v, o.Type)
	}
	if s, ok := v.(string); ok {
		n := utf8.RuneCountInString(s)
		if o.MaxLength != nil && n > *o.MaxLength || o.MinLength != nil && n < *o.MinLength {
			return fmt.Errorf("%d characters are outside the limits", n)
		}
	}
	if n, ok := number(v); ok && (o.MinValue != nil && n < *o.MinValue || o.MaxValue != nil && n > *o.MaxValue) {
		return fmt.Errorf("%v is outside the limits", v)
	}
	chosen := slices.ContainsFunc(o.Choices, func(c Choice) bool { return fmt.Sprint(c.Value) == fmt.Sprint(v) })
	if len(o.Choices) > 0 && !chosen {
		return fmt.Errorf("%v is not among the choices", v)
	}
	return nil
}

// holds reports whether a value is of the option's type. Options of people, channels and
// roles take ids.
func (o CommandOption) holds(v any) (ok bool) {
	switch o.Type {
	case optionString:
		_, ok = v.(string)
	case optionInteger:
		_, ok = v.(int)
	case optionNumber:
		_, ok = number(v)
	case optionBoolean:
		_, ok = v.(bool)
	default:
		_, ok = v.(ID)
	}
	return ok
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
