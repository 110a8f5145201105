// Package passage cuts documents into passages and passages into sentences.
// It is pure: it reads no files, keeps no state but its language model, and
// the same text always gives the same cut. It does not say who speaks, what a
// passage is about or whether it is worth showing.
//
// Sentences are found with the English training data of neurosnap/sentences
// (Punkt: abbreviations, frequent sentence starters, the orthography of words)
// but not with its tokenizer. That one is fast enough, yet it knows only ASCII
// words and quotes, drops a last word that ends in a longer character, and
// joins whatever follows a year ("in 2014. He"); correcting it would mean
// deciding every boundary again, so boundaries are decided here once.
package passage

import (
	"strconv"
	"sync"

	"parley/corpus"
)

// Splitter cuts texts. The zero value is ready, safe for concurrent use, and
// loads its language model at first need; it must not be copied after that.
type Splitter struct {
	once  sync.Once
	model model
}

func (s *Splitter) language() *model {
	s.once.Do(func() { s.model = loadModel() })
	return &s.model
}

// Split cuts a document into passages of about 120 words or fewer. A passage
// is a paragraph, a part of a long one, or a run of short ones; every
// character of the text that is not white space is in exactly one of them.
func (s *Splitter) Split(doc corpus.Document) []corpus.Passage {
	sentences, paragraphs := s.outline(doc.Text)
	groups := group(paragraphs, sentences)
	passages := make([]corpus.Passage, len(groups))
	for n, g := range groups {
		start, end := sentences[g.first].Start, sentences[g.end-1].End
		p := corpus.Passage{ID: doc.ID + "#" + strconv.Itoa(n), Start: start, End: end, Text: doc.Text[start:end]}
		p.Sentences = make([]corpus.Span, 0, g.end-g.first)
		for _, s := range sentences[g.first:g.end] {
			p.Sentences = append(p.Sentences, corpus.Span{Start: s.Start - start, End: s.End - start})
		}
		passages[n] = p
	}
	return passages
}

// Sentences finds the sentences of a text: spans in order, without overlap or
// outer white space, that cover all of it but white space. A blank line always
// ends a sentence, and so does a heading or a list item on a line of its own.
// What stays over 400 words is no sentence and is cut between words.
func (s *Splitter) Sentences(text string) []corpus.Span {
	sentences, _ := s.outline(text)
	spans := make([]corpus.Span, len(sentences))
	for i, x := range sentences {
		spans[i] = x.Span
	}
	return spans
}

// sentence is a span of the document with its length in words.
type sentence struct {
	corpus.Span
	words int
}

// outline is the text as sentences, and as paragraphs made of them.
func (s *Splitter) outline(text string) ([]sentence, []paragraph) {
	var sentences []sentence
	var out []paragraph
	for span := range paragraphs(text) {
		first := len(sentences)
		for sent := range s.language().sentences(text, span) {
			sentences = appendCut(sentences, text, sent)
		}
		out = append(out, newParagraph(span.In(text), sentences, first))
	}
	return sentences, out
}
