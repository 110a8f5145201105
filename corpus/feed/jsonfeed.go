package feed

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"parley/corpus/htmltext"
	"parley/corpus/weburl"
)

// jsonFeed has the members of a JSON Feed (versions 1.0 and 1.1) that are read.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomePageURL string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url"`
	Description string       `json:"description"`
	Language    string       `json:"language"`
	Author      jsonAuthor   `json:"author"` // of 1.0
	Authors     []jsonAuthor `json:"authors"`
	Items       []*jsonItem  `json:"items"`
}

type jsonItem struct {
	ID            anyString    `json:"id"`
	URL           string       `json:"url"`
	ExternalURL   string       `json:"external_url"`
	Title         string       `json:"title"`
	ContentHTML   string       `json:"content_html"`
	ContentText   string       `json:"content_text"`
	Summary       string       `json:"summary"`
	DatePublished string       `json:"date_published"`
	DateModified  string       `json:"date_modified"`
	Language      string       `json:"language"`
	Tags          []string     `json:"tags"`
	Author        jsonAuthor   `json:"author"`
	Authors       []jsonAuthor `json:"authors"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

// anyString takes a value of any type as text: the specification has readers do so with
// an ID.
type anyString string

func (s *anyString) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*string)(s)) != nil {
		*s = anyString(data)
	}
	return nil
}

// parseJSON reads a JSON Feed. The author is that of the items that name none.
func parseJSON(text string, base *url.URL) (f Feed, author string, err error) {
	var in jsonFeed
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return f, "", fmt.Errorf("%w: it begins as JSON (%w)", ErrNotFeed, err)
	}
	_, version, ok := strings.Cut(in.Version, "jsonfeed.org/version/")
	if !ok && in.Items == nil {
		return f, "", fmt.Errorf("%w: it is JSON without items", ErrNotFeed)
	}
	f = Feed{
		Format:      strings.TrimSpace("json " + cmp.Or(version, in.Version)),
		Title:       htmltext.CleanLine(in.Title),
		Description: htmltext.CleanBlocks(in.Description),
		URL:         weburl.First(weburl.Resolve(base, in.HomePageURL)),
		Self:        weburl.First(weburl.Resolve(base, in.FeedURL)),
		Language:    in.Language,
	}
	if len(in.Items) > MaxItems {
		f.Damage = fmt.Sprintf("it has more than %d items; the others are left out", MaxItems)
		in.Items = in.Items[:MaxItems]
	}
	for _, item := range in.Items {
		if item == nil {
			continue
		}
		id := string(item.ID)
		f.Items = append(f.Items, Item{
			ID:         id,
			URL:        weburl.First(weburl.Resolve(base, item.URL), weburl.Resolve(base, item.ExternalURL), id),
			Title:      htmltext.CleanLine(item.Title),
			Published:  firstDate(item.DatePublished),
			Updated:    firstDate(item.DateModified),
			Author:     jsonAuthors(append(item.Authors, item.Author)),
			Categories: item.Tags,
			Language:   item.Language,
			Summary:    htmltext.CleanBlocks(item.Summary),
			Text:       cmp.Or(htmltext.Blocks(item.ContentHTML), htmltext.CleanBlocks(item.ContentText)),
		})
	}
	return f, jsonAuthors(append(in.Authors, in.Author)), nil
}

func jsonAuthors(in []jsonAuthor) string {
	var all []string
	for _, a := range in {
		all = append(all, a.Name)
	}
	return names(all)
}
