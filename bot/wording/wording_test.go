package wording

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"parley/corpus"
)

// locale are the messages of a file by key and plural form ("count_documents/one"), and
// under the key alone where there is one form only.
func locale(t *testing.T, tag string) map[string]string {
	t.Helper()
	source, err := fs.ReadFile(Files, "locales/"+tag+".toml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(source, &tree); err != nil {
		t.Fatal(err)
	}
	messages := map[string]string{}
	for key, value := range tree {
		table, _ := value.(map[string]any)
		for k, v := range table {
			if _, plural := table["other"]; plural {
				messages[key+"/"+k] = v.(string)
			} else {
				messages[key+"."+k] = v.(string)
			}
		}
		if table == nil {
			messages[key] = value.(string)
		}
	}
	return messages
}

// keys are those of the messages that have no prefix among those left out, without
// plural forms.
func keys(messages map[string]string, without ...string) []string {
	set := map[string]bool{}
	for k := range messages {
		prefix, _, _ := strings.Cut(k, ".")
		key, _, _ := strings.Cut(k, "/")
		if !slices.Contains(without, prefix) {
			set[key] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// places are the names that stand in a message.
func places(message string) []string {
	found := regexp.MustCompile(`\.[A-Z]\w*`).FindAllString(message, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryLanguageSaysTheSameThings(t *testing.T) {
	if got := Languages(); !slices.Equal(got, []string{"en", "uk"}) {
		t.Fatalf("languages %v", got)
	}
	en := locale(t, "en")
	for _, tag := range Languages()[1:] {
		other := locale(t, tag)
		if diff := cmp.Diff(keys(en), keys(other, "actor", "topic")); diff != "" {
			t.Errorf("%s: %s", tag, diff)
		}
		for key, message := range other {
			if strings.TrimSpace(message) == "" {
				t.Errorf("%s: %s is empty", tag, key)
			}
			base, _, plural := strings.Cut(key, "/")
			if plural {
				key = base + "/other"
			}
			if diff := cmp.Diff(places(en[key]), places(message)); diff != "" {
				t.Errorf("%s: %s has other places: %s", tag, key, diff)
			}
		}
	}
}

func TestUkrainianHasItsPluralForms(t *testing.T) {
	uk := locale(t, "uk")
	for key := range locale(t, "en") {
		base, form, _ := strings.Cut(key, "/")
		for _, want := range []string{"one", "few", "many", "other"} {
			if _, ok := uk[base+"/"+want]; form == "other" && !ok {
				t.Errorf("%s has no form %q", base, want)
			}
		}
	}
	for n, want := range map[int]string{
		0: "0 документів", 1: "1 документ", 2: "2 документи", 4: "4 документи", 5: "5 документів", 11: "11 документів",
		14: "14 документів", 21: "21 документ", 22: "22 документи", 25: "25 документів", 111: "111 документів",
		3273: "3\u00a0273 документи",
	} {
		if got := In("uk").Count("count_documents", n); got != want {
			t.Errorf("%d: %q; want %q", n, got, want)
		}
	}
}

func TestDatesInUkrainianAreAsExactAsTheyAreKnown(t *testing.T) {
	for in, want := range map[string]string{
		"2025": "2025 рік", "2025-02": "лютий 2025 року", "2025-02-14": "14 лютого 2025 року", "": "без дати",
		"2026-05-08T23:30:00+03:00": "8 травня 2026 року", "2024-12-01": "1 грудня 2024 року",
	} {
		date, err := corpus.ParsePartialDate(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := In("uk").Date(date); got != want {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
		if got := In("en").Date(date); got != date.Long() {
			t.Errorf("%q in English: %q; want %q", in, got, date.Long())
		}
	}
}

// TestEveryPhraseOfTheCodeStandsInTheFiles, and nothing else does. It looks at every
// constant of type Key or Prefix in the packages that speak.
func TestEveryPhraseOfTheCodeStandsInTheFiles(t *testing.T) {
	c := checker{fset: token.NewFileSet(), packages: map[string]*types.Package{}, said: map[string]bool{}, prefixes: map[string]bool{}}
	for _, root := range []string{"../../bot", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() != "testdata" {
				_, err = c.Import("parley/" + strings.TrimPrefix(filepath.ToSlash(path), "../../"))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	prefixes := slices.Collect(maps.Keys(c.prefixes))
	if len(prefixes) < 10 {
		t.Errorf("prefixes %q", prefixes)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(c.said)), keys(locale(t, "en"), prefixes...)); diff != "" {
		t.Error(diff)
	}
}

// checker finds the keys and prefixes of packages. Those outside bot and cmd it takes for
// empty and what does not check because of that for right: none of them says anything.
type checker struct {
	fset           *token.FileSet
	packages       map[string]*types.Package
	said, prefixes map[string]bool
}

func (c checker) Import(path string) (*types.Package, error) {
	if p, ok := c.packages[path]; ok {
		return p, nil
	}
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	c.packages[path] = p
	if !strings.HasPrefix(path, "parley/bot") && !strings.HasPrefix(path, "parley/cmd") {
		return p, nil
	}
	folder := filepath.Join("../..", strings.TrimPrefix(path, "parley/"))
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(c.fset, filepath.Join(folder, e.Name()), nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: c, Error: func(error) {}}
	p, _ = config.Check(path, c.fset, files, &info)
	c.packages[path] = p
	for _, of := range info.Types {
		if of.Value == nil || of.Value.Kind() != constant.String || constant.StringVal(of.Value) == "" {
			continue
		}
		switch of.Type.String() {
		case "parley/bot/wording.Key":
			c.said[constant.StringVal(of.Value)] = true
		case "parley/bot/wording.Prefix":
			c.prefixes[constant.StringVal(of.Value)] = true
		}
	}
	return p, nil
}

func TestTheLanguageIsTheChatsElseTheUsersElseEnglish(t *testing.T) {
	for _, test := range []struct{ chat, user, want string }{
		{"", "", "en"}, {"", "uk", "uk"}, {"", "uk-UA", "uk"}, {"", "en-GB", "en"}, {"", "de", "en"}, {"", "ru", "en"},
		{"", "nonsense!", "en"}, {"uk", "en-US", "uk"}, {"en", "uk", "en"}, {"de", "uk", "uk"},
	} {
		if got := In(test.chat, test.user).Tag(); got != test.want {
			t.Errorf("chat %q, user %q: %s; want %s", test.chat, test.user, got, test.want)
		}
	}
}

func TestAMissingPhraseIsNotFatal(t *testing.T) {
	if got := In("uk").Say("platform.unheard_of"); got != "platform.unheard_of" {
		t.Errorf("got %q", got)
	}
	if got := In("uk-UA").Say("platform.expired"); got != "Ця кнопка застаріла. Будь ласка, запитайте ще раз." {
		t.Errorf("got %q", got)
	}
}

func TestABrokenFileOfWordsIsNamed(t *testing.T) {
	err := Load(fstest.MapFS{"locales/en.toml": {Data: []byte("a = [")}})
	if err == nil || !strings.Contains(err.Error(), "en.toml") {
		t.Errorf("got %v", err)
	}
}
