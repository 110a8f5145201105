package bottest

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// DiscordArgs are the values of a command's options: strings, ints, floats and bools.
type DiscordArgs map[string]any

// DiscordReply is the answer to an interaction as the person who acted sees it.
type DiscordReply struct {
	// Message is the message that came, or the one with the component as it was updated;
	// nil if the answer was a modal, or if the message was deleted again.
	Message   *DiscordMessage
	Modal     *DiscordModal
	FollowUps []DiscordMessage
	Deferred  bool          // an answer was promised first
	After     time.Duration // from the action to the first answer, on the clock of the fake
}

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
	return u.act(actionCommand, ch, cmd, cmd.String(), data)
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
	return u.act(actionAutocomplete, ch, cmd, cmd.String()+" "+option, data)
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
	data["resolved"] = object{"messages": map[string]object{target.ID.String(): target.wireUncovered()}}
	return u.act(actionCommand, m.Channel, cmd, name, data)
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
	data := object{"custom_id": customID, "component_type": kind, "id": c.ID}
	if kind == componentSelect {
		data["values"] = nonNil(values)
	}
	return u.actOn(actionComponent, on, customID, data)
}

// SubmitModal fills a form, by the custom_id of its inputs, and waits for what comes of it.
func (u *DiscordUser) SubmitModal(ctx context.Context, m *DiscordModal, values map[string]string) (DiscordReply, error) {
	i, err := u.sendModal(m, values)
	return i.reply(ctx, err)
}

func (u *DiscordUser) sendModal(m *DiscordModal, values map[string]string) (*DiscordInteraction, error) {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	var rows []object
	for n, row := range m.Components {
		inputs := row.Components
		if row.Component != nil {
			inputs = []DiscordComponent{*row.Component}
		}
		for _, in := range inputs {
			if err := in.admits(values[in.CustomID]); err != nil {
				return nil, err
			}
			filled := object{"type": in.Type, "id": n*2 + 2, "custom_id": in.CustomID, "value": values[in.CustomID]}
			if row.Component != nil {
				rows = append(rows, object{"type": componentLabel, "id": n*2 + 1, "component": filled})
			} else {
				rows = append(rows, object{"type": componentRow, "id": n*2 + 1, "components": []object{filled}})
			}
		}
	}
	i := m.from.child(u, actionModal, m.CustomID, object{"custom_id": m.CustomID, "components": rows})
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

// act makes an interaction with a command and sends it to the bot.
func (u *DiscordUser) act(kind int, ch *DiscordChannel, cmd *DiscordCommand, name string, data object) (*DiscordInteraction, error) {
	i := u.d.newInteraction(u, kind, ch, name, data)
	guild, user := u.installs(ch, cmd)
	if guild {
		owner := DiscordID(0) // in a private channel with the bot
		if ch.Guild != nil {
			owner = ch.Guild.ID
		}
		i.owners["0"] = owner
	}
	if user {
		i.owners["1"] = u.ID
	}
	i.userOnly = !guild
	i.send()
	return i, nil
}

// actOn makes an interaction with a component. Its owners are those of the interaction
// that the message answered, or the guild if it answered none.
func (u *DiscordUser) actOn(kind int, on *storedMessage, name string, data object) (*DiscordInteraction, error) {
	i := u.d.newInteraction(u, kind, on.Channel, name, data)
	i.on = on
	switch {
	case on.action != nil:
		i.owners, i.userOnly = on.action.owners, on.action.userOnly
	case on.Channel.Guild != nil:
		i.owners["0"] = on.Channel.Guild.ID
	default:
		i.owners["0"] = DiscordID(0)
	}
	i.send()
	return i, nil
}

func (i *DiscordInteraction) child(by *DiscordUser, kind int, name string, data object) *DiscordInteraction {
	c := i.d.newInteraction(by, kind, i.Channel, name, data)
	c.owners, c.userOnly = i.owners, i.userOnly
	return c
}

func (d *Discord) newInteraction(by *DiscordUser, kind int, ch *DiscordChannel, name string, data object) *DiscordInteraction {
	i := &DiscordInteraction{
		ID: d.newID(), Token: rand.Text(), Type: kind, By: by, Channel: ch,
		d: d, name: name, created: d.now(), data: data, owners: object{},
	}
	d.actions[i.Token] = i
	kept, cut := newest(append(d.tokens, i.Token), d.opts.Keep)
	d.tokens = kept
	for _, token := range cut {
		delete(d.actions, token)
	}
	return i
}

func (i *DiscordInteraction) send() {
	i.d.dispatchTo(i.Channel, 0, "INTERACTION_CREATE", i.wireEvent())
}

// Redeliver sends an interaction to the bot once more, as Discord does now and then.
func (i *DiscordInteraction) Redeliver() {
	i.d.mu.Lock()
	defer i.d.mu.Unlock()
	i.send()
}

// Acknowledged waits for the first answer.
func (i *DiscordInteraction) Acknowledged(ctx context.Context) error {
	return i.d.await(ctx, "an answer to "+i.name, func() bool { return i.answer != 0 })
}

// Reply waits until the person sees an answer, not only the promise of one.
func (i *DiscordInteraction) Reply(ctx context.Context) (DiscordReply, error) {
	if err := i.d.await(ctx, "the answer to "+i.name, i.settled); err != nil {
		return DiscordReply{}, err
	}
	return i.Now(), nil
}

// reply is Reply, unless there was an error before.
func (i *DiscordInteraction) reply(ctx context.Context, err error) (DiscordReply, error) {
	if err != nil {
		return DiscordReply{}, err
	}
	return i.Reply(ctx)
}

// settled reports whether what the first answer promised has come.
func (i *DiscordInteraction) settled() bool {
	switch i.answer {
	case 0:
		return false
	case answerDeferred:
		return i.original.deleted || !i.original.Loading()
	case answerLater:
		return i.updated || len(i.followUps) > 0
	}
	return true
}

// Now is the answer as it stands.
func (i *DiscordInteraction) Now() DiscordReply {
	i.d.mu.Lock()
	defer i.d.mu.Unlock()
	r := DiscordReply{Modal: i.modal, Deferred: i.answer == answerDeferred || i.answer == answerLater}
	if i.answer != 0 {
		r.After = i.answered.Sub(i.created)
	}
	if i.original != nil && i.original.visible(i.By) {
		m := i.original.view()
		r.Message = &m
	}
	for _, m := range i.followUps {
		if m.visible(i.By) {
			r.FollowUps = append(r.FollowUps, m.view())
		}
	}
	return r
}

// Unanswered are the interactions without any answer, oldest first.
func (d *Discord) Unanswered() []*DiscordInteraction {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []*DiscordInteraction
	for _, i := range d.actions {
		if i.answer == 0 {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b *DiscordInteraction) int { return a.created.Compare(b.created) })
	return all
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
