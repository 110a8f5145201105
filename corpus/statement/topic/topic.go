// Package topic finds the topics of a sentence, without the time and place that it only
// mentions, and follows through a document whether it is about the talks of the lexicon.
package topic

import (
	"slices"
	"strings"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/statement/claim"
	"parley/corpus/statement/sentence"
	"parley/corpus/words"
)

// Topics are the mentions of the subjects of what is said in a sentence, not of when and where it
// is said or happened: with a claim only the words from its verb on count, and places
// are only hints in what is reported or told. Of what is told, meetings are hints too.
func (r *Reader) Topics(s *sentence.Sentence, claims []claim.Claim, told bool) []lexicon.Mention {
	places := told || len(claims) > 0
	return r.established(s, r.meant(s, saidSpan(s, claims)), func(m lexicon.Mention) bool {
		return places && r.isPlace(m, s) || told && isMeeting(m, s)
	})
}

// Concerns are the topics of a sentence whether or not it takes a position. Where
// something happened is none of them; of a battle, ground only says that.
func (r *Reader) Concerns(s *sentence.Sentence) []string {
	battle := TellsOfBattle(s, 0) || tellsOfControl(s)
	mentions := slices.DeleteFunc(r.meant(s, s.Span), func(m lexicon.Mention) bool {
		place := r.isPlace(m, s)
		return place && r.isLocation(m, s) || battle && (m.Weak || place || isGround(m, s))
	})
	mentions = r.established(s, mentions, func(m lexicon.Mention) bool {
		named := m.In(s.Text)
		return r.isPlace(m, s) || r.isProper(m) && strings.Contains(named, " ") || held[words.Fold(sentence.LastWord(named))]
	})
	return lexicon.IDs(lexicon.KindTopic, mentions)
}

// Telling are the mentions of topics by which a sentence names them: the weak ones only
// where there is no other.
func Telling(mentions []lexicon.Mention, topics []string) []lexicon.Mention {
	strong := map[string]bool{}
	for _, m := range mentions {
		strong[m.ID] = strong[m.ID] || !m.Weak
	}
	return slices.DeleteFunc(slices.Clone(mentions), func(m lexicon.Mention) bool {
		return !slices.Contains(topics, m.ID) || m.Weak && strong[m.ID]
	})
}

// TellsOfBattle reports whether the words from a token on are about fighting, and not
// about a policy.
func TellsOfBattle(s *sentence.Sentence, from int) bool {
	fought := false
	for i := from; i < len(s.Tokens); i++ {
		if s.Is(i, policies) {
			return false
		}
		fought = fought || s.Is(i, battle)
	}
	return fought
}

// tellsOfControl reports whether somebody took or has control of something.
func tellsOfControl(s *sentence.Sentence) bool {
	return slices.ContainsFunc(s.Tokens, func(u sentence.Token) bool { return u.Party == nil && u.Fold == "control" }) &&
		slices.ContainsFunc(s.Tokens, func(u sentence.Token) bool { return u.Party == nil && takings[u.Fold] })
}

// saidSpan returns the span of a sentence without the words that tell who says it.
func saidSpan(s *sentence.Sentence, claims []claim.Claim) corpus.Span {
	span := s.Span
	if len(claims) > 0 && !claims[0].Wraps && claims[0].From <= claims[0].At {
		span.Start = s.Tokens[claims[0].At].Start
		if that, ok := s.Complement(claims[0].At); ok {
			span.Start = that
		}
	}
	return span
}

// meant returns the mentions of topics in a span that are neither circumstances nor parts of names.
func (r *Reader) meant(s *sentence.Sentence, span corpus.Span) []lexicon.Mention {
	return slices.DeleteFunc(slices.Clone(sentence.MentionsIn(r.Mentions(s), span)), func(m lexicon.Mention) bool {
		return isCircumstance(before(s, m.Start)) || isNamePart(m, s)
	})
}

// established are the mentions that are more than hints of a topic: weak words, locations,
// and those that are a hint in this kind of sentence. A place or meeting that is named
// makes another hint enough.
func (r *Reader) established(s *sentence.Sentence, mentions []lexicon.Mention, hint func(lexicon.Mention) bool) []lexicon.Mention {
	hinted := map[string]bool{}
	for i, m := range mentions {
		switch {
		case m.Weak && r.isPlace(m, s):
			mentions[i].Name = "" // many places are one hint
		case !m.Weak && (hint(m) || r.isLocation(m, s)):
			mentions[i].Weak, mentions[i].Name, hinted[m.ID] = true, "", true
		}
	}
	return slices.DeleteFunc(mentions, func(m lexicon.Mention) bool {
		return m.Weak && !hinted[m.ID] && !r.IsBrief()
	})
}

// Mentions are the mentions of topics in a sentence.
func (r *Reader) Mentions(s *sentence.Sentence) []lexicon.Mention {
	if s.Topics == nil {
		s.Topics = []lexicon.Mention{}
		for _, m := range r.Lexicon.Find(s.In(s.Text), lexicon.Only(lexicon.KindTopic)) {
			m.Start, m.End = m.Start+s.Start, m.End+s.Start
			s.Topics = append(s.Topics, m)
		}
	}
	return s.Topics
}

// before is the text of the sentence before an offset.
func before(s *sentence.Sentence, offset int) string { return s.Text[s.Start:offset] }

// isCircumstance reports whether what follows is only the time of something else:
// "after a ceasefire", but not "only after a ceasefire".
func isCircumstance(before string) bool {
	if i := strings.LastIndexAny(before, ".,;:"); i >= 0 {
		before = before[i:]
	}
	last := lastWords(before)
	for i := len(last) - 1; i >= 0; i-- {
		if circumstances[last[i]] {
			return i == 0 || last[i-1] != "only"
		}
		if !sentence.Articles[last[i]] {
			return false
		}
	}
	return false
}

// lastWords are the last three folded words of a text, the last one last.
func lastWords(text string) (last [3]string) {
	for w := range words.All(text[max(0, len(text)-40):]) {
		last[0], last[1], last[2] = last[1], last[2], w.Fold
	}
	return last
}

// isPlace reports whether a topic is mentioned only by the name of a place or body.
func (r *Reader) isPlace(m lexicon.Mention, s *sentence.Sentence) bool {
	return m.Start > s.Start && r.isProper(m) && !strings.ContainsAny(m.Name, "0123456789")
}

// isNamed reports whether a mention starts with a proper name that is no actor's.
func (r *Reader) isNamed(m lexicon.Mention, s *sentence.Sentence) bool {
	first, rest, _ := strings.Cut(m.In(r.Text), " ")
	return m.Start > s.Start && rest != "" && sentence.StartsUpper(m.Name) && sentence.StartsUpper(first) &&
		!strings.ContainsAny(m.Name, "0123456789") && len(sentence.MentionsIn(r.mentions, m.Span)) == 0
}

// isProper reports whether the words of a mention are a proper name, and not the
// topic's label.
func (r *Reader) isProper(m lexicon.Mention) bool {
	if !allCapitals(m.Name) || !allCapitals(m.In(r.Text)) {
		return false
	}
	t, _ := r.Lexicon.Topic(m.ID)
	return t.Label != m.Name
}

// isLocation reports whether a topic's word only says where something is: "in
// Crimea", "Crimea's harvest", "in occupied areas", "on Polish territory".
func (r *Reader) isLocation(m lexicon.Mention, s *sentence.Sentence) bool {
	written := strings.TrimSpace(before(s, m.Start))
	before := lastWords(written)
	inside := locatives[before[2]] || (sentence.Articles[before[2]] || passing[before[2]]) && locatives[before[1]]
	switch {
	case extents[words.Fold(m.In(s.Text))]: // always: it takes another word to say what becomes of a territory
		return true
	case held[words.Fold(sentence.LastWord(m.In(s.Text)))]:
		return inside
	}
	return r.isProper(m) && (inside || sentence.IsPossessive(m.In(s.Text)))
}

// isNamePart reports whether a word is written with a capital that it has only as a
// part of a name: "Krasnoyarsk Territory".
func isNamePart(m lexicon.Mention, s *sentence.Sentence) bool {
	lower := m.Weak && !sentence.StartsUpper(m.Name) || extents[words.Fold(m.In(s.Text))]
	return lower && m.Start > s.Start && sentence.StartsUpper(m.In(s.Text))
}

// isGround reports whether a topic's words are those for ground that somebody holds:
// "Russian-occupied territory", "the front line".
func isGround(m lexicon.Mention, s *sentence.Sentence) bool {
	for w := range words.All(m.In(s.Text)) {
		if held[w.Fold] || extents[w.Fold] || grounds[w.Fold] {
			return true
		}
	}
	return false
}

// isMeeting reports whether a topic's word is only what people meet in.
func isMeeting(m lexicon.Mention, s *sentence.Sentence) bool {
	return meetings[words.Fold(sentence.LastWord(m.In(s.Text)))]
}

// allCapitals reports whether every word starts with a capital, but for the
// kinds of place.
func allCapitals(s string) bool {
	for w := range words.All(s) {
		if !sentence.StartsUpper(w.Text) && !placeKinds[w.Fold] {
			return false
		}
	}
	return true
}

var (
	// battle are words of fighting; nobody takes a position by reporting it.
	battle = words.Set(`captured capturing seized taken entered shot destroyed destroying struck hit targeted launched killed killing injured injuring
		wounded intercepted thwarted stopped drone drones missile missiles shelling shelled bombardment offensive airstrike airstrikes strike attack attacks
		captures seizes shells kills destroys repels encircles recaptures retakes
		rocket rockets capture fighting retook retaken retake gained liberated recapturing counteroffensive regroup
		attacked explosion explosions advanced recaptured recapture repelled sabotage crossed landed downed damaged fire fires casualties airspace`)
	// policies are what no battle is told by.
	policies      = words.Set("sanctions ceasefire truce armistice talks negotiations")
	circumstances = words.Set("after following once before until during")
	placeKinds    = words.Set("region oblast province city republic republics")
	locatives     = words.Set("in at on near over from around across outside inside into through throughout onto")
	// extents name a subject of talks, or only where something is: "on Polish territory".
	extents = words.Set("territory territories borders")
	// meetings are held, which tells of no position.
	meetings = words.Set("talks talk negotiations negotiation dialogue meeting meetings summit format formats round rounds conference process")
	// held are words for ground under somebody's control: "in occupied areas".
	held = words.Set("occupied controlled annexed captured")
	// takings are how control comes about.
	takings = words.Set("take takes took taken taking gain gains gained have has full complete")
	// grounds are other words for what is fought for.
	grounds = words.Set("control line lines frontline")
	passing = words.Set("temporarily illegally currently entire whole")
)
