package statement

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/words"
)

// unit is a word of a sentence, or the name of a party, which may be several
// words: "US Defense Secretary Pete Hegseth".
type unit struct {
	corpus.Span
	fold   string
	party  *party
	quoted bool
	upper  bool // starts with a capital
}

// party is who can speak: an actor, one of its people or institutions.
type party struct {
	actors []string
	// name is how the text names them: the person alone where there is one.
	name   corpus.Span
	person string // canonical
	form   lexicon.Form
	plural bool
	// owner: "Ukraine's", which owns what follows and does nothing itself.
	owner bool
	// silent parties are named, but cannot be taken to speak: weak names, people out
	// of office, adjectives.
	silent bool
	// sided: the name only says whom others are for or against, "pro-Russian".
	sided bool
}

// sentence is a span of the document as units.
type sentence struct {
	corpus.Span
	text  string // of the document
	units []unit
	// opens and closes say whether a quotation was open before and is open after.
	opens, closes bool
	// subjects are the mentions of topics once they were asked for, not nil then.
	subjects []lexicon.Mention
}

// gap is the text between unit i and the one before it.
func (s *sentence) gap(i int) string {
	switch {
	case len(s.units) == 0:
		return s.In(s.text)
	case i <= 0:
		return s.text[s.Start:s.units[0].Start]
	case i >= len(s.units):
		return s.text[s.units[len(s.units)-1].End:s.End]
	}
	return s.text[s.units[i-1].End:s.units[i].Start]
}

// plain reports whether nothing but blanks lies before unit i.
func (s *sentence) plain(i int) bool { return strings.Trim(s.gap(i), " \n\t\u00a0*_[]") == "" }

// comma reports whether a comma, dash or bracket lies before unit i.
func (s *sentence) comma(i int) bool { return strings.ContainsAny(s.gap(i), ",–—()") }

// is reports whether unit i is one of the words.
func (s *sentence) is(i int, set wordSet) bool {
	return i >= 0 && i < len(s.units) && s.units[i].party == nil && set[s.units[i].fold]
}

func (s *sentence) word(i int) string {
	if i < 0 || i >= len(s.units) || s.units[i].party != nil {
		return ""
	}
	return s.units[i].fold
}

// wholly reports whether all of the sentence is quoted.
func (s *sentence) wholly() bool {
	return len(s.units) > 0 && !slices.ContainsFunc(s.units, func(u unit) bool { return !u.quoted })
}

// quotes reports whether the sentence has a quotation of more than a word or two.
func (s *sentence) quotes() bool {
	n := 0
	for _, u := range s.units {
		if u.quoted {
			n++
		}
	}
	return n > 2
}

// cut makes the units of a sentence. open says whether a quotation goes on from
// the sentence before; mentions are those within the sentence.
func (r *reader) cut(span corpus.Span, mentions []lexicon.Mention, open bool) sentence {
	s := sentence{Span: span, text: r.doc.Text, opens: open, units: r.units[:0]}
	at := span.Start
	for w := range words.All(span.In(r.doc.Text)) {
		start, end := w.Start+span.Start, w.End+span.Start
		open = quoteState(r.doc.Text[at:start], open)
		at = end
		for len(mentions) > 0 && mentions[0].End <= start {
			mentions = mentions[1:]
		}
		if len(mentions) > 0 && mentions[0].Start < end {
			if start <= mentions[0].Start {
				s.units = append(s.units, r.mention(mentions[0], open))
			}
			if end >= mentions[0].End {
				mentions = mentions[1:]
			}
			continue
		}
		first, _ := utf8.DecodeRuneInString(w.Text)
		s.units = append(s.units, unit{Span: corpus.Span{Start: start, End: end}, fold: w.Fold, quoted: open, upper: unicode.IsUpper(first)})
	}
	s.closes = quoteState(r.doc.Text[at:span.End], open)
	s.units = joinNames(&s)
	r.units = s.units
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

// mention makes a unit of a name that the lexicon found.
func (r *reader) mention(m lexicon.Mention, quoted bool) unit {
	text := m.In(r.doc.Text)
	last := words.Fold(lastWord(text))
	p := &party{actors: []string{m.ID}, name: m.Span, person: m.Person, form: m.Form, owner: isOwner(text)}
	p.plural = p.person == "" && strings.HasSuffix(last, "s") && !singularNames[last] && m.Form != lexicon.FormMetonym
	p.silent = m.Weak && !r.trusted(m) || m.Form == lexicon.FormAdjective && !p.plural || r.outOfOffice(m) ||
		strings.HasPrefix(r.doc.Text[m.End:], "-") // "Moscow-appointed"
	p.sided = prefixes[words.Fold(wordBefore(r.doc.Text[:m.Start], "-"))]
	return unit{Span: m.Span, fold: last, party: p, quoted: quoted, upper: true}
}

// trusted reports whether a weak name can be taken to speak all the same: "European
// leaders" do, unless the document is between two of them, and in an actor's own
// document so does "the Vice President".
func (r *reader) trusted(m lexicon.Mention) bool {
	return m.Form == lexicon.FormInstitution && r.parties == nil || m.Form == lexicon.FormOffice && m.ID == r.home
}

// outOfOffice reports whether a person no longer speaks for the actor at the
// document's date.
func (r *reader) outOfOffice(m lexicon.Mention) bool {
	if m.Form != lexicon.FormPerson {
		return false
	}
	p, ok := r.lexicon.Person(m.Person)
	return ok && len(p.Offices) > 0 && len(p.OfficesAt(r.doc.Published)) == 0
}

func lastWord(s string) string {
	return s[strings.LastIndexAny(s, " -\n\u00a0")+1:]
}

// wordBefore is the word that a mark joins to the end of a text, empty for none.
func wordBefore(s, mark string) string {
	s, ok := strings.CutSuffix(s[max(0, len(s)-20):], mark)
	if !ok {
		return ""
	}
	return lastWord(s)
}

func isOwner(s string) bool {
	for _, end := range [...]string{"'s", "’s", "s'", "s’"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// joinNames makes one unit of an office or adjective and the person named after
// it, known to the lexicon or not: "Kremlin spokesman Dmitry Peskov".
func joinNames(s *sentence) []unit {
	units := s.units
	out := units[:0]
	for i := 0; i < len(units); i++ {
		u := units[i]
		for i+1 < len(units) && u.party != nil && blank(s.text[u.End:units[i+1].Start]) {
			joined, ok := joinName(s.text, u, units[i+1])
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

func blank(gap string) bool { return strings.Trim(gap, " \n\u00a0*_[]") == "" }

// joinName joins u with the next unit, if that goes on with its name.
func joinName(text string, u, next unit) (unit, bool) {
	p := *u.party
	switch {
	case next.party != nil:
		q := next.party
		if q.form != lexicon.FormPerson || p.form == lexicon.FormPerson || q.actors[0] != p.actors[0] {
			return u, false
		}
		p = *q
	case p.form == lexicon.FormOffice && !p.owner && next.upper && !capitalStops[next.fold]:
		if p.person != "" || p.name == u.Span {
			p.name = next.Span
		}
		p.name.End, p.person = next.End, ""
		p.owner = isOwner(next.In(text))
	default:
		return u, false
	}
	u.party, u.fold, u.End = &p, next.fold, next.End
	return u, true
}
