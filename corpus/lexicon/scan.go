package lexicon

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/words"
)

type options struct {
	date   corpus.PartialDate
	casual bool
	any    bool // any case will do
	skip   [KindTopic + 1]bool
}

// Option changes how Find reads a text.
type Option func(*options)

// At gives the date of the text, by which an office tells its holder. Without it,
// the latest holder is meant.
func At(d corpus.PartialDate) Option { return func(o *options) { o.date = d } }

// Casual reads the text as a question is typed, where "what does turkey want" is
// about Türkiye. "Tell us" still is not about the United States.
func Casual() Option { return func(o *options) { o.casual = true } }

// Only looks for one kind.
func Only(k Kind) Option {
	return func(o *options) { o.skip[KindActor+KindTopic-k] = true }
}

// token is a word of the text that is read.
type token struct {
	words.Word
	// run is the index after the last word that a phrase starting here may reach:
	// phrases do not go across punctuation or a blank line.
	run int
}

// scan is a text on the way to its mentions.
type scan struct {
	options
	lexicon *Lexicon
	text    string
	tokens  []token
	folds   []string
	stems   []string
	names   []hit[name]
	titles  []hit[title]
}

// scans are kept for reuse: their slices would be a third of the garbage of indexing.
var scans = sync.Pool{New: func() any { return new(scan) }}

// free empties the scan, keeps its slices and gives it back.
func (s *scan) free() {
	clear(s.tokens)
	clear(s.folds)
	clear(s.stems)
	*s = scan{tokens: s.tokens[:0], folds: s.folds[:0], stems: s.stems[:0], names: s.names[:0], titles: s.titles[:0]}
	scans.Put(s)
}

func (s *scan) read() {
	for w := range words.All(s.text) {
		s.tokens = append(s.tokens, token{Word: w})
		s.folds = append(s.folds, w.Fold)
	}
	for i := len(s.tokens) - 1; i >= 0; i-- {
		s.tokens[i].run = i + 1
		if i+1 == len(s.tokens) {
			continue
		}
		// The dot of an initial, as in "Joseph R. Biden", ends nothing.
		rest, dotted := strings.CutPrefix(s.between(i), ".")
		initial := dotted && utf8.RuneCountInString(s.tokens[i].Text) == 1 && s.capital(i)
		if joins(rest) && (!dotted || initial) {
			s.tokens[i].run = s.tokens[i+1].run
		}
	}
}

// between is the text between word i and the next.
func (s *scan) between(i int) string { return s.text[s.tokens[i].End:s.tokens[i+1].Start] }

// joins reports whether a phrase may go on across the gap: blanks and hyphens do not end it.
func joins(gap string) bool {
	lines := 0
	for _, r := range gap {
		switch {
		case r == '\n':
			if lines++; lines > 1 {
				return false
			}
		case r != '-' && r != '\u2010' && r != '\u2011' && !unicode.IsSpace(r):
			return false
		}
	}
	return true
}

// glued reports whether words i and i+1 may be in one phrase.
func (s *scan) glued(i int) bool {
	return i >= 0 && i+1 < len(s.tokens) && s.tokens[i].run > i+1
}

func (s *scan) span(from, to int) corpus.Span {
	return corpus.Span{Start: s.tokens[from].Start, End: s.tokens[to-1].End}
}

// fits reports whether the capitals and the context of a pattern allow it at words [from, to).
func (s *scan) fits(p pattern, from, to int) bool {
	if (p.strict || p.exact && !s.casual) && !s.any && !capitalsFit(p, s.tokens[from:to]) {
		return false
	}
	return s.contextFits(p.before, from, true) && s.contextFits(p.after, to, false)
}

// capitalsFit reports whether the words that a pattern matched have a capital wherever
// the pattern has one.
func capitalsFit(p pattern, tokens []token) bool {
	for i, w := range p.words {
		have := letters(tokens[i].Text)
		for j, r := range letters(w.written) {
			if unicode.IsUpper(r) && (j >= len(have) || !unicode.IsUpper(have[j])) {
				return false
			}
		}
	}
	return true
}

// letters are the letters and digits of a word, without the dots of "U.S.".
func letters(s string) []rune {
	return slices.DeleteFunc([]rune(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// contextFits reports whether one of the phrases ends before word at, or starts there.
func (s *scan) contextFits(phrases [][]string, at int, before bool) bool {
	if len(phrases) == 0 {
		return true
	}
	return slices.ContainsFunc(phrases, func(phrase []string) bool {
		from, first := at, at-1 // after: the phrase starts at word at, and is joined to the one before
		if before {
			from = at - len(phrase)
			first = from
		}
		to := from + len(phrase)
		last := max(to, at+1)
		return first >= 0 && last <= len(s.tokens) && s.tokens[first].run >= last && slices.Equal(s.folds[from:to], phrase)
	})
}

// capital reports whether word i starts with a capital; in a casual text all do.
func (s *scan) capital(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.tokens[i].Text)
	return s.casual || unicode.IsUpper(r)
}
