package telegram

import (
	"context"
	"encoding/base64"
	"fmt"

	"parley/bot"
)

// Link is an address that opens the private chat with the bot and has it carry out an
// action: a source, a stance. It is known once Run has reached Telegram. An action's key
// has 48 bytes at most, of which base64 makes the 64 characters that a link may carry.
func (t *Telegram) Link(ctx context.Context, a bot.Action) (string, error) {
	key, err := t.core.ActionKey(ctx, a)
	if err != nil {
		return "", err
	}
	select {
	case <-t.known:
	default:
		return "", fmt.Errorf("link to /%s: the bot's name is not known yet", a.Command)
	}
	return "https://t.me/" + t.self.Username + "?start=" + base64.RawURLEncoding.EncodeToString([]byte(key)), nil
}

// started makes the request of a deep link; the start button asks for the help. Anybody can
// make a link, and so following one changes no settings.
func (t *Telegram) started(ctx context.Context, req bot.Request) (bot.Request, error) {
	if _, err := t.store.Resume(ctx, req.Chat); err != nil {
		return req, err
	}
	payload := req.Text
	req.Command, req.Text = helpCommand, ""
	key, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || len(key) == 0 {
		return req, nil
	}
	command, args, ok, err := t.core.ActionOf(ctx, string(key))
	if err != nil {
		t.log.WarnContext(ctx, "the action of a link was not read", "err", err)
	}
	if ok {
		req.Command, req.Args = command, args
	}
	return req, nil
}

const (
	startCommand = "start" // what the start button and deep links send
	helpCommand  = "help"
)
