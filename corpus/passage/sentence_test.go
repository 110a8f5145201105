package passage

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
)

var shared Splitter

// split is the sentences of text as strings.
func split(text string) []string {
	var out []string
	for _, span := range shared.Sentences(text) {
		out = append(out, span.In(text))
	}
	return out
}

func TestSentencesAreNotBrokenInside(t *testing.T) {
	for _, text := range []string{
		"U.S. President Donald Trump called.",
		"The U.S. Chamber of Commerce and U.S. Envoy Keith Kellogg agreed.",
		"They met on Feb. 12 the week before.",
		"They met on Feb.\u00a012 in Riyadh.",
		"A word with Mr. Putin and Gen. Kellogg, Sen. Graham, Rep. McCaul and Lt. Gen. Budanov.",
		"See No. 5 of the list.",
		"It begins at 3 p.m. EST on Monday.",
		"It is Russia vs. Ukraine.",
		"It is Russia vs. the rest, i.e. The Hague, e.g. this.",
		"He went to St. Petersburg and Mt. Athos.",
		"J.D. Vance met George W. Bush and J. R. R. Tolkien.",
		"The end … and a new start.",
		"It ended ...and began.",
		"First . . . then nothing.",
		"So we — we want peace.",
		"The U.N. Security Council voted.",
		"Ukraine's U.S.-made arms.",
		"Oil costs 47.60 dollars.",
		"Q. Will you sign?",
		"1. item",
		"12. The parties stop firing.",
		"II. Ceasefire",
		"“Is it peace?” he asked.",
		"“Yes!” she said.",
		"They were (see Art. 5 of the treaty) bound.",
		"The point is — right? — the same.",
		"Section 702 (Title VII of FISA, etc.) is set to expire.",
		"По ул. Банковая шли люди.",
		"Указ от 5 мая 2022 г. подписан.",
		"It was cheered (applause) by all.",
		"D-Pa. Sen. Casey voted.",
		"a wrapped line that goes on to\nDonald Trump and then stops, so\nthat it is one sentence.",
	} {
		if got := split(text); len(got) != 1 || got[0] != text {
			t.Errorf("%q was broken into %q", text, got)
		}
	}
}

// TestSentencesBreak writes a boundary as "|".
func TestSentencesBreak(t *testing.T) {
	for _, marked := range []string{
		"He lives in the U.S.| He said so.",
		"He lives in the U.S.| And he said so.",
		"It ends at 5 p.m.| The talks go on.",
		"It ends at 5 p.m.| Troops left.",
		`He said "yes."| Then he left.`,
		"He said “yes.”| Then he left.",
		"He said «yes.»| Then he left.",
		"Is it?| Yes.",
		"“He left!”| She stayed.",
		"“We agree.| We sign.”",
		"“We agree.| We sign.”| So they did.",
		"Thank you.| (Applause.)| If you sit, be seated.",
		"It began in 2014.| He was there.",
		"It was on Feb. 12.| He was there.",
		"He said no.| Then he left.",
		"He sat.| The sun.| It shone.",
		"It was Plan B.| We like it.",
		"So did I.| He left.",
		"I never meant that ....| Zelensky left.",
		"He waited…| But nobody came.",
		"Martin Luther King Jr.| He had a dream.",
		"It works.[12]| Then it does not.",
		"What?!| No.",
		"Really?| 20 people came.",
		"He paid.| $5 was enough.",
		"It is so ordered.| (b) The parties agree.| - Both sign.| - **Both** leave.",
		"Heading\n\n|A sentence with no end\n \n|Another",
		"Heading in Title Case\n|The text under it is longer than its heading and ends with a dot.",
		"# Heading\n|text in lower case",
		"Points:\n|- first\n|- second\n|3. third",
		"Він приїхав до Києва.| Вона поїхала.",
		"Путин сказал «да.»| Затем он ушёл.| Всё!",
		"Сьогодні у 2022 р. почалося.| Їхали довго?| Так.",
		"停战了。|他们签字！|好",
		"Él dijo que sí.| ¿Y tú?| ¡No!",
	} {
		var want []string
		for part := range strings.SplitSeq(marked, "|") {
			want = append(want, strings.TrimSpace(part))
		}
		if diff := cmp.Diff(want, split(strings.ReplaceAll(marked, "|", ""))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", marked, diff)
		}
	}
}

func TestATextWithoutAnEndIsCutBetweenWords(t *testing.T) {
	for name, text := range map[string]string{
		"no punctuation": strings.Repeat("word ", 1000),
		"no spaces":      strings.Repeat("字", 20000),
	} {
		var total int
		sentences := split(text)
		for _, s := range sentences {
			if n := countWords(s); n > maxWords {
				t.Errorf("%s: a piece of %d words", name, n)
			}
			total += len(s)
		}
		if len(sentences) < 8 || total < len(strings.TrimSpace(text))-len(sentences) {
			t.Errorf("%s: %d pieces with %d bytes", name, len(sentences), total)
		}
	}
	if whole := strings.TrimSpace(strings.Repeat("word ", 300)); len(split(whole)) != 1 {
		t.Error("a sentence of 300 words was cut")
	}
}

func TestSentencesOfNothing(t *testing.T) {
	for _, text := range []string{"", " \n\t\n\u00a0"} {
		if got := split(text); got != nil {
			t.Errorf("%q has sentences %q", text, got)
		}
	}
}

// checkSpans reports what is wrong with spans as ordered, trimmed parts of text
// that leave out nothing but white space.
func checkSpans(t *testing.T, text string, spans []corpus.Span) {
	t.Helper()
	at := 0
	for _, s := range append(spans, corpus.Span{Start: len(text), End: len(text)}) {
		if s.Start < at || s.End > len(text) || s.End < s.Start {
			t.Fatalf("span %v after %d in %q", s, at, text)
		}
		if strings.TrimFunc(text[at:s.Start], unicode.IsSpace) != "" {
			t.Fatalf("%q is in no span of %q", text[at:s.Start], text)
		}
		if in := s.In(text); in != strings.TrimSpace(in) {
			t.Fatalf("span %q of %q is not trimmed", in, text)
		}
		at = s.End
	}
}
