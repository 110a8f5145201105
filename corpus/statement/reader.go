package statement

import (
	"slices"
	"sort"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
)

// reading is what was read of one sentence.
type reading struct {
	Attribution
	// claims are those of the sentence's own words, the main one first.
	claims []claim
	// wholly: all of it is quoted; opens and closes: a quotation goes on from the
	// sentence before, or into the one after, in the same paragraph.
	wholly, opens, closes bool
	// topics and stance, where the reader is asked for them.
	topics []string
	stance Stance
}

// read reads the sentences of the document in order.
func (r *reader) read(sentences []corpus.Span) []reading {
	out := make([]reading, len(sentences))
	for i, s := range sentences {
		fresh := i == 0 || paragraphStarts(r.doc.Text[sentences[i-1].End:s.Start])
		if fresh {
			r.startParagraph(s)
		}
		out[i] = r.sentence(s)
		if i > 0 && !fresh {
			continueQuotation(&out[i-1], &out[i])
		}
	}
	return out
}

func (r *reader) startParagraph(first corpus.Span) {
	r.memory, r.open = memory{}, false
	asked := len(r.voice.actors) == 0 // an answer is about what the question was about
	if r.register != transcript || r.turn(first) && (!asked || len(r.voice.actors) == 0) {
		r.about = unknown
	}
}

// continueQuotation gives a sentence that is wholly within a quotation to whoever
// says the one before, and one whose quotation goes on to whoever ends it.
func continueQuotation(before, after *reading) {
	switch {
	case after.wholly && len(after.Actors) == 0 && before.Direct && len(before.claims) < 2:
		after.Actors, after.Speaker, after.Direct = before.Actors, before.Speaker, true
	case before.wholly && before.closes && after.opens && len(before.Actors) == 0 && len(after.claims) == 1:
		before.Actors, before.Speaker, before.Direct = after.Actors, after.Speaker, true
	}
}

// sentence reads the next sentence.
func (r *reader) sentence(span corpus.Span) reading {
	if r.voiced() && r.task == attributing {
		return r.voicedBy(span)
	}
	s := r.cut(span, within(r.mentions, span), r.open)
	r.open = s.closes
	var out reading
	if r.voiced() {
		out = r.voicedBy(span)
	} else {
		out = r.attribute(&s)
	}
	out.wholly, out.opens, out.closes = s.wholly(), s.opens, s.closes
	if r.task != attributing {
		r.judge(&s, &out)
	}
	return out
}

// voiced reports whether the sentences are those of whoever has the word. What stands
// before the words of a conversation reports it.
func (r *reader) voiced() bool {
	return r.register == transcript && (r.begun || r.parties == nil || !conversation.MatchString(r.doc.Title))
}

// reports reports whether the document, or this part of it, tells of others.
func (r *reader) reports() bool { return r.register == report || r.register == transcript }

// voicedBy gives a sentence of a transcript to whoever has the word.
func (r *reader) voicedBy(span corpus.Span) reading {
	return reading{Attribution: Attribution{Span: span, Actors: r.voice.actors, Speaker: r.voice.speaker, Direct: len(r.voice.actors) > 0}}
}

// judge finds the topics of a sentence, and the stance if it takes a position.
func (r *reader) judge(s *sentence, out *reading) {
	r.speaking = out.Actors
	switch {
	case !r.isRelevant(s, out.Actors):
		return
	case r.task == surveying:
		out.topics = r.concerns(s)
		return
	case len(out.Actors) == 0 && !out.wholly, len(r.subjects(s)) == 0:
		return
	}
	var p position
	if len(out.claims) > 0 {
		p = r.reported(s, out.claims[0])
	} else {
		p = r.spoken(s)
	}
	if p.taken {
		mentions := r.topics(s, out.claims, p.told)
		out.topics = lexicon.IDs(lexicon.KindTopic, mentions)
		if !disagree(out.claims) {
			out.stance = r.holding(s, p, telling(mentions, out.topics))
		}
	}
}

// disagree reports whether those who say something in one sentence take different positions.
func disagree(claims []claim) bool {
	return slices.ContainsFunc(claims, func(c claim) bool {
		return c.cue.stance != claims[0].cue.stance && !isOwn(c.actors(), claims[0].actors())
	})
}

// within are the mentions that lie in span; spans come in order.
func within(m []lexicon.Mention, span corpus.Span) []lexicon.Mention {
	from := sort.Search(len(m), func(i int) bool { return m[i].Start >= span.Start })
	to := sort.Search(len(m), func(i int) bool { return m[i].Start >= span.End })
	if to > from && m[to-1].End > span.End {
		to-- // a sentence may be cut within a name
	}
	return m[from:to]
}

// attribute reads a sentence outside transcripts.
func (r *reader) attribute(s *sentence) reading {
	a := reading{Attribution: Attribution{Span: s.Span}}
	switch {
	case s.wholly():
		return a // continueQuotation says whose
	case r.register == own:
		r.publishers(&a)
		return a
	}
	if !r.reports() && s.opensInFirst() {
		r.publishers(&a)
		r.memory.note(s, nil)
		return a
	}
	a.claims = r.claims(s)
	for _, c := range a.claims {
		a.Actors = appendNew(a.Actors, c.actors()...)
	}
	if len(a.claims) > 0 {
		a.Speaker, a.Direct = a.claims[0].speaker, s.quotes()
	}
	r.memory.note(s, r.spokenOf(s, a.claims))
	if len(a.Actors) == 0 && r.saysItself(s) {
		r.publishers(&a)
	}
	return a
}

// saysItself reports whether a sentence that nobody is said to say is the word of those
// whose document it is.
func (r *reader) saysItself(s *sentence) bool {
	switch {
	case r.reports():
		return false
	case s.firstPerson():
		return true
	case s.quotes():
		return false
	case r.register == official:
		return r.tellsOfHome(s)
	}
	return r.declares(s)
}

// declares reports whether a sentence of a joint document, which is the word of all its
// parties, is not about what another does.
func (r *reader) declares(s *sentence) bool {
	if !strings.HasSuffix(strings.TrimRight(s.In(s.text), "*_ "), ".") {
		return false // a heading
	}
	if _, to := s.nounPhrase(0); to > 0 && !s.units[to-1].party.owner {
		return s.is(to, obligations)
	}
	if _, _, ok := r.opening(s); ok {
		return false
	}
	for i := 1; i < len(s.units); i++ { // somebody unknown may say it
		if s.units[i-1].upper && s.is(i-1, coverRoles) && s.units[i].upper && s.units[i].party == nil {
			return false
		}
	}
	return len(s.units) > 4
}

// tellsOfHome reports whether a sentence of an official text says what the publisher
// does, has done or will do, or what their measures do.
func (r *reader) tellsOfHome(s *sentence) bool {
	_, subjects, ok := r.opening(s)
	if !ok {
		subjects = r.afterHeading(s)
	}
	if len(subjects) == 0 {
		return s.tellsOfMeasure()
	}
	return len(subjects) == 1 && subjects[0].actors[0] == r.home
}

// maxHeading bounds the words of a heading that runs into its text.
const maxHeading = 14

// afterHeading is the subject with which the text starts after a heading: "Closing the
// skies: the United States …".
func (r *reader) afterHeading(s *sentence) []party {
	for i := 1; i < min(len(s.units), maxHeading); i++ {
		if strings.Contains(s.gap(i), ":") {
			return r.subjectFrom(s, i)
		}
	}
	return nil
}

// spokenOf are whom a pronoun in the next sentence may mean: those who say this one,
// or whom it is about, unless it names others whom the pronoun fits as well.
func (r *reader) spokenOf(s *sentence, claims []claim) []party {
	switch len(claims) {
	case 0:
		_, subjects, ok := r.opening(s)
		if !ok || s.rivals(subjects) {
			return nil
		}
		return subjects
	case 1:
		if claims[0].from >= 0 {
			return claims[0].subjects
		}
	}
	return nil
}

// rivals reports whether the sentence names a person other than its one subject.
func (s *sentence) rivals(subjects []party) bool {
	return len(subjects) == 1 && subjects[0].person != "" && slices.ContainsFunc(s.units, func(u unit) bool {
		return u.party != nil && u.party.person != "" && u.party.person != subjects[0].person
	})
}

func appendNew(to []string, more ...string) []string {
	for _, a := range more {
		if !slices.Contains(to, a) {
			to = append(to, a)
		}
	}
	return to
}

// publishers makes the sentence the word of those whose document it is.
func (r *reader) publishers(a *reading) {
	a.Actors = []string{r.home}
	if r.register == joint {
		a.Actors = r.parties
	}
	if len(a.Actors) > 0 {
		a.Speaker, a.Direct = r.doc.Publisher, true
	}
}

// firstPerson reports whether the sentence says "we" or "I" outside quotations.
func (s *sentence) firstPerson() bool {
	for i, u := range s.units {
		if !u.quoted && s.isFirst(i) {
			return true
		}
	}
	return false
}

// opensInFirst reports whether "we" or "I" is the subject with which the sentence opens,
// outside quotations.
func (s *sentence) opensInFirst() bool {
	i := 0
	for s.is(i, adverbs) || s.is(i, links) {
		i++
	}
	return i < len(s.units) && !s.units[i].quoted && s.isFirst(i) && !s.is(i, possessives)
}

// isFirst reports whether unit i is a pronoun of the first person.
func (s *sentence) isFirst(i int) bool {
	if s.word(i) == "i" && strings.HasPrefix(s.gap(i+1), ".") {
		return false // a number
	}
	return s.is(i, firsts) || s.is(i, contractedFirsts) && strings.ContainsAny(s.units[i].In(s.text), "'’")
}
