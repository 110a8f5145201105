package digest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/bot"
	"parley/corpus"
	"parley/corpus/database/dbtest"
	"parley/corpus/lexicon"
	"parley/corpus/library"
	"parley/corpus/sharedtest"
	"parley/index"
	"parley/index/when"
)

// start is a Friday on which the clocks of tests begin.
var start = time.Date(2026, 5, 8, 7, 30, 0, 0, time.UTC)

// world is what tests of composing work with: a library, an editor over it, and what one
// subscription was shown.
type world struct {
	*library.Library
	t      testing.TB
	ctx    context.Context
	clock  *time.Time
	editor *Editor
	sub    bot.Subscription
	cursor int64
	shown  map[string]int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	clock := start
	lib, err := library.New(t.Context(), dbtest.SQLite(t), library.Options{Now: func() time.Time { return clock }, Own: isOwn})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Library: lib, t: t, ctx: t.Context(), clock: &clock, shown: map[string]int{}}
	w.editor = NewEditor(EditorOptions{Library: lib, Timeline: noTimeline{}, Settings: settings{}, Lexicon: lex, Own: isOwn})
	w.sub = bot.Subscription{ID: "a", Place: bot.Place{Chat: "chat"}, Zone: "Europe/Kyiv", At: 9 * 60}
	return w
}

func isOwn(s corpus.Source) bool {
	return s.Publisher == "The White House" || s.Publisher == "The Kremlin"
}

// noTimeline is an index without a dated statement.
type noTimeline struct{}

func (noTimeline) Timeline(context.Context, string, []string, when.Period, bool) (index.Timeline, error) {
	return index.Timeline{Record: index.Record{Documents: 104, Newest: day("2026-05-08")}}, nil
}

// settings are those of chats: none.
type settings map[string]bot.ChatSettings

func (s settings) ChatSettings(_ context.Context, chat string) (bot.ChatSettings, error) {
	return s[chat], nil
}

func (s settings) SetChatSettings(_ context.Context, chat string, is bot.ChatSettings) error {
	s[chat] = is
	return nil
}

func day(s string) corpus.PartialDate {
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// put gives documents to the library as of one feed.
func (w *world) put(docs ...corpus.Document) {
	w.t.Helper()
	for some := range slices.Chunk(docs, 300) {
		items := make([]library.Item, len(some))
		for i, d := range some {
			items[i] = library.Item{Document: d, Origin: library.Origin{Kind: library.OriginFeed, Name: "feed"}, Key: d.ID}
		}
		outcomes, err := w.Put(w.ctx, items)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, o := range outcomes {
			if o.Err != nil {
				w.t.Fatal(o.Err)
			}
		}
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// skip moves the cursor behind everything that is there.
func (w *world) skip() {
	w.t.Helper()
	state, err := w.State(w.ctx)
	w.must(err)
	w.cursor = state.Change
}

func (w *world) isShown(_ context.Context, id string) (int, bool, error) {
	revision, ok := w.shown[id]
	return revision, ok, nil
}

// edit composes the next digest and keeps what it shows.
func (w *world) edit() edition {
	w.t.Helper()
	e := w.look()
	w.cursor = e.through
	for _, s := range e.shown {
		w.shown[s.Document] = s.Revision
	}
	return e
}

// look composes the next digest and keeps nothing.
func (w *world) look() edition {
	w.t.Helper()
	e, err := w.editor.edit(w.ctx, w.sub, w.cursor, w.isShown, *w.clock)
	w.must(err)
	return e
}

// news are the items in the order of the digest.
func (e edition) items() (all []index.Statement) {
	for _, n := range e.News {
		all = append(all, n.Items...)
	}
	return all
}

// summary is what a digest says, a line an item, for tests to compare.
func (e edition) summary() string {
	var lines []string
	for _, n := range e.News {
		for _, item := range n.Items {
			line := fmt.Sprintf("%s: %s %q", n.Topic, item.Source.ID, item.Text)
			for _, also := range item.AlsoIn {
				line += " +" + also.ID
			}
			lines = append(lines, line)
		}
	}
	for _, item := range e.Earlier {
		lines = append(lines, fmt.Sprintf("earlier: %s %q", item.Source.ID, item.Text))
	}
	for _, side := range e.Sides {
		for _, st := range side.Statements {
			lines = append(lines, fmt.Sprintf("%s %s: %s %q", strings.Join(side.Actors, "+"), st.Stance, st.Source.ID, st.Text))
		}
	}
	for _, n := range e.Corrected.List {
		lines = append(lines, fmt.Sprintf("corrected: %s on %v", n.Source.ID, n.On))
	}
	for _, n := range e.Withdrawn.List {
		lines = append(lines, fmt.Sprintf("withdrawn: %s on %v", n.Source.ID, n.On))
	}
	return strings.Join(lines, "\n")
}

func TestMain(m *testing.M) { sharedtest.Main(m) }

// documents reads a file of documents beside the project; the test is skipped where there
// is none.
func documents(t testing.TB, path string) (docs []corpus.Document) {
	t.Helper()
	f, err := os.Open(sharedtest.Path(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var d struct {
			corpus.Source
			Text string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		docs = append(docs, corpus.Document{Source: d.Source, Text: d.Text})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return docs
}

// byDay groups documents by their day of publication.
func byDay(docs []corpus.Document) (days []string, by map[string][]corpus.Document) {
	by = map[string][]corpus.Document{}
	for _, d := range docs {
		if p := d.Published; p.Precision() >= corpus.Day {
			key := p.Start().UTC().Format(time.DateOnly)
			by[key] = append(by[key], d)
		}
	}
	return slices.Sorted(maps.Keys(by)), by
}
