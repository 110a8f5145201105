package telegram

import (
	"context"

	"parley/bot/telegram/outbox"
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
