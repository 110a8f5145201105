package digest

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/wording/wordingtest"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index"
	"parley/index/when"
)

var testLexicon = sync.OnceValue(func() *lexicon.Lexicon {
	lex, err := lexicon.Default()
	if err != nil {
		panic(err)
	}
	return lex
})

func rtw(id string) corpus.Source {
	return corpus.Source{ID: id, Title: "The negotiations", Publisher: "RTW News", URL: "https://rtw.example/1", Published: day("2025-02")}
}

// said is a statement of Russia's on a day.
func said(on, text, stance string, topics ...string) index.Statement {
	return index.Statement{
		Passage: "kr-" + on + "#3", Text: text, Actors: []string{"russia"}, Speaker: "Peskov", Topics: topics, Stance: stance,
		Source: corpus.Source{ID: "kr-" + on, Title: "A briefing", Publisher: "Interfax", Published: day(on)},
	}
}

func russians() []index.Statement {
	later := said("2026-03-01", "He ruled out a swap.", "opposes", "territory")
	later.Before, later.More.After = "Peskov spoke. ", true
	return []index.Statement{later, said("2025-06-02", "We ask for Crimea.", "demands", "territory", "ceasefire")}
}

// text is all that a reply says, a line a block or citation line; without quotations, what
// the interface says itself.
func text(r bot.Reply, quotations bool) string {
	var lines []string
	for _, block := range r.Blocks {
		switch b := block.(type) {
		case bot.Text:
			lines = append(lines, b.Line.String())
		case bot.Note:
			lines = append(lines, b.Line.String())
		case bot.List:
			lines = append(lines, b.Title)
			for _, item := range b.Items {
				lines = append(lines, "- "+item.String())
			}
		case bot.Heading:
			lines = append(lines, "# "+b.Text)
		case bot.Picture:
			if quotations { // its other words are those of package timeline
				lines = append(lines, b.Name+": "+b.Alt)
			}
		case bot.Quote:
			if len(b.Labels) > 0 {
				lines = append(lines, strings.Join(b.Labels, " · "))
			}
			if quotations {
				lines = append(lines, fmt.Sprintf("%d %v %q %v", b.Number, b.CutBefore, b.Text(), b.CutAfter))
			}
			for _, l := range b.Citation.Lines() {
				lines = append(lines, l.String())
			}
		default:
			panic(fmt.Sprintf("%T", b))
		}
	}
	return strings.Join(lines, "\n")
}

// news is a digest with all that a digest may have.
func aDigest() content {
	statements := russians()
	late := statements[1]
	copied := statements[0]
	copied.AlsoIn = append(copied.AlsoIn, rtw("rtw-2"))
	copied.Stance = ""
	return content{
		Date: day("2026-05-09"), News: []topicNews{{"territory", []index.Statement{copied}}, {"", []index.Statement{late}}}, Earlier: []index.Statement{late},
		Sides: []index.Side{{Actors: []string{"russia"}, Statements: statements[:1]}, {Actors: []string{"ukraine", "nato"}, Statements: statements[1:2]}},
		More:  []string{"china"}, Silent: []string{"united-states"},
		Corrected: notices{List: []notice{{rtw("rtw-1"), day("2026-05-08")}}, More: 2},
		Withdrawn: notices{List: []notice{{rtw("rtw-3"), day("2026-05-07")}}},
		Documents: 12, Publishers: 5, Unshown: 3, Unread: 1, Record: index.Record{Documents: 3273, Newest: day("2026-05-08")},
		Timeline: index.Timeline{Lines: []index.TimeLine{{Actor: "russia", Marks: []index.TimeMark{{Date: day("2026-05-08"), Stance: "says", Passages: 1}}}}},
		Period:   when.Period{Since: day("2026-04-26").Start(), Until: day("2026-05-09").End()},
	}
}

func TestADigestSaysWhatIsNew(t *testing.T) {
	want := `# Digest, 9 May 2026
# Territory
0 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
Also in RTW News
# On other subjects
0 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
# Published earlier, new in the record
0 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
# New positions
Russia · opposes
0 false "Peskov spoke. He ruled out a swap." true
Peskov, reported by Interfax, “A briefing”, 1 March 2026
Ukraine, NATO · demands
0 false "We ask for Crimea." false
Peskov, reported by Interfax, “A briefing”, 2 June 2025
As many of each, in an order that turns from day to day.
New statements also by: China.
No new statement by: United States.
Corrected since it was shown
- The negotiations, RTW News, corrected on 8 May 2026
- 2 others
No longer quoted
- The negotiations, RTW News, withdrawn on 7 May 2026
New: 12 documents from 5 publishers; the record goes through 8 May 2026.
Not shown: 3 documents.
Too many to be read for this digest: 1 document.
timeline.png: `
	got, _, _ := strings.Cut(text(aDigest().reply(testLexicon()), true), "timeline.png: ")
	if diff := cmp.Diff(want, got+"timeline.png: "); diff != "" {
		t.Error(diff)
	}
}

func TestAQuietDigestIsALine(t *testing.T) {
	quiet := content{Language: "en", Date: day("2026-05-09"), Documents: 3, Record: index.Record{Documents: 3273, Newest: day("2026-05-08")}}
	if got := text(quiet.reply(testLexicon()), true); !quiet.isQuiet() || got != "Nothing new. The record has 3,273 documents and goes through 8 May 2026." {
		t.Errorf("got %s", got)
	}
	quiet.Topics, quiet.Actors, quiet.Language = []string{"ceasefire"}, []string{"russia"}, "uk"
	if got := text(quiet.reply(testLexicon()), true); !strings.HasPrefix(got, "Нічого нового. Про що: Припинення вогню, Росія. В архіві") {
		t.Errorf("got %s", got)
	}
	got := text(quiet.withSample(testLexicon(), aDigest()), true)
	if !strings.Contains(got, "Останні 24 години дали б таке:\n# Digest, 9 May 2026") {
		t.Errorf("with a sample: %s", got)
	}
}

func TestEveryWordOfADigestComesFromTheFiles(t *testing.T) {
	wordingtest.Pseudo(t, testLexicon())
	foreign := regexp.MustCompile(`RTW News|The negotiations|Interfax|A briefing|Peskov`)
	d := aDigest()
	d.Language = "de"
	wordingtest.Check(t, "a digest", text(d.reply(testLexicon()), false), foreign)
	for _, block := range d.reply(testLexicon()).Blocks {
		if q, ok := block.(bot.Quote); ok && wordingtest.IsWide(q.Text()) {
			t.Errorf("a quotation was translated: %s", q.Text())
		}
	}
	wordingtest.Check(t, "a title", d.title(), foreign)
	quiet := content{Language: "de", Date: d.Date, Topics: []string{"territory"}}
	wordingtest.Check(t, "a quiet digest", text(quiet.withSample(testLexicon(), content{Language: "de", Date: d.Date}), false), foreign)
}
