package bot

import (
	"strconv"
	"time"

	"parley/bot/timeline"
	"parley/bot/wording"
)

// chartWords are what a picture says of its own.
func chartWords(l wording.Language) *timeline.Words {
	return &timeline.Words{
		Kind: func(k timeline.Kind) string {
			name, _ := l.Lookup("stance", k.String())
			return name
		},
		Within: l.Say("chart.within"),
		Threefold: func(u timeline.Unit, n int) string {
			if u == timeline.Years {
				return l.Count("chart_years", n)
			}
			text, _ := l.Lookup("chart_unit", string(u))
			return text
		},
		Day:       func(t time.Time) string { return l.Fill("chart.day", chartDate(l, t)) },
		Month:     func(t time.Time) string { return l.Fill("chart.month", chartDate(l, t)) },
		MonthName: func(m time.Month) string { return shortMonth(l, m) },
		Through:   func(from, to string) string { return l.Fill("period", wording.Data{"From": from, "To": to}) },
		Entries:   func(n int) string { return l.Count("chart_entries", n) },
		None:      l.Say("chart.none"),
		Timeline:  func(period string) string { return l.Fill("chart.alt", wording.Data{"Period": period}) },
	}
}

func chartDate(l wording.Language, t time.Time) wording.Data {
	return wording.Data{"Day": t.Day(), "Month": shortMonth(l, t.Month()), "Year": t.Format("2006")}
}

func shortMonth(l wording.Language, m time.Month) string {
	name, _ := l.Lookup("month_short", strconv.Itoa(int(m)))
	return name
}
