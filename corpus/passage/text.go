package passage

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
)

const (
	// maxSentence is the length in words beyond which a run of words without an end is cut.
	maxSentence = 400
	// longWord is the length in bytes from which a word counts as several: a text
	// without spaces has a length too, and can be cut.
	longWord = 64
)

// paragraphs yields the parts of text between blank lines, without outer white space.
func paragraphs(text string) iter.Seq[corpus.Span] {
	return func(yield func(corpus.Span) bool) {
		start := 0
		for at := 0; at < len(text); {
			end := lineEnd(text, at)
			if strings.TrimSpace(text[at:end]) == "" {
				if p := trim(text, start, at); p.Len() > 0 && !yield(p) {
					return
				}
				start = end
			}
			at = end + 1
		}
		if p := trim(text, min(start, len(text)), len(text)); p.Len() > 0 {
			yield(p)
		}
	}
}

// lineEnd is the offset of the newline that ends the line which at is in.
func lineEnd(text string, at int) int {
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(text)
}

// trim is the span of text[start:end] without outer white space.
func trim(text string, start, end int) corpus.Span {
	s := strings.TrimLeftFunc(text[start:end], unicode.IsSpace)
	start = end - len(s)
	return corpus.Span{Start: start, End: start + len(strings.TrimRightFunc(s, unicode.IsSpace))}
}

// wordStarts yields where the words of text start: after white space, and inside a
// long word wherever the next longWord bytes begin.
func wordStarts(text string) iter.Seq[int] {
	return func(yield func(int) bool) {
		start := -1 // of the word that i is in
		for i, r := range text {
			switch {
			case unicode.IsSpace(r):
				start = -1
			case start < 0 || i-start >= longWord:
				start = i
				if !yield(i) {
					return
				}
			}
		}
	}
}

func countWords(text string) (n int) {
	for range wordStarts(text) {
		n++
	}
	return n
}

// appendCut appends the sentence, in even pieces where it is longer than any sentence is.
func appendCut(out []sentence, text string, s corpus.Span) []sentence {
	total := countWords(s.In(text))
	if total <= maxSentence {
		return append(out, sentence{s, total})
	}
	pieces := (total + maxWords - 1) / maxWords
	size := (total + pieces - 1) / pieces
	start, n := s.Start, 0
	for at := range wordStarts(s.In(text)) {
		if n == size {
			out = append(out, sentence{trim(text, start, s.Start+at), n})
			start, n = s.Start+at, 0
		}
		n++
	}
	return append(out, sentence{corpus.Span{Start: start, End: s.End}, n})
}

// firstRune is the first rune of s; utf8.RuneError for an empty string.
func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
