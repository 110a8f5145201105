package discordtest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Slash uses a command ("stance", "settings language") and waits for what comes of it.
func (u *User) Slash(ctx context.Context, ch *Channel, path string, args Args) (Reply, error) {
	i, err := u.SendSlash(ch, path, args)
	return i.reply(ctx, err)
}

// SendSlash uses a command. It fails where Discord's client would not let it be used: no
// such command here, no permission, an option missing, unknown or outside its limits.
func (u *User) SendSlash(ch *Channel, path string, args Args) (*Interaction, error) {
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
func (u *User) Autocomplete(ctx context.Context, ch *Channel, path, option, typed string, others Args) ([]Choice, error) {
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

func (u *User) sendTyped(ch *Channel, path, option, typed string, others Args) (*Interaction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	cmd, options, err := u.command(ch, path)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(options, func(o CommandOption) bool { return o.Name == option && o.Autocomplete }) {
		return nil, fmt.Errorf("%s completes no option %q", cmd, option)
	}
	args := Args{option: typed}
	for k, v := range others {
		args[k] = v
	}
	data := cmd.invocation(strings.Fields(path)[1:], wireArgs(options, args, option))
	return u.act(actionAutocomplete, ch, cmd, cmd.String()+" "+option, data), nil
}

// MessageCommand uses a command of a message's menu and waits for what comes of it.
func (u *User) MessageCommand(ctx context.Context, m Message, name string) (Reply, error) {
	i, err := u.sendMessageCommand(m, name)
	return i.reply(ctx, err)
}

func (u *User) sendMessageCommand(m Message, name string) (*Interaction, error) {
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
func (u *User) Click(ctx context.Context, m Message, customID string) (Reply, error) {
	i, err := u.press(m, customID)
	return i.reply(ctx, err)
}

// press presses a button of a message as it is now: m may be older.
func (u *User) press(m Message, customID string) (*Interaction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	on, err := u.sees(m)
	if err != nil {
		return nil, err
	}
	c, ok := on.control(func(c Component) bool { return c.CustomID == customID })
	if !ok || c.Disabled {
		return nil, fmt.Errorf("message %s offers no such control: %q", m.ID, customID)
	}
	data := jsonObject{"custom_id": customID, "component_type": componentButton, "id": c.ID}
	return u.actOn(on, customID, data), nil
}

// Messages are the messages of a channel that a person sees, oldest first.
func (u *User) Messages(ch *Channel) (all []Message) {
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

// Mention returns the markup that mentions the person.
func (u *User) Mention() string { return "<@" + u.ID.String() + ">" }

// Say writes a message to a channel.
func (u *User) Say(ch *Channel, text string) (Message, error) {
	return u.say(ch, text, nil, false)
}

// SayTo answers a message; ping says whether its author is mentioned, as is usual.
func (u *User) SayTo(m Message, text string, ping bool) (Message, error) {
	return u.say(m.Channel, text, &m, ping)
}

func (u *User) say(ch *Channel, text string, to *Message, ping bool) (Message, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	if !u.inside(ch) || ch.permissions(u)&ch.sendPermission() == 0 || ch.locked && ch.permissions(u)&ManageThreads == 0 {
		return Message{}, fmt.Errorf("%s cannot write to channel %q", u.Name, ch.Name)
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

var mention = regexp.MustCompile(`<@!?(\d+)>`)

// mentioned are the people whom a text mentions.
func (d *Server) mentioned(text string) (all []*User) {
	for _, found := range mention.FindAllStringSubmatch(text, -1) {
		var id ID
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
func (u *User) Ask(ctx context.Context, ch *Channel, text string) (Message, error) {
	m, err := u.Say(ch, text)
	if err != nil {
		return Message{}, err
	}
	return u.Await(ctx, m)
}

// Await waits for the bot's first message after another that the person can see.
func (u *User) Await(ctx context.Context, after Message) (found Message, err error) {
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
