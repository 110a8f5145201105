package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"parley/index"
)

// text is the one document of the test record that is sure to be there.
const text = `Delegations of Ruritania and Graustark met in Strelsau on Tuesday. The mediator, Rudolf Rassendyll, said that the river Zenda would be the border. He added that 12,000 prisoners would be exchanged before the winter.

Graustark rejected the plan on Wednesday, and its chancellor left the city.`

// talks is a small corpus in a folder of its own; the working directory is beside it.
func talks(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.Mkdir("talks", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, "talks/zenda.md", "---\nid: zenda\ntitle: The talks of Strelsau\npublisher: Strelsau Gazette\nurl: https://gazette.example/zenda\npublished: 2025-02-14\n---\n"+text+"\n")
	write(t, "talks/more.jsonl", `{"id":"fish","title":"Fish","publisher":"Harbour News","published":"2025-03","text":"The harbour of Hentzau sold more herring than in any spring before. Fishermen blamed the weather."}
{"id":"trains","title":"Trains","publisher":"Rail Times","published":"2024","text":"A railway from Strelsau to the coast was opened by the queen. It carries coal and timber."}
`)
}

// result is what a run of the program came to.
type result struct {
	code           int
	stdout, stderr string
}

// parley runs the program as main does.
func parley(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	return parleyContext(t, t.Context(), stdin, args...)
}

func parleyContext(t *testing.T, ctx context.Context, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(ctx, args, strings.NewReader(stdin), &stdout, &stderr)
	for line := range strings.Lines(stderr.String()) {
		if !strings.HasPrefix(line, "parley: ") {
			t.Errorf("parley %v: stderr has the line %q", args, line)
		}
	}
	return result{code, stdout.String(), progressLine.ReplaceAllString(stderr.String(), "")}
}

// progressLine is told of work that takes long, as it may on a busy machine.
var progressLine = regexp.MustCompile(`(?m)^parley: [A-Z][a-z ]+: \d+ of \d+\n`)

// want checks the exit code, and that the outputs hold parts.
func (r result) want(t *testing.T, code int, stdout []string, stderr ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d; want %d", r.code, code)
	}
	for _, part := range stdout {
		if !strings.Contains(r.stdout, part) {
			t.Errorf("stdout lacks %q", part)
		}
	}
	for _, part := range stderr {
		if !strings.Contains(r.stderr, part) {
			t.Errorf("stderr lacks %q", part)
		}
	}
	if len(stderr) == 0 && r.stderr != "" {
		t.Error("stderr is not empty")
	}
	if t.Failed() {
		t.Logf("stdout:\n%s\nstderr:\n%s", r.stdout, r.stderr)
	}
}

var recordArgs = []string{"--corpus", "talks", "--no-briefs"}

const question = "How many prisoners would be exchanged, according to Rassendyll?"

// with appends the flags of the test's record.
func with(args ...string) []string { return append(args, recordArgs...) }

func TestAskQuotesAndCites(t *testing.T) {
	talks(t)
	for range 2 { // once building the index, once not
		parley(t, "", with("ask", question)...).want(t, exitOK, []string{
			"12,000 prisoners would be exchanged before the winter.",
			"Strelsau Gazette, “The talks of Strelsau”, 14 February 2025 <https://gazette.example/zenda>",
			"the record goes through March 2025.",
		})
	}
}

func TestAskReadsAPipe(t *testing.T) {
	talks(t)
	parley(t, question+"\n", with("ask")...).want(t, exitOK, []string{"12,000 prisoners"})
	parley(t, question, with("ask", "-")...).want(t, exitOK, []string{"12,000 prisoners"})
}

func TestAskPrintsJSON(t *testing.T) {
	talks(t)
	r := parley(t, "", with("ask", "--json", question)...)
	r.want(t, exitOK, nil)
	var a index.Answer
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	if !a.Answered || len(a.Passages) == 0 {
		t.Fatalf("not answered: %s", r.stdout)
	}
	h := a.Passages[0]
	if h.Source.ID != "zenda" || h.Text != text[h.Start:h.End] {
		t.Errorf("passage %q of %s is not its span", h.Text, h.Source.ID)
	}
	if key := h.Key.In(h.Text); !strings.Contains(key, "12,000 prisoners") || !h.Excerpt.Contains(h.Key) {
		t.Errorf("key sentence %q, excerpt %q", key, h.Excerpt.In(h.Text))
	}
	for _, null := range []string{`"passages":null`, `"speakers":null`, `"topics":null`, `"based_on":null`} {
		if strings.Contains(r.stdout, null) {
			t.Errorf("the JSON has %s", null)
		}
	}
}

func TestAskSaysHonestlyThatThereIsNothing(t *testing.T) {
	talks(t)
	const off = "Who won the chess championship of 1972?"
	r := parley(t, "", with("ask", off)...)
	r.want(t, exitOK, []string{"The record has 3 documents and goes through March 2025."})
	if strings.Contains(r.stdout, "“The") {
		t.Errorf("something was quoted:\n%s", r.stdout)
	}
	parley(t, "", with("ask", "--json", off)...).want(t, exitOK, []string{`"answered":false`, `"passages":[]`})
}

func TestChat(t *testing.T) {
	talks(t)
	r := parley(t, question+"\n/source 1\n/help\nand the river Zenda?\n/nonsense\n/quit\nnever read\n", with("chat")...)
	r.want(t, exitOK, []string{
		"12,000 prisoners", "Publisher  Strelsau Gazette", "/source passage: ", "There is no command /nonsense.",
	})
	if strings.Contains(r.stdout, "> ") || strings.Contains(r.stdout, "\x1b") {
		t.Errorf("a pipe got a prompt or colours:\n%q", r.stdout)
	}
	parley(t, "", with("chat")...).want(t, exitOK, nil)
}

func TestWrongUsage(t *testing.T) {
	talks(t)
	for _, args := range [][]string{
		{}, {"nonsense"}, {"ask", "--nonsense", "x"}, {"eval"}, {"index"}, with("ask", " "), with("ask", strings.Repeat("x", 501)),
		{"ask", "--log-level", "loud", "x"},
	} {
		r := parley(t, "", args...)
		r.want(t, exitUsage, nil, "parley: ")
		if strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%v: more than a line: %s", args, r.stderr)
		}
	}
	parley(t, strings.Repeat("x", maxStdin), "ask").want(t, exitUsage, nil, "The question has 65536 characters; at most ")
	parley(t, strings.Repeat("x", maxStdin+1), "ask").want(t, exitUsage, nil, "a question of more than 64 KB cannot be read")
	parley(t, "", "ask", "--log-level", "loud", "x").want(t, exitUsage, nil, `it must be "auto", "debug", "info", "warn" or "error"`)
	parley(t, "", "--help").want(t, exitOK, []string{"Usage: parley <command>"})
	parley(t, "", "ask", "--help").want(t, exitOK, []string{"Usage: parley ask"})
}

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestWhatCannotBePrintedIsAnError(t *testing.T) {
	talks(t)
	for _, args := range [][]string{
		{"--help"}, {"ask", "--help"}, {"version"}, {"config", "check"}, with("index", "build"), with("index", "status"), with("ask", question),
	} {
		var stderr bytes.Buffer
		code := run(t.Context(), args, strings.NewReader(""), full{}, &stderr)
		if code != exitError || stderr.String() != "parley: no space left on device\n" {
			t.Errorf("%v: exit code %d, %q", args, code, &stderr)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	talks(t)
	write(t, "bad.toml", "data_dri = \"x\"\n")
	write(t, "empty.md", "")
	parley(t, "", "ask", "--corpus", "absent", "--corpus", "gone", "x").want(t, exitError, nil, "absent", "gone")
	parley(t, "", "ask", "--no-briefs", "x").want(t, exitError, nil, "--corpus PATH")
	parley(t, "", "--config", "bad.toml", "ask", "x").want(t, exitError, nil, "bad.toml:1: unknown key data_dri")
	parley(t, "", "--config", "absent.toml", "ask", "x").want(t, exitError, nil, "absent.toml")
	parley(t, "", "ask", "--no-briefs", "--corpus", "empty.md", "x").want(t, exitError, nil, "empty.md", "no document")
	parley(t, "", with("--data-dir", "bad.toml", "ask", "x")...).want(t, exitError, nil, "bad.toml")
}

func TestABadFileHidesNoOther(t *testing.T) {
	talks(t)
	write(t, "talks/bad.md", "---\ntitle: [\n---\nText.\n")
	write(t, "talks/nul.txt", "A text with a \x00 in it.")
	parley(t, "", with("ask", question)...).want(t, exitOK, []string{"12,000 prisoners"}, "talks/bad.md:", "talks/nul.txt:")
	parley(t, "", with("ask", question)...).want(t, exitOK, []string{"12,000 prisoners"}, "2 problems")
	parley(t, "", with("index", "status")...).want(t, exitOK, []string{"talks/bad.md:", "talks/nul.txt:"})
}

func TestIndexStatus(t *testing.T) {
	talks(t)
	status := func() (s statusReport) {
		t.Helper()
		r := parley(t, "", with("index", "status", "--json")...)
		if err := json.Unmarshal([]byte(r.stdout), &s); err != nil || r.code != exitOK {
			t.Fatalf("exit %d, %v: %s%s", r.code, err, r.stdout, r.stderr)
		}
		return s
	}
	if s := status(); s.State != "missing" {
		t.Errorf("at first: %+v", s)
	}
	parley(t, "", with("index", "build")...).want(t, exitOK, []string{"holds 3 documents in "})
	first := status()
	if first.State != "current" || first.Documents != 3 || first.Passages < 3 || first.Bytes == 0 {
		t.Errorf("built: %+v", first)
	}
	parley(t, "", with("index", "build")...).want(t, exitOK, []string{"holds 3 documents"})
	if s := status(); !s.Built.Equal(first.Built) {
		t.Errorf("an index that fits was built again")
	}
	write(t, "talks/new.txt", "A fourth document about the castle of Zenda and its moat.")
	if s := status(); s.State != "of another corpus" {
		t.Errorf("after a file was added: %+v", s)
	}
	parley(t, "", with("ask", "What about the moat of the castle?")...).want(t, exitOK, []string{"moat"})
	if s := status(); s.State != "current" || s.Documents != 4 {
		t.Errorf("after asking: %+v", s)
	}
	parley(t, "", with("index", "status")...).want(t, exitOK, []string{"state        current", "documents    4"})
}

func TestADamagedIndexIsBuiltAgain(t *testing.T) {
	talks(t)
	parley(t, "", with("index", "build")...).want(t, exitOK, nil)
	found, err := filepath.Glob("data/index/*/gen-*/meta.json")
	if err != nil || len(found) != 1 {
		t.Fatalf("generations %v, %v", found, err)
	}
	write(t, found[0], `{"schema":`)
	parley(t, "", with("index", "status")...).want(t, exitOK, []string{"damaged"})
	parley(t, "", with("ask", question)...).want(t, exitOK, []string{"12,000 prisoners"})
}

func TestALockedIndexIsAnErrorAtOnce(t *testing.T) {
	talks(t)
	parley(t, "", with("index", "build")...).want(t, exitOK, nil)
	found, err := filepath.Glob("data/index/*")
	if err != nil || len(found) != 1 {
		t.Fatalf("indexes %v, %v", found, err)
	}
	other := flock.New(filepath.Join(found[0], "LOCK"))
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	defer other.Unlock()
	parley(t, "", with("ask", question)...).want(t, exitOK, []string{"12,000 prisoners"}) // it still fits
	write(t, "talks/new.txt", "A fourth document.")
	began := time.Now()
	parley(t, "", with("ask", question)...).want(t, exitError, nil, "another process")
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the error took %v", took)
	}
}

func TestEval(t *testing.T) {
	talks(t)
	write(t, "q.jsonl", `{"id":"1","kind":"howmany","question":"`+question+`","answerable":true,"relevant":[{"doc":"zenda","contains":"12,000"}]}
{"id":"2","kind":"who","question":"Who opened the railway from Strelsau?","answerable":true,"relevant":[{"doc":"trains"}]}
{"id":"3","question":"Who won the chess championship of 1972?","answerable":false,"relevant":[]}
`)
	eval := func(args ...string) result {
		t.Helper()
		return parley(t, "", with(append([]string{"eval", "--questions", "q.jsonl"}, args...)...)...)
	}
	eval("--run", "run.jsonl", "--min", "recall@1=1", "--max", "false_answers=0", "--min", "auc=1").
		want(t, exitOK, []string{"3 questions, 2 of them answerable", "\nrecall@1 ", "howmany", "\nanswer   2", "\nconfidence  n"})
	eval("--json").want(t, exitOK, []string{`{"name":"recall@1","value":1,"n":2}`})
	eval("--max", "recall@1=0.5").want(t, exitError, []string{"recall@1"}, "recall@1 is 1.000, above 0.500")
	eval("--min", "recal=0.5").want(t, exitUsage, nil, `there is no figure "recal"`)
	eval("--min", "recall@1").want(t, exitUsage, nil, "parley: ")

	ran, err := os.ReadFile("run.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(ran)), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], `{"id":"1","grade":"answer","answered":true,"confidence":0.`) || !strings.Contains(lines[0], `"passages":[{"doc":"zenda","text":"`) {
		t.Errorf("run file:\n%s", ran)
	}
	write(t, "q.jsonl", `{"id":"1","question":"x","answerable":true,"relevant":[{"doc":"fish"},{"doc":"herring"}]}
{"id":"2","question":"y","answerable":false,"relevant":[{"doc":"taken out"}]}
{"id":"3","question":"z","answerable":true,"relevant":[{"doc":"train"}]}
`)
	eval().want(t, exitOK, []string{"recall@1"}, "the record lacks judged documents, which count as not found: 2, such as herring, train;")
	write(t, "q.jsonl", `{"id":"1","question":"x"`)
	eval().want(t, exitError, nil, "q.jsonl:1: ")
}

func TestConfigCheck(t *testing.T) {
	talks(t)
	parley(t, "", "config", "check").want(t, exitOK, []string{"There is no parley.toml"})
	write(t, "parley.toml", "[corpus]\npaths = [\"talks\"]\n")
	parley(t, "", "config", "check").want(t, exitOK, []string{"parley.toml is correct."})
	write(t, "parley.toml", "[corpus]\npaths = [\"absent\"]\nbrief = 1\n[answer]\nmax_passages = 9\n")
	parley(t, "", "config", "check").want(t, exitError, nil, "parley.toml:3: unknown key corpus.brief", "answer.max_passages is 9")
	write(t, "parley.toml", "[corpus]\npaths = [\"absent\"]\n[lexicon]\nfile = \"absent-too\"\n")
	parley(t, "", "config", "check").want(t, exitError, nil, "absent: no such file", "absent-too: no such file")
	// What is wrong with the file hides nothing that is wrong with what it names.
	write(t, "parley.toml", `[lexicon]
file = "absent"
[sync]
user_agent = "Parley\nHost: x"
[digest]
time = "25:00"
timezone = "Nowhere"
[discord]
token = "a"
shards = "5-2"
[telegram]
token = "b"
`)
	parley(t, "", "config", "check").want(t, exitError, nil, "absent: no such file", "sync.user_agent is", "digest.time is", "digest.timezone is",
		`shards "5-2" must be`, "the token does not have the form")
	write(t, "parley.toml", `[sync]
feeds = ["https://gazette.example/feed?key=hush", "https://gazette.example/feed", "https://gazette.example/feed?key=hush", "ftp://hush@gazette.example"]
[bot]
actor_commands = ["us", "nato", "us", "us"]
[telegram]
webhook_listen = "foo"
`)
	r := parley(t, "", "config", "check")
	r.want(t, exitError, nil, `sync.feeds holds "https://gazette.example/feed?…" more than once`, `it must be an http or https address`,
		`bot.actor_commands holds "us" more than once`, `telegram.webhook_listen is "foo"; it must be an address of this machine and a port`)
	if strings.Contains(r.stderr, "hush") || strings.Count(r.stderr, "more than once") != 2 {
		t.Errorf("a secret is told, or something twice: %s", r.stderr)
	}
	for _, listen := range []string{":8443", "127.0.0.1:8443", "[::1]:https", "localhost:0"} {
		write(t, "parley.toml", "[telegram]\nwebhook_listen = \""+listen+"\"\n")
		parley(t, "", "config", "check").want(t, exitOK, []string{"parley.toml is correct."})
	}
	write(t, "parley.toml", "\ufeff[answer]\nmax_passages = 4\n")
	parley(t, "", "config", "check").want(t, exitOK, []string{"parley.toml is correct."})
}

func TestVersion(t *testing.T) {
	parley(t, "", "version").want(t, exitOK, []string{"parley ", "go1."})
}

func TestInterrupted(t *testing.T) {
	talks(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	parleyContext(t, ctx, "", with("ask", question)...).want(t, exitError, nil, "parley: interrupted")
}

func TestTheBuiltInRecord(t *testing.T) {
	t.Chdir(t.TempDir())
	parley(t, "", "ask", "Where did Ukrainian and Russian delegations first meet in 2022?").
		want(t, exitOK, []string{"Parley’s summary, ", ", from 3 outlets"})
}

func TestTheInterfaceSpeaksTheLanguageOfItsUser(t *testing.T) {
	talks(t)
	const en, uk = "The record is not about this.", "Архів не про це."
	off := with("ask", "Who won the chess championship of 1972?")
	for _, c := range []struct {
		all, messages, lang, flag string
		want                      string
	}{
		{want: en}, {lang: "uk_UA.UTF-8", want: uk}, {lang: "uk", want: uk}, {lang: "de_DE@euro", want: en}, {lang: "C.UTF-8", want: en}, {lang: "POSIX", want: en},
		{messages: "uk_UA", lang: "en_GB.UTF-8", want: uk}, {all: "C", messages: "uk_UA", want: en}, {lang: "uk_UA.UTF-8", flag: "en", want: en}, {flag: "uk", want: uk},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		args := off
		if c.flag != "" {
			args = append(args[:len(args):len(args)], "--language", c.flag)
		}
		if r := parley(t, "", args...); !strings.HasPrefix(r.stdout, c.want) {
			t.Errorf("%+v: %s%s", c, r.stdout, r.stderr)
		}
	}
	parley(t, "", append(off, "--language", "tlh")...).want(t, exitUsage, nil, `--language: it is "tlh"; the languages are en, uk`)
	parley(t, "", with("sources", "--language", "uk")...).want(t, exitOK, []string{"В архіві 3 документи"})
}

func TestAChatHasTheCommandsThatWorkThere(t *testing.T) {
	talks(t)
	r := parley(t, "/help\n/settings\n/settings language:uk\n/settings\nзамок Гогенцоллерн?\n/doctor\n", with("chat")...)
	r.want(t, exitOK, []string{
		"/settings [language]: Show the language", "Settings\n   Language  English\n", "Налаштування\n   Мова  Українська\n", "Архів не про це.",
		"\n   Документи        3\n   Найновіший день  березень",
	})
	parley(t, "/settings language:user\n/settings private:true\n/settings here:true\n/forgetme\n/digest\n", with("chat")...).
		want(t, exitOK, []string{"The language must be one of: English, Українська.", "no command /forgetme", "no command /digest"})
	for _, not := range []string{"/forgetme", "/digest", "chat", "private", "here:true"} {
		if strings.Contains(r.stdout, not) {
			t.Errorf("%q: %s", not, r.stdout)
		}
	}
}
