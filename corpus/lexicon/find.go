package lexicon

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/words"
)

// Kind says what a mention is of.
type Kind uint8

// Kinds of mention.
const (
	KindActor Kind = iota
	KindTopic
)

// Form says by what kind of name an actor is mentioned.
type Form uint8

// Forms of mention. A topic's mentions have FormName.
const (
	FormName        Form = iota
	FormAdjective        // "Ukrainian", "Russians"
	FormMetonym          // a seat: "Kyiv said", but also the place in "in Kyiv", which is weak
	FormInstitution      // "the Kremlin", "Ukraine's parliament"
	FormPerson           // "Lavrov"
	FormOffice           // "the German chancellor"
)

// String is the form's name in lower case.
func (f Form) String() string {
	return [...]string{"name", "adjective", "metonym", "institution", "person", "office"}[f]
}

// Mention is a place in a text that names an actor or a topic.
type Mention struct {
	corpus.Span
	Kind Kind
	ID   string
	// Person is the canonical full name where a person is meant; for an office, its
	// holder at the date given with At, and empty where that is not certain.
	Person string
	Form   Form
	// Weak mentions may mean something else, and count only beside other evidence.
	Weak bool
	// Name is the lexicon's entry that was recognised.
	Name string
}

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

// Find lists the mentions in a text, in order. Of overlapping ones of a kind the
// longest stands; a weak word of two topics is a mention of each.
func (l *Lexicon) Find(text string, opts ...Option) []Mention {
	s := scans.Get().(*scan)
	defer s.free()
	s.lexicon, s.text = l, text
	for _, o := range opts {
		o(&s.options)
	}
	s.read()
	var out []Mention
	if !s.skip[KindActor] {
		out = s.actors()
	}
	if !s.skip[KindTopic] {
		out = append(out, s.topics()...)
	}
	slices.SortStableFunc(out, func(a, b Mention) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// IDs lists the actors or topics that mentions establish: by one that is not weak
// or by two weak ones of different names. The order is that of first mention.
func IDs(k Kind, mentions []Mention) []string {
	weak := map[string]string{} // the name of the first weak mention, by id
	var out []string
	for _, m := range mentions {
		if m.Kind != k || slices.Contains(out, m.ID) {
			continue
		}
		first, again := weak[m.ID]
		if !m.Weak || again && first != m.Name {
			out = append(out, m.ID)
		} else if !again {
			weak[m.ID] = m.Name
		}
	}
	return out
}

// token is a word of the text that is read.
type token struct {
	words.Word
	// run is the index after the last word that a phrase starting here may reach:
	// phrases do not go across punctuation or a blank line.
	run int
}

// scan is one reading of one text.
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

// scans are free ones: what they hold of the words of a text is a third of what there is
// to collect after a record is read.
var scans = sync.Pool{New: func() any { return new(scan) }}

// free forgets the text but keeps the room for another.
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
		if i+1 < len(s.tokens) && (glue(s.between(i)) || s.initial(i)) {
			s.tokens[i].run = s.tokens[i+1].run
		}
	}
}

// between is the text between word i and the next.
func (s *scan) between(i int) string { return s.text[s.tokens[i].End:s.tokens[i+1].Start] }

// initial reports whether word i is one as in "Joseph R. Biden", whose dot ends nothing.
func (s *scan) initial(i int) bool {
	rest, dotted := strings.CutPrefix(s.between(i), ".")
	return dotted && glue(rest) && utf8.RuneCountInString(s.tokens[i].Text) == 1 && s.capital(i)
}

// glue reports whether a phrase may go on across the gap: blanks and hyphens do not end it.
func glue(gap string) bool {
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

// glued reports whether words i and i+1 are in one phrase.
func (s *scan) glued(i int) bool {
	return i >= 0 && i+1 < len(s.tokens) && s.tokens[i].run > i+1
}

func (s *scan) span(from, to int) corpus.Span {
	return corpus.Span{Start: s.tokens[from].Start, End: s.tokens[to-1].End}
}

// fits reports whether the pattern may stand at words from to to: its capitals and
// its context.
func (s *scan) fits(p pattern, from, to int) bool {
	if (p.strict || p.exact && !s.casual) && !s.any && !p.capitalsFit(s.tokens[from:to]) {
		return false
	}
	return s.contextFits(p.before, from, true) && s.contextFits(p.after, to, false)
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

// topics finds the mentions of topics.
func (s *scan) topics() []Mention {
	for _, f := range s.folds {
		s.stems = append(s.stems, s.lexicon.stem(f))
	}
	var out []Mention
	var hits []hit[subject]
	for i := 0; i < len(s.tokens); {
		hits = s.lexicon.subjects.find(s.stems, s.folds, i, s.tokens[i].run, hits[:0])
		hits = slices.DeleteFunc(hits, func(h hit[subject]) bool { return !s.subjectFits(h, i) })
		end := i + 1
		for _, h := range hits {
			end = max(end, h.end)
		}
		for _, h := range longest(hits, end) {
			if h.value.topic == "" {
				continue
			}
			out = append(out, Mention{Span: s.span(i, end), Kind: KindTopic, ID: h.value.topic, Weak: h.value.weak, Name: h.value.name})
		}
		i = end
	}
	return out
}

// subjectFits reports whether the word of a topic may stand here; one written with
// a mark must have the very form it is written in.
func (s *scan) subjectFits(h hit[subject], i int) bool {
	p := h.value.pattern
	if p.exact || p.strict {
		for j, w := range p.words {
			if !w.open && w.fold != s.folds[i+j] {
				return false
			}
		}
	}
	return s.fits(p, i, h.end)
}

// longest keeps, of the hits that reach end, one a topic: the one that is not weak.
func longest(hits []hit[subject], end int) []hit[subject] {
	slices.SortStableFunc(hits, func(a, b hit[subject]) int {
		return cmp.Or(cmp.Compare(b.end, a.end), strings.Compare(a.value.topic, b.value.topic), compareBool(a.value.weak, b.value.weak))
	})
	n := 0
	for n < len(hits) && hits[n].end == end {
		n++
	}
	return slices.CompactFunc(hits[:n], func(a, b hit[subject]) bool { return a.value.topic == b.value.topic })
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
