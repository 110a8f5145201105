package metadata

import (
	"net/url"
	"strings"

	"parley/corpus"
	"parley/corpus/dates"
)

// dateTags are the meta tags that give the date of publication, the surest first.
var dateTags = []string{
	"article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished",
	"dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "dc.created",
	"citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date", "rnews:datepublished",
	"pubdate", "publishdate", "publish-date", "publish_date", "published_date", "published-date",
	"publication_date", "originalpublicationdate",
	"article_date_original", "cxenseparse:recs:publishtime", "displaydate", "pdate", "date", "datecreated",
}

// published is the date of publication: from JSON-LD, meta tags, marked elements, the
// address, what stands below the headline, in this order. A date of change is never taken for it.
func (h *Head) published(page *url.URL) corpus.PartialDate {
	values := []string{h.about.string("datePublished")}
	for _, tag := range dateTags {
		values = append(values, h.meta[tag]...)
	}
	for _, t := range h.times {
		if t.published {
			values = append(values, t.value)
		}
	}
	daysFirst := h.daysFirst()
	for _, v := range append(values, h.about.string("dateCreated")) {
		if d := dates.ParsePage(v, daysFirst); !d.IsZero() {
			return d
		}
	}
	inAddress := dates.InPath(page)
	if inAddress.Precision() == corpus.Day {
		return inAddress
	}
	for _, t := range h.times {
		if d := dates.ParsePage(t.value, daysFirst); t.headed && d.Precision() >= corpus.Day {
			return d // the others may be of other articles
		}
	}
	return inAddress
}

// daysFirst reports whether a date in figures has the day before the month: it has in all
// languages of sources but English, which is written both ways.
func (h *Head) daysFirst() bool {
	tag := h.language()
	return tag != "" && !strings.HasPrefix(tag, "en")
}
