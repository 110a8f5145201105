package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"parley/corpus"
	"parley/corpus/duplicate"
	"parley/index/analysis"
)

// candidates is how many passages of a record the first stage hands to the ranking: of a
// large one more, since more of what has the words is about other things.
func candidates(r Record) int {
	const (
		few, many = 60, 100
		large     = 100_000 // passages
	)
	if r.Passages > large {
		return many
	}
	return few
}

// averageTerms is the passage length at which BM25 in the ranking normalises nothing.
const averageTerms = 45

// ranked is a candidate as the ranking sees it.
type ranked struct {
	*reading
	vector *vector
	score  float64
	also   []corpus.Source // with the same text

	shingles []uint32
}

// rank finds and orders the passages for a plan, the same text once.
func (a *Asker) rank(ctx context.Context, snap Snapshot, p *Plan, skip func(*Passage) bool) ([]ranked, error) {
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
		r := p.read(c.Passage, t.text, t.title)
		v := p.features(r, averageTerms)
		v[fFirstStage] = c.score / found[0].score
		list = append(list, ranked{reading: r, vector: v, shingles: t.shingles})
	}
	p.compareCandidates(list, snap.Record())
	for i := range list {
		list[i].score = a.model.score(list[i].vector)
	}
	slices.SortStableFunc(list, func(x, y ranked) int { return cmp.Compare(y.score, x.score) })
	if p.browses() {
		p.browse(list)
	}
	return collapse(list), nil
}

// scored is a passage with its score in the first stage.
type scored struct {
	*Passage
	score float64
}

// tieRoom is how many passages beyond the last are looked at that may score the same.
const tieRoom = 10

// firstStage fetches the candidates, best first. Passages of the same score are in
// the order of their ids: an engine's own order may differ from build to build.
func firstStage(ctx context.Context, snap Snapshot, p *Plan) ([]scored, error) {
	wanted := candidates(snap.Record())
	found, err := snap.Search(ctx, p.clauses(), wanted+tieRoom)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	n := min(wanted, len(found))
	for n > 0 && n < len(found) && found[n].Score == found[wanted-1].Score {
		n++
	}
	if n == wanted+tieRoom && (found[0].Score > found[n-1].Score || !p.browses()) {
		// More may score the same: all that do are left out, for which of them were found is
		// chance. Where that is all, no word of the question was found anywhere.
		for n > 0 && found[n-1].Score == found[wanted-1].Score {
			n--
		}
	}
	list := make([]scored, n)
	for i, c := range found[:n] {
		passage, err := snap.Passage(c.Ref)
		if err != nil {
			return nil, err
		}
		list[i] = scored{passage, c.Score}
	}
	slices.SortFunc(list, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ID, b.ID)) })
	return list[:min(wanted, n)], nil
}

// passageTerms are what of a passage does not depend on the question.
type passageTerms struct {
	text, title []analysis.Token
	shingles    []uint32 // sorted hashes of the runs of shingleWords words
}

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

// compareCandidates measures what needs the other candidates: coverage with the
// weights that tell these apart (what all of them have says nothing), with the
// passages around, and how recent each is.
func (p *Plan) compareCandidates(list []ranked, record Record) {
	local, total := p.localWeights(list)
	byID := make(map[string]*reading, len(list))
	document := map[string]float64{}
	for _, r := range list {
		byID[r.ID] = r.reading
		document[r.Source.ID] += r.vector[fFirstStage]
	}
	for _, r := range list {
		v := r.vector
		v[fSameDocument] = min(1, (document[r.Source.ID]-v[fFirstStage])/3)
		before, after := byID[passageID(r.Source.ID, r.Number-1)], byID[passageID(r.Source.ID, r.Number+1)]
		for i, w := range local {
			around := r.best[i]
			for _, o := range []*reading{before, after} {
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
		v[fLocalWindow] = p.window(r.reading, local)
		if p.Latest && !r.Source.Published.IsZero() {
			age := record.Newest.Start().Sub(r.Source.Published.Start()).Hours() / 24
			v[fRecent] = math.Exp2(-max(age, 0) / recentHalfLife)
		}
	}
}

// neighbourShare is what a word in the passage before or after is worth.
const neighbourShare = 0.8

// recentHalfLife is the age in days at which a passage is half as recent.
const recentHalfLife = 120

func passageID(doc string, n int) string { return fmt.Sprintf("%s#%d", doc, n) }

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

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// Two passages are the same text when this share of the shingles of the shorter
// stands in the other. Only the first candidates are compared: no others are shown.
const (
	shingleWords = 4
	sameText     = 0.7
	maxCompared  = 3 * maxRanked
)

// collapse keeps of passages with the same text the best, with the sources of the others.
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

// FNV-1a, 32 bits.
const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// shingles are the sorted hashes of all runs of shingleWords words; nil for a text
// too short to be compared.
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
