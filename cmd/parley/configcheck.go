package main

import (
	"errors"
	"fmt"
	"log/slog"

	"parley/bot"
	"parley/bot/store"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Say what is wrong with the configuration, all at once."`
}

type configCheckCmd struct{}

// Run reads the configuration and all that it names.
func (configCheckCmd) Run(a *app) error {
	c, wrong := a.config()
	lex, err := c.lexicon()
	if err == nil {
		_, err = c.actorCommands(lex)
	}
	if err := errors.Join(wrong, err, c.findPaths(), c.checkDatabase(), c.checkPlatforms()); err != nil {
		return err
	}
	if path := a.configPath(); path != "" {
		fmt.Fprintf(a.stdout, "%s is correct.\n", path)
		return nil
	}
	fmt.Fprintf(a.stdout, "There is no %s; the defaults of config.example.toml hold.\n", defaultConfig)
	return nil
}

// checkPlatforms says what is wrong with the settings of the platforms: it makes those that
// have a token, which does not connect them.
func (c Config) checkPlatforms() error {
	if err := c.checkSecrets(); err != nil {
		return err
	}
	r := &record{config: c, log: slog.New(slog.DiscardHandler)}
	_, err := r.posters(new(bot.Bot), new(store.Store))
	return err
}
