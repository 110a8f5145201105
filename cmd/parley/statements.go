package main

import (
	"bufio"
	"context"
	"fmt"

	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index/annotate"
)

type statementsCmd struct {
	recordFlags
	JSON bool `name:"json" help:"Print a line of JSON a statement."`
}

// Run lists the statements in the order of the documents. It needs no index.
func (c statementsCmd) Run(ctx context.Context, p *process, a *app.App) error {
	out := bufio.NewWriter(p.stdout)
	err := a.WithIndex(ctx, c.files(), func(x *app.Index) error {
		docs, _, err := x.Documents(ctx)
		if err != nil {
			return err
		}
		annotator := annotate.New(x.Lexicon)
		for _, doc := range docs {
			if err := ctx.Err(); err != nil {
				return err
			}
			for _, l := range statementLines(annotator, x.Lexicon, doc) {
				if c.JSON {
					err = writeJSON(out, l)
				} else {
					_, err = fmt.Fprintf(out, "%s:%d-%d %v %s %v: %s\n",
						l.Doc, l.Start, l.End, l.Actors, l.Stance, l.Topics, l.Sentence)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

type statementLine struct {
	Doc      string   `json:"doc"`
	Start    int      `json:"start"`
	End      int      `json:"end"`
	Sentence string   `json:"sentence"`
	Actors   []string `json:"actors"` // names
	Speaker  string   `json:"speaker"`
	Topics   []string `json:"topics"` // ids
	Stance   string   `json:"stance"`
	Direct   bool     `json:"direct"`
}

func statementLines(a *annotate.Annotator, lex *lexicon.Lexicon, doc corpus.Document) (lines []statementLine) {
	for _, p := range a.Passages(doc) {
		for _, s := range p.Attributions {
			if !s.TakesPosition() {
				continue
			}
			span := p.Sentences[s.Sentence]
			l := statementLine{
				Doc: doc.ID, Start: p.Start + span.Start, End: p.Start + span.End, Sentence: span.In(p.Text),
				Speaker: s.Speaker, Topics: s.Topics, Stance: s.Stance, Direct: s.Direct,
			}
			for _, id := range s.Actors {
				actor, _ := lex.Actor(id)
				l.Actors = append(l.Actors, actor.Name)
			}
			lines = append(lines, l)
		}
	}
	return lines
}
