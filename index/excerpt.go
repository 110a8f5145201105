package index

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/words"
)

// excerptWords is about how many words of a passage are shown.
const excerptWords = 90

// excerpt picks the sentence that answers and the run of one to three sentences
// around it to show, as spans of the passage's text.
func (p *Plan) excerpt(r *reading) (excerpt, key corpus.Span) {
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
		if from > 0 && (leansBack(r.Sentences[from].In(r.Text)) || next >= len(scores) || scores[from-1] > scores[next]) {
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

// answerBonus is what a fitting answer, or the voice of whom the question names, is
// worth in a sentence beside the share of the question that it has.
const answerBonus = 0.15

// sentenceScores says how much each sentence has of what was asked, and of a fitting answer.
func (p *Plan) sentenceScores(r *reading) []float64 {
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
		for _, s := range r.Says {
			scores[s.Sentence] += answerBonus * (truth(intersects(p.Actors, s.Actors)) + truth(p.isStatedBy(s)))
		}
	}
	return scores
}

// isStatedBy reports whether a sentence is a statement by an actor asked about, on a
// topic asked about where there is one.
func (p *Plan) isStatedBy(s Saying) bool {
	return s.TakesPosition() && intersects(p.Actors, s.Actors) && (len(p.Topics) == 0 || intersects(p.Topics, s.Topics))
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

// matches are the places in a passage that have the question's words, merged, in order.
func (r *reading) matches() []corpus.Span {
	var spans []corpus.Span
	for _, pl := range r.places {
		if pl.weight >= 0.5 {
			spans = append(spans, r.span(pl))
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
