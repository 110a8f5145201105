package render

import (
	"strings"
	"unicode"

	"parley/bot"
	"parley/bot/safetext"
	"parley/corpus"
	"parley/corpus/passage"
)

// splitter finds the ends of sentences, where long quotations are cut.
var splitter passage.Splitter

// quotation is a quoted text of which as much as there is room for is to be shown.
type quotation struct {
	text                string
	key                 []corpus.Span // the key sentence in text, in order
	cutBefore, cutAfter bool          // the passage goes on
	summary             bool          // it stands without quotation marks
	closest             bool          // the record may not answer
}

func newQuotation(q bot.Quote) quotation {
	out := quotation{cutBefore: q.CutBefore, cutAfter: q.CutAfter, summary: q.Summary, closest: q.Closest}
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

// markdown shows the quotation in at most room UTF-16 units, of which it needs some dozens:
// all of it if it fits, else the sentences around the key sentence, else as many words as
// fit from the key sentence on. An ellipsis outside the quotation marks stands for what is
// left out.
func (q quotation) markdown(room int) string {
	if md := q.excerpt(0, len(q.text)); safetext.UTF16Len(md) <= room {
		return md
	}
	fits := func(start, end int) bool { return safetext.UTF16Len(q.excerpt(start, end)) <= room }
	sentences := splitter.Sentences(q.text)
	first, last := q.keySentences(sentences)
	if first > last || !fits(sentences[first].Start, sentences[last].End) {
		return q.excerpt(q.wordsThatFit(fits))
	}
	for grown := true; grown; {
		grown = false
		if last+1 < len(sentences) && fits(sentences[first].Start, sentences[last+1].End) {
			last, grown = last+1, true
		}
		if first > 0 && fits(sentences[first-1].Start, sentences[last].End) {
			first, grown = first-1, true
		}
	}
	return q.excerpt(sentences[first].Start, sentences[last].End)
}

// keySentences returns the first and the last sentence that the key sentence touches. They
// are 0, 0 where there is no key sentence and 0, -1 where there are no sentences.
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

// wordsThatFit returns the span of as many words from the key sentence on as fit, or of as
// many characters where not even the first word fits.
func (q quotation) wordsThatFit(fits func(start, end int) bool) (start, end int) {
	if len(q.key) > 0 {
		start = q.key[0].Start
	}
	var ends []int // of words, or else of characters
	for i, r := range q.text[start:] {
		if i > 0 && unicode.IsSpace(r) {
			ends = append(ends, start+i)
		}
	}
	if len(ends) == 0 || !fits(start, ends[0]) {
		ends = ends[:0]
		for i := range q.text[start:] {
			ends = append(ends, start+i)
		}
	}
	if len(ends) == 0 {
		return start, start
	}
	low, high := 0, len(ends) // ends[low] fits, ends[high] does not
	for high-low > 1 {
		if mid := (low + high) / 2; fits(start, ends[mid]) {
			low = mid
		} else {
			high = mid
		}
	}
	return start, ends[low]
}

// excerpt shows a part of the text as a block quote in quotation marks, the key sentence in
// bold.
func (q quotation) excerpt(start, end int) string {
	text := q.text[start:end]
	start += len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	end -= len(text) - len(strings.TrimRightFunc(text, unicode.IsSpace))
	var w blockQuoteWriter
	w.markup("> ")
	before := q.cutBefore || strings.TrimSpace(q.text[:start]) != ""
	after := q.cutAfter || strings.TrimSpace(q.text[max(end, 0):]) != ""
	open, shut := bot.Quote{Summary: q.summary, CutBefore: before, CutAfter: after}.Marks()
	w.markup(open)
	at := start
	for _, k := range q.key {
		from, to := max(k.Start, at), min(k.End, end)
		if from >= to {
			continue
		}
		w.plain(q.text[at:from])
		w.bold(q.text[from:to])
		at = to
	}
	if at < end {
		w.plain(q.text[at:end])
	}
	w.markup(shut)
	return w.out.String()
}

// blockQuoteWriter writes escaped text into a block quote.
type blockQuoteWriter struct{ markdownWriter }

func (w *blockQuoteWriter) plain(text string) {
	for i, line := range strings.Split(Clean(text), "\n") {
		if i > 0 {
			w.markup("\n> ")
			w.lineStart, w.startDigits = true, false
		}
		w.text(line)
	}
}

// bold writes text in bold, line by line and without the spaces around it: otherwise
// Discord shows the asterisks.
func (w *blockQuoteWriter) bold(text string) {
	for i, line := range strings.Split(Clean(text), "\n") {
		if i > 0 {
			w.plain("\n")
		}
		words := strings.TrimSpace(line)
		if words == "" {
			w.text(line)
			continue
		}
		before, after, _ := strings.Cut(line, words)
		w.text(before)
		w.markup("**")
		w.text(words)
		w.markup("**")
		w.text(after)
	}
}
