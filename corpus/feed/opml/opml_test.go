package opml

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/corpus/feed"
	"parley/corpus/feed/xmlrepair"
)

var list = List{Title: "Talks", Outlines: []Outline{
	{Text: "Governments", Outlines: []Outline{
		{Text: "Kyiv & others", Type: "rss", XMLURL: "https://example.org/feed?a=1&b=2", HTMLURL: "https://example.org/", Language: "uk"},
		{Text: "Empty folder"},
		{Text: "Folder", Title: "Second", Outlines: []Outline{{Text: `"Deep" <one>`, Type: "rss", XMLURL: "https://deep.example.org/rss", Category: "/a,/b", Description: "line"}}},
	}},
	{Text: "No folder", Type: "rss", XMLURL: "http://example.net/atom.xml"},
	{Text: "A page", Type: "link", HTMLURL: "http://example.net/"},
}}

func TestOPMLGoesBothWays(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, list); err != nil {
		t.Fatal(err)
	}
	back, err := Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list, back); diff != "" {
		t.Errorf("written and read back (-want +got):\n%s", diff)
	}
}

func TestFeedsOfAList(t *testing.T) {
	var got []string
	for folders, o := range list.Feeds() {
		got = append(got, strings.Join(folders, "/")+": "+o.XMLURL)
	}
	want := []string{"Governments: https://example.org/feed?a=1&b=2", "Governments/Folder: https://deep.example.org/rss", ": http://example.net/atom.xml"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for range list.Feeds() {
		break // stops early
	}
}

func TestOPMLOfOtherReaders(t *testing.T) {
	got, err := Read([]byte("\ufeff" + `<?xml version="1.0" encoding="windows-1251"?><!-- made by hand -->
		<OPML version="1.1"><HEAD><TITLE>Mine &nbsp; &copy;</TITLE><ownerEmail>a@example.org</ownerEmail></HEAD>
		<BODY><OUTLINE TEXT="A & B" XMLURL="https://example.org/a?x=1&y=2"></OUTLINE>
		<outline title=unquoted xmlUrl="javascript:alert(1)"/><outline text="b"><outline text="c" url="http://c.example.org/"/></outline></BODY></OPML>`))
	if err != nil {
		t.Fatal(err)
	}
	want := List{Title: "Mine ©", Outlines: []Outline{
		{Text: "A & B", XMLURL: "https://example.org/a?x=1&y=2"}, {Title: "unquoted", XMLURL: "javascript:alert(1)"},
		{Text: "b", Outlines: []Outline{{Text: "c", XMLURL: "http://c.example.org/"}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, o := range got.Feeds() {
		if strings.HasPrefix(o.XMLURL, "javascript") {
			t.Error("an address that is none of the web is given out as a feed")
		}
	}
}

func TestOPMLThatIsRefused(t *testing.T) {
	deep := strings.Repeat(`<outline text="x">`, 10_000)
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"empty":   {"", ErrNotOPML},
		"a feed":  {"<rss><channel/></rss>", ErrNotOPML},
		"cut off": {`<opml><body><outline text="a" xmlUrl="https://example.org/"/><outline te`, ErrNotOPML},
		"deep":    {"<opml><body>" + deep, xmlrepair.ErrHostile},
		"laughs":  {`<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><opml/>`, xmlrepair.ErrHostile},
		"large":   {strings.Repeat(" ", feed.MaxBytes+1), feed.ErrTooLarge},
	} {
		if _, err := Read([]byte(tc.text)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOPML(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, list); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`<opml><head><title>t</title></head><body><outline text="&#x9;a" xmlUrl=b><x><outline/></x></outline></body></opml>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := Read(data)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := Write(&b, first); err != nil {
			t.Fatal(err)
		}
		second, err := Read(b.Bytes())
		if err != nil {
			t.Fatalf("%v in what was written: %s", err, b.Bytes())
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("written and read back (-want +got):\n%s", diff)
		}
	})
}
