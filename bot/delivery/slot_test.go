package delivery

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/bot"
	"parley/corpus"
)

// theZones have clock changes of an hour in spring and in autumn, of half an hour, at
// midnight, none but an odd offset, and a day that was left out.
var theZones = []string{"Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut", "Pacific/Apia"}

// TestAYearHasOneSlotForEachDateWanted goes through years with NextSlot, as a subscription
// lives, and compares with the calendar.
func TestAYearHasOneSlotForEachDateWanted(t *testing.T) {
	days := map[string][]time.Weekday{"every day": nil, "weekdays": {time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}, "Sundays": {time.Sunday}}
	for _, name := range theZones {
		zone := need(time.LoadLocation(name))
		for what, wanted := range days {
			for _, at := range []int{0, 30, 60, 105, 119, 120, 150, 180, 195, 9 * 60, 23*60 + 59} {
				s := bot.Subscription{ID: "s", Zone: name, At: at, Days: wanted}
				t.Run(fmt.Sprintf("%s/%s/%d", name, what, at), func(t *testing.T) { wantYear(t, s, zone, 2026) })
			}
		}
	}
}

func wantYear(t *testing.T, s bot.Subscription, zone *time.Location, year int) {
	begin, end := time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+1, 1, 1, 0, 0, 0, 0, zone)
	var want, have []string
	for day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
		if len(s.Days) == 0 || slices.Contains(s.Days, day.Weekday()) {
			want = append(want, day.Format(time.DateOnly))
		}
	}
	for after := begin.Add(-time.Second); ; {
		date, due, err := NextSlot(s, after)
		if err != nil {
			t.Fatal(err)
		}
		if !due.Before(end) {
			break
		}
		have = append(have, date.String())
		wantOnClock(t, s, zone, date, due)
		after = due
	}
	if !slices.Equal(want, have) {
		t.Errorf("%d slots; want %d:\n%v", len(have), len(want), have)
	}
}

// wantOnClock holds that a slot is due when the zone's clocks first show its time, or where
// they never do on that date, the first that they show after it.
func wantOnClock(t *testing.T, s bot.Subscription, zone *time.Location, date corpus.PartialDate, due time.Time) {
	t.Helper()
	local := due.In(zone)
	shown, before := local.Hour()*60+local.Minute(), due.Add(-time.Second).In(zone)
	switch {
	case local.Format(time.DateOnly) != date.String() || local.Second() != 0 || shown < s.At:
		t.Errorf("%v is due at %v", date, local)
	case shown > s.At: // skipped: the clocks showed an earlier time a second before
		if skipped := before.Hour()*60 + before.Minute(); before.Day() == local.Day() && skipped >= s.At {
			t.Errorf("%v is due at %v, a second after %v", date, local, before)
		}
	default:
		for back := time.Minute; back <= 3*time.Hour; back += time.Minute {
			if earlier := due.Add(-back).In(zone); earlier.Day() == local.Day() && earlier.Hour() == local.Hour() && earlier.Minute() == local.Minute() {
				t.Errorf("%v is due at %v, the second time that the clocks show it", date, local)
			}
		}
	}
}

func TestTheDaysOnWhichClocksChange(t *testing.T) {
	for _, tc := range []struct {
		zone, at, after, date, due string
	}{
		{"Europe/Kyiv", "03:30", "2026-03-28T12:00:00Z", "2026-03-29", "2026-03-29T04:00:00+03:00"},
		{"Europe/Kyiv", "03:30", "2026-10-24T12:00:00Z", "2026-10-25", "2026-10-25T03:30:00+03:00"},
		{"America/New_York", "02:00", "2026-03-07T12:00:00Z", "2026-03-08", "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "01:15", "2026-10-31T12:00:00Z", "2026-11-01", "2026-11-01T01:15:00-04:00"},
		{"Australia/Lord_Howe", "02:15", "2026-10-03T12:00:00Z", "2026-10-04", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "01:45", "2026-04-04T12:00:00Z", "2026-04-05", "2026-04-05T01:45:00+11:00"},
		{"Asia/Beirut", "00:30", "2026-03-28T12:00:00Z", "2026-03-29", "2026-03-29T01:00:00+03:00"},
		{"Asia/Kathmandu", "09:00", "2026-05-08T03:15:00Z", "2026-05-09", "2026-05-09T09:00:00+05:45"},
		{"Asia/Kathmandu", "09:00", "2026-05-08T03:14:59Z", "2026-05-08", "2026-05-08T09:00:00+05:45"},
		// Samoa went from 29 to 31 December.
		{"Pacific/Apia", "09:00", "2011-12-30T00:00:00Z", "2011-12-30", "2011-12-31T00:00:00+14:00"},
	} {
		at := need(time.Parse("15:04", tc.at))
		s := bot.Subscription{Zone: tc.zone, At: at.Hour()*60 + at.Minute()}
		date, due, err := NextSlot(s, need(time.Parse(time.RFC3339, tc.after)))
		if err != nil || date.String() != tc.date || due.Format(time.RFC3339) != tc.due {
			t.Errorf("%s %s: %v at %s, %v; want %s at %s", tc.zone, tc.at, date, due.Format(time.RFC3339), err, tc.date, tc.due)
		}
	}
}

// TestSlotsAreTheSameHoweverOftenOneLooks cuts a year into spans at random: together they
// have the slots of the whole.
func TestSlotsAreTheSameHoweverOftenOneLooks(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range append(theZones, "Antarctica/Troll", "UTC") {
		s := bot.Subscription{Zone: name, At: random.IntN(24 * 60)}
		begin := time.Date(2011, 6, 1, 0, 0, 0, 0, time.UTC)
		end := begin.AddDate(1, 0, 0)
		whole := within(t, s, begin, end)
		if len(whole) < 365 || len(whole) > 367 {
			t.Errorf("%s: %d slots in a year", name, len(whole))
		}
		var parts []string
		for from := begin; from.Before(end); {
			to := from.Add(time.Duration(1 + random.Int64N(int64(50*time.Hour))))
			if to.After(end) {
				to = end
			}
			parts, from = append(parts, within(t, s, from, to)...), to
		}
		if !slices.Equal(whole, parts) {
			t.Errorf("%s at %d: in parts %d slots, in one %d", name, s.At, len(parts), len(whole))
		}
	}
}

func within(t *testing.T, s bot.Subscription, after, until time.Time) (slots []string) {
	t.Helper()
	all, err := slotsWithin(s, after, until)
	if err != nil {
		t.Fatal(err)
	}
	for date, due := range all {
		slots = append(slots, fmt.Sprint(date, due.Unix()))
	}
	return slots
}

func TestWhatHasNoSlots(t *testing.T) {
	for _, s := range []bot.Subscription{{Zone: "Europe/Nowhere"}, {Zone: "UTC", Days: []time.Weekday{9}}} {
		if date, due, err := NextSlot(s, time.Unix(0, 0)); err == nil {
			t.Errorf("%+v: %v at %v", s, date, due)
		}
	}
}

func need[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
