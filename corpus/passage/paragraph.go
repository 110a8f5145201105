package passage

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The sizes of passages, in words. A paragraph of fullParagraph words stands
// for itself; shorter ones are gathered until a passage has gatherWords; none
// is longer than maxWords unless one sentence is.
const (
	maxWords      = 120
	gatherWords   = 90
	fullParagraph = 40
	// A paragraph of up to scrapWords ("Q Thank you.", "* * *", a heading) says nothing
	// alone: it goes with what follows, however long that is.
	scrapWords = 12
	// A run of turnWords is long enough to end where the next question or heading begins.
	turnWords = 20
)

// paragraph is a run of sentences between blank lines.
type paragraph struct {
	first, end int // of the sentences
	words      int
	heading    bool
	label      label
}

// label is the kind of name with which a paragraph of a transcript begins.
type label uint8

const (
	noLabel label = iota
	speaker
	questioner
)

func newParagraph(text string, sentences []sentence, first int) paragraph {
	p := paragraph{first: first, end: len(sentences), label: labelOf(text)}
	for _, s := range sentences[first:] {
		p.words += s.words
	}
	p.heading = p.words <= scrapWords && p.label == noLabel && isHeading(text)
	return p
}

var (
	// "Q Thank you", "Q. And", "QUESTION: Why", "Question (retranslated): Why"
	questionLabel = regexp.MustCompile(`^[*_]*(?:Q[.:]?[*_]*[\s\pZ]|(?i:question)(?: \([^)\n]{1,40}\))?:)`)
	// "THE PRESIDENT:", "MS. JEAN-PIERRE:", "President of Russia Vladimir Putin (retranslated):"
	speakerLabel = regexp.MustCompile(`^[*_]*\p{Lu}[\p{L}'’.-]*(?: (?:\p{Lu}[\p{L}'’.-]*|of|the|and|for|von|der|de|al)){0,8}(?: \([^)\n]{1,40}\))?[*_]*:(?:[*_\s\pZ]|$)`)
)

func labelOf(text string) label {
	switch r := firstRune(strings.TrimLeft(text, "*_")); {
	case !unicode.IsUpper(r) && r != 'q':
		return noLabel // the common case, without a regular expression
	case questionLabel.MatchString(text):
		return questioner
	case speakerLabel.MatchString(text):
		return speaker
	}
	return noLabel
}

// isHeading reports whether a short paragraph reads as a title of what follows:
// marked as one, or begun like a sentence and never ended.
func isHeading(text string) bool {
	if strings.HasPrefix(text, "#") {
		return true
	}
	text = strings.Trim(text, "*_ ")
	if isListItem(text) || text == "" {
		return false
	}
	first := firstRune(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return (unicode.IsUpper(first) || unicode.IsDigit(first)) && (unicode.IsLetter(last) || unicode.IsDigit(last))
}

// run is one or more paragraphs on the way to a passage; its label is that of the first.
type run struct {
	paragraph
	full   bool // has a paragraph that stands for itself
	scraps bool // has nothing but a few scraps
}

// takes reports whether the next paragraph belongs in the passage that r will be.
// In a transcript an answer stays with its question, and the end of what one
// says does not open the words of another.
func (r run) takes(p paragraph, transcript bool) bool {
	turn := transcript && p.label != noLabel
	preface := r.first == 0 // place and time, in nobody's words
	switch {
	case r.scraps:
		return !turn || r.label == questioner || preface
	case r.full || p.words >= fullParagraph || r.words+p.words > gatherWords:
		return false
	case turn && r.label == noLabel && !preface:
		return false
	case r.words < turnWords:
		return true
	}
	return !p.heading && (!turn || p.label != questioner)
}

// group gathers paragraphs into runs and cuts the long ones; what it returns
// are the sentences of each passage.
func group(paragraphs []paragraph, sentences []sentence) []paragraph {
	var out []paragraph
	transcript := isTranscript(paragraphs)
	for i := 0; i < len(paragraphs); {
		p := paragraphs[i]
		r := run{paragraph: p, full: p.words >= fullParagraph, scraps: p.words <= scrapWords}
		for i++; i < len(paragraphs) && r.takes(paragraphs[i], transcript); i++ {
			p = paragraphs[i]
			r.end, r.words = p.end, r.words+p.words
			r.full = r.full || p.words >= fullParagraph
			r.scraps = r.scraps && p.words <= scrapWords && r.words <= turnWords
		}
		last := len(out) - 1
		if r.scraps && last >= 0 && out[last].words+r.words <= maxWords {
			out[last].end, out[last].words = r.end, out[last].words+r.words
			continue
		}
		out = appendParts(out, r.paragraph, sentences)
	}
	return out
}

// isTranscript reports whether the document names its speakers, as more than a
// chance colon or two would.
func isTranscript(paragraphs []paragraph) bool {
	labels := 0
	for _, p := range paragraphs {
		if p.label != noLabel {
			labels++
		}
	}
	return labels >= 3
}

// appendParts appends p in as few parts of whole sentences as maxWords allows,
// all of about the same length.
func appendParts(out []paragraph, p paragraph, sentences []sentence) []paragraph {
	for left := p.words; p.first < p.end; {
		parts := (left + maxWords - 1) / maxWords
		part := paragraph{first: p.first, end: p.first + 1, words: sentences[p.first].words}
		for part.end < p.end {
			next := sentences[part.end].words
			if part.words+next > maxWords || part.words+next/2 > left/parts {
				break
			}
			part.end, part.words = part.end+1, part.words+next
		}
		out = append(out, part)
		p.first, left = part.end, left-part.words
	}
	return out
}
