package bot

import (
	"context"
	"strings"

	"parley/bot/wording"
)

// forgetMe removes what is kept about the caller.
func (b *Bot) forgetMe(ctx context.Context, req Request) (Reply, error) {
	b.sessions.forget(req.Conversation)
	if b.forget != nil {
		if err := b.forget(ctx, req.User); err != nil {
			return b.notKept(ctx, req, err)
		}
	}
	return privately(wording.In(req.Language).Say("forgotten")), nil
}

// forgetCommand is the command by which users have forgotten what is kept about them.
const forgetCommand = "forgetme"

// commandPath is how people may write the name of a command that platforms do not take so.
func commandPath(name string) string {
	if plain := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name)); plain == forgetCommand {
		return plain
	}
	return name
}
