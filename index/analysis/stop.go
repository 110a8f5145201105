package analysis

import "strings"

// stopWords are the function words of English, folded (so "don't" is "dont"), and
// those with which Ukrainian and Russian ask: their names and topics are understood.
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
of in on at by for with about against between into through during before after above below to from up down out off
over under
and but or nor so if then than because as until while although though
again further once when where why how what which who whom whose wich waht whats
all any both each few more most other some such no not only own same too very just also
s t d ll m re ve o
чого що чому чим хто кого кому ким коли де куди звідки як який яка яке які якого якої якому якій яким якою яких
якими скільки чи хіба чий чия чиє чиї
був була було були буде будуть бути є має мають мав мала мали може можуть міг могла могли треба
він вона воно вони його її їх йому їй їм ним нею ними ми нас нам ви вас вам ти мене мені свій своя своє свої
цей ця це ці цього цієї цьому цій цим цих той та те ті того тієї тому тій тим тих там тут
хоче хочуть каже кажуть сказав сказала сказали говорить говорять думає думають про у в на з із зі до від за при без
під над між через по для щодо стосовно
але і й не ні же ж би б вже ще також теж тільки лише якщо бо або зараз позиція позицію
что чего чему чем кто кого кому кем когда где куда откуда почему зачем как какой какая какое какие какого какому
каком каким какую каких какими сколько разве чей чья чье чьё
был была было были будет будут быть есть может могут мог могла могли нужно
он она оно они его ее её их ему ей им ними мы нас нам вы вас вам ты меня мне свой своя свое своё свои
этот эта это эти этого этой этому этом этим этих тот та те того той тому том тем тех там тут здесь
хочет хотят говорит говорят сказал сказала сказали думает думают о об обо с со из от к ко а но и или да не ни же бы
ли насчет насчёт относительно
уже ещё еще также тоже только если потому сейчас позиция позицию
`) {
		m[w] = true
	}
	// Words that carry meaning in a question about a negotiation, or that are another word's spelling.
	for _, w := range []string{"well", "ill", "shell", "hell", "wed", "shed", "own", "against", "before", "after"} {
		delete(m, w)
	}
	return m
}()
