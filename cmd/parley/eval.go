package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"parley/cmd/internal/measure"
	"parley/cmd/parley/internal/app"
	"parley/corpus"
	"parley/index"
)

const maxRun = 10 // passages in a line of the run file

type evalCmd struct {
	recordFlags
	Questions  string              `xor:"what" required:"" placeholder:"FILE" help:"Judged questions, JSON Lines: id, question, answerable, relevant; or id and turns, a list of such questions."`
	Statements bool                `xor:"what" required:"" help:"Measure the statements found in the documents instead."`
	Labels     []string            `placeholder:"FILE" help:"Sentences labelled by hand, JSON Lines: doc, start, end, actors, topics, statement; with --statements; repeatable."`
	RunFile    string              `name:"run" placeholder:"FILE" help:"Write the ten best passages of every question there, JSON Lines."`
	JSON       bool                `name:"json" help:"Print the figures as JSON."`
	Now        *corpus.PartialDate `placeholder:"DATE" help:"The day on which the questions are asked (default: the record's newest)."`
	Min        map[string]float64  `placeholder:"NAME=VALUE" help:"Fail where a figure is lower, such as recall@1=0.6, or shown_right/uk=0.4 for one language; repeatable."`
	Max        map[string]float64  `placeholder:"NAME=VALUE" help:"Fail where a figure is higher, such as false_answers=0.10; repeatable."`
}

// Run asks every question, or finds the statements, and prints the figures.
func (c evalCmd) Run(ctx context.Context, p *process, a *app.App) error {
	if c.Statements {
		return c.runStatements(ctx, p, a)
	}
	questions, err := readQuestions(c.Questions)
	if err != nil {
		return err
	}
	return a.WithRecord(ctx, c.files(), func(r *app.Record) error {
		if err := p.warnOfAbsent(ctx, r, questions); err != nil {
			return err
		}
		now, err := c.day(r)
		if err != nil {
			return err
		}
		shown := p.progress("Asking questions")
		results, err := askAll(ctx, r, questions, now, shown.Step)
		shown.Done()
		if err != nil {
			return err
		}
		if c.RunFile != "" {
			if err := writeRun(c.RunFile, questions, results); err != nil {
				return err
			}
		}
		report := measure.Measure(questions, results)
		return errors.Join(c.print(p.stdout, report), c.guard(report))
	})
}

func readQuestions(path string) ([]measure.Question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("questions: %w", err)
	}
	defer f.Close()
	return measure.Read(path, f)
}

// warnOfAbsent says which documents that are to answer a question the record lacks: the
// figures are those of this record, which may be meant. One that is left out because it
// tells the same as another is there.
func (p *process) warnOfAbsent(ctx context.Context, r *app.Record, questions []measure.Question) error {
	var absent []string
	for _, q := range questions {
		if !q.Answerable {
			continue // what answered it may have been taken out for that
		}
		for _, right := range q.Relevant {
			ok, err := r.Has(ctx, right.Doc)
			if err != nil {
				return err
			}
			if !ok && !slices.Contains(absent, right.Doc) {
				absent = append(absent, right.Doc)
			}
		}
	}
	if len(absent) > 0 {
		const told = 5
		p.notify("the record lacks judged documents, which count as not found: %d, such as %s; name their files with --corpus",
			len(absent), strings.Join(absent[:min(told, len(absent))], ", "))
	}
	return nil
}

// day is when the questions are asked. The record's newest day is the default, so that
// the same questions over the same record have the same figures on any day.
func (c evalCmd) day(r *app.Record) (time.Time, error) {
	if c.Now != nil {
		return c.Now.Start(), nil
	}
	is, err := r.Asker.Record()
	return is.Newest.Start(), err
}

// askAll asks the questions one after the other, so that times are those of one core.
func askAll(ctx context.Context, r *app.Record, questions []measure.Question, now time.Time,
	step func(done, total int)) ([]measure.Result, error) {
	results := make([]measure.Result, len(questions))
	var previous *index.Plan
	for i, q := range questions {
		if q.Turn <= 1 {
			previous = nil
		}
		begin := time.Now()
		answer, err := r.Asker.Ask(ctx, index.Question{Text: q.Question, Previous: previous, Now: now})
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		results[i] = measure.Result{
			Grade: answer.Grade.String(), Confidence: answer.Confidence,
			Ranked: passagesOf(answer.Ranked), Shown: passagesOf(answer.Passages), Took: time.Since(begin),
		}
		previous = answer.Plan
		step(i+1, len(questions))
	}
	return results, nil
}

func passagesOf(hits []index.Hit) []measure.Passage {
	passages := make([]measure.Passage, len(hits))
	for i, h := range hits {
		passages[i] = measure.Passage{Doc: h.Source.ID, Text: h.Text, Start: h.Start, End: h.End}
	}
	return passages
}

type runLine struct {
	ID         string       `json:"id"`
	Grade      string       `json:"grade"`
	Answered   bool         `json:"answered"`
	Confidence float64      `json:"confidence"`
	Passages   []runPassage `json:"passages"`
}

type runPassage struct {
	Doc  string `json:"doc"`
	Text string `json:"text"`
}

// writeRun writes what was found for others to judge.
func writeRun(path string, questions []measure.Question, results []measure.Result) error {
	return writeFile("run file", path, func(w io.Writer) error {
		out := bufio.NewWriter(w)
		for i, q := range questions {
			r := results[i]
			line := runLine{q.ID, r.Grade, r.Grade == index.GradeAnswer.String(), r.Confidence, []runPassage{}}
			for _, p := range r.Ranked[:min(len(r.Ranked), maxRun)] {
				line.Passages = append(line.Passages, runPassage{p.Doc, p.Text})
			}
			if err := writeJSON(out, line); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

func (c evalCmd) print(w io.Writer, report measure.Report) error {
	if c.JSON {
		return writeJSON(w, report)
	}
	if report.Questions > 0 {
		fmt.Fprintf(w, "%d questions, %d of them answerable\n\n", report.Questions, report.Answerable)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range report.Figures {
		fmt.Fprintf(table, "%s\t%s\tn=%d\n", f.Name, f, f.N)
	}
	if len(report.Languages) > 1 {
		printGroups(table, "language", len(report.Languages), func(i int) (string, int, []measure.Figure) {
			l := report.Languages[i]
			return l.Language, l.Questions, l.Figures
		})
	}
	if len(report.Kinds) > 1 {
		printGroups(table, "kind", len(report.Kinds), func(i int) (string, int, []measure.Figure) {
			k := report.Kinds[i]
			return k.Kind, k.Questions, k.Figures
		})
	}
	if report.Questions > 0 {
		fmt.Fprint(table, "\ngrade\tn\tanswerable\tof these shown right\toff-topic\n")
		for _, g := range report.Grades {
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\n", g.Grade, g.Questions, g.Answerable, g.ShownRight, g.OffTopic)
		}
		fmt.Fprint(table, "\nconfidence\tn\tmean\tobserved\n")
		for _, t := range report.Reliability {
			fmt.Fprintf(table, "%.1f to %.1f\t%d\t%.3f\t%.3f\n", t.From, t.From+0.1, t.Questions, t.Said, t.Observed)
		}
	}
	return table.Flush()
}

// printGroups prints the figures of n groups of questions, a line each.
func printGroups(table io.Writer, what string, n int, group func(i int) (string, int, []measure.Figure)) {
	_, _, figures := group(0)
	fmt.Fprintf(table, "\n%s\tn", what)
	for _, f := range figures {
		fmt.Fprint(table, "\t", f.Name)
	}
	for i := range n {
		name, questions, figures := group(i)
		fmt.Fprintf(table, "\n%s\t%d", name, questions)
		for _, f := range figures {
			fmt.Fprint(table, "\t", f)
		}
	}
	fmt.Fprintln(table)
}

// guard fails where a figure is outside what --min and --max allow.
func (c evalCmd) guard(report measure.Report) error {
	var problems []error
	check := func(limits map[string]float64, where string, breaks func(v, limit float64) bool) {
		for _, name := range slices.Sorted(maps.Keys(limits)) {
			f, ok := report.Figure(name)
			limit := limits[name]
			switch {
			case !ok:
				names := figureNames(report)
				problems = append(problems, usageError{fmt.Errorf("there is no figure %q; there are %s", name, names)})
			case f.N == 0:
				problems = append(problems, fmt.Errorf("%s cannot be measured with these questions", name))
			case breaks(f.Value, limit):
				problems = append(problems, fmt.Errorf("%s is %.3f, %s %.3f", name, f.Value, where, limit))
			}
		}
	}
	check(c.Min, "below", func(v, limit float64) bool { return v < limit })
	check(c.Max, "above", func(v, limit float64) bool { return v > limit })
	return errors.Join(problems...)
}

func figureNames(report measure.Report) string {
	var names []string
	for _, f := range report.Figures {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}
