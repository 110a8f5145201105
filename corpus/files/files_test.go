package files

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/corpus"
	"parley/corpus/sharedtest"
)

// write makes a folder of files by name and content.
func write(t testing.TB, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range contents {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// read gives the documents and the problems, as text and without the folder.
func read(t testing.TB, r Reader, dir string, paths ...string) ([]corpus.Document, []string) {
	t.Helper()
	if len(paths) == 0 {
		paths = []string{""}
	}
	for i := range paths {
		paths[i] = filepath.Join(dir, paths[i])
	}
	docs, problems, err := r.Read(t.Context(), paths...)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, p := range problems {
		texts = append(texts, strings.ReplaceAll(p.Error(), dir+string(filepath.Separator), ""))
	}
	return docs, texts
}

func ids(docs []corpus.Document) string {
	var out []string
	for _, d := range docs {
		out = append(out, d.ID)
	}
	return strings.Join(out, " ")
}

func date(t testing.TB, s string) corpus.PartialDate {
	t.Helper()
	d, err := corpus.ParsePartialDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const fullMarkdown = `---
# a brief
id: brief-1
title: "Talks: the start"
publisher: Parley
author: A. Author
url: https://example.org/1
published: 2025-02
language: en
license: CC0
summary: >-
  What
  happened.
actors: [russia, ukraine]
topics:
  - ceasefire
kind: event
reported_by: [Reuters]
sources:
  - title: First
    publisher: One
    url: https://example.org/a
    published: 2025
  - {title: Second, published: 2025-02-14}
---
# Heading

The *text*, as it is.
`

func TestMarkdownWithAllKeys(t *testing.T) {
	docs, problems := read(t, Reader{}, write(t, map[string]string{"a.md": fullMarkdown}))
	if problems != nil {
		t.Fatal(problems)
	}
	want := []corpus.Document{{
		Source: corpus.Source{
			ID: "brief-1", Title: "Talks: the start", Publisher: "Parley", Author: "A. Author", URL: "https://example.org/1",
			Published: date(t, "2025-02"), License: "CC0", Language: "en", ReportedBy: []string{"Reuters"},
			BasedOn: []corpus.Reference{
				{Title: "First", Publisher: "One", URL: "https://example.org/a", Published: date(t, "2025")},
				{Title: "Second", Published: date(t, "2025-02-14")},
			},
		},
		Text: "# Heading\n\nThe *text*, as it is.", Summary: "What happened.",
		Actors: []string{"russia", "ukraine"}, Topics: []string{"ceasefire"}, Kind: "event",
	}}
	if diff := cmp.Diff(want, docs, cmp.Comparer(func(a, b corpus.PartialDate) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestWhatAFileBecomes(t *testing.T) {
	for name, tc := range map[string]struct{ file, content, id, title, text string }{
		"no front matter":        {"My Notes.md", "Intro\n\n## The *Talks* ##\nText.\n", "my-notes", "The *Talks*", "Intro\n\n## The *Talks* ##\nText."},
		"no heading":             {"notes.markdown", "```\n# code\n```\n", "notes", "notes", "```\n# code\n```"},
		"in a folder":            {"a b/Ünï_1.txt", "Hello \n\n", "a-b-ünï-1", "Ünï_1", "Hello"},
		"empty front matter":     {"x.md", "---\n---\n\nText", "x", "x", "\nText"},
		"byte order mark":        {"x.txt", "\ufeffText", "x", "x", "Text"},
		"CRLF":                   {"x.md", "---\r\ntitle: T\r\n---\r\nOne\r\nTwo\rThree\r\n", "x", "T", "One\nTwo\nThree"},
		"a long line":            {"x.txt", strings.Repeat("word ", 50000), "x", "x", strings.TrimSpace(strings.Repeat("word ", 50000))},
		"JSON, one object":       {"x.json", "{\n \"title\": \"T\", \"text\": \"One\\r\\nTwo\"\n}\n", "x", "T", "One\nTwo"},
		"JSON, an array":         {"x.json", `[{"id": "a", "text": "One"}]`, "a", "a", "One"},
		"JSON Lines":             {"x.ndjson", "\ufeff\n {\"id\": \"a\", \"title\": \" T \", \"text\": \"One \"}\r\n\n", "a", "T", "One"},
		"a number as a text":     {"x.md", "---\nid: 007\ntitle: 1984\n---\nText", "007", "1984", "Text"},
		"dashes are no end":      {"x.md", "---\nsummary: |\n  a --- b\n---\nText\n---\nmore", "x", "x", "Text\n---\nmore"},
		"HTML":                   {"x.html", "<title>A &amp; B</title><p>One<br>two  <b>three</b>\n four<p>Five", "x", "A & B", "One\ntwo three four\n\nFive"},
		"HTML, blocks":           {"x.htm", "<h1>H</h1><nav>no</nav><script>no</script><style>no</style><ul><li>a<li>b</ul><div hidden>no</div><template>no</template>c", "x", "H", "H\n\na\n\nb\n\nc"},
		"HTML, preformatted":     {"x.html", "<pre>a\n  b</pre>", "x", "x", "a\n  b"},
		"HTML, title in the SVG": {"x.html", "<svg><title>no</title></svg>Text", "x", "x", "Text"},
	} {
		docs, problems := read(t, Reader{}, write(t, map[string]string{tc.file: tc.content}))
		if len(docs) != 1 || problems != nil {
			t.Errorf("%s: %d documents, problems %q", name, len(docs), problems)
			continue
		}
		d := docs[0]
		if diff := cmp.Diff([]string{tc.id, tc.title, tc.text}, []string{d.ID, d.Title, d.Text}); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestHTMLMetaTags(t *testing.T) {
	docs, problems := read(t, Reader{}, write(t, map[string]string{"a.html": `<!doctype html><html lang="en-GB"><head>
<title>T</title><link rel="canonical" href="https://example.org/a"><meta name="Author" content="A. Author">
<meta property="og:site_name" content="The Site"><meta property="article:published_time" content="2025-02-14T09:30:00+0200">
<meta name="description" content="In short"></head><body><p>Text</body></html>`}))
	if problems != nil {
		t.Fatal(problems)
	}
	got := docs[0]
	want := corpus.Source{ID: "a", Title: "T", Publisher: "The Site", Author: "A. Author", URL: "https://example.org/a", Language: "en-GB", Published: date(t, "2025-02-14T09:30:00+02:00")}
	if got.Published.String() != want.Published.String() || got.Summary != "In short" {
		t.Errorf("published %v, summary %q", got.Published, got.Summary)
	}
	got.Published, want.Published = corpus.PartialDate{}, corpus.PartialDate{}
	if diff := cmp.Diff(want, got.Source, cmp.Comparer(func(a, b corpus.PartialDate) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestHTMLDates(t *testing.T) {
	for in, want := range map[string]string{
		"2025-02":                         "2025-02",
		"Fri, 14 Feb 2025 09:30:00 +0000": "2025-02-14T09:30:00Z",
		"2025-02-14 09:30:00":             "2025-02-14",
		"February 14, 2025":               "2025-02-14",
		"yesterday":                       "yesterday",
	} {
		if got := pageDate(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestProblemsNameThePlaceAndTheRemedy(t *testing.T) {
	long := "---\n" + strings.Repeat("# long\n", maxFrontMatter/7+1) + "---\nText"
	for name, tc := range map[string]struct {
		file, content string
		want          []string // prefix and remedy, parted by …
	}{
		"front matter not closed":      {"a.md", "---\ntitle: T\n\nText", []string{"a.md:1: the front matter is not closed;…a line ---"}},
		"front matter too long":        {"a.md", long, []string{"a.md:1: the front matter has more than 16384 bytes…a line ---"}},
		"front matter is no YAML":      {"a.md", "---\ntitle: T\nx: a: b\n---\nText", []string{"a.md:3: the front matter is not YAML (…quotes"}},
		"a key twice":                  {"a.md", "---\ntitle: T\ntitle: U\n---\nText", []string{"a.md:3: the front matter is not YAML (…already defined"}},
		"front matter is a list":       {"a.md", "---\n- title\n---\nText", []string{"a.md:2: there should be lines key: value here, not a list;…title"}},
		"unknown key":                  {"a.md", "---\ntitle: T\npublishd: 2025\n---\nText", []string{`a.md:3: the key "publishd" is not known;…published`}},
		"text in front matter":         {"a.md", "---\ntext: T\n---\nText", []string{`a.md:2: the key "text" belongs in JSON;…below`}},
		"unknown key in a source":      {"a.md", "---\nsources:\n  - title: T\n    author: A\n---\nText", []string{`a.md:4: the key "author" is not known in sources;…publisher`}},
		"all at once":                  {"a.md", "---\nx: 1\npublished: soon\ntitle: [a]\n---\n", []string{`a.md:2: the key "x"…`, "a.md:4: title should be text, not a list;…", "a.md: the document has no text;…", `a.md:3: published: date "soon"…`}},
		"list for text":                {"a.md", "---\ntitle: [a]\n---\nText", []string{"a.md:2: title should be text, not a list;…quotes"}},
		"text for list":                {"a.md", "---\nactors: a\n---\nText", []string{"a.md:2: actors should be a list, not a bare value;…[a, b]"}},
		"alias":                        {"a.md", "---\ntitle: &a T\nauthor: *a\n---\nText", []string{"a.md:2: title should be text, not an alias…", "a.md:3: author should be text…"}},
		"bad date":                     {"a.md", "---\nid: a\npublished: 14.02.2025\n---\nText", []string{`a.md:3: published: date "14.02.2025"…leave it out`}},
		"bad date of a source":         {"a.md", "---\nsources:\n  - published: soon\n---\nText", []string{`a.md:2: sources: date "soon"…leave it out`}},
		"bad kind":                     {"a.md", "---\nkind: rumour\n---\nText", []string{`a.md:2: the kind "rumour" is neither event nor position;…`}},
		"NUL":                          {"a.txt", "one\ntwo\x00", []string{"a.txt:2: there is a NUL byte…remove it"}},
		"NUL in JSON":                  {"a.jsonl", `{"id": "a", "text": "a\u0000b"}`, []string{"a.jsonl:1: there is a NUL byte…remove it"}},
		"NUL in a title":               {"a.jsonl", `{"id": "a", "title": "a\u0000b", "text": "b"}`, []string{"a.jsonl:1: there is a NUL byte…remove it"}},
		"bad UTF-8":                    {"a.md", "one\ntwo\nthr\xe9e", []string{"a.md:3: the byte 0xE9 is not UTF-8;…save the file as UTF-8"}},
		"UTF-16":                       {"a.txt", "\xff\xfea\x00", []string{"a.txt:1: the file is UTF-16;…UTF-8"}},
		"empty text":                   {"a.md", "---\ntitle: T\n---\n \n", []string{"a.md: the document has no text;…"}},
		"empty file":                   {"a.txt", "", []string{"a.txt: the document has no text;…"}},
		"empty page":                   {"a.html", "<title>T</title><script>x</script>", []string{"a.html: the document has no text;…"}},
		"no lines":                     {"a.jsonl", "\n\n", []string{"a.jsonl: the file has no documents;…"}},
		"no objects":                   {"a.json", "[]", []string{"a.json: the file has no documents;…"}},
		"id with #":                    {"a.md", "---\nid: a#1\n---\nText", []string{`a.md:2: the id "a#1" has the character '#';…`}},
		"id with a space":              {"a.jsonl", `{"id": "a b", "text": "T"}`, []string{`a.jsonl:1: the id "a b" has the character ' ';…`}},
		"id with a control character":  {"a.jsonl", `{"id": "a\u0007", "text": "T"}`, []string{`a.jsonl:1: the id "a\a" has the character '\a';…`}},
		"no id":                        {"a.jsonl", `{"text": "T"}`, []string{"a.jsonl:1: the document has no id;…add one"}},
		"no id in the name":            {"--.txt", "Text", []string{"--.txt: the document has no id;…add one"}},
		"a line that is no object":     {"a.jsonl", "[1]\n\"x\"", []string{"a.jsonl:1: there is no JSON object here;…", "a.jsonl:2: there is no JSON object here;…"}},
		"a line that is no JSON":       {"a.jsonl", `{"id": "a", "text": "T"`, []string{"a.jsonl:1: this is not JSON (…brackets"}},
		"two values in a line":         {"a.jsonl", `{"id": "a", "text": "T"} {}`, []string{"a.jsonl:1: something follows the JSON value;…"}},
		"JSON unknown key":             {"a.jsonl", `{"id": "a", "publishd": "2025"}`, []string{`a.jsonl:1: the key "publishd" is not known;…published`}},
		"JSON wrong type":              {"a.jsonl", `{"id": "a", "published": 2025}`, []string{"a.jsonl:1: published should be text, not number;…quotes"}},
		"JSON wrong type of list":      {"a.jsonl", `{"id": "a", "actors": "b"}`, []string{"a.jsonl:1: actors should be a list, not string;…brackets"}},
		"JSON value, line of mistake":  {"a.json", "{\n\"id\": \"a\",\n\"title\": 1\n}", []string{"a.json:3: title should be text…"}},
		"JSON array, each its line":    {"a.json", "[\n{\"id\": \"a\"},\n{\"id\": \"b\",\n\"x\": 1},\n7\n]", []string{"a.json:2: the document has no text;…", `a.json:4: the key "x"…`, "a.json:5: there is no JSON object…"}},
		"JSON array not closed":        {"a.json", "[\n{\"id\": \"a\"}\n", []string{"a.json:2: the document has no text;…", "a.json:…this is not JSON"}},
		"JSON and something behind it": {"a.json", "[]\n7", []string{"a.json:…something follows the JSON value"}},
		"HTML bad date":                {"a.html", `<meta name=date content="soon"><p>Text`, []string{`a.html: published: date "soon"…`}},
	} {
		docs, problems := read(t, Reader{}, write(t, map[string]string{tc.file: tc.content}))
		if len(docs) > 0 || len(problems) != len(tc.want) {
			t.Errorf("%s: %d documents, problems %q", name, len(docs), problems)
			continue
		}
		for i, want := range tc.want {
			prefix, remedy, _ := strings.Cut(want, "…")
			if !strings.HasPrefix(problems[i], prefix) || !strings.Contains(problems[i], remedy) {
				t.Errorf("%s: %q, want %q", name, problems[i], want)
			}
		}
	}
}

func TestOneBadLineDoesNotHideTheOthers(t *testing.T) {
	docs, problems := read(t, Reader{}, write(t, map[string]string{
		"a.jsonl": "{\"id\": \"1\", \"text\": \"T\"}\nnonsense\n{\"id\": \"2\", \"text\": \"\xff\"}\n{\"id\": \"3\", \"text\": \"T\"}\n{\"id\": \"4\", \"text\": \"\x00\"}",
		"b.md":    "---\nx: 1\n---\nText",
		"c.txt":   "Text",
	}))
	if got := ids(docs); got != "1 3 c" || len(problems) != 4 {
		t.Errorf("documents %s, problems %q", got, problems)
	}
}

func TestAFileOfMistakesIsToldInPart(t *testing.T) {
	_, problems := read(t, Reader{}, write(t, map[string]string{"a.json": "[" + strings.Repeat("7,\n", 200_000) + "7]", "b.jsonl": strings.Repeat("x\n", 2000)}))
	if len(problems) != 2*(maxProblems+1) {
		t.Fatalf("%d problems", len(problems))
	}
	for i, want := range map[int]string{999: "a.json:1000: ", 1000: "a.json: 199001 more problems", 2001: "b.jsonl: 1000 more problems"} {
		if !strings.HasPrefix(problems[i], want) {
			t.Errorf("%q, want %q", problems[i], want)
		}
	}
}

func TestOfTwoDocumentsWithOneIDTheFirstStays(t *testing.T) {
	docs, problems := read(t, Reader{}, write(t, map[string]string{
		"a.jsonl": "\n{\"id\": \"x\", \"text\": \"first\"}\n{\"id\": \"x\", \"text\": \"second\"}",
		"x.txt":   "third",
	}))
	if len(docs) != 1 || docs[0].Text != "first" || len(problems) != 2 {
		t.Fatalf("%v, %q", docs, problems)
	}
	for i, prefix := range []string{"a.jsonl:3: ", "x.txt: "} {
		if !strings.HasPrefix(problems[i], prefix) || !strings.Contains(problems[i], "a.jsonl:2") {
			t.Errorf("%q names not both places", problems[i])
		}
	}
}

func TestWhatIsReadInAFolder(t *testing.T) {
	dir := write(t, map[string]string{
		"b.txt": "Text", "a/z.md": "Text", "a/y/x.htm": "Text", ".hidden.md": "Text", ".git/c.md": "Text", "d.pdf": "%PDF", "Makefile": "all:",
		"README.md": "About this folder", "a/readme.md": "---\nid: front\n---\nA document after all",
	})
	docs, problems := read(t, Reader{}, dir)
	if got := ids(docs); got != "front a-y-x a-z b" || problems != nil {
		t.Errorf("documents %s, problems %q", got, problems)
	}
	docs, problems = read(t, Reader{}, dir, "README.md", ".hidden.md", "b.txt", ".", "./b.txt")
	if got := ids(docs); got != "readme hidden b front a-y-x a-z" || problems != nil {
		t.Errorf("named: documents %s, problems %q", got, problems)
	}
}

func TestPathsThatCannotBeRead(t *testing.T) {
	dir := write(t, map[string]string{"d.pdf": "%PDF", "closed/a.md": "Text", "closed.txt": "Text", "ok.txt": "Text"})
	for link, target := range map[string]string{"gone.md": "nowhere", "loop": ".", "linked.txt": "ok.txt"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	docs, problems := read(t, Reader{}, dir, "none.md", "d.pdf", "")
	want := []string{"none.md: there is no such file", `d.pdf: the extension ".pdf"`, "gone.md: the link leads nowhere", "loop: a link to a folder is not followed"}
	if len(problems) != len(want) {
		t.Fatalf("problems %q", problems)
	}
	for i := range want {
		if !strings.HasPrefix(problems[i], want[i]) {
			t.Errorf("%q, want %q", problems[i], want[i])
		}
	}
	if got := ids(docs); got != "closed-a closed linked ok" {
		t.Errorf("documents %s", got)
	}
	if _, problems, err := (Reader{}).Read(t.Context(), ""); err != nil || len(problems) != 1 {
		t.Errorf("an empty path: %v, %v", problems, err)
	}
}

func TestMissingPermissionsAreProblems(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := write(t, map[string]string{"closed/a.md": "Text", "closed.txt": "Text"})
	for _, name := range []string{"closed", "closed.txt"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "closed"), 0o755) })
	_, problems := read(t, Reader{}, dir)
	if len(problems) != 2 || !strings.HasPrefix(problems[0], "closed: the folder cannot be read") || !strings.HasPrefix(problems[1], "closed.txt: the file cannot be opened") {
		t.Errorf("problems %q", problems)
	}
	if _, err := (Reader{}).Fingerprint(dir); err == nil {
		t.Error("a fingerprint of what cannot be looked at")
	}
}

func TestAFileOverTheLimitIsNotRead(t *testing.T) {
	dir := write(t, map[string]string{"a.txt": "12345678", "b.txt": "123456789"})
	docs, problems := read(t, Reader{MaxBytes: 8}, dir)
	want := []string{"b.txt: the file has 9 bytes and the limit is 8; split it or raise the limit"}
	if diff := cmp.Diff(want, problems); diff != "" || ids(docs) != "a" {
		t.Errorf("documents %s, problems %s", ids(docs), diff)
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := (Reader{}).Read(ctx, write(t, map[string]string{"a.txt": "Text"})); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestFingerprintChangesWithTheFiles(t *testing.T) {
	dir := write(t, map[string]string{"a.txt": "Text", "b/c.md": "Text", "d.pdf": ""})
	seen := map[string]string{}
	fresh := func(what string, r Reader, paths ...string) {
		t.Helper()
		got, err := r.Fingerprint(paths...)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := r.Fingerprint(paths...); again != got {
			t.Errorf("%s: not the same twice", what)
		}
		if before, ok := seen[got]; ok {
			t.Errorf("%s: the same as %s", what, before)
		}
		seen[got] = what
	}
	change := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a := filepath.Join(dir, "a.txt")
	fresh("at first", Reader{}, dir)
	fresh("another limit", Reader{MaxBytes: 1}, dir)
	fresh("a missing path", Reader{}, dir, filepath.Join(dir, "none"))
	change(os.WriteFile(a, []byte("Texts"), 0o644))
	fresh("another size", Reader{}, dir)
	change(os.Chtimes(a, time.Time{}, time.Unix(1, 5)))
	fresh("another time", Reader{}, dir)
	change(os.Rename(a, filepath.Join(dir, "e.txt")))
	fresh("another name", Reader{}, dir)
}

func TestFingerprintLooksOnlyAtWhatIsRead(t *testing.T) {
	dir := write(t, map[string]string{"a.txt": "Text", "d.pdf": ""})
	before, err := Reader{}.Fingerprint(dir, filepath.Join(dir, "a.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"d.pdf", ".x.md"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("more"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if after, err := (Reader{}).Fingerprint(filepath.Join(dir, "a.txt"), dir); err != nil || after != before {
		t.Errorf("%s, then %s, %v", before, after, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		fullMarkdown, "---\na: [\n---\n", "---\n<<: {a: &x b}\n---\n", `{"id": "a", "text": "T", "sources": [{"title": "x"}]}`,
		"[\n{}, 1", "<p>a<table><td><pre>b", "\xff\xfe", "\ufeff# T\r\n", "---\n? a\n: - b\n...\n", "{\"text\": \"\\ud800\\u0000\"}\n\n[]",
		"--- \r\r\r0\n...", strings.Replace(newsPage, "%BODY%", newsBody, 1), handWritten,
		"<meta charset=koi8-r><article>\xf4\xe5\xeb\xf3\xf4", "<!-- saved from url=(0001)http://a/%zz --><article><p>One.\r\rTwo.</article>",
	} {
		for x := markdown; x <= jsonValue; x++ {
			f.Add(seed, uint8(x))
		}
	}
	f.Fuzz(func(t *testing.T, content string, x uint8) {
		in := file{path: "dir/a.md", rel: "a.md", format: markdown + format(x)%jsonValue}
		lines := 1 + strings.Count(lineFeeds(content), "\n") // a lone CR ends a line, too
		for r := range parse(in, []byte(content)) {
			if r.line < 0 || r.line > lines+1 {
				t.Fatalf("line %d of %d: %v", r.line, lines, r.err)
			}
			if r.err == nil {
				checkDocument(t, r.doc)
			}
		}
	})
}

// checkDocument checks what holds for every document that is passed on.
func checkDocument(t *testing.T, d corpus.Document) {
	t.Helper()
	if d.Text == "" || d.Title == "" || checkID(d.ID) != nil {
		t.Fatalf("text %q, title %q, id %q", d.Text, d.Title, d.ID)
	}
	for _, s := range []string{d.ID, d.Title, d.Text, d.Author, d.URL, d.Summary} {
		if _, err := checkText([]byte(s)); err != nil || strings.Contains(s, "\r") && s == d.Text {
			t.Fatalf("%q: %v", s, err)
		}
	}
}

func TestTheRealRecord(t *testing.T) {
	docs, problems, err := Reader{}.Read(t.Context(), sharedtest.Path(t, "corpora"), sharedtest.Path(t, "seed"),
		sharedtest.Path(t, "eval", "squad", "corpus.jsonl"))
	if err != nil || problems != nil {
		t.Fatal(problems, err)
	}
	t.Logf("%d documents", len(docs))
	for _, d := range docs {
		checkDocument(t, d)
	}
	if len(docs) < 3000 {
		t.Error("documents are missing")
	}
}

func BenchmarkReadJSONLines(b *testing.B) {
	var lines strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&lines, `{"id": "d%d", "title": "Title", "text": %q, "published": "2025-02-14"}`+"\n", i, strings.Repeat("A sentence of the text. ", 80))
	}
	dir := write(b, map[string]string{"a.jsonl": lines.String()})
	b.SetBytes(int64(lines.Len()))
	for b.Loop() {
		if docs, problems, err := (Reader{}).Read(b.Context(), dir); len(docs) != 3000 || problems != nil || err != nil {
			b.Fatal(len(docs), problems, err)
		}
	}
}

func BenchmarkReadTheRealRecord(b *testing.B) {
	dir := sharedtest.Path(b, "corpora")
	for b.Loop() {
		if _, _, err := (Reader{}).Read(b.Context(), dir); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDocumentsAreLocated(t *testing.T) {
	dir := write(t, map[string]string{"sub/a.txt": "Text.", "b.jsonl": "\n" + `{"id":"one","text":"Text."}` + "\n" + `{"id":"two","text":"Text."}`})
	located, problems, err := Reader{}.Locate(t.Context(), dir)
	var have []string
	for _, l := range located {
		rel, _ := filepath.Rel(dir, l.Path)
		have = append(have, fmt.Sprintf("%s at %s:%d %v", l.ID, rel, l.Line, l.Made))
	}
	if want := "one at b.jsonl:2 false, two at b.jsonl:3 false, sub-a at sub/a.txt:0 true"; strings.Join(have, ", ") != want || err != nil || problems != nil {
		t.Errorf("%v, %v, %v; want %s", have, problems, err, want)
	}
}

func TestJSONLinesMayBePacked(t *testing.T) {
	text := strings.Repeat("The talks went on. ", 50) + "The end."
	line := fmt.Sprintf("{%q: %q, %q: %q}\n", "id", "a", "text", text)
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if _, err := z.Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	packed := buf.String()
	dir := write(t, map[string]string{
		"good.jsonl.gz": packed, "cut.jsonl.gz": packed[:len(packed)-9], "plain.jsonl.gz": line, "notes.txt.gz": packed,
	})
	docs, problems := read(t, Reader{}, dir)
	if ids(docs) != "a" || docs[0].Text != text {
		t.Errorf("documents %s", ids(docs))
	}
	if len(problems) != 2 || !strings.HasPrefix(problems[0], "cut.jsonl.gz: the file cannot be unpacked") || !strings.HasPrefix(problems[1], "plain.jsonl.gz: the file cannot be unpacked") {
		t.Errorf("problems %q", problems)
	}
	_, problems = read(t, Reader{MaxBytes: int64(len(line)) - 1}, filepath.Join(dir, "good.jsonl.gz"))
	if len(problems) != 1 || !strings.Contains(problems[0], "unpacked, the file has more than") {
		t.Errorf("over the limit: %q", problems)
	}
}
