package discord

import "strings"

// The adapter's own sentences: what only a platform with buttons and permissions has to say.
const (
	sayExpired = iota
	sayFailed
	sayNoEmbeds
)

var phrases = map[string]map[int]string{
	"en": {
		sayExpired:  "This button has expired. Ask again to get new ones.",
		sayFailed:   "The answer could not be shown. The operator’s log says why.",
		sayNoEmbeds: "Answers cannot be shown in this channel: the bot lacks a permission here, such as Embed Links. /doctor says which.",
	},
	"uk": {
		sayExpired:  "Ця кнопка застаріла. Поставте запитання ще раз, щоб отримати нові.",
		sayFailed:   "Відповідь не вдалося показати. Причина — у журналі оператора.",
		sayNoEmbeds: "У цьому каналі відповіді не можна показати: ботові бракує дозволу, як-от «Вбудовувати посилання». Якого саме, скаже /doctor.",
	},
}

// phrase is a sentence in the user's language, in English where there is none.
func phrase(language string, key int) string {
	base, _, _ := strings.Cut(language, "-")
	if text, ok := phrases[base][key]; ok {
		return text
	}
	return phrases["en"][key]
}
