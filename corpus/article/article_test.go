package article

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"parley/corpus"
	"parley/corpus/article/benchmark"
	"parley/corpus/sharedtest"
)

// Sentences of which the pages of the tests are made; each is prose by itself.
const (
	first  = "The two delegations met for the third time this month, and both said afterwards that the talks on the line of contact had been useful, though hard."
	second = "A second round is planned for the coming week, officials said, in a place that will be named once all the sides have agreed to it in writing."
	third  = "Prisoners were exchanged at the border on the same day, according to the two ministries, which gave the same number of names, three hundred each."
)

func paragraphs(texts ...string) string { return "<p>" + strings.Join(texts, "</p>\n<p>") + "</p>" }

// page is a page with the head and the body given.
func page(head, body string) string {
	return "<!DOCTYPE html><html><head>" + head + "</head><body>" + body + "</body></html>"
}

const address = "https://news.example.org/world/talks"

func extracted(t *testing.T, page string) corpus.Document {
	t.Helper()
	d, err := Extract([]byte(page), "text/html; charset=utf-8", address)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestText(t *testing.T) {
	story := first + "\n\n" + second + "\n\n" + third
	for name, c := range map[string]struct{ body, want string }{
		"menus and footers": {
			"<nav><ul><li><a href=/>Home</a></ul></nav><main><h1>Talks</h1>" + paragraphs(first, second, third) + "</main><footer><p>All about us and our many friends, in a long line.</footer>", story},
		"byline, date, caption, sharing": {
			"<article><h1>Talks</h1><div class=byline>By Ann Lee</div><time>14 May 2026</time><figure><img src=a.jpg><figcaption>The room, with a view of the river, on Monday.</figcaption></figure>" +
				paragraphs(first, second) + "<div class='social-share'><a href=#>Share</a></div>" + paragraphs(third) + "</article>", story},
		"wrapper with the name of an author": {
			"<div class='post author-ann has-sidebar'><h1>Talks</h1>" + paragraphs(first, second, third) + "</div>", story},
		"related links in between": {
			"<article>" + paragraphs(first, "Read more: <a href=/b>Another story</a>", second, "<a href=/c>Yet another story of ours</a>", third) + "</article>", story},
		"list of links at the end": {
			"<article>" + paragraphs(first, second, third) + "<h3>More on this</h3><ul><li><a href=/1>One story</a><li><a href=/2>Two stories</a></ul></article>", story},
		"list of sentences": {
			"<article>" + paragraphs(first, second+" They agreed:") + "<ul><li>to stop the fire at once;<li>to meet again.</ul>" + paragraphs(third) + "</article>",
			first + "\n\n" + second + " They agreed:\n\nto stop the fire at once;\nto meet again.\n\n" + third},
		"heading": {
			"<article>" + paragraphs(first, second) + "<h2>At the border</h2>" + paragraphs(third) + "</article>",
			first + "\n\n" + second + "\n\nAt the border\n\n" + third},
		"heading without text": {
			"<article>" + paragraphs(first, second, third) + "<h2>In pictures</h2><img src=a></article>", story},
		"quotation": {
			"<article>" + paragraphs(first, second) + "<blockquote><p>We are ready to meet in any place, at any time.</p></blockquote>" + paragraphs(third) + "</article>",
			first + "\n\n" + second + "\n\nWe are ready to meet in any place, at any time.\n\n" + third},
		"table": {
			"<article>" + paragraphs(first, second, third) + "<table><thead><tr><th>Round<th>Place</thead><tr><td>First<td>Jeddah<tr><td>Second<td>Istanbul</table></article>",
			story + "\n\nRound Place\nFirst Jeddah\nSecond Istanbul"},
		"white space and entities": {
			"<article><p>" + strings.ReplaceAll(first, " ", " \n&nbsp;") + "</p>" + paragraphs(second, third+"&mdash;&lt;b&gt;") + "</article>", story + "—<b>"},
		"lines": {
			"<article>" + paragraphs(first+"<br>"+second, third) + "</article>", first + "\n" + second + "\n\n" + third},
		"paragraphs of line breaks": {
			"<div>" + first + "<br><br>" + second + "<br/> <br/>" + third + "</div>", story},
		"marks within words": {
			"<article>" + paragraphs("<b>T</b>"+first[1:], second, third) + "</article>", story},
		"names within sentences": {
			"<article>" + paragraphs("<a rel=author class=byline href=/a>"+first[:15]+"</a>"+first[15:], second[:20]+"<span class=comment-share>"+second[20:40]+"</span>"+second[40:], third) + "</article>", story},
		"names within a text without paragraphs": {
			"<div>" + first[:15] + "<span class=byline>" + first[15:40] + "</span>" + first[40:] + paragraphs(second, third) + "</div>", story},
		"hidden": {
			"<article>" + paragraphs(first, second) + "<div style='display: none'>" + paragraphs("Secret: "+second) + "</div>" + paragraphs(third) + "</article>", story},
		"notices": {
			"<article>" + paragraphs("Advertisement", first, "Subscribe to our newsletter for the news of the day!", second, third, "Ann Lee and Bob Ray contributed to this report.", "© 2026 Example News. All rights reserved.") + "</article>", story},
		"notices in Ukrainian": {
			"<article>" + paragraphs(first, "Читайте також: чотири інші новини дня", second, "Підписуйтесь на наш канал!", third) + "</article>", story},
		"author at the end": {
			"<article>" + paragraphs(first, second, third) + "<h4>About the author</h4>" + paragraphs("Ann Lee has written on talks for twenty years, from three continents, for many papers, and likes long walks by the sea.") + "</article>", story},
		"heading like a closing one": {
			"<article>" + paragraphs(first, second) + "<h2>More on the exchange</h2>" + paragraphs(third) + "</article>",
			first + "\n\n" + second + "\n\nMore on the exchange\n\n" + third},
		"teasers of other pages": {
			"<article><h1>Talks</h1>" + paragraphs(first, second, third) + "</article><article><h1><a href=/other>Other news</a></h1><p>" + first[:100] + "</p></article>", story},
		"no body": {first + "<p>" + second + "<p>" + third, story},
		"unclosed": {
			"<div><div><span><article><p>" + first + "<p>" + second + "<p><b>" + third, story},
	} {
		if got := extracted(t, page("<title>Talks</title>", c.body)).Text; got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// TestKept checks that sentences and dates of a story stay which look like notices.
func TestKept(t *testing.T) {
	for _, line := range []string{
		"Also on Monday, three ships left the port with grain.",
		"Reporting by state media has not been confirmed.",
		"Register of damage opens in The Hague.",
		"Published by the ministry on Monday, it lists the names of all.",
		"More on the talks will be known in the evening.",
		"24 February 2022",
		"Follow the law, the judge told them.",
		"“Support our people,” he said.",
		"Source of the report: unknown, said the speaker, and left.",
		"1. All prisoners go home.",
		"Related matters were put off.",
	} {
		d := extracted(t, page("<title>Talks</title>", "<article>"+paragraphs(first, second, line, third)+"</article>"))
		if want := first + "\n\n" + second + "\n\n" + line + "\n\n" + third; d.Text != want {
			t.Errorf("%q is lost:\n%q", line, d.Text)
		}
	}
}

func TestSource(t *testing.T) {
	story := "<h1>Talks resume</h1>" + paragraphs(first, second, third)
	ld := func(json string) string { return `<script type="application/ld+json">` + json + `</script>` }
	date := func(s string) corpus.PartialDate {
		d, err := corpus.ParsePartialDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, c := range map[string]struct {
		head string
		want corpus.Source
	}{
		"nothing": {"", corpus.Source{Title: "Talks resume", URL: address}},
		"JSON-LD": {
			ld(`{"@context":"https://schema.org","@type":"NewsArticle","headline":"Talks resume","datePublished":"2026-05-14T10:20:00+03:00","dateModified":"2026-05-15",
				"author":{"@type":"Person","name":"Ann Lee"},"publisher":{"@type":"Organization","name":"Example News"},"inLanguage":"en"}`),
			corpus.Source{Title: "Talks resume", URL: address, Author: "Ann Lee", Publisher: "Example News", Published: date("2026-05-14T10:20:00+03:00"), Language: "en"}},
		"graph with references": {
			ld(`{"@graph":[{"@type":"WebPage","@id":"#p","name":"Talks resume"},{"@type":["Article","Report"],"headline":"Talks resume","author":[{"@id":"#a"},"Bob Ray"],"publisher":{"@id":"#o"}},
				{"@type":"Person","@id":"#a","name":"Ann Lee"},{"@type":"Organization","@id":"#o","name":"Example &amp; Sons"}]}`),
			corpus.Source{Title: "Talks resume", URL: address, Author: "Ann Lee, Bob Ray", Publisher: "Example & Sons"}},
		"broken scripts": {
			ld(`{"@type":"NewsArticle",`) + ld("// <![CDATA[\n{\"@type\":\"BlogPosting\",\"headline\":\"Talks\nresume\",\"author\":\"By Ann Lee\",}\n// ]]>"),
			corpus.Source{Title: "Talks resume", URL: address, Author: "Ann Lee"}},
		"the one of many that fits": {
			ld(`[{"@type":"NewsArticle","headline":"Other news","author":"Bob Ray"},{"@type":"NewsArticle","headline":"Talks resume","author":"Ann Lee"}]`),
			corpus.Source{Title: "Talks resume", URL: address, Author: "Ann Lee"}},
		"OpenGraph": {
			`<meta property="og:title" content="Talks resume | Example News"><meta property="og:site_name" content="Example News"><meta property="og:locale" content="en_GB">
				<meta property="article:published_time" content="2026-05-14"><meta property="article:modified_time" content="2026-06-01"><meta property="article:author" content="https://social.example/ann">`,
			corpus.Source{Title: "Talks resume", URL: address, Publisher: "Example News", Published: date("2026-05-14"), Language: "en-GB"}},
		"Dublin Core": {
			`<meta name="DC.title" content="Talks resume"><meta name="DC.creator" content="Ann Lee"><meta name="DC.date" content="2026-05"><meta name="DC.publisher" content="Example News"><meta name="DC.language" content="uk"><meta name="dcterms.license" content="CC BY 4.0">`,
			corpus.Source{Title: "Talks resume", URL: address, Author: "Ann Lee", Publisher: "Example News", Published: date("2026-05"), Language: "uk", License: "CC BY 4.0"}},
		"only a date of change": {`<meta property="article:modified_time" content="2026-05-14"><meta property="og:updated_time" content="2026-05-14">`, corpus.Source{Title: "Talks resume", URL: address}},
		"moment without a zone": {`<meta name="parsely-pub-date" content="2026-05-14 10:20:00"><meta name="parsely-author" content="Ann Lee">`, corpus.Source{Title: "Talks resume", URL: address, Published: date("2026-05-14"), Author: "Ann Lee"}},
		"date of no day":        {`<meta name="date" content="1970-01-01T00:00:00Z"><meta name="sailthru.date" content="0000-00-00">`, corpus.Source{Title: "Talks resume", URL: address}},
		"site in the title":     {`<title>Talks resume - news.example.org</title><meta property="og:title" content="">`, corpus.Source{Title: "Talks resume", URL: address}},
		"canonical":             {`<link rel=canonical href="/world/talks-resume?x=1#top">`, corpus.Source{Title: "Talks resume", URL: "https://news.example.org/world/talks-resume?x=1"}},
		"canonical of another":  {`<link rel=canonical href="https://other.example.com/world/talks">`, corpus.Source{Title: "Talks resume", URL: address}},
		"canonical front page":  {`<link rel=canonical href="https://news.example.org/">`, corpus.Source{Title: "Talks resume", URL: address}},
		"publisher is no URL":   {`<meta name=publisher content="https://social.example/news"><meta name=author content="ann@example.org">`, corpus.Source{Title: "Talks resume", URL: address}},
		"no such language":      {`<meta http-equiv=content-language content="??">`, corpus.Source{Title: "Talks resume", URL: address}},
	} {
		d := extracted(t, page(c.head, story))
		if got, want := fmt.Sprintf("%+v", d.Source), fmt.Sprintf("%+v", c.want); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestDateOfBody(t *testing.T) {
	for name, c := range map[string]struct{ lang, body, want string }{
		"marked time":             {"en", `<h1>Talks</h1><time itemprop=datePublished datetime="2026-05-14T10:20:00Z">`, "2026-05-14T10:20:00Z"},
		"time below the headline": {"en", `<time datetime="2020-01-01">old</time><h1>Talks</h1><time datetime="2026-05-14">14 May</time><time datetime="2026-05-20">`, "2026-05-14"},
		"change":                  {"en", `<h1>Talks</h1><time class=updated datetime="2026-05-14">`, ""},
		"words":                   {"en", `<h1>Talks</h1><div>Published: May 14th, 2026 at 10:20 am</div>`, "2026-05-14"},
		"Ukrainian":               {"uk", `<h1>Talks</h1><div class=date>14 травня 2026, 10:20</div>`, "2026-05-14"},
		"figures":                 {"de", `<h1>Talks</h1><div class=date>05.04.2026</div>`, "2026-04-05"},
		"figures either way":      {"en", `<h1>Talks</h1><div class=date>05/04/2026</div>`, ""},
		"figures one way":         {"en", `<h1>Talks</h1><div class=date>05/14/2026</div>`, "2026-05-14"},
		"updated, in words":       {"en", `<h1>Talks</h1><div>Updated 14 May 2026</div>`, ""},
		"in a sentence":           {"en", `<h1>Talks</h1><p>They met on 14 May 2026 in the capital.</p>`, ""},
	} {
		d := extracted(t, "<html lang="+c.lang+"><body>"+c.body+paragraphs(first, second, third))
		if got := d.Published.String(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestDateOfAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://news.example.org/2026/05/14/talks":  "2026-05-14",
		"https://news.example.org/2026/may/14/talks": "2026-05-14",
		"https://news.example.org/2026/05/talks":     "2026-05",
		"https://news.example.org/2026/talks":        "",
		"https://news.example.org/20260514":          "",
		"":                                           "",
	} {
		d, err := Extract([]byte(page("", paragraphs(first, second, third))), "", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Published.String(); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestCharset(t *testing.T) {
	ukrainian := "Делегації зустрілися втретє цього місяця, і обидві сторони сказали, що розмова про лінію зіткнення була корисною, хоч і важкою для всіх. "
	body := page("<title>Переговори</title>", paragraphs(ukrainian+ukrainian, ukrainian, ukrainian))
	windows, err := charmap.Windows1251.NewEncoder().String(body)
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := japanese.ISO2022JP.NewEncoder().String(page("", paragraphs("両代表団は今月三回目の会談を行い、双方とも有益だったと述べた。", "来週にも次の会談が予定されている。")))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ page, contentType, want string }{
		"UTF-8":                     {body, "text/html; charset=utf-8", ukrainian},
		"UTF-8, nothing said":       {body, "text/html", ukrainian},
		"UTF-8, wrongly said":       {body, "text/html; charset=windows-1252", ukrainian},
		"UTF-8 with a mark":         {"\ufeff" + body, "", ukrainian},
		"windows-1251, said":        {windows, "text/html; charset=windows-1251", ukrainian},
		"windows-1251, in the page": {strings.Replace(windows, "<head>", "<head><meta charset=cp1251>", 1), "text/html", ukrainian},
		"windows-1251, not said":    {windows, "text/html", ukrainian},
		"windows-1251, wrongly":     {windows, "text/html; charset=utf-8", ukrainian},
		"ISO-2022-JP":               {tokyo, "text/html; charset=iso-2022-jp", "来週"},
		"unknown name":              {body, "text/html; charset=nonsense", ukrainian},
	} {
		d, err := Extract([]byte(c.page), c.contentType, address)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !strings.Contains(d.Text, strings.TrimSpace(c.want)) {
			t.Errorf("%s: %q", name, d.Text[:min(len(d.Text), 200)])
		}
	}
}

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		page, contentType string
		want              error
	}{
		"large":            {strings.Repeat("x", MaxBytes+1), "text/html", ErrTooLarge},
		"many tags":        {strings.Repeat("<p>x", maxTags+1), "text/html", ErrTooLarge},
		"empty":            {"", "text/html", ErrNoText},
		"frames":           {"<frameset cols=50%><frame src=a.html></frameset>", "text/html", ErrNoText},
		"only scripts":     {"<script>app()</script>", "text/html", ErrNoText},
		"only white space": {" \n\t&nbsp;", "text/html", ErrNoText},
		"PDF":              {"%PDF-1.7", "application/pdf", ErrNotText},
		"bytes":            {"\x89PNG\r\n\x1a\n\x00\x00", "", ErrNotText},
	} {
		if _, err := Extract([]byte(c.page), c.contentType, address); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := Extract([]byte(page("", paragraphs(first))), "text/html", "https://[bad"); err == nil {
		t.Error("an address that is none is accepted")
	}
}

func TestPlainText(t *testing.T) {
	d, err := Extract([]byte("Talks resume.\r\n\r\nThey said 1 < 2 & more.\x00\n"), "text/plain; charset=utf-8", "https://example.org/2026/05/14/talks.txt")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Talks resume.\n\nThey said 1 < 2 & more."; d.Text != want || d.Published.String() != "2026-05-14" {
		t.Errorf("%q of %v, want %q", d.Text, d.Published, want)
	}
}

// TestStatedBody checks that a page that scripts would fill is read from its JSON-LD.
func TestStatedBody(t *testing.T) {
	d := extracted(t, page(`<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"`+first+`\n\n<b>`+second+`</b>"}</script>`, "<div id=app>Loading the story</div>"))
	if want := first + "\n\n" + second; d.Text != want {
		t.Errorf("%q, want %q", d.Text, want)
	}
}

// TestHostile reads pages made to exhaust a reader: it ends, with a text or an error.
func TestHostile(t *testing.T) {
	story := paragraphs(first, second, third)
	for name, c := range map[string]struct {
		page string
		text string // that is found all the same
	}{
		"deep":                {strings.Repeat("<div>", 100_000) + story, first},
		"deep and never read": {strings.Repeat("<select><option>", 10_000), ""},
		"formatting":          {strings.Repeat("<b a=1><i>", 4_000) + story, first},
		"nested tables":       {strings.Repeat("<table><tr><td>", 100) + strings.Repeat(story, 300), first},
		"nested lists":        {strings.Repeat("<ul><li>", 4_000) + story, first},
		"huge attribute":      {"<div class='" + strings.Repeat("comment-Author ", 100_000) + "'>" + story + "</div>", first},
		"deep JSON":           {"<script type=application/ld+json>" + strings.Repeat("[", 100_000) + "</script>" + story, first},
		"broad JSON":          {"<script type=application/ld+json>[" + strings.Repeat("{},", 20_000) + "{}]</script>" + story, first},
		"JSON about itself":   {`<script type=application/ld+json>{"@type":"Article","@id":"#a","author":{"@id":"#b"},"x":1}</script><script type=application/ld+json>{"@id":"#b","name":{"@id":"#b"}}</script>` + story, first},
		"NUL":                 {strings.ReplaceAll(story, " ", " \x00"), first},
		"NUL as entity":       {story + "<p>&#0;&#xFFFFFFFF;", first},
		"bytes of no charset": {story + "\xff\xfe\x80" + story, first},
		"links":               {strings.Repeat("<a href=/x>link</a> ", 5_000), ""},
		"same blocks":         {strings.Repeat("<p>x</p>", 10_000) + story, first},
		"only brackets":       {strings.Repeat("<", 100_000), ""},
	} {
		d, err := Extract([]byte(c.page), "text/html", address)
		if c.text != "" && (err != nil || !strings.Contains(d.Text, c.text)) {
			t.Errorf("%s: %.200q, %v", name, d.Text, err)
		}
	}
}

// TestVerbatim checks on real pages that every line of a text is in its page, whatever
// white space and markup lie within.
func TestVerbatim(t *testing.T) {
	pages, err := benchmark.Load(sharedtest.Path(t, "html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		d, err := Extract(p.HTML, "text/html; charset=utf-8", p.URL)
		if err != nil {
			t.Errorf("%s: %v", p.URL, err)
			continue
		}
		visible := bare(textOf(string(p.HTML)))
		for line := range strings.Lines(d.Text) {
			if !strings.Contains(visible, bare(line)) {
				t.Errorf("%s: the page does not have %q", p.URL, line)
			}
		}
	}
}

// textOf is all text of a page, read independently of the package.
func textOf(page string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(z.Token().Data)
		}
	}
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestAPageOffersFeeds(t *testing.T) {
	const head = `<link rel="alternate" type="application/rss+xml" title="News &amp; more" href="/rss">
		<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="https://other.example.org/atom">
		<link rel="alternate" type="application/rss+xml" href="https://news.example.org/rss">
		<link rel="alternate" type="text/html" hreflang="uk" href="/uk"><link rel="alternate" type="application/rss+xml" href="javascript:x">
		<link rel="stylesheet" type="application/rss+xml" href="/css">`
	want := []Offer{{"News & more", "https://news.example.org/rss"}, {"", "https://other.example.org/atom"}}
	if have := Offers([]byte(page(head, paragraphs(first))), "text/html", address); !slices.Equal(have, want) {
		t.Errorf("offers %+v; want %+v", have, want)
	}
	if have := Offers([]byte("plain <link>"), "text/plain", address); have != nil {
		t.Errorf("a text offers %+v", have)
	}
}
