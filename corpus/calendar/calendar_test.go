package calendar

import (
	"strings"
	"testing"
	"time"
)

func TestANameHasOneMonth(t *testing.T) {
	seen := map[string]time.Month{}
	for i, month := range months {
		for name := range strings.FieldsFuncSeq(strings.Join(month[:], " "), func(r rune) bool { return r == ' ' || r == '|' }) {
			if m := seen[name]; m != 0 && m != time.Month(i+1) {
				t.Errorf("%s is %v and %v", name, m, time.Month(i+1))
			}
			seen[name] = time.Month(i + 1)
		}
	}
}

func TestMonthsHaveTheFormsAskedFor(t *testing.T) {
	for _, test := range []struct {
		forms    Form
		language Language
		name     string
		want     time.Month
	}{
		{Full, English, "january", time.January},
		{Full, English, "jan", 0},
		{Short, English, "sept", time.September},
		{Full | Oblique | Short, English, "may", time.May},
		{Full, Ukrainian, "лютого", time.February},
		{Full, Ukrainian, "лютому", 0},
		{Full | Oblique, Ukrainian, "лютому", time.February},
		{Full | Oblique, Russian, "лютого", 0},
		{Short, Russian, "июл", time.July},
		{Full, Western, "août", time.August},
		{Full, Western, "maart", time.March},
	} {
		if got := Months(test.forms, test.language)[test.name]; got != test.want {
			t.Errorf("%q among forms %b of language %d: %v, not %v", test.name, test.forms, test.language, got, test.want)
		}
	}
	if n := len(Months(Full, English)); n != 12 {
		t.Errorf("%d English months", n)
	}
}

func TestWeekdays(t *testing.T) {
	days := Weekdays()
	for day := range time.Saturday + 1 {
		if got, ok := days[strings.ToLower(day.String())]; !ok || got != day {
			t.Errorf("%v is %v, %t", day, got, ok)
		}
	}
	if days["понеділка"] != time.Monday || days["пятницу"] != time.Friday {
		t.Error("a day in Ukrainian or Russian is another")
	}
}
