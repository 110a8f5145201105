package feed

import (
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// Canonical is the form of an address by which two that mean one page are told to be
// one: scheme and host in lower case, the host in ASCII, no default port, no fragment,
// no parameter that only says where the reader came from. What may choose the page stays
// as it is, the order of the parameters too. It reports false for what is no address of
// the web.
func Canonical(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !isWeb(u) {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(u.Hostname(), "."))
	if err != nil { // a name with an underscore or the like: the resolver will judge
		host = strings.ToLower(u.Hostname())
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		host = net.JoinHostPort(strings.Trim(host, "[]"), port)
	}
	u.Host, u.User, u.Fragment, u.RawFragment, u.ForceQuery = host, nil, "", "", false
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = withoutTracking(u.RawQuery)
	return u.String(), true
}

// withoutTracking leaves the other parameters as they are written.
func withoutTracking(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		if key, _, _ := strings.Cut(p, "="); p != "" && !isTracking(strings.ToLower(key)) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}

// trackingPrefixes begin the names of parameters of campaigns: Google Analytics,
// Matomo, Piano, HubSpot, BBC.
var trackingPrefixes = []string{"utm_", "utm-", "mtm_", "pk_", "piwik_", "at_", "hsa_", "_hs", "__hs", "ga_", "vero_", "oly_"}

// tracking are parameters by which Google, Meta, Microsoft, Yandex, X, Mailchimp and
// others follow a click.
var tracking = setOf("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "_openstat", "twclid", "ttclid",
	"li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "wt_mc", "wt.mc_id", "wt_zmc", "cmpid", "s_cid", "ncid",
	"xtor", "smid", "ref_src", "ref_url", "spm", "srsltid", "rb_clickid", "erid", "guccounter", "guce_referrer", "guce_referrer_sig",
	"ns_campaign", "ns_mchannel", "ns_source", "ns_linkname")

func setOf(keys ...string) map[string]bool {
	set := make(map[string]bool, len(keys))
	for _, key := range keys {
		set[key] = true
	}
	return set
}

func isTracking(key string) bool {
	for _, prefix := range trackingPrefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return tracking[key]
}

func isWeb(u *url.URL) bool { return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" }

// resolve is the address that a reference in a text with that base means; the reference
// itself where that cannot be told.
func resolve(base *url.URL, reference string) string {
	if reference == "" {
		return ""
	}
	u, err := base.Parse(strings.Map(withoutBreaks, reference))
	if err != nil {
		return reference
	}
	return u.String()
}

// withoutBreaks drops what browsers drop inside an address (WHATWG URL, 4.4).
func withoutBreaks(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return -1
	}
	return r
}

// webAddress is the canonical address, empty for what is none of the web.
func webAddress(address string) string {
	canonical, _ := Canonical(address)
	return canonical
}

func firstWebAddress(addresses []string) string {
	for _, address := range addresses {
		if canonical, ok := Canonical(address); ok {
			return canonical
		}
	}
	return ""
}
