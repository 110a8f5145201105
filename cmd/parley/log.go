package main

import (
	"fmt"
	"log/slog"
	"strings"
)

// LogConfig says what is logged to stderr, and how.
type LogConfig struct {
	Level  LogLevel `toml:"level"`
	Format string   `toml:"format"` // "text" or "json"
}

// LogLevel is the least that is logged. It is a struct since go-toml has no type made of
// string read its own text.
type LogLevel struct{ Name string }

// autoLevel leaves it to the subcommand: one that goes on for long says what it does.
var autoLevel = LogLevel{"auto"}

var logLevels = map[LogLevel]slog.Level{
	{"debug"}: slog.LevelDebug, {"info"}: slog.LevelInfo, {"warn"}: slog.LevelWarn, {"error"}: slog.LevelError,
}

// UnmarshalText reads a level in upper or lower case.
func (l *LogLevel) UnmarshalText(text []byte) error {
	l.Name = strings.ToLower(string(text))
	if _, known := logLevels[*l]; !known && *l != autoLevel {
		return fmt.Errorf(`it is %q; it must be "auto", "debug", "info", "warn" or "error"`, text)
	}
	return nil
}

// logger logs to stderr what the configuration asks for.
func (a *app) logger(c LogConfig) *slog.Logger {
	level, known := logLevels[c.Level]
	if !known {
		level = a.usual
	}
	opts := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.stderr, opts))
	}
	return slog.New(slog.NewTextHandler(a.stderr, opts))
}
