// Package weburl handles addresses of the web: it tells whether two mean one page, what of
// an address may be shown, and which addresses hold a secret. It fetches nothing.
package weburl

import (
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// Is reports whether u is an absolute address of the web.
func Is(u *url.URL) bool { return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" }

// Canonical brings an address into the form in which two that mean one page are equal:
// scheme and host in lower case, the host in ASCII, no default port, no fragment, no
// parameter that only says where the reader came from. Whatever may choose the page stays
// as it is, and so does the order of the parameters. It reports false for what is no
// address of the web.
func Canonical(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !Is(u) {
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
	u.RawQuery = without(u.RawQuery, func(parameter string) bool {
		name, _, _ := strings.Cut(parameter, "=")
		return parameter == "" || isTracking(strings.ToLower(name))
	})
	return u.String(), true
}

// First gives the canonical form of the first address that is one of the web, else "".
func First(addresses ...string) string {
	for _, address := range addresses {
		if canonical, ok := Canonical(address); ok {
			return canonical
		}
	}
	return ""
}

// Resolve gives the address that a reference means in a text with that base, or the
// reference itself if it cannot be read.
func Resolve(base *url.URL, reference string) string {
	if reference == "" {
		return ""
	}
	// browsers drop these inside an address (WHATWG URL, 4.4)
	u, err := base.Parse(strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(reference))
	if err != nil {
		return reference
	}
	return u.String()
}

// without drops the parameters that fit, and leaves the others as they are written.
func without(query string, fits func(parameter string) bool) string {
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		if !fits(p) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}

// trackingPrefixes begin the names of parameters of campaigns: Google Analytics,
// Matomo, Piano, HubSpot, BBC.
var trackingPrefixes = []string{
	"utm_", "utm-", "mtm_", "pk_", "piwik_", "at_", "hsa_", "_hs", "__hs", "ga_", "vero_", "oly_",
}

// tracking are the parameters by which Google, Meta, Microsoft, Yandex, X, Mailchimp and
// others follow a click.
var tracking = setOf(`fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid _openstat twclid ttclid
	li_fat_id igshid igsh mc_cid mc_eid mkt_tok _ga _gl wt_mc wt.mc_id wt_zmc cmpid s_cid ncid
	xtor smid ref_src ref_url spm srsltid rb_clickid erid guccounter guce_referrer guce_referrer_sig
	ns_campaign ns_mchannel ns_source ns_linkname`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

func isTracking(name string) bool {
	for _, prefix := range trackingPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return tracking[name]
}
