package position

import (
	"slices"
	"strings"

	"parley/corpus/lexicon"
	"parley/corpus/statement/claim"
	"parley/corpus/statement/sentence"
	"parley/corpus/statement/stance"
	"parley/corpus/words"
)

// On is the stance of a position if it is one on all that the mentions name, and
// None where it is only on some of it. Who would do one thing once another has done
// something else demands that.
func (p Position) On(mentions []lexicon.Mention) stance.Stance {
	held := map[stance.Stance]bool{}
	asked := false
	for _, m := range mentions {
		from, to := p.s.TokensOf(m)
		held[p.onUnits(from, to)] = true
		condition, ok := conditional(p.s, from)
		asked = asked || ok && p.isAnothers(condition)
	}
	if asked && held[stance.Offers] {
		held[stance.Demands] = true
		delete(held, stance.Offers)
		delete(held, stance.None)
	}
	if len(held) != 1 {
		return stance.None
	}
	for only := range held {
		return only
	}
	return stance.None
}

// onUnits is the stance of a position on what the tokens name.
func (p Position) onUnits(from, to int) stance.Stance {
	s := p.s
	if p.turn > 0 && from >= p.turn {
		return p.then
	}
	if _, ok := conditional(s, from); ok && p.stance != stance.Warns {
		return stance.None
	}
	switch undone := reversed(s, p.at, from, to) || isCulprits(s, p.at, from); {
	case undone && (p.stance == stance.Supports || p.stance == stance.Opposes):
		return stance.None
	case !undone && p.stance == stance.Offers && isPenalty(s, from, to):
		return stance.Supports
	}
	return p.stance
}

// isAnothers reports whether the condition that begins with token i is for somebody else
// to meet: "once Ukraine leaves", "if they agree".
func (p Position) isAnothers(i int) bool {
	s := p.s
	if s.Is(i, exchanges) {
		return false
	}
	for i++; s.Is(i, sentence.Adverbs) || s.Is(i, sentence.Articles) || s.Is(i, sentence.Titles) || s.Word(i) == "after"; i++ {
	}
	if i < len(s.Tokens) && s.Tokens[i].Party != nil {
		return !sentence.Overlap(s.Tokens[i].Party.Actors, p.speaking)
	}
	return s.Word(i) == "they"
}

// hasCondition reports whether the sentence sets a condition.
func hasCondition(s *sentence.Sentence) bool {
	for i := range s.Tokens {
		if opensCondition(s, i) {
			return true
		}
	}
	return false
}

// conditional is where the condition begins in which token i stands, if it does. One with
// which a clause begins lasts to the next comma, any other to the end of the clause.
func conditional(s *sentence.Sentence, i int) (at int, ok bool) {
	for j := i; j >= 0; j-- {
		if opensCondition(s, j) {
			return j, true
		}
		if strings.ContainsAny(s.Gap(j), ";:") || s.AfterComma(j) && frontedBefore(s, j) {
			break
		}
	}
	return 0, false
}

// frontedBefore reports whether the comma before token i ends a condition that stands
// before what depends on it: "if Kyiv agrees, …".
func frontedBefore(s *sentence.Sentence, i int) bool {
	for j := i - 1; j >= 0; j-- {
		if opensCondition(s, j) {
			return j == 0 || s.AfterComma(j) || s.Word(j-1) == "that"
		}
		if s.AfterComma(j) {
			return false
		}
	}
	return false
}

// opensCondition reports whether a condition begins with token i: "if", "in return for".
func opensCondition(s *sentence.Sentence, i int) bool {
	if s.Word(i) == "should" { // "should Russia invade"
		return i+1 < len(s.Tokens) && (s.Tokens[i+1].Party != nil || claim.Pronouns[s.Word(i+1)] != 0)
	}
	return slices.ContainsFunc(conditions[s.Word(i)], func(rest []string) bool { return follows(s, i, rest) }) &&
		!(s.Word(i) == "once" && (s.Is(i+1, onceMore) || s.Word(i-1) == "at"))
}

// reach bounds the words from what undoes or judges a thing to the thing: "an end to all
// unilateral sanctions".
const reach = 4

// reversed reports whether the tokens are of something that is to be ended, hindered or
// broken, or was: "the lifting of sanctions", "violations of the ceasefire". Who is
// for that is not for the thing, nor is against the thing who is against it. What
// stands before token at, where the position is told, counts only for what does as well.
func reversed(s *sentence.Sentence, at, from, to int) bool {
	for i := from; i < to; i++ {
		if s.Is(i, undone) {
			return true
		}
	}
	if at >= from {
		at = -1
	}
	for i := from - 1; i > max(at, from-reach-1) && !s.AfterComma(i+1); i-- {
		if s.Is(i, undoings) {
			return true
		}
	}
	return s.Is(to, aftermaths)
}

// isCulprits reports whether the tokens between at and the mention that starts with
// another say that it is only what somebody does: "sanctions on those who annex".
func isCulprits(s *sentence.Sentence, at, from int) bool {
	for i := max(at, 0) + 1; i < from; i++ {
		if s.Is(i, culprits) {
			return true
		}
	}
	return false
}

// isPenalty reports whether the tokens name what is done against somebody.
func isPenalty(s *sentence.Sentence, from, to int) bool {
	for i := from; i < to; i++ {
		if s.Is(i, penalties) {
			return true
		}
	}
	return false
}

// turn is the token at which the subject of a claim goes on to something else: of
// "condemned the raid, and discussed the ceasefire" only the raid is condemned. Then is
// the stance from there on; the token is 0 where they do not.
func turn(s *sentence.Sentence, c claim.Claim) (at int, then stance.Stance) {
	if c.Wraps {
		return 0, stance.None
	}
	for i := c.At + 2; i < len(s.Tokens); i++ {
		if then, ok := goesOnTo(s, i, c); ok && joined(s, i) {
			return i, then
		}
	}
	return 0, stance.None
}

// joined reports whether token i can begin a further predicate: after a comma, "and" or
// "but", and a pronoun perhaps.
func joined(s *sentence.Sentence, i int) bool {
	for s.Is(i-1, sentence.Adverbs) || claim.Pronouns[s.Word(i-1)] != 0 {
		i--
	}
	return s.Is(i-1, sentence.Joints) || s.AfterComma(i)
}

// goesOnTo is the stance of the verb at token i if it is of the same tense as that of the
// claim, but of another stance.
func goesOnTo(s *sentence.Sentence, i int, c claim.Claim) (stance.Stance, bool) {
	if s.Word(i+1) == "by" || s.Tokens[i].Quoted || c.Verb.Form == stance.Participle {
		return stance.None, false
	}
	for _, next := range stance.Verbs[s.Word(i)] {
		if next.Form == c.Verb.Form && claim.Suits(s, i, next) {
			return next.Stance, next.Stance != c.Verb.Stance
		}
	}
	return stance.None, s.Is(i, sentence.Talked)
}

var (
	// conditions are phrases with which begins what something is done for, or only done
	// with, by their first word.
	conditions = map[string][][]string{
		"if": {{}}, "unless": {{}}, "once": {{}}, "until": {{}}, "provided": {{"that"}}, "providing": {{"that"}},
		"in": {{"return", "for"}, {"exchange", "for"}, {"response", "to"}, {"case", "of"}, {"the", "event"}}, "on": {{"condition"}, {"the", "condition"}}, "as": {{"long", "as"}, {"soon", "as"}},
		"only": {{"after"}, {"when"}, {"as"}, {"with"}}, "conditional": {{"on"}}, "contingent": {{"on"}},
	}
	// exchanges are the conditions that tell of no deed of another, by their first word.
	exchanges = words.Set("in on as conditional contingent should")
	onceMore  = words.Set("again more and")
	// undoings stand before what they end, hinder or break; undone are those that can be
	// a part of its name, aftermaths those that follow it.
	undoings = words.Set(`lift lifts lifted lifting ease eases eased easing end ends ended ending remove removes removed removing removal
		violate violates violated violating violation violations breach breaches breached breaching break breaks broke broken breaking
		undermine undermines undermined undermining bar bars barred barring limit limits limiting restrict restricting suspend suspends suspended suspending
		cancel cancels cancelled cancelling waive waived drop drops dropped dropping abandon abandons abandoned abandoning reverse revise revising
		disrupt disrupted disrupting derail derailing sabotage sabotaging delay delaying delays block blocks blocked refuse refusing refusal
		without discussing wait waiting stop stops stopped stopping evade evades evaded evading evasion
		circumvent circumventing circumvention relax relaxing loosen rollback weaken weakening forgo renounce renouncing exclude excluding prevent preventing`)
	undone     = words.Set("lift lifted lifting ease eased easing relief limit limits barred bar veto out violation")
	aftermaths = words.Set("relief rollback evasion violation violations breach breaches out")
	// culprits tell of whom a measure is for or against, by what they do.
	culprits = words.Set("those involved responsible engaged complicit")
	// penalties are what is done against somebody: who announces them offers nothing.
	penalties = words.Set("sanction sanctions sanctioning restrictions embargo ban banning cap tariffs controls costs imports import economic")
)
