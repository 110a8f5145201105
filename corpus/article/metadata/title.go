package metadata

import (
	"strings"
	"unicode/utf8"

	"parley/corpus/article/dom"
)

// Titles gives what the page calls its article, the surest first.
func (h *Head) Titles() []string {
	t := []string{h.about.string("headline"), h.first("og:title"), h.first("dc.title", "dcterms.title", "twitter:title")}
	if len(h.headings) == 1 {
		t = append(t, h.headings[0])
	}
	return append(t, h.title)
}

// headline is the title of the article without the name of the site.
func (h *Head) headline(publisher string, s dom.Site) string {
	candidates := h.Titles()
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
func withoutSite(title string, candidates []string, publisher string, s dom.Site) string {
	for _, sep := range separators {
		if i := strings.LastIndex(title, sep); i > 0 {
			if left, right := title[:i], title[i+len(sep):]; isSite(right, publisher, s) || dom.IsAny(left, candidates) {
				return withoutSite(strings.TrimSpace(left), candidates, publisher, s)
			}
		}
		if left, right, ok := strings.Cut(title, sep); ok && isSite(left, publisher, s) {
			return strings.TrimSpace(right)
		}
	}
	return title
}

func isSite(part, publisher string, s dom.Site) bool {
	label, _, _ := strings.Cut(string(s), ".")
	return dom.SameText(part, publisher) || dom.SameText(part, label) || dom.SameText(part, string(s))
}
