package article

import (
	"net/url"
	"slices"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"parley/corpus/article/dom"
)

// bodyReader finds the text of the article on a page.
type bodyReader struct {
	at    *url.URL
	site  dom.Site
	known known
}

// fewRunes is the length below which a text may be what clean left of a longer one.
const fewRunes = 250

// read is the text of the article; empty when there is none. It consumes root, the tree of source.
func (r bodyReader) read(root *html.Node, source string) (string, error) {
	clean(root, r.at)
	all := readBlocks(root, r.site)
	kept, err := r.article(root)
	if err != nil {
		return "", err
	}
	found := text(trim(fill(kept, all), r.known))
	if utf8.RuneCountInString(found) >= fewRunes {
		return found, nil
	}
	if root, err = parse(source); err != nil {
		return "", err
	}
	if kept, err = r.article(root); err != nil {
		return "", err
	}
	if unclean := text(trim(kept, r.known)); len(unclean) > 2*len(found) {
		return unclean, nil
	}
	return found, nil
}

// maxEffort bounds the work that readability is given, in bytes of text times elements
// around them: it counts the text of an element again for each element around it. Pages of
// newspapers are at 10^6; of a page beyond the bound everything is read.
const maxEffort = 100_000_000

// article is the blocks of the part of the page that readability takes for the article.
func (r bodyReader) article(root *html.Node) ([]block, error) {
	if effort(root, 0) > maxEffort {
		return readBlocks(root, r.site), nil
	}
	var found readability.Article
	err := protect("readability", func() (err error) {
		p := readability.NewParser()
		p.DisableJSONLD = true // readHead reads it
		found, err = p.ParseAndMutate(root, r.at)
		return err
	})
	if err != nil || found.Node == nil {
		return nil, err
	}
	return readBlocks(found.Node, r.site), nil
}

func effort(n *html.Node, depth int) int {
	if n.Type == html.TextNode {
		return len(n.Data) * depth
	}
	sum := 0
	for c := range n.ChildNodes() {
		sum += effort(c, depth+1)
	}
	return sum
}

// maxGap is the number of blocks of a gap that is filled: a longer one is a part of the
// page that readability left out on purpose.
const maxGap = 2

// fill puts back the prose that readability left out between blocks that it kept: it
// judges an element by the share of its links, which is high where a page gives each
// paragraph an element of its own.
func fill(kept, all []block) []block {
	at := map[string][]int{} // places in all, by text
	for i, b := range all {
		at[b.text] = append(at[b.text], i)
	}
	var out []block
	last := -1 // place of the block before
	for _, b := range kept {
		place := -1
		if i, _ := slices.BinarySearch(at[b.text], last+1); i < len(at[b.text]) {
			place = at[b.text][i]
		}
		if last >= 0 && place > last+1 && place-last-1 <= maxGap {
			for _, left := range all[last+1 : place] {
				if isProse(left) {
					out = append(out, left)
				}
			}
		}
		out = append(out, b)
		last = place
	}
	return out
}
