package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/corpus/dates"
	"parley/corpus/htmltext"
	"parley/corpus/sharedtest"
	"parley/corpus/weburl"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The feeds of feedparser's and gofeed's own tests state what they hold. This file
// reads those statements and compares them with what Parse finds.

func TestMain(m *testing.M) { sharedtest.Main(m) }

// tally counts the statements of a class of files that hold.
type tally struct {
	total, agree int
	missed       []string
}

func (t *tally) note(ok bool, format string, args ...any) {
	t.total++
	if ok {
		t.agree++
		return
	}
	t.missed = append(t.missed, fmt.Sprintf(format, args...))
}

func (t *tally) share() float64 { return float64(t.agree) / float64(t.total) }

// report prints the agreement by class and returns that of all.
func report(t *testing.T, classes map[string]*tally) float64 {
	t.Helper()
	var all tally
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		c := classes[name]
		all.total += c.total
		all.agree += c.agree
		t.Logf("%-38s %4d of %4d  %.3f", name, c.agree, c.total, c.share())
		for _, m := range c.missed {
			t.Log("    " + m)
		}
	}
	t.Logf("%-38s %4d of %4d  %.3f", "all", all.agree, all.total, all.share())
	return all.share()
}

func class(classes map[string]*tally, name string) *tally {
	if classes[name] == nil {
		classes[name] = &tally{}
	}
	return classes[name]
}

func filesUnder(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*", "*/*", "*/*/*"} {
		found, err := filepath.Glob(filepath.Join(sharedtest.Path(t, "feeds", folder), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if s, err := os.Stat(path); err == nil && s.Mode().IsRegular() && filepath.Base(path) != "LICENSE" {
				files = append(files, path)
			}
		}
	}
	if len(files) == 0 {
		t.Fatal("no files in", folder)
	}
	return files
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEveryFileOfTheSuitesIsReadOrRefused also holds each to a second, which is a
// hundred times what the slowest takes: it is there to find what takes for ever.
func TestEveryFileOfTheSuitesIsReadOrRefused(t *testing.T) {
	var parsed, refused, damaged int
	var slowest time.Duration
	for _, path := range append(filesUnder(t, "feedparser/tests"), filesUnder(t, "gofeed/testdata")...) {
		data := read(t, path)
		begin := time.Now()
		f, err := Parse(data, "", "http://example.org/feed")
		took := time.Since(begin)
		slowest = max(slowest, took)
		switch {
		case took > time.Second:
			t.Errorf("%s takes %v", path, took)
		case err != nil && !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrHostile):
			t.Errorf("%s: an error of no known kind: %v", path, err)
		case err != nil:
			refused++
		case f.Damage != "":
			damaged++
			fallthrough
		default:
			parsed++
			checkSane(t, path, f)
		}
	}
	t.Logf("%d files read (%d of them damaged), %d refused, the slowest took %v", parsed, damaged, refused, slowest)
}

// checkSane holds what is true of every feed.
func checkSane(t *testing.T, path string, f Feed) {
	t.Helper()
	ids := map[string]bool{}
	for _, item := range f.Items {
		if item.ID == "" || ids[item.ID] {
			t.Errorf("%s: the ID %q is empty or comes twice", path, item.ID)
		}
		ids[item.ID] = true
		if c, ok := weburl.Canonical(item.URL); item.URL != "" && (!ok || c != item.URL) {
			t.Errorf("%s: the address %q is not canonical: %q", path, item.URL, c)
		}
		for _, text := range []string{item.ID, item.Title, item.Author, item.Summary, item.Text, item.Language, item.Source} {
			if strings.ContainsRune(text, 0) || text != strings.TrimSpace(text) || text != strings.ToValidUTF8(text, "?") {
				t.Errorf("%s: %q is no clean text", path, text)
			}
		}
	}
}

// statement is what a file of feedparser says of itself.
type statement struct {
	path   string // "feed.title", "entries[0].link"
	wanted string
	tuple  []int // a time in UTC, instead
}

var (
	expectLine  = regexp.MustCompile(`(?m)^\s*Expect:\s*(.*)$`)
	contentType = regexp.MustCompile(`(?mi)^\s*Header:\s*Content-type:\s*(.*?)\s*$`)
	oneClause   = regexp.MustCompile(`^(feed|entries\[\d+\])((?:\.\w+|\['\w+'\]|\[\d+\])+)\s*==\s*(.+)$`)
	oneStep     = regexp.MustCompile(`\w+`)
)

// statementsOf reads the clauses "PATH == LITERAL" of the expectation; others are skipped.
func statementsOf(data []byte) (found []statement) {
	m := expectLine.FindSubmatch(data[:min(len(data), 4096)])
	if m == nil {
		return nil
	}
	for clause := range strings.SplitSeq(strings.TrimSpace(string(m[1])), " and ") {
		// chained: A == B == LITERAL
		parts := strings.Split(clause, " == ")
		for i := range len(parts) - 1 {
			m := oneClause.FindStringSubmatch(strings.TrimSpace(parts[i]) + " == " + parts[len(parts)-1])
			if m == nil {
				continue
			}
			s := statement{path: m[1] + "." + strings.Join(oneStep.FindAllString(m[2], -1), ".")}
			var ok bool
			if s.wanted, s.tuple, ok = literal(m[3]); ok {
				found = append(found, s)
			}
		}
	}
	return found
}

// literal reads a string or a tuple of numbers in Python.
func literal(s string) (text string, tuple []int, ok bool) {
	s = strings.TrimSpace(s)
	if inner, isTuple := strings.CutPrefix(s, "("); isTuple && !strings.ContainsAny(s, `'"`) {
		for n := range strings.SplitSeq(strings.TrimSuffix(inner, ")"), ",") {
			i, err := strconv.Atoi(strings.TrimSpace(n))
			if err != nil {
				return "", nil, false
			}
			tuple = append(tuple, i)
		}
		return "", tuple, len(tuple) == 9
	}
	var b strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(s, "'''", "'"), " + ") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "u")
		if len(part) < 2 || part[0] != part[len(part)-1] || part[0] != '\'' && part[0] != '"' {
			return "", nil, false
		}
		inner := part[1 : len(part)-1]
		if part[0] == '\'' {
			inner = strings.ReplaceAll(strings.ReplaceAll(inner, `\'`, `'`), `"`, `\"`)
		}
		unquoted, err := strconv.Unquote(`"` + pythonBytes.ReplaceAllString(inner, `\u00$1`) + `"`)
		if err != nil {
			return "", nil, false
		}
		b.WriteString(unquoted)
	}
	return b.String(), nil, true
}

// pythonBytes are escapes that mean a character in Python and a byte in Go.
var pythonBytes = regexp.MustCompile(`\\x([0-9a-fA-F]{2})`)

// field is what Parse has of a name that feedparser uses, with its class; class is empty
// for what a feed's item in Parley does not have.
func field(f Feed, path string) (class string, got any) {
	parts := strings.Split(path, ".")
	if parts[0] == "feed" {
		switch strings.Join(parts[1:], ".") {
		case "title", "title_detail.value":
			return "title", f.Title
		case "link":
			return "link", f.URL
		case "language":
			return "language", f.Language
		case "description", "tagline", "subtitle", "tagline_detail.value", "subtitle_detail.value":
			return "text", f.Description
		case "updated", "updated_parsed", "published", "published_parsed":
			return "date", f.Updated
		}
		return "", nil
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return "", nil
	}
	var item Item
	if n < len(f.Items) {
		item = f.Items[n]
	}
	switch strings.Join(parts[2:], ".") {
	case "title", "title_detail.value":
		return "title", item.Title
	case "link":
		return "link", item.URL
	case "id", "guid":
		return "id", item.ID
	case "published", "published_parsed", "created", "created_parsed":
		return "date", item.Published
	case "updated", "updated_parsed":
		return "date", item.Updated
	case "summary", "description", "summary_detail.value":
		return "text", cmp.Or(item.Summary, item.Text) // feedparser describes by the content where nothing else does
	case "content.0.value":
		return "text", cmp.Or(item.Text, item.Summary)
	case "author":
		return "author", item.Author
	case "language":
		return "language", item.Language
	case "source.title":
		return "title", item.Source
	}
	return "", nil
}

// oracle is the text that a stated piece of HTML shows, read with the tree of the
// standard parser, not with the tokenizer that Parse uses.
func oracle(markup string) string {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(markup), body)
	if err != nil {
		return markup
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && slices.Contains([]string{"script", "style", "svg", "math"}, n.Data) {
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if n.Type == html.ElementNode {
			b.WriteByte(' ')
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return b.String()
}

// letters are what two texts are compared by: white space differs where blocks end.
func letters(s string) string { return strings.Join(strings.Fields(htmltext.Visible(s)), "") }

// agrees compares a stated value with what was found. A stated text may be HTML or not,
// which the suites do not say, so it may be read as either.
func agrees(class string, s statement, got any) bool {
	if class == "date" {
		return sameDate(s, got.(interface{ String() string }).String())
	}
	have := got.(string)
	switch class {
	case "link":
		c, ok := weburl.Canonical(s.wanted)
		return have == c && ok || have == "" && !ok
	case "language":
		return have == languageTag(s.wanted)
	case "author":
		return have == personName(s.wanted)
	}
	return letters(have) == letters(s.wanted) || letters(have) == letters(oracle(s.wanted))
}

// sameDate compares as far as what was found goes.
func sameDate(s statement, got string) bool {
	var want time.Time
	if s.tuple != nil {
		want = time.Date(s.tuple[0], time.Month(s.tuple[1]), s.tuple[2], s.tuple[3], s.tuple[4], s.tuple[5], 0, time.UTC)
	} else {
		d, ok := dates.ParseFeed(s.wanted)
		if !ok {
			return got == ""
		}
		return d.String() == got
	}
	if moment, err := time.Parse(time.RFC3339, got); err == nil {
		return moment.Equal(want)
	}
	return got != "" && strings.HasPrefix(want.Format(time.RFC3339), got)
}

// leftOut are files of which no statement is counted, with the reason.
var leftOut = map[string]string{
	"wellformed/cdf/":                          "the Channel Definition Format of Internet Explorer 4 is refused with an error",
	"wellformed/http/headers_content_location": "Content-Location no longer changes the base of a reference (RFC 7231, appendix B)",
}

func isLeftOut(path string) bool {
	for prefix := range leftOut {
		if strings.Contains(path, prefix) {
			return true
		}
	}
	return false
}

func TestAgreementWithFeedparser(t *testing.T) {
	wellformed, other := map[string]*tally{}, map[string]*tally{}
	silent := 0
	for _, path := range filesUnder(t, "feedparser/tests") {
		data := read(t, path)
		header := ""
		if m := contentType.FindSubmatch(data[:min(len(data), 4096)]); m != nil {
			header = string(m[1])
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, sharedtest.Path(t, "feeds", "feedparser")+"/"))
		if isLeftOut(rel) {
			continue
		}
		f, _ := Parse(data, header, "http://127.0.0.1:8097/"+rel)
		counted := false
		for _, s := range statementsOf(data) {
			kind, got := field(f, strings.ReplaceAll(strings.ReplaceAll(s.path, "[", "."), "]", ""))
			if kind == "" {
				continue
			}
			counted = true
			folder := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(rel)), "tests/")
			in := wellformed
			if strings.HasPrefix(folder, "illformed") {
				in = other
			}
			class(in, kind+" "+folder).note(agrees(kind, s, got), "%s: %s is %q, want %q%v", rel, s.path, fmt.Sprint(got), s.wanted, s.tuple)
		}
		if !counted {
			silent++
		}
	}
	t.Logf("%d files state nothing that an item in Parley has", silent)
	report(t, other)
	if share := report(t, wellformed); share < 0.98 {
		t.Errorf("agreement on wellformed files is %.3f, want 0.98", share)
	}
}

// stated is what the JSON beside a file of gofeed says, in any of its three shapes.
type stated struct {
	Title           string          `json:"title"`
	Description     string          `json:"description"`
	Subtitle        string          `json:"subtitle"`
	Link            string          `json:"link"`
	HomePage        string          `json:"home_page_url"`
	Links           json.RawMessage `json:"links"`
	Language        string          `json:"language"`
	PubDate         string          `json:"pubDate"`
	LastBuildDate   string          `json:"lastBuildDate"`
	Updated         string          `json:"updated"`
	UpdatedParsed   string          `json:"updatedParsed"`
	Published       string          `json:"published"`
	PublishedParsed string          `json:"publishedParsed"`
	PubDateParsed   string          `json:"pubDateParsed"`
	DatePublished   string          `json:"date_published"`
	DateModified    string          `json:"date_modified"`
	GUID            json.RawMessage `json:"guid"`
	ID              string          `json:"id"`
	URL             string          `json:"url"`
	Summary         string          `json:"summary"`
	Content         json.RawMessage `json:"content"`
	Items           []stated        `json:"items"`
	Entries         []stated        `json:"entries"`
}

func TestAgreementWithGofeed(t *testing.T) {
	classes := map[string]*tally{}
	for _, path := range filesUnder(t, "gofeed/testdata") {
		want, ok := statedBeside(t, path)
		if !ok {
			continue
		}
		f, _ := Parse(read(t, path), "", "")
		folder := filepath.Base(filepath.Dir(filepath.Dir(path))) + "/" + filepath.Base(filepath.Dir(path))
		compare := func(kind, name, wanted string, got any) {
			if wanted != "" {
				class(classes, kind+" "+folder).note(agrees(kind, statement{wanted: wanted}, got), "%s: %s is %q, want %q", filepath.Base(path), name, fmt.Sprint(got), wanted)
			}
		}
		compareFeed(compare, want, f)
		for i, item := range append(want.Items, want.Entries...) {
			var got Item
			if i < len(f.Items) {
				got = f.Items[i]
			}
			compareItem(compare, item, got)
		}
	}
	if share := report(t, classes); share < 0.98 {
		t.Errorf("agreement is %.3f, want 0.98", share)
	}
}

// statedBeside is the expectation for a feed; ok is false for the expectations themselves.
func statedBeside(t *testing.T, path string) (want stated, ok bool) {
	t.Helper()
	base := strings.TrimSuffix(path, filepath.Ext(path))
	for _, beside := range []string{base + ".json", base + "_expected.json"} {
		data, err := os.ReadFile(beside)
		if err != nil || beside == path || strings.HasSuffix(path, "_expected.json") {
			continue
		}
		if err := json.Unmarshal(bytes.TrimSpace(data), &want); err != nil {
			t.Errorf("%s: %v", beside, err)
		}
		return want, err == nil
	}
	return stated{}, false
}

func compareFeed(compare func(kind, name, wanted string, got any), want stated, f Feed) {
	compare("title", "title", want.Title, f.Title)
	compare("link", "link", cmp.Or(want.Link, want.HomePage, pageLink(want.Links)), f.URL)
	compare("text", "description", cmp.Or(want.Description, want.Subtitle), f.Description)
	compare("language", "language", want.Language, f.Language)
	if want.Items != nil && strings.HasPrefix(f.Format, "json") {
		return // the dates that gofeed gives such a feed are those of its first item
	}
	compare("date", "date", cmp.Or(want.UpdatedParsed, want.LastBuildDate, want.Updated, want.PubDate), f.Updated)
}

func compareItem(compare func(kind, name, wanted string, got any), want stated, got Item) {
	compare("title", "item title", want.Title, got.Title)
	compare("link", "item link", cmp.Or(want.Link, want.URL, pageLink(want.Links)), got.URL)
	compare("id", "item id", cmp.Or(text(want.GUID), want.ID), got.ID)
	compare("text", "item summary", cmp.Or(want.Description, want.Summary), cmp.Or(got.Summary, got.Text))
	compare("text", "item content", text(want.Content), cmp.Or(got.Text, got.Summary))
	compare("date", "item published", cmp.Or(want.PublishedParsed, want.PubDateParsed, want.PubDate, want.Published, want.DatePublished), got.Published)
	compare("date", "item updated", cmp.Or(want.Updated, want.DateModified), got.Updated)
}

// text is a string, or the value of an object.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var object struct{ Value string }
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	return object.Value
}

// pageLink is the page among the links of Atom.
func pageLink(raw json.RawMessage) string {
	var links []struct{ Href, Rel string }
	if json.Unmarshal(raw, &links) != nil {
		return ""
	}
	for _, l := range links {
		if l.Rel == "alternate" {
			return l.Href
		}
	}
	return ""
}
