package telegram_test

import (
	"context"
	"testing"

	"parley/bot"
	"parley/bot/bottest/telegramtest"
	"parley/bot/wording"
)

func TestCommandsAreRegisteredOnlyWhenTheyChange(t *testing.T) {
	core := echo()
	w := newWorld(t, telegramtest.Options{}, over(core)).starts()
	const calls = 8 // four scopes in two languages
	w.registers("")
	anna := w.tg.User("Anna", "uk")
	group := w.tg.Group("Talks", anna)
	for _, chat := range []*telegramtest.Chat{anna.Private(), group} {
		if menu := anna.Menu(chat); len(menu) != len(core.commands) || menu[0].Command != "ask" {
			t.Errorf("menu: %+v", menu)
		}
	}
	if long, short := w.tg.Descriptions("uk"); long == "" || short == "" {
		t.Errorf("descriptions %q, %q", long, short)
	}
	hash := w.registers("")
	w.stops()
	w.starts()
	w.ask(anna, anna.Private(), "one")
	w.stops()
	if n := len(w.tg.Requests("setMyCommands")); n != calls {
		t.Errorf("%d calls after a restart, want %d", n, calls)
	}
	core.commands = append(core.commands, bot.Command{Name: "news", About: wording.Phrase("Show what is new")})
	w.starts()
	w.registers(hash)
	if menu := anna.Menu(group); len(menu) != len(core.commands) {
		t.Errorf("menu after a change: %+v", menu)
	}
}

func TestOnlyAdministratorsManageAGroup(t *testing.T) {
	t.Parallel()
	core := echo()
	w := newWorld(t, telegramtest.Options{}, over(core)).starts()
	anna, boris := w.tg.User("Anna", "de-AT"), w.tg.User("Boris", "")
	group := w.tg.Supergroup("Talks", anna, boris)
	w.ask(anna, group, "/help")
	w.ask(boris, group, "/help")
	w.ask(anna, group, "/help")
	w.ask(boris, boris.Private(), "/help")
	got := core.requests()
	for i, want := range []bool{true, false, true, true} {
		if got[i].Manager != want {
			t.Errorf("request %d: manager %t, want %t", i, got[i].Manager, want)
		}
	}
	if got[0].Language != "de-AT" {
		t.Errorf("language %q", got[0].Language)
	}
	if n := len(w.tg.Requests("getChatMember")); n != 2 {
		t.Errorf("%d questions who they are, want one a member", n)
	}
	w.tg.PushRaw(func(id int64) string {
		return `{"update_id":` + itoa(id) + `,"message":{"message_id":900,"date":1,"text":"/help","chat":{"id":` + itoa(group.ID()) + `,"type":"supergroup"},
			"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"sender_chat":{"id":` + itoa(group.ID()) + `,"type":"supergroup"}}}`
	})
	w.quiet(group, 4)
	if all := core.requests(); !all[len(all)-1].Manager {
		t.Error("an administrator who stays anonymous is none")
	}
}

func TestTheDoctorFindsWhatIsMissing(t *testing.T) {
	t.Parallel()
	findings := make(chan []bot.Finding, 1)
	core := echo()
	core.handle = func(ctx context.Context, req bot.Request) bot.Reply {
		found, err := req.Diagnose(ctx)
		if err != nil {
			t.Error(err)
		}
		findings <- found
		return says("well")
	}
	w := newWorld(t, telegramtest.Options{}, over(core)).starts()
	anna := w.tg.User("Anna", "")
	group := w.tg.Supergroup("Talks", anna)
	w.registers("")
	missing := func() (needs []string) {
		for _, f := range <-findings {
			if f.Missing {
				needs = append(needs, f.Need)
			}
		}
		return needs
	}
	w.ask(anna, anna.Private(), "/help")
	if got := missing(); len(got) != 0 {
		t.Errorf("in private: %q", got)
	}
	w.ask(anna, group, "/help")
	if got := missing(); len(got) != 1 || got[0] != "can_read_all_group_messages" {
		t.Errorf("in a group: %q", got)
	}
	group.MuteBot()
	anna.Say(group, "/help")
	if got := missing(); len(got) != 3 {
		t.Errorf("where the bot is muted: %q", got)
	}
	w.quiet(group, 1)
}

// registers waits until the commands are registered under another hash than before, and
// returns it.
func (w *world) registers(before string) (hash string) {
	w.eventually("the commands to be registered", func() bool {
		w.store.locked(func() {
			for _, hash = range w.store.registered {
			}
		})
		return hash != before
	})
	return hash
}
