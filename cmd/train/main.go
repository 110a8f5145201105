// Command train fits the weights of package index to judged questions and
// writes the file that is compiled into it. It changes no feature and makes no
// questions; what the figures mean for a release is "parley eval"'s to say.
//
//	go run ./cmd/train -out index/weights.json
//
// Questions are asked, each set of its own records: those of SQuAD, which are many and of
// every subject; our own, of the talks, of the briefs alone and of the talks among twenty
// years of other news; those in other words than the briefs'; and what people post to a
// bot. The signals of the judges follow from the ranking that is compiled in, not from the
// one that is being fitted: after a change to the features run it twice. The same index gives the same weights on any number of processors; two builds
// of it differ in how equal candidates are cut off, and the weights by some thousandths.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
)

func main() { os.Exit(realMain()) }

func realMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		return 1
	}
	return 0
}

type options struct {
	out              string
	shared, testdata string
	devWeight        float64
	goals            goals
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.StringVar(&o.out, "out", "", "`file` to write; without it the weights are only printed")
	flags.StringVar(&o.shared, "shared", "../shared", "`folder` with eval, corpora, seed and text")
	flags.StringVar(&o.testdata, "testdata", "index/testdata", "`folder` with our own questions")
	flags.Float64Var(&o.devWeight, "dev-weight", 1, "what one of our own questions counts in the ranking, SQuAD's counting 1")
	flags.Float64Var(&o.goals.falseAnswers, "false-answers", 0.10, "`share` of our unanswerable questions that may be answered")
	flags.Float64Var(&o.goals.translated, "false-translated", 0.03, "`share` of those in Ukrainian and Russian that may be answered")
	flags.Float64Var(&o.goals.offTopic, "off-topic", 0.07, "`share` of messages about something else that may be shown passages")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case !(o.devWeight > 0) || math.IsInf(o.devWeight, 0):
		return o, fmt.Errorf("-dev-weight %v is not a positive number", o.devWeight)
	case !(o.goals.offTopic >= 0 && o.goals.offTopic <= 1):
		return o, fmt.Errorf("-off-topic %v is not a share between 0 and 1", o.goals.offTopic)
	case !(o.goals.translated >= 0 && o.goals.translated <= 1):
		return o, fmt.Errorf("-false-translated %v is not a share between 0 and 1", o.goals.translated)
	case !(o.goals.falseAnswers >= 0 && o.goals.falseAnswers <= 1):
		return o, fmt.Errorf("-false-answers %v is not a share between 0 and 1", o.goals.falseAnswers)
	}
	return o, nil
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	d, err := ask(ctx, o.shared, o.testdata)
	if err != nil {
		return err
	}
	rank := trainRank(stdout, d, o.devWeight)
	reportFit(stdout, d, rank)
	w := weights{
		Rank:    named(d.names, rank),
		Answers: trainAnswers(stdout, d, o.goals).named(d.signalNames),
		About:   trainAbout(stdout, d, o.goals.offTopic).named(d.signalNames),
	}
	w.print(stdout)
	if o.out == "" {
		return nil
	}
	return w.write(o.out)
}

// reportFit says how well the ranking that is compiled in agrees with the new one.
func reportFit(out io.Writer, d data, rank []float64) {
	moved := 0
	for _, e := range d.dev {
		if l := e.list(1); len(l.right) > 0 && l.best(rank) != 0 {
			moved++
		}
	}
	fmt.Fprintf(out, "\nanother passage first than with the weights compiled in: %d of %d questions", moved, len(d.dev))
	if moved > len(d.dev)/100 {
		fmt.Fprint(out, "; run this again for the judges to fit")
	}
	fmt.Fprintln(out)
}
