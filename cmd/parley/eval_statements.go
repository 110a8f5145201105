package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"parley/cmd/internal/measure"
	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/index/annotate"
)

// runStatements measures the statements found in the documents against the actors,
// topics and kind that briefs declare, and against sentences labelled by hand. It needs
// no index.
func (c evalCmd) runStatements(ctx context.Context, p *process, a *app.App) error {
	return a.WithIndex(ctx, c.files(), func(x *app.Index) error {
		docs, _, err := x.Documents(ctx)
		if err != nil {
			return err
		}
		labels, err := readLabels(c.Labels)
		if err != nil {
			return err
		}
		report, err := measureStatements(ctx, docs, labels, x.Lexicon)
		if err != nil {
			return err
		}
		return errors.Join(c.print(p.stdout, report), c.guard(report))
	})
}

func readLabels(paths []string) (all []measure.Label, err error) {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("labels: %w", err)
		}
		labels, err := measure.ReadLabels(path, f)
		f.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, labels...)
	}
	return all, nil
}

// measureStatements finds the statements of all documents and compares them.
func measureStatements(ctx context.Context, docs []corpus.Document, labels []measure.Label,
	lex *lexicon.Lexicon) (measure.Report, error) {
	byDoc := map[string][]measure.Label{}
	for _, l := range labels {
		byDoc[l.Doc] = append(byDoc[l.Doc], l)
	}
	annotator := annotate.New(lex)
	var facts, sentences []measure.Pair
	events, eventsStated := 0, 0
	for _, doc := range docs {
		if err := ctx.Err(); err != nil {
			return measure.Report{}, err
		}
		if doc.Kind != "position" && len(byDoc[doc.ID]) == 0 {
			continue
		}
		found := statementLines(annotator, lex, doc)
		if doc.Kind == "position" {
			facts = append(facts, measure.Pair{Found: union(found, lex), Labelled: declared(doc, lex)})
		}
		for _, l := range byDoc[doc.ID] {
			if !l.OfDocument() {
				sentences = append(sentences, measure.Pair{Found: statedAt(found, l), Labelled: l.Stated()})
			} else if !l.Statement {
				events++
				eventsStated += min(1, len(union(found, lex).Actors))
			}
		}
		delete(byDoc, doc.ID)
	}
	for _, l := range labels {
		if _, left := byDoc[l.Doc]; left {
			return measure.Report{}, fmt.Errorf("labels: the record has no document %q; name its file with --corpus", l.Doc)
		}
	}
	stated := measure.Figure{Name: "events_stated", Value: float64(eventsStated) / float64(max(1, events)), N: events}
	figures := append(measure.Statements("facts", facts), stated)
	return measure.Report{Figures: append(figures, measure.Statements("labels", sentences)...)}, nil
}

// declared are the actors, by name, and the topics that whoever wrote a brief declared.
func declared(doc corpus.Document, lex *lexicon.Lexicon) (s measure.Stated) {
	for _, id := range doc.Actors {
		actor, _ := lex.Actor(id)
		s.Actors = append(s.Actors, actor.Name)
	}
	s.Topics = doc.Topics
	return s
}

// union are the main actors, by name, and the topics of all statements; briefs declare no others.
func union(found []statementLine, lex *lexicon.Lexicon) (s measure.Stated) {
	for _, l := range found {
		for _, name := range l.Actors {
			if actor, _ := lex.ResolveActor(name); actor.Main && !slices.Contains(s.Actors, name) {
				s.Actors = append(s.Actors, name)
			}
		}
		for _, t := range l.Topics {
			if !slices.Contains(s.Topics, t) {
				s.Topics = append(s.Topics, t)
			}
		}
	}
	return s
}

// statedAt is the statement at a labelled sentence: that with which it shares most,
// since others may cut sentences otherwise.
func statedAt(found []statementLine, l measure.Label) (s measure.Stated) {
	most := 0
	for _, f := range found {
		if shared := min(f.End, l.End) - max(f.Start, l.Start); shared > most && 2*shared > f.End-f.Start {
			most, s = shared, measure.Stated{Actors: f.Actors, Topics: f.Topics}
		}
	}
	return s
}
