package index

import (
	"math"
	"slices"

	"parley/corpus"
	"parley/index/bm25"
)

// feature is one number by which candidates are compared. All lie in about [0, 1].
type feature int

// The features of a candidate.
const (
	fFirstStage    feature = iota // score of the first stage, as a share of the best candidate's
	fBM25                         // BM25 of the question's own words, as a share of the highest possible
	fBM25Soft                     // the same with alternatives
	fCover                        // share of the question's idf that the passage has word for word (stems)
	fCoverSoft                    // the same with alternatives
	fCoverTitle                   // the same, with the document's title as part of the passage
	fTitle                        // share of the idf that the title has
	fSentence                     // share of the idf in the best sentence
	fSentencePair                 // share of the idf in the best two neighbouring sentences
	fWindow                       // share of the idf in the best windowTokens tokens
	fBigram                       // share of neighbouring concepts that stand together in order
	fPairs                        // nearness of neighbouring concepts
	fExact                        // share of the idf in the very form of the question
	fMissTop                      // the highest idf that is missing, as a share of the highest asked
	fMissName                     // share of the names and numbers asked that are missing
	fRepeats                      // how often the concepts are repeated, saturated
	fLength                       // length of the passage, logarithmic
	fWho                          // asked who: a name in the best sentence
	fWhen                         // asked when: a date
	fWhere                        // asked where: a name after a preposition
	fHowMany                      // asked how many: a number
	fWhy                          // asked why: a reason
	fAnswerNear                   // the typed answer stands near the concepts
	fNewName                      // names not in the question, near the concepts
	fNewNumber                    // numbers not in the question
	fActor                        // share of the actors asked about that the passage names
	fSpeaker                      // an actor asked about says the best sentence
	fTopic                        // share of the topics asked about
	fBrief                        // a brief
	fDedicated                    // a short document, about one thing
	fShortDocument                // number of passages in its document, logarithmic
	fFirstPassage                 // near the beginning of its document
	fAsks                         // the best sentence is itself a question
	fPeriod                       // published in the time asked about
	fRecent                       // how recent, where the latest is asked for
	fStanceSaid                   // asked for a stance: the best sentence has a speaker
	fVoice                        // an actor asked about speaks in the passage
	fVoiceOnly                    // the same, where nothing else is asked
	fSameDocument                 // other candidates of the same document
	fLocalCover                   // like fCoverSoft, with the idf among the candidates
	fLocalSentence                // like fSentence, with the idf among the candidates
	fLocalWindow                  // like fWindow, with the idf among the candidates
	fContext                      // like fCoverSoft, with the passages before and after
	fLocalContext                 // the same, with the idf among the candidates
	fHead                         // the noun that says what is asked for
	fNames                        // share of the idf that is matched names
	fBigramAll                    // shared word pairs, stop words included
	fTrigramAll                   // shared word triples, stop words included
	fSide                         // names a party to the conflict
	fAge                          // years before the newest document, logarithmic; 0 without a date
	fUnit                         // asked how long, how much: a number with a unit
	fBM25Flat                     // BM25 that does not normalise length
	numFeatures
)

var featureNames = [numFeatures]string{
	"first-stage", "bm25", "bm25-soft", "cover", "cover-soft", "cover-title", "title", "sentence", "sentence-pair",
	"window", "bigram", "pairs", "exact", "miss-top", "miss-name", "repeats", "length",
	"who", "when", "where", "how-many", "why",
	"answer-near", "new-name", "new-number", "actor", "speaker", "topic", "brief", "dedicated", "short-document",
	"first-passage", "asks", "period", "recent", "stance-said", "voice", "voice-only", "same-document",
	"local-cover", "local-sentence", "local-window", "context", "local-context", "head", "names",
	"bigram-all", "trigram-all", "side", "age", "unit", "bm25-flat",
}

// vector holds the features of a candidate.
type vector [numFeatures]float64

// features measures a passage by itself; Plan.compareCandidates adds the other features.
func (p *Plan) features(r *matchedPassage) *vector {
	var v vector
	p.bm25(r, &v)
	p.ngrams(r, &v)
	p.coverage(r, &v)
	p.closeness(r, &v)
	p.answerType(r, &v)
	p.aboutness(r, &v)
	return &v
}

// averageTerms is the length of a passage, in terms, at which BM25 normalises nothing.
const averageTerms = 45

// bm25 scores the passage by the question's own words, and by alternatives too.
func (p *Plan) bm25(r *matchedPassage, v *vector) {
	own, soft, flat := 0.0, 0.0, 0.0
	freq := make([]float64, len(p.concepts))
	freqSoft := make([]float64, len(p.concepts))
	for _, m := range r.matches {
		if m.weight == 1 {
			freq[m.concept]++
		}
		freqSoft[m.concept] += m.weight
	}
	for i, c := range p.concepts {
		if freq[i] > 0 {
			own += c.idf * bm25.TF(freq[i], float64(r.terms), averageTerms)
			flat += c.idf * bm25.TF(freq[i], averageTerms, averageTerms)
		}
		if freqSoft[i] > 0 {
			soft += c.idf * r.best[i] * bm25.TF(freqSoft[i]/r.best[i], float64(r.terms), averageTerms)
		}
	}
	most := p.idf * bm25.MaxTF
	v[fBM25], v[fBM25Soft], v[fBM25Flat] = own/most, soft/most, flat/most
}

// coverage measures how much of what was asked the passage has.
func (p *Plan) coverage(r *matchedPassage, v *vector) {
	exact := make([]bool, len(p.concepts))
	count := make([]float64, len(p.concepts))
	for _, m := range r.matches {
		c := p.concepts[m.concept]
		sameForm := m.weight == 1 && c.to > c.from &&
			r.tokens[m.at].Fold == p.tokens[c.from].Fold && r.tokens[m.to-1].Fold == p.tokens[c.to-1].Fold
		exact[m.concept] = exact[m.concept] || sameForm
		count[m.concept] += m.weight
	}
	names, missNames, missTop := 0.0, 0.0, 0.0
	for i, c := range p.concepts {
		best, title := r.best[i], r.title[i]
		if best == 1 {
			v[fCover] += c.idf
		}
		v[fCoverSoft] += c.idf * best
		v[fCoverTitle] += c.idf * max(best, title)
		v[fTitle] += c.idf * title
		if exact[i] {
			v[fExact] += c.idf
		}
		v[fRepeats] += c.idf * (1 - math.Exp(-count[i]/2))
		if c.head {
			v[fHead] = max(v[fHead], best)
		}
		missTop = max(missTop, c.idf*(1-max(best, title)))
		if c.name || c.number {
			v[fNames] += c.idf * best / p.idf
			names += c.idf
			missNames += c.idf * (1 - max(best, title))
		}
	}
	for _, f := range []feature{fCover, fCoverSoft, fCoverTitle, fTitle, fExact, fRepeats} {
		v[f] /= p.idf
	}
	v[fMissTop] = missTop / p.maxIDF
	if names > 0 {
		v[fMissName] = missNames / names
	}
	v[fLength] = math.Log1p(float64(r.terms)) / math.Log(200)
	previous := make([]float64, len(p.concepts))
	for _, s := range r.sentences {
		one, two := 0.0, 0.0
		for i, c := range p.concepts {
			one += c.idf * s[i]
			two += c.idf * max(s[i], previous[i])
		}
		v[fSentence] = max(v[fSentence], one/p.idf)
		v[fSentencePair] = max(v[fSentencePair], two/p.idf)
		previous = s
	}
}

// closeness measures how near to each other the passage has what was asked.
func (p *Plan) closeness(r *matchedPassage, v *vector) {
	v[fWindow] = p.window(r, p.weights)
	if len(p.concepts) < 2 {
		v[fBigram], v[fPairs] = v[fSentence], v[fSentence]
		return
	}
	total := 0.0
	for i := range len(p.concepts) - 1 {
		weight := p.concepts[i].idf + p.concepts[i+1].idf
		total += weight
		near, together := nearest(r.matches, i, i+1)
		v[fPairs] += weight * near
		v[fBigram] += weight * together
	}
	v[fPairs] /= total
	v[fBigram] /= total
}

// nearest is how near two concepts stand: 1 next to each other, falling with the
// tokens between; together counts only the order of the question.
func nearest(matches []match, a, b int) (near, together float64) {
	for i, x := range matches {
		if x.concept != a && x.concept != b {
			continue
		}
		for _, y := range matches[i+1:] {
			if y.concept == x.concept || y.concept != a && y.concept != b {
				continue
			}
			gap := float64(max(0, y.at-x.to))
			if y.at < x.to {
				break // the same words match both
			}
			w := x.weight * y.weight
			near = max(near, w/(1+gap/4))
			if x.concept == a && gap <= 2 {
				together = max(together, w)
			}
			break
		}
	}
	return near, together
}

// window is the greatest share of the idf within windowTokens tokens.
func (p *Plan) window(r *matchedPassage, weights []float64) float64 {
	most, total := 0.0, 0.0
	for _, w := range weights {
		total += w
	}
	best := make([]float64, len(p.concepts))
	for i, first := range r.matches {
		clear(best)
		sum := 0.0
		for _, m := range r.matches[i:] {
			if m.at-first.at >= windowTokens {
				break
			}
			if m.weight > best[m.concept] {
				sum += weights[m.concept] * (m.weight - best[m.concept])
				best[m.concept] = m.weight
			}
		}
		most = max(most, sum)
	}
	return most / max(total, 1e-9)
}

// aboutness measures what the passage is about, who speaks in it, and its source and date.
func (p *Plan) aboutness(r *matchedPassage, v *vector) {
	v[fActor] = share(p.Actors, r.Actors)
	v[fTopic] = share(p.Topics, r.Topics)
	best := r.top
	for _, s := range r.Attributions {
		if s.Sentence == best && intersects(p.Actors, s.Actors) {
			v[fSpeaker] = 1
		}
		if s.Sentence == best && p.Kind == Stance && len(s.Actors) > 0 {
			v[fStanceSaid] = 1
		}
	}
	if intersects(p.Actors, r.Speakers()) {
		v[fVoice], v[fVoiceOnly] = 1, truth(!p.plain)
	}
	v[fSide] = truth(intersects(p.sides, r.Actors))
	if published := r.Source.Published; !published.IsZero() {
		years := max(0, p.newest.Sub(published.Start()).Hours()/24/365.25)
		v[fAge] = math.Log1p(years) / math.Log1p(25)
	}
	v[fBrief] = truth(r.Source.IsBrief())
	v[fDedicated] = truth(slices.Contains(r.SourceKinds, SourceDedicated))
	v[fShortDocument] = math.Log1p(float64(r.Of)) / math.Log(400)
	v[fFirstPassage] = 1 / float64(1+r.Number)
	if s := r.Sentences[best]; s.Len() > 0 && r.Text[s.End-1] == '?' {
		v[fAsks] = 1
	}
	if !p.Period.IsZero() {
		v[fPeriod] = truth(p.Period.MayHold(r.Source.Published))
	}
}

// ngrams counts the runs of words, stop words included, that the passage shares with the question.
func (p *Plan) ngrams(r *matchedPassage, v *vector) {
	n := len(p.tokens)
	if n < 3 {
		return
	}
	two, three := make([]bool, n), make([]bool, n)
	for i := range r.tokens[:max(0, len(r.tokens)-1)] {
		for _, j := range p.positions[r.tokens[i].Fold] {
			if j+1 >= n || p.tokens[j+1].Fold != r.tokens[i+1].Fold {
				continue
			}
			two[j] = true
			if j+2 < n && i+2 < len(r.tokens) && p.tokens[j+2].Fold == r.tokens[i+2].Fold {
				three[j] = true
			}
		}
	}
	for j := range n {
		v[fBigramAll] += truth(two[j]) / float64(n-1)
		v[fTrigramAll] += truth(three[j]) / float64(n-2)
	}
}

// ranked is a candidate as the ranking sees it.
type ranked struct {
	*matchedPassage
	vector   *vector
	score    float64
	shingles []uint32
	also     []corpus.Source // with the same text
}

// answerType looks in the passage for what can answer a question of this kind: a date for
// when, a number for how many, a name for who and where.
func (p *Plan) answerType(r *matchedPassage, v *vector) {
	best := r.top
	for i := range r.tokens {
		if r.asked[i] {
			continue
		}
		inBest := 0.0 // half beside the best sentence
		switch r.sentenceOf[i] - best {
		case 0:
			inBest = 1
		case -1, 1:
			inBest = 0.5
		}
		if isNumber(r.tokens[i]) {
			v[fNewNumber] = max(v[fNewNumber], inBest)
		}
		if r.isName(i) {
			v[fNewName] = max(v[fNewName], r.nearness(i))
		}
		if !p.canAnswer(r, i) {
			continue
		}
		v[fAnswerNear] = max(v[fAnswerNear], r.nearness(i))
		switch p.Kind {
		case Who:
			v[fWho] = max(v[fWho], inBest)
		case When:
			v[fWhen] = max(v[fWhen], inBest)
		case Where:
			v[fWhere] = max(v[fWhere], inBest)
		case Why:
			v[fWhy] = max(v[fWhy], inBest)
		case HowMany:
			v[fHowMany] = max(v[fHowMany], inBest)
			if r.hasUnit(i) {
				v[fUnit] = max(v[fUnit], inBest)
			}
		}
	}
}
