package index

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/words"
)

// excerptWords is about how many words of a passage are shown.
const excerptWords = 90

// excerpt picks the sentence that answers, and the run of one to three sentences around it
// that is shown, as spans of the passage's text.
func (p *Plan) excerpt(r *matchedPassage) (excerpt, key corpus.Span) {
	if len(r.Sentences) == 0 {
		all := corpus.Span{End: len(r.Text)}
		return all, all
	}
	scores := p.sentenceScores(r)
	best := 0
	for i, s := range scores {
		if s > scores[best] {
			best = i
		}
	}
	from, to := best, best
	size := wordCount(r.Sentences[best].In(r.Text))
	for to-from < 2 {
		next := to + 1
		if from > 0 &&
			(leansBack(r.Sentences[from].In(r.Text)) || next >= len(scores) || scores[from-1] > scores[next]) {
			next = from - 1
		}
		if next >= len(scores) {
			break
		}
		if size += wordCount(r.Sentences[next].In(r.Text)); size > excerptWords {
			break
		}
		from, to = min(from, next), max(to, next)
	}
	return corpus.Span{Start: r.Sentences[from].Start, End: r.Sentences[to].End}, r.Sentences[best]
}

// answerBonus is what it is worth that a sentence holds a fitting answer, or that an actor
// whom the question names says it, where having the whole question is 1.
const answerBonus = 0.15

// sentenceScores measures how much each sentence has of what was asked and of an answer.
func (p *Plan) sentenceScores(r *matchedPassage) []float64 {
	scores := make([]float64, len(r.Sentences))
	for i, s := range r.sentences {
		scores[i] = dot(p.weights, s) / max(p.idf, 1e-9)
	}
	typed := make([]bool, len(scores))
	for i := range r.tokens {
		s := r.sentenceOf[i]
		if !typed[s] && !r.asked[i] && p.canAnswer(r, i) {
			typed[s] = true
			scores[s] += answerBonus
		}
	}
	if p.Kind == Stance || p.Kind == Compare || p.Kind == YesNo {
		for _, s := range r.Attributions {
			said := intersects(p.Actors, s.Actors)
			stated := said && s.TakesPosition() && (len(p.Topics) == 0 || intersects(p.Topics, s.Topics))
			scores[s.Sentence] += answerBonus * (truth(said) + truth(stated))
		}
	}
	return scores
}

// leansBack reports whether a sentence needs the one before it to be understood.
func leansBack(sentence string) bool {
	for w := range words.All(sentence) {
		return leaning[w.Fold] || strings.HasSuffix(w.Fold, "ll") && leaning[strings.TrimSuffix(w.Fold, "ll")]
	}
	return false
}

func wordCount(s string) (n int) {
	for range words.All(s) {
		n++
	}
	return n
}

// highlights returns the parts of the passage's text that match the question, in order,
// those that overlap as one.
func (r *matchedPassage) highlights() []corpus.Span {
	var spans []corpus.Span
	for _, m := range r.matches {
		if m.weight >= 0.5 {
			spans = append(spans, corpus.Span{Start: r.tokens[m.at].Start, End: r.tokens[m.to-1].End})
		}
	}
	slices.SortFunc(spans, func(a, b corpus.Span) int { return a.Start - b.Start })
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 && s.Start <= merged[n-1].End {
			merged[n-1].End = max(merged[n-1].End, s.End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}
