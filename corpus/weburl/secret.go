package weburl

import (
	"net/url"
	"slices"
	"strings"
)

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
var secrets = setOf(`auth authorization key accesskey access_key pass pwd session sessionid session_id sid phpsessid
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
	return secrets[plain] || slices.ContainsFunc(secretParts, func(part string) bool {
		return strings.Contains(plain,
			part)
	})
}
