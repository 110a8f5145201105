package feed

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/corpus/schedule"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// parsed is a feed that must be readable.
func parsed(t *testing.T, text string) Feed {
	t.Helper()
	f, err := Parse([]byte(text), "", "https://example.org/feeds/main.xml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// oneItem is the only item of a feed.
func oneItem(t *testing.T, text string) Item {
	t.Helper()
	f := parsed(t, text)
	if len(f.Items) != 1 {
		t.Fatalf("the feed has %d items: %+v", len(f.Items), f)
	}
	return f.Items[0]
}

func rssOf(item string) string {
	return `<rss version="2.0"><channel><title>News</title>` + item + `</channel></rss>`
}

const wholeRSS = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
 <title>Foreign Ministry &amp;mdash; News</title>
 <link>https://mfa.example.org</link>
 <description>What the &lt;b&gt;ministry&lt;/b&gt; says</description>
 <language>en-us</language>
 <lastBuildDate>Fri, 14 Feb 2025 10:00:00 GMT</lastBuildDate>
 <ttl>90</ttl><skipHours><hour>1</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>
 <item>
  <title>Talks in &lt;i&gt;Riyadh&lt;/i&gt;</title>
  <link>/news/1?utm_source=rss&amp;id=7</link>
  <guid isPermaLink="false">mfa-1</guid>
  <pubDate>Fri, 14 Feb 2025 09:30:00 +0300</pubDate>
  <dc:creator>Press Service</dc:creator>
  <category>Talks</category><category>talks</category><category>Security</category>
  <description><![CDATA[<p>The delegations <a href="/x">met</a>.</p><script>alert(1)</script>]]></description>
  <content:encoded><![CDATA[<h2>Riyadh</h2><p>First&nbsp;day.<br>Second line.</p><ul><li>One</li><li>Two</li></ul>]]></content:encoded>
 </item>
</channel></rss>`

func TestRSS(t *testing.T) {
	got := parsed(t, wholeRSS)
	want := Feed{
		Format: "rss 2.0", Title: "Foreign Ministry — News", Description: "What the ministry says", URL: "https://mfa.example.org/",
		Language: "en-US", Updated: got.Updated,
		Hints: schedule.Hints{Every: 90 * time.Minute, SkipHours: []int{1, 0}, SkipDays: []time.Weekday{time.Sunday}},
		Items: []Item{{
			ID: "mfa-1", URL: "https://example.org/news/1?id=7", Title: "Talks in Riyadh", Published: got.Items[0].Published,
			Author: "Press Service", Categories: []string{"Talks", "Security"}, Language: "en-US",
			Summary: "The delegations met.", Text: "Riyadh\n\nFirst day.\nSecond line.\n\nOne\n\nTwo",
		}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b fmt.Stringer) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if u, p := got.Updated.String(), got.Items[0].Published.String(); u != "2025-02-14T10:00:00Z" || p != "2025-02-14T09:30:00+03:00" {
		t.Errorf("dates %s, %s", u, p)
	}
}

func TestAtom(t *testing.T) {
	f := parsed(t, `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk" xml:base="https://president.example.org/">
		<title type="text">AT&amp;T &lt;b> says</title><link rel="self" href="atom.xml"/><link href="/"/><updated>2025-02-14T10:00:00Z</updated>
		<author><name>Office</name><email>press@example.org</email></author>
		<entry xml:lang="en"><id>urn:1</id><title type="html">A &amp;lt; B &lt;b>bold&lt;/b></title>
		 <link rel="enclosure" href="a.mp3"/><link rel="alternate" type="application/json" href="a.json"/><link type="text/html" href="a.html#top"/>
		 <published>2025-02</published><updated>2025-02-14T09:00:00Z</updated><category term="t" label="Talks"/>
		 <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &lt;tag></p><p>Two</p></div></summary>
		 <content type="html">&lt;p>Whole&lt;/p></content></entry>
		<entry><id>urn:2</id><title>Second</title><content type="text/plain" xml:lang="ru">a &lt; b</content><source><title>Elsewhere</title></source></entry>
		</feed>`)
	if f.Format != "atom 1.0" || f.Title != "AT&T <b> says" || f.URL != "https://president.example.org/" || f.Self != "https://president.example.org/atom.xml" || f.Language != "uk" {
		t.Errorf("the feed is %+v", f)
	}
	first, second := f.Items[0], f.Items[1]
	if first.URL != "https://president.example.org/a.html" || first.Title != "A < B bold" || first.Published.String() != "2025-02" ||
		first.Updated.String() != "2025-02-14T09:00:00Z" || first.Language != "en" || first.Author != "Office" ||
		first.Summary != "One <tag>\n\nTwo" || first.Text != "Whole" || first.Categories[0] != "Talks" {
		t.Errorf("the first entry is %+v", first)
	}
	if second.URL != "" || second.Text != "a < b" || second.Language != "ru" || second.Source != "Elsewhere" || !second.Published.IsZero() {
		t.Errorf("the second entry is %+v", second)
	}
}

func TestRDF(t *testing.T) {
	f := parsed(t, `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
		xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
		<channel rdf:about="https://example.org/"><title>RDF</title><link>https://example.org/</link><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
		<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link><dc:date>2025-02-14</dc:date><dc:language>ru</dc:language></item></rdf:RDF>`)
	if f.Format != "rdf" || f.Hints.Every != 6*time.Hour || len(f.Items) != 1 {
		t.Fatalf("the feed is %+v", f)
	}
	if i := f.Items[0]; i.ID != "https://example.org/1" || i.Published.String() != "2025-02-14" || i.Language != "ru" {
		t.Errorf("the item is %+v", i)
	}
}

func TestJSONFeed(t *testing.T) {
	f := parsed(t, `{"version":"https://jsonfeed.org/version/1.1","title":"A < B","home_page_url":"/","language":"en","authors":[{"name":"Desk"}],
		"items":[{"id":7,"url":"a?utm_medium=x","title":"<b>literal</b>","content_text":"one\n\ntwo","date_published":"2025-02-14T09:30:00Z","tags":["x"]},null,
		{"id":"b","content_html":"<p>1</p><p>2</p>","summary":"s","external_url":"https://b.example.org/"}]}`)
	if f.Format != "json 1.1" || f.Title != "A < B" || f.URL != "https://example.org/" || len(f.Items) != 2 {
		t.Fatalf("the feed is %+v", f)
	}
	if i := f.Items[0]; i.ID != "7" || i.URL != "https://example.org/feeds/a" || i.Title != "<b>literal</b>" || i.Text != "one\n\ntwo" || i.Author != "Desk" || i.Published.String() != "2025-02-14T09:30:00Z" {
		t.Errorf("the first item is %+v", i)
	}
	if i := f.Items[1]; i.Text != "1\n\n2" || i.Summary != "s" || i.URL != "https://b.example.org/" {
		t.Errorf("the second item is %+v", i)
	}
}

func TestTheAddressOfAnItem(t *testing.T) {
	for name, tc := range map[string]struct{ item, want string }{
		"guid is the link":         {`<item><guid>https://example.org/g</guid></item>`, "https://example.org/g"},
		"guid is none":             {`<item><guid isPermaLink="false">https://example.org/g</guid></item>`, ""},
		"link before guid":         {`<item><guid>https://example.org/g</guid><link>https://example.org/l</link></item>`, "https://example.org/l"},
		"empty link":               {`<item><link/><guid>https://example.org/g</guid></item>`, "https://example.org/g"},
		"link with white space":    {"<item><link>\n https://example.org/\na </link></item>", "https://example.org/a"},
		"relative":                 {`<item><link>a</link></item>`, "https://example.org/feeds/a"},
		"relative to xml:base":     {`<item xml:base="https://b.example.org/x/"><link>a</link></item>`, "https://b.example.org/x/a"},
		"script":                   {`<item><link>javascript:alert(1)</link></item>`, ""},
		"what feedburner hides":    {`<item xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><link>https://feeds.example.net/~r/1</link><feedburner:origLink>https://example.org/o</feedburner:origLink></item>`, "https://example.org/o"},
		"an atom link inside":      {`<item xmlns:atom="http://www.w3.org/2005/Atom"><atom:link href="/al"/></item>`, "https://example.org/al"},
		"bare ampersand":           {`<item><link>https://example.org/?a=1&b=2&copy=3</link></item>`, "https://example.org/?a=1&b=2&copy=3"},
		"only comments have a URL": {`<item><comments>https://example.org/c</comments></item>`, "https://example.org/c"},
	} {
		if got := oneItem(t, rssOf(tc.item)).URL; got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestItemsAreToldApart(t *testing.T) {
	f := parsed(t, rssOf(`<item><guid isPermaLink="false">1</guid><title>first</title></item>
		<item><guid isPermaLink="false"> 1 </guid><title>again</title></item>
		<item><link>https://example.org/a?utm_source=x</link></item><item><link>https://example.org/a#b</link></item>
		<item><title>no name</title></item><item><title>no name</title></item><item><title>no name at all</title></item>`))
	var titles []string
	for _, i := range f.Items {
		titles = append(titles, i.Title+"|"+i.URL)
	}
	want := []string{"first|", "|https://example.org/a", "no name|", "no name at all|"}
	if diff := cmp.Diff(want, titles); diff != "" || f.Duplicates != 3 {
		t.Errorf("%d duplicates; %s", f.Duplicates, diff)
	}
}

func TestAuthors(t *testing.T) {
	for in, want := range map[string]string{
		"press@example.org (Press Office)": "Press Office", "Press Office <press@example.org>": "Press Office",
		"Press Office (press@example.org)": "Press Office", "press@example.org": "", "mailto:press@example.org": "", "Press @ Office": "Press @ Office", "": "",
	} {
		if got := oneItem(t, rssOf(`<item><author>`+strings.NewReplacer("<", "&lt;").Replace(in)+`</author></item>`)).Author; got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := names([]string{"A", "B", "A", "b@example.org"}); got != "A, B" {
		t.Errorf("several authors are %q", got)
	}
}

func TestCharsets(t *testing.T) {
	const title = "Переговори тривають, сторони зустрілися"
	plain := func(declared string) string {
		return `<?xml version="1.0" encoding="` + declared + `"?><rss><channel><title>` + title + `</title></channel></rss>`
	}
	encode := func(s string, to interface{ String(string) (string, error) }) string {
		out, err := to.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	cp1251, koi8 := charmap.Windows1251.NewEncoder(), charmap.KOI8U.NewEncoder()
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	for name, tc := range map[string]struct{ data, contentType string }{
		"UTF-8":                          {plain("utf-8"), ""},
		"byte order mark":                {"\ufeff" + plain("utf-8"), ""},
		"declared in the file":           {encode(plain("windows-1251"), cp1251), "text/xml"},
		"declared in the header":         {encode(plain("utf-8"), koi8), "text/xml; charset=koi8-u"},
		"header before file":             {encode(plain("windows-1251"), koi8), `application/rss+xml; charset="KOI8-U"`},
		"header lies, bytes are UTF-8":   {plain("utf-8"), "text/xml; charset=iso-8859-1"},
		"file lies, bytes are UTF-8":     {plain("windows-1251"), ""},
		"file lies, bytes are not UTF-8": {encode(plain("utf-8"), cp1251), ""},
		"UTF-16":                         {encode(plain("utf-16"), utf16), ""},
		"says UTF-16 and is not":         {plain("utf-16"), ""},
		"no such charset":                {plain("x-unknown"), "text/xml; charset=nonsense"},
		"broken header":                  {plain("utf-8"), "text/xml; charset==;;"},
	} {
		f, err := Parse([]byte(tc.data), tc.contentType, "")
		if err != nil || f.Title != title {
			t.Errorf("%s: %q, %v", name, f.Title, err)
		}
	}
	broken, err := Parse([]byte(strings.Replace(plain("utf-8"), "сторони", "стор\xffни", 1)), "", "")
	if want := strings.Replace(title, "сторони", "стор\ufffdни", 1); err != nil || broken.Title != want {
		t.Errorf("one bad byte: %q, %v", broken.Title, err)
	}
}

func TestIllformedFeeds(t *testing.T) {
	const whole = `<item><title>whole</title></item>`
	for name, tc := range map[string]struct {
		text    string
		titles  string
		damaged bool
	}{
		"cut in an item":        {`<rss><channel>` + whole + `<item><title>They did not agree</title><description>They did`, "whole", true},
		"cut in a tag":          {`<rss><channel>` + whole + `<item><tit`, "whole", true},
		"cut in CDATA":          {`<rss><channel>` + whole + `<item><title><![CDATA[never`, "whole", true},
		"no ends":               {`<rss><channel>` + whole, "whole", true},
		"junk before and after": {"\n\n junk <?php ?><rss><channel>" + whole + "</channel></rss><p>junk", "whole", false},
		"stray ends":            {`<rss><channel></p></b>` + whole + `</item></channel></rss>`, "whole", false},
		"unclosed in text":      {rssOf(`<item><description><p>a<br>b</description><title>x</title></item>`), "x", false},
		"wrong nesting":         {rssOf(`<item><title><b><i>x</b></i></title></item>` + whole), "x|whole", false},
		"case of tags":          {rssOf(`<Item><Title>x</title></ITEM>`), "x", false},
		"bare signs":            {rssOf(`<item><title>a & b < c &nosuch; &lt;3 ]]> d</title></item>`), "a & b < c &nosuch; <3 ]]> d", false},
		"control characters":    {rssOf("<item><title>a\x00\x08b&#0;&#x1f;c&#55296;</title></item>"), "ab\ufffdc\ufffd", false},
		"windows characters":    {rssOf("<item><title>&#147;a&#148; &#8212;</title></item>"), "“a” —", false},
		"entities of HTML":      {rssOf("<item><title>&nbsp;&laquo;a&raquo;&hellip;</title></item>"), "«a»…", false},
		"own entities":          {`<!DOCTYPE rss [<!ENTITY min "Ministry"><!ENTITY lt "&#38;#60;">]>` + rssOf("<item><title>&min; &lt;</title></item>"), "Ministry <", false},
		"attributes unquoted":   {`<rss version=two><channel><item a=b c><title>x</title></item></channel></rss>`, "x", false},
		"XML 1.1":               {`<?xml version="1.1"?>` + rssOf(whole), "whole", false},
		"comments everywhere":   {`<!-- a -- b --><rss><!----><channel><item><title>x<!-- y -->z</title></item></channel></rss>`, "xz", false},
		"prefix not declared":   {`<rss><channel><item><dc:title>x</dc:title><media:x/></item></channel></rss>`, "x", false},
		"odd default namespace": {`<rss xmlns="http://backend.userland.com/rss2"><channel>` + whole + `</channel></rss>`, "whole", false},
		"items beside channel":  {`<rss><channel/>` + whole + `</rss>`, "whole", false},
		"item in an item":       {rssOf(`<item><title>x</title><item><title>y</title></item></item>`), "x", false},
		"title of a foreigner":  {rssOf(`<item><image><title>y</title></image><title>x</title></item>`), "x", false},
	} {
		f, err := Parse([]byte(tc.text), "", "")
		var titles []string
		for _, i := range f.Items {
			titles = append(titles, i.Title)
		}
		if got := strings.Join(titles, "|"); err != nil || got != tc.titles || (f.Damage != "") != tc.damaged {
			t.Errorf("%s: %q, damage %q, %v; want %q", name, got, f.Damage, err, tc.titles)
		}
	}
}

func TestFeedsThatAreRefused(t *testing.T) {
	laughs := `<!DOCTYPE rss [<!ENTITY a "ha">`
	for i := range 9 {
		laughs += fmt.Sprintf(`<!ENTITY a%d "%s">`, i, strings.Repeat(fmt.Sprintf("&a%d;", i-1), 10))
	}
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"empty":               {"", ErrNotFeed},
		"only space":          {" \n\ufeff ", ErrNotFeed},
		"words":               {"hello", ErrNotFeed},
		"a page":              {"<!DOCTYPE html><html><head><title>x</title></head></html>", ErrNotFeed},
		"other XML":           {"<svg/>", ErrNotFeed},
		"JSON of no feed":     {`{"a":1}`, ErrNotFeed},
		"broken JSON":         {`{"version":"https://jsonfeed.org/version/1","items":[`, ErrNotFeed},
		"deep JSON":           {`{"items":` + strings.Repeat("[", 1<<20), ErrNotFeed},
		"too large":           {strings.Repeat(" ", MaxBytes+1), ErrTooLarge},
		"a billion laughs":    {laughs + "]>" + rssOf("<item><title>&a8;</title></item>"), ErrHostile},
		"itself":              {`<!DOCTYPE rss [<!ENTITY a "&a;">]>` + rssOf("<item><title>&a;</title></item>"), ErrHostile},
		"quadratic expansion": {`<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("ha", 5000) + `">]>` + rssOf("<item><title>"+strings.Repeat("&a;", 100_000)+"</title></item>"), ErrHostile},
		"a deep text":         {rssOf("<item><description>" + strings.Repeat("<b>", 100_000)), ErrHostile},
	} {
		if f, err := Parse([]byte(tc.text), "", ""); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, %+v", name, err, f)
		}
	}
	if _, err := Parse([]byte(rssOf("")), "", "http://%zz/"); err == nil {
		t.Error("an address that is none is taken")
	}
}

func TestExternalEntitiesAreNotRead(t *testing.T) {
	i := oneItem(t, `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p PUBLIC "-//X" "http://127.0.0.1/x.dtd">%p;]>`+rssOf("<item><title>a&x;b</title></item>"))
	if i.Title != "a&x;b" {
		t.Errorf("the title is %q", i.Title)
	}
}

func TestTooManyItemsAreCut(t *testing.T) {
	var items strings.Builder
	for n := range MaxItems + 10 {
		fmt.Fprintf(&items, "<item><guid>%d</guid></item>", n)
	}
	if f := parsed(t, rssOf(items.String())); len(f.Items) != MaxItems || f.Damage == "" {
		t.Errorf("%d items, damage %q", len(f.Items), f.Damage)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(wholeRSS), "text/xml; charset=utf-8")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://b/"><entry xml:lang="uk"><title type="xhtml"><div>a<b>c</b></div></title><content mode="base64">YQ==</content><link href="?a"/></entry></feed>`), "")
	f.Add([]byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item rdf:about="x"><title>&#38;&nbsp;</title></item>`), "")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"content_html":"<p>x","authors":[null]},null]}`), "application/feed+json")
	f.Add([]byte(`<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><![CDATA[<]]><title>&a;<!-- --></b></title>`), "text/xml; charset=windows-1251")
	f.Add([]byte("\xff\xfe<\x00r\x00s\x00s\x00>\x00"), "")
	f.Fuzz(func(t *testing.T, data []byte, contentType string) {
		feed, err := Parse(data, contentType, "http://example.org/feed")
		if err != nil && !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrHostile) && !errors.Is(err, ErrTooLarge) {
			t.Fatalf("an error of no known kind: %v", err)
		}
		checkSane(t, "fuzz", feed)
	})
}

// TestALicenseIsTheItemsOrTheFeeds has the forms in which feeds state one.
func TestALicenseIsTheItemsOrTheFeeds(t *testing.T) {
	const by = "https://creativecommons.org/licenses/by/4.0/"
	for text, want := range map[string]string{
		`<rss version="2.0" xmlns:c="http://backend.userland.com/creativeCommonsRssModule"><channel><c:license>` + by + `</c:license>
			<copyright>Ours</copyright><item><title>A</title></item></channel></rss>`: by,
		`<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><copyright>All rights reserved</copyright>
			<item><title>A</title><dc:rights>CC0</dc:rights></item></channel></rss>`: "CC0",
		`<rss version="2.0"><channel><copyright>© 2025 The &lt;b&gt; Ministry</copyright><item><title>A</title></item></channel></rss>`: "© 2025 The <b> Ministry",
		`<feed xmlns="http://www.w3.org/2005/Atom"><rights>Feed</rights><entry><title>A</title>
			<rights type="html">CC &lt;b&gt;BY&lt;/b&gt; 4.0</rights></entry></feed>`: "CC BY 4.0",
		`<feed xmlns="http://www.w3.org/2005/Atom"><link rel="license" href="` + by + `"/><entry><title>A</title></entry></feed>`:                               by,
		`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><entry><title>A</title><dc:rights>PD</dc:rights></entry></feed>`: "PD",
	} {
		if have := oneItem(t, text).License; have != want {
			t.Errorf("license %q; want %q of\n%s", have, want, text)
		}
	}
}

// BenchmarkParse reads a feed of 200 items with their whole texts, some 600 KB.
func BenchmarkParse(b *testing.B) {
	var items strings.Builder
	for n := range 200 {
		fmt.Fprintf(&items, "<item><guid isPermaLink=\"false\">%d</guid><title>Item %[1]d &amp; more</title><link>https://example.org/%[1]d?utm_source=rss</link>"+
			"<pubDate>Fri, 14 Feb 2025 09:30:00 +0300</pubDate><category>a</category><description>%s</description></item>",
			n, strings.Repeat("&lt;p&gt;The delegations met in <![CDATA[<b>Riyadh</b>]]> on Friday &amp;mdash; again.&lt;/p&gt;\n", 32))
	}
	text := []byte(rssOf(items.String()))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if f, err := Parse(text, "", ""); err != nil || len(f.Items) != 200 {
			b.Fatal(len(f.Items), err)
		}
	}
}
