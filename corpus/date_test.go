package corpus

import (
	"encoding/json"
	"testing"
	"time"
)

func TestPartialDateKeepsThePrecisionOfItsSource(t *testing.T) {
	for _, tc := range []struct{ in, long, end string }{
		{"2025", "2025", "2026-01-01T00:00:00Z"},
		{"2025-02", "February 2025", "2025-03-01T00:00:00Z"},
		{"2024-02-29", "29 February 2024", "2024-03-01T00:00:00Z"},
		{"2025-02-14T09:30:00+02:00", "14 February 2025", "2025-02-14T09:30:01+02:00"},
		{"", "undated", "0001-01-01T00:00:00Z"},
	} {
		d, err := ParsePartialDate(tc.in)
		if err != nil {
			t.Fatal(err)
		}
		if d.String() != tc.in || d.Long() != tc.long || d.End().Format(time.RFC3339) != tc.end {
			t.Errorf("%q: String %q, Long %q, End %s; want %q, %q, %s", tc.in, d, d.Long(), d.End().Format(time.RFC3339), tc.in, tc.long, tc.end)
		}
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back PartialDate
		if err := json.Unmarshal(b, &back); err != nil || back != d {
			t.Errorf("%q through JSON: %v, %v", tc.in, back, err)
		}
	}
}

func TestParsePartialDateRefusesWhatIsNoDate(t *testing.T) {
	for _, s := range []string{"14.02.2025", "2025-13", "2025-02-30", "soon", "20250214", "2025-2-1", "0000"} {
		if d, err := ParsePartialDate(s); err == nil {
			t.Errorf("%q was read as %v", s, d)
		}
	}
}

func TestCompareSortsUnknownFirstAndVaguerBeforeExact(t *testing.T) {
	var prev PartialDate
	for _, s := range []string{"2024-12-31", "2025", "2025-01", "2025-01-01", "2025-01-02"} {
		d, err := ParsePartialDate(s)
		if err != nil {
			t.Fatal(err)
		}
		if prev.Compare(d) >= 0 || d.Compare(prev) <= 0 || d.Compare(d) != 0 {
			t.Errorf("%v does not sort before %v", prev, d)
		}
		prev = d
	}
}
