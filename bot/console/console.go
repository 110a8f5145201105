// Package console is the adapter for a terminal or a pipe: it reads lines, hands them to the
// core and prints the replies. It keeps no state, decides nothing about answers, and does not
// look at the terminal: its width and whether to use colours are given.
package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"parley/bot"
	"parley/bot/wording"
)

const maxLine = 64 << 10 // bytes; a longer line is refused as a whole

const me = "console" // the one user, conversation and chat of a console

// Core answers requests; it is a bot.Bot.
type Core interface {
	Handle(ctx context.Context, req bot.Request) bot.Reply
}

// Console is one conversation over a reader and a writer.
type Console struct {
	Core     Core
	In       io.Reader
	Out      io.Writer
	Prompt   string // printed before each line is read; empty where nobody is typing
	Language string // the user's own, a BCP 47 tag; empty if not known
	Style    Style
}

var (
	errLongLine = errors.New("line too long") // longer than maxLine; the next one can be read
	errQuit     = errors.New("quit")          // the user wants to leave
)

// Run answers line by line until the input ends, the user quits or ctx is done, and returns nil then.
func (c *Console) Run(ctx context.Context) error {
	lines := c.read(ctx)
	for {
		fmt.Fprint(c.Out, c.Prompt)
		select {
		case <-ctx.Done():
			return c.endPrompt()
		case l := <-lines:
			switch err := c.answer(ctx, l); {
			case errors.Is(err, errQuit):
				return nil
			case errors.Is(err, io.EOF), ctx.Err() != nil:
				return c.endPrompt()
			case err != nil:
				return err
			}
		}
	}
}

func (c *Console) answer(ctx context.Context, l line) error {
	if errors.Is(l.err, errLongLine) {
		_, err := fmt.Fprintln(c.Out, wording.In(c.Language).Say("platform.long_line"))
		return err
	}
	if l.err != nil {
		return fmt.Errorf("read a line: %w", l.err)
	}
	command, text := bot.SplitCommand(l.text)
	switch {
	case command == "quit" || command == "exit":
		return errQuit
	case command == "" && text == "":
		return nil
	}
	reply := c.Core.Handle(ctx, bot.Request{
		User: me, Conversation: me, Chat: me, Manager: true, Language: c.Language, Command: command, Text: text,
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := Render(c.Out, reply, c.Style); err != nil {
		return fmt.Errorf("print a reply: %w", err)
	}
	_, err := fmt.Fprintln(c.Out)
	return err
}

// endPrompt ends the line that the prompt began. It returns nil, as Run then does.
func (c *Console) endPrompt() error {
	if c.Prompt != "" {
		fmt.Fprintln(c.Out)
	}
	return nil
}

// line is a line that was read, or why none was.
type line struct {
	text string
	err  error
}

// read reads lines in the background, since a read from a terminal cannot be
// interrupted: when ctx is done the goroutine ends with its next line, or with the
// process that is about to end.
func (c *Console) read(ctx context.Context) <-chan line {
	lines := make(chan line)
	go func() {
		in := bufio.NewReaderSize(c.In, maxLine)
		for {
			l := readLine(in)
			select {
			case lines <- l:
			case <-ctx.Done():
				return
			}
			if l.err != nil && !errors.Is(l.err, errLongLine) {
				return
			}
		}
	}()
	return lines
}

// readLine reads one line. A last one without an end is a line, too.
func readLine(in *bufio.Reader) line {
	b, more, err := in.ReadLine()
	if !more {
		return line{strings.TrimSpace(string(b)), err}
	}
	for more && err == nil {
		_, more, err = in.ReadLine()
	}
	return line{err: errLongLine}
}
