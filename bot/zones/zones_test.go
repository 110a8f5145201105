package zones

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAllUsualSpellingsAreUnderstood(t *testing.T) {
	for name, want := range map[string]string{
		"Europe/Kyiv": "Europe/Kyiv", "europe/kyiv": "Europe/Kyiv", "Kyiv": "Europe/Kyiv", "Kiev": "Europe/Kyiv", "КИЇВ": "Europe/Kyiv", "Lviv": "Europe/Kyiv",
		"New York": "America/New_York", "new-york": "America/New_York", "America/New_York": "America/New_York", "Нью-Йорк": "America/New_York",
		"Washington, D.C.": "America/New_York", "London": "Europe/London", "Zürich": "Europe/Zurich", "zurich": "Europe/Zurich", "Genève": "Europe/Zurich",
		"UTC": "UTC", "gmt": "UTC", "São Paulo": "America/Sao_Paulo", "The Hague": "Europe/Amsterdam", " Kyiv ": "Europe/Kyiv",
		"Europe/Kiev": "Europe/Kiev", // an old name of the same time
	} {
		if got, ok := Find(name); !ok || got != want {
			t.Errorf("%q: %q, %t; want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "Local", "EST", "Atlantis", "../etc/passwd", "/", "Europe/", "Europe"} {
		if got, ok := Find(name); ok {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestEveryZoneCanBeLoaded(t *testing.T) {
	for key, p := range table {
		if _, err := time.LoadLocation(p.Zone); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	if len(table) < 900 {
		t.Errorf("only %d names", len(table))
	}
}

func TestFurtherNamesAreThoseOfKnownZones(t *testing.T) {
	known := strings.Fields(listed)
	for key, p := range table {
		if !slices.Contains(known, p.Zone) && p.Zone != "UTC" {
			t.Errorf("%s: zones.txt has no %s", key, p.Zone)
		}
	}
}

func TestCompletionProposesEachZoneOnce(t *testing.T) {
	for typed, want := range map[string]string{
		"ky": "Kyiv (Europe/Kyiv)", "ки": "Київ (Europe/Kyiv)", "kiev": "Kiev (Europe/Kyiv)", "york": "New York (America/New_York)", "europe/lon": "Europe/London", "utc": "UTC",
	} {
		got := Complete(typed, 25)
		if !slices.ContainsFunc(got, func(p Place) bool { return p.String() == want }) {
			t.Errorf("%q: %v; want %s among them", typed, got, want)
		}
	}
	all := Complete("", 25)
	if len(all) != 25 {
		t.Errorf("%d places; want 25", len(all))
	}
	seen := map[string]bool{}
	for _, p := range Complete("a", 1000) {
		if seen[p.Zone] {
			t.Errorf("%s twice", p.Zone)
		}
		seen[p.Zone] = true
	}
}
