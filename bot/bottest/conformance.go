package bottest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/bot"
)

// Shown is a quotation as the people in a chat see it.
type Shown struct {
	Quotation string // without marks and ellipses around it
	Citation  string // its first line, without the addresses of its links
}

// Asking is one conversation on a platform: it asks and returns what is shown.
type Asking func(question string) []Shown

// conversations are what is asked of every platform, over the built-in briefs.
var conversations = [][]string{
	{"What does Russia say about NATO membership of Ukraine?", "and Ukraine?", "/source 1"},
	{"What did the sides say on prisoners of war?"},
	{"/stance russia territory", "/compare territory", "/timeline ceasefire"},
	{"Who won the football championship of Peru in 1994?"},
	{"/check Zelensky said that Ukraine will not give up territory."},
}

// Conforms holds that a platform shows the same as the core says: the same passages, in
// the same order, with the same citations. begin starts a conversation over core.
func Conforms(t *testing.T, core interface {
	Handle(context.Context, bot.Request) bot.Reply
}, begin func(t *testing.T) Asking) {
	quoted := 0
	for _, questions := range conversations {
		t.Run(questions[0], func(t *testing.T) {
			ask := begin(t)
			for _, q := range questions {
				command, text := bot.SplitCommand(q)
				want := quotations(core.Handle(t.Context(), bot.Request{User: t.Name(), Conversation: t.Name(), Command: command, Text: text}))
				if diff := cmp.Diff(want, ask(q)); diff != "" {
					t.Errorf("%s (-core +platform):\n%s", q, diff)
				}
				quoted += len(want)
			}
		})
	}
	if quoted == 0 {
		t.Error("the core quotes nothing: there was nothing to compare")
	}
}

func quotations(reply bot.Reply) (all []Shown) {
	for _, b := range reply.Blocks {
		if q, ok := b.(bot.Quote); ok {
			all = append(all, Shown{q.Text(), q.Citation.Lines()[0].String()})
		}
	}
	return all
}
