package index

import "testing"

func TestWordsThatOnlyAskToBeToldAreNoPartOfTheQuestion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"tell me what Kyiv says about NATO":                "what Kyiv says about NATO",
		"Could you please tell me about the Geneva talks?": "the Geneva talks?",
		"hey, show us the sanctions":                       "the sanctions",
		"do you know whether Moscow agreed":                "Moscow agreed",
		"I'd like to know what Ankara offers":              "what Ankara offers",
		"Розкажи мені про перемир'я":                       "перемир'я",
		"скажите, пожалуйста, чего хочет Киев":             "чего хочет Киев",
		"привіт! що каже Москва":                           "що каже Москва",
		"what did Putin tell Trump":                        "what did Putin tell Trump",
		"did Zelensky tell us the truth":                   "did Zelensky tell us the truth",
		"hello":                                            "hello",
		"tell me":                                          "tell me",
		"":                                                 "",
		"okay":                                             "okay",
	} {
		if got := withoutRequest(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzWithoutRequest(f *testing.F) {
	f.Add("please tell me about \xff")
	f.Fuzz(func(t *testing.T, text string) {
		if got := withoutRequest(text); len(got) > len(text) {
			t.Errorf("%q: %q", text, got)
		}
	})
}
