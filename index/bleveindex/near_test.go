package bleveindex

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/corpus"
	"parley/corpus/words"
	"parley/index"
	"parley/index/annotate"
)

func TestNearFindsSpellingsAndCountsTheirPassages(t *testing.T) {
	dir := built(t, []corpus.Document{
		{Source: corpus.Source{ID: "titled", Title: "Mediators meet"}, Text: "Zelensky spoke of Kyiv. Zelensky spoke again."},
		document("b", "Zelensky and the mediator. Zelenski was a misprint."),
		document("c", "Україна і Київ: переговори тривають. The mediator left."),
		document("d", "Türkiye invited the mediators. Éclair."),
	})
	s := view(t, open(t, dir))
	for _, c := range []struct {
		word  string
		edits int
		want  []index.Near
	}{
		{"zelensky", 1, []index.Near{{Word: "zelenski", Edits: 1, Passages: 1}, {Word: "zelensky", Edits: 0, Passages: 2}}},
		{"zelesnky", 1, []index.Near{{Word: "zelensky", Edits: 1, Passages: 2}}},
		{"zlensky", 1, []index.Near{{Word: "zelensky", Edits: 1, Passages: 2}}},
		{"zelenskyy", 1, []index.Near{{Word: "zelensky", Edits: 1, Passages: 2}}},
		{"zelenskiy", 2, []index.Near{{Word: "zelenski", Edits: 1, Passages: 1}, {Word: "zelensky", Edits: 1, Passages: 2}}},
		{"ezlensky", 2, nil}, // another first letter
		{"mediater", 1, []index.Near{{Word: "mediator", Edits: 1, Passages: 2}}},
		{"mediater", 2, []index.Near{{Word: "mediator", Edits: 1, Passages: 2}, {Word: "mediators", Edits: 2, Passages: 2}}},
		{"mediater", 9, []index.Near{{Word: "mediator", Edits: 1, Passages: 2}, {Word: "mediators", Edits: 2, Passages: 2}}},
		{"mediator", 0, nil},
		{"mediator", -1, nil},
		{"переговоры", 1, []index.Near{{Word: "переговори", Edits: 1, Passages: 1}}},
		{"укрїана", 1, spelled(t, "Україна", "укрїана")},
		{"turkyie", 1, []index.Near{{Word: "turkiye", Edits: 1, Passages: 1}}},
		{"", 2, nil},
		{"\xff\xfe", 2, nil},
		{strings.Repeat("mж", 100/2), 2, nil},
		{strings.Repeat("mediator", 1000), 2, nil},
	} {
		got, err := s.Near(c.word, c.edits)
		if err != nil {
			t.Errorf("%q: %v", c.word, err)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q within %d edits (-want +got):\n%s", c.word, c.edits, diff)
		}
	}
}

// spelled is the one word as it is folded, at its distance from another, in one passage.
func spelled(t *testing.T, word, from string) []index.Near {
	t.Helper()
	fold := words.Fold(word)
	return []index.Near{{Word: fold, Edits: distance(fold, from), Passages: 1}}
}

func TestNearFindsExactlyTheWordsWithinTheDistance(t *testing.T) {
	t.Parallel()
	docs := generate(6, 40) // no word is in more than exactWords passages
	passages := map[string]int{}
	annotator := annotate.New(names())
	for _, doc := range docs {
		for _, p := range annotator.Passages(doc) {
			seen := map[string]bool{}
			for w := range words.All(doc.Title + "\n" + p.Text) {
				seen[w.Fold] = true
			}
			for w := range seen {
				passages[w]++
			}
		}
	}
	vocabulary := slices.Sorted(maps.Keys(passages))
	r := rand.New(rand.NewPCG(3, 3))
	for name, dir := range map[string]string{"one segment": built(t, docs), "segments": builtInSegments(t, docs, 20)} {
		s := view(t, open(t, dir))
		for range 400 {
			word, edits := misspelled(r, vocabulary[r.IntN(len(vocabulary))]), 1+r.IntN(2)
			var want []index.Near
			for _, w := range vocabulary {
				if d := distance(w, word); d <= edits && firstLetter(w) == firstLetter(word) {
					want = append(want, index.Near{Word: w, Edits: d, Passages: passages[w]})
				}
			}
			got, err := s.Near(word, edits)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Fatalf("%s: %q within %d edits: %v (-brute force +index):\n%s", name, word, edits, err, diff)
			}
		}
	}
}

func firstLetter(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// misspelled drops, doubles, swaps or replaces up to three letters, never all.
func misspelled(r *rand.Rand, word string) string {
	letters := []rune(word)
	for range r.IntN(4) {
		at := r.IntN(len(letters))
		switch r.IntN(4) {
		case 0:
			if len(letters) > 1 {
				letters = slices.Delete(letters, at, at+1)
			}
		case 1:
			letters = slices.Insert(letters, at, letters[at])
		case 2:
			if at > 0 {
				letters[at-1], letters[at] = letters[at], letters[at-1]
			}
		default:
			letters[at] = 'ж'
		}
	}
	return string(letters)
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours between two words, no letter being touched twice.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			replace := rows[i-1][j-1]
			if x[i-1] != y[j-1] {
				replace++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replace)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

func BenchmarkNear(b *testing.B) {
	var docs []corpus.Document
	r := rand.New(rand.NewPCG(9, 9))
	for i := range 500 {
		text := strings.Repeat(misspelled(r, vocabulary[r.IntN(len(vocabulary))])+" ", 1+r.IntN(60))
		docs = append(docs, document(fmt.Sprint(i), text))
	}
	s := view(b, open(b, built(b, docs)))
	for b.Loop() {
		if _, err := s.Near("mediatros", 2); err != nil {
			b.Fatal(err)
		}
	}
}
