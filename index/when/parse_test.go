package when

import (
	"testing"
	"time"
)

func TestParseReadsDatesAsPeopleTypeThem(t *testing.T) {
	now := time.Date(2026, 5, 10, 9, 0, 0, 0, time.UTC) // a Sunday
	day := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		d, err := time.Parse("2006-01-02", s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, test := range []struct{ text, since, until string }{
		{"2025", "2025-01-01", "2026-01-01"},
		{"2025-02", "2025-02-01", "2025-03-01"},
		{"2025-02-14", "2025-02-14", "2025-02-15"},
		{"14 March 2025", "2025-03-14", "2025-03-15"},
		{"March 14, 2025", "2025-03-14", "2025-03-15"},
		{"march 2025", "2025-03-01", "2025-04-01"},
		{"summer 2024", "2024-06-01", "2024-09-01"},
		{"yesterday", "2026-05-09", "2026-05-10"},
		{"Today", "2026-05-10", "2026-05-11"},
		{"Monday", "2026-05-04", "2026-05-05"},
	} {
		got, ok := Parse(test.text, now)
		if !ok || !got.Since.Equal(day(test.since)) || !got.Until.Equal(day(test.until)) {
			t.Errorf("Parse(%q) = %v to %v, %t", test.text, got.Since, got.Until, ok)
		}
	}
	if got, ok := Parse("last week", now); !ok || !got.Since.Equal(now.AddDate(0, 0, -7)) {
		t.Errorf("last week: %v, %t", got, ok)
	}
	for _, text := range []string{"", "territory", "when it ends", "2025-13", "territory in 2025", "latest"} {
		if got, ok := Parse(text, now); ok {
			t.Errorf("Parse(%q) = %v", text, got)
		}
	}
}
