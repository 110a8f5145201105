package digest_test

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/bottest/telegramtest"
	"parley/bot/delivery/ledger"
	"parley/bot/digest"
	"parley/bot/digest/commands"
	"parley/bot/discord"
	botstore "parley/bot/store"
	"parley/bot/telegram"
	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/database/dbtest"
	"parley/corpus/lexicon"
	"parley/corpus/library"
	"parley/index"
	"parley/index/bleveindex"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

// morning is that of a Thursday, after a day on which much was said.
var morning = time.Date(2025, 2, 13, 6, 0, 0, 0, time.UTC)

// service is the whole of "/digest" over our own briefs: a database, an index, a core.
type service struct {
	core    *bot.Bot
	store   *botstore.Store
	library *library.Library
	clock   *time.Time
	docs    []corpus.Document // of the last days, which are still to come
}

// newService makes the service as of the morning, with the briefs of before three days ago.
func newService(t *testing.T) *service {
	t.Helper()
	clock := morning.AddDate(0, -1, 0)
	s := &service{clock: &clock}
	now := func() time.Time { return clock }
	db, ctx := dbtest.SQLite(t), t.Context()
	lex := must(lexicon.Default())(t)
	s.library = must(library.New(ctx, db, library.Options{Now: now}))(t)
	s.store = must(botstore.New(ctx, db, now))(t)
	var past []corpus.Document
	for _, d := range must(briefs.Documents())(t) {
		switch p := d.Published; {
		case p.Start().After(morning):
		case p.Start().After(morning.AddDate(0, 0, -3)):
			s.docs = append(s.docs, d)
		default:
			past = append(past, d)
		}
	}
	s.put(t, past...)
	clock = morning
	asker := must(index.NewAsker(indexOf(t, lex, append(past, s.docs...)), lex))(t)
	editor := digest.NewEditor(digest.EditorOptions{Library: s.library, Timeline: asker, Settings: s.store, Lexicon: lex, Own: func(corpus.Source) bool { return false }})
	s.core = bot.New(bot.Options{
		Index: asker, Lexicon: lex, Now: now, Log: slog.New(slog.DiscardHandler), Settings: s.store, Actions: s.store, Forget: s.store.ForgetUser,
		Commands: []bot.Command{commands.New(commands.Options{
			Digests: digest.NewService(digest.ServiceOptions{Store: s.store, Ledger: ledger.New(db, now), History: s.library, Editor: editor, Now: now}),
			Lexicon: lex, Now: now, Log: slog.New(slog.DiscardHandler),
		})},
	})
	return s
}

func indexOf(t *testing.T, lex *lexicon.Lexicon, docs []corpus.Document) *bleveindex.Index {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	if err := bleveindex.Build(t.Context(), dir, docs, bleveindex.BuildOptions{Lexicon: lex, Now: morning}); err != nil {
		t.Fatal(err)
	}
	x := must(bleveindex.Open(context.Background(), dir, 0))(t)
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func (s *service) put(t *testing.T, docs ...corpus.Document) {
	t.Helper()
	items := make([]library.Item, len(docs))
	for i, d := range docs {
		items[i] = library.Item{Document: d, Origin: library.Origin{Kind: library.OriginBuiltIn}}
	}
	must(s.library.Put(t.Context(), items))(t)
}

// must fails a test for what cannot fail in it.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// soon is a time in which what happens at all happens.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// runs runs a platform until stop is called, which waits for the answers on their way, or
// until the end of the test.
func runs(t *testing.T, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func TestADigestOnDiscord(t *testing.T) {
	s := newService(t)
	fake := discordtest.New(discordtest.Options{Token: "token", IdentifyEvery: -1})
	t.Cleanup(fake.Close)
	bot := must(discord.New(discord.Options{Token: "token", APIURL: fake.URL(), Core: s.core, Commands: s.store, Log: slog.New(slog.DiscardHandler)}))(t)
	stop := runs(t, bot.Run)
	ctx := soon(t)
	if err := fake.AwaitReady(ctx, 1); err != nil {
		t.Fatal(err)
	}
	ann := fake.NewUser("ann")
	guild := fake.NewGuild("talks", ann)
	guild.Join(ann, guild.NewRole("manager", discordtest.ManageGuild))
	channel := guild.Text("news")
	must(ann.Slash(ctx, channel, "digest subscribe", discordtest.Args{"time": "8", "timezone": "Kyiv"}))(t)
	s.put(t, s.docs...)
	must(ann.Slash(ctx, channel, "digest preview", nil))(t)
	stop()
	var text []string
	for _, m := range ann.Messages(channel) {
		text = append(text, m.Text())
		for _, a := range m.Attachments {
			text = append(text, "["+a.Name+": "+a.Description+"]")
		}
	}
	golden(t, "discord", withoutIDs(strings.Join(text, "\n\n")+"\n", channel.ID.String(), guild.ID.String()))
	for _, v := range fake.Violations() {
		t.Errorf("violation: %v", v)
	}
}

// withoutIDs writes names for ids that differ from run to run.
func withoutIDs(text string, ids ...string) string {
	for _, id := range ids {
		text = strings.ReplaceAll(text, id, "ID")
	}
	return text
}

func TestADigestOnTelegram(t *testing.T) {
	s := newService(t)
	fake := telegramtest.New(telegramtest.Options{})
	t.Cleanup(fake.Close)
	bot := must(telegram.New(telegram.Options{Token: fake.Token(), APIURL: fake.URL(), Core: s.core, Store: s.store, Log: slog.New(slog.DiscardHandler)}))(t)
	stop := runs(t, bot.Run)
	anna := fake.User("Anna", "uk")
	chat := anna.Private()
	must(anna.Ask(soon(t), chat, "/digest subscribe 8 Київ щодня language:uk quiet:так"))(t)
	s.put(t, s.docs...)
	must(anna.Ask(soon(t), chat, "/digest preview"))(t)
	stop()
	var text []string
	for _, m := range chat.Said() {
		text = append(text, m.Plain())
		if len(m.Photo) > 0 {
			text = append(text, "[a photo]")
		}
	}
	golden(t, "telegram", strings.Join(text, "\n\n")+"\n")
	for _, v := range fake.Violations() {
		t.Errorf("violation: %v", v)
	}
}

// TestAPreviewOfAQuietDayShowsTheDayBefore looks at what would be posted when all that is
// new came before the subscription.
func TestAPreviewOfAQuietDayShowsTheDayBefore(t *testing.T) {
	s := newService(t)
	*s.clock = morning.Add(-48 * time.Hour)
	s.put(t, s.docs[:2]...)
	*s.clock = morning.Add(-time.Hour)
	s.put(t, s.docs[2:]...)
	*s.clock = morning
	say := func(line string) string {
		req := bot.Request{User: "u", Chat: "telegram/1", Manager: true}
		req.Command, req.Text = bot.SplitCommand(line)
		var b strings.Builder
		for _, block := range s.core.Handle(t.Context(), req).Blocks {
			switch block := block.(type) {
			case bot.Text:
				b.WriteString(block.Line.String() + "\n")
			case bot.Heading:
				b.WriteString("# " + block.Text + "\n")
			case bot.Quote:
				b.WriteString(block.Citation.Document + "\n")
			}
		}
		return b.String()
	}
	say("/digest subscribe")
	got := say("/digest preview")
	if !strings.HasPrefix(got, "Nothing new. The record has ") || !strings.Contains(got, "The last 24 hours would have given this:\n# Digest, 13 February 2025\n") {
		t.Errorf("got %s", got)
	}
	for i, d := range s.docs[:2] {
		if strings.Contains(got, d.ID+"\n") {
			t.Errorf("document %d, of two days ago, is shown: %s", i, got)
		}
	}
	*s.clock = morning.AddDate(0, 0, 3)
	if got := say("/digest preview"); strings.Contains(got, "The last 24 hours") {
		t.Errorf("after quiet days: %s", got)
	}
}
