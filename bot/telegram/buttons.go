package telegram

import (
	"context"
	"strconv"
	"strings"

	"parley/bot"
	"parley/bot/safetext"
	"parley/bot/telegram/api"
	"parley/bot/telegram/render"
)

const (
	maxRows   = 8
	wideLabel = 14 // UTF-16 units: three shorter ones stand in a row, else two
	maxLabel  = 64 // UTF-16 units
	maxData   = 64 // bytes of callback_data
	pageArg   = "page"
)

// How a click is answered, the first byte of callback_data.
const (
	clickSends = 's' // by a message of its own
	clickEdits = 'e' // in the place of the message
)

// press is the meaning of a button, which its data hold.
type press struct {
	edits bool
	owner int64 // the only one who may press; 0: anybody who sees the button
	key   string
}

// String is "e1z141z3:KEY": how it is answered, whose it is, and the action. Of the 64
// bytes 48 are the key's, and a user's id has at most 11 digits to the base of 36.
func (p press) String() string {
	how := string(clickSends)
	if p.edits {
		how = string(clickEdits)
	}
	if p.owner != 0 {
		how += strconv.FormatInt(p.owner, 36)
	}
	return how + ":" + p.key
}

func readPress(data string) (p press, ok bool) {
	how, key, ok := strings.Cut(data, ":")
	if !ok || how == "" || how[0] != clickSends && how[0] != clickEdits {
		return press{}, false
	}
	p = press{edits: how[0] == clickEdits, key: key}
	if how = how[1:]; how != "" {
		owner, err := strconv.ParseInt(how, 36, 64)
		if err != nil {
			return press{}, false
		}
		p.owner = owner
	}
	return p, true
}

// buttons is the inline keyboard of actions in JSON, empty where there are none. Turning a
// page takes the place of the message where that is the whole answer (inPlace). What other
// actions show comes below it.
func (t *Telegram) buttons(ctx context.Context, actions []bot.Action, inPlace bool, owner int64) string {
	var all []button
	for _, a := range actions {
		key, err := t.core.ActionKey(ctx, a)
		if err != nil {
			t.log.ErrorContext(ctx, "an action has no button", "err", err)
			continue
		}
		data := press{edits: inPlace && a.Args[pageArg] != "", owner: owner, key: key}.String()
		if len(data) > maxData {
			t.log.ErrorContext(ctx, "an action has no button", "err", "its data are too long", "data", data)
			continue
		}
		all = append(all, button{Text: render.Label(a.Label, maxLabel), Data: data})
	}
	if len(all) == 0 {
		return ""
	}
	perRow := 3
	for _, b := range all {
		if safetext.UTF16Len(b.Text) > wideLabel {
			perRow = 2
		}
	}
	var rows [][]button
	for len(all) > 0 && len(rows) < maxRows {
		n := min(perRow, len(all))
		rows = append(rows, all[:n])
		all = all[n:]
	}
	return api.JSON(keyboard{rows})
}
