package main

// compoundShare is the share of a term's occurrences right beside another from
// which the two are parts of a compound.
const compoundShare = 0.1

// Two words that are set against each other in so many words ("from war to
// peace", "both public and private") are no substitutes, however alike the
// places where they stand.

// frames are what sets the two sides of a contrast apart: before the first, between the two.
var frames = map[[2]string]bool{
	{"from", "to"}:     true,
	{"between", "and"}: true,
	{"both", "and"}:    true,
	{"either", "or"}:   true,
	{"whether", "or"}:  true,
	{"neither", "nor"}: true,
}

// contrasts counts, of two terms in a row with a word between, how often they
// were set against each other and how often merely joined by "and" or "or".
type contrasts map[[2]int32]struct{ framed, joined int }

func countContrasts(t *text) contrasts {
	word := func(id int32) string {
		if id < 0 || !t.terms[id].isStop() {
			return ""
		}
		return t.terms[id].name[len(stopMark):]
	}
	out := contrasts{}
	for i := 1; i+2 < len(t.stream); i++ {
		first, between, second := t.stream[i], word(t.stream[i+1]), t.stream[i+2]
		framed := frames[[2]string{word(t.stream[i-1]), between}]
		if first < 0 || second < 0 || !framed && between != "and" && between != "or" {
			continue
		}
		pair := [2]int32{min(first, second), max(first, second)}
		seen := out[pair]
		if framed {
			seen.framed++
		} else {
			seen.joined++
		}
		out[pair] = seen
	}
	return out
}

// opposed reports whether a and b are contrasted, and not just often named together.
func (c contrasts) opposed(a, b int) bool {
	seen := c[[2]int32{int32(min(a, b)), int32(max(a, b))}]
	return seen.framed > 0 && seen.framed*20 > seen.joined
}

// follows counts how often one term stands right after another, no word
// between: the parts of a compound ("prime minister", "cargo ship") share
// their surroundings without meaning the same.
type follows map[[2]int32]int

func countFollows(t *text) follows {
	out := follows{}
	for i := 1; i < len(t.stream); i++ {
		first, second := t.stream[i-1], t.stream[i]
		if first >= 0 && second >= 0 && !t.terms[first].isStop() && !t.terms[second].isStop() {
			out[[2]int32{first, second}]++
		}
	}
	return out
}

// compound reports whether a notable share of the rarer of a and b stands right beside the other.
func (f follows) compound(t *text, a, b int) bool {
	together := f[[2]int32{int32(a), int32(b)}] + f[[2]int32{int32(b), int32(a)}]
	return float64(together) > compoundShare*float64(min(t.terms[a].count, t.terms[b].count))
}
