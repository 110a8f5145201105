// Command gen writes briefs.jsonl, the embedded record, from a file of facts. The
// texts stay as they are; it adds the headlines of titles.toml, turns the names of
// actors into lexicon ids and takes the notes off the dates of sources.
//
//	go run ./corpus/briefs/gen FACTS.jsonl [OUTPUT]
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/lexicon"
)

//go:embed titles.toml
var titleFile []byte

const (
	defaultOutput = "corpus/briefs/briefs.jsonl" // from the module's root
	longestTitle  = 70                           // characters
)

// fact is one line of the facts file.
type fact struct {
	ID      string   `json:"id"`
	Date    string   `json:"date"`
	Actors  []string `json:"actors"`
	Topics  []string `json:"topics"`
	Kind    string   `json:"kind"`
	Text    string   `json:"text"`
	Sources []struct {
		Title     string `json:"title"`
		Publisher string `json:"publisher"`
		URL       string `json:"url"`
		Published string `json:"published"`
		Primary   bool   `json:"primary"` // the actor's own page, which its publisher says as well
	} `json:"sources"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("usage: gen FACTS.jsonl [OUTPUT]")
	}
	output := append(args, defaultOutput)[1]
	facts, err := readFacts(args[0])
	if err != nil {
		return err
	}
	var titles map[string]string
	if err := toml.Unmarshal(titleFile, &titles); err != nil {
		return fmt.Errorf("titles.toml: %w", err)
	}
	names, err := lexicon.Default()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	for _, f := range facts {
		b, err := brief(f, titles[f.ID], names)
		if err != nil {
			return fmt.Errorf("%s: %w", f.ID, err)
		}
		if err := lines.Encode(b); err != nil {
			return err
		}
	}
	return os.WriteFile(output, out.Bytes(), 0o644)
}

func readFacts(path string) (facts []fact, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		var f fact
		if err := d.Decode(&f); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, len(facts)+1, err)
		}
		facts = append(facts, f)
	}
	return facts, lines.Err()
}

func brief(f fact, title string, names *lexicon.Lexicon) (briefs.Brief, error) {
	if n := utf8.RuneCountInString(title); n == 0 || n > longestTitle {
		return briefs.Brief{}, fmt.Errorf("title of %d characters, want 1 to %d", n, longestTitle)
	}
	published, err := corpus.ParsePartialDate(f.Date)
	if err != nil {
		return briefs.Brief{}, err
	}
	b := briefs.Brief{
		ID:        f.ID,
		Title:     title,
		Publisher: "Parley brief",
		Published: published,
		Language:  "en",
		License:   "Apache-2.0",
		Kind:      f.Kind,
		Topics:    f.Topics,
		Text:      f.Text,
	}
	for _, name := range f.Actors {
		a, ok := names.ResolveActor(name)
		if !ok {
			return b, fmt.Errorf("actor %q is not in the lexicon", name)
		}
		b.Actors = append(b.Actors, a.ID)
	}
	for _, s := range f.Sources {
		b.Sources = append(b.Sources, corpus.Reference{Title: s.Title, Publisher: s.Publisher, URL: s.URL, Published: sourceDate(s.Published)})
	}
	return b, nil
}

// leadingDate is the date before a note: "2025-04-14 (from address)".
var leadingDate = regexp.MustCompile(`^\d{4}(-\d\d){0,2}\b`)

// sourceDate is the date that a source is known to bear; unknown where the facts
// only have a note, as "not shown".
func sourceDate(s string) corpus.PartialDate {
	d, err := corpus.ParsePartialDate(leadingDate.FindString(s))
	if err != nil {
		return corpus.PartialDate{}
	}
	return d
}
