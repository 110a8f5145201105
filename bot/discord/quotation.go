package discord

import (
	"strings"
	"unicode"

	"parley/bot"
	"parley/corpus"
	"parley/corpus/passage"
)

// splitter finds the ends of sentences, where long quotations are cut.
var splitter passage.Splitter

// quotation is a quoted text that is to be shown.
type quotation struct {
	text        string
	key         []corpus.Span // of the text, in order
	before, aft bool          // the passage goes on
}

func quotationOf(q bot.Quote) quotation {
	out := quotation{before: q.CutBefore, aft: q.CutAfter}
	for _, s := range q.Segments {
		start := len(out.text)
		out.text += s.Text
		switch n := len(out.key); {
		case !s.Key || s.Text == "":
		case n > 0 && out.key[n-1].End == start:
			out.key[n-1].End = len(out.text)
		default:
			out.key = append(out.key, corpus.Span{Start: start, End: len(out.text)})
		}
	}
	return out
}

// markdown shows the quotation in at most room units, of which it needs some dozens: all
// of it, or the sentences around the key sentence, or, where not even that fits, its
// beginning. What is left out is shown by an ellipsis outside the quotation marks.
func (q quotation) markdown(room int) string {
	whole := corpus.Span{End: len(q.text)}
	if md := q.part(whole); size(md) <= room {
		return md
	}
	fits := func(s corpus.Span) bool { return size(q.part(s)) <= room }
	sentences := splitter.Sentences(q.text)
	first, last := q.keySentences(sentences)
	if first > last || !fits(corpus.Span{Start: sentences[first].Start, End: sentences[last].End}) {
		return q.part(q.words(fits))
	}
	for grown := true; grown; {
		grown = false
		if last+1 < len(sentences) && fits(corpus.Span{Start: sentences[first].Start, End: sentences[last+1].End}) {
			last, grown = last+1, true
		}
		if first > 0 && fits(corpus.Span{Start: sentences[first-1].Start, End: sentences[last].End}) {
			first, grown = first-1, true
		}
	}
	return q.part(corpus.Span{Start: sentences[first].Start, End: sentences[last].End})
}

// keySentences are the first and the last sentence with a part of the key sentence; the
// first of all where there is none; 0, -1 where there are no sentences.
func (q quotation) keySentences(sentences []corpus.Span) (first, last int) {
	if len(sentences) == 0 {
		return 0, -1
	}
	if len(q.key) == 0 {
		return 0, 0
	}
	from, to := q.key[0].Start, q.key[len(q.key)-1].End
	for first < len(sentences)-1 && sentences[first].End <= from {
		first++
	}
	for last = first; last+1 < len(sentences) && sentences[last+1].Start < to; last++ {
	}
	return first, last
}

// words are as many words from the key sentence on as fit.
func (q quotation) words(fits func(corpus.Span) bool) corpus.Span {
	start := 0
	if len(q.key) > 0 {
		start = q.key[0].Start
	}
	var ends []int // of words, or else of characters
	for i, r := range q.text[start:] {
		if i > 0 && unicode.IsSpace(r) {
			ends = append(ends, start+i)
		}
	}
	if len(ends) == 0 || !fits(corpus.Span{Start: start, End: ends[0]}) {
		ends = ends[:0]
		for i := range q.text[start:] {
			ends = append(ends, start+i)
		}
	}
	low, high := 0, len(ends) // ends[low] fits, ends[high] does not
	for high-low > 1 {
		if mid := (low + high) / 2; fits(corpus.Span{Start: start, End: ends[mid]}) {
			low = mid
		} else {
			high = mid
		}
	}
	if len(ends) == 0 {
		return corpus.Span{Start: start, End: start}
	}
	return corpus.Span{Start: start, End: ends[low]}
}

// part shows a part of the text as a block quote in quotation marks, the key sentence in
// bold.
func (q quotation) part(s corpus.Span) string {
	text := s.In(q.text)
	s.Start += len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	s.End -= len(text) - len(strings.TrimRightFunc(text, unicode.IsSpace))
	var w quoteWriter
	w.mark("> ")
	if q.before || strings.TrimSpace(q.text[:s.Start]) != "" {
		w.mark("… ")
	}
	w.mark("“")
	at := s.Start
	for _, k := range q.key {
		from, to := max(k.Start, at), min(k.End, s.End)
		if from >= to {
			continue
		}
		w.plain(q.text[at:from])
		w.bold(q.text[from:to])
		at = to
	}
	if at < s.End {
		w.plain(q.text[at:s.End])
	}
	w.mark("”")
	if q.aft || strings.TrimSpace(q.text[max(s.End, 0):]) != "" {
		w.mark(" …")
	}
	return w.out.String()
}

// quoteWriter writes escaped text into a block quote.
type quoteWriter struct{ escaper }

// plain writes text; each of its lines is one of the quote.
func (w *quoteWriter) plain(text string) {
	for i, line := range strings.Split(clean(text), "\n") {
		if i > 0 {
			w.mark("\n> ")
			w.atStart, w.digits = true, false
		}
		w.write(line)
	}
}

// bold writes text in bold, line by line and without the spaces around: Discord shows the
// asterisks otherwise.
func (w *quoteWriter) bold(text string) {
	for i, line := range strings.Split(clean(text), "\n") {
		if i > 0 {
			w.plain("\n")
		}
		word := strings.TrimSpace(line)
		if word == "" {
			w.write(line)
			continue
		}
		before, after, _ := strings.Cut(line, word)
		w.write(before)
		w.mark("**")
		w.write(word)
		w.mark("**")
		w.write(after)
	}
}
