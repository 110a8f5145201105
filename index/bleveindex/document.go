package bleveindex

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/analysis"
	"parley/index/annotate"
	"parley/index/bleveindex/contents"
	"parley/index/bleveindex/offline"
	"parley/index/bleveindex/sidecar"
	"parley/index/bleveindex/spelling"
	"parley/index/bleveindex/stored"
)

// indexer turns documents of the record into documents of bleve. It is safe for
// concurrent use.
type indexer struct {
	annotate *annotate.Annotator
	analyzer *analysis.Analyzer
	words    *spelling.Sampler // nil to index every word
}

func newIndexer(lex *lexicon.Lexicon) indexer {
	return indexer{annotate: annotate.New(lex), analyzer: &analysis.Analyzer{}}
}

// preparedDocument is a document of the record, ready for bleve.
type preparedDocument struct {
	source corpus.Source // as it will be read again
	share  contents.Share
	docs   []offline.Document // the document itself, then its passages
}

// passageID is the id of a document's nth passage.
func passageID(document string, n int) string { return fmt.Sprintf("%s#%d", document, n) }

// Why a document cannot be indexed.
var (
	errNoID  = errors.New("it has no id")
	errHash  = errors.New("an id must not contain '#', which parts it from a passage's number")
	errTwice = errors.New("another document has this id")
)

// checkID says why a document cannot have the id.
func checkID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("document %q: %w", id, errNoID)
	case strings.Contains(id, "#"):
		return fmt.Errorf("document %s: %w", id, errHash)
	}
	return nil
}

// prepare annotates a document. Errors name it.
func (x indexer) prepare(doc corpus.Document) (d preparedDocument, err error) {
	if err := checkID(doc.ID); err != nil {
		return d, err
	}
	source, err := json.Marshal(doc.Source)
	if err == nil {
		// What is counted must be what is read again when the document goes: a date is kept to the second.
		err = json.Unmarshal(source, &d.source)
	}
	if err != nil {
		return d, fmt.Errorf("document %s: %w", doc.ID, err)
	}
	passages := x.annotate.Passages(doc)
	d.share = contents.Share{Hash: contents.DigestOf(doc), Passages: len(passages)}
	d.docs = make([]offline.Document, 1, 1+len(passages))
	title := x.analyzer.Tokens(doc.Title)
	titleTerms := indexTerms(title)
	var text []analysis.Token
	for i := range passages {
		p := &passages[i]
		text = x.analyzer.AppendTokens(text[:0], p.Text)
		textTerms := indexTerms(text)
		d.share.Terms[contents.ScoredField(index.FieldTitle)] += len(titleTerms)
		d.share.Terms[contents.ScoredField(index.FieldText)] += len(textTerms)
		d.docs = append(d.docs, offline.Document{ID: p.ID, Fields: map[string]any{
			string(index.FieldText):       strings.Join(textTerms, " "),
			string(index.FieldTitle):      strings.Join(titleTerms, " "),
			string(index.FieldActor):      actorTerms(p),
			string(index.FieldSpeaker):    p.Speakers(),
			string(index.FieldTopic):      p.Topics,
			string(index.FieldSourceKind): p.SourceKinds,
			string(index.FieldDate):       index.DateTerms(doc.Published),
			string(index.FieldStatement):  index.StatementTerms(p),

			sidecar.FieldDay: doc.Published.String(),
			fieldWord:        strings.Join(x.words.Choose(title, text), " "),
			fieldBody:        p.Text,
			fieldNotes:       string(stored.AppendPassage(nil, p)),
		}})
	}
	d.docs[0] = offline.Document{ID: doc.ID, Fields: map[string]any{
		fieldSource:      string(source),
		fieldShare:       string(stored.AppendShare(nil, d.share)),
		sidecar.FieldDay: d.source.Published.String(),
		fieldPublisher:   publisherTerm(d.source.Publisher),
	}}
	return d, nil
}

// publisherTerm is the term of fieldPublisher for the documents of a publisher. It is not
// empty even if the name is.
func publisherTerm(name string) string { return "by " + name }

// indexTerms are the terms of tokens that have one. Joined by spaces, splitAnalyzer splits them
// again.
func indexTerms(tokens []analysis.Token) []string {
	terms := make([]string, 0, len(tokens))
	for _, tok := range tokens {
		if tok.Term != "" {
			terms = append(terms, tok.Term)
		}
	}
	return terms
}

// actorTerms are the actors and the people that a passage names.
func actorTerms(p *index.Passage) []string {
	terms := slices.Clone(p.Actors)
	for _, m := range p.Mentions {
		if t := index.PersonTerm(m.Person); m.Person != "" && !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	return terms
}
