package statement

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
)

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
	begun      bool // a label of a transcript has been read
	open       bool // a quotation goes on from the sentence before
	units      []unit

	// task is what is asked for beside who speaks, of which the rest is the state.
	task          task
	speaking      []string // the actors of the sentence
	about         relevance
	aboutAge      int // sentences ago
	titleRelevant bool
}

// task is what is to be found out about sentences, beside whose they are.
type task uint8

const (
	attributing task = iota // nothing else
	judging                 // the topics and stances of positions
	surveying               // the topics that they are about
)

// newReader makes a reader of a document in whose text mentions were found.
func (e *Extractor) newReader(doc corpus.Document, mentions []lexicon.Mention) *reader {
	r := &reader{Extractor: e, doc: doc, mentions: actors(mentions), introduced: map[string]string{}}
	if a, ok := e.lexicon.ResolveActor(doc.Publisher); ok && !doc.IsBrief() {
		r.home = a.ID
	}
	r.register = r.findRegister()
	if r.home != "" {
		r.parties = r.findParties()
	}
	return r
}

// newJudge is a reader that also finds topics.
func (e *Extractor) newJudge(doc corpus.Document, mentions []lexicon.Mention, t task) *reader {
	r := e.newReader(doc, mentions)
	r.task = t
	r.titleRelevant = r.relevance(r.find(doc.Title), []string{r.home}) == relevant
	return r
}

// actors are the mentions of actors.
func actors(mentions []lexicon.Mention) []lexicon.Mention {
	isTopic := func(m lexicon.Mention) bool { return m.Kind != lexicon.KindActor }
	if !slices.ContainsFunc(mentions, isTopic) {
		return mentions
	}
	return slices.DeleteFunc(slices.Clone(mentions), isTopic)
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
	case r.isOpEd():
		return own
	case weTheLeaders.MatchString(r.doc.Text[:min(len(r.doc.Text), 1000)]):
		return joint
	}
	for _, g := range registers {
		switch {
		case !g.title.MatchString(r.doc.Title):
			continue
		case g.register == own && r.hasGuest():
			return joint
		}
		return g.register
	}
	return official
}

// isOpEd reports whether the title gives an article by somebody who speaks for the
// publisher: "ICYMI: Joe Biden: What We Owe".
func (r *reader) isOpEd() bool {
	by := opEd.FindStringSubmatch(r.doc.Title)
	if by == nil {
		return false
	}
	authors := r.find(by[1])
	return len(authors) > 0 && !slices.ContainsFunc(authors, func(m lexicon.Mention) bool { return m.ID != r.home || m.Form != lexicon.FormPerson })
}

// hasGuest reports whether the title of remarks or a statement names somebody who does
// not speak for the publisher.
func (r *reader) hasGuest() bool {
	by := byline.FindStringSubmatch(r.doc.Title)
	return by != nil && slices.ContainsFunc(r.find(by[1]), func(m lexicon.Mention) bool { return m.ID != r.home })
}

// findParties are the two or more actors between whom the document is; none where
// the title does not tell them all. Of what a club says, its member who publishes it is
// sure to be one of the speakers.
func (r *reader) findParties() []string {
	mentions := r.find(r.doc.Title)
	switch pair := hyphened(r.doc.Title, mentions); {
	case r.register == joint && club.MatchString(r.doc.Title):
		return []string{r.home}
	case pair != nil && r.register == joint:
		return pair
	case unnamed.MatchString(r.doc.Title):
		return nil
	}
	named := slices.DeleteFunc(mentions, func(m lexicon.Mention) bool { return m.Form == lexicon.FormMetonym }) // where it was
	parties := lexicon.IDs(lexicon.KindActor, named)
	if r.register == report || r.register == transcript && conversation.MatchString(r.doc.Title) {
		parties = appendNew([]string{r.home}, parties...)
	}
	if len(parties) < 2 {
		return nil
	}
	return parties
}

// ofClub reports whether the document is the word of a group of states, one of which
// publishes it.
func (r *reader) ofClub() bool { return len(r.parties) == 1 }

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

// paragraphStarts reports whether a blank line, or a new list item, lies in a gap
// between sentences.
func paragraphStarts(gap string) bool {
	i := strings.IndexByte(gap, '\n')
	if i < 0 {
		return false
	}
	return strings.IndexByte(gap[i+1:], '\n') >= 0
}
