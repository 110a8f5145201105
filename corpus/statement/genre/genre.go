// Package genre tells from the publisher, the title and the first lines of a document
// whose word it is: a report of others, the publisher's own statement, a joint
// declaration, a transcript. It reads no sentences.
package genre

import (
	"regexp"
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/statement/transcript"
)

// Document is a document with what its publisher, title and text tell of whose word it is.
type Document struct {
	corpus.Document
	Lexicon *lexicon.Lexicon
	// PublisherActor is the actor whose own document it is; empty for news.
	PublisherActor string
	Genre          Genre
	// Parties are the actors between whom an own document is, as its title names them.
	Parties []string
}

// Read tells what kind of document it is, and returns the reader of its labels if it is a
// transcript.
func Read(lex *lexicon.Lexicon, doc corpus.Document) (*Document, *transcript.Labels) {
	d := &Document{Document: doc, Lexicon: lex}
	if a, ok := lex.ResolveActor(doc.Publisher); ok && !doc.IsBrief() {
		d.PublisherActor = a.ID
	}
	l := transcript.New(lex, doc, d.PublisherActor)
	d.Genre = d.findGenre(l)
	if d.PublisherActor != "" {
		d.Parties = d.findParties()
	}
	return d, l
}

// Find lists the actors named in a text of the document's date.
func (r *Document) Find(text string) []lexicon.Mention {
	return r.Lexicon.Find(text, lexicon.At(r.Published), lexicon.Only(lexicon.KindActor))
}

func (r *Document) findGenre(l *transcript.Labels) Genre {
	switch {
	case l.IsTranscript():
		return Transcript
	case r.PublisherActor == "":
		return Report
	case r.isOpEd():
		return OwnWords
	case weTheLeaders.MatchString(r.Text[:min(len(r.Text), 1000)]):
		return Joint
	}
	for _, g := range genresByTitle {
		switch {
		case !g.title.MatchString(r.Title):
			continue
		case g.Genre == OwnWords && r.hasGuest():
			return Joint
		}
		return g.Genre
	}
	return Official
}

// isOpEd reports whether the title gives an article by somebody who speaks for the
// publisher: "ICYMI: Joe Biden: What We Owe".
func (r *Document) isOpEd() bool {
	by := opEd.FindStringSubmatch(r.Title)
	if by == nil {
		return false
	}
	authors := r.Find(by[1])
	return len(authors) > 0 && !slices.ContainsFunc(authors, func(m lexicon.Mention) bool { return m.ID != r.PublisherActor || m.Form != lexicon.FormPerson })
}

// hasGuest reports whether the title of remarks or a statement names somebody who does
// not speak for the publisher.
func (r *Document) hasGuest() bool {
	by := byline.FindStringSubmatch(r.Title)
	return by != nil && slices.ContainsFunc(r.Find(by[1]), func(m lexicon.Mention) bool { return m.ID != r.PublisherActor })
}

// findParties are the two or more actors between whom the document is; none where
// the title does not tell them all. Of what a club says, its member who publishes it is
// sure to be one of the speakers.
func (r *Document) findParties() []string {
	mentions := r.Find(r.Title)
	switch pair := hyphened(r.Title, mentions); {
	case r.Genre == Joint && groupOfStates.MatchString(r.Title):
		return []string{r.PublisherActor}
	case pair != nil && r.Genre == Joint:
		return pair
	case unnamed.MatchString(r.Title):
		return nil
	}
	named := slices.DeleteFunc(mentions, func(m lexicon.Mention) bool { return m.Form == lexicon.FormMetonym }) // where it was
	parties := lexicon.IDs(lexicon.KindActor, named)
	if r.Genre == Report || r.Genre == Transcript && r.OfConversation() {
		others := slices.DeleteFunc(parties, func(id string) bool { return id == r.PublisherActor })
		parties = append([]string{r.PublisherActor}, others...)
	}
	if len(parties) < 2 {
		return nil
	}
	return parties
}

// OfGroup reports whether the document is the word of a group of states, one of which
// publishes it.
func (r *Document) OfGroup() bool { return len(r.Parties) == 1 }

// hyphened are the two actors that a title joins by a hyphen: "the U.S.-Ukraine Partnership".
func hyphened(title string, mentions []lexicon.Mention) []string {
	for i := 1; i < len(mentions); i++ {
		a, b := mentions[i-1], mentions[i]
		if strings.Trim(title[a.End:b.Start], "-–‑") == "" && a.ID != b.ID && b.Start > a.End {
			return []string{a.ID, b.ID}
		}
	}
	return nil
}

// Reports reports whether the document, or this part of it, tells of others.
func (r *Document) Reports() bool { return r.Genre == Report || r.Genre == Transcript }

// OfConversation reports whether the document is the record of a conversation of its
// publisher with another.
func (r *Document) OfConversation() bool { return conversation.MatchString(r.Title) }

// Genre tells in whose voice a document speaks.
type Genre uint8

const (
	// Report tells of others in the third person: news, readouts, briefs.
	Report Genre = iota
	// OwnWords is the publisher's word from first to last: a statement, prepared remarks.
	OwnWords
	// Official is the publisher's text that tells of facts and of itself: a fact sheet.
	Official
	// Joint is the word of several, of whom the publisher is one.
	Joint
	// Transcript names who speaks at the start of paragraphs.
	Transcript
)

// genresByTitle tells the genres of an actor's own documents apart by their titles. The first that fits counts.
var genresByTitle = []struct {
	Genre
	title *regexp.Regexp
}{
	{Report, regexp.MustCompile(`(?i)\breadout\b|what they are saying|support pours|more support|^icymi|sunday shows|hailed|telephone conversation|^(meeting|talks|conversation) `)},
	{Joint, regexp.MustCompile(`(?i)\bjoint\b|leaders[’'] |\bcommuni|\bdeclaration\b|from the leaders|\bG-?(7|20)\b.*\bstatement\b|\btrilateral\b|\bquad\b|\bcompact\b|outcomes of|commitment to|^.*\w.* (vision |action )?statement (on|for|following)\b`)},
	{OwnWords, regexp.MustCompile(`(?i)^(remarks|statement|message|letters?|notice|a message|a letter|a proclamation|proclamation|address|speech|article|interview|national statement|op-ed)\b|\b(statement|remarks|address|speech|message) (by|from)\b|article by`)},
}

// weTheLeaders opens the text of a joint document whose title does not say so.
var weTheLeaders = regexp.MustCompile(`(?m)^[*_]*We, (the|as)\b`)

// conversation matches titles of records of a call or a meeting of two.
var conversation = regexp.MustCompile(`(?i)^(telephone )?(conversation|meeting|talks) with\b`)

// groupOfStates is a group of states whose joint documents its members publish.
var groupOfStates = regexp.MustCompile(`(?i)\b(g-?7|g-?20|quad|brics|compact)\b`)

// opEd is who an article is by, in a title that passes it on.
var opEd = regexp.MustCompile(`(?i)^icymi: ([^:]+): `)

// byline is who remarks or a statement are by, in their title.
var byline = regexp.MustCompile(`(?i)\b(?:by|from)\b (.*?)(?:\b(?:on|at|in|to|before|after|during|announcing|regarding|about)\b|$)`)

// unnamed are the words of a title that leave open who took part, or tell of a third.
var unnamed = regexp.MustCompile(`(?i)\b(compact|allies|partners|members|ministers|congress|committee|platform|g-?7|g-?20|quad|nordic|b9|regarding|about|on the)\b`)
