package console

import (
	"bytes"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"parley/bot/bottest"
)

func TestTheConsoleShowsWhatTheCoreSays(t *testing.T) {
	core := bottest.Core(t, slog.New(slog.DiscardHandler))
	bottest.Conforms(t, core, func(t *testing.T) bottest.Asking {
		return func(question string) []bottest.Shown {
			var out bytes.Buffer
			talk := Console{Core: core, In: strings.NewReader(question + "\n"), Out: &out}
			if err := talk.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			return quotationsIn(out.String())
		}
	})
}

// quotation is a printed quotation: number or indent, labels, and what stands in marks; a
// summary stands without, and the line below it says so.
var (
	quotation = regexp.MustCompile(`^(?:≈?\d+ +|   )(?:[^“]*: )?(?:… )?“(.*)”(?: …)?$`)
	summary   = regexp.MustCompile(`^(?:≈?\d+ +|   )(?:[^:.]* · [^:.]*: |\p{Ll}[^:]*: )?(?:… )?(.*?)(?: …)?$`)
	address   = regexp.MustCompile(` <[^>]*>`)
)

// quotationsIn are the quotations in a console's output, each with the line below it.
func quotationsIn(output string) (all []bottest.Shown) {
	lines := strings.Split(output, "\n")
	for i, line := range lines[:len(lines)-1] {
		form := quotation
		if strings.HasPrefix(lines[i+1], "   Parley’s summary, ") {
			form = summary
		}
		if m := form.FindStringSubmatch(line); m != nil {
			all = append(all, bottest.Shown{Quotation: m[1], Citation: address.ReplaceAllString(strings.TrimSpace(lines[i+1]), "")})
		}
	}
	return all
}
