package statement

import (
	"slices"
	"strings"

	"parley/corpus/lexicon"
)

// holding is the stance of a position if it is one on all that the mentions name, and
// None where it is only on some of it. Who would do one thing once another has done
// something else demands that.
func (r *reader) holding(s *sentence, p position, mentions []lexicon.Mention) Stance {
	held := map[Stance]bool{}
	asked := false
	for _, m := range mentions {
		from, to := s.unitsOf(m)
		held[s.stanceOn(p, from, to)] = true
		condition, ok := s.conditional(from)
		asked = asked || ok && r.isAnothers(s, condition)
	}
	if asked && held[Offers] {
		held[Demands] = true
		delete(held, Offers)
		delete(held, None)
	}
	if len(held) != 1 {
		return None
	}
	for stance := range held {
		return stance
	}
	return None
}

// stanceOn is the stance of a position on what the units name.
func (s *sentence) stanceOn(p position, from, to int) Stance {
	if p.turn > 0 && from >= p.turn {
		return p.then
	}
	if _, ok := s.conditional(from); ok && p.stance != Warns {
		return None
	}
	switch undone := s.reversed(p.at, from, to) || s.isCulprits(p.at, from); {
	case undone && (p.stance == Supports || p.stance == Opposes):
		return None
	case !undone && p.stance == Offers && s.isPenalty(from, to):
		return Supports
	}
	return p.stance
}

// isAnothers reports whether the condition that begins with unit i is for somebody else
// to meet: "once Ukraine leaves", "if they agree".
func (r *reader) isAnothers(s *sentence, i int) bool {
	if s.is(i, exchanges) {
		return false
	}
	for i++; s.is(i, adverbs) || s.is(i, articles) || s.is(i, coverRoles) || s.word(i) == "after"; i++ {
	}
	if i < len(s.units) && s.units[i].party != nil {
		return !isOwn(s.units[i].party.actors, r.speaking)
	}
	return s.word(i) == "they"
}

// unitsOf are the units of a mention: the first, and the one after the last.
func (s *sentence) unitsOf(m lexicon.Mention) (from, to int) {
	for from < len(s.units) && s.units[from].End <= m.Start {
		from++
	}
	for to = from; to < len(s.units) && s.units[to].Start < m.End; to++ {
	}
	return from, to
}

// hasCondition reports whether the sentence sets a condition.
func (s *sentence) hasCondition() bool {
	for i := range s.units {
		if s.opensCondition(i) {
			return true
		}
	}
	return false
}

// conditional is where the condition begins in which unit i stands, if it does. One with
// which a clause begins lasts to the next comma, any other to the end of the clause.
func (s *sentence) conditional(i int) (at int, ok bool) {
	for j := i; j >= 0; j-- {
		if s.opensCondition(j) {
			return j, true
		}
		if strings.ContainsAny(s.gap(j), ";:") || s.comma(j) && s.frontedBefore(j) {
			break
		}
	}
	return 0, false
}

// frontedBefore reports whether the comma before unit i ends a condition that stands
// before what depends on it: "if Kyiv agrees, …".
func (s *sentence) frontedBefore(i int) bool {
	for j := i - 1; j >= 0; j-- {
		if s.opensCondition(j) {
			return j == 0 || s.comma(j) || s.word(j-1) == "that"
		}
		if s.comma(j) {
			return false
		}
	}
	return false
}

// opensCondition reports whether a condition begins with unit i: "if", "in return for".
func (s *sentence) opensCondition(i int) bool {
	if s.word(i) == "should" { // "should Russia invade"
		return i+1 < len(s.units) && (s.units[i+1].party != nil || pronouns[s.word(i+1)] != 0)
	}
	return slices.ContainsFunc(conditions[s.word(i)], func(rest []string) bool { return s.follows(i, rest) }) &&
		!(s.word(i) == "once" && (s.is(i+1, onceMore) || s.word(i-1) == "at"))
}

// reach bounds the words from what undoes or judges a thing to the thing: "an end to all
// unilateral sanctions".
const reach = 4

// reversed reports whether the units are of something that is to be ended, hindered or
// broken, or was: "the lifting of sanctions", "violations of the ceasefire". Who is
// for that is not for the thing, nor is against the thing who is against it. What
// stands before unit at, where the position is told, counts only for what does as well.
func (s *sentence) reversed(at, from, to int) bool {
	for i := from; i < to; i++ {
		if s.is(i, undone) {
			return true
		}
	}
	if at >= from {
		at = -1
	}
	for i := from - 1; i > max(at, from-reach-1) && !s.comma(i+1); i-- {
		if s.is(i, undoings) {
			return true
		}
	}
	return s.is(to, aftermaths)
}

// isCulprits reports whether the units between at and the mention that starts with
// another say that it is only what somebody does: "sanctions on those who annex".
func (s *sentence) isCulprits(at, from int) bool {
	for i := max(at, 0) + 1; i < from; i++ {
		if s.is(i, culprits) {
			return true
		}
	}
	return false
}

// isPenalty reports whether the units name what is done against somebody.
func (s *sentence) isPenalty(from, to int) bool {
	for i := from; i < to; i++ {
		if s.is(i, penalties) {
			return true
		}
	}
	return false
}

// turn is the unit at which the subject of a claim goes on to something else: of
// "condemned the raid, and discussed the ceasefire" only the raid is condemned. Then is
// the stance from there on; the unit is 0 where they do not.
func (s *sentence) turn(c claim) (at int, then Stance) {
	if c.wraps {
		return 0, None
	}
	for i := c.at + 2; i < len(s.units); i++ {
		if stance, ok := s.goesOnTo(i, c); ok && s.joined(i) {
			return i, stance
		}
	}
	return 0, None
}

// joined reports whether unit i can begin a further predicate: after a comma, "and" or
// "but", and a pronoun perhaps.
func (s *sentence) joined(i int) bool {
	for s.is(i-1, adverbs) || pronouns[s.word(i-1)] != 0 {
		i--
	}
	return s.is(i-1, joints) || s.comma(i)
}

// goesOnTo is the stance of the verb at unit i if it is of the same tense as that of the
// claim, but of another stance.
func (s *sentence) goesOnTo(i int, c claim) (Stance, bool) {
	if s.word(i+1) == "by" || s.units[i].quoted || c.cue.form == participle {
		return None, false
	}
	for _, next := range cues[s.word(i)] {
		if next.form == c.cue.form && s.suits(i, next) {
			return next.stance, next.stance != c.cue.stance
		}
	}
	return None, s.is(i, talked)
}
