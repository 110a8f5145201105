package ingest

import (
	"net/url"
	"slices"
	"strings"

	"parley/corpus/feed"
)

// secrets are parameters by which a server knows who asks, in lower case.
var secrets = func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(`auth authorization key accesskey access_key pass pwd session sessionid session_id sid phpsessid
		jsessionid jwt signature sig x-amz-signature x-amz-credential x-goog-signature hmac credential credentials code`) {
		all[name] = true
	}
	return all
}()

// secretParts are in the names of others, such as "feed_token".
var secretParts = []string{"token", "secret", "passw", "apikey", "api_key", "api-key"}

// citable is an address that can be shown to everybody: canonical and without secrets. It
// is empty for what is no address of the web.
func citable(address string) string {
	canonical, ok := feed.Canonical(address)
	if !ok {
		return ""
	}
	u, err := url.Parse(canonical)
	if err != nil || u.RawQuery == "" {
		return canonical
	}
	var kept []string
	for p := range strings.SplitSeq(u.RawQuery, "&") {
		if !isSecret(p) {
			kept = append(kept, p)
		}
	}
	u.RawQuery = strings.Join(kept, "&")
	return u.String()
}

// isSecret reports whether a parameter, "name=value" as in an address, is known to be one.
func isSecret(parameter string) bool {
	name, _, _ := strings.Cut(parameter, "=")
	plain, err := url.QueryUnescape(name)
	if err != nil {
		return false
	}
	plain = strings.ToLower(plain)
	return secrets[plain] || slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(plain, part) })
}

// HoldsSecret reports whether an address names a user or has a parameter that is known to be
// a secret, or cannot be read. A secret that is a part of the path is not recognized.
func HoldsSecret(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return true
	}
	return slices.ContainsFunc(strings.Split(u.RawQuery, "&"), isSecret)
}
