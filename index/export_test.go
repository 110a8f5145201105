package index

import "strings"

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
