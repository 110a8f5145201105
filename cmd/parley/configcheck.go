package main

import (
	"errors"
	"fmt"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Say what is wrong with the configuration, all at once."`
}

type configCheckCmd struct{}

// Run reads the configuration and all that it names.
func (configCheckCmd) Run(a *app) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	lex, err := c.lexicon()
	if err == nil {
		_, err = c.actorCommands(lex)
	}
	if err := errors.Join(err, c.findPaths(), c.checkDatabase(), c.checkSecrets()); err != nil {
		return err
	}
	if path := a.configPath(); path != "" {
		fmt.Fprintf(a.stdout, "%s is correct.\n", path)
		return nil
	}
	fmt.Fprintf(a.stdout, "There is no %s; the defaults of config.example.toml hold.\n", defaultConfig)
	return nil
}
