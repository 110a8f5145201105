package article

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/corpus"
)

// FuzzExtract checks that any bytes give a document that keeps the promises of
// corpus.Document, or an error.
func FuzzExtract(f *testing.F) {
	story := paragraphs(first, second, third)
	for _, s := range []struct{ page, contentType, address string }{
		{page("<title>Talks</title>", story), "text/html; charset=utf-8", address},
		{page(`<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","author":[{"@id":"#a"}],"datePublished":"2026-05-14"},{"@id":"#a","name":["Ann",{"name":"Bob"}]}]}</script>`, story), "text/html", ""},
		{`<html lang=uk><head><meta property=og:title content="A | B"><base href=//x><link rel=canonical href="?a#b"><body><article><h1><a href=/x>A</a></h1>` + story, "application/xhtml+xml", "https://example.org"},
		{"<div class='author comment'><p hidden>x<p style='display:none'>y<table><tr><td>1<td><ul><li>2</table><br><br>z<pre>\n a\n</pre>", "text/html; charset=windows-1251", "https://a.b/2026/05/14/x"},
		{"<frameset><frame src=a><noframes>x</noframes></frameset>", "", "x"},
		{"\xff\xfe<\x00p\x00>\x00a\x00", "", ""},
		{"plain\x00text\r\n", "text/plain", ""},
		{"<amp-story><svg><title>x</title><math><mi>y</mi></math></svg>&#0;&#x1F600;&notanentity;<![CDATA[x]]><!-- <p>x", "text/html", ""},
		{"<h1>T</h1><time datetime=2026-02-30>30.02.2026</time><span class=byline>By A and B 14 May</span>" + story, "text/html", ""},
	} {
		f.Add([]byte(s.page), s.contentType, s.address)
	}
	f.Fuzz(func(t *testing.T, page []byte, contentType, address string) {
		d, err := Extract(page, contentType, address)
		if err != nil {
			if d.Text != "" || d.Title != "" {
				t.Errorf("a document beside the error %v", err)
			}
			return
		}
		check(t, d)
	})
}

// check checks what a document promises.
func check(t *testing.T, d corpus.Document) {
	t.Helper()
	for name, s := range map[string]string{
		"text": d.Text, "title": d.Title, "author": d.Author, "publisher": d.Publisher, "language": d.Language, "license": d.License, "summary": d.Summary,
	} {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Errorf("%s is no text: %q", name, s)
		}
		if name != "text" && strings.ContainsAny(s, "\n\r") {
			t.Errorf("%s has lines: %q", name, s)
		}
	}
	if strings.TrimSpace(d.Text) == "" || d.Text != strings.Trim(d.Text, "\n") {
		t.Errorf("text begins or ends with white space, or is empty: %q", d.Text)
	}
}

// TestErrorsAreWrapped checks that a caller can tell the errors, and that they do not
// repeat what an address may hide.
func TestErrorsAreWrapped(t *testing.T) {
	_, err := Extract(nil, "text/html", address+"?token=hush")
	if !errors.Is(err, ErrNoText) {
		t.Errorf("%v", err)
	}
	for _, at := range []string{address + "?token=hush", "http://u:hush@[::1/"} {
		if _, err := Extract(nil, "text/html", at); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%v", err)
		}
	}
}
