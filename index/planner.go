package index

import (
	"fmt"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
	"parley/corpus/statement"
	"parley/corpus/words"
	"parley/index/analysis"
	"parley/index/bm25"
	"parley/index/neighbours"
	"parley/index/when"
	"slices"
	"unicode/utf8"
)

// planner reads questions.
type planner struct {
	lexicon    *lexicon.Lexicon
	neighbours *neighbours.Table
	analyzer   *analysis.Analyzer
	generic    map[string]bool // see topicNames
	sides      []string        // the actors between whom the conflict is
	splitter   *passage.Splitter
	extractor  *statement.Extractor
}

// plan reads a question against a snapshot of the record.
func (pl *planner) plan(q Question, snap Snapshot) (*Plan, error) {
	p := &Plan{Question: q.Text, sides: pl.sides, now: q.Now, newest: snap.Record().Newest.Start()}
	text, err := pl.repair(q.Text, snap, p)
	if err != nil {
		return nil, err
	}
	p.tokens = pl.analyzer.Tokens(text)
	p.Kind = kindOf(p.tokens)
	var dated []bool
	p.Period, p.Latest, dated = when.Read(p.tokens, q.Now)
	p.Latest = p.Latest || q.Newest || p.asksForNews() && p.Period.IsZero()
	mentions := pl.lexicon.Find(text, lexicon.Casual())
	p.Actors = lexicon.IDs(lexicon.KindActor, mentions)
	p.Topics = lexicon.IDs(lexicon.KindTopic, mentions)
	if err := pl.conceive(p, mentions, dated, snap); err != nil {
		return nil, err
	}
	pl.addAlternatives(p)
	p.tellObjects()
	if q.Previous != nil && isFollowUp(p) {
		p.follow(q.Previous)
	}
	if err := pl.weighUnknown(p, snap); err != nil {
		return nil, err
	}
	p.sumUp()
	return p, nil
}

// conceive makes the content words and the names of the question into concepts.
func (pl *planner) conceive(p *Plan, mentions []lexicon.Mention, dated []bool, snap Snapshot) (err error) {
	head := p.head()
	for i := 0; i < len(p.tokens); {
		c := pl.conceptAt(p, mentions, i)
		c.head, c.dated = i == head, dated[i]
		i = c.to
		if len(c.terms) == 0 || slices.ContainsFunc(p.concepts, func(d concept) bool { return slices.Equal(c.terms, d.terms) }) {
			continue
		}
		if c.idf, err = pl.conceptIDF(&c, snap); err != nil {
			return err
		}
		p.concepts = append(p.concepts, c)
	}
	return nil
}

// conceptAt reads the concept that starts at token i: a name of several words, or one word.
func (pl *planner) conceptAt(p *Plan, mentions []lexicon.Mention, i int) concept {
	c := concept{from: i, to: i + 1}
	if m, ok := mentionAt(mentions, p.tokens[i].Start); ok {
		c.actor, c.person, c.institution = m.ID, m.Person, m.Form == lexicon.FormInstitution
		for c.to < len(p.tokens) && p.tokens[c.to].Start < m.End {
			c.to++
		}
	}
	for _, tok := range p.tokens[c.from:c.to] {
		if tok.Term != "" && !p.asksNumber(tok) {
			c.terms = append(c.terms, tok.Term)
		} else if c.actor != "" && c.to == c.from+1 { // "us" in a question may be the US
			c.terms = append(c.terms, tok.Fold)
		}
	}
	first := p.tokens[i]
	c.counted = i >= 2 && (p.tokens[i-1].Fold == "many" || p.tokens[i-2].Fold == "many")
	c.number = first.Text[0] >= '0' && first.Text[0] <= '9'
	c.name = c.actor != "" || isName(first, first.Start == 0)
	c.topical = pl.namesTopic(p, mentions, first)
	return c
}

// namesTopic reports whether a word names a topic of the question as such, in English or another script.
func (pl *planner) namesTopic(p *Plan, mentions []lexicon.Mention, tok analysis.Token) bool {
	if !pl.generic[tok.Term] && tok.Text[0] < utf8.RuneSelf {
		return false
	}
	return slices.ContainsFunc(mentions, func(m lexicon.Mention) bool {
		return m.Kind == lexicon.KindTopic && slices.Contains(p.Topics, m.ID) && m.Start <= tok.Start && tok.End <= m.End
	})
}

// mentionAt is the actor's mention that starts at an offset.
func mentionAt(mentions []lexicon.Mention, at int) (lexicon.Mention, bool) {
	for _, m := range mentions {
		if m.Kind == lexicon.KindActor && m.Start == at {
			return m, true
		}
	}
	return lexicon.Mention{}, false
}

// conceptIDF is the idf of the name where it is one that the record knows, else of the rarest word.
func (pl *planner) conceptIDF(c *concept, snap Snapshot) (float64, error) {
	total := snap.Record().Passages
	rarest := total
	for _, t := range c.terms {
		n, err := snap.DocFreq(FieldText, t)
		if err != nil {
			return 0, fmt.Errorf("plan: %w", err)
		}
		rarest = min(rarest, n)
	}
	c.passages = rarest
	c.unknown = rarest == 0 && c.actor == "" && !c.dated
	if term := c.actorTerm(); term != "" && !c.institution { // "the Russian delegation" is rarer than Russia
		n, err := snap.DocFreq(FieldActor, term)
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

// frameShare is what remains of a frame word's idf.
const frameShare = 0.5

// datedIDF bounds the worth of a word that dates the question: most texts do not say their own date.
const datedIDF = 2

// addAlternatives lets other words stand for the concepts: those of the lexicon's
// groups, and the neighbours of plain words.
func (pl *planner) addAlternatives(p *Plan) {
	folds := make([]string, len(p.tokens))
	for i, tok := range p.tokens {
		folds[i] = tok.Fold
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
	neighbourWeight = 0.5 // a distributional neighbour of similarity 1
	leastSimilar    = 0.3 // less similar words are rather about the same than the same
)

// weighUnknown gives a word that the record does not have the idf of the most
// common word that stands for it well: it is asked for by another name.
func (pl *planner) weighUnknown(p *Plan, snap Snapshot) error {
	for i := range p.concepts {
		c := &p.concepts[i]
		for _, a := range c.alternatives {
			if !c.unknown || a.weight < standsWell || len(a.terms) > 1 {
				continue
			}
			n, err := snap.DocFreq(FieldText, a.terms[0])
			if err != nil {
				return fmt.Errorf("plan: %w", err)
			}
			if n > 0 {
				c.idf = min(c.idf, bm25.IDF(n, snap.Record().Passages))
			}
		}
	}
	return nil
}

// standsWell is the weight from which an alternative may set the worth of an unknown word.
const standsWell = 0.4

// sumUp derives from the concepts what every passage is compared with.
func (p *Plan) sumUp() {
	p.positions = map[string][]int{}
	for i, tok := range p.tokens {
		p.positions[tok.Fold] = append(p.positions[tok.Fold], i)
	}
	for _, c := range p.concepts {
		p.weights = append(p.weights, c.idf)
		p.plain = p.plain || c.actor == "" && !c.dated && !c.topical && !frameWords[c.terms[0]]
		p.idf += c.idf
		p.maxIDF = max(p.maxIDF, c.idf)
	}
	p.lookup = newLookup(p.concepts)
}

// topicNames are the stems of the names of topics and of words that mean the same:
// other words of a topic ("Euroclear") say more than which topic it is.
func (pl *planner) topicNames() map[string]bool {
	names := map[string]bool{}
	for _, topic := range pl.lexicon.Topics() {
		var folds []string
		for w := range words.All(topic.Label + " " + topic.ID) {
			folds = append(folds, w.Fold)
			names[pl.analyzer.Stem(w.Fold)] = true
		}
		for _, alt := range pl.lexicon.Alternatives(folds) {
			for _, w := range alt.Words {
				names[pl.analyzer.Stem(w)] = true
			}
		}
	}
	return names
}

// name is the name of an actor or the label of a topic.
func (pl *planner) name(id string) string {
	if actor, ok := pl.lexicon.Actor(id); ok {
		return actor.Name
	}
	if topic, ok := pl.lexicon.Topic(id); ok {
		return topic.Label
	}
	return id
}

// mains are the ids of the actors over which answers are balanced.
func (pl *planner) mains() (ids []string) {
	for _, a := range pl.lexicon.Actors() {
		if a.Main {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// main keeps of the ids those of the actors over which answers are balanced, sorted.
func (pl *planner) main(ids []string) (main []string) {
	for _, a := range pl.lexicon.Actors() {
		if a.Main && slices.Contains(ids, a.ID) {
			main = append(main, a.ID)
		}
	}
	slices.Sort(main)
	return main
}
