package bot

import (
	"slices"
	"strings"

	"parley/bot/names"
	"parley/bot/wording"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/when"
)

// Presenter shows in one language what the record holds: names, quotations, citations, counts.
type Presenter struct {
	wording.Language
	lexicon        *lexicon.Lexicon
	actors, topics *names.Names
}

// NewPresenter returns a presenter in the language nearest to a BCP 47 tag.
func NewPresenter(lex *lexicon.Lexicon, language string) Presenter {
	return Presenter{wording.In(language), lex, names.Actors(lex), names.Topics(lex)}
}

func (p Presenter) actorName(id string) string { return p.actors.In(p.Language, id) }

// TopicName is the name of a topic by its id.
func (p Presenter) TopicName(id string) string { return p.topics.In(p.Language, id) }

// ActorNames are the names of actors by their ids.
func (p Presenter) ActorNames(ids []string) []string { return p.actors.AllIn(p.Language, ids) }

// TopicNames are the names of topics by their ids.
func (p Presenter) TopicNames(ids []string) []string { return p.topics.AllIn(p.Language, ids) }

// actorInSentence is the name of an actor within a sentence: "the United States".
func (p Presenter) actorInSentence(id string) string {
	name := p.actorName(id)
	if a, _ := p.lexicon.Actor(id); a.Article {
		return p.Fill("with_article", wording.Data{"Name": name})
	}
	return name
}

// eitherActor names actors within a sentence: "Russia or the United States".
func (p Presenter) eitherActor(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.actorInSentence(id)
	}
	return p.Either(names)
}

// coverageLine is "4 documents from 3 publishers, 12 February 2025 to 8 May 2026;
// the record goes through 8 May 2026."
func (p Presenter) coverageLine(c *index.Coverage, r index.Record) string {
	if c == nil {
		return p.RecordLine(r)
	}
	period := ""
	if !c.To.IsZero() {
		period = p.DateRange(c.From, c.To)
	}
	return p.Fill("coverage", wording.Data{
		"Documents": p.Count("count_documents", c.Documents), "Publishers": p.Count("count_publishers", c.Publishers),
		"Period": period, "Newest": p.DateOrNone(r.Newest),
	})
}

// RecordLine is "The record has 104 documents and goes through 8 May 2026."
func (p Presenter) RecordLine(r index.Record) string {
	return p.Fill("record", wording.Data{
		"Documents": p.Count("count_documents", r.Documents), "Newest": p.DateOrNone(r.Newest),
	})
}

// withPeriod adds to "there is nothing" the period that was asked about, which may be why.
func (p Presenter) withPeriod(no string, period when.Period) string {
	if period.IsZero() {
		return no
	}
	return no + " " + p.Fill("time_asked", wording.Data{"Period": p.Between(period.Since, period.Until)})
}

// inPeriod returns ever, the phrase about the whole record, where a period has no bounds;
// else then, the phrase about a period, for which it adds the period to places.
func (p Presenter) inPeriod(period when.Period, places wording.Data, ever, then wording.Key) wording.Key {
	if period.IsZero() {
		return ever
	}
	places["Period"] = p.Between(period.Since, period.Until)
	return then
}

// Stance is the word for a stance, "demands", and whether these are the actor's own words.
func (p Presenter) Stance(st index.Statement) string {
	stance, ok := p.Lookup("stance", st.Stance)
	if !ok {
		stance = st.Stance
	}
	if st.Direct && !st.Source.IsBrief() {
		return p.Fill("own_words", wording.Data{"Stance": stance})
	}
	return stance
}

// QuoteStatement quotes a statement, or an event, which nobody is named as saying, under labels.
func (p Presenter) QuoteStatement(st index.Statement, labels ...string) Quote {
	speaking := st.Actors
	if st.Stance == index.StanceEvent {
		speaking = nil
	}
	return Quote{
		Labels: labels, Segments: []Segment{{Text: st.Before}, {Text: st.Text, Key: true}},
		CutBefore: st.More.Before, CutAfter: st.More.After, Summary: st.Source.IsBrief(),
		Citation: p.citation(st.Source, st.Speaker, speaking, st.AlsoIn),
	}
}

// quote quotes the excerpt of a passage, the number-th of its reply.
func (p Presenter) quote(number int, h index.Hit) Quote {
	return Quote{
		Number:    number,
		Summary:   h.Source.IsBrief(),
		Segments:  segments(h.Text, h.Excerpt, h.Key, h.Matches),
		CutBefore: strings.TrimSpace(h.Text[:h.Excerpt.Start]) != "",
		CutAfter:  strings.TrimSpace(h.Text[h.Excerpt.End:]) != "",
		Citation:  p.citation(h.Source, h.Speaker, h.Speakers, h.AlsoIn),
	}
}

// citation cites what a speaker says for actors in a document, with the other documents
// that have the same text. The words of a brief are Parley's, so it has no speaker.
func (p Presenter) citation(src corpus.Source, speaker string, actors []string, also []corpus.Source) Citation {
	c := p.cite(src)
	own := speaker != "" && speaker == src.Publisher // the document speaks for itself
	if !src.IsBrief() && !own {
		c.Speaker = speaker
		if c.Speaker == "" && len(actors) > 0 {
			c.Speaker = p.actorName(actors[0])
		}
	}
	for _, other := range also {
		c.AlsoIn = append(c.AlsoIn, link(p.Publisher(other), other.URL))
	}
	return c
}

func (p Presenter) cite(src corpus.Source) Citation {
	c := Citation{
		Document: src.ID, Publisher: p.Publisher(src), Citing: src.ReportedBy,
		Title: titleOf(src), Date: p.Date(src.Published), Corrected: p.DateOrNone(src.Corrected),
		URL: link("", src.URL).URL, Language: p.Tag(),
	}
	for _, ref := range src.BasedOn {
		page := Page{link(or(ref.Publisher, ref.Title, ref.URL), ref.URL), p.DateOrNone(ref.Published)}
		known := func(other Page) bool { return other.Text == page.Text }
		if !slices.ContainsFunc(c.BasedOn, known) {
			c.BasedOn = append(c.BasedOn, page)
		}
	}
	return c
}

// Publisher names who published a document: its publisher, else its author.
func (p Presenter) Publisher(src corpus.Source) string {
	if src.IsBrief() {
		return p.Say("brief")
	}
	return or(src.Publisher, src.Author, p.Say("no_publisher"))
}

func titleOf(src corpus.Source) string { return or(src.Title, src.ID) }

// SourceLink is the document's title as a link to it.
func SourceLink(src corpus.Source) Run { return link(titleOf(src), src.URL) }

// segments cuts the part of a text within a span into pieces, at the ends of the key
// sentence and of the matches. Joined, the pieces are that part again, byte for byte.
func segments(text string, within, key corpus.Span, matches []corpus.Span) []Segment {
	cuts := []int{within.Start, within.End}
	for _, s := range append([]corpus.Span{key}, matches...) {
		for _, offset := range []int{s.Start, s.End} {
			cuts = append(cuts, max(within.Start, min(offset, within.End)))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	pieces := make([]Segment, 0, len(cuts)-1)
	for i, end := range cuts[1:] {
		piece := corpus.Span{Start: cuts[i], End: end}
		pieces = append(pieces, Segment{
			Text:  piece.In(text),
			Key:   key.Contains(piece),
			Match: slices.ContainsFunc(matches, func(m corpus.Span) bool { return m.Contains(piece) }),
		})
	}
	return pieces
}
