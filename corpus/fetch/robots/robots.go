// Package robots reads robots.txt as RFC 9309 has it. The library for it, temoto/robotstxt,
// is older than the RFC: it merges a group without rules with the next, matches patterns
// with "*" in the middle of a path, and gives up a whole file for a rule out of place.
package robots

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rules are the rules of a robots.txt for one product. The zero value asks nothing.
type Rules struct {
	rules []rule
	Delay time.Duration // between two requests, a minute at most; 0 if it does not say
}

// longestDelay is the most of a Crawl-delay that is kept to.
const longestDelay = time.Minute

type rule struct {
	allow   bool
	pattern string // normal, with "*" and a last "$"
}

// Parse takes the groups that name the product in front of the "/" of the user agent, or
// else those for "*". Groups for the same are one (2.2.1).
func Parse(body []byte, userAgent string) Rules {
	product := productToken(userAgent)
	var ours, everyones Rules
	var named, inRules bool     // our product is named at all; the group's agents are all read
	var forUs, forEveryone bool // whom the group is for
	for line := range bytes.Lines(bytes.TrimPrefix(body, []byte("\ufeff"))) {
		content, _, _ := strings.Cut(string(line), "#")
		key, value, ok := strings.Cut(content, ":")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch {
		case !ok:
		case key == "user-agent":
			if inRules {
				forUs, forEveryone, inRules = false, false, false
			}
			forUs = forUs || strings.EqualFold(productToken(value), product)
			forEveryone = forEveryone || value == "*"
			named = named || forUs
		case key == "allow", key == "disallow", key == "crawl-delay":
			inRules = true
			if forUs {
				ours.add(key, value)
			}
			if forEveryone {
				everyones.add(key, value)
			}
		}
	}
	if named {
		return ours
	}
	return everyones
}

// productToken is the name in "Name/1.0": letters, "_" and "-" (2.2.1).
func productToken(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == '-')
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

func (s *Rules) add(key, value string) {
	switch {
	case key == "crawl-delay":
		if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
			s.Delay = max(s.Delay, time.Duration(min(seconds, longestDelay.Seconds())*float64(time.Second)))
		}
	case value != "": // an empty one matches nothing
		s.rules = append(s.rules, rule{key == "allow", normal(value)})
	}
}

// Allows reports whether a path with its query may be read: the rule with the longest
// pattern says, of two as long the one that allows (2.2.2).
func (s Rules) Allows(path string) bool {
	path = normal(path)
	allowed, longest := true, -1
	for _, r := range s.rules {
		if size := len(r.pattern); size < longest || size == longest && !r.allow || !r.matches(path) {
			continue
		}
		allowed, longest = r.allow, len(r.pattern)
	}
	return allowed
}

// matches reports whether the path begins as the pattern says, with "*" for any
// characters; a "$" at the end is the end of the path (2.2.3).
func (r rule) matches(path string) bool {
	pattern, anchored := strings.CutSuffix(r.pattern, "$")
	parts := strings.Split(pattern, "*")
	path, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false
	}
	for i, part := range parts[1:] {
		if anchored && i == len(parts)-2 {
			return strings.HasSuffix(path, part)
		}
		at := strings.Index(path, part)
		if at < 0 {
			return false
		}
		path = path[at+len(part):]
	}
	return !anchored || path == ""
}

// normal writes the characters beyond ASCII as octets in percent, and those that need
// none without (2.2.2).
func normal(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			if octet, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				i += 2
				writeOctet(&b, byte(octet), isUnreserved(byte(octet)))
				continue
			}
		}
		writeOctet(&b, c, c < 0x80)
	}
	return b.String()
}

func writeOctet(b *strings.Builder, c byte, plain bool) {
	if plain {
		b.WriteByte(c)
		return
	}
	fmt.Fprintf(b, "%%%02X", c)
}

// isUnreserved is the set of that name of RFC 3986, 2.3.
func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
