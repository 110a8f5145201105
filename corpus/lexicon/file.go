package lexicon

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// File is one parsed lexicon file. Its content is checked by New, together with
// that of the files it joins.
type File struct {
	name   string
	source []byte
	data   fileData
}

// fileData is the shape of a lexicon file.
type fileData struct {
	Actors  []actorData  `toml:"actor"`
	Offices []officeData `toml:"office"`
	Topics  []topicData  `toml:"topic"`
	Groups  []groupData  `toml:"group"`
	Events  []eventData  `toml:"event"`
	// Bodies are the words that make an institution of an actor's name: "foreign ministry".
	Bodies []string `toml:"bodies"`
	// Ignore are phrases in which a name means no actor: "Washington Post".
	Ignore []string `toml:"ignore"`
	// GivenNames tell another person of the same surname from the one that is known.
	GivenNames []string `toml:"given_names"`
	// Forms are irregular inflections, the base form first.
	Forms [][]string `toml:"forms"`
}

type actorData struct {
	ID           string       `toml:"id"`
	Name         string       `toml:"name"`
	Article      bool         `toml:"article"`
	Main         bool         `toml:"main"`
	Side         bool         `toml:"side"`
	Names        []string     `toml:"names"`
	Adjectives   []string     `toml:"adjectives"`
	Metonyms     []string     `toml:"metonyms"`
	Institutions []string     `toml:"institutions"`
	Offices      []officeData `toml:"office"`
	People       []personData `toml:"person"`
}

type officeData struct {
	ID    string `toml:"id"`
	Title string `toml:"title"`
	// Shared offices have many holders at once and never denote one person.
	Shared bool `toml:"shared"`
	// Titles stand beside an actor's name: "German chancellor", "chancellor of Germany".
	Titles []string `toml:"titles"`
	// Names denote the office by themselves: "Pentagon chief". Only in an actor's office.
	Names []string `toml:"names"`
}

type personData struct {
	Name    string     `toml:"name"`
	Names   []string   `toml:"names"`
	Offices []termData `toml:"offices"`
}

type termData struct {
	Office string `toml:"office"`
	// Actor is given where the office was another actor's: Rutte spoke for the
	// Netherlands before he spoke for NATO.
	Actor string `toml:"actor"`
	From  string `toml:"from"`
	Until string `toml:"until"`
}

type topicData struct {
	ID    string   `toml:"id"`
	Label string   `toml:"label"`
	Words []string `toml:"words"`
	// Not are phrases that hold words of the topic, but are about something else.
	Not []string `toml:"not"`
}

type eventData struct {
	Names []string `toml:"names"` // a word each; a star leaves its ending open
	From  string   `toml:"from"`  // the first day, and
	Until string   `toml:"until"` // the last
}

type groupData struct {
	// Words mean much the same; each stands for all others.
	Words []string `toml:"words"`
	// From stands for To, but not the other way round. A star leaves an ending open.
	From []string `toml:"from"`
	To   []string `toml:"to"`
	// Weight of a word put in place of another, above 0 up to 1; 0.5 unless given.
	Weight float64 `toml:"weight"`
}

// Parse reads a lexicon file. Keys that it does not know are errors, all of them
// reported, each with its line.
func Parse(name string, source []byte) (*File, error) {
	f := &File{name: name, source: bytes.Clone(source)}
	err := toml.NewDecoder(bytes.NewReader(source)).DisallowUnknownFields().Decode(&f.data)
	var unknown *toml.StrictMissingError
	var bad *toml.DecodeError
	switch {
	case errors.As(err, &unknown):
		var all []error
		for _, e := range unknown.Errors {
			line, _ := e.Position()
			all = append(all, fmt.Errorf("%s:%d: unknown key %s", name, line, strings.Join(e.Key(), ".")))
		}
		return nil, errors.Join(all...)
	case errors.As(err, &bad):
		line, _ := bad.Position()
		return nil, fmt.Errorf("%s:%d: %w", name, line, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// where is the file's name with the last line that holds s in quotes: of a thing
// said twice, the place to mend.
func (f *File) where(s string) string {
	i := bytes.LastIndex(f.source, []byte(`"`+s+`"`))
	if i < 0 {
		return f.name
	}
	return fmt.Sprintf("%s:%d", f.name, 1+bytes.Count(f.source[:i], []byte("\n")))
}
