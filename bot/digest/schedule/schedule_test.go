package schedule

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/bot/wording"
)

// resolves holds that texts are read as wanted; an empty want is a refusal.
func resolves(t *testing.T, resolve func(string) (string, error), want map[string]string) {
	t.Helper()
	for text, want := range want {
		got, err := resolve(text)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestTimesAreReadAsPeopleTypeThem(t *testing.T) {
	resolves(t, ResolveTime, map[string]string{
		"9": "09:00", "09": "09:00", "9:30": "09:30", "18.00": "18:00", "0930": "09:30", "23:59": "23:59", "0": "00:00", "0:05": "00:05",
		"9am": "09:00", "9 am": "09:00", "9 A.M.": "09:00", "9:30pm": "21:30", "12am": "00:00", "12 pm": "12:00", "at 9": "09:00", "о 9:30": "09:30", "9h30": "09:30",
		"24": "", "24:00": "", "9:60": "", "13pm": "", "0am": "", "-1": "", "nine": "", "9:3": "", "9 30 00": "", "": "", "99999": "",
	})
}

func TestDaysAreReadAsPeopleTypeThem(t *testing.T) {
	resolves(t, ResolveDays, map[string]string{
		"daily": "daily", "every day": "daily", "Mon-Sun": "daily", "щодня": "daily", "weekdays": "mon,tue,wed,thu,fri", "Mon-Fri": "mon,tue,wed,thu,fri",
		"mon – fri": "mon,tue,wed,thu,fri", "monday to wednesday": "mon,tue,wed", "Будні": "mon,tue,wed,thu,fri", "пн-пт": "mon,tue,wed,thu,fri", "пн": "mon",
		"п'ятниця": "fri", "пн, чт": "mon,thu", "Mon, Wed and Fri": "mon,wed,fri", "fri mon": "mon,fri", "Sat-Mon": "mon,sat,sun", "weekend": "sat,sun", "on Mondays": "mon",
		"mon-": "", "someday": "", "mon tomorrow": "", "9": "", ",": "", "": "",
	})
}

func TestDaysAreShownAsShortAsTheyCanBe(t *testing.T) {
	for keys, want := range map[string][2]string{
		"daily": {"every day", "щодня"}, "mon,tue,wed,thu,fri": {"on weekdays", "у будні"}, "mon,sun": {"Mon, Sun", "пн, нд"},
	} {
		if got := [2]string{InWords(wording.In("en"), Days(keys)), InWords(wording.In("uk"), Days(keys))}; got != want {
			t.Errorf("%s: %q; want %q", keys, got, want)
		}
	}
	if diff := cmp.Diff([]time.Weekday{time.Monday, time.Sunday}, Days("mon,sun")); diff != "" {
		t.Error(diff)
	}
	if days := Days(everyDay); days != nil {
		t.Errorf("every day is %v", days)
	}
}

func TestEveryNameOfADayIsUnderstoodInEveryLanguage(t *testing.T) {
	for name := range dayNames {
		if _, err := ResolveDays(name); err != nil || name == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, tag := range wording.Languages() {
		for _, d := range weekdays {
			if got, err := ResolveDays(firstName(wording.In(tag), "weekday", d.key)); got != d.key {
				t.Errorf("%s %s: %q, %v", tag, d.key, got, err)
			}
		}
	}
}
