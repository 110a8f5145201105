package bleveindex

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"parley/corpus"
)

// synthetic is a record of any size: documents of one to nine paragraphs of about 80 words.
// Of these two in five are stop words, as in English, and the others follow Zipf's law, so
// that a million passages have about as many different ones as the text in ../shared would
// have (there 13 million have 130,000). One in fifty is a name or a word of the talks, so
// that actors, topics and statements are as common as in a real record. The same number
// of passages makes the same documents.
type synthetic struct{ passages int }

// Parameters of synthetic documents.
const (
	syntheticWords = 1 << 18 // the vocabulary
	paragraphWords = 80
	paragraphsEach = 5 // a document, on average
)

// spoken are what a sentence may begin with.
var spoken = []string{"The Kremlin said that", "Zelensky said that", "Trump demanded that", "Erdogan proposed that", "Putin refused to say that"}

// named are words of the talks.
var named = strings.Fields(`ceasefire sanctions territory prisoners NATO Kremlin Zelensky Putin Trump Erdogan Ankara Kyiv Moscow Washington
Istanbul negotiations referendum grain nuclear Crimea Donbas reparations elections neutrality peacekeepers`)

// function are stop words.
var function = strings.Fields("the of and to in that is was for on with as by at from it")

// documents yields the record.
func (s synthetic) documents() iter.Seq[corpus.Document] {
	return func(yield func(corpus.Document) bool) {
		for n, left := 0, s.passages; left > 0; n++ {
			paragraphs := min(left, 1+n*7%(2*paragraphsEach-1))
			left -= paragraphs
			if !yield(syntheticDocument(n, paragraphs)) {
				return
			}
		}
	}
}

func syntheticDocument(n, paragraphs int) corpus.Document {
	w := newZipfWriter(uint64(n))
	day := time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, w.rand.IntN(20*365))
	doc := corpus.Document{Source: corpus.Source{
		ID: fmt.Sprintf("synthetic-%d", n), Publisher: fmt.Sprintf("Gazette %d", w.rand.IntN(40)), Language: "en",
		URL: fmt.Sprintf("https://gazette.example/%d", n), Published: corpus.DateOf(day, corpus.Day), License: "CC0-1.0",
	}}
	doc.Title = w.words(6)
	for range paragraphs {
		for left := paragraphWords*3/4 + w.rand.IntN(paragraphWords/2); left > 0; {
			length := min(left, 8+w.rand.IntN(20))
			left -= length
			if w.rand.IntN(20) == 0 {
				w.text.WriteString(spoken[w.rand.IntN(len(spoken))] + " ")
			}
			w.text.WriteString(w.words(length) + ". ")
		}
		w.text.WriteString("\n\n")
	}
	doc.Text = strings.TrimSpace(w.text.String())
	return doc
}

// questions are n runs of 8 to 14 words of passages that the record might have.
func (s synthetic) questions(n int) []string {
	w := newZipfWriter(1 << 40)
	all := make([]string, n)
	for i := range all {
		all[i] = w.words(8 + w.rand.IntN(7))
	}
	return all
}

// zipfWriter writes words.
type zipfWriter struct {
	rand *rand.Rand
	zipf *rand.Zipf
	text strings.Builder
}

func newZipfWriter(seed uint64) *zipfWriter {
	r := rand.New(rand.NewPCG(seed, 8))
	return &zipfWriter{rand: r, zipf: rand.NewZipf(r, 1.3, 20, syntheticWords-1)}
}

// words are n words, the first with a capital.
func (w *zipfWriter) words(n int) string {
	var b strings.Builder
	for i := range n {
		var word string
		switch kind := w.rand.IntN(50); {
		case kind < 20:
			word = function[w.rand.IntN(len(function))]
		case kind < 21:
			word = named[w.rand.IntN(len(named))]
		default:
			word = spell(w.zipf.Uint64())
		}
		if i == 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}

// spell writes a number as a word of two or three syllables, the same for the same number.
// It ends in a letter that no stemmer cuts off.
func spell(n uint64) string {
	const consonants, vowels = "bcdfghjklmnpqrstvwxz", "aiou"
	const syllables = uint64(len(consonants) * len(vowels))
	b := make([]byte, 0, 6)
	for n += syllables; n > 0; n /= syllables {
		b = append(b, consonants[n%20], vowels[n/20%4])
	}
	return string(b)
}
