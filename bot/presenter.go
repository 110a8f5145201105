package bot

import (
	"strings"

	"parley/bot/names"
	"parley/bot/wording"
	"parley/corpus/lexicon"
	"parley/index"
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

// called is what an actor is called within a sentence, with an article where the language
// gives it one.
func (p Presenter) called(id string) string {
	name := p.ActorName(id)
	if a, _ := p.lexicon.Actor(id); a.Article {
		return p.Fill("with_article", wording.Data{"Name": name})
	}
	return name
}

// anyOf are actors within a sentence: "Russia or the United States".
func (p Presenter) anyOf(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.called(id)
	}
	return p.Either(names)
}

// listed puts commas between names.
func listed(names []string) string { return strings.Join(names, ", ") }

// in presents in the language nearest to a BCP 47 tag.
func (b *Bot) in(language string) Presenter {
	return Presenter{wording.In(language), b.lexicon, b.actors, b.topics}
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

// asked adds to a no the period that was asked about, as that may be the reason.
func (p Presenter) asked(no string, period index.Period) string {
	if period.IsZero() {
		return no
	}
	return no + " " + p.Fill("time_asked", wording.Data{"Period": p.Between(period.Since, period.Until)})
}

// enumerate is "A, B, C and 2 others".
func enumerate(w wording.Language, names []string, limit int) string {
	runs := make([]Run, len(names))
	for i, n := range names {
		runs[i].Text = n
	}
	return separated(w, runs, limit).String()
}

// separated puts commas between runs and says how many it left out over limit.
func separated(w wording.Language, runs []Run, limit int) Line {
	var line Line
	for i, r := range runs[:min(len(runs), limit)] {
		if i > 0 {
			line = append(line, Run{Text: ", "})
		}
		line = append(line, r)
	}
	if more := len(runs) - limit; more > 0 {
		line = append(line, Run{Text: w.Fill("list_more", wording.Data{"More": w.Count("count_others", more)})})
	}
	return line
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
