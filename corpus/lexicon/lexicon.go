// Package lexicon knows the parties of a negotiation and its subjects: actors
// with their names, seats, institutions and people, topics with the words that
// people use for them, and groups of words that mean much the same. It finds
// them in text and looks them up by name.
//
// What it knows is data: TOML files, of which a default set on the talks to end
// the Russia-Ukraine war is embedded. It does not decide who says what
// (corpus/statement does), does not search, and does not guess: a name that may
// mean someone else is marked weak, or is left out.
package lexicon

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"

	"parley/corpus"
)

// Actor is a party that takes positions: a state, or an organisation of states.
type Actor struct {
	ID   string // "united-states"
	Name string // "United States"
	// Article tells that the name takes one in a sentence: "said the United States".
	Article bool
	// Main marks the actors over which an answer is balanced.
	Main bool
	// Side marks those between whom the conflict is: a text that names one is about it,
	// whatever else it names.
	Side   bool
	People []Person
}

// Person speaks for an actor, in the offices that they held.
type Person struct {
	Name string
	// Actor is the id of the actor that the person stands for, unless an office held
	// at a date says otherwise.
	Actor   string
	Offices []Office
}

// Office is one term of a person in an office.
type Office struct {
	ID    string // "foreign-minister"
	Title string // "foreign minister"
	Actor string // whose office it is
	// From and Until are the first and the last day; either may be unknown, and Until
	// is also unknown while the term lasts.
	From, Until corpus.PartialDate
}

// Topic is a subject of the talks.
type Topic struct {
	ID    string // "prisoners-children"
	Label string // "Prisoners and children"
}

// Lexicon is an immutable set of actors, topics and words, safe for concurrent use.
type Lexicon struct {
	files  []*File
	actors []*Actor
	topics []Topic
	people map[string]*Person // by name

	names   tree[name]
	titles  tree[title]
	holders map[seat][]holder
	given   map[string]bool // folded given names
	aliases []alias

	subjects tree[subject]
	groups   tree[member]
	synonyms []synonyms
	forms    map[string]string // irregular form to base, both folded
}

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
	b := newBuilder(files)
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
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

// Actors lists all actors in the order of their files.
func (l *Lexicon) Actors() []Actor {
	out := make([]Actor, len(l.actors))
	for i, a := range l.actors {
		out[i] = *a
	}
	return out
}

// Sides are the ids of the actors between whom the conflict is; none where no file names them.
func (l *Lexicon) Sides() (ids []string) {
	for _, a := range l.actors {
		if a.Side {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// Actor is the actor with an id.
func (l *Lexicon) Actor(id string) (Actor, bool) {
	for _, a := range l.actors {
		if a.ID == id {
			return *a, true
		}
	}
	return Actor{}, false
}

// Topics lists all topics in the order of their files.
func (l *Lexicon) Topics() []Topic { return slices.Clone(l.topics) }

// Topic is the topic with an id.
func (l *Lexicon) Topic(id string) (Topic, bool) {
	i := slices.IndexFunc(l.topics, func(t Topic) bool { return t.ID == id })
	if i < 0 {
		return Topic{}, false
	}
	return l.topics[i], true
}

// Person is the person with a canonical full name, as Mention.Person gives it.
func (l *Lexicon) Person(name string) (Person, bool) {
	p, ok := l.people[name]
	if !ok {
		return Person{}, false
	}
	return *p, true
}

// OfficesAt lists the offices that the person held at a date; at an unknown date,
// those not known to have ended.
func (p Person) OfficesAt(d corpus.PartialDate) []Office {
	var out []Office
	for _, o := range p.Offices {
		if d.IsZero() && o.Until.IsZero() || !d.IsZero() && o.covers(d) {
			out = append(out, o)
		}
	}
	return out
}

// ActorAt is the id of the actor for which the person spoke at a date: Kaja Kallas
// for Estonia in 2022, for the European Union in 2025.
func (p Person) ActorAt(d corpus.PartialDate) string {
	if d.IsZero() {
		return p.Actor
	}
	other := ""
	for _, o := range p.OfficesAt(d) {
		if o.Actor == p.Actor {
			return p.Actor
		}
		other = o.Actor
	}
	return cmp.Or(other, p.Actor)
}

// held reports whether the person ever held an actor's office.
func (p Person) held(actor, office string) bool {
	return slices.ContainsFunc(p.Offices, func(o Office) bool { return o.Actor == actor && o.ID == office })
}

// covers reports whether the term and the date may overlap. The last day belongs to
// the term, so that on a day of change there are two holders and nobody is guessed.
func (o Office) covers(d corpus.PartialDate) bool {
	began := o.From.IsZero() || o.From.Start().Before(d.End())
	ended := !o.Until.IsZero() && !d.Start().Before(o.Until.End())
	return began && !ended
}

// spans reports whether the term certainly holds all of the date.
func (o Office) spans(d corpus.PartialDate) bool {
	began := o.From.IsZero() || !o.From.Start().After(d.Start()) && !o.From.End().After(d.End())
	lasts := o.Until.IsZero() || !o.Until.Start().Before(d.Start()) && !o.Until.End().Before(d.End())
	return began && lasts
}
