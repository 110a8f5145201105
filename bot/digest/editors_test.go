package digest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/corpus"
	"parley/corpus/briefs"
)

// TestADigestAgreesWithEditors takes 30 days of which Wikipedia's editors listed at least
// three events of the war, with the White House's papers and our briefs of the week before
// as noise that comes late, and holds that what the editors listed leads and that nothing
// older is shown as new. With -v it prints the figures.
func TestADigestAgreesWithEditors(t *testing.T) {
	t.Parallel()
	events := documents(t, "corpora/current-events-ukraine.jsonl")
	noise := documents(t, "corpora/whitehouse-ukraine.jsonl")
	own, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	noise = append(noise, own...)
	days, by := byDay(events)
	days = slices.DeleteFunc(days, func(day string) bool { return warEvents(by[day]) < 3 })
	const wanted = 30
	if len(days) < wanted {
		t.Fatalf("%d days with three events of the war", len(days))
	}
	var sum agreement
	for i := range wanted {
		a := agreeOn(t, days[i*len(days)/wanted], by, noise)
		sum.add(a)
	}
	t.Logf("%d days: %d events of the editors, %d of the war; %d other documents of the week", wanted, sum.events, sum.war, sum.noise)
	t.Logf("items: %d, of them of the day %d; days led by the editors' items: %d; older ones under their own heading: %d", sum.items, sum.ofDay, sum.led, sum.earlier)
	t.Logf("the editors' events of the war among the items or the statements: %d of the %d that fit", sum.told, sum.fit)
	if sum.led != wanted || sum.stale > 0 {
		t.Errorf("%d of %d days are led by items of the day, %d older items stand as new", sum.led, wanted, sum.stale)
	}
	if sum.told*10 < sum.fit*8 {
		t.Errorf("%d of %d events of the war are told of; want four of five", sum.told, sum.fit)
	}
}

// agreement counts what a digest and the editors have in common.
type agreement struct {
	events, war, noise         int // given
	items, ofDay, led, earlier int // shown
	stale                      int // shown as new, and older than a day
	told, fit                  int // events of the war: told of, and how many could be
}

func (a *agreement) add(b agreement) {
	a.events, a.war, a.noise = a.events+b.events, a.war+b.war, a.noise+b.noise
	a.items, a.ofDay, a.led, a.earlier = a.items+b.items, a.ofDay+b.ofDay, a.led+b.led, a.earlier+b.earlier
	a.stale, a.told, a.fit = a.stale+b.stale, a.told+b.told, a.fit+b.fit
}

// isWar reports whether the editors filed an event under the war, and it names a side:
// in the corpus some events stand under the heading of those before them.
func isWar(d corpus.Document) bool {
	filed := strings.Contains(d.Title, "Russo-Ukrainian") || strings.Contains(strings.ToLower(d.Title), "invasion of ukraine")
	return filed && (strings.Contains(d.Text, "Russia") || strings.Contains(d.Text, "Ukrain"))
}

func warEvents(docs []corpus.Document) (n int) {
	for _, d := range docs {
		if isWar(d) {
			n++
		}
	}
	return n
}

// agreeOn composes the digest of the morning after a day.
func agreeOn(t *testing.T, date string, by map[string][]corpus.Document, noise []corpus.Document) (a agreement) {
	w := newWorld(t)
	published := day(date)
	week := published.Start().AddDate(0, 0, -7)
	noise = slices.DeleteFunc(slices.Clone(noise), func(d corpus.Document) bool {
		p := d.Published
		return p.Precision() < corpus.Day || !p.Start().After(week) || !p.Start().Before(published.End())
	})
	w.put(noise...)
	a.noise = len(noise)
	*w.clock = published.End().Add(6 * time.Hour)
	w.put(by[date]...)
	a.events, a.war = len(by[date]), warEvents(by[date])
	e := w.edit()
	items := e.items()
	for i, item := range items {
		ofDay := item.Source.Published.End().After(published.Start())
		a.items++
		switch {
		case ofDay:
			a.ofDay++
		default: // it was published before the day
			a.stale++
		}
		if i == 0 && ofDay {
			a.led++
		}
	}
	a.earlier = len(e.Earlier)
	for _, d := range by[date] {
		if _, ok := w.shown[d.ID]; ok && isWar(d) {
			a.told++
		}
	}
	a.fit = min(a.war, maxItems)
	return a
}
