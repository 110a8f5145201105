// Package measure says how good answers are: it reads judged questions, compares
// them with what was answered, and works out the usual figures of retrieval and of
// knowing when not to answer. It asks nothing and knows no index.
package measure

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Question is a question with what a judge says about it.
type Question struct {
	ID string `json:"id"`
	// Turn is its place in a dialogue, from 1; 0 where it stands alone. The turns of a
	// dialogue follow one another.
	Turn     int    `json:"-"`
	Question string `json:"question"`
	// Answerable says whether the record answers it. A trick question is not answerable
	// and still has the passages that it was written against in Relevant.
	Answerable bool       `json:"answerable"`
	Relevant   []Relevant `json:"relevant"`
	Kind       string     `json:"kind"`
	Language   string     `json:"lang"` // BCP 47; empty: English
	Note       string     `json:"note"`
	// Near is the document that a question without an answer comes near to.
	Near string `json:"near"`
}

// OffTopic reports whether the question is none about the record: about another subject,
// small talk, abuse, or talk to the bot. Its kind or the beginning of its note says so.
func (q Question) OffTopic() bool {
	if q.Answerable {
		return false
	}
	kind, _, _ := strings.Cut(q.Note, ":")
	return offTopicKinds[q.Kind] || offTopicKinds[kind]
}

var offTopicKinds = map[string]bool{
	"off-topic": true, "offtopic": true, "small talk": true, "small-talk": true, "smalltalk": true,
	"abuse": true, "injection": true, "bot": true,
}

// Relevant names a right passage: any of the document, or one that has the text or the span.
type Relevant struct {
	Doc      string `json:"doc"`
	Contains string `json:"contains"`
	// Start and End are byte offsets into the document's text.
	Start *int `json:"start"`
	End   *int `json:"end"`
}

// Passage is a passage of an answer.
type Passage struct {
	Doc, Text  string
	Start, End int // byte offsets into the document's text
}

// Right reports whether a judge calls the passage right.
func (q Question) Right(p Passage) bool {
	return slices.ContainsFunc(q.Relevant, func(r Relevant) bool {
		return r.Doc == p.Doc && strings.Contains(p.Text, r.Contains) &&
			(r.Start == nil || p.Start <= *r.Start && *r.End <= p.End)
	})
}

const maxLine = 1 << 20 // bytes of a file of questions or labels

// Read reads a question file, JSON Lines, and reports all that is wrong with it.
func Read(name string, r io.Reader) ([]Question, error) {
	var questions []Question
	var problems []error
	lineOf := map[string]int{}
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	number := 0
	for in.Scan() {
		number++
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		read, err := readLine(in.Bytes())
		for _, q := range read {
			if lineOf[q.ID] > 0 {
				err = errors.Join(err, fmt.Errorf("the id %q stands in line %d already", q.ID, lineOf[q.ID]))
			}
			lineOf[q.ID] = number
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s:%d: %w", name, number, err))
			continue
		}
		questions = append(questions, read...)
	}
	if err := in.Err(); err != nil {
		problems = append(problems, fmt.Errorf("%s:%d: %w", name, number+1, err))
	}
	if len(questions) == 0 && len(problems) == 0 {
		problems = append(problems, fmt.Errorf("%s: there is no question in it", name))
	}
	return questions, errors.Join(problems...)
}

// readLine reads a question, or a dialogue: a line with "turns", whose questions are called
// ID.1, ID.2 and so on. Keys that it does not know are notes of the judge.
func readLine(line []byte) ([]Question, error) {
	if !utf8.Valid(line) {
		return nil, errors.New("the line is not UTF-8")
	}
	var q struct {
		Question
		Turns []Question `json:"turns"`
	}
	if err := json.Unmarshal(line, &q); err != nil {
		return nil, fmt.Errorf("not a question in JSON: %w", err)
	}
	switch {
	case q.Turns == nil:
		return []Question{q.Question}, q.check()
	case q.ID == "":
		return nil, errors.New(`"id" is missing`)
	case len(q.Turns) == 0:
		return nil, errors.New(`"turns" has no question`)
	case q.Question.Question != "":
		return nil, errors.New(`there are both "question" and "turns"`)
	}
	for i := range q.Turns {
		turn := &q.Turns[i]
		turn.ID, turn.Turn = fmt.Sprintf("%s.%d", q.ID, i+1), i+1
		turn.Language = cmp.Or(turn.Language, q.Language)
		turn.Kind = cmp.Or(turn.Kind, q.Kind)
		if err := turn.check(); err != nil {
			return nil, fmt.Errorf("turn %d: %w", i+1, err)
		}
	}
	return q.Turns, nil
}

func (q Question) check() error {
	switch {
	case q.ID == "":
		return errors.New(`"id" is missing`)
	case strings.TrimSpace(q.Question) == "":
		return errors.New(`"question" is missing`)
	case q.Answerable && len(q.Relevant) == 0:
		return errors.New(`the question is answerable, but "relevant" names no passage`)
	}
	for i, r := range q.Relevant {
		switch {
		case r.Doc == "":
			return fmt.Errorf(`relevant[%d] has no "doc"`, i)
		case (r.Start == nil) != (r.End == nil):
			return fmt.Errorf(`relevant[%d] has only one of "start" and "end"`, i)
		case r.Start != nil && (*r.Start < 0 || *r.Start >= *r.End):
			return fmt.Errorf(`relevant[%d]: "start" %d is not before "end" %d`, i, *r.Start, *r.End)
		}
	}
	return nil
}
