package statement

import (
	"fmt"
	"testing"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
)

func TestQuick(t *testing.T) {
	l, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	var sp passage.Splitter
	d, _ := corpus.ParsePartialDate("2025-02-15")
	for _, s := range []string{
		"Kremlin spokesman Dmitry Peskov rejected Zelensky's idea of a swap, saying Russia would not discuss it. He said troops would be driven out.",
		"Starmer and Macron said Europe would act.",
		"“No deal is near,” said Peskov. “We are waiting.”",
		"After Trump said a deal was near, Zelensky said Ukrainians would not give up land.",
		"The plans were rejected by Moscow.",
	} {
		doc := corpus.Document{Source: corpus.Source{Published: d}, Text: s}
		e := New(l)
		for _, a := range e.Attribute(doc, sp.Sentences(s)) {
			fmt.Printf("%q %v %q %v\n", a.In(s), a.Actors, a.Speaker, a.Direct)
		}
	}
}
