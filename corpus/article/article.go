package article

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"parley/corpus"
)

func Extract(page []byte, contentType, pageURL string) (corpus.Document, error) {
	var d corpus.Document
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return d, fmt.Errorf("read page: %w", err)
	}
	u, _ := url.Parse(pageURL)
	var k known
	if t := find(root, func(n *html.Node) bool { return n.Data == "h1" }); t != nil {
		k.title = innerText(t)
	}
	if t := find(root, func(n *html.Node) bool {
		return n.Data == "meta" && (attr(n, "name") == "description" || attr(n, "property") == "og:description")
	}); t != nil {
		k.summary = attr(t, "content")
	}
	clean(root)
	p := readability.NewParser()
	p.DisableJSONLD = true
	a, err := p.ParseAndMutate(root, u)
	if err != nil {
		return d, err
	}
	if a.Node == nil {
		return d, errors.New("no text")
	}
	d.Text = text(trim(readBlocks(a.Node, siteOf(u)), k))
	return d, nil
}
