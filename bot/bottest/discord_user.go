package bottest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// DiscordArgs are the values of a command's options: strings, ints, floats and bools.
type DiscordArgs map[string]any

// Slash uses a command ("stance", "settings language") and waits for what comes of it.
func (u *DiscordUser) Slash(ctx context.Context, ch *DiscordChannel, path string, args DiscordArgs) (DiscordReply, error) {
	i, err := u.SendSlash(ch, path, args)
	return i.reply(ctx, err)
}

// SendSlash uses a command. It fails where Discord's client would not let it be used: no
// such command here, no permission, an option missing, unknown or outside its limits.
func (u *DiscordUser) SendSlash(ch *DiscordChannel, path string, args DiscordArgs) (*DiscordInteraction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	cmd, options, err := u.command(ch, path)
	if err != nil {
		return nil, err
	}
	if err := checkArgs(options, args); err != nil {
		return nil, fmt.Errorf("%s: %w", cmd, err)
	}
	data := cmd.invocation(strings.Fields(path)[1:], wireArgs(options, args, ""))
	channels, err := u.resolve(ch, options, args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmd, err)
	}
	if len(channels) > 0 {
		data["resolved"] = jsonObject{"channels": channels}
	}
	return u.act(actionCommand, ch, cmd, cmd.String(), data), nil
}

// Autocomplete types into an option of a command and waits for the proposals.
func (u *DiscordUser) Autocomplete(ctx context.Context, ch *DiscordChannel, path, option, typed string, others DiscordArgs) ([]DiscordChoice, error) {
	i, err := u.sendTyped(ch, path, option, typed, others)
	if err != nil {
		return nil, err
	}
	if err := i.Acknowledged(ctx); err != nil {
		return nil, err
	}
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	return i.choices, nil
}

func (u *DiscordUser) sendTyped(ch *DiscordChannel, path, option, typed string, others DiscordArgs) (*DiscordInteraction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	cmd, options, err := u.command(ch, path)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(options, func(o DiscordCommandOption) bool { return o.Name == option && o.Autocomplete }) {
		return nil, fmt.Errorf("%s completes no option %q", cmd, option)
	}
	args := DiscordArgs{option: typed}
	for k, v := range others {
		args[k] = v
	}
	data := cmd.invocation(strings.Fields(path)[1:], wireArgs(options, args, option))
	return u.act(actionAutocomplete, ch, cmd, cmd.String()+" "+option, data), nil
}

// MessageCommand uses a command of a message's menu and waits for what comes of it.
func (u *DiscordUser) MessageCommand(ctx context.Context, m DiscordMessage, name string) (DiscordReply, error) {
	i, err := u.sendMessageCommand(m, name)
	return i.reply(ctx, err)
}

func (u *DiscordUser) sendMessageCommand(m DiscordMessage, name string) (*DiscordInteraction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	target, err := u.sees(m)
	if err != nil {
		return nil, err
	}
	cmd, err := u.findCommand(m.Channel, name, commandMessage)
	if err != nil {
		return nil, err
	}
	data := cmd.invocation(nil, nil)
	data["target_id"] = target.ID
	data["resolved"] = jsonObject{"messages": map[string]jsonObject{target.ID.String(): target.wireUncovered()}}
	return u.act(actionCommand, m.Channel, cmd, name, data), nil
}

// Click presses a button and waits for what comes of it.
func (u *DiscordUser) Click(ctx context.Context, m DiscordMessage, customID string) (DiscordReply, error) {
	i, err := u.sendComponent(m, customID, componentButton, nil)
	return i.reply(ctx, err)
}

// Select chooses values of a select and waits for what comes of it.
func (u *DiscordUser) Select(ctx context.Context, m DiscordMessage, customID string, values ...string) (DiscordReply, error) {
	i, err := u.sendComponent(m, customID, componentSelect, values)
	return i.reply(ctx, err)
}

// sendComponent uses a component of a message as it is now: m may be older.
func (u *DiscordUser) sendComponent(m DiscordMessage, customID string, kind int, values []string) (*DiscordInteraction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	on, err := u.sees(m)
	if err != nil {
		return nil, err
	}
	c, ok := on.control(func(c DiscordComponent) bool { return c.CustomID == customID && c.Type == kind })
	if !ok || c.Disabled {
		return nil, fmt.Errorf("message %s offers no such control: %q", m.ID, customID)
	}
	for _, v := range values {
		if !slices.ContainsFunc(c.Options, func(o DiscordOption) bool { return o.Value == v }) {
			return nil, fmt.Errorf("select %q has no option %q", customID, v)
		}
	}
	data := jsonObject{"custom_id": customID, "component_type": kind, "id": c.ID}
	if kind == componentSelect {
		data["values"] = nonNil(values)
	}
	return u.actOn(actionComponent, on, customID, data), nil
}

// SubmitModal fills a form, by the custom_id of its inputs, and waits for what comes of it.
func (u *DiscordUser) SubmitModal(ctx context.Context, m *DiscordModal, values map[string]string) (DiscordReply, error) {
	i, err := u.sendModal(m, values)
	return i.reply(ctx, err)
}

func (u *DiscordUser) sendModal(m *DiscordModal, values map[string]string) (*DiscordInteraction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	var rows []jsonObject
	for n, row := range m.Components {
		inputs := row.Components
		if row.Component != nil {
			inputs = []DiscordComponent{*row.Component}
		}
		for _, in := range inputs {
			if err := in.admits(values[in.CustomID]); err != nil {
				return nil, err
			}
			filled := jsonObject{"type": in.Type, "id": n*2 + 2, "custom_id": in.CustomID, "value": values[in.CustomID]}
			if row.Component != nil {
				rows = append(rows, jsonObject{"type": componentLabel, "id": n*2 + 1, "component": filled})
			} else {
				rows = append(rows, jsonObject{"type": componentRow, "id": n*2 + 1, "components": []jsonObject{filled}})
			}
		}
	}
	i := m.from.child(u, actionModal, m.CustomID, jsonObject{"custom_id": m.CustomID, "components": rows})
	i.on, i.trigger = m.from.on, m.from
	i.send()
	return i, nil
}

// admits refuses what a text input does not take.
func (c DiscordComponent) admits(value string) error {
	n := utf8.RuneCountInString(value)
	switch {
	case value == "" && (c.Required == nil || *c.Required):
		return fmt.Errorf("input %q is required", c.CustomID)
	case value != "" && n < c.MinLength, c.MaxLength > 0 && n > c.MaxLength:
		return fmt.Errorf("input %q takes %d to %d characters, not %d", c.CustomID, c.MinLength, c.MaxLength, n)
	}
	return nil
}

// sees finds a message that the person can see.
func (u *DiscordUser) sees(m DiscordMessage) (*storedMessage, error) {
	s := m.Channel.message(m.ID)
	if s == nil || !s.visible(u) || !u.inside(m.Channel) {
		return nil, fmt.Errorf("%s cannot see message %s", u.Name, m.ID)
	}
	return s, nil
}

// inside reports whether a person can see a channel.
func (u *DiscordUser) inside(ch *DiscordChannel) bool {
	if ch.Guild == nil {
		return slices.Contains(ch.recipients, u)
	}
	return ch.permissions(u)&ViewChannel != 0
}

// Messages are the messages of a channel that a person sees, oldest first.
func (u *DiscordUser) Messages(ch *DiscordChannel) (all []DiscordMessage) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	if !u.inside(ch) {
		return nil
	}
	for _, m := range ch.messages {
		if m.visible(u) {
			all = append(all, m.view())
		}
	}
	return all
}

// Message is a message as a person sees it now, or false.
func (u *DiscordUser) Message(m DiscordMessage) (DiscordMessage, bool) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	s, err := u.sees(m)
	if err != nil {
		return DiscordMessage{}, false
	}
	return s.view(), true
}

// Mention is what others write to mention the person.
func (u *DiscordUser) Mention() string { return "<@" + u.ID.String() + ">" }

// Say writes a message to a channel.
func (u *DiscordUser) Say(ch *DiscordChannel, text string) (DiscordMessage, error) {
	return u.say(ch, text, nil, false)
}

// SayTo answers a message; ping says whether its author is mentioned, as is usual.
func (u *DiscordUser) SayTo(m DiscordMessage, text string, ping bool) (DiscordMessage, error) {
	return u.say(m.Channel, text, &m, ping)
}

func (u *DiscordUser) say(ch *DiscordChannel, text string, to *DiscordMessage, ping bool) (DiscordMessage, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	if !u.inside(ch) || ch.permissions(u)&ch.sendPermission() == 0 || ch.locked && ch.permissions(u)&ManageThreads == 0 {
		return DiscordMessage{}, fmt.Errorf("%s cannot write to channel %q", u.Name, ch.Name)
	}
	ch.wake()
	m := ch.newMessage(u)
	m.Content, m.mentions = text, u.d.mentioned(text)
	if to != nil {
		m.Type, m.ReplyTo = messageReply, to.ID
		if ping && !slices.Contains(m.mentions, to.Author) {
			m.mentions = append(m.mentions, to.Author)
		}
	}
	u.d.announce("MESSAGE_CREATE", m)
	return m.view(), nil
}

// Delete deletes a message of the person's own, or any where they manage messages.
func (u *DiscordUser) Delete(m DiscordMessage) error {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	s, err := u.sees(m)
	if err != nil {
		return err
	}
	if s.Author != u && m.Channel.permissions(u)&ManageMessages == 0 {
		return fmt.Errorf("%s cannot delete message %s", u.Name, m.ID)
	}
	s.remove()
	return nil
}

var mention = regexp.MustCompile(`<@!?(\d+)>`)

// mentioned are the people whom a text mentions.
func (d *Discord) mentioned(text string) (all []*DiscordUser) {
	for _, found := range mention.FindAllStringSubmatch(text, -1) {
		var id DiscordID
		if id.UnmarshalText([]byte(found[1])) != nil {
			continue
		}
		if u := d.users[id]; u != nil && !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	return all
}

// Ask writes a message and waits for the bot's next one in the channel.
func (u *DiscordUser) Ask(ctx context.Context, ch *DiscordChannel, text string) (DiscordMessage, error) {
	m, err := u.Say(ch, text)
	if err != nil {
		return DiscordMessage{}, err
	}
	return u.Await(ctx, m)
}

// Await waits for the bot's first message after another that the person can see.
func (u *DiscordUser) Await(ctx context.Context, after DiscordMessage) (found DiscordMessage, err error) {
	err = u.d.await(ctx, "a message of the bot in "+after.Channel.Name, func() bool {
		for _, m := range after.Channel.messages {
			if m.ID > after.ID && m.Author == u.d.bot && m.visible(u) && !m.Loading() {
				found = m.view()
				return true
			}
		}
		return false
	})
	return found, err
}
