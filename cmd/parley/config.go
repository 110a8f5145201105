package main

import (
	"errors"
	"fmt"
	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Say what is wrong with the configuration, all at once."`
}

type configCheckCmd struct{}

// Run reads the configuration and all that it names.
func (configCheckCmd) Run(p *process) error {
	c, path, wrong := p.config()
	if err := errors.Join(wrong, app.New(app.Options{Config: c}).Check()); err != nil {
		return err
	}
	if path != "" {
		fmt.Fprintf(p.stdout, "%s is correct.\n", path)
		return nil
	}
	fmt.Fprintf(p.stdout, "There is no %s; the defaults of config.example.toml hold.\n", config.DefaultPath)
	return nil
}
