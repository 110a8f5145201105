// Package benchmark measures how much of an article's text an extractor finds, as the
// public article-extraction-benchmark of Scrapinghub (Zyte) does, so that figures compare
// with those published there. It is used by tests only.
//
// A text is the multiset of its shingles: runs of four words. Precision and recall are
// taken for each page and averaged over the pages, and F1 is that of the two averages. A
// page for which nothing was found counts for recall alone.
package benchmark

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Page is a page with the text that people found to be its article.
type Page struct {
	ID, URL string
	HTML    []byte // UTF-8
	Body    string
}

// Load reads the pages in dir, by ID: ground-truth.json and pages/ID.html.gz.
func Load(dir string) ([]Page, error) {
	b, err := os.ReadFile(filepath.Join(dir, "ground-truth.json"))
	if err != nil {
		return nil, err
	}
	var truth map[string]struct{ ArticleBody, URL string }
	if err := json.Unmarshal(b, &truth); err != nil {
		return nil, fmt.Errorf("ground truth: %w", err)
	}
	var pages []Page
	for id, t := range truth {
		html, err := unzip(filepath.Join(dir, "pages", id+".html.gz"))
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", id, err)
		}
		pages = append(pages, Page{id, t.URL, html, t.ArticleBody})
	}
	slices.SortFunc(pages, func(a, b Page) int { return cmp.Compare(a.ID, b.ID) })
	return pages, nil
}

func unzip(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// Score is how well the text found on one page agrees with its article. Precision is
// without meaning where Found is false.
type Score struct {
	Precision, Recall float64 // 0 to 1
	Found             bool    // any text at all
}

// Compare scores a text that was found against the article's.
func Compare(want, got string) Score {
	w, g := shingles(want), shingles(got)
	var both, onlyWant, onlyGot float64
	for s, n := range w {
		both += float64(min(n, g[s]))
		onlyWant += float64(max(0, n-g[s]))
	}
	for s, n := range g {
		onlyGot += float64(max(0, n-w[s]))
	}
	return Score{ratio(both, onlyGot), ratio(both, onlyWant), len(g) > 0}
}

func ratio(hits, misses float64) float64 {
	if hits+misses == 0 {
		return 1
	}
	return hits / (hits + misses)
}

// shingleWords is the number of words in a shingle.
const shingleWords = 4

// shingles counts the shingles of a text; one shorter than a shingle is one.
func shingles(s string) map[string]int {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' })
	counts := map[string]int{}
	if len(words) > 0 && len(words) < shingleWords {
		counts[strings.Join(words, " ")] = 1
	}
	for i := range max(0, len(words)-shingleWords+1) {
		counts[strings.Join(words[i:i+shingleWords], " ")]++
	}
	return counts
}

// Figures are the averages over pages.
type Figures struct{ Precision, Recall, F1 float64 }

// Average is the figures of scores.
func Average(scores []Score) Figures {
	var f Figures
	found := 0.0
	for _, s := range scores {
		if s.Found {
			f.Precision += s.Precision
			found++
		}
		f.Recall += s.Recall
	}
	f.Precision /= max(1, found)
	f.Recall /= max(1, float64(len(scores)))
	if f.Precision+f.Recall > 0 {
		f.F1 = 2 * f.Precision * f.Recall / (f.Precision + f.Recall)
	}
	return f
}

// resamples is the number of samples of the bootstrap.
const resamples = 1000

// Spread is 1.96 standard deviations of the figures when pages are drawn again at random
// from scores, with the same draws at every call.
func Spread(scores []Score) Figures {
	random := rand.New(rand.NewPCG(1, 2))
	samples := make([]Figures, resamples)
	for i := range samples {
		drawn := make([]Score, len(scores))
		for j := range drawn {
			drawn[j] = scores[random.IntN(len(scores))]
		}
		samples[i] = Average(drawn)
	}
	of := func(figure func(Figures) float64) float64 {
		var sum, squares float64
		for _, s := range samples {
			sum += figure(s)
			squares += figure(s) * figure(s)
		}
		mean := sum / resamples
		return 1.96 * math.Sqrt(max(0, squares/resamples-mean*mean))
	}
	return Figures{
		of(func(f Figures) float64 { return f.Precision }),
		of(func(f Figures) float64 { return f.Recall }),
		of(func(f Figures) float64 { return f.F1 }),
	}
}

// Line is the figures of scores with their spread, for a report.
func Line(name string, scores []Score) string {
	f, s := Average(scores), Spread(scores)
	return fmt.Sprintf("%-28s %2d pages  precision %.3f ± %.3f  recall %.3f ± %.3f  F1 %.4f ± %.4f",
		name, len(scores), f.Precision, s.Precision, f.Recall, s.Recall, f.F1, s.F1)
}
