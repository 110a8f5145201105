package lexicon

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/words"
)

//go:embed default/*.toml
var defaults embed.FS

// Default is the embedded lexicon on the talks to end the Russia-Ukraine war.
func Default() (*Lexicon, error) {
	paths, err := fs.Glob(defaults, "default/*.toml")
	if err != nil {
		return nil, err
	}
	var files []*File
	for _, p := range paths {
		data, err := defaults.ReadFile(p)
		if err != nil {
			return nil, err
		}
		f, err := Parse(p, data)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return New(files...)
}

// New builds a lexicon from files alone. A later file adds to an earlier one: new
// actors, topics, offices and groups, and names, people and words to those that
// are there, by id. The error holds every problem that was found.
func New(files ...*File) (*Lexicon, error) {
	b := &builder{
		lexicon: &Lexicon{
			files:   slices.Clone(files),
			people:  map[string]*Person{},
			holders: map[seat][]holder{},
			given:   map[string]bool{},
			forms:   map[string]string{},
		},
		actors:   map[string]*Actor{},
		people:   map[string][]*Person{},
		offices:  map[seat]officeData{},
		owners:   map[string]name{},
		subjects: map[string]bool{},
	}
	// One pass a kind of thing, so that the order of files matters only for what they
	// add to each other.
	for _, pass := range []func(*File){
		b.addForms, b.addOffices, b.addActors, b.addTerms, b.addTopics, b.addGroups, b.addEvents, b.addIgnored,
	} {
		for _, f := range files {
			pass(f)
		}
	}
	if len(b.problems) > 0 {
		return nil, fmt.Errorf("lexicon: %w", errors.Join(b.problems...))
	}
	for id, people := range b.people {
		for _, p := range people {
			b.actors[id].People = append(b.actors[id].People, *p)
		}
	}
	return b.lexicon, nil
}

// Extend is a lexicon with what files add to this one; this one is unchanged.
func (l *Lexicon) Extend(files ...*File) (*Lexicon, error) {
	return New(slices.Concat(l.files, files)...)
}

// Hash identifies the lexicon's content, so that whatever was built with another
// one can be told.
func (l *Lexicon) Hash() string {
	h := sha256.New()
	for _, f := range l.files {
		fmt.Fprintf(h, "%d\n", len(f.source))
		h.Write(f.source)
	}
	return hex.EncodeToString(h.Sum(nil))
}

const defaultWeight = 0.5 // of a group

// builder joins files into a lexicon and gathers all problems on the way.
type builder struct {
	lexicon  *Lexicon
	actors   map[string]*Actor
	people   map[string][]*Person // by actor
	offices  map[seat]officeData  // of one actor, or of all where actor is empty
	owners   map[string]name      // by pattern key
	subjects map[string]bool      // patterns of topics, by topic and key
	problems []error
}

// fail records a problem at the line that holds quoted.
func (b *builder) fail(f *File, quoted, format string, args ...any) {
	b.problems = append(b.problems, fmt.Errorf("%s: %s", f.where(quoted), fmt.Sprintf(format, args...)))
}

// pattern parses s; what is no pattern is recorded as a problem and left out.
func (b *builder) pattern(f *File, s string) (pattern, bool) {
	p, err := parsePattern(s)
	if err != nil {
		b.fail(f, s, "%q: %v", s, err)
	}
	return p, err == nil
}

func (b *builder) addForms(f *File) {
	for _, forms := range f.data.Forms {
		if len(forms) < 2 {
			b.fail(f, strings.Join(forms, ""), "forms %q: need a base form and another", forms)
			continue
		}
		for _, form := range forms[1:] {
			b.lexicon.forms[form] = forms[0]
		}
	}
	for _, g := range f.data.GivenNames {
		for _, fold := range foldAll(g) {
			b.lexicon.given[fold] = true
		}
	}
}

func (b *builder) addOffices(f *File) {
	for _, o := range f.data.Offices {
		b.addOffice(f, "", o)
		if len(o.Names) > 0 {
			b.fail(f, o.ID, "office %q: names stand only in an actor's office", o.ID)
		}
	}
	for _, s := range f.data.Bodies {
		b.addTitle(f, s, title{})
	}
}

// addOffice makes the office known and its titles findable. A second office of an id
// adds titles to the first.
func (b *builder) addOffice(f *File, actor string, o officeData) {
	at := seat{actor, o.ID}
	known, again := b.offices[at]
	known.ID = o.ID
	known.Title = cmp.Or(known.Title, o.Title)
	known.Shared = known.Shared || o.Shared
	b.offices[at] = known
	if !again && actor != "" {
		_, again = b.offices[seat{"", o.ID}]
	}
	if o.ID == "" || !again && o.Title == "" {
		b.fail(f, o.ID, "office %q: needs an id and a title", o.ID)
	}
	for _, s := range o.Titles {
		b.addTitle(f, s, title{office: o.ID, actor: actor})
	}
}

func (b *builder) addTitle(f *File, s string, t title) {
	p, ok := b.pattern(f, s)
	if ok {
		t.pattern = p
		b.lexicon.titles.add(p.words, folds(p.words), t)
	}
}

func (b *builder) addActors(f *File) {
	seen := map[string]bool{}
	for _, d := range f.data.Actors {
		a := b.actor(f, d)
		if a == nil {
			continue
		}
		if seen[a.ID] {
			b.fail(f, d.ID, "actor %q: twice in one file", d.ID)
			continue
		}
		seen[a.ID] = true
		for _, o := range d.Offices {
			b.addOffice(f, a.ID, o)
			b.addNames(f, o.Names, name{actor: a, form: FormOffice, office: o.ID})
		}
		b.addNames(f, withCanonical(a.Name, d.Names), name{actor: a, form: FormName})
		b.addNames(f, d.Adjectives, name{actor: a, form: FormAdjective})
		b.addNames(f, d.Metonyms, name{actor: a, form: FormMetonym})
		b.addNames(f, d.Institutions, name{actor: a, form: FormInstitution})
		for _, p := range d.People {
			b.addPerson(f, a, p)
		}
	}
}

// actor is the actor that d describes or adds to; nil if it cannot be told.
func (b *builder) actor(f *File, d actorData) *Actor {
	a := b.actors[d.ID]
	switch {
	case d.ID == "":
		b.fail(f, d.Name, "actor %q: needs an id", d.Name)
		return nil
	case a == nil && d.Name == "":
		b.fail(f, d.ID, "actor %q: needs a name", d.ID)
		return nil
	case a == nil:
		a = &Actor{ID: d.ID, Name: d.Name, Article: d.Article, Main: d.Main, Side: d.Side}
		b.actors[d.ID] = a
		b.lexicon.actors = append(b.lexicon.actors, a)
		return a
	case d.Name != "" && d.Name != a.Name:
		b.fail(f, d.Name, "actor %q: is %q already", d.ID, a.Name)
	}
	a.Article, a.Main, a.Side = a.Article || d.Article, a.Main || d.Main, a.Side || d.Side
	return a
}

// withCanonical puts the canonical name before the others, unless one of them is
// that name with a mark, as "=Georgia" is.
func withCanonical(canonical string, names []string) []string {
	for _, s := range names {
		p, err := parsePattern(s)
		if err == nil && p.context() == 0 && slices.Equal(folds(p.words), foldAll(canonical)) {
			return names
		}
	}
	return slices.Concat([]string{canonical}, names)
}

func (b *builder) addNames(f *File, names []string, n name) {
	for _, s := range names {
		p, ok := b.pattern(f, s)
		if !ok {
			continue
		}
		n.pattern = p
		if b.claims(f, n) {
			b.lexicon.names.add(p.words, folds(p.words), n)
			if n.actor != nil {
				b.alias(KindActor, n.actor.ID, n.actor.Name, p)
			}
		}
	}
}

// claims records whose name n is. A name can be said twice of one actor, but not
// of two, nor of two people.
func (b *builder) claims(f *File, n name) bool {
	other, taken := b.owners[n.key()]
	switch {
	case !taken:
		b.owners[n.key()] = n
		return true
	case other.actor != n.actor:
		b.fail(f, n.text, "%q: a name of %s and of %s", n.text, owner(other), owner(n))
	case other.person != n.person && other.person != nil && n.person != nil:
		b.fail(f, n.text, "%q: a name of %s and of %s", n.text, other.person.Name, n.person.Name)
	}
	return false
}

func owner(n name) string {
	if n.actor == nil {
		return "nobody (ignore)"
	}
	return n.actor.ID
}

func (b *builder) addPerson(f *File, a *Actor, d personData) {
	p := b.lexicon.people[d.Name]
	switch {
	case d.Name == "":
		b.fail(f, a.ID, "actor %q: a person needs a name", a.ID)
		return
	case p == nil:
		p = &Person{Name: d.Name, Actor: a.ID}
		b.lexicon.people[d.Name] = p
		b.people[a.ID] = append(b.people[a.ID], p)
		d.Names = withCanonical(d.Name, d.Names)
	case p.Actor != a.ID:
		b.fail(f, d.Name, "%q: a person of %s and of %s", d.Name, p.Actor, a.ID)
		return
	}
	b.addNames(f, d.Names, name{actor: a, form: FormPerson, person: p})
}

// addTerms gives people their offices, once all actors are known.
func (b *builder) addTerms(f *File) {
	for _, a := range f.data.Actors {
		for _, d := range a.People {
			p := b.lexicon.people[d.Name]
			if p == nil {
				continue
			}
			for _, t := range d.Offices {
				b.addTerm(f, p, t)
			}
		}
	}
}

func (b *builder) addTerm(f *File, p *Person, t termData) {
	actor := cmp.Or(t.Actor, p.Actor)
	office, own := b.offices[seat{actor, t.Office}]
	general, any := b.offices[seat{"", t.Office}] // that every actor may have
	switch {
	case b.actors[actor] == nil:
		b.fail(f, p.Name, "%s: actor %q is not known", p.Name, actor)
		return
	case !own && !any:
		b.fail(f, p.Name, "%s: office %q is not known", p.Name, t.Office)
		return
	}
	office.Title = cmp.Or(office.Title, general.Title)
	o := Office{ID: t.Office, Title: office.Title, Actor: actor}
	o.From, o.Until = b.date(f, p, t.From), b.date(f, p, t.Until)
	if !o.From.IsZero() && !o.Until.IsZero() && !o.Until.End().After(o.From.Start()) {
		b.fail(f, p.Name, "%s: %s until %s, before %s", p.Name, o.Title, o.Until, o.From)
	}
	p.Offices = append(p.Offices, o)
	if !office.Shared && !general.Shared {
		at := seat{actor, o.ID}
		b.lexicon.holders[at] = append(b.lexicon.holders[at], holder{p, o})
	}
}

func (b *builder) date(f *File, p *Person, s string) corpus.PartialDate {
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		b.fail(f, s, "%s: %v", p.Name, err)
	}
	return d
}

func (b *builder) addTopics(f *File) {
	l := b.lexicon
	for _, d := range f.data.Topics {
		_, known := l.Topic(d.ID)
		switch {
		case d.ID == "" || !known && d.Label == "":
			b.fail(f, cmp.Or(d.ID, d.Label), "topic %q: needs an id and a label", d.ID)
			continue
		case !known:
			l.topics = append(l.topics, Topic{ID: d.ID, Label: d.Label})
			b.addSubject(f, d.Label, d.ID)
		case d.Label != "":
			b.fail(f, d.ID, "topic %q: is there already; leave the label out to add words", d.ID)
		}
		for _, s := range d.Words {
			b.addSubject(f, s, d.ID)
		}
		for _, s := range d.Not {
			b.addSubject(f, s, "")
		}
	}
}

// addSubject makes s a word of the topic, or of none. A word may serve two topics.
func (b *builder) addSubject(f *File, s, topic string) {
	p, ok := b.pattern(f, s)
	if id := topic + " " + p.key(); ok && !b.subjects[id] {
		b.subjects[id] = true
		b.lexicon.subjects.add(p.words, b.stems(p.words), subject{p, topic})
		if topic != "" {
			t, _ := b.lexicon.Topic(topic)
			b.alias(KindTopic, topic, t.Label, p)
		}
	}
}

// alias adds a spelling of an actor or a topic whose canonical name is given.
func (b *builder) alias(k Kind, id, canonical string, p pattern) {
	fold := strings.Join(folds(p.words), " ")
	own := fold == strings.Join(foldAll(canonical), " ")
	b.lexicon.aliases = append(b.lexicon.aliases, alias{k, id, own, fold, strings.ReplaceAll(p.name, "*", "")})
}

// addEvents adds the events by which people date others.
func (b *builder) addEvents(f *File) {
	for _, data := range f.data.Events {
		if len(data.Names) == 0 {
			b.fail(f, data.From, "event of %q: it has no name", data.From)
			continue
		}
		var e Event
		var err error
		if e.From, err = corpus.ParsePartialDate(data.From); err != nil || e.From.IsZero() {
			b.fail(f, data.From, "event %q: from %q is no date", data.Names[0], data.From)
		}
		if e.Until, err = corpus.ParsePartialDate(data.Until); err != nil || e.Until.Compare(e.From) < 0 {
			b.fail(f, data.Until, "event %q: until %q is no date from %q on", data.Names[0], data.Until, data.From)
		}
		for _, name := range data.Names {
			fold, open := strings.CutSuffix(name, "*")
			e.names = append(e.names, eventName{words.Fold(fold), open})
		}
		b.lexicon.events = append(b.lexicon.events, e)
	}
}

func (b *builder) addGroups(f *File) {
	for _, g := range f.data.Groups {
		sample := strings.Join(slices.Concat(g.Words, g.From)[:min(1, len(g.Words)+len(g.From))], "")
		symmetric, directed := len(g.Words) > 1, len(g.From) > 0 && len(g.To) > 0
		switch {
		case symmetric && (len(g.From) > 0 || len(g.To) > 0), !symmetric && !directed:
			b.fail(f, sample, "group of %q: needs two words or more, or from and to", sample)
		case g.Weight < 0 || g.Weight > 1:
			b.fail(f, sample, "group of %q: weight %v is not between 0 and 1", sample, g.Weight)
		case symmetric:
			b.addGroup(f, g.Words, g.Words, g.Weight)
		default:
			b.addGroup(f, g.From, g.To, g.Weight)
		}
	}
}

func (b *builder) addGroup(f *File, from, to []string, weight float64) {
	l := b.lexicon
	s := synonyms{weight: cmp.Or(weight, defaultWeight)}
	for _, w := range to {
		s.words = append(s.words, foldAll(w))
	}
	l.synonyms = append(l.synonyms, s)
	for _, w := range from {
		if p, ok := b.pattern(f, w); ok {
			l.groups.add(p.words, b.stems(p.words), member{len(l.synonyms) - 1, slices.Index(to, w)})
		}
	}
}

func (b *builder) addIgnored(f *File) {
	b.addNames(f, f.data.Ignore, name{})
}

func (b *builder) stems(parts []patternWord) []string {
	keys := folds(parts)
	for i, k := range keys {
		keys[i] = b.lexicon.stem(k)
	}
	return keys
}
