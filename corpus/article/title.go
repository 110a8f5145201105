package article

import (
	"strings"
	"unicode/utf8"
)

// titles are what the page calls its article, the surest first.
func (h *head) titles() []string {
	t := []string{h.about.string("headline"), h.first("og:title"), h.first("dc.title", "dcterms.title", "twitter:title")}
	if len(h.headings) == 1 {
		t = append(t, h.headings[0])
	}
	return append(t, h.title)
}

// headline is the title of the article without the name of the site.
func (h *head) headline(publisher string, s site) string {
	candidates := h.titles()
	for _, c := range candidates {
		if c != "" {
			return withoutSite(complete(c, candidates), candidates, publisher, s)
		}
	}
	return ""
}

// complete is the candidate that title is a cut form of, else title.
func complete(title string, candidates []string) string {
	start := strings.TrimRight(title, ".… ")
	if start == title && utf8.RuneCountInString(title) < 100 { // schema.org asked for 110 at most
		return title
	}
	for _, c := range candidates {
		if len(c) > len(title) && strings.HasPrefix(c, start) {
			return c
		}
	}
	return title
}

// separators stand between the title and the name of the site.
var separators = []string{" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", " / ", " // ", " ~ "}

// withoutSite cuts the site's name off a title where it is certain: what is cut is the
// name of the publisher or of the domain, or what is left is itself a title of the page.
func withoutSite(title string, candidates []string, publisher string, s site) string {
	for _, sep := range separators {
		if i := strings.LastIndex(title, sep); i > 0 {
			if left, right := title[:i], title[i+len(sep):]; isSite(right, publisher, s) || isAny(left, candidates) {
				return withoutSite(strings.TrimSpace(left), candidates, publisher, s)
			}
		}
		if left, right, ok := strings.Cut(title, sep); ok && isSite(left, publisher, s) {
			return strings.TrimSpace(right)
		}
	}
	return title
}

func isSite(part, publisher string, s site) bool {
	label, _, _ := strings.Cut(string(s), ".")
	return sameText(part, publisher) || sameText(part, label) || sameText(part, string(s))
}

func isAny(title string, candidates []string) bool {
	for _, c := range candidates {
		if sameText(title, c) {
			return true
		}
	}
	return false
}
