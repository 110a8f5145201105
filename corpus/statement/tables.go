package statement

import (
	"maps"
	"strings"
)

// wordSet is a set of folded words.
type wordSet map[string]bool

// setOf is the set of the words in a text.
func setOf(text string) wordSet {
	s := wordSet{}
	for w := range strings.FieldsSeq(text) {
		s[w] = true
	}
	return s
}

// unionOf is the set of all words of some sets.
func unionOf(sets ...wordSet) wordSet {
	all := wordSet{}
	for _, s := range sets {
		maps.Copy(all, s)
	}
	return all
}

var (
	// singularNames end in s and are one.
	singularNames = setOf("congress us states nations paris brussels texas reuters affairs forces swiss chinese quds netherlands emirates")
	// prefixes turn a name into what others are.
	prefixes = setOf("pro anti non ex")
	// capitalStops start with a capital, but do not go on with a name.
	capitalStops = setOf("i on in at the a an he she they it we and but in after before")

	adverbs = setOf(`also again later earlier then now still already repeatedly publicly recently firmly strongly once further today yesterday
		tuesday monday wednesday thursday friday saturday sunday separately reportedly allegedly meanwhile however therefore thus even only just both all
		formally officially openly privately explicitly immediately jointly subsequently initially previously consistently always likewise similarly additionally
		categorically flatly positively highly equally angrily sharply clearly directly briefly bluntly swiftly quickly eventually finally nevertheless nonetheless instead each themselves himself herself itself`)
	// qualifiers may stand between a verb and the noun that makes it one of saying.
	qualifiers = setOf(`a an the his her its their our my serious deep strong full firm great grave particular profound sincere mutual common continued steadfast unwavering
		high shared joint main`)
	haves     = setOf("has have had having ive weve theyve youve")
	bes       = setOf("is are was were be been being am")
	modals    = setOf("would will could can may might should shall must wont wouldnt cannot couldnt id ill")
	negations = setOf("not never didnt doesnt dont hasnt havent wont wouldnt cannot cant couldnt isnt wasnt neither nor no")
	dos       = setOf("do does did")

	prepositions = setOf(`of in to with for from at by on against near between about over under after before during through towards toward
		into within without among outside inside across around behind despite since until via per versus like unlike beyond upon off along regarding concerning alongside`)
	// subordinators open a clause that is not the sentence's own.
	subordinators = setOf(`that if whether because after before when while where as since until unless though although once how what why which who whom whose than whenever lest provided`)
	// contrasts open a main clause beside another.
	contrasts = setOf("while whereas but and whilst")
	links     = setOf("and")
	// joints join a second verb to the subject of the first.
	joints = setOf("and but then")
	// companions lead to those beside or around the subject: "Putin in Moscow said".
	companions = setOf("with alongside in at from")
	// asides open an aside, beside prepositions, articles and participles.
	asides = setOf("who which whose whom himself herself then now also both")

	articles   = setOf("the a an")
	coverRoles = setOf(`president minister ministers secretary chancellor premier prime vice mr mrs ms dr former acting outgoing incoming new leader leaders envoy envoys negotiator
		spokesman spokeswoman spokesperson official officials general sir king foreign defence defense chief head deputy first special senior top ambassador presidents governments
		government state then democratic republican longtime de facto twenty six most several many some other western eastern four five three two all`)
	// mouthpieces speak for the actor that follows "of" or "for".
	mouthpieces = setOf(`spokesman spokeswoman spokesperson leaders leader presidents president ministers minister government governments representatives representative officials
		envoys ambassadors ambassador head heads delegation delegations negotiators diplomats ministry ministries administration parliament cabinet secretary chancellor envoy office mission embassy`)
	// bodies are parts of an actor that can speak for it, beside its name: "Russian
	// forces", "Ukraine's State Border Service".
	bodies = setOf("forces troops military navy army service ministry command staff office department council leader side leadership delegation")
	// pairs are those between whom a document is: "both sides", "the two presidents".
	pairs     = setOf("g7 sides presidents leaders countries parties governments advisors advisers ministers officials nations")
	pairWords = setOf("the both two national security foreign defence defense g7 sides presidents leaders countries parties governments advisors advisers ministers officials nations")
	// clubs are the names of groups of states.
	clubs = setOf("g7")
	// selves are what an actor calls itself beside its name: "the country will join".
	selves = setOf("country nation government alliance union bloc kingdom republic side")
	// papers are what an actor's position is written in: "a Russian memorandum".
	papers = setOf(`memorandum statement paper proposal proposals plan draft communique declaration document note letter resolution text`)
)

// grammar is what stands before a name without being a part of it, or of what it qualifies.
var grammar = unionOf(adverbs, haves, bes, modals, negations, prepositions, subordinators, links, joints, leads, articles, coverRoles, mouthpieces, capitalStops, months)

// Words of claims.
var (
	continues = setOf("continued continues continue on")
	// uttered is what is done with an opinion where nobody says whose it is, of the kinds that
	// feelings tell.
	uttered  = setOf("expressed voiced")
	feelings = map[string]Stance{"concern": None, "concerns": None, "regret": None, "support": Supports, "hope": Supports, "satisfaction": Supports, "readiness": Supports}
	// clarified is what somebody is clear about.
	clarified = setOf("that about in on")
	// settled is what is done to a matter by all who talk of it.
	settled = setOf("agreed decided")
	// judgements are what somebody calls a thing, where others call by telephone.
	judgements = setOf(`unacceptable difficult impossible premature unrealistic constructive productive absurd illegal illegitimate
		essential important substantive hypocritical irresponsible baseless false`)
	// leads open a subordinate clause before the main one.
	leads = setOf("after before when while where as since until unless though although once if because whether following despite that")
	// timeWords may follow the verb at the end of "…, Peskov said on Monday".
	timeWords = setOf("on in at during after")
	nounTails = setOf("that for to of")
	// claimNouns are the nouns that tell what their owner says: "Russia's demand that".
	claimNouns = map[string]Stance{
		"demand": Demands, "demands": Demands, "call": Demands, "calls": Demands, "insistence": Demands,
		"proposal": Offers, "offer": Offers, "pledge": Offers, "warning": Warns, "warnings": Warns, "threat": Warns,
		"rejection": Opposes, "refusal": Opposes, "objection": Opposes, "objections": Opposes,
		"claim": None, "assertion": None,
	}
)

// Words of positions.
var (
	firsts           = setOf("i we my our us ours")
	possessives      = setOf("my our us ours")
	contractedFirsts = setOf("weve were well wed ive ill im id")
	// battle is what is only told of; nobody takes a position by telling it.
	battle = setOf(`captured capturing seized taken entered shot destroyed destroying struck hit targeted launched killed killing injured injuring
		wounded intercepted thwarted stopped drone drones missile missiles shelling shelled bombardment offensive airstrike airstrikes strike attack attacks
		captures seizes shells kills destroys repels encircles recaptures retakes
		rocket rockets capture fighting retook retaken retake gained liberated recapturing counteroffensive regroup
		attacked explosion explosions advanced recaptured recapture repelled sabotage crossed landed downed damaged fire fires casualties airspace`)
	// policies are what no battle is told by.
	policies = setOf("sanctions ceasefire truce armistice talks negotiations")
	// idleVerbs follow "I will", "let me" and the like in turns of speech.
	idleVerbs = setOf("say note mention go get see turn leave let talk discuss speak meet hear take start begin have point tell stop be highlight emphasize emphasise stress underscore argue add like refer describe")
	// fillers may stand between a subject and its verb, beside auxiliaries.
	fillers = setOf("all and together to going ready willing prepared open able clear very of continue continued continues continuing remain")
	// conditions are phrases with which begins what something is done for, or only done
	// with, by their first word.
	conditions = map[string][][]string{
		"if": {{}}, "unless": {{}}, "once": {{}}, "until": {{}}, "provided": {{"that"}}, "providing": {{"that"}},
		"in": {{"return", "for"}, {"exchange", "for"}, {"response", "to"}, {"case", "of"}, {"the", "event"}}, "on": {{"condition"}, {"the", "condition"}}, "as": {{"long", "as"}, {"soon", "as"}},
		"only": {{"after"}, {"when"}, {"as"}, {"with"}}, "conditional": {{"on"}}, "contingent": {{"on"}},
	}
	// exchanges are the conditions that tell of no deed of another, by their first word.
	exchanges = setOf("in on as conditional contingent should")
	onceMore  = setOf("again more and")
	// undoings stand before what they end, hinder or break; undone are those that can be
	// a part of its name, aftermaths those that follow it.
	undoings = setOf(`lift lifts lifted lifting ease eases eased easing end ends ended ending remove removes removed removing removal
		violate violates violated violating violation violations breach breaches breached breaching break breaks broke broken breaking
		undermine undermines undermined undermining bar bars barred barring limit limits limiting restrict restricting suspend suspends suspended suspending
		cancel cancels cancelled cancelling waive waived drop drops dropped dropping abandon abandons abandoned abandoning reverse revise revising
		disrupt disrupted disrupting derail derailing sabotage sabotaging delay delaying delays block blocks blocked refuse refusing refusal
		without discussing wait waiting stop stops stopped stopping evade evades evaded evading evasion
		circumvent circumventing circumvention relax relaxing loosen rollback weaken weakening forgo renounce renouncing exclude excluding prevent preventing`)
	undone     = setOf("lift lifted lifting ease eased easing relief limit limits barred bar veto out violation")
	aftermaths = setOf("relief rollback evasion violation violations breach breaches out")
	// clings are what is not done, beside undoing a thing, by who holds on to it.
	clings = setOf("let hesitate rest relent back force pressure rule deny veto oppose object reject")
	// lacks are what somebody does whom a thing is for: "the support Ukraine needs".
	lacks = setOf("need needs require requires want wants")
	// culprits tell of whom a measure is for or against, by what they do.
	culprits = setOf("those involved responsible engaged complicit")
	// penalties are what is done against somebody: who announces them offers nothing.
	penalties = setOf("sanction sanctions sanctioning restrictions embargo ban banning cap tariffs controls costs imports import economic")
	// evasions are what somebody will not do who only keeps silent.
	evasions = setOf("say tell read characterize characterise comment speculate sketch preview preempt prejudge detail describe go get")
	// talked is what is told of talks, and takes no position.
	talked = setOf(`discuss discussed discussing talk talked talking speak spoke spoken speaking met meet meeting thank thanked heard hear informed inform
		touched exchanged asked ask mention mentioned read visited attended attend remember say`)
	// deeds are the irregular verbs of what is done.
	deeds = setOf("took taken put cut froze frozen led sent gave given made built brought cutting set helps helps leads")
	// obligations are what is demanded of a subject.
	obligations = setOf("must should shall ought needs")
	// measures are what works for or against somebody, and works what they do.
	measures   = setOf("sanctions measures controls restrictions agreement agreements financing funding guarantees embargo embargoes cap ban tariffs package formula elements")
	programmes = setOf("effort efforts regime steps actions programme program campaign policy coalition")
	works      = setOf("work works include includes contain contains impose deny denies cut cuts hit hits hurt deter deters target targets form forms remain remains help helps provide provides")
	announces  = setOf("announce announces announced announcing")
	// accusations tell what others do, not what the speaker wants.
	accusations = setOf("accuse accuses accused accusing blame blames blamed blaming")
	// determiners stand before nouns and participles, not before what somebody does.
	determiners = setOf("a an the its their his her this these those any no further new")
	// alone is who speaks for themselves before they speak for an actor.
	alone = setOf("i im id ill ive my")
	// opposite is what a stance becomes under a negation.
	opposite = map[Stance]Stance{Supports: Opposes, Offers: Opposes, Demands: Opposes, Doubts: Doubts, Warns: Warns, Opposes: None}
)

// Words of time and place.
var (
	circumstances = setOf("after following once before until during")
	placeKinds    = setOf("region oblast province city republic republics")
	locatives     = setOf("in at on near over from around across outside inside into through throughout onto")
	// extents name a subject of talks, or only where something is: "on Polish territory".
	extents = setOf("territory territories borders")
	// meetings are held, which tells of no position.
	meetings = setOf("talks talk negotiations negotiation dialogue meeting meetings summit format formats round rounds conference process")
	// held is what a place is called by whoever has it: "in occupied areas".
	held = setOf("occupied controlled annexed captured")
	// takings are how control comes about.
	takings = setOf("take takes took taken taking gain gains gained have has full complete")
	// grounds are other words for what is fought for.
	grounds = setOf("control line lines frontline")
	passing = setOf("temporarily illegally currently entire whole")
	months  = setOf("january february march april may june july august september october november december")
)

// Labels of transcripts.
var (
	bystanders = map[string]bool{
		"MODERATOR": true, "OPERATOR": true, "INTERPRETER": true, "AIDE": true, "AUDIENCE": true, "AUDIENCE MEMBER": true,
		"PARTICIPANT": true, "REMARK": true, "QUESTION": true, "REPORTER": true, "STAFF": true, "VOICE": true, "REPLY": true,
	}
	hostLabels = map[string]bool{
		"THE PRESIDENT": true, "THE VICE PRESIDENT": true, "THE FIRST LADY": true, "THE PRESS SECRETARY": true,
	}
	// labelWords are the small words of a title; sentenceStarts never start a label.
	labelWords     = setOf("of the and for von van der de la al on at in to ibn news party newspaper magazine agency television – & i")
	sentenceStarts = setOf("and but so in this as then my our i we you he she it they the here one if let first second third what now yes no well look next finally therefore because there to at for on")
	// staffTitles are borne by officials of the publisher, or by unknown guests.
	staffTitles = setOf("MR MS MRS DR SECRETARY DIRECTOR CHAIR ADMINISTRATOR SENIOR NSC WHITE DEPUTY UNDER COUNSELOR")
	// labelOffices says what a title must be found in among the offices of its bearer.
	labelOffices = map[string]string{"PRESIDENT": "president", "PRIME": "prime-minister", "CHANCELLOR": "chancellor", "TAOISEACH": "prime-minister"}
)

// women are told from men, for "she" and "he", by given name or by full name.
var (
	women = setOf(`angela anita anitta anna annalena anne anniken baiba barbara beate bridget catherine chrystia christine condoleezza denise dorothy
		elina elisabeth elizabeth elvira evika federica florence giorgia hanna hillary inga ingrida iryna janet jen jill kaja kajsa kamala karin karine karoline
		linda liz magdalena maia margarita maria marta melanie melania mette michelle naledi nancy natalia nikki oksana olena olga olha paula penny rachel
		radmila roberta rosemary salome samantha sanae sanna susie svitlana tammy tatyana theresa tulsi ursula valentina victoria viola wendy yulia yuliia yvette zuzana`)
	womenByFullName = map[string]bool{"Mao Ning": true, "Hua Chunying": true, "Choe Son Hui": true}
)
