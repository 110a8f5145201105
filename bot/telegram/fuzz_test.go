package telegram

import (
	"context"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"parley/bot"
	"parley/bot/argument"
	keys "parley/bot/button"
)

type noCore struct{}

func (noCore) Handle(context.Context, bot.Request) bot.Reply { return bot.Reply{} }
func (noCore) Commands() []bot.Command {
	return []bot.Command{{Name: "ask", Options: []argument.Option{{Name: "question", Required: true}}}}
}
func (noCore) ActionKey(context.Context, bot.Action) (string, error) { return "", nil }
func (noCore) ActionOf(context.Context, string) (string, bot.Args, bool, error) {
	return "", nil, false, nil
}

func FuzzWhateverIsReceived(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":5,"message":{"from":{"id":1},"chat":{"id":1,"type":"private"},"text":"/ask@bot x"}}`,
		`{"update_id":5,"message":{"from":{"id":1},"chat":{"id":-1,"type":"group"},"text":"😀 @Bot, x","entities":[{"type":"mention","offset":3,"length":4}]}}`,
		`{"update_id":5,"message":{"from":{"id":1},"chat":{"id":-1,"type":"group"},"caption":"@bot","caption_entities":[{"type":"mention","offset":1,"length":9223372036854775807}]}}`,
		`{"update_id":"5","callback_query":{"id":"1","data":"e1z:key"}}`,
		`null`, `[]`, `{"update_id":-1}`,
	} {
		f.Add([]byte(seed))
	}
	t := &Telegram{core: noCore{}, self: user{ID: 7, Username: "bot"}}
	f.Fuzz(func(test *testing.T, raw []byte) {
		u, err := read(json.RawMessage(raw))
		if err == nil && u.ID <= 0 {
			test.Errorf("an update without an id: %s", raw)
		}
		if u.Callback != nil {
			if p, ok := readPress(u.Callback.Data); ok && p.owner > 0 && len(p.key) <= keys.MaxKey && len(p.String()) > maxData {
				test.Errorf("data of %d bytes", len(p.String()))
			}
		}
		if u.Message == nil {
			return
		}
		if o, ok := t.intentOf(u.Message); ok && !utf8.ValidString(o.text) {
			test.Errorf("text %q", o.text)
		}
	})
}

func TestWhatAButtonSaysIsReadAgain(t *testing.T) {
	for _, p := range []press{
		{key: "stance|russia|territory|||2"}, {edits: true, key: "#abc"}, {owner: 1<<52 - 1, key: "a:b"}, {edits: true, owner: 7, key: "x"},
	} {
		if got, ok := readPress(p.String()); !ok || got != p {
			t.Errorf("%+v: read %+v, %t", p, got, ok)
		}
	}
	for _, data := range []string{"", ":", "x:key", "s!:key", "key"} {
		if p, ok := readPress(data); ok {
			t.Errorf("%q: read %+v", data, p)
		}
	}
}
