package bleveindex

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	bleveanalysis "github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"

	"parley/corpus/lexicon"
	"parley/index/analysis"
	"parley/index/annotate"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/sidecar"
)

// schema must change whenever what is stored for a passage does.
const schema = 6

// Stored and auxiliary fields beside those of package index.
const (
	fieldWord      = "word"      // folded words as written, for spelling repair
	fieldBody      = "body"      // the passage's text, stored
	fieldNotes     = "notes"     // what else is known of the passage, stored
	fieldSource    = "source"    // a document's source, stored as JSON
	fieldShare     = "share"     // a document's share of the contents, stored
	fieldPublisher = "publisher" // publisherTerm of a document, no field of a passage
)

// splitAnalyzer is the name of our analyzer in bleve's registry. Terms are made before a
// text comes to bleve, where others need them as well.
const splitAnalyzer = "parley-split"

func init() {
	newSplit := func(map[string]any, *registry.Cache) (bleveanalysis.Analyzer, error) { return split{}, nil }
	if err := registry.RegisterAnalyzer(splitAnalyzer, newSplit); err != nil {
		panic(err) // the name is registered twice
	}
}

// split makes terms of a text that has spaces between them.
type split struct{}

func (split) Analyze(text []byte) bleveanalysis.TokenStream {
	terms := bytes.Fields(text)
	tokens, stream := make([]bleveanalysis.Token, len(terms)), make(bleveanalysis.TokenStream, len(terms))
	for i, term := range terms {
		tokens[i] = bleveanalysis.Token{Term: term, Position: i + 1}
		stream[i] = &tokens[i]
	}
	return stream
}

// indexMapping keeps postings with frequencies and lengths for the scored fields, bare
// postings for the rest, doc values of the date alone, and no locations or catch-all field.
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
	dated := func(f *mapping.FieldMapping) { f.SkipFreqNorm, f.DocValues = true, true }
	stored := func(f *mapping.FieldMapping) { f.Index, f.Store = false, true }
	for _, f := range sidecar.Fields {
		switch {
		case contents.ScoredField(f) >= 0:
			field(string(f), splitAnalyzer, scored)
		case f == sidecar.FieldDay:
			field(string(f), keyword.Name, dated)
		default:
			field(string(f), keyword.Name, bare)
		}
	}
	field(fieldWord, splitAnalyzer, bare)
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
		schema, analysis.Version, annotate.Version, lex.Hash())
	if err := json.NewEncoder(h).Encode(indexMapping()); err != nil {
		panic(err) // a mapping has nothing that cannot be JSON
	}
	return hex.EncodeToString(h.Sum(nil)[:8]) // enough to tell mappings apart
}
