package config

import (
	"encoding"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
)

const example = "../../../../config.example.toml"

func TestTheExampleHoldsTheDefaults(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	c, err := decode(example, text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), c); diff != "" {
		t.Errorf("the example is not the default (-default +example):\n%s", diff)
	}
}

func TestTheExampleHoldsEveryKeyWithAComment(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	var have map[string]any
	if err := toml.Unmarshal(text, &have); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(keysOf(reflect.TypeFor[Config]()), keysIn(have, "")); diff != "" {
		t.Errorf("keys (-config +example):\n%s", diff)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if strings.Contains(line, " = ") && !strings.HasPrefix(line, "#") && !strings.HasPrefix(lines[i-1], "#") {
			t.Errorf("line %d has no comment above: %s", i+1, line)
		}
	}
}

// keysOf are the full keys of a struct, sorted.
func keysOf(typ reflect.Type) []string {
	var keys []string
	for f := range typ.Fields() {
		name := f.Tag.Get("toml")
		if f.Type.Kind() != reflect.Struct || reflect.PointerTo(f.Type).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
			keys = append(keys, name)
			continue
		}
		for _, k := range keysOf(f.Type) {
			keys = append(keys, name+"."+k)
		}
	}
	slices.Sort(keys)
	return keys
}

func keysIn(table map[string]any, prefix string) []string {
	var keys []string
	for k, v := range table {
		if sub, ok := v.(map[string]any); ok {
			keys = append(keys, keysIn(sub, prefix+k+".")...)
		} else {
			keys = append(keys, prefix+k)
		}
	}
	slices.Sort(keys)
	return keys
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	const text = `data_dir = ""
colour = true

[log]
level = "loud"
format = "xml"

[corpus]
paths = "one"
max_file_mb = 0
brief = false

[answer]
max_passages = "three"

[sync]
allow_private = ["192.168.7"]
`
	_, err := decode("p.toml", []byte(text))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`p.toml:2: unknown key colour`,
		`p.toml:5: log.level: it is "loud"; it must be "auto", "debug", "info", "warn" or "error"`,
		`p.toml: log.format is "xml"; it must be "text" or "json"`,
		`p.toml:9: corpus.paths: a value of another type is needed than string`,
		`p.toml:11: unknown key corpus.brief`,
		`p.toml:14: answer.max_passages: a value of another type is needed than string`,
		`p.toml:17: sync.allow_private: "192.168.7" is no network; networks are written 192.168.7.0/24 `,
		`p.toml: data_dir is empty; name a folder`,
		`p.toml: corpus.max_file_mb is 0; it must be from 1 to 4096`,
	} {
		if !strings.Contains(err.Error()+"\n", want) {
			t.Errorf("lacks %s", want)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 9 {
		t.Errorf("%d problems:\n%v", n, err)
	}
}

func TestBrokenSyntaxIsAnErrorWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"data_dir = \"a\"\n[log\n":             "p.toml:2: ",
		"data_dir = \"a\"\ndata_dir = \"b\"\n": "p.toml:2: ",
		"[corpus]\npaths = [\n1,\n\"a\"]\n":    "p.toml:3: corpus.paths: ",
		"[lexicon]\nmode = \"replace\"\n":      "p.toml: lexicon.mode is \"replace\" without",
		"\xff = 1":                             "p.toml:1: ",
	} {
		if _, err := decode("p.toml", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v; want %s…", text, err, want)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
