package measure

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Stated is a reading of a sentence or a document, found or labelled: who takes a
// position, and on which topics. Both are empty where nobody does.
type Stated struct{ Actors, Topics []string }

// Label is a line of a file of statements labelled by hand: a sentence of a document,
// or, where Start and End are both 0, a document as a whole.
type Label struct {
	Doc       string   `json:"doc"`
	Start     int      `json:"start"`
	End       int      `json:"end"`
	Actors    []string `json:"actors"` // names, of those who say it
	Topics    []string `json:"topics"` // ids
	Statement bool     `json:"statement"`
}

// OfDocument reports whether the label is of the document as a whole.
func (l Label) OfDocument() bool { return l.End == 0 }

// Stated returns the reading that the label gives; it is empty where the sentence is no statement.
func (l Label) Stated() Stated {
	if !l.Statement {
		return Stated{}
	}
	return Stated{l.Actors, l.Topics}
}

// ReadLabels reads labels, JSON Lines; name is used in errors.
func ReadLabels(name string, r io.Reader) (labels []Label, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		var l Label
		err := json.Unmarshal(lines.Bytes(), &l)
		switch {
		case err != nil:
		case l.Doc == "":
			err = errors.New("it has no doc")
		case l.Start < 0 || l.End < l.Start || l.End == l.Start && l.Start > 0:
			err = fmt.Errorf("%d to %d is no span", l.Start, l.End)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		labels = append(labels, l)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return labels, nil
}

type score struct{ both, found, labelled int }

func (s *score) add(found, labelled []string) {
	s.found += len(found)
	s.labelled += len(labelled)
	for _, f := range found {
		if slices.Contains(labelled, f) {
			s.both++
		}
	}
}

// figures are precision, recall and their harmonic mean.
func (s score) figures(name string) []Figure {
	p, r := share(s.both, s.found), share(s.both, s.labelled)
	f1 := 0.0
	if p+r > 0 {
		f1 = 2 * p * r / (p + r)
	}
	return []Figure{{name + "_precision", p, s.found}, {name + "_recall", r, s.labelled}, {name + "_f1", f1, s.labelled}}
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Pair is a reading that was found beside the one that was labelled.
type Pair struct{ Found, Labelled Stated }

// Statements measures actors, topics and "pairs" of them; names begin with the prefix.
// Topics that no label names are not judged: there were none such when they were written.
func Statements(prefix string, pairs []Pair) (figures []Figure) {
	known := map[string]bool{}
	for _, p := range pairs {
		for _, topic := range p.Labelled.Topics {
			known[topic] = true
		}
	}
	var actors, topics, both score
	for _, p := range pairs {
		p.Found.Topics = slices.DeleteFunc(slices.Clone(p.Found.Topics), func(topic string) bool { return !known[topic] })
		actors.add(p.Found.Actors, p.Labelled.Actors)
		topics.add(p.Found.Topics, p.Labelled.Topics)
		both.add(p.Found.pairs(), p.Labelled.pairs())
	}
	return slices.Concat(actors.figures(prefix+"_actors"), topics.figures(prefix+"_topics"), both.figures(prefix+"_pairs"))
}

func (s Stated) pairs() (out []string) {
	for _, a := range s.Actors {
		for _, t := range s.Topics {
			out = append(out, a+"/"+t)
		}
	}
	return out
}
