package index

import (
	"testing"

	"parley/index/analysis"
)

func TestKindOfReadsTheQuestionWords(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]QuestionKind{
		"who led the Russian team?":                         Who,
		"to whom did Trump speak":                           Who,
		"whos the mediator":                                 Who,
		"which countries abstained?":                        Who,
		"when did they meet?":                               When,
		"what year was that":                                When,
		"what date was set?":                                When,
		"how soon after the summit did they meet":           When,
		"where was the meeting":                             Where,
		"in which city did they meet?":                      Where,
		"how many prisoners came home?":                     HowMany,
		"how much money was pledged":                        HowMany,
		"what percentage of the land":                       HowMany,
		"why did the talks stop?":                           Why,
		"did they sign it?":                                 YesNo,
		"was there a truce":                                 YesNo,
		"may Ukraine join the alliance?":                    YesNo,
		"what does Kyiv want?":                              Stance,
		"where does Ankara stand on Crimea?":                Stance,
		"would Putin accept a truce":                        Stance,
		"what did the two sides say":                        Stance,
		"Що каже Москва про НАТО?":                          Stance,
		"Что говорит Москва о НАТО?":                        Stance,
		"Яка позиція Росії щодо НАТО?":                      Stance,
		"Скільки полонених обміняли?":                       HowMany,
		"Когда встретились Трамп и Путин?":                  When,
		"Хто очолює російську делегацію?":                   Who,
		"Где прошли переговоры?":                            Where,
		"Чому зірвалися переговори?":                        Why,
		"Чи погодилася Москва?":                             YesNo,
		"Що говорять у Києві про НАТО?":                     Stance,
		"compare Kyiv and Moscow on territory":              Compare,
		"Scholz versus Merz on soldiers":                    Compare,
		"how do Kyiv and Moscow differ, and who said what?": Compare,
		"what happened in Istanbul?":                        What,
		"the Istanbul talks":                                What,
		"":                                                  What,
		"whatever":                                          What,
	} {
		if got := kindOf((&analysis.Analyzer{}).Tokens(question), nil); got != want {
			t.Errorf("kindOf(%q, nil) = %v, want %v", question, got, want)
		}
	}
}

func TestEveryKindHasAName(t *testing.T) {
	t.Parallel()
	for k := What; k <= Compare; k++ {
		if k.String() == "" {
			t.Errorf("kind %d has no name", k)
		}
	}
}
