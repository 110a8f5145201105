package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/corpus/lexicon"
	"parley/corpus/words"
	"parley/index/analysis"
	"parley/index/when"
)

// repair respells the words of a question that the record does not have as words that it
// has, and notes them in the plan.
func (pl *planner) repair(text string, record Vocabulary, p *Plan) (string, error) {
	var b strings.Builder
	end := 0
	for w := range words.All(text) {
		read, err := pl.respell(w, record)
		if err != nil {
			return "", err
		}
		if read == "" {
			continue
		}
		b.WriteString(text[end:w.Start])
		b.WriteString(read)
		end = w.End
		if strings.EqualFold(strings.ReplaceAll(read, "'", ""), w.Fold) {
			continue // only an apostrophe
		}
		p.Repairs = append(p.Repairs, Repair{Written: w.Text, Read: read})
	}
	b.WriteString(text[end:])
	return b.String(), nil
}

// shortestRepaired is the least number of letters of a word that is respelled: shorter ones
// are too much like too many others.
const shortestRepaired = 4

// respell returns the word that was meant; empty to leave the word as it is.
func (pl *planner) respell(w words.Word, record Vocabulary) (string, error) {
	letters := utf8.RuneCountInString(w.Fold)
	if strings.HasSuffix(w.Fold, "s") && pl.names(w.Text[:len(w.Text)-1]) && !pl.names(w.Text) {
		return w.Text[:len(w.Text)-1] + "'s", nil // "russias price"
	}
	if letters < shortestRepaired || w.Fold[0] >= '0' && w.Fold[0] <= '9' ||
		when.IsMonth(w.Fold) || analysis.IsStop(w.Fold) || casual[w.Fold] {
		return "", nil
	}
	stem := pl.analyzer.Stem(w.Fold)
	if n, err := record.DocFreq(FieldText, stem); n > 0 || err != nil {
		return "", err
	}
	if len(pl.lexicon.Find(w.Text, lexicon.Casual())) > 0 || len(pl.lexicon.Alternatives([]string{w.Fold})) > 0 ||
		pl.neighbours.Of(stem) != nil {
		return "", nil // known, though the record does not have it
	}
	edits := 1
	if letters > 7 {
		edits = 2
	}
	near, err := record.Near(w.Fold, edits)
	if err != nil || len(near) == 0 {
		return "", err
	}
	best := slices.MinFunc(near, func(a, b Near) int {
		return cmp.Or(
			cmp.Compare(a.Edits, b.Edits),
			cmp.Compare(truth(leavesOut(b.Word, w.Fold)), truth(leavesOut(a.Word, w.Fold))),
			cmp.Compare(b.Passages, a.Passages),
			cmp.Compare(a.Word, b.Word),
		)
	})
	return best.Word, nil
}

// leavesOut reports whether a word as written only lacks letters of the right one. This
// is the mistake made most: "nutral" is "neutral" rather than "natural".
func leavesOut(right, written string) bool {
	for _, r := range right {
		if first, size := utf8.DecodeRuneInString(written); size > 0 && first == r {
			written = written[size:]
		}
	}
	return written == ""
}

// names reports whether a word names an actor.
func (pl *planner) names(word string) bool {
	return len(lexicon.IDs(lexicon.KindActor, pl.lexicon.Find(word, lexicon.Casual()))) > 0
}

// casual are words of chat that no source has and that mean nothing here.
var casual = words.Set(`whats whos wheres hows gonna wanna gotta dunno lets thats
hey hello please thanks thank okay yeah`)
