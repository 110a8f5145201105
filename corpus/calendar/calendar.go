// Package calendar names the months and the days of the week in the languages of the
// sources, in lower case. It reads no dates: feeds, pages and questions write them in
// different ways, and each reader takes from here the forms that it may meet.
package calendar

import (
	"strings"
	"time"
)

// Language is one whose names are known.
type Language uint8

// The languages. Western holds the names of German, French, Spanish, Portuguese, Italian,
// Polish, Turkish and some of their neighbours, which pages in these languages use.
const (
	English Language = iota
	Ukrainian
	Russian
	Western
	languages
)

// Form is a set of the forms of a name.
type Form uint8

// The forms of a name. Pages write Full and Short ones, feeds Full ones and what begins
// them, questions in Ukrainian or Russian Full ones and Oblique ones.
const (
	Full    Form = 1 << iota // nominative and genitive: "січень", "січня"
	Oblique                  // the other cases: "січні", "січнем", "січню"
	Short                    // abbreviations: "jan", "січ"
)

// months has for each month and language the forms in the order of Form, between bars.
var months = [12][languages]string{
	{"january||jan", "січень січня|січні січнем січню|січ", "январь января|январе январем январю|янв",
		"januar janvier enero janeiro gennaio stycznia styczeń ocak ianuarie januari"},
	{"february||feb", "лютий лютого|лютому лютим|лют", "февраль февраля|феврале февралем февралю|фев",
		"februar février fevrier febrero fevereiro febbraio lutego luty şubat subat februari"},
	{"march||mar", "березень березня|березні березнем березню|бер", "март марта|марте мартом марту|мар",
		"märz marz mars marzo março marco marca marzec mart maart maret"},
	{"april||apr", "квітень квітня|квітні квітнем квітню|квіт", "апрель апреля|апреле апрелем апрелю|апр",
		"avril abril aprile kwietnia kwiecień nisan"},
	{"may", "травень травня|травні травнем травню|трав", "май мая|мае маем маю",
		"mai mayo maio maggio maja maj mayıs mayis mei"},
	{"june||jun", "червень червня|червні червнем червню|черв", "июнь июня|июне июнем июню|июн",
		"juni juin junio junho giugno czerwca czerwiec haziran"},
	{"july||jul", "липень липня|липні липнем липню|лип", "июль июля|июле июлем июлю|июл",
		"juli juillet julio julho luglio lipca lipiec temmuz"},
	{"august||aug", "серпень серпня|серпні серпнем серпню|серп", "август августа|августе августом августу|авг",
		"août aout agosto sierpnia sierpień ağustos agustos"},
	{"september||sep sept", "вересень вересня|вересні вереснем вересню|вер",
		"сентябрь сентября|сентябре сентябрем сентябрю|сен сент",
		"septembre septiembre setembro settembre września wrzesień eylül eylul"},
	{"october||oct", "жовтень жовтня|жовтні жовтнем жовтню|жовт", "октябрь октября|октябре октябрем октябрю|окт",
		"oktober okt octobre octubre outubro ottobre października październik ekim"},
	{"november||nov", "листопад листопада|листопаді листопадом листопаду|лист",
		"ноябрь ноября|ноябре ноябрем ноябрю|ноя",
		"novembre noviembre novembro listopada listopad kasım kasim"},
	{"december||dec", "грудень грудня|грудні груднем грудню|груд", "декабрь декабря|декабре декабрем декабрю|дек",
		"dezember dez décembre decembre diciembre dezembro dicembre grudnia grudzień aralık aralik"},
}

// weekdays has for each day, Sunday first, the names in English, Ukrainian and Russian.
var weekdays = [7][Western]string{
	{"sunday", "неділя неділю неділі", "воскресенье воскресенья"},
	{"monday", "понеділок понеділка понеділку", "понедельник понедельника"},
	{"tuesday", "вівторок вівторка", "вторник вторника"},
	{"wednesday", "середа середу середи", "среда среду среды"},
	{"thursday", "четвер четверга", "четверг"},
	{"friday", "п'ятниця п'ятницю п'ятниці", "пятница пятницу пятницы"},
	{"saturday", "субота суботу суботи", "суббота субботу субботы"},
}

// Months returns the months by the given forms of their names in the given languages.
func Months(forms Form, in ...Language) map[string]time.Month {
	names := map[string]time.Month{}
	for i, month := range months {
		for _, language := range in {
			for f, list := range strings.Split(month[language], "|") {
				if forms&(1<<f) == 0 {
					continue
				}
				for name := range strings.FieldsSeq(list) {
					names[name] = time.Month(i + 1)
				}
			}
		}
	}
	return names
}

// Weekdays returns the days of the week by their names in English, Ukrainian and Russian,
// in the cases in which one asks for a day.
func Weekdays() map[string]time.Weekday {
	names := map[string]time.Weekday{}
	for day, in := range weekdays {
		for name := range strings.FieldsSeq(strings.Join(in[:], " ")) {
			names[name] = time.Weekday(day)
		}
	}
	return names
}
