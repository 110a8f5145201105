package bot

import (
	"strconv"
	"time"

	"parley/bot/timeline"
)

// chartWords are what a picture says of its own.
func (w words) chartWords() *timeline.Words {
	return &timeline.Words{
		Kind: func(k timeline.Kind) string {
			name, _ := w.has(stanceWords, k.String())
			return name
		},
		Within: w.say(sayChartWithin, nil),
		Threefold: func(u timeline.Unit, n int) string {
			if u == timeline.Years {
				return w.count(sayChartYears, n)
			}
			text, _ := w.has(chartUnits, string(u))
			return text
		},
		Day:       func(t time.Time) string { return w.say(sayChartDay, w.chartDate(t)) },
		Month:     func(t time.Time) string { return w.say(sayChartMonth, w.chartDate(t)) },
		MonthName: w.shortMonth,
		Through:   func(from, to string) string { return w.say(sayPeriod, data{"From": from, "To": to}) },
		Entries:   func(n int) string { return w.count(sayChartEntries, n) },
		None:      w.say(sayChartNone, nil),
		Timeline:  func(period string) string { return w.say(sayChartAlt, data{"Period": period}) },
	}
}

func (w words) chartDate(t time.Time) data {
	return data{"Day": t.Day(), "Month": w.shortMonth(t.Month()), "Year": t.Format("2006")}
}

func (w words) shortMonth(m time.Month) string {
	name, _ := w.has(monthsShort, strconv.Itoa(int(m)))
	return name
}
