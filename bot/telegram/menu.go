package telegram

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"parley/bot/backoff"
	"parley/bot/telegram/api"
	"parley/bot/telegram/outbox"
	"parley/bot/wording"
)

// scopes are where the menu of commands is shown. All are set, so that none is left over from
// a bot that had the token before.
var scopes = []string{"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}

type menuEntry struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

const maxMenu = 100 // commands

// registration is one call that tells Telegram of the bot.
type registration struct {
	method string
	params api.Params
}

// registrations are the menus in all scopes and languages and the bot's descriptions.
// The first language is set for all that have none of their own.
func (t *Telegram) registrations() (list []registration) {
	for i, language := range wording.Languages() {
		code := language
		if i == 0 {
			code = ""
		}
		set := func(method string, params api.Params) {
			params.AddNonEmpty("language_code", code)
			list = append(list, registration{method, params})
		}
		all := t.core.Commands()
		entries := make([]menuEntry, 0, len(all))
		for _, c := range all[:min(len(all), maxMenu)] {
			entries = append(entries, menuEntry{c.Name, c.Describe(language)})
		}
		menu := api.JSON(entries)
		for _, scope := range scopes {
			set("setMyCommands", api.Params{"commands": menu, "scope": api.JSON(map[string]string{"type": scope})})
		}
		set("setMyDescription", api.Params{"description": wording.In(language).Say("platform.about")})
		set("setMyShortDescription", api.Params{"short_description": wording.In(language).Say("platform.about_short")})
	}
	return list
}

// register tells Telegram of the bot where that has changed since it was last told.
func (t *Telegram) register(ctx context.Context) {
	hash, known, err := t.registered(ctx)
	if err != nil {
		t.log.WarnContext(ctx, "not known which commands are registered, they are registered again", "err", err)
	}
	if known {
		return
	}
	for _, r := range t.registrations() {
		if err := t.tell(ctx, r); err != nil {
			if ctx.Err() == nil {
				t.log.ErrorContext(ctx, "the commands are not registered; the next start tries again", "err", err)
			}
			return
		}
	}
	if err := t.store.SetRegistered(ctx, t.menuKey(), hash); err != nil {
		t.log.WarnContext(ctx, "it was not kept that the commands are registered", "err", err)
	}
}

// registered returns the hash of what Telegram is to be told, and whether it was.
func (t *Telegram) registered(ctx context.Context) (hash string, known bool, err error) {
	sum := sha256.New()
	for _, r := range t.registrations() {
		fmt.Fprintln(sum, r.method, api.JSON(r.params))
	}
	hash = fmt.Sprintf("%x", sum.Sum(nil))
	last, err := t.store.Registered(ctx, t.menuKey())
	return hash, err == nil && last == hash, err
}

func (t *Telegram) menuKey() string {
	return outbox.ChatKey(t.self.ID) + "/commands"
}

// tell makes one call, up to four times where Telegram wants to be left alone for a while or
// could not be reached.
func (t *Telegram) tell(ctx context.Context, r registration) error {
	tries := backoff.Backoff{First: time.Second, Most: 5 * time.Minute}
	for attempt := 1; ; attempt++ {
		err := t.client.Call(ctx, r.method, r.params, nil)
		refusal := api.RefusalIn(err)
		if err == nil || attempt == 4 || refusal != nil && refusal.Code < 500 && refusal.After == 0 {
			return err
		}
		wait := tries.Next()
		if refusal != nil {
			wait = max(wait, refusal.After)
		}
		if err := backoff.SleepBy(ctx, t.clock, wait); err != nil {
			return err
		}
	}
}
