package telegram

import (
	"context"

	"parley/bot"
	"parley/bot/telegram/outbox"
	"parley/bot/wording"
)

// manages reports whether a user may change the settings of a chat. A user who cannot be
// looked up may not.
func (t *Telegram) manages(ctx context.Context, c chat, user int64) bool {
	if c.private() {
		return true
	}
	who, err := t.admins.member(ctx, c.ID, user)
	if err != nil {
		t.log.WarnContext(ctx, "not known whether a user manages a chat", "chat", c.ID, "err", err)
	}
	return who.manages()
}

// onMember notes that the bot may write to a chat again, or not any more.
func (t *Telegram) onMember(ctx context.Context, c *memberChange) error {
	key := outbox.ChatKey(c.Chat.ID)
	if c.Chat.Type == "channel" && c.New.present() && !c.New.CanPost {
		return t.store.Suspend(ctx, key, "the bot may not post in the channel")
	}
	if !c.New.mayWrite() {
		return t.store.Suspend(ctx, key, "the bot's status in the chat is now: "+c.New.Status)
	}
	_, err := t.store.Resume(ctx, key)
	return err
}

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
