package bot

import (
	"parley/bot/names"
	"parley/bot/session"
	"parley/bot/timeline"
	"parley/bot/wording"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"slices"
	"strings"
)

// Presenter says in one language what the record holds: the names of actors and topics,
// citations, quotations and sums.
type Presenter struct {
	wording.Language
	lexicon        *lexicon.Lexicon
	actors, topics *names.Names
}

// NewPresenter presents the names of a lexicon in the language nearest to a BCP 47 tag.
func NewPresenter(lex *lexicon.Lexicon, language string) Presenter {
	return Presenter{wording.In(language), lex, names.Actors(lex), names.Topics(lex)}
}

// ActorName is the name of an actor.
func (p Presenter) ActorName(id string) string { return p.actors.In(p.Language, id) }

// ActorNames are the names of actors.
func (p Presenter) ActorNames(ids []string) []string { return p.actors.AllIn(p.Language, ids) }

// TopicName is the name of a topic.
func (p Presenter) TopicName(id string) string { return p.topics.In(p.Language, id) }

// TopicNames are the names of topics.
func (p Presenter) TopicNames(ids []string) []string { return p.topics.AllIn(p.Language, ids) }

// actorInSentence is what an actor is called within a sentence, with an article where the language
// gives it one.
func (p Presenter) actorInSentence(id string) string {
	name := p.ActorName(id)
	if a, _ := p.lexicon.Actor(id); a.Article {
		return p.Fill("with_article", wording.Data{"Name": name})
	}
	return name
}

// eitherActor are actors within a sentence: "Russia or the United States".
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
	return p.Fill("record", wording.Data{"Documents": p.Count("count_documents", r.Documents), "Newest": p.DateOrNone(r.Newest)})
}

// withPeriod adds to a no the period that was asked about, as that may be the reason.
func (p Presenter) withPeriod(no string, period index.Period) string {
	if period.IsZero() {
		return no
	}
	return no + " " + p.Fill("time_asked", wording.Data{"Period": p.Between(period.Since, period.Until)})
}

// inPeriod chooses what to say of all the record or of a period, which it puts in its place.
func (p Presenter) inPeriod(period index.Period, places wording.Data, ever, then wording.Key) wording.Key {
	if period.IsZero() {
		return ever
	}
	places["Period"] = p.Between(period.Since, period.Until)
	return then
}

// Stance is the fixed word for a kind of stance.
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

// stanceHeading stands above statements of actors on a topic.
func (p Presenter) stanceHeading(actors []string, topic string) Heading {
	return Heading{p.Fill("stance_on", wording.Data{"Actor": listed(p.ActorNames(actors)), "Topic": p.TopicName(topic)})}
}

// statementLabels are the labels of a statement in a list of one actor's. The first or latest within
// a period is called so only where the period is open on that side, as the record is.
func (p Presenter) statementLabels(within index.Period, st index.Statement, first, latest bool) []string {
	first, latest = first && within.Since.IsZero(), latest && within.Until.IsZero()
	labels := []string{p.Stance(st)}
	switch {
	case first && latest:
		labels = append(labels, p.Say("only"))
	case first:
		labels = append(labels, p.Say("first"))
	case latest:
		labels = append(labels, p.Say("latest"))
	}
	return labels
}

// QuoteStatement is a statement under fixed labels.
func (p Presenter) QuoteStatement(st index.Statement, labels ...string) Quote {
	return Quote{
		Labels: labels, Segments: []Segment{{Text: st.Before}, {Text: st.Text, Key: true}},
		CutBefore: st.More.Before, CutAfter: st.More.After, Citation: p.citeStatement(st),
	}
}

// citeStatement is the citation of a statement. Nobody says an event.
func (p Presenter) citeStatement(st index.Statement) Citation {
	speaking := st.Actors
	if st.Stance == index.StanceEvent {
		speaking = nil
	}
	return p.citation(st.Source, st.Speaker, speaking, st.AlsoIn)
}

// quote is a passage's excerpt with its citation.
func (p Presenter) quote(number int, h index.Hit) Quote {
	return Quote{
		Number:    number,
		Segments:  segments(h.Text, h.Excerpt, h.Key, h.Matches),
		CutBefore: strings.TrimSpace(h.Text[:h.Excerpt.Start]) != "",
		CutAfter:  strings.TrimSpace(h.Text[h.Excerpt.End:]) != "",
		Citation:  p.citeHit(h),
	}
}

// passageRef refers to a passage that answers.
func passageRef(h index.Hit) session.Ref { return session.To(h.Source, h.ID, h.Key) }

// citeHit is the citation of a passage that answers.
func (p Presenter) citeHit(h index.Hit) Citation {
	return p.citation(h.Source, h.Speaker, h.Speakers, h.AlsoIn)
}

// citation is that of words which speaker says for actors. The words of a brief are
// Parley's, so nobody else is named as speaking them.
func (p Presenter) citation(src corpus.Source, speaker string, actors []string, also []corpus.Source) Citation {
	c := p.cite(src)
	own := speaker != "" && speaker == src.Publisher // the document speaks for itself
	if !src.IsBrief() && !own {
		c.Speaker = speaker
		if c.Speaker == "" && len(actors) > 0 {
			c.Speaker = p.ActorName(actors[0])
		}
	}
	for _, other := range also {
		c.AlsoIn = append(c.AlsoIn, link(p.Publisher(other), other.URL))
	}
	return c
}

// cite is the citation of a document, whoever speaks in it.
func (p Presenter) cite(src corpus.Source) Citation {
	c := Citation{
		Document: src.ID, Publisher: p.Publisher(src), Citing: src.ReportedBy,
		Title: titleOf(src), Date: p.Date(src.Published), Corrected: p.DateOrNone(src.Corrected), URL: link("", src.URL).URL, Language: p.Tag(),
	}
	for _, ref := range src.BasedOn {
		c.BasedOn = append(c.BasedOn, link(or(ref.Publisher, ref.Title, ref.URL), ref.URL))
	}
	return c
}

// Publisher names who published a document; it never guesses.
func (p Presenter) Publisher(src corpus.Source) string {
	if src.IsBrief() {
		return p.Say("brief")
	}
	return or(src.Publisher, src.Author, p.Say("no_publisher"))
}

// titleOf is the document's title, or its id where it has none.
func titleOf(src corpus.Source) string { return or(src.Title, src.ID) }

// SourceLink is a document's title, which leads to it.
func SourceLink(src corpus.Source) Run { return link(titleOf(src), src.URL) }

// segments cuts the part of text within a span where the key sentence and the
// matches begin and end. Joined, the pieces are that part again, byte for byte.
func segments(text string, within, key corpus.Span, matches []corpus.Span) []Segment {
	cuts := []int{within.Start, within.End}
	for _, s := range append([]corpus.Span{key}, matches...) {
		cuts = append(cuts, clamp(s.Start, within), clamp(s.End, within))
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

func clamp(offset int, s corpus.Span) int { return max(s.Start, min(offset, s.End)) }

// TimelinePicture is the picture of a timeline over a period, that of its marks where it is zero,
// and who is not in it; nothing where it has no marks.
func (p Presenter) TimelinePicture(title string, t index.Timeline, over index.Period) []Block {
	if len(t.Lines) == 0 {
		return nil
	}
	drawn := t
	drawn.Lines = t.Lines[:min(len(t.Lines), maxDrawnActors)]
	chart := p.chart(drawn)
	chart.Title, chart.Subtitle = title, p.RecordLine(t.Record)
	chart.From, chart.To = over.Since, over.Until
	blocks := []Block{Picture{Name: "timeline.png", Alt: chart.AltText(), Draw: chart.WritePNG}}
	if rest := t.Lines[len(drawn.Lines):]; len(rest) > 0 {
		ids := make([]string, len(rest))
		for i, l := range rest {
			ids[i] = l.Actor
		}
		blocks = append(blocks, Note{Plain(p.Fill("not_drawn", wording.Data{"Actors": listed(p.ActorNames(ids))}))})
	}
	return blocks
}

// chart makes a mark of every passage, or, where those are too many, of every date.
func (p Presenter) chart(t index.Timeline) timeline.Chart {
	total := 0
	for _, l := range t.Lines {
		for _, m := range l.Marks {
			total += m.Passages
		}
	}
	chart := timeline.Chart{Language: p.Language}
	for _, l := range t.Lines {
		row := timeline.Row{Name: p.ActorName(l.Actor)}
		for _, m := range l.Marks {
			kind, err := timeline.ParseKind(m.Stance)
			if err != nil {
				continue // a kind that the picture has no mark for
			}
			times := m.Passages
			if total > timeline.MaxMarks {
				times = 1
			}
			row.Marks = append(row.Marks, slices.Repeat([]timeline.Mark{{From: m.Date.Start(), To: m.Date.End(), Kind: kind}}, times)...)
		}
		chart.Rows = append(chart.Rows, row)
	}
	return chart
}
