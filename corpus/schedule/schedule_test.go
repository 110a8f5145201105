package schedule

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2025, 2, 14, 12, 30, 0, 0, time.UTC) // a Friday

// near reports whether got is want with the jitter that it may have.
func near(got, want time.Duration) bool {
	return got >= time.Duration(float64(want)*(1-jitter)) && got <= time.Duration(float64(want)*(1+jitter))
}

func TestNextIntervals(t *testing.T) {
	p := DefaultPolicy()
	for name, tc := range map[string]struct {
		state State
		out   Outcome
		wait  time.Duration
	}{
		"first answer":               {State{}, Outcome{Result: Changed}, p.First},
		"changed":                    {State{Every: 2 * time.Hour}, Outcome{Result: Changed}, time.Hour},
		"unchanged":                  {State{Every: 2 * time.Hour}, Outcome{Result: Unchanged}, 150 * time.Minute},
		"never below the minimum":    {State{Every: p.Min}, Outcome{Result: Changed}, p.Min},
		"never above the maximum":    {State{Every: p.Max}, Outcome{Result: Unchanged}, p.Max},
		"the publisher's ttl":        {State{Every: time.Hour}, Outcome{Result: Changed, Hints: Hints{Every: 3 * time.Hour}}, 3 * time.Hour},
		"a ttl beyond the maximum":   {State{Every: time.Hour}, Outcome{Result: Changed, Hints: Hints{Every: 900 * time.Hour}}, p.Max},
		"first failure":              {State{Every: 5 * time.Hour}, Outcome{Result: Failed}, p.Min},
		"fourth failure":             {State{Failures: 3, FailingSince: day}, Outcome{Result: Failed}, 8 * p.Min},
		"hundredth failure":          {State{Failures: 99, FailingSince: day}, Outcome{Result: Failed}, p.Max},
		"failure after long silence": {State{Failures: 0, FailingSince: day.AddDate(-1, 0, 0)}, Outcome{Result: Failed}, p.Min},
	} {
		s := p.Next(tc.state, tc.out, day, rand.New(rand.NewPCG(1, 2)))
		if s.Suspended != "" || !near(s.Due.Sub(day), tc.wait) || !s.Due.After(day) {
			t.Errorf("%s: due after %v, want about %v; suspended %q", name, s.Due.Sub(day), tc.wait, s.Suspended)
		}
	}
}

func TestRetryAfterIsKeptTo(t *testing.T) {
	p := DefaultPolicy()
	for _, result := range []Result{Failed, Unchanged, Changed} {
		s := p.Next(State{}, Outcome{Result: result, RetryAfter: 72 * time.Hour}, day, rand.New(rand.NewPCG(1, 2)))
		if got := s.Due.Sub(day); got != 72*time.Hour {
			t.Errorf("%v: due after %v", result, got)
		}
	}
}

func TestSkippedHoursAndDays(t *testing.T) {
	for name, tc := range map[string]struct {
		hints Hints
		want  string // of what is due on Friday at 12:30
	}{
		"nothing":  {Hints{}, "Fri 12:30"},
		"hours":    {Hints{SkipHours: []int{12, 13, 15}}, "Fri 14:00"},
		"days":     {Hints{SkipDays: []time.Weekday{time.Friday, time.Saturday}}, "Sun 00:00"},
		"both":     {Hints{SkipHours: []int{0, 1}, SkipDays: []time.Weekday{time.Friday}}, "Sat 02:00"},
		"too many": {Hints{SkipDays: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}, "Fri 12:00"}, // a week later
	} {
		if got := afterSkipped(day, tc.hints).Format("Mon 15:04"); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

func TestAFeedIsGivenUp(t *testing.T) {
	p := DefaultPolicy()
	r := rand.New(rand.NewPCG(1, 2))
	gone := p.Next(State{Every: time.Hour}, Outcome{Result: Gone, Error: "status 410"}, day, r)
	if gone.Suspended == "" || !gone.Due.IsZero() {
		t.Errorf("a feed that is gone: %+v", gone)
	}
	s, now, fetches := State{}, day, 0
	for s.Suspended == "" {
		s = p.Next(s, Outcome{Result: Failed, Error: "no connection"}, now, r)
		if fetches++; fetches > 1000 {
			t.Fatal("it is never given up")
		}
		if s.Suspended == "" {
			now = s.Due
		}
	}
	if failing := now.Sub(day); failing < p.MaxFailing || failing > p.MaxFailing+2*p.Max || fetches < p.MaxFailures || fetches > 40 {
		t.Errorf("given up after %v and %d fetches", failing, fetches)
	}
	if !strings.Contains(s.Suspended, "since 2025-02-14") || !strings.Contains(s.Suspended, "no connection") {
		t.Errorf("the reason is %q", s.Suspended)
	}
}

func TestManyFailuresInAShortTimeAreForgiven(t *testing.T) {
	p := DefaultPolicy()
	s := State{Failures: 500, FailingSince: day.Add(-13 * 24 * time.Hour)}
	if s = p.Next(s, Outcome{Result: Failed}, day, rand.New(rand.NewPCG(1, 2))); s.Suspended != "" {
		t.Errorf("suspended: %q", s.Suspended)
	}
	if s = p.Next(s, Outcome{Result: Unchanged}, day, rand.New(rand.NewPCG(1, 2))); s.Failures != 0 || !s.FailingSince.IsZero() || s.LastError != "" {
		t.Errorf("an answer does not forgive: %+v", s)
	}
}

func TestAMoveForGoodChangesTheAddress(t *testing.T) {
	p := DefaultPolicy()
	r := rand.New(rand.NewPCG(1, 2))
	s := State{Address: "http://old.example.org/", ETag: "a", LastModified: "b"}
	failed := p.Next(s, Outcome{Result: Failed, Moved: "http://elsewhere.example.org/"}, day, r)
	if failed.Address != s.Address || failed.ETag != "a" || failed.LastModified != "b" {
		t.Errorf("a failure changes the address or what is known: %+v", failed)
	}
	moved := p.Next(s, Outcome{Result: Changed, Moved: "https://new.example.org/", ETag: "c"}, day, r)
	if moved.Address != "https://new.example.org/" || moved.ETag != "c" || moved.LastModified != "" || moved.Changed != day {
		t.Errorf("moved: %+v", moved)
	}
}

// TestIntervalsFollowTheFeed lets a feed change at a steady pace for a year of fetches.
func TestIntervalsFollowTheFeed(t *testing.T) {
	p := DefaultPolicy()
	for _, tc := range []struct{ pace, least, most time.Duration }{
		{2 * time.Minute, p.Min, p.Min * 11 / 10},
		{6 * time.Hour, 45 * time.Minute, 3 * time.Hour},
		{24 * time.Hour, 3 * time.Hour, 12 * time.Hour},
		{365 * 24 * time.Hour, 20 * time.Hour, p.Max * 11 / 10},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		s, now, last, fetches := State{}, day, day, 0
		for now.Before(day.AddDate(1, 0, 0)) {
			result := Unchanged
			if now.Sub(last) >= tc.pace {
				result, last = Changed, now.Truncate(tc.pace)
			}
			s = p.Next(s, Outcome{Result: result}, now, r)
			now = s.Due
			fetches++
		}
		if mean := now.Sub(day) / time.Duration(fetches); mean < tc.least || mean > tc.most {
			t.Errorf("a feed that changes every %v is fetched every %v", tc.pace, mean)
		}
	}
}

func TestFeedsAddedTogetherDriftApart(t *testing.T) {
	p := DefaultPolicy()
	r := rand.New(rand.NewPCG(1, 2))
	due := map[time.Time]bool{}
	for range 100 {
		due[p.Next(State{}, Outcome{Result: Unchanged}, day, r).Due.Truncate(time.Second)] = true
	}
	if len(due) < 80 {
		t.Errorf("100 feeds are due at %d different seconds", len(due))
	}
}
