package article

import (
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// site is the registered domain of a page, "example.co.uk"; empty when it is not known.
type site string

func siteOf(u *url.URL) site {
	host := strings.ToLower(u.Hostname())
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return site(domain)
	}
	return site(host)
}

// has reports whether a link leads to a page of the site. A link within the page does
// not; when the site is not known, every other link may.
func (s site) has(href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || u.Path == "" && u.Host == "" && u.RawQuery == "" {
		return false
	}
	return s == "" || u.Host == "" || siteOf(u) == s
}
