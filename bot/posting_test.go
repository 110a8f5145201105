package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"time"
	"unicode"

	"parley/bot/wording"
)

// TestReasonsAreSaidInEveryLanguage holds that of a slot's reason nothing but what others
// said stands in another language.
func TestReasonsAreSaidInEveryLanguage(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "posting.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	said := Reason{Text: "403 FORBIDDEN"}
	reasons := 0
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || !strings.HasPrefix(literal.Value, `"reason.`) || literal.Value == `"reason.progress"` {
			return true
		}
		reasons++
		r := Reason{Key: wording.Key(strings.Trim(literal.Value, `"`)), Text: said.Text, Sent: 1, Unsure: 1, Parts: 3, Late: 5 * time.Hour, Most: 3*time.Hour + 5*time.Minute, Last: &said}
		english, ukrainian := r.String(), r.In("uk")
		if strings.Contains(english+ukrainian, "no value") || strings.Contains(english, "reason.") {
			t.Errorf("%s: %s; %s", r.Key, english, ukrainian)
		}
		own := strings.NewReplacer(said.Text, "", "Parley", "").Replace(ukrainian)
		if strings.ContainsFunc(own, func(c rune) bool { return c < unicode.MaxASCII && unicode.IsLetter(c) }) {
			t.Errorf("%s in Ukrainian: %s", r.Key, ukrainian)
		}
		return true
	})
	if reasons < 10 {
		t.Errorf("%d reasons were found", reasons)
	}
	if got := (Reason{Key: ReasonLate, Late: 45 * time.Minute, Most: 3 * time.Hour}).String(); !strings.Contains(got, "came to it 45m after its time, and posts up to 3h0m late") {
		t.Errorf("durations: %s", got)
	}
}
