package index

import (
	"slices"

	"parley/corpus/words"
	"parley/index/analysis"
)

// QuestionKind is the kind of answer that a question asks for.
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

// byNoun tells the kind by the noun after "what" or "which", or the word after "how".
var byNoun = byWord(map[QuestionKind]string{
	When: `year month day date century decade deadline soon recently`,
	HowMany: `many much percent percentage number amount share proportion long often far large big old tall high deep
fast price cost figure size population`,
	Where: `city country place location town state region continent capital`,
	Who:   `person leader president minister countries company group organization`,
})

// foreignKinds are the question words of Ukrainian and Russian, which tell the kind by themselves.
var foreignKinds = byWord(map[QuestionKind]string{
	Who:     `хто кого кто`,
	When:    `коли когда`,
	Where:   `де куди где куда`,
	Why:     `чому почему зачем`,
	HowMany: `скільки сколько`,
})

func byWord(lists map[QuestionKind]string) map[string]QuestionKind {
	kinds := map[string]QuestionKind{}
	for kind, list := range lists {
		for word := range words.Set(list) {
			kinds[word] = kind
		}
	}
	return kinds
}

// stanceWords make a question one for a position.
var stanceWords = words.Set(`want wants demand demands stance stand stands position view views think thinks
support supports oppose opposes accept accepts reject rejects agree agrees
insist insists willing ready ok okay favour favor worry worried believe believes say says said
хоче хочуть каже кажуть говорить говорять сказав сказала сказали думає думають позиція позицію
хочет хотят говорит говорят сказал сказала сказали думает думают позиция позицию`)

// compareWords make a question one for two positions.
var compareWords = words.Set(`compare compared versus vs differ differs difference differences apart respectively`)

// kindOf reads the kind off the question's words, of which some have been translated.
func kindOf(tokens []analysis.Token, english map[int][]string) QuestionKind {
	tokens = slices.Clone(tokens)
	for i, said := range english {
		tokens[i].Fold = said[0]
	}
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
			kind = byNoun[next]
		}
	}
	for _, tok := range tokens {
		stands := tok.Fold == "stand" || tok.Fold == "stands"
		if kind == Where && stands || kind == What && stanceWords[tok.Fold] {
			return Stance
		}
	}
	if kind == What && len(tokens) > 0 && opensYesNo[tokens[0].Fold] {
		return YesNo
	}
	return kind
}

// opensYesNo are the first words of a question for yes or no.
var opensYesNo = words.Set(`is are was were do does did has have had will would can could should may might
isnt didnt wont чи разве`)

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

// asksForNews reports whether the question asks what is new.
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
var addressing = words.Set(`you your yours yourself youre ur me my im ignore pretend forget prompt instructions
bot chatbot ai`)

// addressesBot reports whether the question speaks to the bot.
func (p *Plan) addressesBot() bool {
	return slices.ContainsFunc(p.tokens, func(t analysis.Token) bool { return addressing[t.Fold] })
}

// compares reports whether a question sets actors against each other by name.
func (p *Plan) compares() bool { return p.Kind == Compare && len(p.Actors) > 1 && !p.Latest }

// disputed reports whether a question is about a dispute and names no actor:
// then no actor's word may stand alone.
func (p *Plan) disputed() bool {
	return len(p.Topics) > 0 && len(p.Actors) == 0 && !p.Latest &&
		(p.Kind == What || p.Kind == Stance || p.Kind == Compare || p.Kind == YesNo)
}
