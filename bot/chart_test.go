package bot

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"parley/bot/timeline"
	"parley/bot/wording"
	"parley/index"
)

// TestPicturesSpeakTheLanguageOfTheChat looks at everything that a picture may say.
func TestPicturesSpeakTheLanguageOfTheChat(t *testing.T) {
	units := []timeline.Unit{
		timeline.Day, timeline.Week, timeline.Month, timeline.TwoMonths, timeline.Quarter, timeline.HalfYear,
		timeline.Year, timeline.Years, timeline.Whole,
	}
	for _, tag := range wording.Languages() {
		w := chartWords(wording.In(tag))
		day := time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC)
		said := []string{w.Within, w.None, w.Day(day), w.Month(day), w.Through("1", "2"), w.Entries(1), w.Entries(3), w.Timeline("2026")}
		for k := timeline.Demands; k <= timeline.Event; k++ {
			said = append(said, w.Kind(k))
		}
		for m := time.January; m <= time.December; m++ {
			said = append(said, w.MonthName(m))
		}
		for _, u := range units {
			said = append(said, w.Threefold(u, 5))
		}
		for _, text := range said {
			if text == "" || strings.Contains(text, "chart") || strings.Contains(text, "no value") {
				t.Errorf("%s: %q", tag, text)
			}
			latin := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
			if tag == "uk" && latin {
				t.Errorf("in Ukrainian: %q", text)
			}
		}
	}
}

// TestATimelineIsDescribedInTheLanguageOfTheReply finds no English beside a picture.
func TestATimelineIsDescribedInTheLanguageOfTheReply(t *testing.T) {
	found := index.Timeline{Lines: []index.TimeLine{{Actor: "russia", Marks: []index.TimeMark{{Date: date("2026-05-08"), Stance: "demands", Passages: 3}}}}}
	blocks := presenter("uk").TimelinePicture("Останні 14 днів", found, index.Period{})
	const want = "Останні 14 днів. Хронологія, 8 трав. 2026. Росія: 3 записи, 8 трав. 2026 (вимагає 3)."
	if picture, ok := blocks[0].(Picture); !ok || picture.Alt != want {
		t.Errorf("got %+v", blocks[0])
	}
}

// TestPicturesInEnglish holds the words of the interface to those of a chart that is given none.
func TestPicturesInEnglish(t *testing.T) {
	at := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	chart := timeline.Chart{Title: "The talks", Rows: []timeline.Row{
		{Name: "Russia", Marks: []timeline.Mark{{From: at(5, 8), Kind: timeline.Demands}, {From: at(3, 1), To: at(4, 1), Kind: timeline.Event}}},
		{Name: "Ukraine", Marks: []timeline.Mark{{From: at(5, 9), Kind: timeline.Says}}},
		{Name: "China"},
	}}
	want := chart.AltText()
	chart.Words = chartWords(wording.In("en"))
	if diff := cmp.Diff(want, chart.AltText()); diff != "" {
		t.Error(diff)
	}
	chart.Words, chart.Title = chartWords(wording.In("uk")), "Переговори"
	chart.Rows[0].Name, chart.Rows[1].Name, chart.Rows[2].Name = "Росія", "Україна", "Китай"
	const uk = "Переговори. Хронологія, бер. 2026 – 9 трав. 2026. Росія: 2 записи, бер. 2026 – 8 трав. 2026 (вимагає 1, подія 1). " +
		"Україна: 1 запис, 9 трав. 2026 (заявляє 1). Китай: в архіві немає заяв."
	if diff := cmp.Diff(uk, chart.AltText()); diff != "" {
		t.Error(diff)
	}
}
