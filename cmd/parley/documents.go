package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"parley/bot"
	"parley/corpus"
	"parley/corpus/briefs"
	"parley/corpus/files"
	"parley/corpus/lexicon"
)

// documents are the briefs and the files of the record, and what could not be read.
func (c Config) documents(ctx context.Context) (docs []corpus.Document, problems []string, err error) {
	if c.Corpus.Briefs {
		if docs, err = briefs.Documents(); err != nil {
			return nil, nil, err
		}
	}
	if len(c.Corpus.Paths) == 0 {
		return docs, nil, nil
	}
	read, faults, err := c.reader().Read(ctx, c.Corpus.Paths...)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range faults {
		problems = append(problems, f.Error())
	}
	builtIn := map[string]bool{}
	for _, d := range docs {
		builtIn[d.ID] = true
	}
	for _, d := range read {
		if builtIn[d.ID] {
			problems = append(problems, fmt.Sprintf("document %q has the id of a built-in brief and was left out; give it another id, or leave the briefs out with --no-briefs", d.ID))
			continue
		}
		docs = append(docs, d)
	}
	return docs, problems, nil
}

func (c Config) reader() files.Reader {
	return files.Reader{MaxBytes: int64(c.Corpus.MaxFileMB) << 20}
}

// findPaths reports every corpus path that does not exist: a record of which a whole
// path is missing is not the record that was meant.
func (c Config) findPaths() error {
	var problems []error
	for _, p := range c.Corpus.Paths {
		if _, err := os.Stat(p); err != nil {
			problems = append(problems, fmt.Errorf("corpus: %w; correct --corpus, or corpus.paths in the configuration", err))
		}
	}
	return errors.Join(problems...)
}

// fingerprint changes when the files, the briefs or the limit on files do; it does not
// read the files.
func (c Config) fingerprint() (string, error) {
	print, err := c.reader().Fingerprint(c.Corpus.Paths...)
	if err != nil {
		return "", err
	}
	print += fmt.Sprintf("+%dMB", c.Corpus.MaxFileMB)
	if c.Corpus.Briefs {
		print += "+" + briefs.Hash()
	}
	return print, nil
}

// indexDir is the folder of this record's index: every set of paths has its own.
func (c Config) indexDir() (string, error) {
	paths := make([]string, len(c.Corpus.Paths))
	for i, p := range c.Corpus.Paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return "", fmt.Errorf("corpus path %q: %w", p, err)
		}
		paths[i] = abs
	}
	slices.Sort(paths)
	spec := fmt.Sprintf("briefs=%t\n%s", c.Corpus.Briefs, strings.Join(slices.Compact(paths), "\n"))
	sum := sha256.Sum256([]byte(spec))
	return filepath.Join(c.DataDir, "index", hex.EncodeToString(sum[:6])), nil
}

// libraryIndexDir is the folder of the library's index.
func (c Config) libraryIndexDir() string { return filepath.Join(c.DataDir, "index", "library") }

// lexicon is the embedded lexicon with the operator's own beside it or in its place.
func (c Config) lexicon() (*lexicon.Lexicon, error) {
	if c.Lexicon.File == "" {
		return lexicon.Default()
	}
	text, err := os.ReadFile(c.Lexicon.File)
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	own, err := lexicon.Parse(c.Lexicon.File, text)
	if err != nil {
		return nil, err
	}
	if c.Lexicon.Mode == "replace" {
		return lexicon.New(own)
	}
	lex, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	return lex.Extend(own)
}

// actorCommands are the short forms of "/stance" that the configuration names. Of those
// that stand there by default a lexicon of one's own may lack some.
func (c Config) actorCommands(lex *lexicon.Lexicon) ([]bot.ActorCommand, error) {
	var commands []bot.ActorCommand
	var problems []error
	for _, name := range c.Bot.ActorCommands {
		actor, ok := lex.ResolveActor(name)
		if !ok && c.Lexicon.Mode == "replace" && slices.Contains(defaults().Bot.ActorCommands, name) {
			continue
		}
		if !ok {
			problems = append(problems, fmt.Errorf("bot.actor_commands: the lexicon has no actor called %q", name))
			continue
		}
		commands = append(commands, bot.ActorCommand{Name: name, Actor: actor.ID})
	}
	return commands, errors.Join(problems...)
}
