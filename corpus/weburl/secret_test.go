package weburl

import "testing"

func TestAnAddressThatHoldsASecret(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.org/feed":                          false,
		"https://example.org/feed?format=rss&channel_id=UC": false,
		"https://example.org/feed?tokyo=1":                  false,
		"https://example.org/feed?TOKEN=x":                  true,
		"https://example.org/feed?a=1&feed_token=x":         true,
		"https://example.org/feed?%6bey=x":                  true,
		"https://example.org/feed?key":                      true,
		"https://user@example.org/feed":                     true,
		"https://user:password@example.org/feed":            true,
		"https://example.org/%zz?a=1":                       true, // it cannot be read
	} {
		if have := HoldsSecret(address); have != want {
			t.Errorf("%s: %t", address, have)
		}
	}
}
