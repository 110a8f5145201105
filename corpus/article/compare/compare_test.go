// Package compare measures the libraries that package article does not use, on the pages
// and by the measure that it is measured by. It is a module of its own, so that Parley
// does not depend on them: cd corpus/article/compare && go test -v
package compare

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	readeck "codeberg.org/readeck/go-readability/v2"
	"github.com/go-shiori/dom"
	shiori "github.com/go-shiori/go-readability"
	distiller "github.com/markusmobius/go-domdistiller"
	"github.com/markusmobius/go-trafilatura"

	"parley/corpus/article/benchmark"
)

// An extractor finds the text of a page; empty when it finds none.
type extractor func(html []byte, address *url.URL) string

var libraries = []struct {
	name    string
	extract extractor
}{
	{"readeck/go-readability", func(html []byte, address *url.URL) string {
		a, err := readeck.FromReader(bytes.NewReader(html), address)
		if err != nil {
			return ""
		}
		var b strings.Builder
		if a.RenderText(&b) != nil {
			return ""
		}
		return b.String()
	}},
	{"go-shiori/go-readability", func(html []byte, address *url.URL) string {
		a, err := shiori.FromReader(bytes.NewReader(html), address)
		if err != nil {
			return ""
		}
		return a.TextContent
	}},
	{"go-trafilatura, no fallback", trafilate(trafilatura.Options{})},
	{"go-trafilatura", trafilate(trafilatura.Options{EnableFallback: true})},
	{"go-trafilatura, precise", trafilate(trafilatura.Options{EnableFallback: true, ExcludeComments: true, Focus: trafilatura.FavorPrecision})},
	{"go-trafilatura, complete", trafilate(trafilatura.Options{EnableFallback: true, ExcludeComments: true, Focus: trafilatura.FavorRecall})},
	{"go-domdistiller", func(html []byte, address *url.URL) string {
		r, err := distiller.ApplyForReader(bytes.NewReader(html), &distiller.Options{OriginalURL: address})
		if err != nil {
			return ""
		}
		return dom.InnerText(r.Node)
	}},
}

func trafilate(o trafilatura.Options) extractor {
	return func(html []byte, _ *url.URL) string {
		r, err := trafilatura.Extract(bytes.NewReader(html), o)
		if err != nil {
			return ""
		}
		return r.ContentText
	}
}

func TestLibraries(t *testing.T) {
	pages, err := benchmark.Load("../../../../shared/html")
	if err != nil {
		t.Skip("no pages to measure on:", err)
	}
	for _, library := range libraries {
		var scores []benchmark.Score
		for _, p := range pages {
			address, err := url.Parse(p.URL)
			if err != nil {
				t.Fatal(err)
			}
			scores = append(scores, benchmark.Compare(p.Body, library.extract(p.HTML, address)))
		}
		t.Log(benchmark.Line(library.name, scores))
		if f := benchmark.Average(scores).F1; f < 0.9 {
			t.Errorf("%s: F1 %.4f; the measure or the library has changed", library.name, f)
		}
	}
}
