// Package analysis turns text into the terms under which passages are indexed
// and questions are asked: folded words, without stop words, English stems
// (the Snowball "english" stemmer). Index, ranking and the table of word
// neighbours share it, so that a term means the same everywhere.
package analysis

import (
	"strings"
	"sync"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"

	"parley/corpus/words"
)

// Version changes whenever the same text would yield other terms.
const Version = 3

// Token is one word of a text as the index sees it.
type Token struct {
	words.Word
	// Term is the stem; empty for a stop word.
	Term string
}

// maxCached bounds the cache of stems: the words of a large record, about 10 MB.
const maxCached = 1 << 17

// Analyzer makes tokens. It remembers the stems of words it has seen and is
// safe for concurrent use. The zero value is ready.
type Analyzer struct {
	mu           sync.RWMutex
	terms, stems map[string]string // by folded word
}

// Tokens returns the words of text, stop words included (their Term is empty).
func (a *Analyzer) Tokens(text string) []Token {
	return a.AppendTokens(make([]Token, 0, len(text)/6+1), text)
}

// AppendTokens appends what Tokens returns.
func (a *Analyzer) AppendTokens(tokens []Token, text string) []Token {
	var unknown []int
	a.mu.RLock() // once a text, since many ask at a time
	for w := range words.All(text) {
		term, ok := a.terms[w.Fold]
		if !ok || isUS(w) {
			unknown = append(unknown, len(tokens))
		}
		tokens = append(tokens, Token{Word: w, Term: term})
	}
	a.mu.RUnlock()
	for _, i := range unknown {
		if tokens[i].Term = "us"; !isUS(tokens[i].Word) {
			tokens[i].Term = a.Term(tokens[i].Fold)
		}
	}
	return tokens
}

// Term is the index term of a single folded word; empty for a stop word.
func (a *Analyzer) Term(fold string) string {
	return a.cached(&a.terms, fold, func(fold string) string {
		if stopWords[fold] {
			return ""
		}
		return stem(fold)
	})
}

// isUS reports whether a word is written as the country is: capitals tell "US" from "us".
func isUS(w words.Word) bool { return w.Fold == "us" && w.Text != "us" && w.Text != "Us" }

// Stem is the stem of a folded word, stop word or not.
func (a *Analyzer) Stem(fold string) string { return a.cached(&a.stems, fold, stem) }

func stem(fold string) string {
	env := snowballstem.NewEnv(fold)
	english.Stem(env)
	if s := env.Current(); s != "" {
		return s
	}
	return fold
}

// cached looks a word up in a cache, which is emptied when it is full.
func (a *Analyzer) cached(cache *map[string]string, word string, compute func(string) string) string {
	a.mu.RLock()
	value, ok := (*cache)[word]
	a.mu.RUnlock()
	if ok {
		return value
	}
	value = compute(word)
	a.mu.Lock()
	defer a.mu.Unlock()
	if *cache == nil || len(*cache) >= maxCached {
		*cache = map[string]string{}
	}
	(*cache)[strings.Clone(word)] = value // a word may be a part of a whole document
	return value
}

// IsStop reports whether a folded word is a stop word: too common to find a passage by.
func IsStop(fold string) bool { return stopWords[fold] }

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
таке такий така такі такая такое такие таков такой такого такому после після потім потом тоді тогда знов знову снова опять якщо ежели чтоб щоб
себе собі себя себя нашої нашого наші наша наше наш наши нам нами вами всіх усіх всех усі все всё всі взагалі вообще
шо шось щось оце отой отака якийсь ніби типа типу саме именно невже неужели скоко скока скіки скіко скольких
з-за из-за из-під через крізь біля возле около перед напередодні накануне протягом течение серед среди казав казала
було будуть ваше ваш ваша ваші ваши нема нету хай пусть хоча хотя ну от вот ось геть прям прямо ладно ага
якось как-то десь где-то колись когда-то ж-таки так і-таки також тому що
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
