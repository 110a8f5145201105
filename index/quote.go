package index

// Quote is a sentence of the passage as it is quoted, by its number: with who says it and
// the position that it takes, or the event that it tells of. Where the passage knows
// neither, nobody says it, on no topic, without a stance.
func (p *Passage) Quote(sentence int) Statement {
	quoted := Saying{Sentence: sentence}
	for _, s := range p.Says {
		switch {
		case s.Sentence != sentence:
		case s.TakesPosition():
			return p.statement(s)
		case s.Stance == StanceEvent:
			s.Actors = p.Actors
			return p.statement(s)
		default:
			quoted = s // an event may come yet
		}
	}
	return p.statement(quoted)
}

// TakesPosition reports whether an actor takes a position, and it is not an event or
// a sentence that is only quoted.
func (s *Statement) TakesPosition() bool {
	return len(s.Topics) > 0 && s.Stance != "" && s.Stance != StanceEvent
}
