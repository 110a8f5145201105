package lexicon

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
)

func loadDefault(t testing.TB) *Lexicon {
	t.Helper()
	l, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func date(t testing.TB, s string) corpus.PartialDate {
	t.Helper()
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNamesResolveToActors(t *testing.T) {
	l := loadDefault(t)
	for id, names := range map[string]string{
		"ukraine":        "ukraine, Ukraine, UKRAINIAN, Ukrainians, Kyiv, Kiev, Київ, Киев, Україна, України, українці, Украины, Verkhovna Rada, the Rada, Zelensky, Zelenskyy, zelenski, Volodymyr Zelenskiy, Зеленський, Зеленского, Yermak, Umerov, Рустем Умєров, Kyiv's spy chief, the Ukrainian president, President of Ukraine, Ukrainian President Volodymyr Zelensky, президент України, Ukrainian Foreign Ministry",
		"russia":         "russia, Russian Federation, Moscow, москва, Росія, Россию, the Kremlin, Кремль, Putin, Владимир Путин, Lavrov, Sergei Lavrov, Peskov, Kremlin spokesman, Kremlin leader, Medinsky, Dmitriev, Russia's foreign ministry, State Duma, Russian foreign minister, МИД России",
		"united-states":  "united-states, US, us, U.S., USA, America, the White House, Washington, Pentagon, Pentagon chief, State Department, US Defense Secretary, Trump, Donald J. Trump, JD Vance, J.D. Vance, Hegseth, Witkoff, Kellogg, the first lady, Melania Trump, Lloyd Austin, Ned Price, Mike Johnson, США, Госдеп",
		"european-union": "EU, European Union, Brussels, European Commission, von der Leyen, Kallas, Costa's EU, EU foreign policy chief, European Commission president, Europe, the bloc, ЄС, Евросоюз",
		"france":         "France, Paris, the Elysee, Élysée, Macron, French president, Франція",
		"united-kingdom": "UK, Britain, Great Britain, London, Downing Street, Starmer, Sir Keir Starmer, British prime minister, Boris Johnson, Yvette Cooper, Ben Wallace",
		"germany":        "Germany, Berlin, Bundestag, Merz, the German chancellor, Chancellor of Germany, Deutschland, Німеччина",
		"nato":           "NATO, nato, Rutte, NATO secretary general, NATO chief, North Atlantic Alliance, the alliance, НАТО",
		"turkiye":        "Türkiye, Turkiye, Turkey, turkey, Ankara, Erdogan, Erdoğan, Turkish president, Fidan, Hakan Fidan, Туреччина",
		"china":          "China, Beijing, Xi Jinping, Wang Yi, Mao Ning, Chinese foreign ministry, PRC, Китай",
		"united-nations": "UN, U.N., United Nations, Security Council, UN General Assembly, IAEA, Guterres, Grossi, UN chief, Volker Türk, ООН, МАГАТЭ",
		"holy-see":       "Vatican, the pope, Pope Francis, Pope Leo, Zuppi",
		"belarus":        "Belarus, Minsk, Lukashenko, Лукашенко",
		"georgia":        "Georgia, Tbilisi", "hungary": "Orban, Viktor Orbán, Szijjarto", "north-korea": "Kim Jong-un, DPRK",
	} {
		for name := range strings.SplitSeq(names, ", ") {
			if name == "Costa's EU" { // a person and an actor are two names, of one actor
				name = "Antonio Costa"
			}
			if a, ok := l.ResolveActor(name); !ok || a.ID != id {
				t.Errorf("%q: %q, want %q", name, a.ID, id)
			}
		}
	}
	for _, name := range []string{"", "Li", "Price", "Miller", "May", "Cooper", "Washington Post", "Paris Agreement", "banana", "tell us", "Ukraine and Russia"} {
		if a, ok := l.ResolveActor(name); ok {
			t.Errorf("%q: %q, want none", name, a.ID)
		}
	}
}

func TestWordsResolveToTopics(t *testing.T) {
	l := loadDefault(t)
	for id, names := range map[string]string{
		"territory":              "territory, territories, land swap, ceding, 1991 borders, Crimea, Donbass, annexed regions, Крим",
		"nato-membership":        "NATO membership, joining NATO",
		"security-guarantees":    "security guarantees, Article 5, backstop, guarantors",
		"ceasefire":              "ceasefire, Cease-fire, truce, truces, armistice, stop shooting, перемир'я",
		"sanctions":              "sanctions, sanctioned, price cap, embargo",
		"peacekeepers-troops":    "peacekeepers, boots on the ground, sending troops",
		"prisoners-children":     "Prisoners and children, POWs, captives, prisoner swap, deported kids, abducted children",
		"format-participation":   "seat at the table, mediator, peace talks",
		"reconstruction-assets":  "frozen money, Euroclear, rebuild, rebuilding, reparations, minerals deal",
		"nuclear-energy":         "ZNPP, Zaporizhzhia plant, nuclear power plants, ЗАЕС",
		"neutrality-arms-limits": "neutrality, size of Ukraine's army, нейтралітет",
		"energy-infrastructure":  "energy infrastructure, blackouts, Druzhba pipeline",
		"black-sea":              "grain deal, Black Sea, Чорне море",
		"elections":              "elections, referendum, вибори",
		"monitoring":             "ceasefire monitoring, observer mission",
		"justice-accountability": "tribunal, war crimes, arrest warrants",
		"language-church":        "Russian language, Ukrainian Orthodox Church",
	} {
		for name := range strings.SplitSeq(names, ", ") {
			if topic, ok := l.ResolveTopic(name); !ok || topic.ID != id {
				t.Errorf("%q: %q, want %q", name, topic.ID, id)
			}
		}
	}
	for _, name := range []string{"", "swap", "weather", "nuclear weapons"} {
		if topic, ok := l.ResolveTopic(name); ok {
			t.Errorf("%q: %q, want none", name, topic.ID)
		}
	}
}

// written shows a mention as "text=id:form", with the person in brackets and "?" if weak.
func written(text string, m Mention) string {
	s := m.In(text) + "=" + m.ID
	if m.Kind == KindActor {
		s += ":" + m.Form.String()
	}
	if m.Person != "" {
		s += "(" + m.Person + ")"
	}
	if m.Weak {
		s += "?"
	}
	return s
}

func TestActorsAreFoundInSentences(t *testing.T) {
	l := loadDefault(t)
	for _, tc := range []struct {
		date, text string
		want       []string
	}{
		{"", "Can you tell us what the US wants from us?", []string{"US=united-states:name"}},
		{"", "The state of Georgia and the Paris Agreement, says the Washington Post.", nil},
		{"", "Kyiv said so in Kyiv.", []string{"Kyiv=ukraine:metonym", "Kyiv=ukraine:metonym?"}},
		{"", "The U.S.-led talks; US President Donald Trump spoke.", []string{"U.S.=united-states:name", "US President=united-states:office(Donald Trump)", "Donald Trump=united-states:person(Donald Trump)"}},
		{"2024-11-15", "The German chancellor called Putin.", []string{"German chancellor=germany:office(Olaf Scholz)", "Putin=russia:person(Vladimir Putin)"}},
		{"2026-02", "The German chancellor called.", []string{"German chancellor=germany:office(Friedrich Merz)"}},
		{"2025", "The German chancellor called.", []string{"German chancellor=germany:office"}},
		{"2025-05-06", "The German chancellor called.", []string{"German chancellor=germany:office"}},
		{"1999", "The Swedish prime minister called.", []string{"Swedish prime minister=sweden:office"}},
		{"", "The former German chancellor, and the deputy Russian foreign minister.", []string{"German chancellor=germany:office", "Russian foreign minister=russia:office"}},
		{"", "German Chancellor Ludwig Erhard and US President Nobody.", []string{"German Chancellor=germany:office", "US President=united-states:office"}},
		{"2024-01-01", "Angela Merkel, then German chancellor, came.", []string{"Angela Merkel=germany:person(Angela Merkel)", "German chancellor=germany:office(Angela Merkel)"}},
		{"2022-05-01", "Estonian Prime Minister Kaja Kallas and Mark Rutte.", []string{"Estonian Prime Minister=estonia:office(Kaja Kallas)", "Kaja Kallas=estonia:person(Kaja Kallas)", "Mark Rutte=netherlands:person(Mark Rutte)"}},
		{"2025-05-01", "Kallas met Rutte.", []string{"Kallas=european-union:person(Kaja Kallas)", "Rutte=nato:person(Mark Rutte)"}},
		{"", "Mike Johnson and Yevgeny Poroshenko are not who you think.", []string{"Mike Johnson=united-states:person(Mike Johnson)"}},
		{"", "Donald Trump Jr. spoke at Trump Tower.", nil},
		{"", "The pro-Russian leader and anti-Ukrainian voices.", []string{"Russian leader=russia:office?", "Ukrainian=ukraine:adjective?"}},
		{"", "The Russia-Ukraine war goes on.", []string{"Russia=russia:name?", "Ukraine=ukraine:name?"}},
		{"", "Russia's Security Council met; the Security Council voted.", []string{"Russia's Security Council=russia:institution", "Security Council=united-nations:institution"}},
		{"", "In Germany. Chancellor of Austria.", []string{"Germany=germany:name", "Chancellor of Austria=austria:office(Christian Stocker)"}},
		{"", "The Canadian House Speaker resigned.", []string{"Canadian=canada:adjective"}},
		{"", "President Joseph R. Biden, Jr. and Donald J. Trump", []string{"Joseph R. Biden=united-states:person(Joe Biden)", "Donald J. Trump=united-states:person(Donald Trump)"}},
		{"", "We ate turkey and a polish was used; what price?", nil},
		{"", "Президент України Володимир Зеленський поїхав до Києва.", []string{"Президент України=ukraine:office(Volodymyr Zelensky)", "Володимир Зеленський=ukraine:person(Volodymyr Zelensky)", "Києва=ukraine:metonym"}},
		{"2025-10-10", "US First Lady Melania Trump wrote; Ukraine's first lady answered.", []string{"US First Lady=united-states:office(Melania Trump)", "Melania Trump=united-states:person(Melania Trump)", "Ukraine's first lady=ukraine:office(Olena Zelenska)"}},
	} {
		var got []string
		for _, m := range l.Find(tc.text, At(date(t, tc.date)), Only(KindActor)) {
			got = append(got, written(tc.text, m))
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s %q:\n%s", tc.date, tc.text, d)
		}
	}
}

func TestCasualQuestionsNeedNoCapitals(t *testing.T) {
	l := loadDefault(t)
	for text, want := range map[string][]string{
		"what did the us say about turkey":      {"united-states", "turkiye"},
		"can you tell us what trump wants":      {"united-states"},
		"tell us about the truce":               nil,
		"which us troops would go":              {"united-states"},
		"does georgia host talks, uk or eu?":    {"united-kingdom", "european-union"},
		"what is the price of peace in may":     nil,
		"what did the polish president propose": {"poland"},
	} {
		got := IDs(KindActor, l.Find(text, Casual()))
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestTopicsAreFoundInSentences(t *testing.T) {
	l := loadDefault(t)
	for text, want := range map[string][]string{
		"Would they swap captives?":                             {"prisoners-children"},
		"Swapping land for land":                                {"territory"},
		"They met and had a swap.":                              nil,
		"Who gets a seat at the table?":                         {"format-participation"},
		"What happens to the frozen money held by Euroclear?":   {"reconstruction-assets"},
		"Does Moscow threaten to use nuclear weapons?":          nil,
		"Boots on the ground once the guns fall silent":         {"peacekeepers-troops", "ceasefire"},
		"He gave the deported kids back and lifted sanctions":   {"prisoners-children", "sanctions"},
		"Article 5-like guarantees instead of joining NATO":     {"security-guarantees", "nato-membership"},
		"The Zaporizhzhia nuclear plant lost its power line":    {"nuclear-energy"},
		"Ceasefire talks with Russian bakers":                   {"ceasefire", "format-participation"},
		"Accession talks with Ukraine":                          nil,
		"The People's Republic of China rebuilt our barn":       nil,
		"A defence of NATO territory":                           nil,
		"Restoration of Ukraine's territorial integrity":        {"territory"},
		"He kept the Minsk agreements, as in the Minsk accords": {"format-participation"},
		"The next round of sanctions":                           {"sanctions"},
		"All for all, as the all for all formula has it":        {"prisoners-children"},
		"Територіальна цілісність, обмін полоненими і санкції":   {"territory", "prisoners-children", "sanctions"},
		"Переговоры о прекращении огня и гарантиях безопасности": {"format-participation", "ceasefire", "security-guarantees"},
	} {
		got := IDs(KindTopic, l.Find(text))
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestAlternativesReplaceTheLongestPhrase(t *testing.T) {
	l := loadDefault(t)
	offers := func(question, words string) bool {
		fold := foldAll(question)
		return slices.ContainsFunc(l.Alternatives(fold), func(a Alternative) bool {
			if a.From < 0 || a.To > len(fold) || a.From >= a.To || len(a.Words) == 0 || a.Weight <= 0 || a.Weight > 1 {
				t.Errorf("%q: %+v", question, a)
			}
			return slices.Equal(a.Words, strings.Fields(words))
		})
	}
	for _, tc := range [][2]string{
		{"who gave up land", "cede"}, {"would they be giving up land", "renounce"}, {"ceding land", "give up"},
		{"captives", "prisoner of war"}, {"the kids", "child"}, {"a truce", "cessation of hostilities"},
		{"boots on the ground", "peacekeepers"}, {"who brokered it", "mediate"}, {"he turned down the plan", "reject"},
		{"is it worried", "concern"}, {"frozen money", "frozen assets"}, {"donbas", "luhansk"},
		{"обмін", "exchange"}, {"військовополонених", "prisoner of war"}, {"прекращение огня", "ceasefire"},
	} {
		if !offers(tc[0], tc[1]) {
			t.Errorf("%q: no %q", tc[0], tc[1])
		}
	}
	if offers("tell us more", "united states") {
		t.Error("'us' is not the United States")
	}
}

func TestDefaultIsRich(t *testing.T) {
	l := loadDefault(t)
	var main []string
	for _, a := range l.Actors() {
		if a.Main {
			main = append(main, a.ID)
		}
	}
	if len(main) != 11 || len(l.Topics()) != 17 || len(l.synonyms) < 250 {
		t.Errorf("main actors %v, %d topics, %d groups", main, len(l.Topics()), len(l.synonyms))
	}
	t.Logf("%d actors, %d people, %d groups", len(l.Actors()), len(l.people), len(l.synonyms))
}

func TestPeopleSpokeForTheirActorAtTheTime(t *testing.T) {
	l := loadDefault(t)
	p, ok := l.Person("Kaja Kallas")
	if !ok || p.ActorAt(date(t, "2022-03")) != "estonia" || p.ActorAt(date(t, "2025")) != "european-union" || p.ActorAt(date(t, "")) != "european-union" {
		t.Errorf("%+v, %v", p, ok)
	}
	if o := p.OfficesAt(date(t, "2022-03")); len(o) != 1 || o[0].Title != "prime minister" {
		t.Errorf("%+v", o)
	}
}

func FuzzFindStaysInsideTheText(f *testing.F) {
	f.Add("US President Donald J. Trump met Зеленський; the president of the Ukraine's \xff")
	f.Add("president of president of the the us [troops] swap swap")
	l := loadDefault(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, opts := range [][]Option{nil, {Casual()}} {
			end := map[Kind]corpus.Span{}
			for _, m := range l.Find(text, opts...) {
				last := end[m.Kind]
				if m.Start < 0 || m.End > len(text) || m.Start >= m.End || m.Start < last.End && m.Span != last {
					t.Fatalf("%+v after %+v in %q", m, last, text)
				}
				end[m.Kind] = m.Span
			}
		}
		l.ResolveActor(text)
		l.Alternatives(foldAll(text))
	})
}

// The annotation of a million words must stay below two seconds: 2000 ns a word.
func BenchmarkFind(b *testing.B) {
	l := loadDefault(b)
	text := strings.Repeat("After talks in Jeddah, Ukraine said it was ready to accept a US proposal for an immediate 30-day ceasefire if Russia did the same. The weather was fine and nobody else spoke of it.\n\n", 100)
	n := len(foldAll(text))
	b.ResetTimer()
	for b.Loop() {
		l.Find(text)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/word")
}
