package feed

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/corpus/schedule"
)

func hints(ttl string, hours, days []string, e *element) schedule.Hints {
	var h schedule.Hints
	if minutes, err := strconv.Atoi(strings.TrimSpace(ttl)); err == nil && minutes > 0 && minutes < 1<<20 {
		h.Every = time.Duration(minutes) * time.Minute
	}
	if every := updatePeriod(e.first("sy:updateperiod"), e.first("sy:updatefrequency")); h.Every == 0 {
		h.Every = every
	}
	for _, hour := range hours {
		if n, err := strconv.Atoi(strings.TrimSpace(hour)); err == nil && n >= 0 && n <= 24 && !slices.Contains(h.SkipHours, n%24) {
			h.SkipHours = append(h.SkipHours, n%24) // some count the hours from 1
		}
	}
	for _, name := range days {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(name), day.String()) && !slices.Contains(h.SkipDays, day) {
				h.SkipDays = append(h.SkipDays, day)
			}
		}
	}
	if len(h.SkipHours) == 24 || len(h.SkipDays) == 7 { // never is no answer
		h.SkipHours, h.SkipDays = nil, nil
	}
	return h
}

// updatePeriod is that of the module Syndication of RSS 1.0: a period in which the feed
// changes so many times, once unless said.
func updatePeriod(period, frequency string) time.Duration {
	const day = 24 * time.Hour
	length := map[string]time.Duration{"hourly": time.Hour, "daily": day, "weekly": 7 * day, "monthly": 30 * day, "yearly": 365 * day}
	times, err := strconv.Atoi(strings.TrimSpace(frequency))
	if err != nil || times < 1 {
		times = 1
	}
	return length[strings.ToLower(strings.TrimSpace(period))] / time.Duration(times)
}
