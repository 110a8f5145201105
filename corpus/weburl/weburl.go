// Package weburl handles addresses of the web: it tells whether two mean one page, what of
// an address may be shown, and which addresses hold a secret. It fetches nothing.
package weburl

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"parley/corpus/words"
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
var tracking = words.Set(`fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid _openstat twclid ttclid
	li_fat_id igshid igsh mc_cid mc_eid mkt_tok _ga _gl wt_mc wt.mc_id wt_zmc cmpid s_cid ncid
	xtor smid ref_src ref_url spm srsltid rb_clickid erid guccounter guce_referrer guce_referrer_sig
	ns_campaign ns_mchannel ns_source ns_linkname`)

func isTracking(name string) bool {
	return tracking[name] ||
		slices.ContainsFunc(trackingPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// Redacted gives an address for logs and messages: without name, password, query and
// fragment, any of which may hold a secret.
func Redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(an address that cannot be read)"
	}
	return RedactedURL(u)
}

// RedactedURL is Redacted of an address that was parsed before.
func RedactedURL(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if u.RawQuery != "" {
		shown.RawQuery = "…"
	}
	return shown.String()
}

// Citable gives an address that can be shown to everybody: canonical, and without the
// parameters that are known to be secrets. It is empty for what is no address of the web.
func Citable(address string) string {
	canonical, ok := Canonical(address)
	if !ok {
		return ""
	}
	u, err := url.Parse(canonical)
	if err != nil {
		return canonical
	}
	u.RawQuery = without(u.RawQuery, isSecret)
	return u.String()
}

// HoldsSecret reports whether an address names a user, has a parameter that is known to be
// a secret, or cannot be read. A secret that is a part of the path is not recognized.
func HoldsSecret(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return true
	}
	return slices.ContainsFunc(strings.Split(u.RawQuery, "&"), isSecret)
}

// secrets are the parameters by which a server knows who asks, in lower case.
var secrets = words.Set(`auth authorization key accesskey access_key pass pwd session sessionid session_id sid phpsessid
	jsessionid jwt signature sig x-amz-signature x-amz-credential x-goog-signature hmac credential credentials code`)

// secretParts tell a secret wherever they stand in its name, as in "feed_token".
var secretParts = []string{"token", "secret", "passw", "apikey", "api_key", "api-key"}

// isSecret reports whether a parameter, "name=value" as in an address, is known to be one.
func isSecret(parameter string) bool {
	name, _, _ := strings.Cut(parameter, "=")
	plain, err := url.QueryUnescape(name)
	if err != nil {
		return false
	}
	plain = strings.ToLower(plain)
	return secrets[plain] ||
		slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(plain, part) })
}
