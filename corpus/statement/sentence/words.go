package sentence

import (
	"maps"

	"parley/corpus/words"
)

// unionOf is the set of all words of some sets.
func unionOf(sets ...map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, s := range sets {
		maps.Copy(all, s)
	}
	return all
}

var (
	// capitalStops start with a capital, but do not go on with a name.
	capitalStops = words.Set("i on in at the a an he she they it we and but in after before")
	Adverbs      = words.Set(`also again later earlier then now still already repeatedly publicly recently firmly strongly once further today yesterday
		tuesday monday wednesday thursday friday saturday sunday separately reportedly allegedly meanwhile however therefore thus even only just both all
		formally officially openly privately explicitly immediately jointly subsequently initially previously consistently always likewise similarly additionally
		categorically flatly positively highly equally angrily sharply clearly directly briefly bluntly swiftly quickly eventually finally nevertheless nonetheless instead each themselves himself herself itself`)
	HaveForms    = words.Set("has have had having ive weve theyve youve")
	BeForms      = words.Set("is are was were be been being am")
	Modals       = words.Set("would will could can may might should shall must wont wouldnt cannot couldnt id ill")
	Negations    = words.Set("not never didnt doesnt dont hasnt havent wont wouldnt cannot cant couldnt isnt wasnt neither nor no")
	DoForms      = words.Set("do does did")
	Prepositions = words.Set(`of in to with for from at by on against near between about over under after before during through towards toward
		into within without among outside inside across around behind despite since until via per versus like unlike beyond upon off along regarding concerning alongside`)
	// Subordinators open a clause that is not the sentence's own.
	Subordinators = words.Set(`that if whether because after before when while where as since until unless though although once how what why which who whom whose than whenever lest provided`)
	// Joints join a second verb to the subject of the first.
	Joints   = words.Set("and but then")
	Articles = words.Set("the a an")
	Titles   = words.Set(`president minister ministers secretary chancellor premier prime vice mr mrs ms dr former acting outgoing incoming new leader leaders envoy envoys negotiator
		spokesman spokeswoman spokesperson official officials general sir king foreign defence defense chief head deputy first special senior top ambassador presidents governments
		government state then democratic republican longtime de facto twenty six most several many some other western eastern four five three two all`)
	// Representatives speak for the actor that follows "of" or "for".
	Representatives = words.Set(`spokesman spokeswoman spokesperson leaders leader presidents president ministers minister government governments representatives representative officials
		envoys ambassadors ambassador head heads delegation delegations negotiators diplomats ministry ministries administration parliament cabinet secretary chancellor envoy office mission embassy`)
	// Bodies are parts of an actor that can speak for it, beside its name: "Russian
	// forces", "Ukraine's State Border Service".
	Bodies = words.Set("forces troops military navy army service ministry command staff office department council leader side leadership delegation")
	// Papers are what an actor's position is written in: "a Russian memorandum".
	Papers = words.Set(`memorandum statement paper proposal proposals plan draft communique declaration document note letter resolution text`)
)

// FunctionWords may stand before a name without being a part of it or of the noun it qualifies.
var FunctionWords = unionOf(Adverbs, HaveForms, BeForms, Modals, Negations, Prepositions, Subordinators, words.Set("and"), Joints, Leads, Articles, Titles, Representatives, capitalStops, Months)

var (
	// Leads open a subordinate clause before the main one.
	Leads = words.Set("after before when while where as since until unless though although once if because whether following despite that")
	// Talked are verbs by which talks are reported; they take no position.
	Talked = words.Set(`discuss discussed discussing talk talked talking speak spoke spoken speaking met meet meeting thank thanked heard hear informed inform
		touched exchanged asked ask mention mentioned read visited attended attend remember say`)
	// Determiners stand before nouns and participles, not before what somebody does.
	Determiners = words.Set("a an the its their his her this these those any no further new")
	Months      = words.Set("january february march april may june july august september october november december")
)
