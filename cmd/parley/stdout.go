package main

import "io"

// output is stdout, and remembers what failed to be written: an answer that nobody can
// read is an error of every subcommand, which none of them has to look for.
type output struct {
	io.Writer
	err error // the first
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}
