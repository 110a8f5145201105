package telegram

import (
	"context"

	"parley/bot"
	"parley/bot/wording"
)

// diagnose looks at what the bot may do in a chat, and at what it needs of Telegram.
func (t *Telegram) diagnose(ctx context.Context, c chat) ([]bot.Finding, error) {
	var findings []bot.Finding
	add := func(need string, there bool, why wording.Key) {
		findings = append(findings, bot.Finding{Need: need, Missing: !there, Why: why})
	}
	if !c.private() {
		me, err := t.admins.look(ctx, memberID{c.ID, t.self.ID})
		if err != nil {
			return nil, err
		}
		add("can_send_messages", me.mayWrite(), "why.send")
		add("can_send_photos", me.mayWrite() && (me.Status != "restricted" || me.CanPhoto), "why.attach")
		add("can_read_all_group_messages", t.self.ReadsAll || me.manages(), "why.questions")
	}
	_, known, err := t.registered(ctx)
	if err != nil {
		return nil, err
	}
	add("setMyCommands", known, "why.commands")
	add("inline mode", t.self.Inline, "why.inline")
	if t.o.Webhook.URL != "" {
		var info struct {
			URL       string `json:"url"`
			LastError string `json:"last_error_message"`
		}
		if err := t.client.Call(ctx, "getWebhookInfo", nil, &info); err != nil {
			return nil, err
		}
		add("webhook", info.URL == t.o.Webhook.URL && info.LastError == "", "why.delivery")
	}
	return findings, nil
}
