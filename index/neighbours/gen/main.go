// Command gen trains the table of word neighbours of package neighbours.
//
//	go run ./index/neighbours/gen -out index/neighbours/neighbours.bin DIR...
//
// It reads every *.jsonl and *.jsonl.gz of the directories (lines with title
// and text), counts which terms stand beside which, factors the counts into
// vectors and writes, for each term that is no name, the terms with the nearest
// vectors. One thread, no chance: the same texts give the same bytes.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"

	"parley/index/neighbours"
)

// Chosen by measuring; package neighbours says what else was tried.
const (
	maxVocabulary = 20000 // the rarest of these occur about ten times, weighted
	dimensions    = 300
	longest       = 12  // neighbours of a term
	leastSimilar  = 0.2 // cosine below which two terms are strangers
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
	space := newSpace(len(text.terms))
	if d := loadSpace(len(text.terms), len(views)); d != nil {
		space = d
	} else {
	for _, v := range views {
		fmt.Fprintf(log, "view %+v\n", v)
		space.add(v.vectors(text))
	}
	saveSpace(space)
}
	for _, x := range []float64{1, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01} {
		compoundShare = x
		d, _ := neighbours.Encode(table(text, space))
		os.WriteFile(fmt.Sprintf("/tmp/t%v.bin", x), d, 0o644)
	}
	data, err := neighbours.Encode(table(text, space))
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "%d bytes\n", len(data))
	return os.WriteFile(out, data, 0o644)
}

var compoundShare = 0.04
