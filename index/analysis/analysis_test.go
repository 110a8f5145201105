package analysis

import (
	"strings"
	"testing"
)

func TestTokensAreStemsWithoutStopWords(t *testing.T) {
	var a Analyzer
	for in, want := range map[string]string{
		"What did the US tell us about Ukraine's borders?": "us tell ukrain border",
		"The U.S. negotiators were negotiating":            "us negoti negoti",
		"They don't accept 1,000 prisoners":                "accept 1000 prison",
		"":                                                 "",
	} {
		var got []string
		for _, tok := range a.Tokens(in) {
			if tok.Term != "" {
				got = append(got, tok.Term)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", in, s, want)
		}
	}
}

func BenchmarkTokens(b *testing.B) {
	var a Analyzer
	text := strings.Repeat("The delegations agreed to exchange seriously wounded and ill prisoners, and those aged under 25. ", 50)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		a.Tokens(text)
	}
}
