package weburl

import "testing"

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"HTTP://Example.ORG":                                         "http://example.org/",
		" https://example.org:443/a ":                                "https://example.org/a",
		"http://example.org:80/a":                                    "http://example.org/a",
		"http://example.org:8080/a":                                  "http://example.org:8080/a",
		"https://example.org:80/a":                                   "https://example.org:80/a",
		"https://example.org./a#top":                                 "https://example.org/a",
		"https://example.org/a?":                                     "https://example.org/a",
		"https://user:pass@example.org/":                             "https://example.org/",
		"https://новости.example.org/мир":                            "https://xn--b1amnebsh.example.org/%D0%BC%D0%B8%D1%80",
		"https://[2001:DB8::1]:443/":                                 "https://[2001:db8::1]/",
		"https://example.org/A/?utm_source=x":                        "https://example.org/A/",
		"https://example.org/?id=7&UTM_Medium=rss&page=2&fbclid=abc": "https://example.org/?id=7&page=2",
		"https://example.org/?b=2&a=1&a=3":                           "https://example.org/?b=2&a=1&a=3",
		"https://example.org/?q=a%20b&gclid=1&&yclid=2&_openstat=3":  "https://example.org/?q=a%20b",
		"https://example.org/?ref=page&source=un&from=kyiv":          "https://example.org/?ref=page&source=un&from=kyiv",
	} {
		got, ok := Canonical(in)
		if !ok || got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if again, ok := Canonical(got); !ok || again != got {
			t.Errorf("%q becomes %q, then %q", in, got, again)
		}
	}
	for _, in := range []string{"", "a/b", "/a", "javascript:alert(1)", "data:text/html,x", "mailto:a@example.org", "urn:uuid:1", "http://", "https:///a", "tag:example.org,2025:1", "http://a b/"} {
		if got, ok := Canonical(in); ok {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}
