package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/index/analysis"
)

const (
	gap  = -1 // a token between paragraphs: no window reaches across it
	rare = -2 // a token of a term outside the vocabulary

	// stopMark starts the entry of a stop word, which may be spelt like a stem.
	stopMark = "\x00"
	// number stands for all words that start with a digit.
	number = "0"
)

// A text is a stream of terms by number.
type text struct {
	stream   []int32
	terms    []term // the most frequent first, once frequent has been called
	ids      map[string]int32
	analyzer analysis.Analyzer
}

// A term says how often it occurs and how it is written inside sentences,
// where a capital means a name.
type term struct {
	name                   string
	count, inside, capital int
}

func newText() *text { return &text{ids: map[string]int32{}} }

func (t term) isStop() bool { return strings.HasPrefix(t.name, stopMark) }

// isName reports whether a term is nearly always written with a capital. Words
// that are also written small a few hundred times are titles ("President").
func (t term) isName() bool {
	small := t.inside - t.capital
	return t.inside == 0 || small < 200 && float64(t.capital) > 0.8*float64(t.inside)
}

// add appends one paragraph and a gap, times over.
func (t *text) add(paragraph string, times int) {
	start := len(t.stream)
	tokens := t.analyzer.Tokens(paragraph)
	headline := isHeadline(tokens)
	for _, tok := range tokens {
		id := t.id(tok)
		t.stream = append(t.stream, id)
		seen := &t.terms[id]
		seen.count += times
		if headline || startsSentence(paragraph, tok.Start) {
			continue
		}
		seen.inside++
		if isCapital(tok.Text) {
			seen.capital++
		}
	}
	t.stream = append(t.stream, gap)
	once := slices.Clone(t.stream[start:])
	for range times - 1 {
		t.stream = append(t.stream, once...)
	}
}

// id numbers the term of a token, new terms as they come.
func (t *text) id(tok analysis.Token) int32 {
	name := tok.Term
	switch {
	case name == "":
		name = stopMark + tok.Fold
	case '0' <= name[0] && name[0] <= '9':
		name = number
	}
	id, ok := t.ids[name]
	if !ok {
		id, name = int32(len(t.terms)), strings.Clone(name)
		t.ids[name] = id
		t.terms = append(t.terms, term{name: name})
	}
	return id
}

// frequent is the text in its n most frequent terms, numbered by frequency.
func (t *text) frequent(n int) *text {
	order := make([]int, len(t.terms))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := t.terms[a], t.terms[b]
		return cmp.Or(cmp.Compare(y.count, x.count), cmp.Compare(x.name, y.name))
	})
	kept := newText()
	renumbered := slices.Repeat([]int32{rare}, len(t.terms))
	for _, old := range order[:min(n, len(order))] {
		id := int32(len(kept.terms))
		renumbered[old] = id
		kept.terms = append(kept.terms, t.terms[old])
		kept.ids[t.terms[old].name] = id
	}
	for _, id := range t.stream {
		if id != gap {
			id = renumbered[id]
		}
		kept.stream = append(kept.stream, id)
	}
	return kept
}

// isHeadline reports whether most words are capitalised, so that a capital says nothing.
func isHeadline(tokens []analysis.Token) bool {
	words, capitals := 0, 0
	for _, tok := range tokens {
		if tok.Term == "" {
			continue
		}
		words++
		if isCapital(tok.Text) {
			capitals++
		}
	}
	return capitals*3 > words*2
}

// startsSentence reports whether the word at start opens a sentence, a quotation or a line.
func startsSentence(paragraph string, start int) bool {
	before := strings.TrimRight(paragraph[:start], " \t\u00a0*_[(#")
	last, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || strings.ContainsRune(".?!:;\"“‘'•–—-|", last)
}

func isCapital(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first)
}

// minShared is the length in bytes from which a paragraph that was read before
// is left out: boilerplate repeated a thousand times teaches only itself.
const minShared = 40

// links are addresses and tags: their words are nobody's language.
var links = regexp.MustCompile(`https?://[^\s)>"]+|<[^>]{1,400}>`)

// weight is how often the paragraphs of a file count. The White House speaks
// mostly of home affairs, six times as much as all others together speak of the
// world; it is left as it is and the others are raised.
func weight(path string) int {
	if strings.HasPrefix(filepath.Base(path), "whitehouse.") {
		return 1
	}
	return 3
}

// read turns the files of dirs into one text of frequent terms.
func read(dirs []string) (*text, error) {
	paths, err := files(dirs)
	if err != nil {
		return nil, err
	}
	t := newText()
	seen := map[[sha256.Size]byte]bool{}
	for _, path := range paths {
		err := documents(path, func(title, body string) {
			for p := range strings.SplitSeq(title+"\n"+body, "\n") {
				p = strings.TrimSpace(links.ReplaceAllString(p, " "))
				sum := sha256.Sum256([]byte(p))
				if len(p) < minShared || !seen[sum] {
					t.add(p, weight(path))
				}
				seen[sum] = true
			}
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return t.frequent(maxVocabulary), nil
}

// files lists the *.jsonl and *.jsonl.gz of dirs, in order.
func files(dirs []string) ([]string, error) {
	var all []string
	for _, dir := range dirs {
		for _, pattern := range []string{"*.jsonl", "*.jsonl.gz"} {
			found, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				return nil, err
			}
			slices.Sort(found)
			all = append(all, found...)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no *.jsonl or *.jsonl.gz in %q", dirs)
	}
	return all, nil
}

// documents calls yield with the title and text of each line of one file.
func documents(path string, yield func(title, body string)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var r io.Reader = bufio.NewReaderSize(f, 1<<20)
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			return err
		}
	}
	for lines := json.NewDecoder(r); ; {
		var doc struct{ Title, Text string }
		if err := lines.Decode(&doc); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		yield(doc.Title, doc.Text)
	}
}
