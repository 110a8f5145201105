package article

import (
	"strings"

	"golang.org/x/text/language"
)

// tongue is the language that the page declares, as a BCP 47 tag ("uk", "pt-BR"); empty
// when it declares none that exists. No language is guessed from the text.
func (h *head) tongue() string {
	declared := []string{h.language, h.about.string("inLanguage"), h.first("og:locale"),
		h.first("content-language"), h.first("language"), h.first("dc.language", "dcterms.language")}
	for _, d := range declared {
		d, _, _ = strings.Cut(d, ",")
		tag, err := language.Parse(strings.TrimSpace(d))
		if err == nil && tag != language.Und {
			return tag.String()
		}
	}
	return ""
}
