package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"parley/bot"
	"parley/bot/console"
	"parley/corpus"
	"parley/index"
)

// maxStdin bounds a question that is read from a pipe, in bytes; the bot's own limit,
// in characters, is lower.
const maxStdin = 64 << 10

type askCmd struct {
	readerFlags
	JSON     bool     `name:"json" help:"Print the answer as JSON."`
	Question []string `arg:"" optional:"" help:"The question; - or nothing reads it from a pipe."`
}

// Run answers one question. Finding nothing is an answer, too.
func (c askCmd) Run(ctx context.Context, a *app) (err error) {
	text, err := c.question(a)
	if err != nil {
		return err
	}
	r, err := a.openRecord(ctx, c.recordFlags)
	if err != nil {
		return err
	}
	defer r.closeInto(&err)
	answer, err := r.asker.Ask(ctx, index.Question{Text: text, Now: a.now()})
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(a.stdout, complete(answer, r.config.Answer.MaxPassages))
	}
	return console.Render(a.stdout, r.bot(a, nil).Present(answer, c.language()), a.style())
}

// question takes the question from the arguments or from a pipe.
func (c askCmd) question(a *app) (string, error) {
	text, err := a.text(c.Question, "a question")
	if err != nil {
		return "", err
	}
	text, err = bot.Question(text)
	return text, refused(err)
}

// text joins the arguments or reads a pipe; what says in an error what is missing.
func (a *app) text(words []string, what string) (string, error) {
	text := strings.Join(words, " ")
	if text != "" && text != "-" {
		return text, nil
	}
	if _, typed := terminal(a.stdin); typed && text == "" {
		return "", usageError{fmt.Errorf("%s is missing", what)}
	}
	b, err := io.ReadAll(io.LimitReader(a.stdin, maxStdin+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", what, err)
	}
	if len(b) > maxStdin {
		return "", usageError{fmt.Errorf("%s of more than %d KB cannot be read", what, maxStdin>>10)}
	}
	return string(b), nil
}

// complete makes an answer what readers of the JSON rely on: as many passages as any
// platform shows, and lists that are empty instead of null.
func complete(answer index.Answer, maxPassages int) index.Answer {
	answer.Passages = append([]index.Hit{}, answer.Passages[:min(len(answer.Passages), maxPassages)]...)
	for i := range answer.Passages {
		h := &answer.Passages[i]
		h.Speakers = append([]string{}, h.Speakers...)
		h.Topics = append([]string{}, h.Topics...)
		h.Source.BasedOn = append([]corpus.Reference{}, h.Source.BasedOn...)
	}
	return answer
}

// writeJSON prints v on a line, with <, > and & as they are.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
