package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"parley/bot"
	"parley/bot/console"
	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/index"
)

// maxStdin bounds a question that is read from a pipe, in bytes; the bot bounds its characters.
const maxStdin = 64 << 10

type askCmd struct {
	readerFlags
	JSON     bool     `name:"json" help:"Print the answer as JSON."`
	Question []string `arg:"" optional:"" help:"The question; - or nothing reads it from a pipe."`
}

// Run answers one question. Finding nothing is an answer, too.
func (c askCmd) Run(ctx context.Context, p *process, a *app.App) error {
	text, err := c.question(p)
	if err != nil {
		return err
	}
	return a.WithRecord(ctx, c.files(), func(r *app.Record) error {
		answer, err := r.Asker.Ask(ctx, index.Question{Text: text, Now: p.now()})
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(p.stdout, complete(answer, a.Config.Answer.MaxPassages))
		}
		return console.Render(p.stdout, r.Bot(nil).Present(answer, c.language()), p.style())
	})
}

func (c askCmd) question(p *process) (string, error) {
	text, err := p.text(c.Question, "a question")
	if err != nil {
		return "", err
	}
	text, err = bot.Question(text)
	return text, refused(err)
}

// text joins the arguments or reads a pipe; what says in an error what is missing.
func (p *process) text(words []string, what string) (string, error) {
	text := strings.Join(words, " ")
	if text != "" && text != "-" {
		return text, nil
	}
	if _, typed := terminal(p.stdin); typed && text == "" {
		return "", usageError{fmt.Errorf("%s is missing", what)}
	}
	b, err := io.ReadAll(io.LimitReader(p.stdin, maxStdin+1))
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
