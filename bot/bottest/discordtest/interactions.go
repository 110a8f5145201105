package discordtest

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"parley/bot/bottest/discordtest/openapi"
)

var interactionRoutes = []*route{
	{
		method: "POST", path: "/interactions/{interaction_id}/{interaction_token}/callback",
		open: true, exempt: true, rules: callbackRules, serve: (*Server).callback,
	},
	{
		method: "POST", path: "/webhooks/{webhook_id}/{webhook_token}",
		open: true, exempt: true, rules: messageRules, serve: (*Server).followUp,
	},
	{
		method: "PATCH", path: "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
		open: true, exempt: true, rules: messageRules, serve: withOriginal((*Server).edit),
	},
	{
		method: "DELETE", path: "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
		open: true, exempt: true, serve: withOriginal((*Server).deleteAnswer),
	},
}

const (
	ackTime      = 3 * time.Second  // to answer an interaction in
	tokenAge     = 15 * time.Minute // that an interaction's token lasts
	maxFollowUps = 5                // when the application is only installed by the user
)

// Types of interactions.
const (
	actionCommand      = 2
	actionComponent    = 3
	actionAutocomplete = 4
)

// Types of answers.
const (
	answerMessage  = 4
	answerDeferred = 5
	answerLater    = 6 // an update of the message with the component, to come
	answerUpdate   = 7
	answerChoices  = 8
)

// callback takes the first answer to an interaction.
func (d *Server) callback(c *call) (any, error) {
	i := d.actions[c.PathValue("interaction_token")]
	switch {
	case i == nil || i.ID != c.id("interaction_id"):
		return nil, errUnknownAction
	case i.answer != 0:
		return nil, errAcknowledged
	case d.now().Sub(i.created) > ackTime:
		return nil, errUnknownAction
	}
	var kind struct {
		Type int `json:"type"`
	}
	if err := c.decode(&kind); err != nil {
		return nil, err
	}
	if !slices.Contains(i.answers(), kind.Type) {
		return nil, invalidForm(openapi.Problem{Path: []string{"type"}, Code: "BASE_TYPE_CHOICES",
			Text: fmt.Sprintf("Value must be one of %v.", i.answers())})
	}
	if err := i.take(kind.Type, c); err != nil {
		return nil, err
	}
	i.answer, i.answered = kind.Type, d.now()
	if c.URL.Query().Get("with_response") != "true" {
		return nil, nil
	}
	return i.wireAnswer(), nil
}

// answers are the types of answers that an interaction may get.
func (i *Interaction) answers() []int {
	switch {
	case i.Type == actionAutocomplete:
		return []int{answerChoices}
	case i.Type == actionComponent:
		return []int{answerMessage, answerDeferred, answerLater, answerUpdate}
	default:
		return []int{answerMessage, answerDeferred}
	}
}

// take does what the first answer says.
func (i *Interaction) take(kind int, c *call) error {
	var b struct {
		Data messageBody `json:"data"`
	}
	if kind == answerChoices {
		var b struct {
			Data struct{ Choices []Choice } `json:"data"`
		}
		err := c.decode(&b)
		i.choices = nonNil(b.Data.Choices)
		return err
	}
	if err := c.decode(&b); err != nil {
		return err
	}
	switch kind {
	case answerDeferred:
		i.original = i.say(b.Data, nil)
		i.original.Flags |= flagLoading
		return nil
	case answerLater:
		i.original = i.on
		return nil
	case answerUpdate:
		i.original, i.updated = i.on, true
		return i.on.change(b.Data, c.files)
	}
	if b.Data.empty(c.files) {
		return errEmptyMessage
	}
	i.original = i.say(b.Data, c.files)
	i.d.announce("MESSAGE_CREATE", i.original)
	return nil
}

// say adds a message that answers an interaction; it is ephemeral if the body says so.
func (i *Interaction) say(b messageBody, files []upload) *storedMessage {
	m := i.Channel.newMessage(i.d.bot)
	m.action, m.Type = i, messageCommand
	if i.on != nil {
		m.Type, m.ReplyTo = messageReply, i.on.ID
	} else if _, ok := i.data["target_id"]; ok {
		m.Type = messageContext
	}
	if b.Flags.value&flagEphemeral != 0 {
		m.Flags |= flagEphemeral
		m.viewer = i.By
	}
	m.fill(b, files)
	return m
}

// webhook is the interaction whose token a webhook path holds.
func (d *Server) webhook(c *call) (*Interaction, error) {
	i := d.actions[c.PathValue("webhook_token")]
	switch {
	case i == nil || c.id("webhook_id") != d.appID:
		return nil, errUnknownWebhook
	case d.now().Sub(i.created) > tokenAge:
		return nil, errTokenExpired
	case i.answer == 0:
		return nil, errUnknownWebhook
	}
	return i, nil
}

// followUp takes a further message. The first one after a deferred answer takes its place.
func (d *Server) followUp(c *call) (any, error) {
	i, err := d.webhook(c)
	if err != nil {
		return nil, err
	}
	var b messageBody
	if err := c.decode(&b); err != nil {
		return nil, err
	}
	if b.empty(c.files) {
		return nil, errEmptyMessage
	}
	if i.original != nil && i.original.Loading() && !i.original.deleted {
		return d.edit(i.original, c)
	}
	if i.userOnly && len(i.followUps) >= maxFollowUps {
		return nil, errTooManyFollowUps
	}
	m := i.say(b, c.files)
	i.followUps = append(i.followUps, m)
	d.announce("MESSAGE_CREATE", m)
	return m.wire(), nil
}

// withOriginal serves an operation on @original.
func withOriginal(serve func(*Server, *storedMessage, *call) (any, error)) func(*Server, *call) (any, error) {
	return func(d *Server, c *call) (any, error) {
		i, err := d.webhook(c)
		if err != nil {
			return nil, err
		}
		if i.original == nil || i.original.deleted {
			return nil, errUnknownMessage
		}
		v, err := serve(d, i.original, c)
		if err == nil && c.Method == http.MethodPatch {
			i.updated = true
		}
		return v, err
	}
}

func (d *Server) deleteAnswer(m *storedMessage, _ *call) (any, error) {
	m.deleted = true
	d.dispatchMessage(m, "MESSAGE_DELETE", jsonObject{"id": m.ID, "channel_id": m.Channel.ID})
	return nil, nil
}

// wireAnswer is the body of the callback's response, where the request asks for one.
func (i *Interaction) wireAnswer() jsonObject {
	about := jsonObject{"id": i.ID, "type": i.Type, "channel_id": i.Channel.ID}
	o := jsonObject{"interaction": about}
	if i.original == nil {
		return o
	}
	about["response_message_id"] = i.original.ID
	about["response_message_loading"] = i.original.Loading()
	about["response_message_ephemeral"] = i.original.Ephemeral()
	if i.answer == answerMessage || i.answer == answerUpdate {
		o["resource"] = jsonObject{"type": i.answer, "message": i.original.wire()}
	}
	return o
}

// wireEvent is the interaction as INTERACTION_CREATE brings it.
func (i *Interaction) wireEvent() jsonObject {
	ch := i.Channel
	o := jsonObject{
		"id": i.ID, "application_id": i.d.appID, "type": i.Type, "token": i.Token, "version": 1, "data": i.data,
		"channel_id": ch.ID, "channel": ch.wire(), "locale": i.By.Locale, "entitlements": []jsonObject{},
		"authorizing_integration_owners": i.owners, "context": ch.context(), "attachment_size_limit": maxFile,
		"app_permissions": defaultPermissions,
	}
	if ch.holdsBot() {
		o["app_permissions"] = ch.permissions(i.d.bot)
	}
	if i.on != nil {
		o["message"] = i.on.wireUncovered()
	}
	if ch.Guild == nil {
		o["user"] = i.By.wire()
		return o
	}
	member := ch.Guild.members[i.By.ID].wire()
	member["permissions"] = ch.permissions(i.By)
	o["guild_id"], o["guild_locale"], o["member"] = ch.Guild.ID, ch.Guild.Locale, member
	return o
}
