package passage

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { os.Exit(sharedtest.Main(m)) }

// prose is n words in sentences of ten words each.
func prose(n int) string {
	var b strings.Builder
	for i := range n {
		switch {
		case i%10 == 0:
			b.WriteString("Then")
		default:
			b.WriteString("word")
		}
		if i%10 == 9 || i == n-1 {
			b.WriteByte('.')
		}
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

// sizes is the length in words of each passage of the paragraphs given.
func sizes(t *testing.T, paragraphs ...string) []int {
	t.Helper()
	doc := corpus.Document{Source: corpus.Source{ID: "d"}, Text: strings.Join(paragraphs, "\n\n")}
	passages := shared.Split(doc)
	checkPassages(t, doc, passages)
	var out []int
	for _, p := range passages {
		out = append(out, len(strings.Fields(p.Text)))
	}
	return out
}

func TestPassageSizes(t *testing.T) {
	label := func(name string, n int) string { return name + " " + prose(n) }
	for name, tc := range map[string]struct {
		in   []string
		want []int
	}{
		"a document of one paragraph":           {[]string{prose(100)}, []int{100}},
		"a document of one word":                {[]string{"Yes"}, []int{1}},
		"full paragraphs stand alone":           {[]string{prose(50), prose(45), prose(110)}, []int{50, 45, 110}},
		"a long paragraph in even parts":        {[]string{prose(250)}, []int{80, 90, 80}},
		"just over the limit":                   {[]string{prose(121)}, []int{60, 61}},
		"short ones are gathered":               {[]string{prose(30), prose(20), prose(35), prose(30)}, []int{85, 30}},
		"a full one is not gathered":            {[]string{prose(30), prose(60), prose(20)}, []int{30, 60, 20}},
		"a heading goes with what follows":      {[]string{"The ceasefire", prose(60), "Territory", prose(45)}, []int{62, 46}},
		"a heading goes with a long paragraph":  {[]string{"## The ceasefire", prose(200)}, []int{103, 100}},
		"a heading ends a run":                  {[]string{prose(30), "Territory", prose(30)}, []int{30, 31}},
		"a scrap goes with what follows":        {[]string{"* * *", prose(50)}, []int{53}},
		"a last scrap goes with what was":       {[]string{prose(50), `\###`}, []int{51}},
		"a question goes with its short answer": {[]string{label("Q", 10), label("MS. LEAVITT:", 30)}, []int{43}},
		"a question opens a new passage":        {[]string{label("Q", 10), label("THE PRESIDENT:", 20), label("Q", 10), label("THE PRESIDENT:", 20)}, []int{33, 33}},
		"the end of an answer is not the next":  {[]string{label("PRESIDENT BIDEN:", 60), prose(25), label("MR. KIRBY:", 20), label("Q", 50)}, []int{62, 25, 22, 51}},
		"a long run of scraps takes no more":    {[]string{prose(12), prose(12), prose(12), prose(60)}, []int{36, 60}},
		"a short question with a long answer":   {[]string{prose(50), label("Q", 8), label("MS. LEAVITT:", 70), label("Q", 8), label("MS. LEAVITT:", 150)}, []int{50, 81, 81, 80}},
		"a short answer goes with its question": {[]string{label("Q", 50), label("MR. KIRBY:", 3), label("Q", 60), label("MR. KIRBY:", 50)}, []int{56, 61, 52}},
		"a last word stays with its speaker":    {[]string{label("MR. KIRBY:", 50), prose(3), label("Q", 60), label("MR. KIRBY:", 50)}, []int{55, 61, 52}},
	} {
		if diff := cmp.Diff(tc.want, sizes(t, tc.in...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestASentenceOverTheLimitStaysWhole(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("word ", 150)) + "."
	if diff := cmp.Diff([]int{20, 150, 20}, sizes(t, prose(20)+" "+strings.ToUpper(long[:1])+long[1:]+" "+prose(20))); diff != "" {
		t.Error(diff)
	}
}

func TestLabels(t *testing.T) {
	for text, want := range map[string]label{
		"THE PRESIDENT: Thank you.":                           speaker,
		"MS. JEAN-PIERRE: So —":                               speaker,
		"PRIME MINISTER ŠIMONYTĖ: Yes":                        speaker,
		"**PRESIDENT VON DER LEYEN:** Yes":                    speaker,
		"President of Russia Vladimir Putin (translated): Hi": speaker,
		"Q Thank you.":                                        questioner,
		"Q\u00a0\u00a0 Thank you.":                            questioner,
		"QUESTION: Why?":                                      questioner,
		"Question (retranslated): Why?":                       questioner,
		"Q: Why?":                                             questioner,
		"Qatar hosts talks.":                                  noLabel,
		"The point is this: no.":                              noLabel,
		"He said: no.":                                        noLabel,
		"At 10:30 they met":                                   noLabel,
	} {
		if got := labelOf(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestOffsetsAreBytes(t *testing.T) {
	doc := corpus.Document{Source: corpus.Source{ID: "ї#"[:2]}, Text: "  Київ — столиця, і це добре відомо всім у нашій країні. Львів — ні.\n\n" + prose(50) + "  \n"}
	got := shared.Split(doc)
	checkPassages(t, doc, got)
	if len(got) != 2 || got[0].Start != 2 || got[0].Text != "Київ — столиця, і це добре відомо всім у нашій країні. Львів — ні." || got[0].Sentences[1].In(got[0].Text) != "Львів — ні." {
		t.Errorf("%+v", got)
	}
}

func TestASplitterIsSafeForConcurrentUse(t *testing.T) {
	var s Splitter
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if n := len(s.Sentences("One. Two.")); n != 2 {
				t.Errorf("%d sentences", n)
			}
		})
	}
	wg.Wait()
}

// checkPassages checks what holds for every document.
func checkPassages(t *testing.T, doc corpus.Document, passages []corpus.Passage) {
	t.Helper()
	var spans []corpus.Span
	for n, p := range passages {
		if p.ID != doc.ID+"#"+strconv.Itoa(n) {
			t.Fatalf("passage %d has the id %q", n, p.ID)
		}
		if doc.Text[p.Start:p.End] != p.Text {
			t.Fatalf("passage %d is not the text that it points to", n)
		}
		if len(p.Sentences) == 0 {
			t.Fatalf("passage %q has no sentence", p.Text)
		}
		if utf8.ValidString(doc.Text) {
			for _, s := range p.Sentences {
				if !utf8.ValidString(s.In(p.Text)) {
					t.Fatalf("sentence %q is cut inside a character", s.In(p.Text))
				}
			}
		}
		checkSpans(t, p.Text, p.Sentences)
		spans = append(spans, corpus.Span{Start: p.Start, End: p.End})
	}
	checkSpans(t, doc.Text, spans)
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		"", "One. Two.\n\nThree", "Q Why?\n\nTHE PRESIDENT: So — … ok.", "- a\n- b\n1. c", "“We agree. We sign.”[1] U.S. He",
		"\xff.\x00 \u2028\n\u00a0\n停战。好", strings.Repeat("слово ", 99), strings.Repeat("字", 50), prose(130), "A.\nThe b\n\n* * *\n\n# C", "a.\r\n\r\nb", ". . . .... ?! A.",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := corpus.Document{Source: corpus.Source{ID: "d"}, Text: text}
		passages := shared.Split(doc)
		checkPassages(t, doc, passages)
		checkSpans(t, text, shared.Sentences(text))
		for _, p := range passages {
			if n := countWords(p.Text); n > maxWords && len(p.Sentences) > 1 {
				t.Fatalf("a passage of %d words in %d sentences", n, len(p.Sentences))
			}
		}
	})
}

// record is the documents of ../shared/corpora, which is data beside the project.
func record(t testing.TB) []corpus.Document {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(sharedtest.Path(t, "corpora"), "*.jsonl"))
	if len(paths) == 0 {
		t.Fatal("no documents in ../shared/corpora")
	}
	var docs []corpus.Document
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var d struct{ ID, Text string }
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				t.Fatal(err)
			}
			docs = append(docs, corpus.Document{Source: corpus.Source{ID: d.ID}, Text: d.Text})
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return docs
}

func TestTheRealRecord(t *testing.T) {
	var words []int
	sentences := 0
	for _, doc := range record(t) {
		passages := shared.Split(doc)
		checkPassages(t, doc, passages)
		for _, p := range passages {
			words = append(words, countWords(p.Text))
			sentences += len(p.Sentences)
		}
	}
	slices.Sort(words)
	at := func(q int) int { return words[(len(words)-1)*q/100] }
	t.Logf("%d passages, %d sentences; words: 10%% %d, median %d, 90%% %d, longest %d",
		len(words), sentences, at(10), at(50), at(90), at(100))
	if len(words) < 12000 || len(words) > 30000 || at(90) > maxWords {
		t.Error("passages are not the size of a paragraph")
	}
}

func BenchmarkSplit(b *testing.B) {
	docs := record(b)
	shared.language()
	size := 0
	for _, d := range docs {
		size += len(d.Text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, d := range docs {
			shared.Split(d)
		}
	}
}
