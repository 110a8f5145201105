package timeline

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"parley/bot/wording"
)

// maxAlt is the longest AltText, in characters. Discord takes 1024.
const maxAlt = 1000

// AltText tells the chart to who cannot see it, in at most 1000 characters: the title,
// the period, and for every row how many marks of which kind. Where that is too long,
// titles and names are cut, and at last the kinds left out.
func (c Chart) AltText() string {
	var text string
	for _, try := range []struct {
		title, name int
		kinds       bool
	}{{300, 100, true}, {100, 30, true}, {100, 30, false}} {
		text = c.altText(try.title, try.name, try.kinds)
		if utf8.RuneCountInString(text) <= maxAlt {
			break
		}
	}
	return text
}

func (c Chart) altText(title, name int, kinds bool) string {
	var parts []string
	if t := cut(clean(c.Title), title); t != "" {
		parts = append(parts, t)
	}
	if period := c.periodWords(); period != "" {
		parts = append(parts, c.words().Fill("chart.alt", wording.Data{"Period": period}))
	}
	for _, r := range c.Rows[:min(len(c.Rows), MaxRows)] {
		parts = append(parts, cut(clean(r.Name), name)+": "+tally(r, kinds, c.words()))
	}
	return strings.Join(parts, ". ") + "."
}

// periodWords is the period, "14 Feb 2025 to 8 May 2026"; empty where there is none.
func (c Chart) periodWords() string {
	if p := c.period(); p.end <= p.first {
		return ""
	} else if !c.From.IsZero() || !c.To.IsZero() {
		return p.in(c.words())
	}
	var all []Mark
	for _, r := range c.Rows {
		all = append(all, r.Marks...)
	}
	return dates(all, c.words())
}

// tally is "3 entries, 2025 to 8 May 2026 (demands 2, event 1)".
func tally(r Row, kinds bool, w words) string {
	if len(r.Marks) == 0 {
		return w.Say("chart.none")
	}
	text := w.entries(len(r.Marks))
	if !kinds {
		return text
	}
	var counts [len(kindNames)]int
	for _, m := range r.Marks {
		if m.Kind.valid() {
			counts[m.Kind]++
		}
	}
	var tallied []string
	for k, n := range counts {
		if n > 0 {
			tallied = append(tallied, fmt.Sprintf("%s %d", w.kind(Kind(k)), n))
		}
	}
	return fmt.Sprintf("%s, %s (%s)", text, dates(r.Marks, w), strings.Join(tallied, ", "))
}

// cut shortens text to at most n characters, between graphemes.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	kept, runes := 0, 1 // the ellipsis
	for g := uniseg.NewGraphemes(text); g.Next(); {
		if runes += len(g.Runes()); runes > n {
			break
		}
		_, kept = g.Positions()
	}
	return strings.TrimSpace(text[:kept]) + ellipsis
}
