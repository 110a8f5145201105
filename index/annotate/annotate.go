// Package annotate cuts documents into passages and notes in each what it names, who says
// its sentences, and on which topics they take positions: all that an index holds of it.
package annotate

import (
	"slices"
	"sort"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
	"parley/corpus/statement"
	"parley/index"
)

// Version changes whenever the same document would be cut or annotated otherwise.
const Version = 6

// dedicatedPassages is the length up to which a document is taken to be about one thing.
const dedicatedPassages = 2

// Annotator cuts documents into passages and notes what they name and who says what.
type Annotator struct {
	extractor *statement.Extractor
}

// splitter serves all annotators: its language model takes 60 ms to load.
var splitter passage.Splitter

// New returns an annotator with the names of the lexicon.
func New(lex *lexicon.Lexicon) *Annotator {
	return &Annotator{extractor: statement.New(lex)}
}

// Passages cuts and annotates a document.
func (a *Annotator) Passages(doc corpus.Document) []index.Passage {
	cut := splitter.Split(doc)
	passages := make([]index.Passage, len(cut))
	mentions := a.extractor.Mentions(doc)
	rest := mentions
	for i, p := range cut {
		passages[i] = index.Passage{Passage: p, Number: i, Of: len(cut), Source: doc.Source}
		n := sort.Search(len(rest), func(m int) bool { return rest[m].Start >= p.End })
		annotate(doc, &passages[i], rest[:n])
		rest = rest[n:]
	}
	a.attribute(doc, mentions, passages)
	return passages
}

// attribute notes who says the sentences of a document's passages.
func (a *Annotator) attribute(doc corpus.Document, mentions []lexicon.Mention, passages []index.Passage) {
	var sentences []corpus.Span
	for _, p := range passages {
		for _, s := range p.Sentences {
			sentences = append(sentences, corpus.Span{Start: p.Start + s.Start, End: p.Start + s.End})
		}
	}
	said, statements := a.extractor.Read(doc, mentions, sentences)
	taken := map[corpus.Span]statement.Statement{}
	for _, st := range statements {
		taken[st.Span] = st
	}
	for i := range passages {
		p := &passages[i]
		for s := range p.Sentences {
			at := said[s]
			if len(at.Actors) == 0 {
				continue
			}
			quoted := index.Attribution{Sentence: s, Actors: at.Actors, Speaker: at.Speaker, Direct: at.Direct}
			if st, ok := taken[at.Span]; ok {
				quoted.Topics, quoted.Stance = st.Topics, st.Stance.String()
			}
			p.Attributions = append(p.Attributions, quoted)
		}
		said = said[len(p.Sentences):]
	}
	a.noteEvents(doc, mentions, passages, sentences)
}

// noteEvents notes, in a document so short that it is about one thing, the first
// sentence on a topic of every passage in which nobody takes a position.
func (a *Annotator) noteEvents(
	doc corpus.Document, mentions []lexicon.Mention, passages []index.Passage, sentences []corpus.Span,
) {
	if len(passages) > dedicatedPassages {
		return
	}
	about := a.extractor.About(doc, mentions, sentences)
	for i := range passages {
		p := &passages[i]
		topics := about[:len(p.Sentences)]
		about = about[len(p.Sentences):]
		first := slices.IndexFunc(topics, func(ids []string) bool { return len(ids) > 0 })
		if first >= 0 && !slices.ContainsFunc(p.Attributions, index.Attribution.TakesPosition) {
			event := index.Attribution{Sentence: first, Topics: topics[first], Stance: index.StanceEvent}
			p.Attributions = append(p.Attributions, event)
		}
	}
}

// annotate notes what a passage names; found are the mentions in it.
func annotate(doc corpus.Document, p *index.Passage, found []lexicon.Mention) {
	for _, m := range found {
		if m.Kind == lexicon.KindActor {
			span := corpus.Span{Start: m.Start - p.Start, End: min(m.End, p.End) - p.Start}
			p.Mentions = append(p.Mentions, index.Mention{Span: span, Actor: m.ID, Person: m.Person})
		}
	}
	p.Actors = named(doc.Actors, lexicon.KindActor, found)
	p.Topics = named(doc.Topics, lexicon.KindTopic, found)
	if doc.IsBrief() {
		p.SourceKinds = append(p.SourceKinds, index.SourceBrief)
	}
	if p.Of <= dedicatedPassages {
		p.SourceKinds = append(p.SourceKinds, index.SourceDedicated)
	}
}

// named returns the ids that are declared for a document and those that are mentioned.
func named(declared []string, kind lexicon.Kind, found []lexicon.Mention) []string {
	ids := slices.Clone(declared)
	for _, id := range lexicon.IDs(kind, found) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
