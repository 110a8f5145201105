package index

import "slices"

// leaning are words that point back to the question before.
var leaning = setOf("it that this they them those these he she him her there then so")

// isFollowUp reports whether a question leans on the one before: "and Russia?",
// "why?", "what about sanctions?", "since March?", "did they agree?".
func isFollowUp(p *Plan) bool {
	content, leans := 0, false
	for _, tok := range p.tokens {
		if tok.Term != "" {
			content++
		}
		leans = leans || leaning[tok.Fold]
	}
	if len(p.tokens) == 0 || content > 4 || p.addresses() {
		return false
	}
	if !p.Period.IsZero() && !slices.ContainsFunc(p.concepts, func(c concept) bool { return !c.dated }) {
		return true // only a date
	}
	first, second := p.tokens[0].Fold, ""
	if len(p.tokens) > 1 {
		second = p.tokens[1].Fold
	}
	switch {
	case first == "and" || first == "but" || second == "about" && (first == "what" || first == "how"):
		return true
	case leans:
		return len(p.Actors) == 0
	}
	return content <= 1 && len(p.tokens) <= 3
}

// follow takes from the question before what this one leaves out: the actors if
// it names none, what is asked about them if it names only actors, and the time.
func (p *Plan) follow(previous *Plan) {
	plain := slices.ContainsFunc(p.concepts, func(c concept) bool { return c.actor == "" && !c.dated })
	named := len(p.Actors) > 0
	for _, c := range previous.concepts {
		if c.actor != "" && named || c.actor == "" && plain {
			continue
		}
		c.from, c.to, c.head = 0, 0, false
		if !slices.ContainsFunc(p.concepts, func(d concept) bool { return slices.Equal(c.terms, d.terms) }) {
			p.concepts = append(p.concepts, c)
		}
	}
	if !named {
		p.Actors = previous.Actors
	}
	if !plain {
		p.Topics = union(previous.Topics, p.Topics)
	}
	if p.Period.IsZero() {
		p.Period = previous.Period
	}
	if p.Kind == What {
		p.Kind = previous.Kind
	}
}
