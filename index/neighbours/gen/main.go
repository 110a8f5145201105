// Command gen trains the table of word neighbours of package neighbours.
//
//	go run ./index/neighbours/gen -out index/neighbours/neighbours.bin DIR...
//
// It reads every *.jsonl and *.jsonl.gz of the directories (lines with title
// and text), counts which terms stand beside which, factors the counts into
// vectors and writes, for each term that is no name, the terms with the nearest
// vectors. One thread and a fixed seed: the same texts give the same bytes on the
// same kind of machine. It takes four minutes and 6 GB of memory, most of it for
// the counts of one view.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"

	"parley/index/neighbours"
)

// Chosen by measuring; docs/measurements.md says what else was tried.
const (
	maxVocabulary = 20000 // the rarest of these occur seven times or so
	dimensions    = 300   // of each view
	longest       = 12    // neighbours of a term
	leastSimilar  = 0.2   // mean cosine below which two terms are strangers
)

// views are the ways of looking at the text whose similarities are averaged.
var views = []view{
	{reach: 1},
	{reach: 2},
	{reach: 3, functionWords: true},
}

func main() {
	runtime.GOMAXPROCS(1)
	out := flag.String("out", "neighbours.bin", "`file` to write")
	flag.Parse()
	if err := run(*out, flag.Args(), os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string, dirs []string, log io.Writer) error {
	text, err := read(dirs)
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "%d tokens, %d terms\n", len(text.stream), len(text.terms))
	var space space
	for _, v := range views {
		fmt.Fprintf(log, "view %+v\n", v)
		space = append(space, v.vectors(text))
	}
	data, err := neighbours.Encode(table(text, space))
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "%d bytes\n", len(data))
	return os.WriteFile(out, data, 0o644)
}
