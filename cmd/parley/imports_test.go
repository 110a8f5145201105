package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "parley/"

// layers are the storeys of ARCHITECTURE.md, from the top down: a package imports only
// from rows below its own and from packages of its own row where that is said. A
// name stands for the package and those below its folder, unless they have a row
// of their own.
var layers = []struct {
	packages []string
	together bool // packages of the row may import each other
}{
	{packages: []string{"cmd"}, together: true},
	{packages: []string{"bot/discord", "bot/telegram", "bot/console"}},
	{packages: []string{"bot/digest"}},
	{packages: []string{"bot/delivery"}},
	{packages: []string{"bot/store", "bot/delivery/ledger"}},
	{packages: []string{"bot/bottest", "bot/bottest/discordtest", "bot/bottest/telegramtest"}},
	{packages: []string{"bot/bottest/discordtest/gateway", "bot/bottest/discordtest/openapi", "bot/bottest/telegramtest/botapi"}},
	{packages: []string{"bot/bottest/telegramtest/markup"}},
	{packages: []string{"bot/digest/commands"}},
	{packages: []string{"bot"}},
	{packages: []string{"bot/digest/schedule"}},
	{packages: []string{"bot/names", "bot/button", "bot/session"}},
	{packages: []string{"bot/argument", "bot/timeline", "bot/zones"}},
	{packages: []string{"bot/wording"}},
	{packages: []string{"bot/backoff", "bot/safetext"}},
	// An engine implements the interfaces of index, so it stands above it; index never imports one.
	{packages: []string{"index/bleveindex", "index/follow"}},
	{packages: []string{"index/annotate"}},
	{packages: []string{"index"}},
	{packages: []string{"index/when", "index/glossary", "index/neighbours", "index/bm25", "index/generation"}},
	{packages: []string{"index/analysis"}},
	{packages: []string{"corpus/ingest"}},
	{packages: []string{"corpus/ingest/paths", "corpus/ingest/feedstate"}},
	{packages: []string{"corpus/ingest/report"}},
	{packages: []string{"corpus/library"}},
	{packages: []string{"corpus/library/fingerprint"}},
	{packages: []string{"corpus/database/dbtest"}},
	{packages: []string{"corpus/database"}},
	{packages: []string{"corpus/files"}}, // a saved page is read as one that is fetched
	{packages: []string{"corpus/feed/opml"}},
	{packages: []string{"corpus/feed", "corpus/article"}},
	{packages: []string{"corpus/article/metadata"}},
	{packages: []string{"corpus/article/dom"}},
	{packages: []string{"corpus/fetch"}},
	{packages: []string{"corpus/feed/xmlrepair", "corpus/fetch/robots"}},
	{packages: []string{"corpus/htmltext", "corpus/charset", "corpus/dates", "corpus/schedule", "corpus/weburl"}},
	{packages: []string{"corpus/statement"}},
	{packages: []string{"corpus/statement/position"}},
	{packages: []string{"corpus/statement/topic"}},
	{packages: []string{"corpus/statement/claim"}},
	{packages: []string{"corpus/statement/sentence"}},
	{packages: []string{"corpus/statement/genre"}},
	{packages: []string{"corpus/statement/transcript"}},
	{packages: []string{"corpus/statement/stance"}},
	{packages: []string{"corpus/lexicon"}},
	{packages: []string{"corpus/passage"}},
	{packages: []string{"corpus/duplicate"}},
	{packages: []string{"corpus/words", "corpus/calendar"}},
	{packages: []string{"corpus/briefs"}},
	{packages: []string{"corpus"}},
	{packages: []string{"corpus/sharedtest"}}, // for tests alone
}

// forbidden are arrows that go down the table and are yet not allowed.
var forbidden = map[string][]string{
	"bot/discord":  {"bot/digest", "bot/delivery", "index", "corpus/library"},
	"bot/telegram": {"bot/digest", "bot/delivery", "index", "corpus/library"},
	"bot/console":  {"bot/digest", "bot/delivery", "index", "corpus/library"},
	"bot":          {"index/bleveindex"},
	"corpus/files": {"corpus/feed", "corpus/fetch"},
}

// foreign says who alone may import a module from outside.
var foreign = map[string]string{
	"github.com/blevesearch/bleve":              "index/bleveindex",
	"github.com/blevesearch/bleve_index_api":    "index/bleveindex",
	"github.com/blevesearch/scorch_segment_api": "index/bleveindex",
	"github.com/blevesearch/vellum":             "index/bleveindex",
	"github.com/bwmarrin/discordgo":             "bot/discord",
	"github.com/go-telegram-bot-api":            "bot/telegram",
	"modernc.org/sqlite":                        "corpus/database",
	"github.com/jackc/pgx":                      "corpus/database",
	"github.com/pressly/goose":                  "corpus/database",
	"github.com/riverqueue/river":               "bot/delivery",
	"github.com/alecthomas/kong":                "cmd",
	"github.com/schollz/progressbar":            "cmd",
	"golang.org/x/term":                         "cmd",
	"flag":                                      "cmd",
}

func TestArrowsGoDown(t *testing.T) {
	for _, f := range sources(t) {
		if strings.Contains(f.pkg+"/", "/gen/") {
			continue // a generator is run by hand and is a command of its own
		}
		for _, imported := range f.imports {
			if problem := judge(f.pkg, imported); problem != "" {
				t.Errorf("%s imports %s: %s", f.path, imported, problem)
			}
		}
	}
}

// judge says what is wrong with an import, empty if nothing is.
func judge(pkg, imported string) string {
	for prefix, owner := range foreign {
		if within(imported, prefix) && !within(pkg, owner) {
			return "only " + owner + " may"
		}
	}
	to, ours := strings.CutPrefix(imported, module)
	if !ours {
		if pkg == "corpus" && strings.Contains(imported, ".") {
			return "corpus stands on the standard library alone"
		}
		return ""
	}
	from, fromRow := rowOf(pkg)
	target, toRow := rowOf(to)
	switch {
	case from < 0 || toRow == "":
		return "it is not in the table of layers; add it to ARCHITECTURE.md and to this test"
	case slices.ContainsFunc(forbidden[fromRow], func(not string) bool { return within(to, not) }):
		return "ARCHITECTURE.md forbids it"
	case from > target:
		return "arrows go down the table only"
	case from == target && fromRow != toRow && !layers[from].together:
		return "packages of this row do not know each other"
	}
	return ""
}

// rowOf finds the row whose name is the longest that the package stands under.
func rowOf(pkg string) (row int, name string) {
	row = -1
	for i, layer := range layers {
		for _, p := range layer.packages {
			if within(pkg, p) && len(p) > len(name) {
				row, name = i, p
			}
		}
	}
	return row, name
}

func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

// source is a Go file of the project that is not a test.
type source struct {
	path    string
	pkg     string // its folder under the module
	imports []string
	syntax  *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	const root = "../.."
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != root && (name == "testdata" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := read(root, path)
		all = append(all, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(root, path string) (source, error) {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return source{}, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return source{}, err
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
	if err != nil {
		return source{}, err
	}
	f := source{path: rel, pkg: filepath.ToSlash(filepath.Dir(rel)), syntax: syntax}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		f.imports = append(f.imports, imported)
	}
	return f, nil
}

// TestOnlyCmdReadsTheEnvironment also keeps the global logger and sleeping out of the
// packages below cmd.
func TestOnlyCmdReadsTheEnvironment(t *testing.T) {
	banned := map[string][]string{
		"os":       {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Args", "Exit", "Stdout", "Stderr", "Stdin"},
		"log/slog": {"Default", "SetDefault", "Debug", "Info", "Warn", "Error"},
		"time":     {"Tick", "Sleep"},
	}
	for _, f := range sources(t) {
		if within(f.pkg, "cmd") || f.syntax.Name.Name == "main" { // generators are programs of their own
			continue
		}
		for pkg, names := range banned {
			for _, use := range uses(f.syntax, pkg, names) {
				t.Errorf("%s uses %s; only cmd may", f.path, use)
			}
		}
	}
}

// uses finds where a file refers to one of the names of an imported package.
func uses(f *ast.File, pkg string, names []string) (found []string) {
	local := filepath.Base(pkg)
	imported := false
	for _, spec := range f.Imports {
		if spec.Path.Value == strconv.Quote(pkg) {
			imported = true
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !imported {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && slices.Contains(names, sel.Sel.Name) {
			found = append(found, fmt.Sprintf("%s.%s", local, sel.Sel.Name))
		}
		return true
	})
	return found
}

func TestTheTestOfArrowsFindsThem(t *testing.T) {
	for _, tc := range []struct {
		pkg, imported string
		ok            bool
	}{
		{"cmd/parley", "parley/index/bleveindex", true},
		{"bot/console", "parley/bot", true},
		{"bot", "parley/index", true},
		{"index/bleveindex", "parley/index", true},
		{"index/bleveindex", "github.com/blevesearch/bleve/v2", true},
		{"index", "parley/index/bm25", true},
		{"corpus/files", "parley/corpus", true},
		{"bot/store", "parley/corpus/database", true},
		{"corpus/library", "parley/corpus/database", true},
		{"bot", "parley/bot/console", false},
		{"bot/console", "parley/bot/telegram", false},
		{"bot/console", "parley/index", false},
		{"bot", "parley/index/bleveindex", false},
		{"index", "parley/index/bleveindex", false},
		{"index", "github.com/blevesearch/bleve/v2", false},
		{"index/analysis", "github.com/blevesearch/snowballstem", true},
		{"corpus", "parley/corpus/words", false},
		{"corpus/files", "parley/corpus/article", true},
		{"corpus/article", "parley/corpus/files", false},
		{"corpus/files", "parley/corpus/feed", false},
		{"corpus", "golang.org/x/text", false},
		{"corpus/database", "parley/corpus/database/dbtest", false},
		{"bot/store", "github.com/jackc/pgx/v5", false},
		{"bot", "flag", false},
		{"bot", "parley/elsewhere", false},
	} {
		if problem := judge(tc.pkg, tc.imported); (problem == "") != tc.ok {
			t.Errorf("%s imports %s: %q", tc.pkg, tc.imported, problem)
		}
	}
}

func TestArchitectureNamesEveryPackage(t *testing.T) {
	text, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range sources(t) {
		if seen[f.pkg] {
			continue
		}
		seen[f.pkg] = true
		// "bot/names" may stand as `names` behind a package of the same folder.
		if !strings.Contains(string(text), "`"+f.pkg+"`") && !strings.Contains(string(text), "`"+path.Base(f.pkg)+"`") {
			t.Errorf("ARCHITECTURE.md does not name %s", f.pkg)
		}
	}
}
