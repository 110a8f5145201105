package statement

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/corpus/briefs"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
)

func TestReadGivesWhatAttributeAndStatementsGive(t *testing.T) {
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	e := New(lex)
	var splitter passage.Splitter
	for _, doc := range docs {
		sentences := splitter.Sentences(doc.Text)
		said, statements := e.Read(doc, sentences)
		if diff := cmp.Diff(e.Attribute(doc, sentences), said); diff != "" {
			t.Errorf("%s, attributions:\n%s", doc.ID, diff)
		}
		if diff := cmp.Diff(e.Statements(doc, sentences), statements); diff != "" {
			t.Errorf("%s, statements:\n%s", doc.ID, diff)
		}
	}
}
