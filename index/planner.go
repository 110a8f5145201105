package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/corpus/lexicon"
	"parley/corpus/passage"
	"parley/corpus/statement"
	"parley/corpus/words"
	"parley/index/analysis"
	"parley/index/bm25"
	"parley/index/glossary"
	"parley/index/neighbours"
	"parley/index/when"
)

// Vocabulary tells which words the record has.
type Vocabulary interface {
	Record() Record
	// DocFreq is the number of passages with the term.
	DocFreq(f Field, term string) (int, error)
	// Near returns the record's words within the given number of edits (insertions,
	// deletions, replacements, swaps of neighbours) that start with the same letter.
	Near(word string, edits int) ([]Near, error)
}

// planner makes questions into plans.
type planner struct {
	lexicon    *lexicon.Lexicon
	neighbours *neighbours.Table
	analyzer   *analysis.Analyzer
	topicWords map[string]bool // stems of the names of topics and of words that mean the same
	sides      []string        // ids of the parties to the conflict
	splitter   *passage.Splitter
	extractor  *statement.Extractor
}

// plan reads a question against the words of the record.
func (pl *planner) plan(q Question, record Vocabulary) (*Plan, error) {
	if q.Previous != nil && asksForMore(pl.analyzer.Tokens(q.Text)) {
		return q.Previous.nextPage(), nil
	}
	p := &Plan{Question: q.Text, sides: pl.sides, now: q.Now, newest: record.Record().Newest.Start()}
	text, err := pl.repair(withoutRequest(q.Text), record, p)
	if err != nil {
		return nil, err
	}
	p.tokens = pl.analyzer.Tokens(text)
	var dated []bool
	p.Period, p.Latest, dated = when.Read(p.tokens, q.dating(p.tokens))
	if p.Period.IsZero() {
		p.Period = pl.readEvent(p.tokens, dated)
	}
	mentions := pl.lexicon.Find(text, lexicon.Casual())
	english, err := pl.translate(p.tokens, mentions, record)
	if err != nil {
		return nil, err
	}
	p.Kind, p.translated = kindOf(p.tokens, english), len(english) > 0
	p.Latest = p.Latest || q.Newest || p.asksForNews() && p.Period.IsZero()
	p.Actors = lexicon.IDs(lexicon.KindActor, mentions)
	p.Topics = lexicon.IDs(lexicon.KindTopic, mentions)
	if err := pl.addConcepts(p, mentions, dated, record); err != nil {
		return nil, err
	}
	pl.addAlternatives(p, english)
	p.markObjects()
	if q.Previous != nil && isFollowUp(p) {
		p.follow(q.Previous)
	}
	if err := pl.weighUnknown(p, record); err != nil {
		return nil, err
	}
	p.positions = map[string][]int{}
	for i, tok := range p.tokens {
		p.positions[tok.Fold] = append(p.positions[tok.Fold], i)
	}
	for _, c := range p.concepts {
		p.weights = append(p.weights, c.idf)
		p.plain = p.plain || !slices.Contains(p.Actors, c.actor) && !c.dated && !c.topical && !frameWords[c.terms[0]]
		p.idf += c.idf
		p.maxIDF = max(p.maxIDF, c.idf)
	}
	p.lookup = newLookup(p.concepts)
	return p, nil
}

// readEvent reads the period before, after or since an event ("before Istanbul"), and notes
// the words that only say so.
func (pl *planner) readEvent(tokens []analysis.Token, dated []bool) when.Period {
	for i, tok := range tokens {
		event, ok := pl.lexicon.EventNamed(tok.Fold)
		at := i - 1
		for ok && at >= 0 && (tokens[at].Fold == "the" || tokens[at].Fold == "abu" || tokens[at].Fold == "абу") {
			at--
		}
		if !ok || at < 0 {
			continue
		}
		var period when.Period
		switch when.Bound(tokens[at].Fold) {
		case "before", "until":
			period.Until = event.From.Start()
		case "after":
			period.Since = event.Until.End()
		case "since":
			period.Since = event.From.Start()
		default:
			continue
		}
		for n := at; n <= i; n++ {
			dated[n] = true
		}
		return period
	}
	return when.Period{}
}

// translate gives the words in Cyrillic the terms of the English words that say the same, or
// of a name that the record has in Latin letters. It returns these English words by token.
func (pl *planner) translate(
	tokens []analysis.Token, mentions []lexicon.Mention, record Vocabulary,
) (english map[int][]string, err error) {
	english = map[int][]string{}
	for i := range tokens {
		tok := &tokens[i]
		if tok.Term == "" || !glossary.IsCyrillic(tok.Fold) {
			continue
		}
		said := glossary.English(tok.Fold)
		if said == nil && !slices.ContainsFunc(mentions, func(m lexicon.Mention) bool {
			return m.Kind == lexicon.KindActor && m.Start <= tok.Start && tok.End <= m.End
		}) {
			if said, err = pl.romanize(tok.Fold, record); err != nil {
				return nil, err
			}
		}
		if said != nil {
			english[i], tok.Term = said, pl.analyzer.Term(said[0])
		}
	}
	return english, nil
}

// romanize returns the record's word that is a name written in Cyrillic; nil for none.
func (pl *planner) romanize(name string, record Vocabulary) ([]string, error) {
	for _, spelling := range glossary.Romanized(name) {
		n, err := record.DocFreq(FieldText, pl.analyzer.Stem(spelling))
		if err != nil {
			return nil, fmt.Errorf("plan: %w", err)
		}
		if n > 0 {
			return []string{spelling}, nil
		}
	}
	for _, spelling := range glossary.Romanized(name) {
		if len(spelling) < leastRomanized {
			continue
		}
		near, err := record.Near(spelling, 1)
		if err != nil {
			return nil, fmt.Errorf("plan: %w", err)
		}
		if len(near) > 0 {
			best := slices.MaxFunc(near, func(a, b Near) int { return cmp.Or(a.Passages-b.Passages, cmp.Compare(b.Word, a.Word)) })
			return []string{best.Word}, nil
		}
	}
	return nil, nil
}

// leastRomanized is the least number of letters of a name that may be misspelled by one.
const leastRomanized = 5

// addConcepts makes the names and the content words of the question into concepts, each
// once. dated tells which tokens only say when.
func (pl *planner) addConcepts(p *Plan, mentions []lexicon.Mention, dated []bool, record Vocabulary) (err error) {
	head := p.head()
	for i := 0; i < len(p.tokens); {
		c := concept{from: i, to: i + 1, head: i == head, dated: dated[i]}
		first := p.tokens[i]
		for _, m := range mentions {
			if m.Kind == lexicon.KindActor && m.Start == first.Start {
				c.actor, c.person, c.institution = m.ID, m.Person, m.Form == lexicon.FormInstitution
				for c.to < len(p.tokens) && p.tokens[c.to].Start < m.End {
					if c.institution && onTopic(mentions, p.tokens[c.to]) {
						c.institution = false // "the Russian delegation" is Russia, and a delegation
						break
					}
					c.to++
				}
				break
			}
		}
		i = c.to
		for _, tok := range p.tokens[c.from:c.to] {
			if tok.Term != "" && !p.asksNumber(tok) {
				c.terms = append(c.terms, tok.Term)
			} else if c.actor != "" && c.to == c.from+1 { // "us" in a question may be the US
				c.terms = append(c.terms, tok.Fold)
			}
		}
		if len(c.terms) == 0 || p.hasConcept(c.terms) {
			continue
		}
		c.counted = c.from >= 2 && (p.tokens[c.from-1].Fold == "many" || p.tokens[c.from-2].Fold == "many")
		c.number = first.Text[0] >= '0' && first.Text[0] <= '9'
		c.name = c.actor != "" || isName(first, first.Start == 0)
		_, event := pl.lexicon.EventNamed(first.Fold)
		c.topical, c.hint = pl.namesTopic(p, mentions, first), event || onTopic(mentions, first)
		if c.idf, err = pl.conceptIDF(&c, record); err != nil {
			return err
		}
		p.concepts = append(p.concepts, c)
	}
	return nil
}

// onTopic reports whether a word says what a topic is about, if only beside others.
func onTopic(mentions []lexicon.Mention, tok analysis.Token) bool {
	return slices.ContainsFunc(mentions, func(m lexicon.Mention) bool {
		return m.Kind == lexicon.KindTopic && m.Start <= tok.Start && tok.End <= m.End
	})
}

// namesTopic reports whether a word is one of the name by which the question names a
// topic: "ceasefire", not "Euroclear", which says more than the topic. Which words of
// another script are such names is not known, so all of the mention are.
func (pl *planner) namesTopic(p *Plan, mentions []lexicon.Mention, tok analysis.Token) bool {
	if !pl.topicWords[tok.Term] && tok.Text[0] < utf8.RuneSelf {
		return false
	}
	return slices.ContainsFunc(mentions, func(m lexicon.Mention) bool {
		return m.Kind == lexicon.KindTopic && slices.Contains(p.Topics, m.ID) &&
			m.Start <= tok.Start && tok.End <= m.End
	})
}

// conceptIDF is the inverse document frequency of a name that the record knows as an
// actor's, or else of the rarest word. It also notes how many passages have that word.
func (pl *planner) conceptIDF(c *concept, record Vocabulary) (float64, error) {
	total := record.Record().Passages
	rarest := total
	for _, t := range c.terms {
		n, err := record.DocFreq(FieldText, t)
		if err != nil {
			return 0, fmt.Errorf("plan: %w", err)
		}
		rarest = min(rarest, n)
	}
	c.passages = rarest
	c.unknown = rarest == 0 && c.actor == "" && !c.dated
	if term := c.actorTerm(); term != "" && !c.institution { // "the Russian delegation" is rarer than Russia
		n, err := record.DocFreq(FieldActor, term)
		if err != nil {
			return 0, fmt.Errorf("plan: %w", err)
		}
		rarest = max(n, rarest)
	}
	idf := bm25.IDF(rarest, total)
	switch {
	case c.dated:
		idf = min(idf, datedIDF)
	case c.actor == "" && frameWords[c.terms[0]]:
		idf *= frameShare
	}
	return idf, nil
}

// addAlternatives lets other words stand for the concepts: those that a translation may use,
// those that the lexicon groups with them, and the nearest in meaning to plain words.
func (pl *planner) addAlternatives(p *Plan, english map[int][]string) {
	folds := make([]string, len(p.tokens))
	for i, tok := range p.tokens {
		folds[i] = tok.Fold
		if said := english[i]; said != nil {
			folds[i] = said[0]
		}
	}
	for i := range p.concepts {
		c := &p.concepts[i]
		if c.actor != "" {
			continue
		}
		for _, said := range english[c.from] {
			var terms []string
			for word := range strings.SplitSeq(said, "_") {
				if term := pl.analyzer.Term(word); term != "" {
					terms = append(terms, term)
				}
			}
			c.add(terms, groupWeight)
		}
	}
	for _, alt := range pl.lexicon.Alternatives(folds) {
		var terms []string
		for _, w := range alt.Words {
			if t := pl.analyzer.Term(w); t != "" {
				terms = append(terms, t)
			}
		}
		for i := range p.concepts {
			if c := &p.concepts[i]; c.from < alt.To && alt.From < c.to && c.actor == "" {
				c.add(terms, alt.Weight*groupWeight)
			}
		}
	}
	for i := range p.concepts {
		c := &p.concepts[i]
		if c.actor != "" || c.number || c.dated || len(c.terms) > 1 {
			continue
		}
		for _, nb := range pl.neighbours.Of(c.terms[0]) {
			if nb.Similarity < leastSimilar {
				break
			}
			c.add([]string{nb.Term}, neighbourWeight*nb.Similarity)
		}
	}
}

// What another word is worth where the question's own is 1.
const (
	groupWeight     = 0.9 // of the same group of the lexicon
	neighbourWeight = 0.5 // a neighbour in meaning of similarity 1
	leastSimilar    = 0.3 // less similar words are about the same rather than mean the same
	standsWell      = 0.4 // from which it may set the worth of an unknown word
)

const (
	frameShare = 0.5 // of its idf, that remains of a frame word
	datedIDF   = 2   // the most that a word of a date is worth: most texts do not say their own date
)

// weighUnknown weighs a word that the record does not have like the most common word that
// stands for it well: the thing is in the record by another name.
func (pl *planner) weighUnknown(p *Plan, record Vocabulary) error {
	for i := range p.concepts {
		c := &p.concepts[i]
		for _, a := range c.alternatives {
			if !c.unknown || a.weight < standsWell || len(a.terms) > 1 {
				continue
			}
			n, err := record.DocFreq(FieldText, a.terms[0])
			if err != nil {
				return fmt.Errorf("plan: %w", err)
			}
			if n > 0 {
				c.idf = min(c.idf, bm25.IDF(n, record.Record().Passages))
			}
		}
	}
	return nil
}

// topicWords returns the stems of the names of topics and of words that mean the same.
func topicWords(lex *lexicon.Lexicon, analyzer *analysis.Analyzer) map[string]bool {
	stems := map[string]bool{}
	for _, topic := range lex.Topics() {
		var folds []string
		for w := range words.All(topic.Label + " " + topic.ID) {
			folds = append(folds, w.Fold)
			stems[analyzer.Stem(w.Fold)] = true
		}
		for _, alt := range lex.Alternatives(folds) {
			for _, w := range alt.Words {
				stems[analyzer.Stem(w)] = true
			}
		}
	}
	return stems
}

// name returns the name of an actor or the label of a topic.
func (pl *planner) name(id string) string {
	if actor, ok := pl.lexicon.Actor(id); ok {
		return actor.Name
	}
	if topic, ok := pl.lexicon.Topic(id); ok {
		return topic.Label
	}
	return id
}

// mainActors returns the ids of the actors over which answers are balanced.
func (pl *planner) mainActors() (ids []string) {
	for _, a := range pl.lexicon.Actors() {
		if a.Main {
			ids = append(ids, a.ID)
		}
	}
	return ids
}
