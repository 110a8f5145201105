package index

import (
	"slices"

	"parley/corpus/words"
	"parley/index/analysis"
)

// Kind is the kind of answer that a question asks for.
type Kind uint8

// The kinds of question.
const (
	What Kind = iota // anything not below
	Who
	When
	Where
	HowMany
	Why
	YesNo
	Stance
	Compare
)

var kindNames = [...]string{"what", "who", "when", "where", "how many", "why", "yes or no", "stance", "compare"}

func (k Kind) String() string { return kindNames[k] }

// wantsByNoun tells the kind by the noun after "what" or "which", or after "how".
var wantsByNoun = map[string]Kind{
	"year": When, "month": When, "day": When, "date": When, "century": When, "decade": When, "deadline": When, "soon": When, "recently": When,
	"many": HowMany, "much": HowMany, "percent": HowMany, "percentage": HowMany, "number": HowMany, "amount": HowMany, "share": HowMany,
	"proportion": HowMany, "long": HowMany, "often": HowMany, "far": HowMany, "large": HowMany, "big": HowMany, "old": HowMany, "tall": HowMany,
	"high": HowMany, "deep": HowMany, "fast": HowMany, "price": HowMany, "cost": HowMany, "figure": HowMany, "size": HowMany, "population": HowMany,
	"city": Where, "country": Where, "place": Where, "location": Where, "town": Where, "state": Where, "region": Where, "continent": Where, "capital": Where,
	"person": Who, "leader": Who, "president": Who, "minister": Who, "countries": Who, "company": Who, "group": Who, "organization": Who,
}

// foreignKinds are the question words of Ukrainian and Russian that tell the kind by themselves.
var foreignKinds = map[string]Kind{
	"хто": Who, "кого": Who, "кто": Who, "коли": When, "когда": When, "де": Where, "куди": Where, "где": Where, "куда": Where,
	"чому": Why, "почему": Why, "зачем": Why, "скільки": HowMany, "сколько": HowMany,
}

// stanceWords make a question one for a position.
var stanceWords = words.Set(`want wants demand demands stance stand stands position view views think thinks support supports oppose opposes accept accepts reject rejects agree agrees
insist insists willing ready ok okay favour favor worry worried believe believes say says said
хоче хочуть каже кажуть говорить говорять сказав сказала сказали думає думають позиція позицію
хочет хотят говорит говорят сказал сказала сказали думает думают позиция позицию`)

// compareWords make a question one for two positions.
var compareWords = words.Set(`compare compared versus vs differ differs difference differences apart respectively`)

// kindOf reads the kind off the question's words.
func kindOf(tokens []analysis.Token) Kind {
	kind := What
	for i, tok := range tokens {
		next := ""
		if i+1 < len(tokens) {
			next = tokens[i+1].Fold
		}
		switch {
		case compareWords[tok.Fold]:
			return Compare
		case kind != What:
			continue
		case foreignKinds[tok.Fold] != What:
			kind = foreignKinds[tok.Fold]
		case tok.Fold == "who" || tok.Fold == "whom" || tok.Fold == "whose" || tok.Fold == "whos":
			kind = Who
		case tok.Fold == "when":
			kind = When
		case tok.Fold == "where" || tok.Fold == "wheres":
			kind = Where
		case tok.Fold == "why":
			kind = Why
		case slices.Contains([]string{"what", "which", "how", "whats"}, tok.Fold):
			kind = wantsByNoun[next]
		}
	}
	if kind == Where && slices.ContainsFunc(tokens, func(t analysis.Token) bool { return t.Fold == "stand" || t.Fold == "stands" }) {
		return Stance
	}
	if kind == What && slices.ContainsFunc(tokens, func(t analysis.Token) bool { return stanceWords[t.Fold] }) {
		return Stance
	}
	if kind == What && len(tokens) > 0 && opensYesNo[tokens[0].Fold] {
		return YesNo
	}
	return kind
}

// opensYesNo are the first words of a question for yes or no.
var opensYesNo = words.Set(`is are was were do does did has have had will would can could should may might isnt didnt wont чи разве`)
