package dom

import (
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Site is the registered domain of a page, "example.co.uk"; empty when it is not known.
type Site string

// SiteOf gives the site of an address.
func SiteOf(u *url.URL) Site {
	host := strings.ToLower(u.Hostname())
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return Site(domain)
	}
	return Site(host)
}

// Has reports whether a link leads to a page of the site. A link within the page does
// not; when the site is not known, every other link may.
func (s Site) Has(href string) bool {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || u.Path == "" && u.Host == "" && u.RawQuery == "" {
		return false
	}
	return s == "" || u.Host == "" || SiteOf(u) == s
}
