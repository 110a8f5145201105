package index

import (
	"slices"

	"parley/corpus/words"
	"parley/index/analysis"
)

// Kind is the kind of answer that a question asks for.
type QuestionKind uint8

// The kinds of question.
const (
	What QuestionKind = iota // anything not below
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

func (k QuestionKind) String() string { return kindNames[k] }

// wantsByNoun tells the kind by the noun after "what" or "which", or after "how".
var wantsByNoun = map[string]QuestionKind{
	"year": When, "month": When, "day": When, "date": When, "century": When, "decade": When, "deadline": When, "soon": When, "recently": When,
	"many": HowMany, "much": HowMany, "percent": HowMany, "percentage": HowMany, "number": HowMany, "amount": HowMany, "share": HowMany,
	"proportion": HowMany, "long": HowMany, "often": HowMany, "far": HowMany, "large": HowMany, "big": HowMany, "old": HowMany, "tall": HowMany,
	"high": HowMany, "deep": HowMany, "fast": HowMany, "price": HowMany, "cost": HowMany, "figure": HowMany, "size": HowMany, "population": HowMany,
	"city": Where, "country": Where, "place": Where, "location": Where, "town": Where, "state": Where, "region": Where, "continent": Where, "capital": Where,
	"person": Who, "leader": Who, "president": Who, "minister": Who, "countries": Who, "company": Who, "group": Who, "organization": Who,
}

// foreignKinds are the question words of Ukrainian and Russian that tell the kind by themselves.
var foreignKinds = map[string]QuestionKind{
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
func kindOf(tokens []analysis.Token) QuestionKind {
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

// asksNumber reports whether a word is the "many" or "much" of "how many".
func (p *Plan) asksNumber(tok analysis.Token) bool {
	return p.Kind == HowMany && (tok.Fold == "many" || tok.Fold == "much")
}

// head is the noun that says what is asked for: the first content word after
// "what", "which" or "how"; -1 if there is none.
func (p *Plan) head() int {
	for i, tok := range p.tokens {
		if tok.Fold != "what" && tok.Fold != "which" && tok.Fold != "how" && tok.Fold != "whats" {
			continue
		}
		for j := i + 1; j < len(p.tokens) && j <= i+2; j++ {
			if tok := p.tokens[j]; tok.Term != "" && !p.asksNumber(tok) {
				return j
			}
		}
	}
	return -1
}

// newsWords are the stems by which one asks what is new. Words of Ukrainian and
// Russian are their own stems.
var newsWords = words.Set(`chang new news updat happen latest
нове нового новини новин сталося відбулося трапилося відбувається змінилося
новое новости новостей случилось произошло происходит изменилось`)

func (p *Plan) asksForNews() bool {
	return slices.ContainsFunc(p.tokens, func(t analysis.Token) bool { return newsWords[t.Term] })
}

// browses reports whether the question is open and has nothing but actors, topics and dates.
func (p *Plan) browses() bool {
	open := p.Kind == What || p.compares() || p.Kind == Stance && !opensYesNo[p.tokens[0].Fold]
	if !open || p.plain || p.addressesBot() {
		return false
	}
	return len(p.Actors) > 0 || len(p.Topics) > 0 || !p.Period.IsZero() || p.asksForNews()
}

// addressing are the words by which a question speaks to the bot, not about the record.
var addressing = words.Set("you your yours yourself youre ur me my im ignore pretend forget prompt instructions bot chatbot ai")

// addresses reports whether the question speaks to the bot.
func (p *Plan) addressesBot() bool {
	return slices.ContainsFunc(p.tokens, func(t analysis.Token) bool { return addressing[t.Fold] })
}

// compares reports whether a question sets actors against each other by name.
func (p *Plan) compares() bool { return p.Kind == Compare && len(p.Actors) > 1 && !p.Latest }

// disputed reports whether a question is about a dispute and names no actor:
// then no actor's word may stand alone.
func (p *Plan) disputed() bool {
	return len(p.Topics) > 0 && len(p.Actors) == 0 && !p.Latest && (p.Kind == What || p.Kind == Stance || p.Kind == Compare || p.Kind == YesNo)
}
