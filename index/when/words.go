package when

import (
	"cmp"
	"maps"
	"strings"
	"time"

	"parley/corpus/calendar"
	"parley/corpus/words"
)

// IsMonth reports whether a folded word names a month.
func IsMonth(word string) bool { return months[word] != 0 }

// months are those of English, abbreviated too, and of every case of Ukrainian and Russian.
var months = func() map[string]time.Month {
	m := calendar.Months(calendar.Full|calendar.Short, calendar.English)
	maps.Copy(m, calendar.Months(calendar.Full|calendar.Oblique, calendar.Ukrainian, calendar.Russian))
	return m
}()

// seasons are the first months of the times of year, which are three months long.
var seasons = map[string]time.Month{
	"spring": time.March, "summer": time.June, "winter": time.December,
	"autumn": time.September, "fall": time.September,
}

// inEnglish are the English words for those of Ukrainian and Russian that date a
// question, and for the rarer English ones, folded.
var inEnglish = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(`
from з із зі від с со от
since починаючи начиная
until до
to по through thru
after після после
before перед
between між между
and і й та и
in у в во на за протягом упродовж течение
yesterday вчора учора вчера
today сьогодні сегодня
now зараз тепер сейчас теперь
still досі
latest останнє остання последнее последняя
recently нещодавно недавно
last останній останні останніх останнього последний последнюю последние последних последнего
past минулий минула минуле минулого минулої минулому минулій минулу
past прошлый прошлая прошлое прошлого прошлой прошлом прошлую
this цей цього цьому цієї цій этот этого этом этой эту
day день дні днів дня дней
week тиждень тижня тижні тижнів тижню неделя недели неделе неделю недель
month місяць місяця місяці місяців месяц месяца месяце месяцев
year рік року році роки років р год года году годы лет г
first перший першій першого першому першої первый первой первого первом
second другий другій другого другому другої второй второго втором
third третій третього третьому третий третьей третьего третьем
fourth четвертий четвертому четвертого четвертый четвертой четвертого четвертом
half половина половині половини половину половине половины
early початку початок начале начала начало
mid середині середина середине середины
late кінці кінця кінець наприкінці конце конца конец
spring навесні весна весни весною весной весне весны
summer влітку літо літа літом летом лето лета
autumn восени осінь осені осенью осень осени
winter взимку зима зими зимою зимой зимы зиме
2 two couple два дві две
3 three три
4 four чотири четыре
5 five п'ять пять
6 six шість шесть
7 seven сім семь
10 ten десять
`) {
		forms := strings.Fields(line)
		for _, form := range forms {
			m[form] = forms[0]
		}
	}
	for name, day := range calendar.Weekdays() {
		m[name] = strings.ToLower(day.String())
	}
	return m
}()

// latestWords ask for the newest. "Now" and "still" ask how things stand.
var latestWords = words.Set("latest newest recent recently currently current now nowadays today still lately")

// bounding are the words that make a date a bound.
var bounding = words.Set("since from after before until till by")

// Bound returns the English word for a folded word that makes a date a bound: "before",
// "after", "since" or "until"; empty for any other.
func Bound(fold string) string {
	word := cmp.Or(inEnglish[fold], fold)
	switch {
	case bounds[fold] != "":
		return bounds[fold]
	case word == "before" || word == "after" || word == "since" || word == "until":
		return word
	}
	return ""
}

// bounds are words that bound only beside the name of an event.
var bounds = map[string]string{"prior": "before", "following": "after", "напередодні": "before", "накануне": "before"}

// joining are the words between two dates.
var joining = words.Set("to and until till")

// beforeMonth are the words after which "may" or "march" is the month.
var beforeMonth = words.Set("in since until till during early late mid by of last from after before between")

// halves are the words for the first, the middle and the last half of a month or a year,
// for people do not mean less; those of halvesOf need an "of".
var (
	halves   = map[string]int{"early": 1, "mid": 2, "late": 3}
	halvesOf = map[string]int{"beginning": 1, "start": 1, "middle": 2, "end": 3}
)

// deadlines are the words that make the end of a month or a year a bound.
var deadlines = words.Set("before by until till")

// ordinals number the weeks and the halves; the last is counted from the end.
var ordinals = map[string]int{
	"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": lastOf,
}

const lastOf = -1
