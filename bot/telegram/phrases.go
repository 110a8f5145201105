package telegram

import (
	"strings"

	"parley/bot"
)

// phrase is a sentence that the adapter says itself, because the core cannot know of it.
type phrase string

const (
	sayExpired     phrase = "expired"
	sayNotYours    phrase = "not yours"
	sayAskHere     phrase = "ask here"
	sayDescription phrase = "description"
	sayAbout       phrase = "about"
)

// languages are those of the adapter's phrases, the first where no other is asked for.
var languages = []string{"en", "uk"}

// phrases by language. Limits: a click's answer 200 characters, the description 512, the
// short one 120.
var phrases = map[string]map[phrase]string{
	"en": {
		sayExpired:     "This button is too old. Please ask again.",
		sayNotYours:    "Only the person who asked can use this button.",
		sayAskHere:     "Nothing to quote; ask in a private chat",
		sayDescription: "Parley quotes what a record of sources says about peace talks: who said it, who reported it, when, and where to read it. Ask in your own words, or choose a command.",
		sayAbout:       "Quotes from a record of sources on peace talks, with who said it, who reported it and when.",
	},
	"uk": {
		sayExpired:     "Ця кнопка застаріла. Будь ласка, запитайте ще раз.",
		sayNotYours:    "Цією кнопкою може скористатися лише той, хто запитав.",
		sayAskHere:     "Немає що цитувати; запитайте в приватному чаті",
		sayDescription: "Parley цитує, що зібрання джерел говорить про мирні переговори: хто це сказав, хто повідомив, коли і де це прочитати. Запитайте своїми словами або оберіть команду.",
		sayAbout:       "Цитати із зібрання джерел про мирні переговори: хто сказав, хто повідомив і коли.",
	},
}

// say is a phrase in the language nearest to a BCP 47 tag.
func say(p phrase, language string) string {
	short, _, _ := strings.Cut(strings.ToLower(language), "-")
	if said, ok := phrases[short][p]; ok {
		return said
	}
	return phrases[languages[0]][p]
}

// describe is what the menu says of a command.
func describe(c bot.Command, _ string) string { return c.Description }

// describeOption is what an option is for.
func describeOption(o bot.Option, _ string) string { return o.Description }
