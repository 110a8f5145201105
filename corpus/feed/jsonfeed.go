package feed

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed/json"
)

// parseJSON reads a JSON Feed.
func parseJSON(text string, base *url.URL) (Feed, error) {
	in, err := new(json.Parser).Parse(strings.NewReader(text))
	if err != nil {
		return Feed{}, fmt.Errorf("%w: it begins as JSON (%w)", ErrNotFeed, err)
	}
	_, version, ok := strings.Cut(in.Version, "jsonfeed.org/version/")
	if !ok && in.Items == nil {
		return Feed{}, fmt.Errorf("%w: it is JSON without items", ErrNotFeed)
	}
	f := Feed{
		Format:      strings.TrimSpace("json " + cmp.Or(version, in.Version)),
		Title:       plainLine(in.Title),
		Description: plainBlocks(in.Description),
		URL:         webAddress(resolve(base, in.HomePageURL)),
		Self:        webAddress(resolve(base, in.FeedURL)),
		Language:    in.Language,
	}
	if len(in.Items) > MaxItems {
		f.Damage = fmt.Sprintf("it has more than %d items; the others are left out", MaxItems)
		in.Items = in.Items[:MaxItems]
	}
	author := jsonAuthors(append(in.Authors, in.Author))
	for _, item := range in.Items {
		if item != nil {
			f.Items = append(f.Items, jsonItem(item, base, author))
		}
	}
	return f, nil
}

func jsonItem(in *json.Item, base *url.URL, feedAuthor string) Item {
	return Item{
		ID:         in.ID,
		URL:        firstWebAddress([]string{resolve(base, in.URL), resolve(base, in.ExternalURL), in.ID}),
		Title:      plainLine(in.Title),
		Published:  firstDate(in.DatePublished),
		Updated:    firstDate(in.DateModified),
		Author:     cmp.Or(jsonAuthors(append(in.Authors, in.Author)), feedAuthor),
		Categories: in.Tags,
		Language:   in.Language,
		Summary:    plainBlocks(in.Summary),
		Text:       cmp.Or(blocks(in.ContentHTML), plainBlocks(in.ContentText)),
	}
}

func jsonAuthors(in []*json.Author) string {
	var all []string
	for _, a := range in {
		if a != nil {
			all = append(all, a.Name)
		}
	}
	return names(all)
}
