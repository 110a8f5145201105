package digest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/delivery"
	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/library"
	"parley/index"
)

// doc is a document of one outlet, published on the day of start unless said otherwise.
func doc(id, publisher, title, text string) corpus.Document {
	return corpus.Document{Text: text, Source: corpus.Source{
		ID: id, Title: title, Publisher: publisher, URL: "https://example.org/" + id, Published: day("2026-05-08"), Language: "en",
	}}
}

func dated(d corpus.Document, date string) corpus.Document {
	d.Published = day(date)
	return d
}

const (
	ceasefireText = "Ukrainian President Volodymyr Zelensky said that Ukraine demands a full ceasefire before any talks on territory begin. Observers were not admitted to the hall."
	sanctionsText = "The European Union will not lift sanctions against Russia until a peace agreement has been signed, Ursula von der Leyen said on Friday in Brussels."
	pipelineText  = "Subscribe to our newsletter for more. Rain fell on the harbour of the town all morning, and nobody came to see the ships leave for the open sea."
	moscowText    = "Kremlin spokesman Dmitry Peskov said that Russia rejects a ceasefire without guarantees. He called the proposal of the other side a trap for everyone involved."
	swapText      = "Russia and Ukraine exchanged 300 prisoners of war each on Friday, the largest exchange of the month, officials on both sides confirmed in the afternoon."
)

func (w *world) wants(t *testing.T, what, want string) {
	t.Helper()
	if diff := cmp.Diff(want, w.edit().summary()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestNewDocumentsAreToldByTopicAndActor(t *testing.T) {
	w := newWorld(t)
	w.put(doc("old", "Reuters", "Sanctions stay", sanctionsText))
	w.skip()
	w.put(
		doc("kyiv", "Ukrinform", "Kyiv demands a ceasefire", ceasefireText),
		doc("moscow", "TASS", "Kremlin rejects a ceasefire", moscowText),
		doc("rain", "Harbour Post", "Rain at the harbour", pipelineText),
	)
	w.wants(t, "first", `ceasefire: kyiv "Ukrainian President Volodymyr Zelensky said that Ukraine demands a full ceasefire before any talks on territory begin."
ceasefire: moscow "Kremlin spokesman Dmitry Peskov said that Russia rejects a ceasefire without guarantees."`)
	w.wants(t, "second", "")
	w.put(doc("swap", "Reuters", "Prisoners exchanged", swapText))
	w.wants(t, "third", `prisoners-children: swap "Russia and Ukraine exchanged 300 prisoners of war each on Friday, the largest exchange of the month, officials on both sides confirmed in the afternoon."`)
}

func TestTheSameTextIsToldOnce(t *testing.T) {
	w := newWorld(t)
	long := swapText + " The families waited at the border from the early morning on. Both sides thanked the mediators of the United Arab Emirates for their part in it."
	w.put(doc("b", "Two", "Prisoners exchanged", long), doc("a", "One", "Prisoners exchanged today", long), doc("c", "Ukrinform", "Kyiv demands a ceasefire", ceasefireText))
	e := w.edit()
	items := e.items()
	if len(items) != 2 || items[0].Source.ID != "a" && items[0].Source.ID != "b" || len(items[0].AlsoIn) != 1 {
		t.Fatalf("told:\n%s", e.summary())
	}
	if e.Documents != 3 || e.Publishers != 3 || len(e.shown) != 3 {
		t.Errorf("%d documents of %d publishers, shown %v", e.Documents, e.Publishers, e.shown)
	}
	*w.clock = start.Add(26 * time.Hour)
	w.put(doc("d", "Three", "An exchange of prisoners", long))
	w.wants(t, "a copy that comes later", "")
}

func TestWhatCameLateDoesNotLead(t *testing.T) {
	w := newWorld(t)
	w.put(
		dated(doc("late", "One", "Prisoners exchanged", swapText), "2026-05-01"),
		dated(doc("month", "Two", "Sanctions stay", sanctionsText), "2026-05"),
		doc("new", "Ukrinform", "Kyiv demands a ceasefire", ceasefireText),
	)
	e := w.edit()
	if len(e.Earlier) != 1 || e.Earlier[0].Source.ID != "late" {
		t.Errorf("earlier:\n%s", e.summary())
	}
	if items := e.items(); len(items) != 2 {
		t.Errorf("news:\n%s", e.summary())
	}
}

func TestOnlyWhatIsAskedForIsTold(t *testing.T) {
	w := newWorld(t)
	w.put(
		doc("kyiv", "Ukrinform", "Kyiv demands a ceasefire", ceasefireText), doc("moscow", "TASS", "Kremlin rejects a ceasefire", moscowText),
		doc("eu", "Reuters", "Sanctions stay", sanctionsText), doc("swap", "Reuters", "Prisoners exchanged", swapText),
	)
	for _, tc := range []struct {
		topics, actors, want string
	}{
		{"ceasefire", "", "kyiv moscow"},
		{"sanctions", "", "eu"},
		{"sanctions,prisoners-children", "", "eu swap"},
		{"ceasefire", "russia", "moscow"},
		{"nuclear-energy", "", ""},
		{"", "european-union", "eu"},
	} {
		w.sub.Topics, w.sub.Actors = split(tc.topics), split(tc.actors)
		e := w.look()
		var ids []string
		for _, item := range e.items() {
			ids = append(ids, item.Source.ID)
		}
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != tc.want {
			t.Errorf("topics %q, actors %q: %s; want %s\n%s", tc.topics, tc.actors, got, tc.want, e.summary())
		}
		if tc.want == "" && !e.isQuiet() {
			t.Error("there is something else to tell")
		}
	}
}

func split(ids string) []string {
	if ids == "" {
		return nil
	}
	return strings.Split(ids, ",")
}

func TestCorrectionsAndWithdrawalsOfWhatWasShownAreTold(t *testing.T) {
	w := newWorld(t)
	shown, other := doc("kyiv", "Ukrinform", "Kyiv demands a ceasefire", ceasefireText), doc("rain", "Harbour Post", "Rain at the harbour", pipelineText)
	w.put(shown, other)
	w.edit()
	*w.clock = start.AddDate(0, 0, 1)
	shown.Text = strings.ReplaceAll(shown.Text, "full", "partial")
	other.Text = "Snow fell. " + other.Text
	w.put(shown, other)
	w.wants(t, "corrected", `corrected: kyiv on 2026-05-09`)
	w.wants(t, "told of once", "")
	*w.clock = start.AddDate(0, 0, 2)
	w.must(w.Withdraw(w.ctx, "kyiv", library.ByOperator, "wrong"))
	w.must(w.Withdraw(w.ctx, "rain", library.ByOperator, "wrong"))
	w.wants(t, "withdrawn", `withdrawn: kyiv on 2026-05-10`)
	w.must(w.Restore(w.ctx, "kyiv"))
	w.wants(t, "restored, and shown before", "")
}

// TestEveryDocumentIsShownByABlock has a digest cut off behind each of its blocks, and then
// composes the next one: what the blocks before showed is not told again, and all else is.
func TestEveryDocumentIsShownByABlock(t *testing.T) {
	w := newWorld(t)
	revised, gone := doc("revised", "Ukrinform", "Kyiv demands a ceasefire", ceasefireText), doc("gone", "Reuters", "Sanctions stay", sanctionsText)
	w.put(revised, gone)
	w.edit()
	*w.clock = start.AddDate(0, 0, 1)
	revised.Text = strings.ReplaceAll(revised.Text, "full", "partial")
	w.put(revised, doc("moscow", "TASS", "Kremlin rejects a ceasefire", moscowText), doc("copy", "Meduza", "Kremlin rejects a ceasefire", moscowText),
		doc("swap", "Reuters", "Prisoners exchanged", swapText))
	w.must(w.Withdraw(w.ctx, "gone", library.ByOperator, "wrong"))
	whole, err := w.editor.Compose(w.ctx, w.sub, w.cursor, w.isShown, *w.clock)
	w.must(err)
	var all []string
	for _, s := range whole.Shown {
		all = append(all, s.Document)
		if s.Blocks < 1 || s.Blocks > len(whole.Reply.Blocks) {
			t.Fatalf("%s is shown by %d of %d blocks", s.Document, s.Blocks, len(whole.Reply.Blocks))
		}
		switch b := whole.Reply.Blocks[s.Blocks-1].(type) {
		case bot.Quote:
			if id := b.Citation.Document; id != s.Document && s.Document != "copy" && s.Document != "moscow" {
				t.Errorf("%s is shown by a quotation of %s", s.Document, id)
			}
		case bot.List:
		default:
			t.Errorf("%s is shown by a %T", s.Document, b)
		}
	}
	slices.Sort(all)
	if got := strings.Join(all, " "); got != "copy gone moscow revised swap" {
		t.Fatalf("shown: %s", got)
	}
	before := maps.Clone(w.shown)
	for cut := range len(whole.Reply.Blocks) + 1 {
		w.shown = maps.Clone(before)
		told := map[string]bool{}
		for _, s := range whole.Shown {
			if s.Blocks <= cut {
				w.shown[s.Document], told[s.Document] = s.Revision, true
			}
		}
		rest, err := w.editor.Compose(w.ctx, w.sub, w.cursor, w.isShown, *w.clock)
		w.must(err)
		for _, s := range rest.Shown {
			if told[s.Document] {
				t.Errorf("behind block %d: %s is told again", cut, s.Document)
			}
			told[s.Document] = true
		}
		if len(told) != len(whole.Shown) {
			t.Errorf("behind block %d: told of %v in all", cut, told)
		}
	}
}

func TestWhatWasWithdrawnBeforeItWasShownIsNotTold(t *testing.T) {
	w := newWorld(t)
	w.put(doc("kyiv", "Ukrinform", "Kyiv demands a ceasefire", ceasefireText))
	w.must(w.Withdraw(w.ctx, "kyiv", library.ByOperator, "wrong"))
	w.wants(t, "withdrawn", "")
	w.must(w.Restore(w.ctx, "kyiv"))
	if items := w.edit().items(); len(items) != 1 {
		t.Errorf("restored, it is told as %v", items)
	}
}

func TestTheLanguageIsThatOfTheSubscriptionOrOfItsChat(t *testing.T) {
	w := newWorld(t)
	w.editor.settings = settings{"chat": {Language: "uk"}}
	if got := w.look().title(); got != "Дайджест, 8 травня 2026 року" {
		t.Errorf("of the chat: %s", got)
	}
	w.sub.Language = "en"
	if got := w.look().title(); got != "Digest, 8 May 2026" {
		t.Errorf("of the subscription: %s", got)
	}
}

func TestTheDateIsThatOfTheZone(t *testing.T) {
	w := newWorld(t)
	*w.clock = time.Date(2026, 5, 8, 22, 30, 0, 0, time.UTC)
	if got := w.look().title(); got != "Digest, 9 May 2026" {
		t.Errorf("in Kyiv: %s", got)
	}
	w.sub.Zone = "Atlantis"
	if _, err := w.editor.Compose(w.ctx, w.sub, 0, w.isShown, *w.clock); err == nil {
		t.Error("a zone that is none is taken")
	}
}

// outlets write about the talks in sentences of our own, so that a month of news can be
// made up. The numbers keep their texts apart.
func outlets(r *rand.Rand, date time.Time, n int) (docs []corpus.Document) {
	who := []string{"Ukrainian President Volodymyr Zelensky", "Kremlin spokesman Dmitry Peskov", "US President Donald Trump", "NATO Secretary General Mark Rutte", "French President Emmanuel Macron", "Chinese Foreign Minister Wang Yi"}
	says := []string{"demands", "rejects", "supports", "proposes"}
	what := []string{"a ceasefire along the front line", "new sanctions against Russia", "security guarantees for Ukraine", "the return of the deported children to Ukraine", "the transfer of territory in Donetsk region"}
	places := []string{"Vienna", "Ankara", "Doha", "Rome", "Geneva", "Riyadh", "Oslo", "Delhi"}
	for i := range n {
		actor, topic := who[r.IntN(len(who))], what[r.IntN(len(what))]
		text := fmt.Sprintf("%s said that his side %s %s. The remarks number %d were made in %s after %d hours of talks with %d delegates.",
			actor, says[r.IntN(len(says))], topic, r.IntN(1e9), places[r.IntN(len(places))], 1+r.IntN(40), 2+r.IntN(90))
		d := doc(fmt.Sprintf("%s-%d", date.Format(time.DateOnly), i), fmt.Sprintf("Outlet %d", r.IntN(12)), fmt.Sprintf("%s on %s in %s", actor, topic, places[r.IntN(len(places))]), text)
		published := date.AddDate(0, 0, -r.IntN(2)*r.IntN(10)) // half of them come late
		docs = append(docs, dated(d, published.Format(time.DateOnly)))
	}
	return docs
}

// TestAMonthOfDigests holds over a month of made-up news: no document is shown twice,
// nothing published well before it came stands as new, items and statements keep to their
// limits, every actor gets as many statements, and the order of actors turns.
func TestAMonthOfDigests(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	w := newWorld(t)
	seen := map[string]string{}
	var all []corpus.Document
	firsts := map[string]bool{}
	for d := range 31 {
		date := start.AddDate(0, 0, d)
		*w.clock = date
		fresh := outlets(r, date, r.IntN(40))
		all = append(all, fresh...)
		w.put(fresh...)
		if len(all) > 0 { // and a correction now and then
			c := all[r.IntN(len(all))]
			c.Text += " This was added."
			w.put(c)
		}
		e := w.edit()
		holds(t, e, date, seen)
		if len(e.Sides) > 0 {
			firsts[e.Sides[0].Actors[0]] = true
		}
	}
	if len(seen) < 100 || len(firsts) < 4 {
		t.Errorf("only %d documents were shown, and %d actors came first", len(seen), len(firsts))
	}
}

// holds are the properties of every digest.
func holds(t *testing.T, e edition, date time.Time, seen map[string]string) {
	t.Helper()
	name := date.Format(time.DateOnly)
	items := slices.Concat(e.items(), e.Earlier)
	if len(items) > maxItems || len(e.Sides) > maxSides {
		t.Errorf("%s: %d items, %d sides", name, len(items), len(e.Sides))
	}
	once := map[string]bool{}
	for _, item := range items {
		if once[item.Source.ID] {
			t.Errorf("%s: %s stands in it twice", name, item.Source.ID)
		}
		once[item.Source.ID] = true
	}
	for _, item := range e.items() {
		if late := date.Sub(item.Source.Published.End()); late > lateAfter {
			t.Errorf("%s: %s of %v stands as new", name, item.Source.ID, item.Source.Published)
		}
	}
	sentences := map[string]bool{}
	for _, item := range items {
		if sentences[item.Text] {
			t.Errorf("%s: twice: %s", name, item.Text)
		}
		sentences[item.Text] = true
	}
	for _, side := range e.Sides {
		if len(side.Statements) != len(e.Sides[0].Statements) || len(side.Statements) == 0 {
			t.Errorf("%s: %d statements of %v, %d of %v", name, len(side.Statements), side.Actors, len(e.Sides[0].Statements), e.Sides[0].Actors)
		}
		for _, st := range side.Statements {
			once[st.Source.ID] = true
			if sentences[st.Text] {
				t.Errorf("%s: twice: %s", name, st.Text)
			}
			sentences[st.Text] = true
			if !slices.Contains(st.Actors, side.Actors[0]) {
				t.Errorf("%s: a statement of %v stands for %v", name, st.Actors, side.Actors)
			}
		}
	}
	for id := range once {
		if on, ok := seen[id]; ok {
			t.Errorf("%s: %s was shown on %s", name, id, on)
		}
		seen[id] = name
		if !slices.ContainsFunc(e.shown, func(s delivery.Shown) bool { return s.Document == id }) {
			t.Errorf("%s: that %s is shown is not kept", name, id)
		}
	}
}

func TestTheSameMakesTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	w := newWorld(t)
	w.put(outlets(r, start, 60)...)
	first := w.look().summary()
	for range 3 {
		w.editor.readings.Purge()
		if diff := cmp.Diff(first, w.look().summary()); diff != "" {
			t.Fatal(diff)
		}
	}
	if first == "" {
		t.Error("there is nothing to compare")
	}
}

// TestManyComposeAtOnce is of use with -race: the caches are shared.
func TestManyComposeAtOnce(t *testing.T) {
	w := newWorld(t)
	w.put(outlets(rand.New(rand.NewPCG(2, 2)), start, 40)...)
	want := w.look().summary()
	w.editor.readings.Purge()
	w.editor.ranges.Purge()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			sub := w.sub
			if i%2 > 0 {
				sub.Topics = []string{"ceasefire"}
			}
			e, err := w.editor.edit(w.ctx, sub, 0, w.isShown, start)
			if err != nil {
				t.Error(err)
			}
			if got := e.summary(); (got == want) != (i%2 == 0) {
				t.Errorf("composed %s", got)
			}
		})
	}
	wg.Wait()
}

func TestManyCorrectionsAreTold(t *testing.T) {
	w := newWorld(t)
	var docs []corpus.Document
	for i := range maxNotices + 3 {
		docs = append(docs, doc(fmt.Sprint(i), "Ukrinform", "A ceasefire", strings.ReplaceAll(ceasefireText, "Observers", fmt.Sprintf("Of observers %d", i))))
	}
	w.put(docs...)
	w.skip()
	for i := range docs {
		w.shown[docs[i].ID] = 1
		docs[i].Text = strings.ReplaceAll(docs[i].Text, "full", "partial")
	}
	w.put(docs...)
	if e := w.edit(); len(e.Corrected.List) != maxNotices || e.Corrected.More != 3 || w.shown["7"] != 2 {
		t.Errorf("told %d and %d more: %v", len(e.Corrected.List), e.Corrected.More, w.shown)
	}
}

func TestTheOrderTurnsEveryDay(t *testing.T) {
	ids := []string{"a", "b", "c"}
	seen := map[string]bool{}
	for d := range 3 {
		date := corpus.DateOf(start.AddDate(0, 0, d), corpus.Day)
		order := turned(ids, date)
		seen[order[0]] = true
		if got := turned(ids, date); !slices.Equal(got, order) {
			t.Errorf("on one day %v and %v", order, got)
		}
	}
	if len(seen) != 3 {
		t.Errorf("first in three days came %v", seen)
	}
}

// TestEveryQuotationIsASpanOfItsDocument composes digests of the briefs, ten at a time.
func TestEveryQuotationIsASpanOfItsDocument(t *testing.T) {
	own, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for _, d := range own {
		text[d.ID] = d.Text
	}
	w := newWorld(t)
	n := 0
	for some := range slices.Chunk(own, 10) {
		w.put(some...)
		e := w.edit()
		var all []index.Statement
		for _, side := range e.Sides {
			all = append(all, side.Statements...)
		}
		for _, st := range slices.Concat(e.items(), e.Earlier, all) {
			n++
			if got := text[st.Source.ID][st.Start:st.End]; got != st.Text {
				t.Errorf("%s: quoted %q, it has %q", st.Source.ID, st.Text, got)
			}
			if !strings.Contains(text[st.Source.ID], st.Before+st.Text) {
				t.Errorf("%s has no %q", st.Source.ID, st.Before+st.Text)
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d quotations", n)
	}
}

// shelf is a library in memory, in which every document has a text of its own.
type shelf []corpus.Document

func (s shelf) Changes(_ context.Context, after int64, limit int) (changes []library.Change, err error) {
	for n := after; n < int64(len(s)) && len(changes) < limit; n++ {
		changes = append(changes, library.Change{Number: n + 1, ID: s[n].ID, Kind: library.ChangeAdded, Revision: 1, At: start})
	}
	return changes, nil
}

func (s shelf) Get(_ context.Context, id string) (library.Entry, error) {
	i := slices.IndexFunc(s, func(d corpus.Document) bool { return d.ID == id })
	return library.Entry{Document: s[i], Revision: 1}, nil
}

func (s shelf) Stories(context.Context, ...string) (map[string][]library.Entry, error) {
	return nil, nil
}

func TestAFloodOfDocumentsIsBounded(t *testing.T) {
	w := newWorld(t)
	const flood = maxArrivals + 500
	w.editor.library = shelf(outlets(rand.New(rand.NewPCG(3, 3)), start, flood))
	e := w.edit()
	if e.Documents != flood || len(e.shown) > maxItems+maxSides {
		t.Errorf("%d documents, %d shown", e.Documents, len(e.shown))
	}
	if want := flood - maxRead; e.Unread != want || w.editor.readings.Len() != maxRead {
		t.Errorf("%d are not read, %d readings; want %d, %d", e.Unread, w.editor.readings.Len(), want, maxRead)
	}
	if e.through != flood {
		t.Errorf("it looked through change %d of %d", e.through, flood)
	}
	if got := len(e.items()) + len(e.Earlier); got != maxItems {
		t.Errorf("%d items", got)
	}
}

func TestBoilerplateIsNotQuoted(t *testing.T) {
	for sentence, want := range map[string]bool{
		"Subscribe to our newsletter for more.": false, "READ MORE IN OUR ARCHIVE.": false, "By Jane Doe, Brussels": false, "© 2026 The Agency.": false,
		"Talks were held in Geneva.": true, "“We will not yield.”": true, "Він сказав так.": true, "Is that so?": true,
	} {
		if got := isProse(sentence); got != want {
			t.Errorf("%q: %t", sentence, got)
		}
	}
}

var _ delivery.Composer = (*Editor)(nil)

var _ bot.Settings = settings{}

func TestASharedStatementIsShownOnce(t *testing.T) {
	s := &story{}
	at := func(text string) position { return position{Statement: index.Statement{Text: text}, in: s} }
	for _, tc := range []struct {
		what string
		by   map[string][]position
		want string
	}{
		{"both have the same alone", map[string][]position{"a": {at("x")}, "b": {at("x")}}, "a+b: x"},
		{"one has another", map[string][]position{"a": {at("x")}, "b": {at("x"), at("y")}}, "a: x|b: y"},
		{"each has two", map[string][]position{"a": {at("w"), at("x")}, "b": {at("y"), at("z")}}, "a: w x|b: y z"},
		{"one has two", map[string][]position{"a": {at("w"), at("x")}, "b": {at("y")}}, "a: w|b: y"},
		{"the second is shared", map[string][]position{"a": {at("w"), at("x")}, "b": {at("x")}}, "a+b: x"},
		{"alone", map[string][]position{"a": {at("w"), at("x"), at("y")}}, "a: w x"},
	} {
		var f sides
		f.fill(slices.Sorted(maps.Keys(tc.by)), tc.by)
		var got []string
		for _, side := range f.sides {
			line := strings.Join(side.Actors, "+") + ":"
			for _, st := range side.Statements {
				line += " " + st.Text
			}
			got = append(got, line)
		}
		if got := strings.Join(got, "|"); got != tc.want {
			t.Errorf("%s: %s; want %s", tc.what, got, tc.want)
		}
	}
}
