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
)

// indexer makes documents into what bleve indexes. It is safe for concurrent use.
type indexer struct {
	annotate *index.Annotator
	analyzer *analysis.Analyzer
	words    *wordCounts // nil to index every word
}

func newIndexer(lex *lexicon.Lexicon) indexer {
	return indexer{annotate: index.NewAnnotator(lex), analyzer: &analysis.Analyzer{}}
}

// indexed is a document as bleve indexes it: a row of its own, then one a passage.
type indexed struct {
	source corpus.Source // as it is read again
	share  share
	rows   []row
}

// row is a document in bleve's sense.
type row struct {
	id     string
	fields map[string]any
}

// passageID is the id of a document's nth passage.
func passageID(document string, n int) string { return fmt.Sprintf("%s#%d", document, n) }

// What keeps documents out of an index.
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

// read annotates a document. Errors name it.
func (x indexer) read(doc corpus.Document) (d indexed, err error) {
	if err := checkID(doc.ID); err != nil {
		return indexed{}, err
	}
	source, err := json.Marshal(doc.Source)
	if err != nil {
		return indexed{}, fmt.Errorf("document %s: %w", doc.ID, err)
	}
	// What is counted must be what is read again when the document goes: a date is kept to the second.
	if err := json.Unmarshal(source, &d.source); err != nil {
		return indexed{}, fmt.Errorf("document %s: %w", doc.ID, err)
	}
	passages := x.annotate.Passages(doc)
	d.share = share{Hash: digestOf(doc), Passages: len(passages), Terms: map[index.Field]int{}}
	d.rows = make([]row, 1, 1+len(passages))
	title := x.analyzer.Tokens(doc.Title)
	var text []analysis.Token
	for i := range passages {
		text = x.analyzer.AppendTokens(text[:0], passages[i].Text)
		d.share.Terms[index.FieldTitle] += countTerms(title)
		d.share.Terms[index.FieldText] += countTerms(text)
		d.rows = append(d.rows, row{passages[i].ID, x.fields(doc, &passages[i], title, text)})
	}
	d.rows[0] = row{doc.ID, map[string]any{
		fieldSource:    string(source),
		fieldShare:     string(appendShare(nil, d.share)),
		fieldDay:       d.source.Published.String(),
		fieldPublisher: publisherTerm(d.source.Publisher),
	}}
	return d, nil
}

// publisherTerm is the term of fieldPublisher for the documents of a publisher; that of none is not empty.
func publisherTerm(name string) string { return "by " + name }

func countTerms(tokens []analysis.Token) (n int) {
	for _, tok := range tokens {
		if tok.Term != "" {
			n++
		}
	}
	return n
}

// joinTerms makes a text of the terms of tokens, of which bleve makes terms again by splitting.
func joinTerms(tokens []analysis.Token) string {
	var b strings.Builder
	for _, tok := range tokens {
		if tok.Term != "" {
			b.WriteString(tok.Term)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// fields are what bleve indexes and stores of a passage.
func (x indexer) fields(doc corpus.Document, p *index.Passage, title, text []analysis.Token) map[string]any {
	return map[string]any{
		string(index.FieldText):  joinTerms(text),
		string(index.FieldTitle): joinTerms(title),
		string(index.FieldActor): actorTerms(p),
		string(index.FieldVoice): p.Voices(),
		string(index.FieldTopic): p.Topics,
		string(index.FieldKind):  p.Kinds,
		string(index.FieldDate):  index.DateTerms(doc.Published),

		string(index.FieldStatement): index.StatementTerms(p),

		fieldDay:   doc.Published.String(),
		fieldWord:  strings.Join(x.words.choose(title, text), " "),
		fieldBody:  p.Text,
		fieldNotes: string(appendNotes(nil, p)),
	}
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
