package feed

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/corpus/htmltext"
	"parley/corpus/schedule"
	"parley/corpus/weburl"
)

// rssFeed reads RSS or RDF. Of several channels the last counts. The author is that of the
// items that name none.
func rssFeed(root *element) (f Feed, author string) {
	channel := root.last("channel")
	f = Feed{
		Title:       htmltext.Line(channel.first("title", "dc:title")),
		Description: htmltext.Blocks(channel.first("description", "dc:description", "itunes:summary")),
		URL:         weburl.First(cmp.Or(channel.last("link").rssLink(), atomLink(channel, "alternate"))),
		Self:        weburl.First(atomLink(channel, "self")),
		Language:    cmp.Or(channel.first("language"), channel.last("dc:language").text),
		License:     license(channel, channel.first("copyright")),
		Updated: firstDate(channel.first("lastbuilddate"), channel.first("pubdate"), channel.first("dc:date"),
			channel.first("dcterms:issued")),
		Hints: hints(channel.first("ttl"), channel.last("skiphours").texts("hour"),
			channel.last("skipdays").texts("day"), channel),
		Items: append(channel.items, root.items...), // RDF has them beside the channel
	}
	return f, firstName(channel.first("managingeditor"), names(channel.texts("dc:creator")))
}

func rssItem(e *element) Item {
	item := Item{
		ID:    e.last("guid").text,
		Title: htmltext.Line(e.first("title", "dc:title")),
		Published: firstDate(e.first("pubdate"), e.first("dc:date"), e.first("dcterms:issued"), e.first("dcterms:created"),
			e.first("atom:published")),
		Updated: firstDate(e.first("dcterms:modified"), e.first("atom:updated"), e.first("dc:date")),
		Author: firstName(e.last("author").text, names(e.texts("dc:creator")), e.first("itunes:author"),
			persons(e.children["atom:author"], "atom:name")),
		Categories: append(e.texts("dc:subject"), e.texts("category")...),
		Language:   e.last("dc:language").text,
		License:    license(e, ""),
		Summary:    htmltext.Blocks(e.first("description", "dc:description", "itunes:summary", "atom:summary")),
		Text:       htmltext.Blocks(e.first("content:encoded", "atom:content")),
		Source:     htmltext.Line(e.first("source")),
	}
	// the page: what a redirecting service says that it was, the link, the guid if it is
	// one, or the page of comments
	addresses := []string{e.first("feedburner:origlink")}
	for _, l := range e.children["link"] {
		addresses = append(addresses, l.rssLink())
	}
	addresses = append(addresses, atomLink(e, "alternate"))
	if !strings.EqualFold(strings.TrimSpace(e.last("guid").attributes["ispermalink"]), "false") {
		addresses = append(addresses, item.ID)
	}
	item.URL = weburl.First(append(addresses, e.first("comments"))...)
	return item
}

// rssLink gives the address in a <link>, which some write as Atom does.
func (e *element) rssLink() string { return cmp.Or(e.text, e.attributes["href"]) }

// atomLink gives the address of an Atom link inside RSS.
func atomLink(e *element, rel string) string {
	for _, l := range e.children["atom:link"] {
		if cmp.Or(l.attributes["rel"], "alternate") == rel {
			return l.attributes["href"]
		}
	}
	return ""
}

// hints reads what a feed says on when to fetch it: <ttl> in minutes, the hours and days to
// skip, and the module Syndication.
func hints(ttl string, hours, days []string, e *element) schedule.Hints {
	var h schedule.Hints
	if minutes, err := strconv.Atoi(strings.TrimSpace(ttl)); err == nil && minutes > 0 && minutes < 1<<20 {
		h.Every = time.Duration(minutes) * time.Minute
	}
	if every := updatePeriod(e.first("sy:updateperiod"), e.first("sy:updatefrequency")); h.Every == 0 {
		h.Every = every
	}
	for _, hour := range hours {
		if n, err := strconv.Atoi(strings.TrimSpace(hour)); err == nil && n >= 0 && n <= 24 &&
			!slices.Contains(h.SkipHours, n%24) {
			h.SkipHours = append(h.SkipHours, n%24) // some count the hours from 1
		}
	}
	for _, name := range days {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(name), day.String()) && !slices.Contains(h.SkipDays, day) {
				h.SkipDays = append(h.SkipDays, day)
			}
		}
	}
	if len(h.SkipHours) == 24 || len(h.SkipDays) == 7 { // never is no answer
		h.SkipHours, h.SkipDays = nil, nil
	}
	return h
}

// updatePeriod reads the module Syndication of RSS 1.0: a period, and how often the feed
// changes in it, which is once if it does not say.
func updatePeriod(period, frequency string) time.Duration {
	const day = 24 * time.Hour
	length := map[string]time.Duration{"hourly": time.Hour, "daily": day, "weekly": 7 * day, "monthly": 30 * day,
		"yearly": 365 * day}
	times, err := strconv.Atoi(strings.TrimSpace(frequency))
	if err != nil || times < 1 {
		times = 1
	}
	return length[strings.ToLower(strings.TrimSpace(period))] / time.Duration(times)
}
