package index

import (
	"slices"
	"time"

	"parley/corpus/words"
	"parley/index/analysis"
	"parley/index/when"
)

// A follow-up leaves out what the question before has said. It says who speaks or acts ("and
// Russia?"), what about ("what about sanctions?", "and on NATO?") or when ("since March?").
// That takes the place of its like in the question before; the rest is kept.

// Words that point back to the question before: to any of it, to who acts, to whom
// something is done.
var (
	leaning = words.Set(`it that this they them those these he she him her his their there then so
він вона вони воно його її їх це тоді там нього неї них он она они оно его ее её их это тогда него нее неё`)
	leaningSubject = words.Set("he she they він вона вони он она они")
	leaningWhom    = words.Set("him her them нього неї них его него нее неё")
)

// reacting are the words by which it is asked what somebody made of the question before:
// "how did the Kremlin react?".
var reacting = words.Set(`react reacted reaction respond responded response reply replied comment commented
відреагував відреагувала відреагували відповів відповіла відповіли реакція прокоментував
отреагировал отреагировала отреагировали ответил ответила ответили реакция прокомментировал`)

// reacts reports whether the question asks what somebody made of the question before.
func (p *Plan) reacts() bool {
	return slices.ContainsFunc(p.tokens, func(t analysis.Token) bool { return reacting[t.Fold] })
}

// Words that open a follow-up: alone, and before one of "about".
var (
	opening = words.Set("and but а і й та але и но")
	asking  = words.Set("what how а що как что")
	about   = words.Set("about щодо насчет насчёт стосовно")
)

// objecting are the words after which a name is one whom the question is about, not one who
// speaks or acts.
var objecting = words.Set(`about on to with against toward towards regarding concerning over into between for
про щодо стосовно до з із проти між о об с к против между насчет насчёт относительно`)

// Words that ask for more of what was found, and words beside them.
var (
	moreWords  = words.Set("more else next further continue ще еще ещё далі дальше продовжуй продолжай наступні следующие")
	besideMore = words.Set(`what anything something show me give tell some any please results passages is there the and ones
що шось щось покажи дай мені є і та будь ласка что покажи дай мне есть и пожалуйста`)
)

// asksForMore reports whether a question asks for nothing but more: "more", "what else?", "ще".
func asksForMore(tokens []analysis.Token) bool {
	more := false
	for _, tok := range tokens {
		switch {
		case moreWords[tok.Fold]:
			more = true
		case !besideMore[tok.Fold]:
			return false
		}
	}
	return more
}

// nextPage is the plan of a question for more of the same.
func (p *Plan) nextPage() *Plan {
	next := *p
	next.page++
	return &next
}

// monthsAround is how far from the period before a month without a year may lie.
const monthsAround = 6

// dating is the moment from which the dates of a question count: now, or near the period of
// the question before, if a month is named without its year.
func (q Question) dating(tokens []analysis.Token) time.Time {
	if q.Previous == nil || q.Previous.Period.IsZero() || !when.LacksYear(tokens) {
		return q.Now
	}
	end := q.Previous.Period.Until
	if end.IsZero() {
		return q.Now
	}
	if near := end.AddDate(0, monthsAround, -1); near.Before(q.Now) {
		return near
	}
	return q.Now
}

// isFollowUp reports whether a question leans on the one before: "and Russia?",
// "why?", "what about sanctions?", "since March?", "did they agree?".
func isFollowUp(p *Plan) bool {
	content := 0
	for _, tok := range p.tokens {
		if tok.Term != "" {
			content++
		}
	}
	if len(p.tokens) == 0 || content > 4 || p.addressesBot() {
		return false
	}
	if !p.Period.IsZero() && !slices.ContainsFunc(p.concepts, func(c concept) bool { return !c.dated }) {
		return true // only a date
	}
	switch {
	case opening[p.tokens[0].Fold] || p.asksAbout() || p.reacts():
		return true
	case p.leans():
		return len(p.Actors) == 0 || p.leavesSubject() || leaning[p.tokens[len(p.tokens)-1].Fold]
	}
	return content <= 1 && len(p.tokens) <= 3 && !p.asksForNews()
}

// leans reports whether a word points back to the question before. "This" of "this week" does not.
func (p *Plan) leans() bool {
	for i, tok := range p.tokens {
		beforeDate := func(c concept) bool { return c.dated && c.from == i+1 }
		if leaning[tok.Fold] && !slices.ContainsFunc(p.concepts, beforeDate) {
			return true
		}
	}
	return false
}

// leavesSubject reports whether a word that points back stands for who acts, as no actor is
// named before it.
func (p *Plan) leavesSubject() bool {
	at := slices.IndexFunc(p.tokens, func(t analysis.Token) bool { return leaningSubject[t.Fold] })
	return at >= 0 && !slices.ContainsFunc(p.concepts, func(c concept) bool { return c.actor != "" && c.from < at })
}

// markObjects marks the actors that the question is about, as against those who
// speak or act: those after a preposition ("about NATO"), and those after whoever
// acts ("did Trump call Putin?"). Names joined by "and" are of one kind.
func (p *Plan) markObjects() {
	acts, end, object := p.leavesSubject(), 0, false
	for i := range p.concepts {
		c := &p.concepts[i]
		if c.actor == "" {
			continue
		}
		if end == 0 || !p.joined(end, c.from) {
			object = acts || p.afterPreposition(c)
		}
		c.object, end, acts = object, c.to, acts || !object
	}
}

// joined reports whether nothing but stop words like "and" stands between two tokens.
func (p *Plan) joined(from, to int) bool {
	for _, tok := range p.tokens[from:to] {
		if tok.Term != "" || objecting[tok.Fold] {
			return false
		}
	}
	return true
}

// afterPreposition reports whether an actor stands after a word of objecting. In "what
// about Kyiv?" it acts nevertheless, but not in "what about NATO membership?".
func (p *Plan) afterPreposition(c *concept) bool {
	i := c.from - 1
	for i >= 0 && p.tokens[i].Fold == "the" {
		i--
	}
	alone := c.to == len(p.tokens) || p.tokens[c.to].Term == ""
	return i >= 0 && objecting[p.tokens[i].Fold] && !(i == 1 && alone && p.asksAbout())
}

// asksAbout reports whether the question begins with "what about".
func (p *Plan) asksAbout() bool {
	return len(p.tokens) > 1 && asking[p.tokens[0].Fold] && about[p.tokens[1].Fold]
}

// follow takes from the question before what this one leaves out: the actors that
// act if it names none, what is asked about them if it names nothing else, and the time.
func (p *Plan) follow(previous *Plan) {
	subject := slices.ContainsFunc(p.concepts, concept.acts)
	matter := len(p.Topics) > 0 || slices.ContainsFunc(p.concepts, concept.matters)
	// "and Belarus?" after "what are the sanctions on Russia?" is about Belarus.
	replaced := subject && !slices.ContainsFunc(previous.concepts, concept.acts)
	for i := range p.concepts {
		p.concepts[i].object = p.concepts[i].object || replaced
	}
	isObject := func(c concept) bool { return c.object }
	pointsBack := (p.leans() || p.reacts()) && len(p.Topics) == 0 && !slices.ContainsFunc(p.concepts, isObject)
	keepMatter := !matter || pointsBack
	whom := subject && leaningWhom[p.tokens[len(p.tokens)-1].Fold]
	for _, c := range previous.concepts {
		switch {
		case c.dated && !p.Period.IsZero(), c.acts() && subject && !whom,
			c.matters() && (!keepMatter || c.object && replaced), c.frames() && !keepMatter:
			continue // this question says it itself
		}
		c.object = c.object || whom && c.acts()
		c.from, c.to, c.head = 0, 0, false
		if !p.hasConcept(c.terms) {
			p.concepts = append(p.concepts, c)
		}
	}
	var actors []string // those who speak or act first
	for _, object := range []bool{false, true} {
		for _, c := range p.concepts {
			if c.actor != "" && c.object == object {
				actors = union(actors, []string{c.actor})
			}
		}
	}
	p.Actors = union(actors, p.Actors)
	if keepMatter {
		p.Topics = union(previous.Topics, p.Topics)
	}
	if p.Period.IsZero() {
		p.Period, p.Latest = previous.Period, p.Latest || previous.Latest
	}
	if p.Kind == What && (keepMatter || previous.Kind != HowMany && previous.Kind != YesNo) {
		p.Kind = previous.Kind
	}
}
