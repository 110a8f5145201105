package lexicon

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode"

	"parley/corpus/words"
)

// pattern is a name, word or phrase as the files write it:
//
//	~the bloc        weak: counts only beside other evidence
//	=Turkey          these capitals are capitals; in a casual question any case will do.
//	                 Of a topic: also no other inflection than the one written
//	==US             these capitals are capitals, always
//	Україн*          the word may go on; three bytes at least before the star
//	us [troops|aid]  what stands in brackets must be there, but is not part of the name
//	[the] us
type pattern struct {
	text          string // as the file writes it
	name          string // without marks and context
	words         []part
	before, after [][]string // folded words, one of which must stand there
	weak          bool
	exact         bool // capitals as written, unless casual
	strict        bool // capitals as written, always
}

// part is one word of a pattern.
type part struct {
	fold, written string
	open          bool // ends in a star
}

// minOpen is the fewest bytes before a star: below it, a word would match half the language.
const minOpen = 3

func parsePattern(s string) (pattern, error) {
	p := pattern{text: s}
	s, p.weak = cutMark(s, "~")
	s, p.strict = cutMark(s, "==")
	s, p.exact = cutMark(s, "=")
	if rest, ok := strings.CutPrefix(s, "["); ok {
		context, name, ok := strings.Cut(rest, "]")
		if !ok {
			return p, errors.New("a bracket is not closed")
		}
		p.before, s = alternatives(context), name
	}
	if name, context, ok := strings.Cut(s, "["); ok {
		context, ok = strings.CutSuffix(strings.TrimSpace(context), "]")
		if !ok {
			return p, errors.New("a bracket is not closed")
		}
		p.after, s = alternatives(context), name
	}
	if strings.ContainsAny(s, "~=[]|") {
		return p, errors.New("marks stand at the front, and context at one end of each side")
	}
	p.name = strings.TrimSpace(s)
	for field := range strings.FieldsSeq(s) {
		field, open := strings.CutSuffix(field, "*")
		for w := range words.All(field) {
			p.words = append(p.words, part{fold: w.Fold, written: w.Text})
		}
		if !open {
			continue
		}
		if len(p.words) == 0 || len(p.words[len(p.words)-1].fold) < minOpen {
			return p, errors.New("too short before its star")
		}
		p.words[len(p.words)-1].open = true
	}
	if len(p.words) == 0 {
		return p, errors.New("has no words")
	}
	return p, nil
}

func cutMark(s, mark string) (string, bool) { return strings.CutPrefix(s, mark) }

// alternatives reads "troops|armed forces" into folded words.
func alternatives(s string) [][]string {
	var out [][]string
	for phrase := range strings.SplitSeq(s, "|") {
		out = append(out, foldAll(phrase))
	}
	return out
}

// foldAll are the folded words of a text.
func foldAll(s string) []string {
	var out []string
	for w := range words.All(s) {
		out = append(out, w.Fold)
	}
	return out
}

// key tells patterns apart that match the same text.
func (p pattern) key() string {
	var b strings.Builder
	for _, w := range p.words {
		b.WriteString(w.fold)
		if w.open {
			b.WriteByte('*')
		}
		b.WriteByte(' ')
	}
	for _, context := range [...][][]string{p.before, p.after} {
		b.WriteByte('/')
		for _, c := range context {
			b.WriteString(strings.Join(c, " ") + "|")
		}
	}
	return b.String()
}

// context counts the sides on which a match needs something beside it.
func (p pattern) context() int { return min(len(p.before), 1) + min(len(p.after), 1) }

// knowsMore says which of two patterns that fit the same words is meant: the one
// that asks for more around it, then the one with more letters before its stars.
func (p pattern) knowsMore(q pattern) bool {
	return cmp.Or(cmp.Compare(p.context(), q.context()), cmp.Compare(p.letters(), q.letters())) > 0
}

func (p pattern) letters() int {
	n := 0
	for _, w := range p.words {
		n += len(w.fold)
	}
	return n
}

// capitalsFit reports whether the words of text that a pattern matched have a
// capital wherever the pattern has one.
func (p pattern) capitalsFit(tokens []token) bool {
	for i, w := range p.words {
		if !capitalFit(w.written, tokens[i].Text) {
			return false
		}
	}
	return true
}

func capitalFit(want, got string) bool {
	have := letters(got)
	for i, r := range letters(want) {
		if unicode.IsUpper(r) && (i >= len(have) || !unicode.IsUpper(have[i])) {
			return false
		}
	}
	return true
}

// letters are the letters and digits of a word, without the dots of "U.S.".
func letters(s string) []rune {
	return slices.DeleteFunc([]rune(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
