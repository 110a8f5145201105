package analysis

import "strings"

// stopWords are the function words of English, folded (so "don't" is "dont"), and
// those in which Ukrainian and Russian ask for a position: names in their script are
// understood, other words are not searched.
// Question words are among them: they say what kind of answer is wanted, which
// the plan reads off the question itself.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
a an the this that these those there here
i me my mine myself we us our ours ourselves you your yours yourself yourselves
he him his himself she her hers herself it its itself they them their theirs themselves one ones
am is are was were be been being isnt arent wasnt werent aint
have has had having havent hasnt hadnt ive youve weve theyve
do does did doing done dont doesnt didnt
will would shall should can could may might must wont wouldnt shant shouldnt cant cannot couldnt mustnt
im youre hes shes were theyre ill youll hell shell well theyll id youd hed wed theyd lets thats whats whos wheres
of in on at by for with about against between into through during before after above below to from up down out off over under
and but or nor so if then than because as until while although though
again further once when where why how what which who whom whose wich waht whats
all any both each few more most other some such no not only own same too very just also
s t d ll m re ve o
чого що хто кого коли де чому як який яка яке які скільки хоче хочуть каже кажуть сказав сказала сказали думає про у в на з із від до а але і й та не чи зараз позиція щодо
что кто кого когда где почему как какой какая какие сколько хочет хотят говорит говорят сказал сказала сказали думает о об с из от к а но и ли сейчас чего позиция относительно
`) {
		m[w] = true
	}
	// Words that carry meaning in a question about a negotiation, or that are another word's spelling.
	for _, w := range []string{"well", "ill", "shell", "hell", "wed", "shed", "own", "against", "before", "after"} {
		delete(m, w)
	}
	return m
}()
