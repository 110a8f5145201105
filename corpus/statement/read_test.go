package statement

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/corpus/briefs"
)

func TestReadAttributesAsAttributeDoes(t *testing.T) {
	docs, err := briefs.Documents()
	if err != nil {
		t.Fatal(err)
	}
	e := extractor(t)
	for _, doc := range docs {
		sentences := e.split.Sentences(doc.Text)
		said, _ := e.Read(doc, e.Mentions(doc), sentences)
		if diff := cmp.Diff(e.Attribute(doc, sentences), said); diff != "" {
			t.Errorf("%s:\n%s", doc.ID, diff)
		}
	}
}
