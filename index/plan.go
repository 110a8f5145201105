package index

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/corpus/lexicon"
	"parley/corpus/passage"
	"parley/corpus/statement"
	"parley/corpus/words"
	"parley/index/analysis"
	"parley/index/bm25"
	"parley/index/neighbours"
	"parley/index/when"
)

// Plan is how a question was understood.
type Plan struct {
	Question string
	Kind     Kind
	// Actors and Topics are the lexicon ids that the question names.
	Actors, Topics []string
	// Period is the publication time asked about.
	Period Period
	// Latest tells that the newest position or event is wanted.
	Latest  bool
	Repairs []Repair

	sides     []string // the actors between whom the conflict is
	tokens    []analysis.Token
	positions map[string][]int // of the folded words of the question
	concepts  []concept
	weights   []float64 // the idf of each concept
	lookup    lookup
	statement []string // terms of FieldStatement that a passage is wanted for
	now       time.Time
	newest    time.Time // start of the newest date in the record
	plain     bool      // a concept is neither a name nor a frame word nor a date
	idf       float64   // the sum of weights
	maxIDF    float64
}

// Period bounds dates of publication; a zero bound is open, Until is exclusive.
type Period = when.Period

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

// asksNumber reports whether a word is the "many" or "much" of "how many".
func (p *Plan) asksNumber(tok analysis.Token) bool {
	return p.Kind == HowMany && (tok.Fold == "many" || tok.Fold == "much")
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

// frameWords are stems that frame a question rather than say what it is about.
var frameWords = words.Set(`say said tell told think thought accord claim mean make made ask call happen get got go come take use way thing lot mani much
know talk word view stanc posit opinion line demand stand want chang new news updat happen after befor latest recent actual realli name type kind exampl term number amount describ compar versus vs differ
нове нового новини новин сталося відбулося трапилося відбувається змінилося новое новости новостей случилось произошло происходит изменилось`)

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

// What another word is worth where the question's own is 1.
const (
	groupWeight     = 0.9 // of the same group of the lexicon
	neighbourWeight = 0.5 // a distributional neighbour of similarity 1
	leastSimilar    = 0.3 // less similar words are rather about the same than the same
)

// clauses ask the engine for what the plan wants.
func (p *Plan) clauses() []Clause {
	var cs []Clause
	seen := map[string]int{}
	add := func(f Field, term string, weight float64) {
		key := string(f) + ":" + term
		if i, ok := seen[key]; ok {
			cs[i].Weight = max(cs[i].Weight, weight)
			return
		}
		seen[key] = len(cs)
		cs = append(cs, Clause{Field: f, Term: term, Weight: weight, Expansion: f == FieldText && weight < 1})
	}
	for i := range p.concepts {
		c := &p.concepts[i]
		for _, t := range c.terms {
			add(FieldText, t, 1)
			add(FieldTitle, t, titleWeight)
		}
		for _, a := range c.alternatives {
			if len(a.terms) == 1 && a.weight >= leastFinding {
				add(FieldText, a.terms[0], a.weight*alternativeWeight)
			}
		}
		if term := c.actorTerm(); term != "" {
			add(FieldActor, term, actorWeight*c.idf)
			add(FieldActor, c.actor, actorWeight)
		}
	}
	for _, t := range periodTerms(p.Period, p.now) {
		add(FieldDate, t, dateWeight)
	}
	if p.Latest && p.Period.IsZero() {
		for i, t := range periodTerms(Period{Since: p.newest.AddDate(0, -latestMonths, 0)}, p.newest) {
			add(FieldDate, t, dateWeight*float64(i+1)/(latestMonths+1))
		}
	}
	for _, id := range p.Actors {
		add(FieldVoice, id, voiceWeight)
	}
	for _, t := range p.Topics {
		add(FieldTopic, t, topicWeight)
	}
	for _, t := range p.statement {
		add(FieldStatement, t, statementWeight)
	}
	for _, id := range p.sides {
		asked := 0.0
		if i, ok := seen[string(FieldActor)+":"+id]; ok {
			asked = cs[i].Weight
		}
		add(FieldActor, id, asked+sideWeight)
	}
	add(FieldKind, KindBrief, briefWeight)
	add(FieldKind, KindDedicated, dedicatedWeight)
	return cs
}

// maxMonths bounds the months that a search asks for one by one.
const maxMonths = 24

// periodTerms are the terms of FieldDate that find the months of a period, or its
// days where it is shorter than a month. An open period ends now, or goes back
// maxMonths.
func periodTerms(p Period, now time.Time) []string {
	if p.IsZero() {
		return nil
	}
	if p.Until.IsZero() {
		p.Until = now.AddDate(0, 0, 1)
	}
	first := p.Until.AddDate(0, -maxMonths, 0)
	if p.Since.Before(first) {
		p.Since = first
	}
	var terms []string
	if p.Until.Sub(p.Since) < 28*24*time.Hour {
		for d := p.Since; d.Before(p.Until); d = d.AddDate(0, 0, 1) {
			terms = append(terms, d.UTC().Format(time.DateOnly))
		}
		return terms
	}
	month := time.Date(p.Since.Year(), p.Since.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; month.Before(p.Until); month = month.AddDate(0, 1, 0) {
		terms = append(terms, month.Format("2006-01"))
	}
	return terms
}

// latestMonths is how many months back from the newest document the latest is looked for first.
const latestMonths = 6

// Weights of the first stage, where a matching word of middling rarity scores about 5.
const (
	titleWeight       = 0.3
	alternativeWeight = 0.8
	leastFinding      = 0.38 // alternatives of less weight only count in the ranking
	actorWeight       = 1
	topicWeight       = 2.5
	sideWeight        = 4 // a record of twenty years of news is mostly about other conflicts
	voiceWeight       = 1
	statementWeight   = 30 // more than any words together: these passages come first
	dateWeight        = 5
	briefWeight       = 3.5
	dedicatedWeight   = 1
)

// String is the plan in one line, for logs and debugging.
func (p *Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s actors=%v topics=%v period=%v latest=%v", p.Kind, p.Actors, p.Topics, p.Period, p.Latest)
	for _, c := range p.concepts {
		fmt.Fprintf(&b, " | %s %.1f", strings.Join(c.terms, "+"), c.idf)
		if c.actor != "" {
			fmt.Fprintf(&b, " (%s %s)", c.actor, c.person)
		}
		for _, a := range c.alternatives {
			fmt.Fprintf(&b, " %s:%.2f", strings.Join(a.terms, "+"), a.weight)
		}
	}
	return b.String()
}

// head is the noun that says what is asked for: the first content word after
// "what", "which" or "how"; -1 if there is none.
func (p *Plan) head() int {
	for i, tok := range p.tokens {
		if tok.Fold != "what" && tok.Fold != "which" && tok.Fold != "how" && tok.Fold != "whats" {
			continue
		}
		for j := i + 1; j < len(p.tokens) && j <= i+2; j++ {
			if tok := p.tokens[j]; tok.Term != "" && !p.asksNumber(tok) {
				return j
			}
		}
	}
	return -1
}
