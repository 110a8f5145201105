package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/corpus"
	"parley/corpus/article"
	"parley/corpus/article/benchmark"
	"parley/corpus/sharedtest"
)

func TestMain(m *testing.M) { sharedtest.Main(m) }

// TestSavedPagesAreReadAsFetchedOnes saves the pages of the benchmark of package article
// and compares what is read of the files with what is read of the addresses.
func TestSavedPagesAreReadAsFetchedOnes(t *testing.T) {
	pages, err := benchmark.Load(sharedtest.Path(t, "html"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, p := range pages {
		if err := os.WriteFile(filepath.Join(dir, p.ID+".html"), p.HTML, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	docs, problems, err := Reader{}.Read(t.Context(), dir)
	if err != nil || len(problems) > 0 || len(docs) != len(pages) {
		t.Fatalf("%d documents of %d pages, problems %v, %v", len(docs), len(pages), problems, err)
	}
	read := map[string]corpus.Document{}
	for _, d := range docs {
		checkDocument(t, d)
		read[d.ID] = d
	}
	var saved, fetched []benchmark.Score
	cited := 0
	for _, p := range pages {
		d, err := article.Extract(p.HTML, "text/html; charset=utf-8", p.URL)
		if err != nil {
			t.Fatal(err)
		}
		f := read[p.ID]
		if f.Text != d.Text || f.Title != d.Title || f.Author != d.Author || f.Publisher != d.Publisher || f.Published.String() != d.Published.String() {
			t.Errorf("%s is read as %q of %v, %d bytes, and fetched as %q of %v, %d bytes", p.URL, f.Title, f.Published, len(f.Text), d.Title, d.Published, len(d.Text))
		}
		if f.URL != "" {
			cited++
		}
		saved = append(saved, benchmark.Compare(p.Body, f.Text))
		fetched = append(fetched, benchmark.Compare(p.Body, d.Text))
	}
	t.Log(benchmark.Line("saved", saved))
	t.Log(benchmark.Line("fetched", fetched))
	t.Logf("%d of %d pages state an address", cited, len(pages))
}

// handWritten is a page as people write it, with what an extractor takes for a menu, a
// byline, a notice or a repetition.
const handWritten = `<!doctype html><html><head><title>Notes on the talks</title><link rel="stylesheet" href="style.css"></head><body>
<header><h1>Notes on the talks</h1><p>By A. Author.</p></header>
<p>Short.</p><ul><li><a href="/one">The first round.</a></li><li><a href="/two">The second round.</a></li></ul>
<aside><p>An aside of one sentence.</p></aside>
<p>Share this with the others.</p>
<footer><p>All rights reserved by nobody.</p></footer></body></html>`

func TestASimplePageKeepsEverySentence(t *testing.T) {
	docs, problems := read(t, Reader{}, write(t, map[string]string{"a.html": handWritten}))
	if len(docs) != 1 || problems != nil {
		t.Fatalf("%d documents, problems %q", len(docs), problems)
	}
	want := "Notes on the talks\n\nBy A. Author.\n\nShort.\n\nThe first round.\n\nThe second round.\n\nAn aside of one sentence.\n\n" +
		"Share this with the others.\n\nAll rights reserved by nobody."
	if docs[0].Text != want {
		t.Errorf("text %q, want %q", docs[0].Text, want)
	}
}

// newsPage is a page of a site; what stands for %BODY% is its article.
const newsPage = `<!doctype html><html lang="en"><head><meta charset="windows-1251"><title>The round ends - The Site</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="The Site"><meta name="date" content="yesterday">
</head><body><div class="menu"><a href="/a">News</a> <a href="/b">Sport</a></div><h1>The round ends</h1>%BODY%
<div class="cookie-notice"><p>We use cookies and similar technologies.</p></div><footer><p>Terms of use</p></footer></body></html>`

const newsBody = `<p>The delegations met in the morning and talked about the exchange of prisoners for several hours, officials said.</p>
<p>A second round is planned for the next week, and both sides have said that they will take part in it.</p>`

func TestTheArticleOfASavedPage(t *testing.T) {
	page := strings.Replace(newsPage, "%BODY%", newsBody, 1)
	const address = "https://news.example.org/world/round-ends"
	text := "The delegations met in the morning and talked about the exchange of prisoners for several hours, officials said.\n\n" +
		"A second round is planned for the next week, and both sides have said that they will take part in it."
	for name, tc := range map[string]struct{ content, url string }{
		"by itself":            {page, ""},
		"from a browser":       {strings.Replace(page, "<html", "<!-- saved from url=(0041)"+address+" --><html", 1), address},
		"from SingleFile":      {strings.Replace(page, "<head>", "<!--\n Page saved with SingleFile \n url: "+address+" \n saved date: Tue Nov 24 2026\n--><head>", 1), address},
		"with its own address": {strings.Replace(page, "<title>", `<link rel="canonical" href="`+address+`"><title>`, 1), address},
		"with half an address": {strings.Replace(page, "<title>", `<link rel="canonical" href="/world"><title>`, 1), ""},
		"not UTF-8":            {strings.Replace(page, "ends - ", "ends \x97 ", 1), ""},
	} {
		docs, problems := read(t, Reader{}, write(t, map[string]string{"a.html": tc.content}))
		if len(docs) != 1 || problems != nil {
			t.Errorf("%s: %d documents, problems %q", name, len(docs), problems)
			continue
		}
		if d := docs[0]; d.Text != text || d.Title != "The round ends" || d.Publisher != "The Site" || d.URL != tc.url || d.ID != "a" {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// A tree of more than 512 elements in each other is refused by the parser.
func TestASavedPageThatIsNestedDeeply(t *testing.T) {
	page := strings.Replace(newsPage, "%BODY%", strings.Repeat("<div>", 600)+newsBody, 1)
	docs, problems := read(t, Reader{}, write(t, map[string]string{"a.html": page}))
	if len(docs) != 1 || problems != nil || !strings.Contains(docs[0].Text, "both sides have said that they will take part in it.") {
		t.Errorf("%+v, problems %q", docs, problems)
	}
}

// Where there is no article, all of the page is better than nothing.
func TestAPageOfASiteWithoutAnArticle(t *testing.T) {
	docs, problems := read(t, Reader{}, write(t, map[string]string{"a.html": `<title>T</title><article hidden>no</article><p>Copyright by nobody</p>`}))
	if len(docs) != 1 || problems != nil || docs[0].Text != "Copyright by nobody" {
		t.Errorf("%+v, problems %q", docs, problems)
	}
}

func TestPagesInStatedEncodings(t *testing.T) {
	for name, tc := range map[string]struct{ content, text, problem string }{
		"windows-1251": {"<meta charset=windows-1251><p>\xcc\xe8\xf0", "Мир", ""},
		"UTF-16":       {"\xff\xfe<\x00p\x00>\x00a\x00", "a", ""},
		"stated wrong": {"<meta charset=windows-1251><p>Мир", "Мир", ""},
		"not stated":   {"<p>\xcc\xe8\xf0", "", "the byte 0xCC is not UTF-8; save the file as UTF-8"},
	} {
		docs, problems := read(t, Reader{}, write(t, map[string]string{"a.html": tc.content}))
		switch {
		case tc.problem != "" && (len(problems) != 1 || !strings.Contains(problems[0], tc.problem)):
			t.Errorf("%s: problems %q", name, problems)
		case tc.problem == "" && (len(docs) != 1 || docs[0].Text != tc.text):
			t.Errorf("%s: %+v, problems %q", name, docs, problems)
		}
	}
}
