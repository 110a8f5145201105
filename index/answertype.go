package index

import (
	"slices"
	"strings"
	"time"

	"parley/corpus/calendar"
	"parley/corpus/words"
	"parley/index/analysis"
)

// canAnswer reports whether token i can be the answer to a question of the plan's kind.
func (p *Plan) canAnswer(r *matchedPassage, i int) bool {
	switch p.Kind {
	case Who:
		return r.isName(i)
	case When:
		return isDate(r.tokens[i])
	case Where:
		return r.isName(i) &&
			(i > 0 && wherePrepositions[r.tokens[i-1].Fold] || i > 1 && wherePrepositions[r.tokens[i-2].Fold])
	case HowMany:
		return isNumber(r.tokens[i])
	case Why:
		return reasonWords[r.tokens[i].Fold]
	}
	return false
}

// isName reports whether token i is written as a name.
func (r *matchedPassage) isName(i int) bool {
	return isName(r.tokens[i], i == 0 || r.sentenceOf[i-1] != r.sentenceOf[i])
}

// hasUnit reports whether a number is one of something: "20 percent", "$5".
func (r *matchedPassage) hasUnit(i int) bool {
	return i+1 < len(r.tokens) && units[r.tokens[i+1].Fold] || strings.HasSuffix(r.Text[:r.tokens[i].Start], "$")
}

// windowTokens is the width in tokens, stop words included, in which words count as standing
// together.
const windowTokens = 16

// nearness is the share of the question that stands near a token, weighed by distance.
func (r *matchedPassage) nearness(at int) float64 {
	best := 0.0
	for _, m := range r.matches {
		d := m.at - at
		if d < 0 {
			d = -d
		}
		if d <= windowTokens && r.sentenceOf[m.at] == r.sentenceOf[at] {
			best = max(best, m.weight/(1+float64(d)/4))
		}
	}
	return best
}

var wherePrepositions = words.Set("in at near from to of outside around across")

var reasonWords = words.Set(`because since due as so reason reasons cause caused causes order therefore thus result
owing fear fearing`)

// timeWords are the names of months and of days, and units of time.
var timeWords = func() map[string]bool {
	set := words.Set(`yesterday today tomorrow day days week weeks month months year years decade century
spring summer autumn winter`)
	for name := range calendar.Months(calendar.Full|calendar.Short, calendar.English) {
		set[name] = true
	}
	for day := range time.Saturday + 1 {
		set[strings.ToLower(day.String())] = true
	}
	return set
}()

var numberWords = words.Set(`one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand
thousands million millions billion billions trillion half third quarter dozen dozens twice double percent`)

func isNumber(tok analysis.Token) bool {
	return tok.Text[0] >= '0' && tok.Text[0] <= '9' || numberWords[tok.Fold]
}

// isDate reports whether a token can be part of a date: a year, a month, a unit of time.
func isDate(tok analysis.Token) bool {
	f := tok.Fold
	if len(f) == 4 && slices.Contains([]string{"17", "18", "19", "20"}, f[:2]) && f[2] >= '0' && f[2] <= '9' {
		return true
	}
	return timeWords[f] && f != "may" || tok.Text == "May" || len(f) <= 2 && f[0] >= '0' && f[0] <= '9'
}

var units = words.Set(`percent km kilometres kilometers miles mile metres meters feet foot inches mm cm hours hour
minutes seconds days weeks months years year million billion trillion thousand hundred dollars euros pounds degrees
tonnes tons kg square people troops soldiers prisoners`)
