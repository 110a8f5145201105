package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/corpus"
	"parley/index/analysis"
	"parley/index/when"
)

// Statement is a sentence of the record in which actors take a position on topics, or
// the first one of an account of an event.
type Statement struct {
	// Passage is the id of the passage that holds it; Start and End are offsets into the
	// document's text, which between them is byte-identical to Text.
	Passage string `json:"passage"`
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Text    string `json:"text"`
	// Actors are the ids of those whose position it is; for an event, of those that its
	// passage names.
	Actors  []string `json:"actors"`
	Speaker string   `json:"speaker,omitempty"` // the first of them as the text names him, her or it
	Topics  []string `json:"topics"`            // ids
	// Stance is the kind of position ("demands"), "says" for one without a word of
	// position, StanceEvent for an event.
	Stance string `json:"stance"`
	Direct bool   `json:"direct"` // the words are the speaker's own, not a report of them
	// Before is what stands before it in the passage and is needed to know who or what
	// is meant by a sentence that starts with "He" or "That"; Text follows on it.
	Before string `json:"before,omitempty"`
	// Key is the sentence as a span of the passage's text; More tells on which sides of
	// Before and Text the passage goes on.
	Key    corpus.Span                  `json:"-"`
	More   struct{ Before, After bool } `json:"-"`
	Source corpus.Source                `json:"source"`
	// AlsoIn are sources with much the same sentence: repetition, not corroboration.
	AlsoIn []corpus.Source `json:"also_in,omitempty"`
}

// DatedPassages finds passages by one term, with their dates.
type DatedPassages interface {
	Record() Record
	// Dated returns all passages with a term and their documents' dates, by Ref.
	Dated(ctx context.Context, f Field, term string) ([]Dated, error)
	// Passage fetches what the index holds of a passage.
	Passage(ref uint64) (*Passage, error)
}

// StatementQuery asks for statements; what is empty or zero may be anything.
type StatementQuery struct {
	Actor, Topic, Stance string      // ids; the stance as Statement has it
	Period               when.Period // of publication
	Events               bool        // events on the topic, that name the actor, as well
	Skip, Limit          int         // leave out the newest Skip, return at most Limit
}

// Statements are what a StatementQuery found.
type Statements struct {
	// List holds the newest first; those of one document in the order of its text.
	List []Statement `json:"statements"`
	// First is the oldest that there is, of several of one day the last in List; nil where
	// none has a date.
	First *Statement `json:"first"`
	// Passages is how many passages hold such statements.
	Passages int `json:"passages"`
	// More tells whether there are older ones than those listed.
	More   bool   `json:"more"`
	Record Record `json:"record"`
}

// Statements finds statements. It reads the dates of all that match and only the
// passages that it returns.
func (a *Asker) Statements(ctx context.Context, q StatementQuery) (found Statements, err error) {
	err = a.view(func(snap Snapshot) error {
		found, err = a.statements(ctx, snap, q)
		return err
	})
	return found, err
}

func (a *Asker) statements(ctx context.Context, snap DatedPassages, q StatementQuery) (found Statements, err error) {
	found = Statements{List: []Statement{}, Record: snap.Record()}
	dated, err := q.dated(ctx, snap)
	if err != nil || len(dated) == 0 {
		return found, err
	}
	found.Passages = len(dated)
	want := q.Skip + q.Limit + 1 // one more tells whether there are more
	newest, err := a.newest(ctx, snap, q, dated, want)
	if err != nil {
		return found, err
	}
	found.More = len(newest) == want && q.Limit > 0
	newest = newest[min(q.Skip, len(newest)):]
	found.List = append(found.List, newest[:min(q.Limit, len(newest))]...)
	first, err := q.read(ctx, snap, oldest(dated))
	if len(first) > 0 {
		found.First = &first[len(first)-1]
	}
	return found, err
}

// TopicStatements are an actor's statements on one topic.
type TopicStatements struct {
	Topic string `json:"topic"` // id
	Statements
}

// StatementsByTopic finds for each topic on which an actor takes a position the latest
// statement and the first, that with the latest first. All are of one state of the record.
func (a *Asker) StatementsByTopic(
	ctx context.Context, actor string, within when.Period,
) (topics []TopicStatements, record Record, err error) {
	err = a.view(func(snap Snapshot) error {
		record = snap.Record()
		for _, topic := range a.planner.lexicon.Topics() {
			q := StatementQuery{Actor: actor, Topic: topic.ID, Period: within, Limit: 1}
			found, err := a.statements(ctx, snap, q)
			if err != nil {
				return err
			}
			if len(found.List) > 0 {
				topics = append(topics, TopicStatements{topic.ID, found})
			}
		}
		return nil
	})
	slices.SortStableFunc(topics, func(x, y TopicStatements) int {
		return y.List[0].Source.Published.Compare(x.List[0].Source.Published)
	})
	return topics, record, err
}

// dated returns the passages with statements asked for, the newest first.
func (q StatementQuery) dated(ctx context.Context, snap DatedPassages) ([]Dated, error) {
	terms := []string{StatementTerm(q.Actor, q.Topic, q.Stance)}
	if q.Events && q.Stance == "" {
		terms = append(terms, StatementTerm(q.Actor, q.Topic, StanceEvent))
	}
	var all []Dated
	for _, term := range terms {
		list, err := snap.Dated(ctx, FieldStatement, term)
		if err != nil {
			return nil, fmt.Errorf("statements: %w", err)
		}
		all = append(all, list...)
	}
	if !q.Period.IsZero() {
		all = slices.DeleteFunc(all, func(d Dated) bool { return !q.Period.MayHold(d.Date) })
	}
	slices.SortStableFunc(all, func(x, y Dated) int { return y.Date.Compare(x.Date) })
	return all, nil
}

// newest reads statements, the newest first, until want different ones are found. dated is
// sorted; each of its days is read whole, since the order within one is the engine's own.
func (a *Asker) newest(
	ctx context.Context, snap DatedPassages, q StatementQuery, dated []Dated, want int,
) (list []Statement, err error) {
	kept := collapser{analyzer: a.planner.analyzer}
	for len(dated) > 0 && len(kept.list) < want {
		n := 1
		for n < len(dated) && dated[n].Date.Compare(dated[0].Date) == 0 {
			n++
		}
		sameDay, err := q.read(ctx, snap, dated[:n])
		if err != nil {
			return nil, err
		}
		for _, s := range sameDay {
			kept.add(s)
		}
		dated = dated[n:]
	}
	list = kept.list[:min(want, len(kept.list))]
	slices.SortStableFunc(list, func(x, y Statement) int { return y.Source.Published.Compare(x.Source.Published) })
	return list, nil
}

// oldest returns the passages of the oldest known date; dated is sorted, the newest first.
func oldest(dated []Dated) []Dated {
	end := len(dated)
	for end > 0 && dated[end-1].Date.IsZero() {
		end--
	}
	start := max(end-1, 0)
	for start > 0 && dated[start-1].Date.Compare(dated[end-1].Date) == 0 {
		start--
	}
	return dated[start:end]
}

// read returns the statements asked for in some passages, by document and place in it.
func (q StatementQuery) read(ctx context.Context, snap DatedPassages, dated []Dated) (list []Statement, err error) {
	passages := make([]*Passage, len(dated))
	for i, d := range dated {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if passages[i], err = snap.Passage(d.Ref); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(passages, func(x, y *Passage) int {
		return cmp.Or(cmp.Compare(x.Source.ID, y.Source.ID), cmp.Compare(x.Number, y.Number))
	})
	for _, p := range passages {
		for _, s := range p.Attributions {
			event := s.Stance == StanceEvent
			if event {
				s.Actors = p.Actors
			}
			if (s.TakesPosition() || event && q.Events) &&
				(q.Actor == "" || slices.Contains(s.Actors, q.Actor)) &&
				(q.Topic == "" || slices.Contains(s.Topics, q.Topic)) &&
				(q.Stance == "" || q.Stance == s.Stance) {
				list = append(list, p.statement(s))
			}
		}
	}
	return list, nil
}

// maxAntecedents is how many sentences are shown before one that leans on them.
const maxAntecedents = 2

// statement makes a sentence of the passage a statement.
func (p *Passage) statement(s Attribution) Statement {
	span := p.Sentences[s.Sentence]
	st := Statement{
		Passage: p.ID, Key: span, Start: p.Start + span.Start, End: p.Start + span.End, Text: span.In(p.Text),
		Actors: s.Actors, Speaker: s.Speaker, Topics: s.Topics, Stance: s.Stance, Direct: s.Direct, Source: p.Source,
	}
	first := s.Sentence
	for s.Sentence-first < maxAntecedents && first > 0 && leansBack(p.Sentences[first].In(p.Text)) {
		first--
	}
	start := p.Sentences[first].Start
	st.Before = p.Text[start:span.Start]
	st.More.Before = strings.TrimSpace(p.Text[:start]) != ""
	st.More.After = strings.TrimSpace(p.Text[span.End:]) != ""
	return st
}

// sameNews is how far apart the same sentence may be published to be one report, repeated
// by others; later it was said again.
const sameNews = 7 * 24 * time.Hour

// collapser makes statements in much the same words one: that which was published first,
// with the sources of the others. They are added the newest first.
type collapser struct {
	analyzer *analysis.Analyzer
	list     []Statement
	shingles [][]uint32 // of the sentences in list
}

func (c *collapser) add(s Statement) {
	set := shingles(c.analyzer.Tokens(s.Text))
	for i := len(c.list) - 1; i >= 0; i-- {
		kept := &c.list[i]
		if kept.Source.Published.Start().Sub(s.Source.Published.Start()) > sameNews {
			break // and all before it are newer still
		}
		if slices.Equal(kept.Actors, s.Actors) &&
			(kept.Text == s.Text || similar(c.shingles[i], set) && kept.Stance == s.Stance) {
			if s.AlsoIn = kept.AlsoIn; kept.Source.ID != s.Source.ID {
				s.AlsoIn = append(s.AlsoIn, kept.Source)
			}
			c.list[i], c.shingles[i] = s, set
			return
		}
	}
	c.list, c.shingles = append(c.list, s), append(c.shingles, set)
}

// Quote returns a sentence of the passage, by its number, as it is quoted: with who says it
// and the position that it takes, or the event that it tells of. A sentence with neither
// has no actors, topics or stance.
func (p *Passage) Quote(sentence int) Statement {
	quoted := Attribution{Sentence: sentence}
	for _, s := range p.Attributions {
		switch {
		case s.Sentence != sentence:
		case s.TakesPosition():
			return p.statement(s)
		case s.Stance == StanceEvent:
			s.Actors = p.Actors
			return p.statement(s)
		default:
			quoted = s // an event may come yet
		}
	}
	return p.statement(quoted)
}

// TakesPosition reports whether an actor takes a position: the statement is neither an
// event nor a sentence that is only quoted.
func (s *Statement) TakesPosition() bool {
	return len(s.Topics) > 0 && s.Stance != "" && s.Stance != StanceEvent
}
