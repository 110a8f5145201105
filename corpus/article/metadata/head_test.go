package metadata

import (
	"strings"
	"testing"
)

func TestAuthors(t *testing.T) {
	for s, want := range map[string]string{
		"By Ann Lee":                         "Ann Lee",
		"By Ann Lee and Bob Ray":             "Ann Lee and Bob Ray",
		"Ann Lee | 14 May 2026":              "Ann Lee",
		"Ann Lee May 14, 2026":               "Ann Lee",
		"Ann Lee ann@example.org":            "Ann Lee",
		"Von Anna Lehm":                      "Anna Lehm",
		"Vonda Lee":                          "Vonda Lee",
		"Byron Lee":                          "Byron Lee",
		"https://example.org/ann":            "",
		"admin":                              "",
		"Example Staff":                      "Example Staff",
		"від Оксана Лис":                     "Оксана Лис",
		"Автор: Оксана Лис":                  "Оксана Лис",
		"Вікторія Лис":                       "Вікторія Лис",
		"Dr. Ann Lee, Institute of Language": "Dr. Ann Lee, Institute of Language",
	} {
		if got := strings.Join(authors([]string{s}), "|"); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestTitle(t *testing.T) {
	const cut = "A very long headline on the talks that were held on the coast in the spring of this year by all the"
	for name, c := range map[string]struct {
		titles          []string
		publisher, want string
	}{
		"publisher at the end":       {[]string{"Talks resume – Example News"}, "Example News", "Talks resume"},
		"publisher at the start":     {[]string{"Example News | Talks resume"}, "Example News", "Talks resume"},
		"section and publisher":      {[]string{"Talks resume | Example News", "", "Talks resume"}, "", "Talks resume"},
		"a dash of its own":          {[]string{"Talks - and what follows"}, "Example News", "Talks - and what follows"},
		"only the name of the site":  {[]string{"Example News"}, "Example News", "Example News"},
		"cut for the length":         {[]string{cut + "…", "", cut + " sides"}, "", cut + " sides"},
		"domain":                     {[]string{"Talks resume | EXAMPLE"}, "", "Talks resume"},
		"apostrophes are no matters": {[]string{"Talks resume · Example’s", "", ""}, "Examples", "Talks resume"},
	} {
		h := Head{meta: map[string][]string{}}
		for i, key := range []string{"og:title", "dc.title", "dcterms.title"} {
			if i < len(c.titles) && c.titles[i] != "" {
				h.meta[key] = []string{c.titles[i]}
			}
		}
		if len(c.titles) > 2 {
			h.headings = []string{c.titles[2]}
		}
		if got := h.headline(c.publisher, "example.org"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
