package digest

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/library"
	"parley/corpus/statement/stance"
	"parley/corpus/words"
	"parley/index"
)

const (
	// maxCandidates is how many sentences of a document may be quoted; a long transcript has
	// hundreds.
	maxCandidates = 40
	// maxReadings is how many documents are remembered, with at most about 20 KB each.
	maxReadings = 500
	// beginning is how much of a text, in bytes, shows what it is about.
	beginning = 600
)

// reading holds what a digest needs to know about the text of a document.
type reading struct {
	// topics and actors are the ids of what it is about: declared, in its title, or in a
	// sentence in which a position is taken or an event told; actors also of its lead.
	topics, actors map[string]bool
	candidates     []candidate // the best to quote first
	terms          []string    // of the title and the best sentence, as Editor.terms has them
}

// candidate is a sentence that may be quoted.
type candidate struct {
	index.Statement
	score float64
}

// read reads the document to show of a story. ok is false where it was withdrawn in the
// meantime; of one that was revised it is the new text.
func (d *Editor) read(ctx context.Context, s *story) (ok bool, err error) {
	if s.reading, ok = d.readings.Get(revisionKey(s.Entry)); ok {
		return true, nil
	}
	e, ok, err := current(ctx, d.library, s.ID)
	if err != nil || !ok {
		return false, err
	}
	s.reading, s.Revision = d.readAnew(e.Document), e.Revision
	d.readings.Add(revisionKey(e), s.reading)
	return true, nil
}

func revisionKey(e library.Entry) string { return e.ID + "@" + strconv.Itoa(e.Revision) }

func (d *Editor) readAnew(doc corpus.Document) *reading {
	r := &reading{topics: setOf(doc.Topics), actors: setOf(doc.Actors)}
	inTitle := d.lexicon.Find(doc.Title, lexicon.At(doc.Published))
	add(r.actors, lexicon.IDs(lexicon.KindActor, inTitle))
	titled := lexicon.IDs(lexicon.KindTopic, inTitle)

	passages := d.annotator.Passages(doc)
	center := d.center(doc, passages)
	for i := range passages {
		p := &passages[i]
		if i == 0 {
			add(r.actors, p.Actors)
		}
		for n := range p.Sentences {
			st := p.Quote(n)
			if st.TakesPosition() {
				add(r.actors, st.Actors)
			}
			if len(st.Topics) == 0 { // a sentence that takes no position
				st.Topics = topicsOf(doc, titled, p)
			}
			add(r.topics, st.Topics)
			if c, ok := center.candidate(st, p.Number); ok {
				r.candidates = append(r.candidates, c)
			}
		}
	}
	slices.SortStableFunc(r.candidates, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
	r.candidates = slices.Clone(r.candidates[:min(maxCandidates, len(r.candidates))])
	for i := range r.candidates { // copies, so that the rest of the document is not kept with them
		c := &r.candidates[i]
		c.Text, c.Before, c.Speaker = strings.Clone(c.Text), strings.Clone(c.Before), strings.Clone(c.Speaker)
	}
	told := []string{doc.Title}
	if len(r.candidates) > 0 {
		told = append(told, r.candidates[0].Text)
	}
	r.terms = d.terms(told...)
	return r
}

// topicsOf returns topics for a sentence that itself names none: the declared topics of its
// document, or else the topics that both its passage and the title name.
func topicsOf(doc corpus.Document, titled []string, p *index.Passage) []string {
	if len(doc.Topics) > 0 {
		return doc.Topics
	}
	return slices.DeleteFunc(slices.Clone(titled), func(id string) bool { return !slices.Contains(p.Topics, id) })
}

// isProminent reports whether a document begins with a topic or with one of those between
// whom the conflict is; where the title names one, anything that may mean one is enough.
// The title alone is not: it may be that of a whole page.
func (d *Editor) isProminent(doc corpus.Document) bool {
	start := strings.ToValidUTF8(doc.Text[:min(len(doc.Text), beginning)], "")
	found := d.lexicon.Find(start, lexicon.At(doc.Published))
	if len(doc.Topics) > 0 || len(lexicon.IDs(lexicon.KindTopic, found)) > 0 ||
		slices.ContainsFunc(lexicon.IDs(lexicon.KindActor, found), d.isSide) {
		return true
	}
	inTitle := lexicon.IDs(lexicon.KindActor, d.lexicon.Find(doc.Title, lexicon.At(doc.Published)))
	return slices.ContainsFunc(inTitle, d.isSide) &&
		slices.ContainsFunc(found, func(m lexicon.Mention) bool { return d.isSide(m.ID) })
}

// isSide reports whether an actor is one of those between whom the conflict is.
func (d *Editor) isSide(id string) bool {
	a, _ := d.lexicon.Actor(id)
	return a.Side
}

// center measures how near a sentence is to what its document is about: its title and the
// first sentence of its text.
type center struct {
	editor      *Editor
	title, lead []string
	weight      map[string]float64 // of a term: how rare it is in the document
	first       int                // where the first sentence starts in the text
}

func (d *Editor) center(doc corpus.Document, passages []index.Passage) center {
	c := center{editor: d, title: d.terms(doc.Title), weight: map[string]float64{}, first: -1}
	sentences := 0
	for i := range passages {
		p := &passages[i]
		for _, s := range p.Sentences {
			terms := d.terms(s.In(p.Text))
			if sentences++; c.first < 0 && isProse(s.In(p.Text)) {
				c.first, c.lead = p.Start+s.Start, terms
			}
			for _, t := range terms {
				c.weight[t]++
			}
		}
	}
	for t, n := range c.weight {
		c.weight[t] = rarity(sentences, n)
	}
	return c
}

// What a sentence is worth to be quoted.
const (
	positionWorth  = 2.0 // a position is taken in it, or an event told
	statementWorth = 1.5 // somebody says something on a topic, without a word of position
	titleWorth     = 2.0 // times the share of the title that it has
	leadWorth      = 0.7 // times the share of the lead that it has
	firstWorth     = 0.5 // it is the lead
	earlierWorth   = 0.3 // in the first passage; half in the second, a third in the third …
	questionCost   = 2.0
	leaningCost    = 0.5 // it needs those before it to be understood
	lengthCost     = 1.0
	shortest       = 6 // words of a sentence without lengthCost
	longest        = 60
	longestAllowed = 120

	leastWeight = 0.1 // of a term of the title that the text lacks
)

// noStance is the stance of a statement without a word of position.
var noStance = stance.None.String()

// rarity is the weight of a term that n of some sentences have.
func rarity(sentences int, n float64) float64 { return math.Log(1 + float64(sentences)/n) }

// candidate is a sentence with what it is worth; ok is false for one that is not quoted.
func (c center) candidate(st index.Statement, passage int) (candidate, bool) {
	n := 0 // words
	for range words.All(st.Text) {
		n++
	}
	if !isProse(st.Text) || n > longestAllowed {
		return candidate{}, false
	}
	terms := c.editor.terms(st.Text)
	score := titleWorth*c.share(c.title, terms) + leadWorth*c.share(c.lead, terms) + earlierWorth/float64(passage+1)
	switch {
	case st.TakesPosition() && st.Stance != noStance, st.Stance == index.StanceEvent:
		score += positionWorth
	case st.TakesPosition():
		score += statementWorth
	}
	if st.Start == c.first {
		score += firstWorth
	}
	if strings.Contains(st.Text, "?") {
		score -= questionCost
	}
	if st.Before != "" {
		score -= leaningCost
	}
	if n < shortest || n > longest {
		score -= lengthCost
	}
	return candidate{st, score}, true
}

// share is how much of some terms others have, by weight.
func (c center) share(of, terms []string) float64 {
	var have, all float64
	for _, t := range of {
		w := max(c.weight[t], leastWeight)
		all += w
		if _, ok := slices.BinarySearch(terms, t); ok {
			have += w
		}
	}
	if all == 0 {
		return 0
	}
	return have / all
}

// boilerplate are signs of a sentence that outlets print around their texts, in lower case.
var boilerplate = []string{
	"subscribe", "newsletter", "cookie", "click here", "read more", "read also", "all rights reserved", "©",
	"follow us", "share this",
	"sign up", "log in", "getty images", "advertisement", "http://", "https://", "www.",
	"our telegram", "our channel", "support us",
	"this article was", "this story was", "privacy policy", "by the authority vested", "on background", "embargoed",
	"terms of use", "photo:", "photo by", "file photo", "watch live", "download the app",
}

// isProse reports whether a text is a sentence of its document's own, not a heading, a
// byline or what is printed around a text.
func isProse(sentence string) bool {
	lower := strings.ToLower(sentence)
	if slices.ContainsFunc(boilerplate, func(sign string) bool { return strings.Contains(lower, sign) }) {
		return false
	}
	if !strings.ContainsFunc(sentence, unicode.IsLower) {
		return false
	}
	end := strings.TrimRight(sentence, `"'”’»)]`)
	last, _ := utf8.DecodeLastRuneInString(end)
	return strings.ContainsRune(".!?…", last)
}

// terms are the stems of some texts that mean something, sorted, each once: sums over them
// are the same to the last bit each time.
func (d *Editor) terms(texts ...string) (terms []string) {
	for _, text := range texts {
		for _, t := range d.analyzer.Tokens(text) {
			if t.Term != "" {
				terms = append(terms, t.Term)
			}
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

func setOf(ids []string) map[string]bool {
	set := map[string]bool{}
	add(set, ids)
	return set
}

func add(set map[string]bool, ids []string) {
	for _, id := range ids {
		set[id] = true
	}
}
