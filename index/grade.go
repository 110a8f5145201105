package index

import "fmt"

// Grade says how far the record answers a question.
type Grade uint8

const (
	// GradeNone: the record is not about the question; no passage is shown.
	GradeNone Grade = iota
	// GradeClosest: the record may not answer the question; the closest passages are shown.
	GradeClosest
	// GradeAnswer: the passages that are shown answer the question.
	GradeAnswer
)

var gradeNames = [...]string{"none", "closest", "answer"}

func (g Grade) String() string { return gradeNames[g] }

// MarshalText writes the grade as it stands in JSON: "answer", "closest" or "none".
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (g *Grade) UnmarshalText(text []byte) error {
	for i, name := range gradeNames {
		if name == string(text) {
			*g = Grade(i)
			return nil
		}
	}
	return fmt.Errorf("grade %q is none of %q", text, gradeNames)
}

// namesOnly reports whether a question has nothing but actors, places of the talks and words of
// topics: "who is Witkoff", "what happened in Geneva". The record is about these.
func (p *Plan) namesOnly() bool {
	named := false
	for _, c := range p.concepts {
		known := c.actor != "" || c.hint
		if !known && !c.dated && !c.frames() {
			return false
		}
		named = named || known
	}
	return named && !p.addressesBot()
}

// grade grades the ranked passages of a question, and returns the probability that they answer it.
func (m *model) grade(p *Plan, list, evidence []ranked, record Record) (Grade, float64) {
	if len(list) == 0 {
		return GradeNone, 0
	}
	if p.browses() && len(evidence) > 0 {
		return GradeAnswer, browsedConfidence
	}
	// The words of others than those who are asked do not make an answer.
	confidence := m.answers.probability(p.signals(p.heard(list), record))
	switch {
	case p.browses(): // nothing has all that is named
		return GradeClosest, confidence / missedDivisor
	case m.answers.holds(confidence, p):
		return GradeAnswer, confidence
	case p.namesOnly(), m.about.holds(m.about.probability(p.signals(list, record)), p):
		return GradeClosest, confidence
	}
	return GradeNone, confidence
}
