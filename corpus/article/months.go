package article

import "strings"

// months are the names of months as dates in text have them, in the languages of the
// sources: nominative, genitive and short forms.
var months = monthNames(
	`january jan januar janvier enero janeiro gennaio stycznia styczeń ocak января январь січня січень января янв січ maart ianuarie januari`,
	`february feb februar février fevrier febrero fevereiro febbraio lutego luty şubat subat февраля февраль лютого лютий фев лют februari`,
	`march mar märz marz mars marzo março marco marca marzec mart марта март березня березень мар бер maret`,
	`april apr avril abril aprile kwietnia kwiecień nisan апреля апрель квітня квітень апр квіт`,
	`may mai mayo maio maggio maja maj mayıs mayis мая май травня травень трав mei`,
	`june jun juni juin junio junho giugno czerwca czerwiec haziran июня июнь червня червень июн черв`,
	`july jul juli juillet julio julho luglio lipca lipiec temmuz июля июль липня липень июл лип`,
	`august aug août aout agosto sierpnia sierpień ağustos agustos августа август серпня серпень авг серп`,
	`september sep sept septembre septiembre setembro settembre września wrzesień eylül eylul сентября сентябрь вересня вересень сен сент вер`,
	`october oct oktober okt octobre octubre outubro ottobre października październik ekim октября октябрь жовтня жовтень окт жовт`,
	`november nov novembre noviembre novembro listopada listopad kasım kasim ноября ноябрь листопада листопад ноя лист`,
	`december dec dezember dez décembre decembre diciembre dezembro dicembre grudnia grudzień aralık aralik декабря декабрь грудня грудень дек груд`,
)

func monthNames(names ...string) map[string]int {
	m := map[string]int{}
	for i, forms := range names {
		for form := range strings.FieldsSeq(forms) {
			m[form] = i + 1
		}
	}
	return m
}
