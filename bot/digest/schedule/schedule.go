// Package schedule reads when a subscription is due as people type it, a time of day, a time
// zone and days of the week, in every language of the interface, and says it in words. It
// does not know when the next digest is due.
package schedule

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/bot/argument"
	"parley/bot/names"
	"parley/bot/wording"
	"parley/bot/zones"
)

// noon is where the two halves of a twelve-hour clock meet, in minutes.
const noon = 12 * 60

// clockTime is a time of day as people type it: "9", "9:30", "18.00", "0930", "9 am".
var clockTime = regexp.MustCompile(`^(?:at |о |об )?(\d{1,2})(?:[:.h]?([0-5]\d))?(?: ?([ap])\.?m\.?)?$`)

// ResolveTime reads a time of day and returns it as "09:30".
func ResolveTime(text string) (string, error) {
	m := clockTime.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return "", wording.Refuse("no_time", wording.Data{"Typed": argument.Echo(text)})
	}
	hour, _ := strconv.Atoi(m[1]) // two digits are a number
	minute, _ := strconv.Atoi("0" + m[2])
	at := hour*60 + minute
	if m[3] != "" {
		if hour < 1 || hour > 12 {
			return "", wording.Refuse("no_time", wording.Data{"Typed": argument.Echo(text)})
		}
		at %= noon
		if m[3] == "p" {
			at += noon
		}
	}
	if at >= 2*noon {
		return "", wording.Refuse("no_time", wording.Data{"Typed": argument.Echo(text)})
	}
	return Clock(at), nil
}

// Clock is a time of day, in minutes from midnight, as "09:30".
func Clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// Minutes reads what Clock writes.
func Minutes(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return 0 // only of a value that ResolveTime did not make
	}
	return t.Hour()*60 + t.Minute()
}

// ResolveZone returns the IANA time zone of a name or of a city.
func ResolveZone(text string) (string, error) {
	if zone, ok := zones.Find(text); ok {
		return zone, nil
	}
	return "", wording.Refuse("no_zone", wording.Data{"Typed": argument.Echo(text)})
}

// CompleteZones proposes cities and zones.
func CompleteZones(_ wording.Language, typed string) (choices []argument.Choice) {
	for _, p := range zones.Complete(typed, argument.MaxChoices) {
		choices = append(choices, argument.Choice{Name: p.String(), Value: p.Zone})
	}
	return choices
}

// everyDay is the value of an option for all days of the week.
const everyDay = "daily"

// weekdays are the days of the week by the keys of their phrases, in the order in which a
// week is read.
var weekdays = []struct {
	key string
	day time.Weekday
}{
	{"mon", time.Monday}, {"tue", time.Tuesday}, {"wed", time.Wednesday}, {"thu", time.Thursday},
	{"fri", time.Friday}, {"sat", time.Saturday}, {"sun", time.Sunday},
}

// ResolveDays reads days of the week, "weekdays", "Mon-Fri", "mon, wed", "пн" or "daily",
// and returns them in a form for Days to read: "mon,wed", "daily".
func ResolveDays(text string) (string, error) {
	on := make([]bool, len(weekdays))
	dashes := strings.NewReplacer(" - ", "-", " – ", "-", " — ", "-", " to ", "-", "–", "-", "—", "-", ",", " , ")
	text = dashes.Replace(names.Fold(text))
	for rest := text; rest != ""; {
		word, after := argument.CutWord(rest)
		if word == "," || argument.IsJoining(word) {
			rest = after
			continue
		}
		first, last, after, ok := readDays(rest)
		if !ok {
			return "", wording.Refuse("no_days", wording.Data{"Typed": argument.Echo(text)})
		}
		for i := first; ; i = (i + 1) % len(on) {
			on[i] = true
			if i == last {
				break
			}
		}
		rest = after
	}
	var keys []string
	for i, d := range weekdays {
		if on[i] {
			keys = append(keys, d.key)
		}
	}
	switch len(keys) {
	case 0:
		return "", wording.Refuse("no_days", wording.Data{"Typed": ""})
	case len(weekdays):
		return everyDay, nil
	}
	return strings.Join(keys, ","), nil
}

// readDays reads the longest run of days that a text begins with. first and last are indices
// in weekdays, rest is the text behind the run.
func readDays(text string) (first, last int, rest string, ok bool) {
	for n := min(maxDayWords, len(strings.Fields(text))); n > 0; n-- {
		head, after := text, ""
		for i, left := 0, text; i < n; i++ {
			_, left = argument.CutWord(left)
			head, after = strings.TrimSpace(text[:len(text)-len(left)]), left
		}
		if run, known := dayNames[head]; known {
			return run[0], run[1], after, true
		}
		from, to, ranged := strings.Cut(head, "-")
		start, knowsStart := dayNames[from]
		end, knowsEnd := dayNames[to]
		if ranged && knowsStart && knowsEnd {
			return start[0], end[1], after, true
		}
	}
	return 0, 0, text, false
}

// maxDayWords is how many words a name in dayNames has: "every day".
const maxDayWords = 2

// dayNames are the runs of days, as places in weekdays, that a name in one of the
// languages of the interface means: those of the phrases under "weekday" and
// "days", of which each lists all of its names.
var dayNames = func() map[string][2]int {
	names := map[string][2]int{}
	for _, tag := range wording.Languages() {
		w := wording.In(tag)
		for i, d := range weekdays {
			for _, name := range allNames(w, "weekday", d.key) {
				names[name] = [2]int{i, i}
			}
		}
		for key, run := range map[string][2]int{everyDay: {0, 6}, "workdays": {0, 4}, "weekend": {5, 6}} {
			for _, name := range allNames(w, "days", key) {
				names[name] = run
			}
		}
	}
	return names
}()

// allNames are the names in a phrase that lists them with commas between, folded to be
// compared.
func allNames(l wording.Language, prefix wording.Prefix, key string) (all []string) {
	text, _ := l.Lookup(prefix, key)
	for name := range strings.SplitSeq(text, ",") {
		all = append(all, names.Fold(name))
	}
	return all
}

// firstName is the first name in such a phrase.
func firstName(l wording.Language, prefix wording.Prefix, key string) string {
	text, _ := l.Lookup(prefix, key)
	name, _, _ := strings.Cut(text, ",")
	return name
}

// Days reads what ResolveDays returns; nil for every day.
func Days(keys string) (days []time.Weekday) {
	for _, d := range weekdays {
		if slices.Contains(strings.Split(keys, ","), d.key) {
			days = append(days, d.day)
		}
	}
	return days
}

// InWords are days of the week in words: "every day", "Mon, Wed".
func InWords(l wording.Language, days []time.Weekday) string {
	if len(days) == 0 || len(days) == len(weekdays) {
		return firstName(l, "days", everyDay)
	}
	workdays := Days("mon,tue,wed,thu,fri")
	isOff := func(d time.Weekday) bool { return !slices.Contains(days, d) }
	if len(days) == len(workdays) && !slices.ContainsFunc(workdays, isOff) {
		return firstName(l, "days", "workdays")
	}
	var names []string
	for _, d := range weekdays {
		if slices.Contains(days, d.day) {
			names = append(names, firstName(l, "weekday", d.key))
		}
	}
	return strings.Join(names, ", ")
}
