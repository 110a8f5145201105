package timeline

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"parley/bot/wording"
)

// TestPicturesSpeakEveryLanguage looks at everything that a picture may say.
func TestPicturesSpeakEveryLanguage(t *testing.T) {
	for _, tag := range wording.Languages() {
		w := words{wording.In(tag)}
		day := time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC)
		said := []string{
			w.Say("chart.within"), w.Say("chart.none"), w.day(day), w.month(day), w.through("1", "2"), w.entries(1), w.entries(3),
			w.Fill("chart.alt", wording.Data{"Period": "2026"}), w.threeIn(forever),
		}
		for k := Demands; k <= Event; k++ {
			said = append(said, w.kind(k))
		}
		for m := time.January; m <= time.December; m++ {
			said = append(said, w.monthName(m))
		}
		for _, s := range steps {
			said = append(said, w.threeIn(s))
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

func TestAltTextInEveryLanguage(t *testing.T) {
	chart := Chart{Title: "The talks", Rows: []Row{
		{Name: "Russia", Marks: []Mark{{From: on(2026, 5, 8), Kind: Demands}, {From: on(2026, 3, 1), To: on(2026, 4, 1), Kind: Event}}},
		{Name: "Ukraine", Marks: []Mark{{From: on(2026, 5, 9), Kind: Says}}},
		{Name: "China"},
	}}
	const en = "The talks. Timeline, Mar 2026 to 9 May 2026. Russia: 2 entries, Mar 2026 to 8 May 2026 (demands 1, event 1). " +
		"Ukraine: 1 entry, 9 May 2026 (says 1). China: no statement in the record."
	if diff := cmp.Diff(en, chart.AltText()); diff != "" {
		t.Error(diff)
	}
	chart.Language = wording.In("en")
	if diff := cmp.Diff(en, chart.AltText()); diff != "" {
		t.Error(diff)
	}
	chart.Language, chart.Title = wording.In("uk"), "Переговори"
	chart.Rows[0].Name, chart.Rows[1].Name, chart.Rows[2].Name = "Росія", "Україна", "Китай"
	const uk = "Переговори. Хронологія, бер. 2026 – 9 трав. 2026. Росія: 2 записи, бер. 2026 – 8 трав. 2026 (вимагає 1, подія 1). " +
		"Україна: 1 запис, 9 трав. 2026 (заявляє 1). Китай: в архіві немає заяв."
	if diff := cmp.Diff(uk, chart.AltText()); diff != "" {
		t.Error(diff)
	}
}
