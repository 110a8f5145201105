package index

import (
	"strings"

	"parley/index/analysis"
)

// answerType looks in the passage for what can be the answer to such a
// question: a date for when, a number for how many, a name for who and where.
func (p *Plan) answerType(r *reading, v *vector) {
	best := r.topSentence(p)
	for i, tok := range r.tokens {
		if r.asked[i] {
			continue
		}
		s := r.sentenceOf[i]
		inBest := truth(s == best)*0.5 + 0.5*truth(s == best || s == best+1 || s == best-1)
		near := r.nearness(i)
		first := i == 0 || r.sentenceOf[i-1] != s
		number, date, name := isNumber(tok), isDate(tok), isName(tok, first)
		if number {
			v[fNewNumber] = max(v[fNewNumber], inBest)
		}
		if name {
			v[fNewName] = max(v[fNewName], near)
		}
		hit := false
		switch p.Kind {
		case Who:
			hit = name
			v[fWho] = max(v[fWho], truth(name)*inBest)
		case When:
			hit = date
			v[fWhen] = max(v[fWhen], truth(date)*inBest)
		case Where:
			hit = name && i > 0 && wherePrepositions[r.tokens[i-1].Fold] || name && i > 1 && wherePrepositions[r.tokens[i-2].Fold]
			v[fWhere] = max(v[fWhere], truth(hit)*inBest)
		case HowMany:
			hit = number
			if number && i+1 < len(r.tokens) && units[r.tokens[i+1].Fold] || number && tok.Start > 0 && strings.HasSuffix(r.Text[:tok.Start], "$") {
				v[fUnit] = max(v[fUnit], inBest)
			}
			v[fHowMany] = max(v[fHowMany], truth(number)*inBest)
		case Why:
			hit = reasonWords[tok.Fold]
			v[fWhy] = max(v[fWhy], truth(hit)*inBest)
		}
		if hit {
			v[fAnswerNear] = max(v[fAnswerNear], near)
		}
	}
}

// nearness is how much of the question stands near a token, by distance.
func (r *reading) nearness(at int) float64 {
	best := 0.0
	for _, pl := range r.places {
		d := pl.at - at
		if d < 0 {
			d = -d
		}
		if d <= windowTokens && r.sentenceOf[pl.at] == r.sentenceOf[at] {
			best = max(best, pl.weight/(1+float64(d)/4))
		}
	}
	return best
}

var wherePrepositions = setOf("in at near from to of outside around across")

var reasonWords = setOf("because since due as so reason reasons cause caused causes order therefore thus result owing fear fearing")

var months = setOf(`january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday
yesterday today tomorrow week weeks month months day days year years decade century spring summer autumn winter`)

var numberWords = setOf(`one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions
trillion half third quarter dozen dozens twice double percent`)

func isNumber(tok analysis.Token) bool {
	return tok.Text[0] >= '0' && tok.Text[0] <= '9' || numberWords[tok.Fold]
}

// isDate reports whether a token can be part of a date: a year, a month, a unit of time.
func isDate(tok analysis.Token) bool {
	f := tok.Fold
	if len(f) == 4 && (f[:2] == "19" || f[:2] == "20" || f[:2] == "18" || f[:2] == "17") && f[2] >= '0' && f[2] <= '9' {
		return true
	}
	return months[f] && f != "may" || tok.Text == "May" || len(f) <= 2 && f[0] >= '0' && f[0] <= '9'
}

func setOf(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var units = setOf(`percent km kilometres kilometers miles mile metres meters feet foot inches mm cm hours hour minutes seconds days weeks months years year
million billion trillion thousand hundred dollars euros pounds degrees tonnes tons kg square people troops soldiers prisoners`)
