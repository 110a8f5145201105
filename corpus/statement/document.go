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
	{report, regexp.MustCompile(`(?i)\breadout\b|what they are saying|support pours|more support|^icymi|sunday shows|hailed|telephone conversation|^(meeting|talks|conversation) `)},
	{joint, regexp.MustCompile(`(?i)\bjoint\b|leaders[’'] |\bcommuni|\bdeclaration\b|from the leaders|\bG-?(7|20)\b.*\bstatement\b|\btrilateral\b|\bquad\b|\bcompact\b|outcomes of|commitment to|^.*\w.* (vision |action )?statement (on|for|following)\b`)},
	{own, regexp.MustCompile(`(?i)^(remarks|statement|message|letter|a message|a letter|a proclamation|proclamation|address|speech|article|interview|national statement|op-ed)\b|\b(statement|remarks|address|speech|message) (by|from)\b|article by`)},
}

// weTheLeaders opens the text of a joint document whose title does not say so.
var weTheLeaders = regexp.MustCompile(`(?m)^[*_]*We, (the|as)\b`)

// reader reads one document.
type reader struct {
	*Extractor
	doc corpus.Document
	// home is the actor whose own document it is; empty for news.
	home     string
	register register
	// parties are the actors between whom an own document is, as its title names them.
	parties []string
	// introduced maps the bare names of those whom a label has introduced with their
	// title, to their actors.
	introduced map[string]string
	mentions   []lexicon.Mention
	memory     memory
	voice      voice
	open       bool // a quotation goes on from the sentence before
	units      []unit

	// judging asks for topics and stances, of which the rest is the state.
	judging       bool
	speaking      []string // the actors of the sentence
	about         relevance
	aboutAge      int // sentences ago
	titleRelevant bool
}

func (e *Extractor) newReader(doc corpus.Document) *reader {
	r := &reader{Extractor: e, doc: doc, introduced: map[string]string{}}
	if a, ok := e.lexicon.ResolveActor(doc.Publisher); ok && !doc.IsBrief() {
		r.home = a.ID
	}
	r.mentions = r.find(doc.Text)
	r.register = r.findRegister()
	if r.home != "" {
		r.parties = r.findParties()
	}
	return r
}

// newJudge is a reader that also finds topics and stances.
func (e *Extractor) newJudge(doc corpus.Document) *reader {
	r := e.newReader(doc)
	r.judging = true
	r.titleRelevant = r.relevance(r.find(doc.Title), []string{r.home}) == relevant
	return r
}

func (r *reader) find(text string) []lexicon.Mention {
	return r.lexicon.Find(text, lexicon.At(r.doc.Published), lexicon.Only(lexicon.KindActor))
}

func (r *reader) findRegister() register {
	switch {
	case r.isTranscript():
		return transcript
	case r.home == "":
		return report
	case weTheLeaders.MatchString(r.doc.Text[:min(len(r.doc.Text), 1000)]):
		return joint
	}
	for _, g := range registers {
		if g.title.MatchString(r.doc.Title) {
			return g.register
		}
	}
	return official
}

// findParties are the two or more actors between whom the document is; none where
// the title does not tell them all.
func (r *reader) findParties() []string {
	if unnamed.MatchString(r.doc.Title) {
		return nil
	}
	parties := lexicon.IDs(lexicon.KindActor, r.find(r.doc.Title))
	if r.register == report {
		parties = appendNew([]string{r.home}, parties...)
	}
	if len(parties) < 2 {
		return nil
	}
	return parties
}

// unnamed are the words of a title that leave open who took part, or tell of a third.
var unnamed = regexp.MustCompile(`(?i)\b(compact|leaders|allies|partners|members|ministers|congress|committee|platform|g-?7|g-?20|quad|nordic|b9|regarding|about|on the)\b`)

// paragraphStarts reports whether a blank line, or a new list item, lies in a gap
// between sentences.
func paragraphStarts(gap string) bool {
	i := strings.IndexByte(gap, '\n')
	if i < 0 {
		return false
	}
	return strings.IndexByte(gap[i+1:], '\n') >= 0
}
