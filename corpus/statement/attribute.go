package statement

import (
	"slices"
	"strings"

	"parley/corpus/statement/claim"
	"parley/corpus/statement/genre"
	"parley/corpus/statement/position"
	"parley/corpus/statement/sentence"
	"parley/corpus/words"
)

// attribute reads a sentence outside transcripts.
func (r *reader) attribute(s *sentence.Sentence) sentenceReading {
	a := sentenceReading{Attribution: Attribution{Span: s.Span}}
	switch {
	case s.AllQuoted():
		return a // continueQuotation says whose
	case r.Genre == genre.OwnWords:
		r.publishers(&a)
		return a
	}
	if !r.Reports() && s.OpensInFirstPerson() {
		r.publishers(&a)
		r.claims.Note(s, nil)
		return a
	}
	a.claims = r.claims.Claims(s)
	a.Actors = claim.Actors(a.claims...)
	if len(a.claims) > 0 {
		a.Speaker, a.Direct = a.claims[0].Speaker, s.HasQuotation()
	}
	r.claims.Note(s, r.candidates(s, a.claims))
	if len(a.Actors) == 0 && r.isPublishersWord(s) {
		r.publishers(&a)
	}
	return a
}

// isPublishersWord reports whether a sentence that is attributed to nobody is the word of those
// who publish the document.
func (r *reader) isPublishersWord(s *sentence.Sentence) bool {
	switch {
	case r.Reports():
		return false
	case s.HasFirstPerson():
		return true
	case s.HasQuotation():
		return false
	case r.Genre == genre.Official:
		return r.tellsOfPublisher(s)
	}
	return r.declares(s)
}

// declares reports whether a sentence of a joint document, which is the word of all its
// parties, is not about what another does.
func (r *reader) declares(s *sentence.Sentence) bool {
	if !strings.HasSuffix(strings.TrimRight(s.In(s.Text), "*_ "), ".") {
		return false // a heading
	}
	if _, to := s.NounPhrase(0); to > 0 && !s.Tokens[to-1].Party.Possessive {
		return s.Is(to, obligations)
	}
	if _, _, ok := r.claims.Opening(s); ok {
		return false
	}
	for i := 1; i < len(s.Tokens); i++ { // somebody unknown may say it
		if s.Tokens[i-1].Upper && s.Is(i-1, sentence.Titles) && s.Tokens[i].Upper && s.Tokens[i].Party == nil {
			return false
		}
	}
	return len(s.Tokens) > 4
}

// tellsOfPublisher reports whether the subject of a sentence is the publisher, or one of the
// publisher's measures.
func (r *reader) tellsOfPublisher(s *sentence.Sentence) bool {
	_, subjects, ok := r.claims.Opening(s)
	if !ok {
		subjects = r.afterHeading(s)
	}
	if len(subjects) == 0 {
		return position.TellsOfMeasure(s)
	}
	return len(subjects) == 1 && subjects[0].Actors[0] == r.PublisherActor
}

// maxHeading bounds the words of a heading that runs into its text.
const maxHeading = 14

// afterHeading is the subject with which the text starts after a heading: "Closing the
// skies: the United States …".
func (r *reader) afterHeading(s *sentence.Sentence) []sentence.Party {
	for i := 1; i < min(len(s.Tokens), maxHeading); i++ {
		if strings.Contains(s.Gap(i), ":") {
			return r.claims.SubjectFrom(s, i)
		}
	}
	return nil
}

// candidates returns those to whom a pronoun in the next sentence may refer: whoever says this
// sentence, or its subject, unless it names another person whom the pronoun fits as well.
func (r *reader) candidates(s *sentence.Sentence, claims []claim.Claim) []sentence.Party {
	switch len(claims) {
	case 0:
		_, subjects, ok := r.claims.Opening(s)
		rival := ok && len(subjects) == 1 && subjects[0].Person != "" && slices.ContainsFunc(s.Tokens, func(t sentence.Token) bool {
			return t.Party != nil && t.Party.Person != "" && t.Party.Person != subjects[0].Person
		})
		if !ok || rival {
			return nil
		}
		return subjects
	case 1:
		if claims[0].From >= 0 {
			return claims[0].Subjects
		}
	}
	return nil
}

// publishers attributes the sentence to those who publish the document.
func (r *reader) publishers(a *sentenceReading) {
	a.Actors = []string{r.PublisherActor}
	if r.Genre == genre.Joint {
		a.Actors = r.Parties
	}
	if len(a.Actors) > 0 {
		a.Speaker, a.Direct = r.Publisher, true
	}
}

// obligations are the verbs that demand something of their subject.
var obligations = words.Set("must should shall ought needs")
