package bot

import (
	"context"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"parley/bot/timeline"
	"parley/bot/wording"
	"parley/bot/wording/wordingtest"
	"parley/index"
)

// locale are the messages of a file by key and plural form ("count_documents/one"), and
// under the key alone where there is one form only.
func locale(t *testing.T, tag string) map[string]string {
	t.Helper()
	source, err := fs.ReadFile(wording.Files, "locales/"+tag+".toml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(source, &tree); err != nil {
		t.Fatal(err)
	}
	messages := map[string]string{}
	for key, value := range tree {
		table, _ := value.(map[string]any)
		for k, v := range table {
			if _, plural := table["other"]; plural {
				messages[key+"/"+k] = v.(string)
			} else {
				messages[key+"."+k] = v.(string)
			}
		}
		if table == nil {
			messages[key] = value.(string)
		}
	}
	return messages
}

func TestWhatDataNamesHasWordsInEveryLanguage(t *testing.T) {
	f := newFixture(index.Answer{})
	want := map[string][]string{
		"choice": append(wording.Languages(), languageByUser, "chat"), "days": {"daily", "workdays", "weekend"},
		"weekday": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
		"slot":    {string(SlotDue), string(SlotPosted), string(SlotQuiet), string(SlotSkipped), string(SlotFailed), string(SlotUnknown)},
	}
	for _, a := range f.lexicon.Actors() {
		want["actor"] = append(want["actor"], a.ID)
	}
	for _, topic := range f.lexicon.Topics() {
		want["topic"] = append(want["topic"], topic.ID)
	}
	for k := timeline.Demands; k <= timeline.Event; k++ {
		want["stance"] = append(want["stance"], k.String())
	}
	for month := range 12 {
		want["month"] = append(want["month"], strconv.Itoa(month+1))
	}
	want["month_of"] = want["month"]
	for _, tag := range wording.Languages() {
		for prefix, keys := range want {
			lexicon := prefix == "actor" || prefix == "topic"
			if lexicon && tag == wording.English {
				continue // the lexicon's own names are English
			}
			var has []string
			for key := range locale(t, tag) {
				if rest, ok := strings.CutPrefix(key, prefix+"."); ok {
					has = append(has, rest)
				}
			}
			slices.Sort(has)
			slices.Sort(keys)
			if diff := cmp.Diff(keys, has); diff != "" {
				t.Errorf("%s %s: %s", tag, prefix, diff)
			}
		}
	}
}

// interfaceText is all that a reply says but quotations.
func interfaceText(r Reply) string {
	var lines []string
	for _, block := range r.Blocks {
		switch b := block.(type) {
		case Quote:
			lines = append(lines, b.Labels...)
			for _, l := range b.Citation.Lines() {
				lines = append(lines, l.String())
			}
		case Picture: // its words are those of package timeline
		default:
			lines = append(lines, text(Reply{Blocks: []Block{block}}))
		}
	}
	for _, a := range r.Actions {
		lines = append(lines, a.Label)
	}
	return strings.Join(lines, "\n")
}

// foreign is what is never translated: of sources, what was typed, how commands are typed.
var foreign = regexp.MustCompile(`https?://\S+|/[a-z]+( \[?[a-z]+\]?(:\S+)?)*|RTW News|The negotiations|Hegseth|rtw-1|kr-[\d-]+|Interfax|A briefing|Peskov` +
	`|The White House|The Quint|A page|Wikipedia Current Events|Ukrinform|Reuters|Talks|hegseh?th?|atlantis|pandas|tomorrow|nonsense|actor|passage|text|page|topic|private|question|language` +
	`|Embed Links|NATO lifts sanctions\.|Russia will swap land\.|#general|English|Українська|[a-z]+:|CC BY|borders|forgetme`)

func TestEveryWordOfTheInterfaceComesFromTheFiles(t *testing.T) {
	wordingtest.Pseudo(t, testLexicon())
	f := newChat().fixture
	f.record.answer = everything()
	f.record.statements = append(russians(), said("2025", "x.", "says", "sanctions"))
	f.record.publishers = slices.Repeat([]index.Publisher{{Documents: 2, From: date("2025"), To: date("2026-05")}}, 50)
	f.record.comparison = index.Comparison{
		Topic: "territory", Silent: []string{"china", "nato"}, Sides: []index.Side{{Actors: []string{"russia"}, Statements: russians()[:1]}},
	}
	f.record.checked = index.Check{More: 3, Claims: []index.Claim{
		{Sentence: "Russia will swap land.", Actors: []string{"russia"}, Topics: []string{"territory"}, Nearest: russians()[:1]},
		{Sentence: "NATO lifts sanctions.", Actors: []string{"nato", "china"}, Topics: []string{"sanctions"}},
	}}
	say := func(line string) Reply {
		command, text := SplitCommand(line)
		return f.Handle(t.Context(), Request{
			User: "u", Conversation: "c", Chat: "chat", Channel: "1", Language: "de-AT", Command: command, Text: text,
			Diagnose: func(context.Context) ([]Finding, error) {
				return []Finding{{Need: "Embed Links", Missing: true, Why: "why.embed"}, {Need: "Embed Links"}}, nil
			},
		})
	}
	check := func(what string, reply Reply) {
		t.Helper()
		wordingtest.Check(t, what, interfaceText(reply), foreign)
		for _, block := range reply.Blocks {
			if q, ok := block.(Quote); ok && wordingtest.IsWide(q.Text()) {
				t.Errorf("%s: a quotation was translated: %s", what, q.Text())
			}
		}
	}
	for _, line := range []string{
		"borders?", "/ask page:2 borders", "/ask page:9 borders", "/source 1", "/source rtw-1", "/context 1", "/stance russia", "/stance russia territory",
		"/stance russia territory since 2025", "/stance nato sanctions since 2025 until 2025", "/stance nato sanctions until 2025", "/stance nato sanctions", "/stance nato",
		"/us territory", "/stance russia page 9", "/compare territory russia", "/timeline", "/timeline territory russia", "/timeline nato", "/check x", "/sources", "/sources page 2",
		"/settings", "/doctor", "/help", "/nonsense", "/ask", "/stance atlantis", "/stance russia pandas", "/stance russia territory since tomorrow",
		"/stance russia territory since 2026 until 2025", "/stance russia page 0", "/stance russia page:nonsense", "/settings private:nonsense", "/settings language:nonsense",
		"/forgetme",
		"/settings private:true", "/source 99", "/source nonsense", "/context nonsense", "/context nonsense#1", "/compare", strings.Repeat("x", 501), "/source " + strings.Repeat("x", 201),
	} {
		check(line, say(line))
	}
	f.record.answer = index.Answer{Why: "Nothing.", Record: index.Record{Documents: 1}}
	check("no answer", say("borders?"))
	f.record.checked = index.Check{}
	check("no claim", say("/check x"))
	f.record.err = errors.New("broken")
	check("failure", say("borders?"))
	check("doctor of a failure", say("/doctor"))
	check("welcome", f.welcome("de"))
	for _, key := range []wording.Key{"platform.expired", "platform.not_yours", "platform.about", "platform.about_short", "platform.console", "platform.long_line", "why.see", "why.send"} {
		check(string(key), Reply{Blocks: []Block{Text{Plain(wording.In("de").Say(key))}}})
	}
	for _, c := range allCommands() {
		check("/"+c.Path(), Reply{Blocks: []Block{Text{Plain(c.Describe("de"))}}})
		for _, o := range c.Options {
			check("/"+c.Name+" "+o.Name, Reply{Blocks: []Block{Text{Plain(o.Describe("de"))}}})
		}
	}
}

// everything is an answer with all that an answer may have.
func everything() index.Answer {
	brief := hit()
	brief.ID, brief.Source.BasedOn = "rtw-1#4", rtw("rtw-1").BasedOn
	other := hit()
	other.ID, other.Speaker, other.Source.Publisher, other.Source.ReportedBy = "rtw-1#5", "", "", []string{"Ukrinform", "Ukrinform", "Ukrinform", "Ukrinform", "Ukrinform", "Ukrinform"}
	next := hit()
	next.ID = "rtw-1#6"
	a := answered(hit(), brief, other)
	a.Ranked = []index.Hit{next}
	a.Repairs = []index.Repair{{Written: "hegseht", Read: "hegseth"}}
	a.Balance = &index.Balance{Order: []string{"united-states", "ukraine"}, More: []string{"nato"}, Silent: []string{"russia"}}
	return a
}

func TestDescriptionsFitBothPlatformsInEveryLanguage(t *testing.T) {
	// Discord: descriptions of 1 to 100 characters; labels of buttons of at most 80.
	// Telegram: descriptions of a bot of at most 512 and 120.
	fits := func(what, text string, limit int) {
		if n := len([]rune(text)); n < 1 || n > limit {
			t.Errorf("%s has %d characters; at most %d fit", what, n, limit)
		}
	}
	for _, tag := range wording.Languages() {
		for _, c := range allCommands() {
			fits(tag+" /"+c.Path(), c.Describe(tag), 100)
			for _, o := range c.Options {
				fits(tag+" /"+c.Name+" "+o.Name, o.Describe(tag), 100)
				for _, choice := range o.Choices {
					fits(tag+" "+choice.Value, choice.Describe(tag), 100)
				}
			}
		}
		for key, message := range locale(t, tag) {
			if strings.HasPrefix(key, "action.") {
				fits(tag+" "+key, message, 80)
			}
		}
		fits(tag+" about", wording.In(tag).Say("platform.about"), 512)
		fits(tag+" about, short", wording.In(tag).Say("platform.about_short"), 120)
	}
}

func TestAReplyInUkrainian(t *testing.T) {
	f := newFixture(answered(hit()))
	f.record.statements = russians()
	say := func(line string) string {
		command, typed := SplitCommand(line)
		return text(f.Handle(t.Context(), Request{User: "u", Conversation: "c", Language: "uk", Command: command, Text: typed}))
	}
	want := `# Росія: Територія
виступає проти · остання
1 false "Peskov spoke. He ruled out a swap." true
Peskov, повідомляє Interfax, «A briefing», 1 березня 2026 року
вимагає · перша в архіві
2 false "We ask for Crimea." false
Peskov, повідомляє Interfax, «A briefing», 2 червня 2025 року
Де є заяви на цю тему: 2 уривки. В архіві 3` + "\u00a0" + `273 документи, дата найновішого: 8 травня 2026 року.`
	for _, line := range []string{"/stance росія територія", "/stance Росія topic:Територія"} {
		if diff := cmp.Diff(want, say(line)); diff != "" {
			t.Errorf("%s: %s", line, diff)
		}
	}
	want = `1 true "Hegseth said a return to the old borders was unrealistic." true
Hegseth, повідомляє RTW News, «The negotiations», лютий 2025 року
Знайдено: 4 документи, 3 видавці, 12 лютого 2025 року – 8 травня 2026 року; дата найновішого документа архіву: 8 травня 2026 року.`
	if diff := cmp.Diff(want, say("borders?")); diff != "" {
		t.Error(diff)
	}
	if got := say("/stance нато санкції"); !strings.HasPrefix(got, "В архіві немає заяв. Чиї: НАТО. Тема: Санкції.") {
		t.Errorf("got %s", got)
	}
	if got := say("/stance Атлантида"); !strings.HasPrefix(got, "Учасника «Атлантида» не знайдено. Відомі: Україна, Росія, Сполучені Штати") {
		t.Errorf("got %s", got)
	}
}

func TestNamesAreProposedInTheLanguageOfTheReply(t *testing.T) {
	f := newFixture(index.Answer{})
	for _, test := range []struct{ command, option, typed, want string }{
		{"stance", "actor", "вел", "Велика Британія=united-kingdom"},
		{"stance", "actor", "krem", "Росія (Kremlin)=russia"},
		{"stance", "topic", "Припин", "Припинення вогню=ceasefire"},
		{"compare", "actors", "росія, чех", "Росія, Чехія=russia,czechia"},
	} {
		got := f.Complete(t.Context(), Request{Command: test.command, Language: "uk"}, test.option, test.typed)
		if len(got) == 0 || got[0].Name+"="+got[0].Value != test.want {
			t.Errorf("/%s %s %q: %v", test.command, test.option, test.typed, got)
		}
	}
}
