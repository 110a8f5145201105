package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"parley/corpus/duplicate"
	"parley/index/analysis"
)

// rank finds and orders the passages for a plan, the same text once.
func (a *Asker) rank(ctx context.Context, snap Searcher, p *Plan, skip func(*Passage) bool) ([]ranked, error) {
	found, err := firstStage(ctx, snap, p)
	if err != nil {
		return nil, err
	}
	list := make([]ranked, 0, len(found))
	for _, c := range found {
		if skip != nil && skip(c.Passage) {
			continue
		}
		t := a.terms(c.Passage)
		r := p.matchPassage(c.Passage, t.text, t.title)
		v := p.features(r)
		v[fFirstStage] = c.score / found[0].score
		list = append(list, ranked{matchedPassage: r, vector: v, shingles: t.shingles})
	}
	p.compareCandidates(list, snap.Record())
	for i := range list {
		list[i].score = a.model.score(list[i].vector) + p.fit(list[i].matchedPassage)
	}
	slices.SortStableFunc(list, func(x, y ranked) int { return cmp.Compare(y.score, x.score) })
	if p.browses() {
		p.browse(list)
	}
	return collapse(list), nil
}

// What the ranking counts with.
const (
	neighbourShare = 0.8 // what a word in the passage before or after is worth
	recentHalfLife = 120 // age in days at which a passage is half as recent
)

// terms analyses a passage, or remembers it.
func (a *Asker) terms(p *Passage) *passageTerms {
	if t, ok := a.analysed.Get(p); ok {
		return t
	}
	t := &passageTerms{text: a.planner.analyzer.Tokens(p.Text), title: a.planner.analyzer.Tokens(p.Source.Title)}
	t.shingles = shingles(t.text)
	a.analysed.Add(p, t)
	return t
}

// compareCandidates measures the features that need the other candidates: coverage with
// weights that tell the candidates apart (what all of them have says nothing), coverage
// with the passages before and after, and how recent each is.
func (p *Plan) compareCandidates(list []ranked, record Record) {
	local, total := p.localWeights(list)
	byID := make(map[string]*matchedPassage, len(list))
	document := map[string]float64{}
	for _, r := range list {
		byID[r.ID] = r.matchedPassage
		document[r.Source.ID] += r.vector[fFirstStage]
	}
	for _, r := range list {
		v := r.vector
		v[fSameDocument] = min(1, (document[r.Source.ID]-v[fFirstStage])/3)
		before := byID[fmt.Sprintf("%s#%d", r.Source.ID, r.Number-1)]
		after := byID[fmt.Sprintf("%s#%d", r.Source.ID, r.Number+1)]
		for i, w := range local {
			around := r.best[i]
			for _, o := range []*matchedPassage{before, after} {
				if o != nil {
					around = max(around, neighbourShare*o.best[i])
				}
			}
			v[fLocalCover] += w * r.best[i] / total
			v[fLocalContext] += w * around / total
			v[fContext] += p.weights[i] * around / p.idf
		}
		for _, s := range r.sentences {
			v[fLocalSentence] = max(v[fLocalSentence], dot(local, s)/total)
		}
		v[fLocalWindow] = p.window(r.matchedPassage, local)
		if p.Latest && !r.Source.Published.IsZero() {
			age := record.Newest.Start().Sub(r.Source.Published.Start()).Hours() / 24
			v[fRecent] = math.Exp2(-max(age, 0) / recentHalfLife)
		}
	}
}

// localWeights weighs the concepts by how few of the candidates have them.
func (p *Plan) localWeights(list []ranked) (local []float64, total float64) {
	local = make([]float64, len(p.concepts))
	for _, r := range list {
		for i, b := range r.best {
			local[i] += b
		}
	}
	for i, n := range local {
		local[i] = math.Log1p((float64(len(list))-n+0.5)/(n+0.5)) * math.Sqrt(p.weights[i])
		total += local[i]
	}
	return local, max(total, 1e-9)
}

// collapse keeps the best of passages with the same text, with the sources of the others.
// Only the first candidates are compared, since no others are shown.
func collapse(list []ranked) []ranked {
	kept := make([]ranked, 0, len(list))
next:
	for i, r := range list {
		if i < maxCompared {
			for k := range kept {
				if similar(r.shingles, kept[k].shingles) {
					if kept[k].Source.ID != r.Source.ID {
						kept[k].also = append(kept[k].also, r.Source)
					}
					continue next
				}
			}
		}
		kept = append(kept, r)
	}
	return kept
}

// Numbers of passages.
const (
	maxShown    = 5  // in an answer
	maxClosest  = 3  // where the record may not answer
	maxRanked   = 10 // in Answer.Ranked
	maxCompared = 3 * maxRanked
)

// Two texts are the same when this share of the shingles of the shorter, its runs of so many
// words, stands in the other.
const (
	shingleWords = 4
	sameText     = 0.7
)

// passageTerms holds what of a passage does not depend on the question.
type passageTerms struct {
	text, title []analysis.Token
	shingles    []uint32
}

// shingles returns the sorted hashes of the shingles of a text; nil for one that is too short
// to be compared.
func shingles(tokens []analysis.Token) []uint32 {
	if len(tokens) < 3*shingleWords {
		return nil
	}
	words := make([]uint32, len(tokens))
	for i, tok := range tokens {
		words[i] = fnvOffset
		for _, c := range []byte(tok.Fold) {
			words[i] = (words[i] ^ uint32(c)) * fnvPrime
		}
	}
	set := make([]uint32, 0, len(tokens))
	for i := range len(words) - shingleWords + 1 {
		h := uint32(fnvOffset)
		for _, w := range words[i : i+shingleWords] {
			h = (h ^ w) * fnvPrime
		}
		set = append(set, h)
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// FNV-1a, 32 bits.
const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// similar reports whether most of the smaller of two sorted sets is in the other.
func similar(a, b []uint32) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 || 2*len(a) < len(b) {
		return false
	}
	return float64(duplicate.Common(a, b)) >= sameText*float64(len(a))
}
