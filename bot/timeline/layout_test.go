package timeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustFaces(t testing.TB) *faces {
	t.Helper()
	f, err := newFaces()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lines tells a layout's marks: row, lane, kind with count, days, place.
func (l *layout) lines() []string {
	var lines []string
	for n, r := range l.rows {
		for _, i := range r.items {
			line := fmt.Sprintf("%d.%d %v%s %v at %d", n, i.lane, i.kind, i.text(), i.within, i.x)
			if i.from < i.to {
				line += fmt.Sprintf(" line %d-%d", i.from, i.to)
			}
			if i.below {
				line += " below"
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func TestArrange(t *testing.T) {
	t.Parallel()
	c := Chart{
		From: on(2025, time.January, 1), To: on(2026, time.January, 1),
		Rows: []Row{
			{Name: "Ukraine", Marks: []Mark{
				{From: on(2025, time.August, 18), Kind: Demands},
				{From: on(2025, time.August, 18).Add(9 * time.Hour), Kind: Demands},
				{From: on(2025, time.August, 18), Kind: Supports},
				{From: on(2025, time.August, 20), Kind: Demands},
				{From: on(2025, time.February, 1), To: on(2025, time.March, 1), Kind: Warns},
			}},
			{Name: "Türkiye"},
			{Name: "Russia", Marks: []Mark{
				{From: on(2024, time.January, 1), To: on(2026, time.January, 1), Kind: Says},
				{From: on(2025, time.January, 1), Kind: Opposes},
				{From: on(2025, time.December, 31), Kind: Opposes},
			}},
		},
	}
	l := arrange(c, mustFaces(t))
	want := []string{
		"0.0 demands×2 18 Aug 2025 at 725",
		"0.1 demands 20 Aug 2025 at 731",
		"0.2 supports 18 Aug 2025 at 725",
		"0.0 warns Feb 2025 at 210 line 174-246",
		"2.0 opposes 1 Jan 2025 at 86",
		"2.0 opposes 31 Dec 2025 at 1103",
		"2.1 says 1 Jan 2024 to 31 Dec 2025 at 595 line 88-1102",
	}
	if diff := cmp.Diff(want, l.lines()); diff != "" {
		t.Errorf("layout (-want +got):\n%s", diff)
	}
	if got := l.rows[1]; got.note != "no statement in the record" || got.bottom-got.top != rowHead+rowFoot {
		t.Errorf("a row without marks is %d high and says %q", got.bottom-got.top, got.note)
	}
	checkLayout(t, c, l)
}

// A month in a picture of years is no wider than a mark, and still no day.
func TestVagueDatesOfAFewPixels(t *testing.T) {
	t.Parallel()
	february := Mark{From: on(2025, time.February, 1), To: on(2025, time.March, 1), Kind: Says}
	c := Chart{
		From: on(2024, time.January, 1), To: on(2026, time.January, 1),
		Rows: []Row{
			{Name: "a month", Marks: []Mark{february}},
			{Name: "one month, twice", Marks: []Mark{february, february}},
			{Name: "a day", Marks: []Mark{{From: on(2025, time.February, 14), Kind: Says}}},
		},
	}
	l := arrange(c, mustFaces(t))
	want := []string{
		"0.0 says Feb 2025 at 658 line 638-678 below",
		"1.0 says×2 Feb 2025 at 658 line 638-678 below",
		"2.0 says 14 Feb 2025 at 657",
	}
	if diff := cmp.Diff(want, l.lines()); diff != "" {
		t.Errorf("layout (-want +got):\n%s", diff)
	}
	checkLayout(t, c, l)
}

// Where there are more marks than room, they are counted over a longer time, and the
// legend names it.
func TestCounting(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		chart Chart
		want  string
	}{
		"room":           {busy(3, 50), "×3 three in one day"},
		"a screen":       {busy(5, 40), "×3 three in one month"},
		"the most":       {busy(MaxRows, MaxMarks/MaxRows), "×3 three in one quarter"},
		"a day":          {Chart{Rows: []Row{{Name: "x", Marks: slices.Repeat([]Mark{{From: on(1, time.January, 1), Kind: Event}}, MaxMarks)}}}, "×3 three in one day"},
		"nothing counts": {busy(1, 1), ""},
		"no two the same": {Chart{Rows: slices.Repeat([]Row{{Name: "x", Marks: spread(400)}}, MaxRows)},
			"×3 three in this period"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := arrange(test.chart, mustFaces(t))
			got := ""
			for _, e := range slices.Concat(l.legend...) {
				if e.count != "" {
					got = e.count + " " + e.text
				}
			}
			if got != test.want {
				t.Errorf("the legend says %q, want %q", got, test.want)
			}
			checkLayout(t, test.chart, l)
		})
	}
}

// spread is long spans of which no two are the same and all overlap.
func spread(n int) (marks []Mark) {
	for i := range n {
		marks = append(marks, Mark{From: on(2025, time.January, 1+i), To: on(2027, time.January, 1+i), Kind: Demands + Kind(i%int(Event))})
	}
	return marks
}

// checkLayout holds for every picture: all marks are counted, none touches another, and
// all is inside.
func checkLayout(t *testing.T, c Chart, l *layout) {
	t.Helper()
	f := mustFaces(t)
	if l.height < 300 || l.height > maxHeight {
		t.Errorf("the picture is %d high", l.height)
	}
	for n, r := range l.rows {
		checkCounts(t, c.Rows[n].Marks, r.items)
		checkApart(t, r)
		if end := plotLeft + width(f.name, r.name); end > plotRight-width(f.text, r.note) {
			t.Errorf("name %q and note %q touch", r.name, r.note)
		}
		if n > 0 && r.top != l.rows[n-1].bottom {
			t.Errorf("row %d begins at %d, the one above ends at %d", n, r.top, l.rows[n-1].bottom)
		}
	}
	checkLabels(t, l, f)
}

func checkCounts(t *testing.T, marks []Mark, items []item) {
	t.Helper()
	var want, got [len(kindNames)]int
	for _, m := range marks {
		want[m.Kind]++
	}
	for _, i := range items {
		got[i.kind] += i.count
	}
	if got != want {
		t.Errorf("drawn by kind: %v, given: %v", got, want)
	}
}

func checkApart(t *testing.T, r rowBox) {
	t.Helper()
	for n, i := range r.items {
		if i.box.from < margin || i.box.end > plotRight || i.from > i.to {
			t.Errorf("%v lies outside of the plot", i)
		}
		if y := r.y(i); y-markSize/2 < r.top+rowHead || y+markSize/2 > r.bottom {
			t.Errorf("%v lies outside of its row, %d to %d", i, r.top, r.bottom)
		}
		mark := interval{i.x - markSize/2, i.x + markSize/2}
		if mark.overlaps(i.label) || i.box.join(mark).join(i.label) != i.box {
			t.Errorf("%v: mark and count are not side by side in its box", i)
		}
		for _, o := range r.items[:n] {
			if o.lane == i.lane && o.box.overlaps(i.box) {
				t.Errorf("%v and %v touch", o, i)
			}
		}
	}
}

func checkLabels(t *testing.T, l *layout, f *faces) {
	t.Helper()
	for _, line := range append(slices.Clone(l.title), l.subtitle...) {
		if width(f.subtitle, line) > plotRight-margin {
			t.Errorf("%q is too wide", line)
		}
	}
	var minor, major interval
	for _, tick := range l.axis {
		for before, label := range map[*interval]string{&minor: tick.minor, &major: tick.major} {
			if label == "" {
				continue
			}
			at := interval{tick.x, tick.x + width(f.text, label)}
			if at.overlaps(*before) || at.end > plotRight {
				t.Errorf("label %q at %v touches that at %v, or the edge", label, at, *before)
			}
			*before = at
		}
	}
	for _, line := range l.legend {
		end := 0
		for _, e := range line {
			if e.x < end {
				t.Errorf("%q in the legend touches what is left of it", e.text)
			}
			if end = e.x + e.signWidth(func(s string) int { return width(f.text, s) }) + signGap + width(f.text, e.text); end > plotRight {
				t.Errorf("%q in the legend ends at %d", e.text, end)
			}
		}
	}
}

func TestTicks(t *testing.T) {
	t.Parallel()
	face := mustFaces(t).text
	tests := []struct {
		from, to time.Time
		want     string
	}{
		{on(2025, time.August, 15), on(2025, time.August, 16), "15/Aug 2025"},
		{on(2025, time.December, 29), on(2026, time.January, 5), "29/Dec 2025 30 31 1/Jan 2026 2 3 4"},
		{on(2025, time.January, 20), on(2025, time.March, 20), "20/Jan 2025 27 3/Feb 2025 10 17 24 3/Mar 2025 10 17"},
		{on(2025, time.February, 12), on(2026, time.January, 9), "/2025 Mar Apr May Jun Jul Aug Sep Oct Nov Dec Jan/2026"},
		{on(2025, time.January, 1), on(2027, time.January, 1), "Jan/2025 Mar May Jul Sep Nov Jan/2026 Mar May Jul Sep Nov"},
		{on(2022, time.February, 24), on(2026, time.May, 8), "/2022 Apr Jul Oct Jan/2023 Apr Jul Oct Jan/2024 Apr Jul Oct Jan/2025 Apr Jul Oct Jan/2026 Apr"},
		{on(2015, time.February, 12), on(2025, time.February, 12), "2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025"},
		{on(1, time.January, 1), on(10000, time.January, 1), "0001 1000 2000 3000 4000 5000 6000 7000 8000 9000"},
	}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			t.Parallel()
			s := scale{span{dayOf(test.from), dayAfter(test.to)}, 85, 1105}
			var labels []string
			for _, tick := range ticks(s, 1160, english(), func(s string) int { return width(face, s) }) {
				if label := strings.TrimSuffix(tick.minor+"/"+tick.major, "/"); label != "" {
					labels = append(labels, label)
				}
			}
			if got := strings.Join(labels, " "); got != test.want {
				t.Errorf("ticks\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestStep(t *testing.T) {
	t.Parallel()
	for _, s := range append(slices.Clone(steps), forever) {
		for _, d := range []day{date(1, time.January, 1), date(1969, time.December, 31), date(1970, time.January, 1), date(2024, time.February, 29), date(2026, time.May, 8), date(9999, time.December, 31)} {
			first := s.floor(d)
			if next := s.next(first); first > d || d >= next || s.floor(next) != next || s.floor(next-1) != first {
				t.Errorf("%s of %v begins on %v, the next on %v", s.name, d, first, next)
			}
		}
	}
	if monday := steps[1].floor(date(2026, time.May, 8)).start(); monday.Weekday() != time.Monday {
		t.Errorf("a week begins on a %v", monday.Weekday())
	}
}

func TestMarkSpan(t *testing.T) {
	t.Parallel()
	noon := on(2025, time.February, 14).Add(12 * time.Hour)
	east := time.FixedZone("+03", 3*60*60)
	tests := map[string]Mark{
		"14 Feb 2025":                {From: noon},
		"13 Feb 2025":                {From: time.Date(2025, time.February, 14, 1, 0, 0, 0, east)},
		"15 Feb 2025":                {From: on(2025, time.February, 15), To: on(2025, time.February, 16)},
		"14 Feb 2025 to 15 Feb 2025": {From: noon, To: noon.Add(24 * time.Hour)},
		"Feb 2024":                   {From: on(2024, time.February, 1), To: on(2024, time.March, 1)},
		"2025":                       {From: on(2025, time.January, 1), To: on(2026, time.January, 1)},
		"28 Dec 1969 to 2 Jan 1970":  {From: on(1969, time.December, 28).Add(time.Hour), To: on(1970, time.January, 2).Add(time.Second)},
	}
	for want, m := range tests {
		if got := m.span().String(); got != want {
			t.Errorf("%v to %v is %s, want %s", m.From, m.To, got, want)
		}
	}
}

// FuzzArrange lays out rows of marks anywhere in time: as many bytes as a mark takes
// are one mark.
func FuzzArrange(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1}, uint8(1), "Ukraine", "Security guarantees")
	f.Add([]byte{9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2}, uint8(3), strings.Repeat("Ω", 300), "")
	f.Add([]byte(strings.Repeat("\x00\xff\x10\x27", 90)), uint8(12), "\u200b\xff", "a b")
	f.Fuzz(func(t *testing.T, data []byte, rows uint8, name, title string) {
		c := Chart{Title: title, Subtitle: name, Rows: make([]Row, rows%16)}
		for n := 0; len(data) >= 4 && len(c.Rows) > 0; n, data = n+1, data[4:] {
			d := date(1, time.January, 1) + (day(data[0])<<16|day(data[1])<<8|day(data[2]))%3_652_059
			m := Mark{From: d.start(), Kind: Kind(data[3] % 9)}
			if long := data[3] >> 4; long > 0 {
				m.To = m.From.AddDate(0, 0, 1<<long-2)
			}
			r := &c.Rows[n%len(c.Rows)]
			r.Name, r.Marks = name, append(r.Marks, m)
		}
		if len(c.AltText()) > 4*maxAlt {
			t.Errorf("the text is long: %s", c.AltText())
		}
		if c.Validate() == nil {
			checkLayout(t, c, arrange(c, mustFaces(t)))
		}
	})
}
