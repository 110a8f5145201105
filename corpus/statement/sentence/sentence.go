// Package sentence cuts a sentence into words and the names of those who can speak, and
// reads the grammar around them: noun phrases, tenses, quotation marks, the first person.
// It does not decide who says anything.
package sentence

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/statement/genre"
	"parley/corpus/words"
)

// Sentence is a span of the document as tokens.
type Sentence struct {
	corpus.Span
	Text   string // of the document
	Tokens []Token
	// QuotedBefore and closes say whether a quotation was open before and is open after.
	QuotedBefore, QuotedAfter bool
	// Topics are the mentions of topics once they were asked for, not nil then.
	Topics []lexicon.Mention
}

// token is a word of a sentence, or the name of a party, which may be several
// words: "US Defense Secretary Pete Hegseth".
type Token struct {
	corpus.Span
	Fold   string
	Party  *Party
	Quoted bool
	Upper  bool // starts with a capital
}

// Party is who can speak: an actor, one of its people or institutions.
type Party struct {
	Actors []string
	// Name is the span in which the text names them: the person alone where there is one.
	Name   corpus.Span
	Person string // canonical
	Form   lexicon.Form
	Plural bool
	// Possessive: "Ukraine's", which owns what follows and does nothing itself.
	Possessive bool
	// Silent parties are named, but cannot be taken to speak: weak names, people out
	// of office, adjectives.
	Silent bool
	// Prefixed: the name only says whom others are for or against, "pro-Russian".
	Prefixed bool
}

// Cut makes the tokens of a sentence. open says whether a quotation goes on from
// the sentence before; mentions are those within the sentence.
func Cut(r *genre.Document, span corpus.Span, mentions []lexicon.Mention, open bool, units []Token) Sentence {
	s := Sentence{Span: span, Text: r.Text, QuotedBefore: open, Tokens: units[:0]}
	at := span.Start
	for w := range words.All(span.In(r.Text)) {
		start, end := w.Start+span.Start, w.End+span.Start
		open = quoteState(r.Text[at:start], open)
		at = end
		for len(mentions) > 0 && mentions[0].End <= start {
			mentions = mentions[1:]
		}
		if len(mentions) > 0 && mentions[0].Start < end {
			if start <= mentions[0].Start {
				s.Tokens = append(s.Tokens, mention(r, mentions[0], open))
			}
			if end >= mentions[0].End {
				mentions = mentions[1:]
			}
			continue
		}
		first, _ := utf8.DecodeRuneInString(w.Text)
		s.Tokens = append(s.Tokens, Token{Span: corpus.Span{Start: start, End: end}, Fold: w.Fold, Quoted: open, Upper: unicode.IsUpper(first)})
	}
	s.QuotedAfter = quoteState(r.Text[at:span.End], open)
	s.Tokens = joinNames(&s)
	return s
}

// quoteState follows the quotation marks in a gap between words.
func quoteState(gap string, open bool) bool {
	for _, c := range gap {
		switch c {
		case '“', '«', '„':
			open = true
		case '”', '»':
			open = false
		case '"':
			open = !open
		}
	}
	return open
}

// mention makes a token of a name that the lexicon found.
func mention(r *genre.Document, m lexicon.Mention, quoted bool) Token {
	text := m.In(r.Text)
	last := words.Fold(LastWord(text))
	p := &Party{Actors: []string{m.ID}, Name: m.Span, Person: m.Person, Form: m.Form, Possessive: IsPossessive(text)}
	p.Plural = p.Person == "" && strings.HasSuffix(last, "s") && !singularNames[last] && m.Form != lexicon.FormMetonym
	p.Silent = m.Weak && !trusted(r, m) || m.Form == lexicon.FormAdjective && !p.Plural || outOfOffice(r, m) ||
		strings.HasPrefix(r.Text[m.End:], "-") // "Moscow-appointed"
	p.Prefixed = prefixes[words.Fold(wordBefore(r.Text[:m.Start], "-"))]
	return Token{Span: m.Span, Fold: last, Party: p, Quoted: quoted, Upper: true}
}

// trusted reports whether a weak name can be taken to speak all the same: "European
// leaders" do, unless the document is between two of them, and in an actor's own
// document so does "the Vice President".
func trusted(r *genre.Document, m lexicon.Mention) bool {
	return m.Form == lexicon.FormInstitution && r.Parties == nil || m.Form == lexicon.FormOffice && m.ID == r.PublisherActor
}

// outOfOffice reports whether a person no longer speaks for the actor at the
// document's date.
func outOfOffice(r *genre.Document, m lexicon.Mention) bool {
	if m.Form != lexicon.FormPerson {
		return false
	}
	p, ok := r.Lexicon.Person(m.Person)
	return ok && len(p.Offices) > 0 && len(p.OfficesAt(r.Published)) == 0
}

// joinNames makes one token of an office or adjective and the person named after
// it, known to the lexicon or not: "Kremlin spokesman Dmitry Peskov".
func joinNames(s *Sentence) []Token {
	units := s.Tokens
	out := units[:0]
	for i := 0; i < len(units); i++ {
		u := units[i]
		for i+1 < len(units) && u.Party != nil && blank(s.Text[u.End:units[i+1].Start]) {
			joined, ok := joinName(s.Text, u, units[i+1])
			if !ok {
				break
			}
			u = joined
			i++
		}
		out = append(out, u)
	}
	return out
}

// joinName joins u with the next token, if that goes on with its name.
func joinName(text string, u, next Token) (Token, bool) {
	p := *u.Party
	switch {
	case next.Party != nil:
		q := next.Party
		if q.Form != lexicon.FormPerson || p.Form == lexicon.FormPerson || q.Actors[0] != p.Actors[0] {
			return u, false
		}
		p = *q
	case p.Form == lexicon.FormOffice && !p.Possessive && next.Upper && !capitalStops[next.Fold]:
		if p.Person != "" || p.Name == u.Span {
			p.Name = next.Span
		}
		p.Name.End, p.Person = next.End, ""
		p.Possessive = IsPossessive(next.In(text))
	default:
		return u, false
	}
	u.Party, u.Fold, u.End = &p, next.Fold, next.End
	return u, true
}

func blank(gap string) bool { return strings.Trim(gap, " \n\u00a0*_[]") == "" }

// Gap is the text between token i and the one before it.
func (s *Sentence) Gap(i int) string {
	switch {
	case len(s.Tokens) == 0:
		return s.In(s.Text)
	case i <= 0:
		return s.Text[s.Start:s.Tokens[0].Start]
	case i >= len(s.Tokens):
		return s.Text[s.Tokens[len(s.Tokens)-1].End:s.End]
	}
	return s.Text[s.Tokens[i-1].End:s.Tokens[i].Start]
}

// Adjoins reports whether nothing but blanks lies before token i.
func (s *Sentence) Adjoins(i int) bool { return strings.Trim(s.Gap(i), " \n\t\u00a0*_[]") == "" }

// AfterComma reports whether a comma, dash or bracket lies before token i.
func (s *Sentence) AfterComma(i int) bool { return strings.ContainsAny(s.Gap(i), ",–—()") }

// Is reports whether token i is one of the words.
func (s *Sentence) Is(i int, set map[string]bool) bool {
	return i >= 0 && i < len(s.Tokens) && s.Tokens[i].Party == nil && set[s.Tokens[i].Fold]
}

func (s *Sentence) Word(i int) string {
	if i < 0 || i >= len(s.Tokens) || s.Tokens[i].Party != nil {
		return ""
	}
	return s.Tokens[i].Fold
}

// AllQuoted reports whether all of the sentence is quoted.
func (s *Sentence) AllQuoted() bool {
	return len(s.Tokens) > 0 && !slices.ContainsFunc(s.Tokens, func(u Token) bool { return !u.Quoted })
}

// HasQuotation reports whether the sentence has a quotation of more than a word or two.
func (s *Sentence) HasQuotation() bool {
	n := 0
	for _, u := range s.Tokens {
		if u.Quoted {
			n++
		}
	}
	return n > 2
}

// HasFirstPerson reports whether the sentence says "we" or "I" outside quotations.
func (s *Sentence) HasFirstPerson() bool {
	for i, u := range s.Tokens {
		if !u.Quoted && s.IsFirstPerson(i) {
			return true
		}
	}
	return false
}

// OpensInFirstPerson reports whether "we" or "I" is the subject with which the sentence opens,
// outside quotations.
func (s *Sentence) OpensInFirstPerson() bool {
	i := 0
	for s.Is(i, Adverbs) || s.Word(i) == "and" {
		i++
	}
	return i < len(s.Tokens) && !s.Tokens[i].Quoted && s.IsFirstPerson(i) && !s.Is(i, possessives)
}

// IsFirstPerson reports whether token i is a pronoun of the first person.
func (s *Sentence) IsFirstPerson(i int) bool {
	if s.Word(i) == "i" && strings.HasPrefix(s.Gap(i+1), ".") {
		return false // a number
	}
	return s.Is(i, firsts) || s.Is(i, contractedFirsts) && strings.ContainsAny(s.Tokens[i].In(s.Text), "'’")
}

// Complement is where the clause starts that a verb of saying has after an
// adverbial: "said after the meeting that …".
func (s *Sentence) Complement(at int) (start int, ok bool) {
	if !s.Is(at+1, Prepositions) {
		return 0, false
	}
	for i := at + 2; i < min(at+10, len(s.Tokens)); i++ {
		if s.Word(i) == "that" {
			return s.Tokens[i].End, true
		}
	}
	return 0, false
}

// TokensOf are the tokens of a mention: the first, and the one after the last.
func (s *Sentence) TokensOf(m lexicon.Mention) (from, to int) {
	for from < len(s.Tokens) && s.Tokens[from].End <= m.Start {
		from++
	}
	for to = from; to < len(s.Tokens) && s.Tokens[to].Start < m.End; to++ {
	}
	return from, to
}

// Overlap reports whether two lists of actors have one in common.
func Overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(id string) bool { return slices.Contains(b, id) })
}

// MentionsIn returns those of the mentions, which are in order, that lie in a span.
func MentionsIn(m []lexicon.Mention, span corpus.Span) []lexicon.Mention {
	from := sort.Search(len(m), func(i int) bool { return m[i].Start >= span.Start })
	to := sort.Search(len(m), func(i int) bool { return m[i].Start >= span.End })
	if to > from && m[to-1].End > span.End {
		to-- // a sentence may be cut within a name
	}
	return m[from:to]
}

func StartsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func LastWord(s string) string {
	return s[strings.LastIndexAny(s, " -\n\u00a0")+1:]
}

// wordBefore is the word that a mark joins to the end of a text, empty for none.
func wordBefore(s, mark string) string {
	s, ok := strings.CutSuffix(s[max(0, len(s)-20):], mark)
	if !ok {
		return ""
	}
	return LastWord(s)
}

func IsPossessive(s string) bool {
	for _, end := range [...]string{"'s", "’s", "s'", "s’"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

var (
	// singularNames end in s and are one.
	singularNames = words.Set("congress us states nations paris brussels texas reuters affairs forces swiss chinese quds netherlands emirates")
	// prefixes turn a name into what others are.
	prefixes         = words.Set("pro anti non ex")
	firsts           = words.Set("i we my our us ours")
	possessives      = words.Set("my our us ours")
	contractedFirsts = words.Set("weve were well wed ive ill im id")
)
