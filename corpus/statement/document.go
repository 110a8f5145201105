package statement

import (
	"regexp"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
)

// register is how a document speaks.
type register uint8

const (
	// report tells of others in the third person: news, readouts, briefs.
	report register = iota
	// own is the publisher's word from first to last: a statement, prepared remarks.
	own
	// official is the publisher's text that tells of facts and of itself: a fact sheet.
	official
	// joint is the word of several, of whom the publisher is one.
	joint
	// transcript names who speaks at the start of paragraphs.
	transcript
)

// Titles tell the registers of an actor's own documents apart. The first that fits counts.
var registers = []struct {
	register
	title *regexp.Regexp
}{
	{report, regexp.MustCompile(`(?i)^(joint )?readout\b|what they are saying|support pours|more support|^icymi|sunday shows|telephone conversation|^(meeting|talks) `)},
	{joint, regexp.MustCompile(`(?i)\bjoint\b|leaders[’'] |\bcommuni|\bdeclaration\b|from the leaders|\bG-?(7|20)\b.*\bstatement\b|\btrilateral\b|\bquad\b|statement on .* partnership|outcomes of|commitment to`)},
	{own, regexp.MustCompile(`(?i)^(remarks|statement|message|letter|a message|a letter|a proclamation|proclamation|address|speech|article|interview|national statement|op-ed)\b|\b(statement|remarks|address|speech|message) (by|from|of)\b|article by`)},
}

// reader reads one document.
type reader struct {
	*Extractor
	doc corpus.Document
	// home is the actor whose own document it is; empty for news.
	home     string
	register register
	// parties are the actors that the title of a joint document names.
	parties  []string
	mentions []lexicon.Mention
	memory   memory
	voice    voice
	open     bool // a quotation goes on from the sentence before
	units    []unit
}

func (e *Extractor) newReader(doc corpus.Document) *reader {
	r := &reader{Extractor: e, doc: doc}
	if a, ok := e.lexicon.ResolveActor(doc.Publisher); ok && !doc.IsBrief() {
		r.home = a.ID
	}
	r.mentions = e.lexicon.Find(doc.Text, lexicon.At(doc.Published), lexicon.Only(lexicon.KindActor))
	r.register = r.findRegister()
	if r.register == joint {
		r.parties = lexicon.IDs(lexicon.KindActor, e.lexicon.Find(doc.Title, lexicon.At(doc.Published), lexicon.Only(lexicon.KindActor)))
		if len(r.parties) < 2 {
			r.parties = nil
		}
	}
	return r
}

func (r *reader) findRegister() register {
	if r.isTranscript() {
		return transcript
	}
	if r.home == "" {
		return report
	}
	for _, g := range registers {
		if g.title.MatchString(r.doc.Title) {
			return g.register
		}
	}
	return official
}

// paragraphStarts reports whether a blank line, or a new list item, lies in a gap
// between sentences.
func paragraphStarts(gap string) bool {
	i := strings.IndexByte(gap, '\n')
	if i < 0 {
		return false
	}
	return strings.IndexByte(gap[i+1:], '\n') >= 0
}
