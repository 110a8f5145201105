package argument

import (
	"strings"
	"testing"
)

func TestTypedArguments(t *testing.T) {
	form := Form{"stance", []Option{
		{Name: "actor", Required: true},
		{Name: "topic", Choices: []Choice{{"Ceasefire", "ceasefire"}}},
		{Name: "since"},
		{Name: "limit", Type: Integer},
		{Name: "newest", Type: Boolean},
	}}
	for line, want := range map[string]string{
		`russia`:                            `actor=russia`,
		`"united states" CEASEFIRE 2025-03`: `actor=united states topic=ceasefire since=2025-03`,
		`since:2025 russia`:                 `actor=russia since=2025`,
		`actor:"united states" ceasefire`:   `actor=united states topic=ceasefire`,
		`russia a:b`:                        `The topic must be one of: Ceasefire.`,
		`russia limit:many`:                 `The limit must be a number, not “many”.`,
		`russia newest:TRUE limit:3`:        `actor=russia limit=3 newest=true`,
		`russia newest:perhaps`:             `The newest must be true or false, not “perhaps”.`,
		``:                                  `The actor is missing: /stance actor [topic] [since] [limit] [newest]`,
		`"russia`:                           `actor=russia`,
	} {
		args, err := form.Read(nil, line)
		var got []string
		for _, o := range form.Options {
			if args[o.Name] != "" {
				got = append(got, o.Name+"="+args[o.Name])
			}
		}
		if err != nil {
			got = []string{err.Error()}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: got %s; want %s", line, s, want)
		}
	}
}
