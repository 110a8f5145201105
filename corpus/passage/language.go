package passage

import (
	"fmt"
	"parley/corpus/words"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/neurosnap/sentences"
	"github.com/neurosnap/sentences/data"
)

// kind says how a word before a dot behaves.
type kind uint8

const (
	ordinary     kind = iota
	title             // never ends a sentence: "Mr.", "e.g."
	acronym           // ends one only before a word that opens sentences: "U.S.", "J."
	abbreviation      // the same, and before words that only open sentences: "p.m.", "Inc."
)

// model holds counts of words before and after a dot, all in lower case.
type model struct {
	titles, abbreviations map[string]bool
	// capitalised are abbreviations that are words of their own in lower case: "Sat.", "Wash."
	capitalised map[string]bool
	// numbered are abbreviations only before a number: "No. 5".
	numbered map[string]bool
	// openers are words that begin sentences wherever they are capitalised.
	openers map[string]bool
	// lowercase are words that are capitalised nowhere but at the start of a sentence.
	lowercase map[string]bool
}

// The training text is the Wall Street Journal of 1989; these lists add what
// diplomacy, transcripts and other languages need.
const (
	titles = `mr mrs ms mx dr messrs mme gen lt col maj capt cpt sgt cmdr adm brig amb sen rep reps sens
		gov pres prof rev hon pvt supt insp dep asst e.g i.e vs cf viz incl approx ca
		ім им вул ул просп пл проф акад ген див см напр т.н т.зв`
	abbreviations = `a.m p.m jan feb apr aug sept oct nov dec jr sr st mt ft inc corp ltd bros co dept
		est tel ed eds trans intl govt univ`
	capitalised = `mar jun jul sep mon tue tues wed thu thur thurs fri sat sun ala ariz ark calif colo conn
		del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo`
	numbered = `no nos art arts fig figs sec secs ch vol vols p pp para paras res ex app ст п пп стор стр`
	// ordinaryWords stand among the abbreviations of the training but end sentences too often.
	ordinaryWords = `ok ill ore wash ga la pa va kan wed fri sep sw yr mg chg cos cie`
	opening       = `a an the this that these those he she it they we you i his her its their our my your
		there here then now today yesterday tomorrow when while where why who what which how if
		as at in on for from after before since until once during under over between with without
		but and so or yet nor because although though however meanwhile moreover instead also still
		only even both each every some many most more all another other such no not yes well okay
		let is are was were do does did can could will would should has have had one two three
		thank thanks earlier later according asked following despite amid among`
)

// loadModel reads the training data. It is embedded in the binary, so that
// failing to read it is a broken build and no condition to handle.
func loadModel() model {
	var training *sentences.Storage
	b, err := data.Asset("data/english.json")
	if err == nil {
		training, err = sentences.LoadTraining(b)
	}
	if err != nil {
		panic(fmt.Errorf("embedded sentence training: %w", err))
	}
	m := model{
		titles:        words.Set(titles),
		abbreviations: words.Set(abbreviations),
		capitalised:   words.Set(capitalised),
		numbered:      words.Set(numbered),
		openers:       words.Set(opening),
		lowercase:     map[string]bool{},
	}
	for w := range training.AbbrevTypes {
		m.abbreviations[w] = true
	}
	for w := range words.Set(ordinaryWords + " " + capitalised) {
		delete(m.abbreviations, w)
	}
	for w := range training.SentStarters {
		m.openers[w] = true
	}
	for w, context := range training.OrthoContext {
		if context&lowerCase != 0 && context&upperInside == 0 {
			m.lowercase[w] = true
		}
	}
	return m
}

// Flags of Punkt's orthographic context, which the library keeps to itself.
const (
	upperInside = 1 << 2             // capitalised inside a sentence
	lowerCase   = 1<<4 | 1<<5 | 1<<6 // in lower case, anywhere
)

// kind classes the word before a dot.
func (m *model) kind(word string) kind {
	lower := strings.ToLower(word)
	switch {
	case m.titles[lower]:
		return title
	case lower == "a.m" || lower == "p.m":
		return abbreviation
	case utf8.RuneCountInString(word) == 1 && unicode.IsLetter(firstRune(word)), isAcronym(word):
		return acronym
	case m.abbreviations[lower], m.capitalised[lower] && lower != word:
		return abbreviation
	}
	return ordinary
}

// isAcronym reports whether word is parts of one or two letters with dots between: "U.S", "Ph.D".
func isAcronym(word string) bool {
	parts := 0
	for part := range strings.SplitSeq(word, ".") {
		letters := 0
		for _, r := range part {
			if letters++; letters > 2 || !unicode.IsLetter(r) {
				return false
			}
		}
		if letters == 0 {
			return false
		}
		parts++
	}
	return parts > 1
}

// isItemNumber reports whether word numbers a list item: "1", "IV", "Q".
func isItemNumber(word string) bool {
	if strings.Trim(word, "0123456789") == "" {
		return len(word) <= 3
	}
	return utf8.RuneCountInString(word) == 1 || len(word) <= 4 && strings.Trim(word, "IVX") == ""
}

// starts reports whether rest begins with a word that opens sentences, or with one
// that is capitalised here and would not be inside a sentence.
func (m *model) starts(rest string) bool {
	w := openingWord(rest)
	return m.openers[w] || m.lowercase[w]
}

// openingWord is the capitalised word that text begins with, in lower case; empty
// when it begins with anything else or with another initial.
func openingWord(text string) string {
	if !unicode.IsUpper(firstRune(text)) {
		return ""
	}
	end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(text)
	}
	if text[end:] != "" && text[end] == '.' && utf8.RuneCountInString(text[:end]) == 1 {
		return ""
	}
	return strings.ToLower(text[:end])
}
