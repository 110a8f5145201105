package index

import (
	"regexp"
	"strings"
)

// requests are the words by which people ask to be told something, before what they ask:
// "could you please tell me", "I'd like to know", "розкажи мені про".
var requests = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(?:(?:hey|hi|hello|please|ok|okay|so|well)\b[\s,!.]*)+`),
	regexp.MustCompile(`(?i)^(?:(?:can|could|would|will) (?:you|u) )?(?:please )?(?:tell|show|give|explain to|remind) (?:me|us)\b(?:,? please)?(?: about| of)?[\s,:]+`),
	regexp.MustCompile(`(?i)^(?:do|did) (?:you|u) know(?: if| whether| about)?[\s,:]+`),
	regexp.MustCompile(`(?i)^(?:i|we)(?:'d| would)? (?:want|like|need|wish) to know(?: if| whether| about)?[\s,:]+`),
	regexp.MustCompile(`(?i)^(?:(?:привіт|будь ласка|привет|пожалуйста|слухай|слушай)[\s,!.]+)+`),
	regexp.MustCompile(`(?i)^(?:ти знаєш|ты знаешь|не знаєш|не знаешь)[\s,:]+`),
	regexp.MustCompile(`(?i)^(?:скажи|скажіть|розкажи|розкажіть|підкажи|підкажіть|покажи|покажіть|поясни|поясніть|скажите|расскажи|расскажите|подскажи|подскажите|покажите|объясни|объясните)` +
		`(?:,? (?:мені|нам|мне|будь ласка|пожалуйста))*,?(?: про| об?)?[\s,:]+`),
}

// withoutRequest returns a question without the words that only ask to be told. A text of
// nothing else stays as it is.
func withoutRequest(text string) string {
	rest := strings.TrimSpace(text)
	for _, request := range requests {
		if cut := request.ReplaceAllString(rest, ""); strings.TrimSpace(cut) != "" {
			rest = cut
		}
	}
	return rest
}
