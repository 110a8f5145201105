package main

import (
	"strings"

	"parley/index/analysis"
)

// closed are the words of closed sets, whose members differ in nothing but
// being another: they have no neighbours and are none.
var closed = stems(`
	january february march april may june july august september october november december
	jan feb mar apr jun jul aug sep sept oct nov dec
	monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
	spring summer autumn winter yesterday today tomorrow tonight morning noon afternoon evening night midnight am pm
	zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
	eighteen nineteen
	twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen half
	quarter
	first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth twentieth once twice thrice
	single double triple once twice ii iii iv vi vii viii ix xi
	north south east west northern southern eastern western central northeast northwest southeast southwest
	northeastern northwestern southeastern southwestern
	red orange yellow green blue purple black white brown grey gray pink
`)

// opposites are pairs of common words that stand in the same places and mean
// the contrary, of which no text says so often enough to count.
var opposites = pairs(`
	accept reject  accept refuse  agree disagree  agree refuse  agree reject  allow forbid  allow prohibit  allow ban
	permit prohibit  permit ban  legal illegal  lawful unlawful  approve oppose  approve reject  approve veto
	support oppose  back oppose  endors oppose  favor oppose  win lose  won lost  win lost  won lose  victory defeat
	winner loser  gain loss  gain lose  succeed fail  success failure  start end  start finish  start stop  begin end
	begin finish  begin stop  open close  open shut  enter leave  enter exit  arrive depart  arrive leave
	attack defend  offensive defensive  offense defense  advance retreat  invade withdraw  deploy withdraw  join leave
	join withdraw  war peace  friend enemy  friend foe  ally enemy  ally adversary  friendly hostile  buy sell
	bought sold  import export  importer exporter  lend borrow  rise fall  rise decline  rise drop  rose fell
	rising falling  increase decrease  increase decline  increase reduce  increase reduction  raise lower  raise cut
	grow shrink  expand shrink  up down  strong weak  strengthen weaken  stronger weaker  rich poor  wealthy poor
	new old  young old  younger older  big small  large small  larger smaller  bigger smaller  huge tiny  long short
	longer shorter  high low  higher lower  early late  earlier later  fast slow  faster slower  accelerate slow
	hot cold  good bad  good evil  best worst  better worse  improve worsen  right wrong  right left  true false
	public private  domestic foreign  internal external  civilian military  man woman  men women  male female
	boy girl  he she  husband wife  father mother  dad mom  brother sister  son daughter  uncle aunt
	grandfather grandmother  king queen  buyer seller  teacher student  employer employee  doctor patient
	victim perpetrator  pass fail  lift impose  ease tighten  loosen tighten  include exclude  arrest release
	capture release  detain release  seize release  imprison release  ratify veto  escalate deescalate  love hate
	hope despair  guilty innocent  convict acquit  alive dead  live die  birth death  land sea  land air
	possible impossible  maximum minimum  majority minority  temporary permanent  direct indirect  optimist pessimist
	positive negative  add remove  build destroy  create destroy  confirm deny  admit deny  remember forget
	send receive  give take  push pull  ask answer  question answer  input output  supply demand  profit loss
	surplus deficit  credit debit  asset liability  major minor  upper lower  inside outside  near far  easy difficult
	easy hard  safe dangerous  light heavy  rural urban  ancient modern  north south  top bottom  front back
	more less  least most  always never
`)

// negations are the prefixes that turn a word into its contrary.
var negations = []string{"un", "in", "im", "ir", "il", "non", "dis", "mis", "de", "anti", "counter"}

// opposite reports whether a and b are known or spelt as contraries.
func opposite(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if opposites[[2]string{a, b}] || opposites[[2]string{b, a}] {
		return true
	}
	for _, prefix := range negations {
		if b == prefix+a {
			return true
		}
	}
	return false
}

func stems(words string) map[string]bool {
	var analyzer analysis.Analyzer
	out := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		out[analyzer.Stem(word)] = true
	}
	return out
}

func pairs(words string) map[[2]string]bool {
	var analyzer analysis.Analyzer
	fields, out := strings.Fields(words), map[[2]string]bool{}
	for i := 0; i+1 < len(fields); i += 2 {
		out[[2]string{analyzer.Stem(fields[i]), analyzer.Stem(fields[i+1])}] = true
	}
	return out
}

// compoundShare is the share of a term's occurrences right beside another from
// which the two are parts of a compound.
const compoundShare = 0.1

// Two words that are set against each other in so many words ("from war to
// peace", "both public and private") are no substitutes, however alike the
// places where they stand.

// frames are what sets the two sides of a contrast apart: before the first, between the two.
var frames = map[[2]string]bool{
	{"from", "to"}:     true,
	{"between", "and"}: true,
	{"both", "and"}:    true,
	{"either", "or"}:   true,
	{"whether", "or"}:  true,
	{"neither", "nor"}: true,
}

// contrasts counts, of two terms in a row with a word between, how often they
// were set against each other and how often merely joined by "and" or "or".
type contrasts map[[2]int32]struct{ framed, joined int }

func countContrasts(t *text) contrasts {
	word := func(id int32) string {
		if id < 0 || !t.terms[id].isStop() {
			return ""
		}
		return t.terms[id].name[len(stopMark):]
	}
	out := contrasts{}
	for i := 1; i+2 < len(t.stream); i++ {
		first, between, second := t.stream[i], word(t.stream[i+1]), t.stream[i+2]
		framed := frames[[2]string{word(t.stream[i-1]), between}]
		if first < 0 || second < 0 || !framed && between != "and" && between != "or" {
			continue
		}
		pair := [2]int32{min(first, second), max(first, second)}
		seen := out[pair]
		if framed {
			seen.framed++
		} else {
			seen.joined++
		}
		out[pair] = seen
	}
	return out
}

// opposed reports whether a and b are contrasted, and not just often named together.
func (c contrasts) opposed(a, b int) bool {
	seen := c[[2]int32{int32(min(a, b)), int32(max(a, b))}]
	return seen.framed > 0 && seen.framed*20 > seen.joined
}

// follows counts how often one term stands right after another, no word
// between: the parts of a compound ("prime minister", "cargo ship") share
// their surroundings without meaning the same.
type follows map[[2]int32]int

func countFollows(t *text) follows {
	out := follows{}
	for i := 1; i < len(t.stream); i++ {
		first, second := t.stream[i-1], t.stream[i]
		if first >= 0 && second >= 0 && !t.terms[first].isStop() && !t.terms[second].isStop() {
			out[[2]int32{first, second}]++
		}
	}
	return out
}

// compound reports whether a notable share of the rarer of a and b stands right beside the other.
func (f follows) compound(t *text, a, b int) bool {
	together := f[[2]int32{int32(a), int32(b)}] + f[[2]int32{int32(b), int32(a)}]
	return float64(together) > compoundShare*float64(min(t.terms[a].count, t.terms[b].count))
}
