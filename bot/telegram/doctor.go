package telegram

import (
	"context"

	"parley/bot"
)

// What does not work without something, as the core's phrases call it.
const (
	whySend      = "why.send"
	whyAttach    = "why.attach"
	whyQuestions = "why.questions"
	whyCommands  = "why.commands"
	whyInline    = "why.inline"
	whyDelivery  = "why.delivery"
)

// diagnose looks at what the bot may do in a chat, and at what it needs of Telegram.
func (t *Telegram) diagnose(ctx context.Context, c chat) ([]bot.Finding, error) {
	var findings []bot.Finding
	add := func(need string, there bool, why string) {
		findings = append(findings, bot.Finding{Need: need, Missing: !there, Why: why})
	}
	if !c.private() {
		me, err := t.admins.look(ctx, memberID{c.ID, t.self.ID})
		if err != nil {
			return nil, err
		}
		add("can_send_messages", me.mayWrite(), whySend)
		add("can_send_photos", me.mayWrite() && (me.Status != "restricted" || me.CanPhoto), whyAttach)
		add("can_read_all_group_messages", t.self.ReadsAll || me.manages(), whyQuestions)
	}
	_, known, err := t.registered(ctx)
	if err != nil {
		return nil, err
	}
	add("setMyCommands", known, whyCommands)
	add("inline mode", t.self.Inline, whyInline)
	if t.o.Webhook.URL != "" {
		var info struct {
			URL       string `json:"url"`
			LastError string `json:"last_error_message"`
		}
		if err := t.client.call(ctx, "getWebhookInfo", nil, &info); err != nil {
			return nil, err
		}
		add("webhook", info.URL == t.o.Webhook.URL && info.LastError == "", whyDelivery)
	}
	return findings, nil
}
