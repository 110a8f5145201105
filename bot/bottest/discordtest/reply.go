package discordtest

import (
	"context"
	"crypto/rand"
	"time"
)

// Reply is the answer to an interaction as the person who acted sees it.
type Reply struct {
	// Message is the message that came, or the one with the component as it was updated;
	// nil if the message was deleted again.
	Message   *Message
	FollowUps []Message
	Deferred  bool          // an answer was promised first
	After     time.Duration // from the action to the first answer, on the clock of the fake
}

// act makes an interaction with a command and sends it to the bot.
func (u *User) act(kind int, ch *Channel, cmd *Command, name string, data jsonObject) *Interaction {
	i := u.d.newInteraction(u, kind, ch, name, data)
	guild, user := u.installs(ch, cmd)
	if guild {
		owner := ID(0) // in a private channel with the bot
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
	return i
}

// actOn makes an interaction with a component. Its owners are those of the interaction
// that the message answered, or the guild if it answered none.
func (u *User) actOn(on *storedMessage, name string, data jsonObject) *Interaction {
	i := u.d.newInteraction(u, actionComponent, on.Channel, name, data)
	i.on = on
	switch {
	case on.action != nil:
		i.owners, i.userOnly = on.action.owners, on.action.userOnly
	case on.Channel.Guild != nil:
		i.owners["0"] = on.Channel.Guild.ID
	default:
		i.owners["0"] = ID(0)
	}
	i.send()
	return i
}

func (d *Server) newInteraction(by *User, kind int, ch *Channel, name string, data jsonObject) *Interaction {
	i := &Interaction{
		ID: d.newID(), Token: rand.Text(), Type: kind, By: by, Channel: ch,
		d: d, name: name, created: d.now(), data: data, owners: jsonObject{},
	}
	d.actions[i.Token] = i
	kept, cut := newest(append(d.tokens, i.Token), d.opts.Keep)
	d.tokens = kept
	for _, token := range cut {
		delete(d.actions, token)
	}
	return i
}

func (i *Interaction) send() {
	guild := ID(0)
	if i.Channel.Guild != nil {
		guild = i.Channel.Guild.ID
	}
	i.d.Dispatch(uint64(guild), 0, "INTERACTION_CREATE", i.wireEvent())
}

// Redeliver sends an interaction to the bot once more, as Discord does now and then.
func (i *Interaction) Redeliver() {
	i.d.mu.Lock()
	defer i.d.mu.Unlock()
	i.send()
}

// Acknowledged waits for the first answer.
func (i *Interaction) Acknowledged(ctx context.Context) error {
	return i.d.await(ctx, "an answer to "+i.name, func() bool { return i.answer != 0 })
}

// Reply waits until the person sees an answer, not only the promise of one.
func (i *Interaction) Reply(ctx context.Context) (Reply, error) {
	if err := i.d.await(ctx, "the answer to "+i.name, i.settled); err != nil {
		return Reply{}, err
	}
	return i.Now(), nil
}

// reply is Reply, unless there was an error before.
func (i *Interaction) reply(ctx context.Context, err error) (Reply, error) {
	if err != nil {
		return Reply{}, err
	}
	return i.Reply(ctx)
}

// settled reports whether what the first answer promised has come.
func (i *Interaction) settled() bool {
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
func (i *Interaction) Now() Reply {
	i.d.mu.Lock()
	defer i.d.mu.Unlock()
	r := Reply{Deferred: i.answer == answerDeferred || i.answer == answerLater}
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
