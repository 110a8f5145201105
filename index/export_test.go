package index

import (
	"fmt"
	"strings"
)

// Words are the words that the plan looks for besides the actors.
func (p *Plan) Words() string {
	var words []string
	for _, c := range p.concepts {
		if c.actor == "" {
			words = append(words, c.terms...)
		}
	}
	return strings.Join(words, " ")
}

// String is the plan in one line.
func (p *Plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s actors=%v topics=%v period=%v latest=%v", p.Kind, p.Actors, p.Topics, p.Period, p.Latest)
	for _, c := range p.concepts {
		fmt.Fprintf(&b, " | %s %.1f", strings.Join(c.terms, "+"), c.idf)
		if c.actor != "" {
			fmt.Fprintf(&b, " (%s %s)", c.actor, c.person)
		}
		for _, a := range c.alternatives {
			fmt.Fprintf(&b, " %s:%.2f", strings.Join(a.terms, "+"), a.weight)
		}
	}
	return b.String()
}
