package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"parley/bot"
	"parley/bot/wording"
)

const (
	// Discord waits 3 s for the first answer to an interaction. An answer that is not there
	// after deferAfter is promised, and the promise has the rest of the time to get through.
	deferAfter = 1500 * time.Millisecond
	ackTime    = 2900 * time.Millisecond
	// answerTime is how long an answer may take; the interaction's token lasts 15 min.
	answerTime = 5 * time.Minute
	// maxFollowUps is what a bot may send after the first answer where only the user has
	// installed it.
	maxFollowUps = 5
)

// Types of interactions, and of first answers.
const (
	commandUsed   = 2
	componentUsed = 3
	optionTyped   = 4

	answerMessage  = 4
	answerPromise  = 5
	promiseUpdate  = 6
	answerUpdate   = 7
	answerChoices  = 8
	messageCommand = 3 // the type of a command in a message's menu
)

const flagEphemeral = 1 << 6

// interaction is what a user did, as far as it matters here.
type interaction struct {
	ID             string          `json:"id"`
	Token          string          `json:"token"`
	ApplicationID  string          `json:"application_id"`
	Type           int             `json:"type"`
	GuildID        string          `json:"guild_id"`
	ChannelID      string          `json:"channel_id"`
	Channel        channelEvent    `json:"channel"`
	Locale         string          `json:"locale"`
	Context        *int            `json:"context"`
	AppPermissions permissions     `json:"app_permissions"`
	Data           interactionData `json:"data"`
	User           user            `json:"user"` // in private
	Member         *struct {
		User        user        `json:"user"`
		Permissions permissions `json:"permissions"`
	} `json:"member"`
	Message *struct { // with the component
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	} `json:"message"`
}

type interactionData struct {
	Name     string  `json:"name"`
	Type     int     `json:"type"`
	CustomID string  `json:"custom_id"`
	TargetID string  `json:"target_id"`
	Options  []given `json:"options"`
	Resolved struct {
		Messages map[string]targetMessage `json:"messages"`
		Channels map[string]struct{}      `json:"channels"`
	} `json:"resolved"`
}

// given is the value of an option.
type given struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []given         `json:"options"` // of a sub-command
}

// invoked is the path of the command, with its sub-command if it has one, and the options
// that were given.
func (d interactionData) invoked() (command string, options []given) {
	if len(d.Options) == 1 && d.Options[0].Type == int(discordgo.ApplicationCommandOptionSubCommand) {
		return d.Name + " " + d.Options[0].Name, d.Options[0].Options
	}
	return d.Name, d.Options
}

// args are the values of options. Of a channel only one that Discord vouches for: one of
// this server, which the user can see.
func (d interactionData) args(options []given) bot.Args {
	args := bot.Args{}
	for _, o := range options {
		value := o.text()
		if o.Type == int(discordgo.ApplicationCommandOptionChannel) {
			if _, vouched := d.Resolved.Channels[value]; !vouched {
				continue
			}
		}
		args[o.Name] = value
	}
	return args
}

// text is the value as the core reads it.
func (g given) text() string {
	var s string
	if json.Unmarshal(g.Value, &s) == nil {
		return s
	}
	return string(g.Value) // a number or a boolean
}

// who is the user who did it.
func (i *interaction) who() string {
	if i.Member != nil {
		return i.Member.User.ID
	}
	return i.User.ID
}

// manager reports whether the user may change the settings of the chat: in a server by
// permission, in a private channel with the bot always.
func (i *interaction) manager() bool {
	if i.Member != nil {
		return i.Member.Permissions.has(manageGuild) || i.Member.Permissions.has(administrator)
	}
	return i.Context != nil && discordgo.InteractionContextType(*i.Context) == discordgo.InteractionContextBotDM
}

// request is the interaction's request, without what is asked for.
func (d *Discord) request(i *interaction) bot.Request {
	d.placed(i.Channel)
	message := ""
	if i.Message != nil {
		message = i.Message.ID
	}
	req := bot.Request{
		User: "discord/" + i.who(), Conversation: d.conversation(i.ChannelID, i.who(), message),
		Chat: chatOf(i.GuildID), Channel: d.channel(i.ChannelID), Manager: i.manager(), Language: i.Locale,
		ChannelName: func(channel string) bot.Run { return channelLink(i.GuildID, channel) },
		Diagnose:    func(context.Context) ([]bot.Finding, error) { return i.AppPermissions.findings(), nil },
	}
	if i.GuildID == "" {
		req.Chat = chatOf(i.ChannelID)
	}
	if req.Channel != i.ChannelID {
		req.Thread = i.ChannelID
	}
	return req
}

// channelLink is an address that Discord's clients show as the channel's name.
func channelLink(guild, channel string) bot.Run {
	address := "https://discord.com/channels/" + guild + "/" + channel
	return bot.Run{Text: address, URL: address}
}

// conversation is that of the answer that a message replies to or belongs to, else the
// user's own in the channel. A thread below a message has the message's id.
func (d *Discord) conversation(channel, user, message string) string {
	if c, ok := d.spoken.get(message); ok && message != "" {
		return c
	}
	if c, ok := d.spoken.get(channel); ok {
		return c
	}
	return "discord/" + channel + "/" + user
}

// onInteraction answers a command, a button or an option that is being typed.
func (d *Discord) onInteraction(ctx context.Context, i *interaction) error {
	if i.ID == "" || i.Token == "" {
		return errors.New("an interaction without id or token")
	}
	if !d.seen.add(i.ID, struct{}{}) {
		return nil // Discord delivers some twice
	}
	if i.GuildID == "" {
		d.written(ctx, i.ChannelID)
	}
	switch i.Type {
	case commandUsed:
		return d.onCommand(ctx, i)
	case componentUsed:
		return d.onButton(ctx, i)
	case optionTyped:
		return d.onTyped(ctx, i)
	}
	return fmt.Errorf("interaction of unknown type %d", i.Type)
}

func (d *Discord) onCommand(ctx context.Context, i *interaction) error {
	req := d.request(i)
	if i.Data.Type == messageCommand {
		req.Command, req.Args = checkCommand, bot.Args{checkOption: i.Data.Resolved.Messages[i.Data.TargetID].text()}
		return d.answer(ctx, i, req, manner{ephemeral: true})
	}
	command, options := i.Data.invoked()
	req.Command, req.Args = command, i.Data.args(options)
	return d.answer(ctx, i, req, manner{})
}

// manner is how an answer is given.
type manner struct {
	update    bool // in place of the message with the button
	ephemeral bool // to the caller alone, also where the reply is not private
}

// ready is an answer with everything that it takes to send it.
type ready struct {
	private  bool
	messages []message
}

// answer has a request handled and answers the interaction in time.
func (d *Discord) answer(ctx context.Context, i *interaction, req bot.Request, how manner) error {
	deadline := time.Now().Add(ackTime)
	handling, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	done := make(chan ready, 1)
	go func() { done <- d.handle(handling, req, i.who()) }() // both branches below wait for it
	timer := time.NewTimer(deferAfter)
	defer timer.Stop()
	a := answering{d, i, req.Conversation, req.Language, how}
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

// handle asks the core and renders its reply. A panic is a failure like others.
func (d *Discord) handle(ctx context.Context, req bot.Request, asker string) (r ready) {
	r = ready{private: true, messages: []message{say(wording.In(req.Language).Say("platform.not_shown"))}}
	defer d.recovered("/" + req.Command)
	reply := d.core.Handle(ctx, req)
	return ready{reply.Private, d.render(ctx, reply, req, asker)}
}

// tell answers at once with a sentence of the adapter's own, to the caller alone.
func (d *Discord) tell(ctx context.Context, i *interaction, key wording.Key) error {
	a := answering{d: d, i: i, language: i.Locale, how: manner{ephemeral: true}}
	return a.now(ctx, time.Now().Add(ackTime), ready{true, []message{say(wording.In(i.Locale).Say(key))}})
}

// answering is an interaction that is being answered.
type answering struct {
	d            *Discord
	i            *interaction
	conversation string
	language     string
	how          manner
}

// callback is the first answer to an interaction.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// callback sends the first answer. That it has got through before is no error.
func (a answering) callback(ctx context.Context, deadline time.Time, c callback, files []file) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	var stored struct {
		Resource struct {
			Message struct {
				ID string `json:"id"`
			} `json:"message"`
		} `json:"resource"`
	}
	url := discordgo.EndpointInteractionResponse(a.i.ID, a.i.Token) + "?with_response=true"
	// Sent twice, the second is refused as acknowledged.
	err := a.d.api.do(ctx, call{method: http.MethodPost, url: url, body: c, files: files, again: true, into: &stored})
	if codeOf(err) == codeAcknowledged {
		return nil
	}
	a.spoke(stored.Resource.Message.ID)
	return err
}

// spoke remembers to which conversation a message of the bot's belongs.
func (a answering) spoke(message string) {
	if message != "" && !a.how.update {
		a.d.spoken.add(message, a.conversation)
	}
}

// now answers at once.
func (a answering) now(ctx context.Context, deadline time.Time, r ready) error {
	if len(r.messages) == 0 {
		r.messages = []message{say(wording.In(a.language).Say("platform.not_shown"))}
	}
	first := r.messages[0]
	err := a.callback(ctx, deadline, a.first(first, a.how.ephemeral || r.private), first.files)
	if refusedForm(err) {
		a.d.log.ErrorContext(ctx, "answer refused", "err", err)
		return a.callback(ctx, deadline, a.first(say(wording.In(a.language).Say("platform.not_shown")), true), nil)
	}
	if err != nil {
		return err
	}
	return a.followUps(ctx, r.messages[1:], a.how.ephemeral || r.private)
}

// first is a message as a first answer.
func (a answering) first(m message, ephemeral bool) callback {
	if a.how.update {
		return callback{answerUpdate, m.replacing()}
	}
	return callback{answerMessage, m.to(ephemeral)}
}

// promise tells Discord that an answer will come. Whether others see it is settled now.
func (a answering) promise(ctx context.Context, deadline time.Time) error {
	c := callback{Type: answerPromise}
	switch {
	case a.how.update:
		c.Type = promiseUpdate
	case a.how.ephemeral:
		c.Data = map[string]int{"flags": flagEphemeral}
	}
	return a.callback(ctx, deadline, c, nil)
}

// later sends what was promised.
func (a answering) later(ctx context.Context, r ready) error {
	ephemeral := a.how.ephemeral || r.private
	if len(r.messages) == 0 {
		r.messages = []message{say(wording.In(a.language).Say("platform.not_shown"))}
	}
	if ephemeral && !a.how.ephemeral && !a.how.update {
		// The promise was made to everybody, and the answer is for one.
		if err := a.d.api.do(ctx, call{method: http.MethodDelete, url: a.original()}); err != nil {
			return err
		}
		return a.followUps(ctx, r.messages, true)
	}
	err := a.edit(ctx, r.messages[0])
	if refusedForm(err) {
		a.d.log.ErrorContext(ctx, "answer refused", "err", err)
		return a.edit(ctx, say(wording.In(a.language).Say("platform.not_shown")))
	}
	if err != nil {
		return err
	}
	return a.followUps(ctx, r.messages[1:], ephemeral)
}

func (a answering) original() string {
	return discordgo.EndpointInteractionResponseActions(a.d.appID, a.i.Token)
}

// edit puts a message in the place of the original answer.
func (a answering) edit(ctx context.Context, m message) error {
	var stored struct {
		ID string `json:"id"`
	}
	err := a.d.api.do(ctx, call{method: http.MethodPatch, url: a.original(), body: m.replacing(), files: m.files, into: &stored})
	a.spoke(stored.ID)
	return err
}

// followUps sends the further messages of an answer. One of which it is not known whether
// it got through is not sent again: Discord would show it twice.
func (a answering) followUps(ctx context.Context, messages []message, ephemeral bool) error {
	if n := len(messages) - maxFollowUps; n > 0 {
		a.d.log.WarnContext(ctx, "the end of an answer was cut off", "messages", n)
		messages = messages[:maxFollowUps]
	}
	for _, m := range messages {
		var stored struct {
			ID string `json:"id"`
		}
		url := discordgo.EndpointFollowupMessage(a.d.appID, a.i.Token) + "?wait=true"
		err := a.d.api.do(ctx, call{method: http.MethodPost, url: url, body: m.to(ephemeral), files: m.files, into: &stored})
		if err != nil {
			return err
		}
		a.spoke(stored.ID)
	}
	return nil
}

// refusedForm reports whether Discord refused what an answer consists of, so that another
// may be taken.
func refusedForm(err error) bool {
	var refused *APIError
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.Code {
	case codeUnknownInteraction, codeUnknownWebhook, codeTokenExpired, codeUnknownMessage:
		return false // there is nobody to answer any more
	}
	return refused.Status == http.StatusBadRequest || refused.Status == http.StatusRequestEntityTooLarge || refused.Status == http.StatusForbidden
}
