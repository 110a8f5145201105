package bot

import "parley/index"

// showing collects the quotations of a reply and numbers them, so that "/source 2"
// finds the second.
type showing struct {
	Presenter
	reply Reply
	refs  []shown
}

func (s *showing) add(blocks ...Block) { s.reply.Blocks = append(s.reply.Blocks, blocks...) }

// offer adds actions, as far as there is room.
func (s *showing) offer(actions ...Action) {
	all := append(s.reply.Actions, actions...)
	s.reply.Actions = all[:min(len(all), maxActions)]
}

// statement quotes a statement under fixed labels.
func (s *showing) statement(b *Bot, st index.Statement, labels ...string) {
	s.refs = append(s.refs, shownPassage(st.Source, st.Passage, st.Key))
	q := s.QuoteStatement(st, labels...)
	q.Number = len(s.refs)
	s.add(q)
}

// QuoteStatement is a statement under fixed labels.
func (p Presenter) QuoteStatement(st index.Statement, labels ...string) Quote {
	return Quote{
		Labels: labels, Segments: []Segment{{Text: st.Before}, {Text: st.Text, Key: true}},
		CutBefore: st.More.Before, CutAfter: st.More.After, Citation: p.citeStatement(st),
	}
}

// done remembers what is shown and returns the reply.
func (s *showing) done(b *Bot, conversation string) Reply {
	b.sessions.update(conversation, b.now(), func(is *session) { is.show(s.refs) })
	return s.reply
}

// citeStatement is the citation of a statement. Nobody says an event.
func (p Presenter) citeStatement(st index.Statement) Citation {
	speaking := st.Actors
	if st.Stance == index.StanceEvent {
		speaking = nil
	}
	return p.citation(st.Source, st.Speaker, speaking, st.AlsoIn)
}
