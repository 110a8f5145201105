package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/discord/rest"
	"parley/bot/wording"
)

const (
	// Discord waits 3 s for the first answer to an interaction. An answer that is not there
	// after deferAfter is promised, and the promise has the rest of the time to get through.
	deferAfter = 1500 * time.Millisecond
	ackTime    = 2900 * time.Millisecond
	// answerTime is how long an answer may take; the interaction's token lasts 15 min.
	answerTime = 5 * time.Minute
	// maxFollowUps is the number of messages that a bot may send after the first answer where only the user has
	// installed it.
	maxFollowUps = 5
)

// answering is an interaction that is being answered.
type answering struct {
	d            *Discord
	i            *interaction
	conversation string
	language     string
	manner
}

// manner says where an answer is shown, and to whom.
type manner struct {
	update    bool // in place of the message with the button
	ephemeral bool // to the caller alone, even if the reply is not private
}

// renderedReply is a reply of the core as messages.
type renderedReply struct {
	private  bool
	messages []message
}

// callback is the first answer to an interaction.
type callback struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

// answer has a request handled and answers the interaction in time: with the reply, or with
// a promise that the reply later takes the place of.
func (d *Discord) answer(ctx context.Context, i *interaction, req bot.Request, how manner) error {
	deadline := time.Now().Add(ackTime)
	a := answering{d, i, req.Conversation, req.Language, how}
	handling, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	done := make(chan renderedReply, 1)
	go func() { // both branches below wait for it
		r := d.handle(handling, req, i.userID())
		if len(r.messages) == 0 {
			r.messages = []message{notShown(req.Language)}
		}
		done <- r
	}()
	timer := time.NewTimer(deferAfter)
	defer timer.Stop()
	select {
	case r := <-done:
		return a.now(ctx, deadline, r)
	case <-timer.C:
		err := a.promise(ctx, deadline)
		if err != nil {
			cancel()
		}
		r := <-done
		if err != nil {
			return err
		}
		return a.later(ctx, r)
	}
}

// tell answers at once with a sentence of the adapter's own, to the caller alone.
func (d *Discord) tell(ctx context.Context, i *interaction, key wording.Key) error {
	a := answering{d: d, i: i, language: i.Locale, manner: manner{ephemeral: true}}
	sentence := plainMessage(wording.In(i.Locale).Say(key))
	return a.now(ctx, time.Now().Add(ackTime), renderedReply{true, []message{sentence}})
}

// handle has the core answer a request. A panic is a failure like others.
func (d *Discord) handle(ctx context.Context, req bot.Request, asker string) (r renderedReply) {
	r = renderedReply{private: true, messages: []message{notShown(req.Language)}}
	defer d.recovered("/" + req.Command)
	reply := d.core.Handle(ctx, req)
	return renderedReply{reply.Private, d.messages(ctx, reply, req, asker)}
}

// notShown is the message in place of an answer that cannot be shown.
func notShown(language string) message {
	return plainMessage(wording.In(language).Say("platform.not_shown"))
}

// now answers at once.
func (a answering) now(ctx context.Context, deadline time.Time, r renderedReply) error {
	ephemeral := a.ephemeral || r.private
	err := a.show(ctx, deadline, r.messages[0], ephemeral)
	if isContentRefused(err) {
		a.d.log.ErrorContext(ctx, "answer refused", "err", err)
		return a.show(ctx, deadline, notShown(a.language), true)
	}
	if err != nil {
		return err
	}
	return a.followUp(ctx, r.messages[1:], ephemeral)
}

// show sends a message as the first answer.
func (a answering) show(ctx context.Context, deadline time.Time, m message, ephemeral bool) error {
	if a.update {
		return a.callback(ctx, deadline, callback{discordgo.InteractionResponseUpdateMessage, m.replacing()}, m.files)
	}
	shown := callback{discordgo.InteractionResponseChannelMessageWithSource, m.to(ephemeral)}
	return a.callback(ctx, deadline, shown, m.files)
}

// promise tells Discord that an answer will come, and settles whether others will see it.
func (a answering) promise(ctx context.Context, deadline time.Time) error {
	c := callback{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}
	switch {
	case a.update:
		c.Type = discordgo.InteractionResponseDeferredMessageUpdate
	case a.ephemeral:
		c.Data = map[string]any{"flags": discordgo.MessageFlagsEphemeral}
	}
	return a.callback(ctx, deadline, c, nil)
}

// callback sends the first answer. It is no error that it has got through before.
func (a answering) callback(ctx context.Context, deadline time.Time, c callback, files []rest.File) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	var stored struct {
		Resource struct {
			Message struct {
				ID string `json:"id"`
			} `json:"message"`
		} `json:"resource"`
	}
	err := a.d.client.Do(ctx, rest.Call{
		Method: http.MethodPost, URL: discordgo.EndpointInteractionResponse(a.i.ID, a.i.Token) + "?with_response=true",
		Body: c, Files: files, Into: &stored,
		Repeatable: true, // Discord refuses the second one as acknowledged
	})
	if rest.CodeOf(err) == discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged {
		return nil
	}
	a.remember(stored.Resource.Message.ID)
	return err
}

// remember notes to which conversation a message of the bot's belongs.
func (a answering) remember(message string) {
	if message != "" && !a.update {
		a.d.conversations.ContainsOrAdd(message, a.conversation)
	}
}

// later sends what was promised.
func (a answering) later(ctx context.Context, r renderedReply) error {
	if r.private && !a.ephemeral && !a.update {
		// The promise was made to everybody, but the answer is for one.
		if err := a.d.client.Do(ctx, rest.Call{Method: http.MethodDelete, URL: a.promised()}); err != nil {
			return err
		}
		return a.followUp(ctx, r.messages, true)
	}
	err := a.edit(ctx, r.messages[0])
	if isContentRefused(err) {
		a.d.log.ErrorContext(ctx, "answer refused", "err", err)
		return a.edit(ctx, notShown(a.language))
	}
	if err != nil {
		return err
	}
	return a.followUp(ctx, r.messages[1:], a.ephemeral || r.private)
}

// promised is the address of the promise, as of any first answer.
func (a answering) promised() string {
	return discordgo.EndpointInteractionResponseActions(a.d.appID, a.i.Token)
}

// edit puts a message in the place of the promise.
func (a answering) edit(ctx context.Context, m message) error {
	id, err := a.d.client.Create(ctx, rest.Call{
		Method: http.MethodPatch, URL: a.promised(), Body: m.replacing(), Files: m.files,
	})
	a.remember(id)
	return err
}

// followUp sends the further messages of an answer. One of which it is not known whether it
// got through is not sent again: Discord would show it twice.
func (a answering) followUp(ctx context.Context, messages []message, ephemeral bool) error {
	if n := len(messages) - maxFollowUps; n > 0 {
		a.d.log.WarnContext(ctx, "the end of an answer was cut off", "messages", n)
		messages = messages[:maxFollowUps]
	}
	for _, m := range messages {
		id, err := a.d.client.Create(ctx, rest.Call{
			Method: http.MethodPost, URL: discordgo.EndpointFollowupMessage(a.d.appID, a.i.Token) + "?wait=true",
			Body: m.to(ephemeral), Files: m.files,
		})
		if err != nil {
			return err
		}
		a.remember(id)
	}
	return nil
}

// isContentRefused reports whether Discord refused what an answer consists of, so that
// another answer may be given.
func isContentRefused(err error) bool {
	refused, ok := errors.AsType[*rest.APIError](err)
	if !ok {
		return false
	}
	switch refused.Code {
	case discordgo.ErrCodeUnknownInteraction, discordgo.ErrCodeUnknownWebhook, discordgo.ErrCodeUnknownMessage,
		discordgo.ErrCodeInvalidWebhookTokenProvided:
		return false // there is nobody to answer any more
	}
	switch refused.Status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusForbidden:
		return true
	}
	return false
}

func (d *Discord) recovered(what string) {
	if v := recover(); v != nil {
		d.log.Error("panic", "in", what, "value", rest.Redact(fmt.Sprint(v)), "stack", string(debug.Stack()))
	}
}
