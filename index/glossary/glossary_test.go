package glossary

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestTheLongestBeginningSaysWhatAWordIs(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"обміняли": "exchange", "обменяли": "exchange", "перемир'я": "truce", "перемирʼя": "truce", "перемирия": "truce",
		"погодилась": "agree", "погода": "weather", "погоди": "weather", "полонених": "prisoner", "пленных": "prisoner",
		"заморожені": "freeze", "мільярдів": "billion", "Вибори": "election", "ОБСЄ": "osce", "щёки": "", "абракадабра": "", "": "",
	} {
		got := English(word)
		if want == "" && got != nil || want != "" && !slices.Contains(got, want) {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestEveryEntryCanBeFoundAndHasEnglishWords(t *testing.T) {
	t.Parallel()
	g := load()
	if n := len(g.beginnings) + len(g.whole); n < 1500 {
		t.Errorf("only %d entries", n)
	}
	for _, entries := range []map[string][]string{g.beginnings, g.whole} {
		for entry, english := range entries {
			if entry != fold(entry) || !IsCyrillic(entry) {
				t.Errorf("%q is not folded or not Cyrillic", entry)
			}
			for _, r := range entry {
				if !unicode.Is(unicode.Cyrillic, r) && r != '-' {
					t.Errorf("%q has the letter %q", entry, r)
				}
			}
			if strings.Contains(english[0], "_") {
				t.Errorf("%q: %q is a phrase", entry, english[0])
			}
			for _, w := range english {
				if w != strings.ToLower(w) || IsCyrillic(w) {
					t.Errorf("%q: %q is no English word in small letters", entry, w)
				}
			}
		}
	}
}

func TestNamesAreRomanizedWithAndWithoutTheEndingsOfCases(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Віткоффа": "vitkoff", "Сибіга": "sybiha", "Умєрова": "umierov", "Ейде": "eide", "Кассіс": "kassis",
		"Лихачёв": "lykhachev", "Гросси": "grossi", "Бонн": "bonn", "Сілінею": "siline",
	} {
		if got := Romanized(name); !slices.Contains(got, want) {
			t.Errorf("%q: %q, want %q among them", name, got, want)
		}
	}
	for _, short := range []string{"", "ЄС", "Він"} {
		if got := Romanized(short); got != nil {
			t.Errorf("%q: %q", short, got)
		}
	}
}

func FuzzEnglishAndRomanized(f *testing.F) {
	f.Add("перемир'я")
	f.Add("ЁЖ-ії\xff")
	f.Fuzz(func(t *testing.T, word string) {
		English(word)
		for _, s := range Romanized(word) {
			if len(s) < 4 || strings.ContainsFunc(s, unicode.IsUpper) {
				t.Errorf("%q: %q", word, s)
			}
		}
	})
}
