// Package zones finds time zones by the names that people use: that of the IANA time zone
// database ("Europe/Kyiv") or a city's in any usual spelling ("Kiev", "Київ", "new york").
// It embeds the database, so that zones can be loaded on a machine that has none.
package zones

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones can be loaded on every machine
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/unicode/norm"
)

// listed has a zone a line: the names that the IANA database recommends to choose from
// (zone.tab of 2025b, which is in the public domain).
//
//go:embed zones.txt
var listed string

// cities are further names by zone.
//
//go:embed cities.toml
var cities []byte

// Place is a city, or another name for the time that holds there.
type Place struct {
	Name, Zone string
	rank       int // among the names of the zone, the most usual first
}

// String is "Kharkiv (Europe/Kyiv)", or the zone alone where it says the same.
func (p Place) String() string {
	if p.Name == p.Zone {
		return p.Zone
	}
	return p.Name + " (" + p.Zone + ")"
}

// table has all places by their folded names.
var table = func() map[string]Place {
	var further map[string][]string
	if err := toml.Unmarshal(cities, &further); err != nil {
		panic(fmt.Errorf("cities.toml: %w", err)) // it is embedded: a broken build
	}
	t := map[string]Place{}
	for zone := range strings.FieldsSeq(listed) {
		t[fold(zone)] = Place{Name: zone, Zone: zone}
		city := zone[strings.LastIndexByte(zone, '/')+1:]
		t[fold(city)] = Place{Name: strings.ReplaceAll(city, "_", " "), Zone: zone}
	}
	for zone, names := range further {
		t[fold(zone)] = Place{Name: zone, Zone: zone}
		for i, name := range names {
			t[fold(name)] = Place{name, zone, i + 1}
		}
	}
	return t
}()

// Find returns the IANA zone that a name means; ok is false for an unknown name.
func Find(name string) (zone string, ok bool) {
	if p, ok := table[fold(name)]; ok {
		return p.Zone, true
	}
	// Names that the database keeps for the sake of old programs. Without a slash they are
	// abbreviations ("EST") or the machine's own ("Local").
	if l, err := time.LoadLocation(name); err == nil && strings.Contains(name, "/") {
		return l.String(), true
	}
	return "", false
}

// Complete returns up to limit places whose name, or a word of it, starts with a typed text:
// one for each zone, the shortest names first.
func Complete(typed string, limit int) (places []Place) {
	start := fold(typed)
	var found []string
	for key := range maps.Keys(table) {
		if strings.HasPrefix(key, start) || strings.Contains(key, " "+start) {
			found = append(found, key)
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(table[a].rank, table[b].rank), cmp.Compare(a, b))
	})
	seen := map[string]bool{}
	for _, key := range found {
		if p := table[key]; !seen[p.Zone] && len(places) < limit {
			seen[p.Zone] = true
			places = append(places, p)
		}
	}
	return places
}

// fold returns a name without case, accents and signs, as names are compared.
func fold(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '.', r == ',':
		case r == '_', r == '-', r == '/', unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
