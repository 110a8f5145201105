package main

import (
	"bufio"
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
)

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
