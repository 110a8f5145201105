package claim

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/statement/genre"
	"parley/corpus/statement/sentence"
	"parley/corpus/words"
)

// subjectBefore finds the subject of a verb whose first word follows token j.
func (r *Reader) subjectBefore(s *sentence.Sentence, j int) (from int, subjects []sentence.Party, ok bool) {
	switch {
	case j < 0:
		return 0, nil, false
	case !s.Adjoins(j + 1):
		return r.beforeAside(s, j)
	}
	if from, subjects, ok = r.subjectAt(s, j); ok {
		return from, subjects, true
	}
	if s.Is(j, sentence.Joints) {
		return r.sharedSubject(s, j)
	}
	return r.beforeParticiple(s, j)
}

// subjectAt reads the subject that ends with token j.
func (r *Reader) subjectAt(s *sentence.Sentence, j int) (from int, subjects []sentence.Party, ok bool) {
	u := s.Tokens[j]
	switch {
	case u.Quoted:
		return 0, nil, false
	case u.Party != nil:
		return s.PartiesUpTo(j)
	case Pronouns[u.Fold] != 0:
		p, ok := r.refer(s, j)
		return j, p, ok
	case sentence.Bodies[u.Fold] || sentence.Papers[u.Fold]:
		return s.BodyUpTo(j)
	case pairs[u.Fold]:
		if from, p := r.pairAt(s, j); p != nil {
			return from, p, true
		}
	}
	return r.shortForm(s, j)
}

// sharedSubject is that of "X met Y and said": the one who opens the sentence.
func (r *Reader) sharedSubject(s *sentence.Sentence, j int) (int, []sentence.Party, bool) {
	from, subjects, ok := r.Opening(s)
	return from, subjects, ok && from < j
}

// beforeParticiple is the subject of "European leaders meeting in Berlin said", where
// token j is before the verb.
func (r *Reader) beforeParticiple(s *sentence.Sentence, j int) (int, []sentence.Party, bool) {
	for k := j; k > 0 && k > j-8 && s.Adjoins(k+1); k-- {
		w := s.Word(k)
		if !strings.HasSuffix(w, "ing") && !strings.HasSuffix(w, "ed") || !s.Adjoins(k) {
			continue
		}
		if from, subjects, ok := r.subjectAt(s, k-1); ok && s.PhraseStart(from) == 0 {
			return from, subjects, true
		}
	}
	return 0, nil, false
}

// beforeAside finds the subject before an aside that ends with token j: "X, who …, said".
func (r *Reader) beforeAside(s *sentence.Sentence, j int) (int, []sentence.Party, bool) {
	if !s.AfterComma(j + 1) {
		return 0, nil, false
	}
	if _, list := s.Coordinate(j, false); list && s.Tokens[j].Party != nil {
		return s.PartiesUpTo(j)
	}
	for k := j; k > 0 && j-k < 30 && !s.Tokens[k].Quoted; k-- {
		if !s.AfterComma(k) || !opensAside(s, k) {
			continue
		}
		if s.Is(k-1, sentence.Joints) {
			return r.sharedSubject(s, k-1)
		}
		if from, subjects, ok := r.subjectAt(s, k-1); ok {
			return from, subjects, true
		}
	}
	return 0, nil, false
}

// opensAside reports whether an aside may start with token k.
func opensAside(s *sentence.Sentence, k int) bool {
	u := s.Tokens[k]
	switch {
	case u.Party != nil:
		return u.Party.Form == lexicon.FormOffice
	case s.Is(k, sentence.Articles) && k+1 < len(s.Tokens) && s.Tokens[k+1].Party != nil:
		return s.Tokens[k+1].Party.Form != lexicon.FormName // "the United States" goes on with a list
	}
	return s.Is(k, asides) || s.Is(k, sentence.Prepositions) || s.Is(k, sentence.Articles) || s.Is(k, sentence.Titles) || strings.HasSuffix(u.Fold, "ing") || strings.HasSuffix(u.Fold, "ed")
}

// Opening is the party with which the sentence opens, after an adverbial.
func (r *Reader) Opening(s *sentence.Sentence) (from int, subjects []sentence.Party, ok bool) {
	for i := range s.Tokens {
		if i > 0 && strings.TrimSpace(s.Gap(i)) != "," {
			continue
		}
		if Pronouns[s.Word(i)] != 0 {
			subjects, ok = r.refer(s, i)
			return i, subjects, ok
		}
		if subjects = r.SubjectFrom(s, i); len(subjects) > 0 {
			return i, subjects, true
		}
		if i == 0 && !s.Is(0, sentence.Prepositions) && !s.Is(0, sentence.Leads) && !s.Is(0, sentence.Adverbs) {
			return 0, nil, false
		}
	}
	return 0, nil, false
}

// SubjectFrom reads the subject that starts with token i.
func (r *Reader) SubjectFrom(s *sentence.Sentence, i int) []sentence.Party {
	if from, to := s.NounPhrase(i); to > from {
		if to < len(s.Tokens) && s.Adjoins(to) && (sentence.Bodies[s.Word(to)] || sentence.Papers[s.Word(to)]) {
			_, subjects, _ := s.BodyUpTo(to)
			return subjects
		}
		return s.Speakers(from, to)
	}
	for j := i; j < min(i+3, len(s.Tokens)) && s.Is(j, pairWords); j++ {
		if from, p := r.pairAt(s, j); p != nil && from == i {
			return p
		}
	}
	return nil
}

// pairAt reads "both sides", "the two presidents" that end at token j: those between
// whom the document is.
func (r *Reader) pairAt(s *sentence.Sentence, j int) (from int, pair []sentence.Party) {
	if !pairs[s.Word(j)] {
		return 0, nil
	}
	from = j
	for from > 0 && s.Adjoins(from) && s.Is(from-1, pairWords) {
		from--
	}
	named := slices.ContainsFunc(s.Tokens[from:j+1], func(u sentence.Token) bool { return clubs[u.Fold] })
	if named != r.OfGroup() && !(r.OfGroup() && s.Word(j) == "leaders") {
		return 0, nil
	}
	name := corpus.Span{Start: s.Tokens[from].Start, End: s.Tokens[j].End}
	two := s.Word(j-1) == "two" || s.Word(j-1) == "both"
	switch {
	case from == j, s.Word(j-1) == "two" && r.Parties != nil && len(r.Parties) != 2:
		return 0, nil
	case r.Parties != nil:
		return from, r.partiesAs(name)
	case two && len(r.memory.last) == 2:
		return from, r.memory.last
	}
	return 0, nil
}

// partiesAs returns the parties of the document (of a call, a joint statement) under the text's name for them.
func (r *Reader) partiesAs(name corpus.Span) []sentence.Party {
	return []sentence.Party{{Actors: r.Parties, Name: name, Form: lexicon.FormInstitution, Plural: true}}
}

// refer is whom the pronoun at token i means. At the start of a sentence "they" are
// those between whom a readout is, where the sentences before are about nobody in
// particular.
func (r *Reader) refer(s *sentence.Sentence, i int) ([]sentence.Party, bool) {
	k := Pronouns[s.Word(i)]
	between := (r.Reports() || r.Genre == genre.Joint) && r.Parties != nil
	if k == they && between && len(r.memory.last) == 0 && (i == 0 || strings.TrimSpace(s.Gap(i)) == ",") {
		return r.partiesAs(s.Tokens[i].Span), true
	}
	return r.memory.refer(k)
}

// shortForm reads "the president", "the ministry" that ends at token j. "The chancellor
// and the president" are those two between whom the document is, or not certain.
func (r *Reader) shortForm(s *sentence.Sentence, j int) (int, []sentence.Party, bool) {
	from := j
	for from > 0 && s.Is(from-1, sentence.Titles) && s.Adjoins(from) {
		from--
	}
	if from == 0 || s.Word(from-1) != "the" {
		return 0, nil, false
	}
	title := corpus.Span{Start: s.Tokens[from].Start, End: s.Tokens[j].End}
	switch before := from - 2; {
	case from < 2 || !s.Adjoins(from-1):
	case s.Is(before, sentence.Prepositions):
		return 0, nil, false
	case s.Word(before) == "and" && s.Is(before-1, sentence.Titles):
		title.Start = s.Tokens[s.PhraseStart(before-1)].Start
		return before, r.partiesAs(title), len(r.Parties) == 2
	}
	p, ok := r.byOffice(title)
	return from, p, ok
}

// speakerName is the text's name for the parties.
func (r *Reader) speakerName(subjects []sentence.Party) string {
	first, last := subjects[0].Name, subjects[len(subjects)-1].Name
	if len(subjects) > 1 && first.Start < last.End && last.End-first.Start < 120 {
		first.End = last.End
	}
	name := first.In(r.Text)
	if start := first.Start - len("the "); start >= 0 && subjects[0].Form == lexicon.FormInstitution && strings.EqualFold(r.Text[start:first.Start], "the ") {
		name = r.Text[start:first.End]
	}
	return name
}

var (
	// asides open an aside, beside prepositions, articles and participles.
	asides = words.Set("who which whose whom himself herself then now also both")
	// pairs are nouns for the parties of a document: "both sides", "the two presidents".
	pairs     = words.Set("g7 sides presidents leaders countries parties governments advisors advisers ministers officials nations")
	pairWords = words.Set("the both two national security foreign defence defense g7 sides presidents leaders countries parties governments advisors advisers ministers officials nations")
	// clubs are the names of groups of states.
	clubs = words.Set("g7")
)
