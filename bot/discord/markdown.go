package discord

import (
	"strings"

	"parley/bot"
)

// markdown is a line of the interface with its links.
func markdown(l bot.Line) string {
	e := escaper{atStart: true}
	for _, r := range l {
		text := strings.ReplaceAll(clean(r.Text), "\n", " ")
		switch address := linkable(r.URL); {
		case address == "":
			e.write(text)
		case r.Text == r.URL:
			e.mark("<" + address + ">")
		case strings.Contains(text, "://"): // Discord hides no address behind another
			e.write(text)
			e.mark(" <" + address + ">")
		default:
			e.mark("[")
			e.write(text)
			e.mark("](" + address + ")")
		}
	}
	return e.out.String()
}

// inAddress encodes what would end an address in markdown.
var inAddress = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `"`, "%22", `\`, "%5C", "\n", "", "\t", "")

// linkable is an address as markdown can hold it, empty if it cannot.
func linkable(url string) string {
	if url == "" || size(url) > maxLinkURL {
		return ""
	}
	return inAddress.Replace(clean(url))
}

// fitted is a line in at most so many units: with links, else without, else cut.
func fitted(l bot.Line, most int) string {
	if md := markdown(l); size(md) <= most {
		return md
	}
	return cutEscaped(strings.ReplaceAll(clean(l.String()), "\n", " "), most)
}
