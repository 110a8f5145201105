package index

import (
	"time"

	"parley/corpus"
)

// Question is a question to the record.
type Question struct {
	Text string
	// Previous is the plan of the question before in the same conversation; a follow-up
	// such as "and Russia?" takes its actors, topics and time from it. Nil if there is none.
	Previous *Plan
	// Now dates relative words ("since Monday") and turns the order of a balanced answer.
	Now time.Time
	// Newest asks for the newest first, whatever the words say.
	Newest bool
}

// Answer is the record's answer to a question, of one of three grades. Its JSON is
// the output of "parley ask --json".
type Answer struct {
	Question string `json:"question"`
	Grade    Grade  `json:"grade"`
	// Answered is true for GradeAnswer alone.
	Answered bool `json:"answered"`
	// Why says in a sentence what was looked for and not found; empty when answered.
	Why string `json:"why"`
	// Confidence is the calibrated probability that the passages answer the question.
	Confidence float64 `json:"confidence"`
	// Passages are to be shown, best first: up to five that answer, or the three that come
	// closest, or none.
	Passages []Hit `json:"passages"`
	// Coverage sums up the documents found on the question; nil with GradeNone.
	Coverage *Coverage `json:"coverage,omitempty"`
	Record   Record    `json:"record"`
	// Balance says how the passages were spread over the actors; nil where they were not.
	Balance *Balance `json:"balance,omitempty"`
	// Repairs are the words that were read in another spelling.
	Repairs []Repair `json:"repairs,omitempty"`

	// EnglishOnly tells that the question is in another script than every passage that was found.
	EnglishOnly bool `json:"-"`
	// Ranked are the best passages in order, whatever the grade, for more pages and for evaluation.
	Ranked []Hit `json:"-"`
	// Plan is the question as it was understood; the next question's Previous.
	Plan *Plan `json:"-"`
}

// Hit is a passage that answers, with all that a citation of it needs.
type Hit struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	// Excerpt is the run of one to three sentences to show, Key the sentence in it that
	// answers, Matches the words that matched: all spans inside Text.
	Excerpt corpus.Span   `json:"excerpt"`
	Key     corpus.Span   `json:"key"`
	Matches []corpus.Span `json:"-"`
	Score   float64       `json:"score"`
	// Speakers are the ids of the actors who say the key sentence; empty where none is
	// recognised. Speaker is the first of them as the text names it ("Hegseth").
	Speakers []string `json:"speakers"`
	Speaker  string   `json:"speaker,omitempty"`
	// Topics are the ids of the topics of the passage.
	Topics []string      `json:"topics"`
	Source corpus.Source `json:"source"`
	// AlsoIn are sources with the same text: repetition, not corroboration.
	AlsoIn []corpus.Source `json:"also_in,omitempty"`
}

// Coverage sums up the record on a question: the documents among the candidates
// that pass the evidence threshold themselves.
type Coverage struct {
	Documents  int                `json:"documents"`
	Publishers int                `json:"publishers"`
	From       corpus.PartialDate `json:"from"`
	To         corpus.PartialDate `json:"to"`
}

// Record describes all the sources.
type Record struct {
	Documents int                `json:"documents"`
	Passages  int                `json:"passages,omitempty"`
	Newest    corpus.PartialDate `json:"newest"`
	// Version is a hash of the documents.
	Version string `json:"version"`
}

// Balance discloses how an answer was spread over the actors: those that speak on a
// dispute, or those that the question sets against each other.
type Balance struct {
	// Named tells that the question names the actors.
	Named bool `json:"named,omitempty"`
	// Order are the actor ids in the order shown; it turns from day to day.
	Order []string `json:"order"`
	// More are the actors with a passage for which there was no room today.
	More []string `json:"more,omitempty"`
	// Silent are the actors that the passages name without one in which they speak.
	Silent []string `json:"silent"`
}

// Repair is a word of the question read in another spelling.
type Repair struct {
	Written string `json:"written"`
	Read    string `json:"read"`
}
