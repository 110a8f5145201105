package robots

import (
	"strings"
	"testing"
	"time"
)

func TestRulesOfRobots(t *testing.T) {
	for name, tc := range map[string]struct {
		file              string
		allowed, disallow []string
	}{
		"nothing":               {"", []string{"/", "/a?b"}, nil},
		"everything closed":     {"User-agent: *\nDisallow: /", nil, []string{"/", "/a"}},
		"nothing closed":        {"User-agent: *\nDisallow:", []string{"/", "/a"}, nil},
		"longest wins":          {"User-agent: *\nDisallow: /a\nAllow: /a/open\nDisallow: /a/open/not", []string{"/b", "/a/open/x"}, []string{"/a", "/abc", "/a/open/not/x"}},
		"of two alike allow":    {"User-agent: *\nDisallow: /a\nAllow: /a", []string{"/a"}, nil},
		"our own group":         {"User-agent: *\nDisallow: /\n\nUser-agent: parley-test\nDisallow: /x", []string{"/", "/a"}, []string{"/x"}},
		"our group is empty":    {"User-agent: Parley-Test\nDisallow:\n\nUser-agent: *\nDisallow: /", []string{"/"}, nil},
		"not a longer name":     {"User-agent: Parley-Tester\nDisallow: /", []string{"/"}, nil},
		"not a shorter name":    {"User-agent: Parley\nDisallow: /", []string{"/"}, nil},
		"our version":           {"User-agent: PARLEY-TEST/2.0\nDisallow: /", nil, []string{"/"}},
		"agents in a row":       {"User-agent: other\nUser-agent: *\nDisallow: /a", nil, []string{"/a"}},
		"groups are joined":     {"User-agent: *\nDisallow: /a\nUser-agent: other\nDisallow: /c\nUser-agent: *\nDisallow: /b", []string{"/c"}, []string{"/a", "/b"}},
		"other lines between":   {"User-agent: other\nSitemap: https://example.org/s\nUser-agent: *\nDisallow: /a", nil, []string{"/a"}},
		"rule without group":    {"Disallow: /\nUser-agent: *\nDisallow: /a", []string{"/"}, []string{"/a"}},
		"star":                  {"User-agent: *\nDisallow: /*/private\nDisallow: *.pdf", []string{"/private", "/x"}, []string{"/x/private/y", "/a/b.pdf", "/b.pdf?x"}},
		"star is anchored":      {"User-agent: *\nDisallow: /a*b", []string{"/x/a1b"}, []string{"/a1b", "/ab", "/axxbyy"}},
		"dollar":                {"User-agent: *\nDisallow: /*.php$\nDisallow: /end$", []string{"/a.php?x", "/end/"}, []string{"/a.php", "/a.php.php", "/end"}},
		"query":                 {"User-agent: *\nDisallow: /*?print=", []string{"/a"}, []string{"/a?print=1"}},
		"percent":               {"User-agent: *\nDisallow: /%7eme\nDisallow: /мир\nDisallow: /a%2fb", []string{"/a/b"}, []string{"/~me", "/%7Eme", "/%D0%BC%D0%B8%D1%80", "/%d0%bc%d0%b8%d1%80", "/a%2Fb"}},
		"comments and case":     {"\ufeffUSER-AGENT : * # all\r\nDISALLOW: /a # this\r\n", []string{"/"}, []string{"/a"}},
		"a page instead":        {"<html><body>Disallow: /</body></html>", []string{"/"}, nil},
		"no line ends for long": {strings.Repeat("x", 1<<16), []string{"/"}, nil},
	} {
		rules := Parse([]byte(tc.file), "Parley-Test")
		for _, path := range tc.allowed {
			if !rules.Allows(path) {
				t.Errorf("%s: %s is disallowed", name, path)
			}
		}
		for _, path := range tc.disallow {
			if rules.Allows(path) {
				t.Errorf("%s: %s is allowed", name, path)
			}
		}
	}
}

func TestDelayOfRobots(t *testing.T) {
	for file, want := range map[string]time.Duration{
		"User-agent: *\nCrawl-delay: 2.5": 2500 * time.Millisecond, "User-agent: *\nCrawl-delay: 9999": longestDelay,
		"User-agent: *\nCrawl-delay: -1": 0, "User-agent: *\nCrawl-delay: NaN": 0, "User-agent: other\nCrawl-delay: 5": 0,
	} {
		if got := Parse([]byte(file), "Parley-Test").Delay; got != want {
			t.Errorf("%q asks for %v, want %v", file, got, want)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%7e", "/a%zz?b")
	f.Fuzz(func(t *testing.T, file, path string) {
		Parse([]byte(file), "Parley-Test").Allows(path)
		if once := normal(path); normal(once) != once {
			t.Errorf("%q: %q is not normal", path, once)
		}
	})
}
