package bleveindex

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"

	"github.com/blevesearch/bleve/v2"
	bleveanalysis "github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"

	"parley/corpus/lexicon"
	"parley/corpus/words"
	"parley/index"
	"parley/index/analysis"
)

// schema changes whenever what is stored for a passage does.
const schema = 3

// Stored and auxiliary fields beside those of package index.
const (
	fieldWord   = "word"   // folded words as written, for spelling repair
	fieldBody   = "body"   // the passage's text, stored
	fieldNotes  = "notes"  // what else is known of the passage, stored (codec.go)
	fieldSource = "source" // a document's source, stored as JSON
	fieldShare  = "share"  // a document's share of the contents, stored as JSON
	fieldDay    = "day"    // the date of a document or of a passage's document, as a doc value

	fieldPublisher = "publisher" // publisherTerm of a document, no field of a passage
)

// Names of our analyzers in bleve's registry.
const (
	termAnalyzer = "parley-terms"
	wordAnalyzer = "parley-words"
)

func init() {
	must(registry.RegisterAnalyzer(termAnalyzer, func(map[string]any, *registry.Cache) (bleveanalysis.Analyzer, error) {
		return &terms{}, nil
	}))
	must(registry.RegisterAnalyzer(wordAnalyzer, func(map[string]any, *registry.Cache) (bleveanalysis.Analyzer, error) {
		return foldedWords{}, nil
	}))
}

func must(err error) {
	if err != nil {
		panic(err) // such as a name registered twice: a mistake in this package
	}
}

// terms gives bleve the terms of package analysis.
type terms struct{ analyzer analysis.Analyzer }

func (t *terms) Analyze(text []byte) bleveanalysis.TokenStream {
	var stream bleveanalysis.TokenStream
	for i, tok := range t.analyzer.Tokens(string(text)) {
		if tok.Term != "" {
			stream = append(stream, &bleveanalysis.Token{Term: []byte(tok.Term), Start: tok.Start, End: tok.End, Position: i + 1})
		}
	}
	return stream
}

// foldedWords gives bleve the words as they are spelled, each once.
type foldedWords struct{}

func (foldedWords) Analyze(text []byte) bleveanalysis.TokenStream {
	var stream bleveanalysis.TokenStream
	seen := map[string]bool{}
	for w := range words.All(string(text)) {
		if !seen[w.Fold] {
			seen[w.Fold] = true
			stream = append(stream, &bleveanalysis.Token{Term: []byte(w.Fold), Start: w.Start, End: w.End, Position: 1})
		}
	}
	return stream
}

// indexMapping keeps postings with frequencies and lengths for the two texts, bare
// postings for the rest, doc values of the date alone, and no locations or catch-all
// field.
func indexMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping.Dynamic = false
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	field := func(name, analyzer string, change func(*mapping.FieldMapping)) {
		f := bleve.NewTextFieldMapping()
		f.Name, f.Analyzer = name, analyzer
		f.Store, f.IncludeTermVectors, f.IncludeInAll, f.DocValues = false, false, false, false
		change(f)
		m.DefaultMapping.AddFieldMappingsAt(name, f)
	}
	scored := func(*mapping.FieldMapping) {}
	bare := func(f *mapping.FieldMapping) { f.SkipFreqNorm = true }
	stored := func(f *mapping.FieldMapping) { f.Index, f.Store = false, true }
	field(string(index.FieldText), termAnalyzer, scored)
	field(string(index.FieldTitle), termAnalyzer, scored)
	for _, name := range []index.Field{index.FieldActor, index.FieldVoice, index.FieldTopic, index.FieldDate, index.FieldKind, index.FieldStatement} {
		field(string(name), keyword.Name, bare)
	}
	field(fieldWord, wordAnalyzer, bare)
	field(fieldDay, keyword.Name, func(f *mapping.FieldMapping) { f.SkipFreqNorm, f.DocValues = true, true })
	field(fieldPublisher, keyword.Name, bare)
	for _, name := range []string{fieldBody, fieldNotes, fieldSource, fieldShare} {
		field(name, keyword.Name, stored)
	}
	return m
}

// Mapping is the hash of how passages are cut, annotated and indexed with this lexicon.
func Mapping(lex *lexicon.Lexicon) string {
	h := sha256.New()
	fmt.Fprintf(h, "schema %d analysis %d annotation %d lexicon %s\n",
		schema, analysis.Version, index.AnnotationVersion, lex.Hash())
	must(json.NewEncoder(h).Encode(indexMapping()))
	return sum(h)
}

// sum is a short printable hash: 16 hexadecimal digits tell records apart well enough to rebuild.
func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:8]) }
