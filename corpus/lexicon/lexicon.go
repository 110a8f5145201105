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
	"slices"
	"strings"

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

// Kind says what a mention is of.
type Kind uint8

// Kinds of mention.
const (
	KindActor Kind = iota
	KindTopic
)

// Form says by what kind of name an actor is mentioned.
type Form uint8

// Forms of mention. A topic's mentions have FormName.
const (
	FormName        Form = iota
	FormAdjective        // "Ukrainian", "Russians"
	FormMetonym          // a seat: "Kyiv said", but also the place in "in Kyiv", which is weak
	FormInstitution      // "the Kremlin", "Ukraine's parliament"
	FormPerson           // "Lavrov"
	FormOffice           // "the German chancellor"
)

// String is the form's name in lower case.
func (f Form) String() string {
	return [...]string{"name", "adjective", "metonym", "institution", "person", "office"}[f]
}

// Mention is a place in a text that names an actor or a topic.
type Mention struct {
	corpus.Span
	Kind Kind
	ID   string
	// Person is the canonical full name where a person is meant; for an office, its
	// holder at the date given with At, and empty where that is not certain.
	Person string
	Form   Form
	// Weak mentions may mean something else, and count only beside other evidence.
	Weak bool
	// Name is the lexicon's entry that was recognised.
	Name string
}

// Event is something by which people date other things: "since Alaska".
type Event struct {
	From, Until corpus.PartialDate // its first and its last day
	names       []eventName
}

// eventName is a folded word, or the beginning of one.
type eventName struct {
	fold string
	open bool
}

// EventNamed finds the event that a folded word names; ok is false for none.
func (l *Lexicon) EventNamed(fold string) (event Event, ok bool) {
	for _, e := range l.events {
		for _, n := range e.names {
			if fold == n.fold || n.open && strings.HasPrefix(fold, n.fold) {
				return e, true
			}
		}
	}
	return Event{}, false
}

// Lexicon is an immutable set of actors, topics and words, safe for concurrent use.
type Lexicon struct {
	files  []*File
	actors []*Actor
	topics []Topic
	events []Event
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

// name is a pattern that denotes an actor, one of its people or an office, or nothing: an
// ignored phrase has no actor.
type name struct {
	pattern
	actor  *Actor
	form   Form
	person *Person
	office string
}

// title is a pattern that denotes an office or an institution beside an actor's name.
type title struct {
	pattern
	office string // empty for an institution
	actor  string // the only actor that has it; empty for all
}

// subject is a word of a topic; without a topic, a phrase that is about none.
type subject struct {
	pattern
	topic string
}

// member is a word of a group; own is its place in the group, -1 if it is not
// among the words that it stands for.
type member struct {
	group, own int
}

// synonyms are the words, folded, that the members of a group stand for.
type synonyms struct {
	words  [][]string
	weight float64
}

// alias is a spelling of an actor or a topic, for completion.
type alias struct {
	kind      Kind
	id        string
	canonical bool   // the actor's name or the topic's label itself
	fold      string // folded words, one space between them
	text      string // as the file writes it, without marks
}

// seat is an office of an actor.
type seat struct{ actor, office string }

// holder is a term of a person in a seat.
type holder struct {
	person *Person
	term   Office
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

// stem takes the inflection off a folded English word, so that "concede",
// "concedes", "conceded" and "conceding" are one. It serves to compare words with
// each other; what it returns need not be a word. Words that are not plain ASCII
// letters are returned as they are: their endings are marked with a star in the files.
func (l *Lexicon) stem(fold string) string {
	if base, ok := l.forms[fold]; ok {
		fold = base
	}
	return stem(fold)
}
