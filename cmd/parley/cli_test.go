package main

import (
	"os"
	"testing"

	"parley/cmd/parley/internal/config"
)

func TestFlagBeforeEnvironmentBeforeFileBeforeDefault(t *testing.T) {
	t.Chdir(t.TempDir())
	configOf := func(args ...string) config.Config {
		t.Helper()
		var grammar cli
		parser, err := newParser(&grammar)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(args); err != nil {
			t.Fatal(err)
		}
		c, _, err := (&process{globals: grammar.globals}).config()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	check := func(what, want, got string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: data_dir %q; want %q", what, got, want)
		}
	}
	check("default", "data", configOf("version").DataDir)
	write(t, "parley.toml", "data_dir = \"from-file\"\n[log]\nlevel = \"info\"\n")
	check("file", "from-file", configOf("version").DataDir)
	t.Setenv("PARLEY_DATA_DIR", "from-env")
	check("environment", "from-env", configOf("version").DataDir)
	check("flag", "from-flag", configOf("version", "--data-dir", "from-flag").DataDir)
	t.Setenv("PARLEY_DATA_DIR", "")
	write(t, "other.toml", "data_dir = \"from-other\"\n")
	t.Setenv("PARLEY_CONFIG", "other.toml")
	check("named file", "from-other", configOf("version").DataDir)
	if got := configOf("version", "--config", "parley.toml", "--log-level", "error").Log.Level.Name; got != "error" {
		t.Errorf("log level %v", got)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
