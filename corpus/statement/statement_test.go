package statement

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/passage"
)

// said are texts with, for each sentence, who says it: "russia/Peskov", or "-" for
// nobody. Actors are joined by "+".
var said = []struct{ name, text, want string }{
	// verbs and nouns of saying
	{"office and name", "Kremlin spokesman Dmitry Peskov said the offer was dead.", "russia/Dmitry Peskov"},
	{"short name", "Yesterday Lavrov insisted that the terms stood.", "russia/Lavrov"},
	{"institution", "The Kremlin has rejected the timetable.", "russia/The Kremlin"},
	{"present tense", "Germany says it will send tents.", "germany/Germany"},
	{"verb with its preposition", "Zelensky called on Moscow to free the sailors.", "ukraine/Zelensky"},
	{"rule out", "Moscow ruled out a pause.", "russia/Moscow"},
	{"called a quality", "Macron called the plan unacceptable.", "france/Macron"},
	{"called on the phone", "Trump then called Zelensky to congratulate him on the harvest.", "-"},
	{"according to", "According to Rutte, nothing was decided.", "nato/Rutte"},
	{"according to at the end", "Two trains were late, according to Ukrainian officials.", "ukraine/Ukrainian officials"},
	{"according to somebody else", "According to local farmers, Russia has lost the will to fight.", "-"},
	{"noun", "Russia's demand that Ukraine leave the hills stands in the way.", "russia/Russia's"},
	{"passive", "All three drafts were rejected by Moscow.", "russia/Moscow"},
	{"passive without an agent", "Ukraine was told to wait.", "-"},
	{"named after of", "A spokesman for the Kremlin denied the report.", "russia/spokesman for the Kremlin"},
	{"unknown minister", "Moldovan Foreign Minister Ion Popescu Vlad warned of delays.", "moldova/Ion Popescu Vlad"},
	{"body of an actor", "Ukraine's State Border Service reported long queues.", "ukraine/Ukraine's State Border Service"},
	{"paper", "The Russian memorandum demanded a withdrawal.", "russia/The Russian memorandum"},
	{"participle before the verb", "European leaders meeting in Berlin demanded a pause.", "european-union/European leaders"},
	{"perfect tense", "Washington has repeatedly warned that talks may fail.", "united-states/Washington"},

	{"statement saying", "After the raid, the White House issued a statement saying that it would wait.", "united-states/the White House"},
	{"title with a seat", "Mayor of Kyiv Vitali Klitschko said the bridge was open.", "ukraine/Vitali Klitschko"},
	{"rank", "Russian Major General Ivan Petrov said the ford was taken.", "russia/Ivan Petrov"},
	{"denial", "Ukraine denied shelling the market.", "ukraine/Ukraine"},
	{"denial of access", "China denied entry to two freighters.", "-"},
	{"reason of an act", "The authorities of Ukraine closed two markets, citing the frost.", "-"},
	{"link of a post", "President Trump [said](https://example.org/1) the barn was full.", "united-states/Trump"},

	{"clear", "Trump was clear that the barn was full.", "united-states/Trump"},
	{"opinion", "Macron expressed a high opinion of the soup.", "france/Macron"},
	{"speak well of", "Macron spoke positively of the soup.", "france/Macron"},
	{"leader", "The Russian leader emphasised patience. He said it was late.", "russia/Russian leader russia/Russian leader"},
	{"quotation after a name", "[Foreign Minister Sergey Lavrov](https://example.org/1)**:** “We are waiting.”", "russia/Sergey Lavrov"},
	{"two who agree", "Ukraine and Russia agreed to plant a hedge.", "ukraine+russia/Ukraine and Russia"},
	{"one who agrees", "Ukraine agreed to plant a hedge.", "-"},

	// order and asides
	{"inverted", "“No deal is near,” said Peskov.", "russia/Peskov"},
	{"behind the words", "No deal is near, Peskov said.", "russia/Peskov"},
	{"city and country", "Today in Astana, Kazakhstan at the fair, three farmers said it was cold.", "-"},
	{"behind another's words", "Ukraine has rejected the plan, Peskov said on Monday.", "russia/Peskov"},
	{"relative clause", "Scholz, who met Zelensky in Kyiv, said time was short.", "germany/Scholz"},
	{"apposition", "Friedrich Merz, the German chancellor, said time was short.", "germany/Friedrich Merz"},
	{"participle aside", "Erdoğan, hosting the talks, proposed a pause.", "turkiye/Erdoğan"},
	{"place beside the subject", "Putin in Moscow said nothing would change.", "russia/Putin"},
	{"adverbial first", "At the summit in The Hague, Rutte said the door was open.", "nato/Rutte"},
	{"after talks with", "After talks with Macron, Starmer said the force was ready.", "united-kingdom/Starmer"},
	{"trailing participle", "Russia left the pact, saying that it had no use.", "russia/Russia"},

	// several speakers
	{"both of the sentence before", "Ukraine and France signed a letter. Both governments said it was late.", "- ukraine+france/Ukraine and France"},
	{"two", "Starmer and Macron said Europe would act.", "united-kingdom+france/Starmer and Macron"},
	{"three", "France, the UK and Germany demanded a truce.", "france+united-kingdom+germany/France, the UK and Germany"},
	{"leaders of", "The leaders of France, the United Kingdom and Poland warned Moscow.", "france+united-kingdom+poland/The leaders of France, the United Kingdom and Poland"},
	{"list behind a preposition", "After talks with Rutte, Starmer and Macron said the force was ready.", "united-kingdom+france/Starmer and Macron"},
	{"two clauses", "Washington suggested a joint firm, while Kyiv favoured its own.", "united-states+ukraine/Washington"},
	{"list with the unknown", "We, the leaders of Japan, Atlantis, the Isle of Fogs, the United Kingdom, the United States and Oz, reaffirmed that bread is dear.", "-"},
	{"shared subject", "Starmer visited Kyiv and demanded a truce.", "united-kingdom/Starmer"},

	// whose claim it is
	{"claim about another", "Trump said Putin would accept the terms.", "united-states/Trump"},
	{"denial of another's", "Lavrov denied that Kyiv had agreed.", "russia/Lavrov"},
	{"asked whether", "Asked whether Kyiv would sign, Peskov said it was too early.", "russia/Peskov"},
	{"after another had said", "After Trump said a deal was near, Zelensky said Ukrainians would not give up land.", "ukraine/Zelensky"},
	{"told another", "Putin told Trump that the roots of the war must go.", "russia/Putin"},
	{"reported by the unknown", "Two newspapers reported that Russia had rejected the plan.", "-"},
	{"only in a subordinate clause", "When Putin rejected the plan, markets fell.", "-"},
	{"a plan proposed by", "The plan proposed by Trump was put off.", "-"},

	// tense and mood
	{"denied saying", "Zelensky did not say which hills he meant.", "-"},
	{"future", "Trump will announce a plan on Friday.", "-"},
	{"expected to", "Lavrov is expected to reject the plan.", "-"},
	{"denied acceptance", "Moscow does not accept the line.", "russia/Moscow"},
	{"continued to", "Lavrov continued to insist that nothing had changed.", "russia/Lavrov"},

	// who does not speak
	{"owner of another", "Ukraine's allies said they were tired.", "-"},
	{"adjective of another", "Russian pensioners said they were tired.", "-"},
	{"inside a phrase", "Residents of Ukraine said they were tired.", "-"},
	{"appointed by", "The head of the Moscow-appointed council said that all was well.", "-"},
	{"unknown governor", "Kursk governor Ivan Petrov said a barn burnt down.", "-"},
	{"separatists", "Donetsk People's Republic authorities accused Ukraine of shelling a market.", "-"},
	{"former chancellor", "Former German chancellor Angela Merkel said she was writing.", "-"},
	{"for whom others are", "Pro-Russian forces said that the mill was theirs.", "-"},
	{"part of a brand", "Ladybird UK announced a sale of boots.", "-"},
	{"relative clause without a pronoun", "It is a barn full of the straw Ukraine needs for years.", "-"},
	{"act", "The European Union imposed duties on steel.", "-"},
	{"event", "Delegations of Russia and Ukraine met in Istanbul.", "-"},
	{"no actor", "The farmers said the road was closed.", "-"},

	// referring back
	{"he", "Lavrov said the plan was dead. He said nothing would replace it.", "russia/Lavrov russia/Lavrov"},
	{"she", "Kallas criticised the plan. She said it rewarded force.", "european-union/Kallas european-union/Kallas"},
	{"she is not he", "Lavrov said the plan was dead. She said nothing would replace it.", "russia/Lavrov -"},
	{"they", "Starmer and Macron said Europe would act. They demanded a pause.", "united-kingdom+france/Starmer and Macron united-kingdom+france/Starmer and Macron"},
	{"it", "The foreign ministry of China published a paper. It called for talks.", "- china/The foreign ministry of China"},
	{"two candidates", "Trump met Putin in a barn. He said it was cold.", "- -"},
	{"two speakers", "Trump said one thing; Zelensky said another. He added that it was late.", "united-states+ukraine/Trump -"},
	{"another paragraph", "Lavrov said the plan was dead.\n\nHe said nothing would replace it.", "russia/Lavrov -"},
	{"the minister", "Lavrov arrived in Ankara. The minister said he had no news.", "- russia/Lavrov"},

	// quotations
	{"goes on", "“We are waiting,” Peskov said. “Nobody has called.”", "russia/Peskov russia/Peskov"},
	{"begins before", "“We are waiting. Nobody has called,” Peskov said.", "russia/Peskov russia/Peskov"},
	{"verbs inside", "“Ukraine rejected it and Russia demanded more.”", "-"},
	{"nobody's", "A sign read “Welcome to the talks.” Visitors were few.", "- -"},
}

func TestWhoSaysIt(t *testing.T) {
	e := extractor(t)
	for _, tc := range said {
		doc := corpus.Document{Text: tc.text}
		doc.Published = date(t, "2025-08-09")
		if strings.Contains(tc.text, "Scholz") {
			doc.Published = date(t, "2024-06-09")
		}
		if got := e.transcriptOf(doc); got != tc.want {
			t.Errorf("%s: %q\n got %s\nwant %s", tc.name, tc.text, got, tc.want)
		}
	}
}

func TestDocumentsOfActors(t *testing.T) {
	e := extractor(t)
	for _, tc := range []struct{ name, publisher, title, text, want string }{
		{"statement", "The White House", "Statement from President Biden on the Storm", "The storm was cruel. We will rebuild.", "united-states/The White House united-states/The White House"},
		{"fact sheet", "The White House", "FACT SHEET: Roads", "Roads are long. We are mending them. “We are late,” said Lavrov.", "- united-states/The White House russia/Lavrov"},
		{"readout", "The White House", "Readout of President Biden’s Call with President Zelenskyy of Ukraine", "President Biden spoke with his guest. He reaffirmed his support. The leaders agreed to meet again.", "- united-states/Biden united-states+ukraine/The leaders"},
		{"joint of two", "The White House", "Joint Statement by President Biden and President von der Leyen", "We condemn the raid. The European Union supports a fund.", "united-states+european-union/The White House european-union/European Union"},
		{"joint of many", "The White House", "G7 Leaders’ Statement", "We condemn the raid. Canada supports a fund.", "united-states/The White House canada/Canada"},
		{"joint without a title", "The White House", "The Spirit of the Lake", "We, the leaders of Japan and six others, met. We reject force.", "- -"},
		{"a guest's remarks", "The White House", "Remarks by President Zelenskyy on the Harvest", "We reject force.", "-"},
		{"they of a readout", "President of Russia", "Telephone conversation with Federal Chancellor of Germany Angela Merkel", "Gas was discussed. They stressed patience. The pipes need what they need.", "- russia+germany/They -"},
		{"leaders of a readout", "President of Russia", "Telephone conversation with Angela Merkel and Francois Hollande", "The European leaders stressed patience.", "-"},
		{"two titles", "The White House", "Readout of President Biden’s Call with Chancellor Scholz of Germany", "The chancellor and the president stressed patience.", "united-states+germany/The chancellor and the president"},
		{"title and a stranger's", "The White House", "Readout of President Biden’s Breakfast", "The abbot and the president stressed patience. The secretary and the president stressed patience.", "united-states/president -"},
		{"joint by leaders", "The White House", "Australia-United States Joint Leaders’ Statement", "We value bread.", "australia+united-states/The White House"},
		{"place of a joint statement", "The White House", "Berlin Statement on Bread by the United States and Japan", "We value bread.", "united-states+japan/The White House"},
		{"letter", "The White House", "Letters to the Speaker of the House", "The raids threaten our peace.", "united-states/The White House"},
		{"op-ed", "The White House", "ICYMI: Joe Biden: What Bread Means", "We value bread.", "united-states/The White House"},
		{"op-ed of others", "The White House", "ICYMI: Bakers of Ohio: What Bread Means", "We value bread.", "-"},
		{"joint of two in a name", "The White House", "Joint Statement on the U.S.-Ukraine Orchard", "We value bread.", "united-states+ukraine/The White House"},
		{"what a joint statement declares", "The White House", "Joint Statement by President Biden and President von der Leyen", "Bread remains dear in all our towns. Ukraine must be fed. Ukraine eats. **Bread and Butter**", "united-states+european-union/The White House united-states+european-union/The White House - -"},
		{"a stranger's in a joint statement", "The White House", "Joint Statement by President Biden and President von der Leyen", "For his part, President Mueller praised the bread.", "-"},
		{"the club by name", "The White House", "G7 Leaders’ Statement", "The G7 firmly condemns the raid. The G7 leaders reject force. Both sides reject force.", "g7/G7 g7/The G7 leaders -"},
		{"a club in a document of two", "The White House", "Readout of President Biden’s Call with President Macron of France", "The G7 leaders reject force.", "g7/The G7 leaders"},
		{"we and a later claim", "The White House", "Joint Statement by President Biden and President von der Leyen", "We cooperate in peace; Lavrov said no.", "united-states+european-union/The White House"},
		{"deeds of the publisher", "The White House", "FACT SHEET: Roads", "Today, the United States is mending roads. These restrictions will hit the toll keepers. Japan is mending roads. - **Mending roads:** The United States issued spades.", "united-states/The White House united-states/The White House - united-states/The White House"},
		{"nobody in particular", "President of Russia", "Telephone conversation with Federal Chancellor of Germany Angela Merkel", "It was noted that bread is dear. Concern was expressed over the harvest. There was unanimity on soup. It was agreed to eat.", "russia+germany/President of Russia russia+germany/President of Russia russia+germany/President of Russia russia+germany/President of Russia"},
		{"nobody in particular, of one", "President of Russia", "Telephone conversation with Federal Chancellor of Germany Angela Merkel", "It was noted that Russia will bake. It was noted by a baker that it is late. It might be noted that it is late. They ate.", "- - - -"},
		{"head of a transcript", "President of Russia", "Conversation with President of France Emmanuel Macron", "The Russian leader noted the frost.\n\nThey voiced hope for spring.\n\nPresident of Russia Vladimir Putin: Good day.\n\nPresident of France Emmanuel Macron: Good day.", "russia/Russian leader russia+france/They russia/President of Russia Vladimir Putin france/President of France Emmanuel Macron"},
		{"both officials", "The White House", "Readout of Jake Sullivan’s Call with President Macron of France", "The two officials condemned the raid. The National Security Advisors reiterated it.", "united-states+france/The two officials united-states+france/The National Security Advisors"},
		{"Kremlin report", "President of Russia", "Telephone conversation with Federal Chancellor of Germany Angela Merkel", "Mr Putin stressed the need for talks. Both sides stressed patience.", "russia/Putin russia+germany/Both sides"},
		{"news", "RTW News", "Statement from President Biden", "We will rebuild. I am sure.", "- -"},
	} {
		doc := corpus.Document{Text: tc.text}
		doc.Title, doc.Publisher, doc.Published = tc.title, tc.publisher, date(t, "2021-05-01")
		if got := e.transcriptOf(doc); got != tc.want {
			t.Errorf("%s: %q\n got %s\nwant %s", tc.name, tc.text, got, tc.want)
		}
	}
}

func TestTranscripts(t *testing.T) {
	e := extractor(t)
	for _, tc := range []struct{ name, publisher, title, date, text, want string }{
		{"White House", "The White House", "Remarks by President Biden and President Niinistö of Finland", "2022-03-04",
			"THE PRESIDENT: Good morning.\n\nIt is cold.\n\nQ Will Putin accept?\n\nAnd when?\n\nPRESIDENT ZELENSKYY: He will not.\n\nPRESIDENT MUELLER: Hello.\n\nMODERATOR: Thank you.",
			"united-states/THE PRESIDENT united-states/THE PRESIDENT - - ukraine/PRESIDENT ZELENSKYY - -"},
		{"briefing", "The White House", "Background Press Call on Ships", "2022-03-04",
			"MODERATOR: Hi.\n\nSENIOR ADMINISTRATION OFFICIAL: We sail.\n\nMR. NOBODY: So do I.\n\nQUESTION: Where?\n\nMS. JEAN-PIERRE: East.",
			"- united-states/SENIOR ADMINISTRATION OFFICIAL united-states/MR. NOBODY - united-states/MS. JEAN-PIERRE"},
		{"guest among remarks", "The White House", "Remarks by the President at a Dinner", "2022-03-04",
			"THE PRESIDENT: Good evening.\n\nMR. NOBODY: Thank you.\n\nPRIME MINISTER DOE: Thank you.", "united-states/THE PRESIDENT - -"},
		{"Kremlin", "President of Russia", "News conference", "2019-12-10",
			"President of Russia Vladimir Putin: Good evening.\n\nLet me repeat this: we agree.\n\nQuestion (retranslated): Really?\n\nFederal Chancellor of Germany Angela Merkel (retranslated): Yes.\n\nHead of the Council of the Ukrainian party For Life Ivan Petrov: No.\n\nAngela Merkel: Yes.",
			"russia/President of Russia Vladimir Putin russia/President of Russia Vladimir Putin - germany/Federal Chancellor of Germany Angela Merkel - germany/Angela Merkel"},
		{"own remarks", "The White House", "Remarks by Vice President Harris", "2022-03-04",
			"THE VICE PRESIDENT: Lavrov said no.\n\nMake no mistake: we said yes.", "united-states/THE VICE PRESIDENT united-states/THE VICE PRESIDENT"},
	} {
		doc := corpus.Document{Text: tc.text}
		doc.Title, doc.Publisher, doc.Published = tc.title, tc.publisher, date(t, tc.date)
		if got := e.transcriptOf(doc); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, got, tc.want)
		}
	}
}

func TestStatements(t *testing.T) {
	e := extractor(t)
	for _, tc := range []struct{ text, want string }{
		{"Zelensky demanded a full ceasefire from Russia.", "ukraine demands ceasefire"},
		{"Russia rejected the ceasefire that Ukraine had offered.", "russia opposes ceasefire"},
		{"Lavrov said peacekeepers in Ukraine would be legitimate targets.", "russia warns peacekeepers-troops"},
		{"Zelensky said Ukraine was ready to accept a ceasefire if Russia stopped.", "ukraine offers ceasefire"},
		{"Russia refused to discuss security guarantees for Ukraine.", "russia opposes security-guarantees"},
		{"Rutte said sanctions against Russia must stay.", "nato demands sanctions"},
		{"Macron supported security guarantees for Ukraine.", "france supports security-guarantees"},
		{"Scholz doubted that sanctions on Russia would work.", "germany doubts sanctions"},
		{"Moscow did not rule out direct talks with Ukraine.", ""}, // says nothing of what it wants
		{"Trump said Russia was ready to accept a ceasefire.", "united-states says ceasefire"},
		{"Ukraine says that Russian forces have captured the nuclear power plant.", ""},
		{"Delegations of Russia and Ukraine discussed a ceasefire.", ""},
		{"Lavrov said the weather in Ukraine was bad.", ""},

		// whose position it is
		{"Trump said Moscow rejected the ceasefire.", "united-states says ceasefire"},
		{"Trump said Zelensky wants a ceasefire.", "united-states says ceasefire"},
		{"Macron accused Moscow of supporting sanctions.", "france says sanctions"},
		{"Macron refused to reject a ceasefire in Ukraine.", "france says ceasefire"},
		{"Scholz said Germany will veto sanctions on Russia.", "germany opposes sanctions"},
		{"Scholz said Germany will not lift sanctions on Russia.", "germany says sanctions"},
		{"Scholz said Germany may lift sanctions on Russia if its guns fall silent.", "germany says sanctions+ceasefire"},
		{"Scholz announced new sanctions on Russia.", "germany supports sanctions"},
		{"Scholz said Russia liked their proposed sanctions on Ukraine.", "germany says sanctions"},
		{"Rutte stressed the importance of sanctions on Russia.", "nato supports sanctions"},
		{"Scholz said the sanctions imposed on Russia rhyme.", "germany says sanctions"},
		{"Scholz said that he proposed sanctions on Russia.", "germany supports sanctions"},
		{"Rutte voiced concern over sanctions on Russia.", "nato says sanctions"},

		// on what it is a position
		{"Putin said Russia would cease fire once Ukraine began withdrawing from Donetsk and Kherson regions.", "russia demands ceasefire+territory"},
		{"Zelensky said he would drop Ukraine's bid to join NATO in return for security guarantees.", "ukraine says nato-membership+security-guarantees"},
		{"Putin said that if Ukraine left Crimea, Russia would cease fire.", "russia demands territory+ceasefire"},
		{"Trump announced a ceasefire between Russia and Ukraine for 9–11 May, with an exchange of prisoners.", "united-states says ceasefire+prisoners-children"},
		{"Putin announced a ceasefire with Ukraine for Easter.", "russia supports ceasefire"},
		{"Lavrov said the declaration was far from a peace settlement with Ukraine.", ""},
		{"Macron called the return of Ukraine's grain an essential part of a just peace.", ""},
		{"Macron rejected Russia's demand that Ukraine be barred from joining NATO.", "france says nato-membership"},
		{"Macron welcomed the lifting of sanctions on Russia.", "france says sanctions"},
		{"Macron opposes violations of the ceasefire in Ukraine.", "france says ceasefire"},
		{"Zelensky said he would not take NATO membership off the table.", "ukraine supports nato-membership"},
		{"Zelensky said Ukraine will not be able to join NATO.", "ukraine says nato-membership"},
		{"Scholz said Russian assets would stay frozen.", "germany says reconstruction-assets"},
		{"Scholz said European guarantees for Ukraine alone would not be enough.", "germany says security-guarantees"},
		{"Rutte said Russia had no say over foreign troops in Ukraine.", "nato says peacekeepers-troops"},
		{"Macron condemned the raid on Ukraine, and discussed sanctions on Russia.", "france says sanctions"},
		{"Macron condemned the raid on Ukraine and demanded sanctions on Russia.", "france demands sanctions"},
		{"Macron called on Ukraine to return to talks with Russia but opposed its bid to join NATO.", "france says format-participation+nato-membership"},
		{"Macron announced sanctions on Russia and on those who annex Crimea.", "france says sanctions+territory"},
		{"Scholz said Germany will impose sanctions on Russia.", "germany supports sanctions"},
		{"Scholz said Germany will impose sanctions should Russia attack.", "germany warns sanctions"},
		{"Macron condemned the illegal annexation of Crimea.", "france opposes territory"},
		{"Lavrov called Western sanctions illegal.", "russia opposes sanctions"},
		{"Macron said Russia's brutal war called for no sanctions.", "france says sanctions"},
		{"Macron condemned crimes of Russian forces in Ukraine.", ""},

		// what it is about
		{"Macron said Russia had broken the ceasefire with a missile attack.", "france says ceasefire"},
		{"Macron said Russian missiles had struck Crimea.", ""},
		{"Starmer called for talks with Russia.", "united-kingdom demands format-participation"},
		{"Starmer called for accession talks with Ukraine.", ""},
		{"Starmer called on Russia to withdraw its forces.", "united-kingdom demands territory"},
		{"Starmer said a cow had strayed onto Ukrainian territory.", ""},
		{"Starmer said farmers in occupied Crimea needed Ukraine's bread.", ""},
		{"Starmer said borders must not be changed by force in Ukraine.", "united-kingdom demands territory"},
		{"Lavrov said it would end its invasion only after a ceasefire with Ukraine.", "russia says ceasefire"},
		{"Lavrov said Ukraine slept well after a ceasefire.", ""},
		{"Putin said the people of Krasnoyarsk Territory want Ukraine's bread and Crimea's wine.", ""},

		// which conflict it is about
		{"Macron demanded a ceasefire in Libya.", ""},
		{"Putin told Macron that a ceasefire in Syria must come.", ""},
		{"Macron demanded sanctions on Iran and on Russia.", "france demands sanctions"},
		{"Macron demanded sanctions on China.", ""},
		{"Macron said the Minsk agreements must be kept.", "france demands format-participation"},
		{"Syria recognized the independence of the Luhansk People's Republic, as Russia had.", "syria supports territory"},
		{"Macron said that the farmers of Minsk must be kept.", ""},
		{"Zelensky demanded sanctions.", "ukraine demands sanctions"},
		{"Macron said Crimea must be free. He demanded sanctions.", "france demands sanctions"},
		{"Macron, who met Pedro Sánchez of Spain, said the Minsk agreements must be kept.", "france demands format-participation"},
		{"Macron expressed a negative opinion of sanctions on Russia.", "france opposes sanctions"},
		{"Macron expressed a positive view of sanctions on Russia.", "france supports sanctions"},
		{"Ukraine and Russia agreed to a ceasefire.", "ukraine+russia supports ceasefire"},
	} {
		if got := e.statementsOf(t, corpus.Document{Text: tc.text}); got != tc.want {
			t.Errorf("%q\n got %q\nwant %q", tc.text, got, tc.want)
		}
	}
}

// statementsOf writes the statements of a document of February 2025 the way the tables do.
func (e *testExtractor) statements(doc corpus.Document) []Statement {
	_, statements := e.Read(doc, e.Mentions(doc), e.split.Sentences(doc.Text))
	return statements
}

func (e *testExtractor) statementsOf(t *testing.T, doc corpus.Document) string {
	t.Helper()
	doc.Published = date(t, "2025-02-09")
	var out []string
	for _, s := range e.statements(doc) {
		out = append(out, strings.Join(s.Actors, "+")+" "+s.Stance.String()+" "+strings.Join(s.Topics, "+"))
	}
	return strings.Join(out, "; ")
}

func TestWithoutSidesTheMainActorsAreTheConflict(t *testing.T) {
	f, err := lexicon.Parse("sea.toml", []byte(`
actor = [{ id = "north", name = "North", main = true }, { id = "south", name = "South", main = true }, { id = "east", name = "East" }]
topic = [{ id = "fish", label = "Fish", words = ["herring"] }]
`))
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.New(f)
	if err != nil {
		t.Fatal(err)
	}
	e := &testExtractor{New(lex), new(passage.Splitter)}
	for text, want := range map[string]string{
		"North demanded herrings from South.": "north demands fish",
		"East demanded herrings from North.":  "east demands fish",
		"East demanded herrings.":             "",
	} {
		if got := e.statementsOf(t, corpus.Document{Text: text}); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestAnAnswerIsAboutWhatTheQuestionWasAbout(t *testing.T) {
	e := extractor(t)
	for question, want := range map[string]string{
		"Q Will Ukraine wait?": "united-states demands sanctions",
		"Q Will Iran wait?":    "",
	} {
		doc := corpus.Document{Text: question + "\n\nTHE PRESIDENT: Sanctions must stay."}
		doc.Publisher, doc.Title = "The White House", "Remarks"
		if got := e.statementsOf(t, doc); got != want {
			t.Errorf("%q: got %q, want %q", question, got, want)
		}
	}
}

func TestOwnWordsAreStatementsWhereTheyTakeAPosition(t *testing.T) {
	e := extractor(t)
	for _, tc := range []struct{ text, want string }{
		{"We will never recognize the annexation of Ukraine’s regions.", "opposes"},
		{"We support a ceasefire between Russia and Ukraine.", "supports"},
		{"If Russia moves, we will impose sanctions.", "warns"},
		{"We discussed a ceasefire with Ukraine.", ""},
		{"Will Russia accept a ceasefire?", ""},
		{"Russia rejected the ceasefire.", ""}, // told of another
		{"We support a ceasefire in Sudan.", ""},
		{"Sanctions on Russia must be kept.", "demands"},
		{"We should note that sanctions on Russia rhyme.", "says"},
		{"We have imposed sanctions on Russia.", "supports"},
		{"Our sanctions on Russia are heavy.", "says"},
		{"I would just highlight our sanctions on Russia.", "says"},
		{"Sanctions on Russia are a long list.", ""},
		{"I know the sanctions on Russia by heart.", ""},
		{"We are holding talks with Ukraine.", ""},
		{"These sanctions on Russia are intended to bite.", "says"},
		{"The sanctions effort against Russia will go on.", "says"},
		{"The embargo is lifted: Russia may be named.", ""},
		{"Breaking the ceasefire directly contradicts what Ukraine signed.", "says"},
		{"The ceasefire is the only basis for peace in Ukraine.", "supports"},
		{"American cows graze by the frozen Russian assets.", ""},
	} {
		doc := corpus.Document{Text: "THE PRESIDENT: " + tc.text}
		doc.Publisher, doc.Title, doc.Published = "The White House", "Remarks", date(t, "2022-02-09")
		got := ""
		for _, s := range e.statements(doc) {
			got = s.Stance.String()
		}
		if got != tc.want {
			t.Errorf("%q: %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestAbout(t *testing.T) {
	e := extractor(t)
	for _, tc := range []struct{ title, text, want string }{
		{"", "Ukraine and Russia exchange 175 prisoners each.", "prisoners-children"},
		{"", "The European Union extends sanctions on Russia.", "sanctions"},
		{"Reactions to the war in Ukraine", "The European Union extends sanctions.", "sanctions"},
		{"", "Delegations of Russia and Ukraine hold peace talks in Istanbul.", "format-participation"},
		{"", "Trump said that Russia had rejected a ceasefire.", "ceasefire"},
		{"", "Russia signs a law on the annexation of Crimea.", "territory"},
		{"", "Syria recognised the Luhansk People's Republic, as Russia had.", "territory"},

		// only where it was
		{"", "Russian forces capture the village of Oaks in Donetsk Oblast.", ""},
		{"", "Russian forces capture the village of Oaks in Donetsk Oblast and Elms in Kharkiv Oblast.", ""},
		{"", "Russia takes full control of occupied territory by the river.", ""},
		{"", "Ukrainian farmers sow wheat in Crimea.", ""},
		{"", "Ukraine slept well after a ceasefire.", ""},

		// another conflict
		{"", "Macron demanded a ceasefire in Libya.", ""},
		{"", "The European Union extends sanctions.", ""},
	} {
		doc := corpus.Document{Text: tc.text}
		doc.Title = tc.title
		about := e.About(doc, e.Mentions(doc), e.split.Sentences(doc.Text))
		if got := strings.Join(slices.Concat(about...), "+"); len(about) != 1 || got != tc.want {
			t.Errorf("%q: %v, want %s", tc.text, about, tc.want)
		}
	}
}

// transcriptOf writes who says each sentence the way the tables do.
func (e *testExtractor) transcriptOf(doc corpus.Document) string {
	var out []string
	for _, a := range e.Attribute(doc, e.split.Sentences(doc.Text)) {
		if len(a.Actors) == 0 {
			out = append(out, "-")
		} else {
			out = append(out, strings.Join(a.Actors, "+")+"/"+a.Speaker)
		}
	}
	return strings.Join(out, " ")
}

func date(t testing.TB, s string) corpus.PartialDate {
	t.Helper()
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func FuzzStatementsLieInTheirDocument(f *testing.F) {
	for _, tc := range said {
		f.Add(tc.text, "Remarks by President Biden", "The White House")
	}
	f.Add("Q\u00a0Will Ukraine wait?\n\nTHE PRESIDENT: We’ve imposed sanctions on Russia — (inaudible) — if it may lift", "Remarks", "The White House")
	f.Add("They may hold * accountable, only after\n\n[the] ceasefire’s", "Telephone conversation with Angela Merkel", "President of Russia")
	f.Add("It was noted that\n\nThey agreed. Lavrov: “\n\nPutin: x", "Conversation with Emmanuel Macron", "President of Russia")
	f.Add("THE PRESIDENT: “Putin said \xff", "Joint Statement", "President of Russia")
	e := extractor(f)
	f.Fuzz(func(t *testing.T, text, title, publisher string) {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Skip() // no document's text
		}
		doc := corpus.Document{Text: text}
		doc.Title, doc.Publisher = title, publisher
		sentences := e.split.Sentences(text)
		said := e.Attribute(doc, sentences)
		if len(said) != len(sentences) {
			t.Fatalf("%d attributions of %d sentences", len(said), len(sentences))
		}
		for i, a := range said {
			known := a.Speaker == doc.Publisher || strings.Contains(text, a.Speaker)
			if a.Span != sentences[i] || !known || (len(a.Actors) == 0) != (a.Speaker == "") {
				t.Fatalf("%+v of sentence %v", a, sentences[i])
			}
		}
		for _, s := range e.statements(doc) {
			if !slices.Contains(sentences, s.Span) || len(s.Topics) == 0 || len(s.Actors) == 0 {
				t.Fatalf("%+v", s)
			}
		}
		if about := e.About(doc, e.Mentions(doc), sentences); len(about) != len(sentences) {
			t.Fatalf("the topics of %d of %d sentences", len(about), len(sentences))
		}
	})
}
