package render

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"parley/bot"
	"parley/bot/bottest/discordtest"
	"parley/bot/discord/rest"
	"parley/bot/safetext"
)

var noLog = slog.New(slog.DiscardHandler)

func draw(w io.Writer) error { _, err := io.WriteString(w, "\x89PNG"); return err }

// everything is a reply with every kind of block.
func everything() bot.Reply {
	return bot.Reply{
		Blocks: []bot.Block{
			bot.Note{Line: bot.Line{{Text: "Read “crimia” as “Crimea”."}}},
			bot.Heading{Text: "Russia on *Territory*"},
			bot.Quote{
				Number: 1, Labels: []string{"demands", "latest"}, CutAfter: true,
				Segments: []bot.Segment{{Text: "The talks began. "}, {Text: "They must ", Key: true}, {Text: "leave", Key: true, Match: true}, {Text: " _now_. ", Key: true}, {Text: "He left."}},
				Citation: bot.Citation{Speaker: "Putin", Publisher: "RTW News", Title: "A [title]", Date: "8 May 2026", URL: "https://rtw.example/a_(b)",
					AlsoIn: []bot.Run{{Text: "Reuters", URL: "https://reuters.example/1"}}},
			},
			bot.Quote{Number: 2, CutBefore: true, Segments: []bot.Segment{{Text: "Перший рядок.\n- другий", Key: true}}, Citation: bot.Citation{Publisher: "Ukrinform", Title: "Назва", Date: "2025"}},
			bot.Text{Line: bot.Line{{Text: "The record has nothing more."}}},
			bot.List{Title: "Nearest", Items: []bot.Line{{{Text: "1. A title"}}, {{Text: "A page", URL: "https://p.example"}}}},
			bot.Fields{Title: "A document", Rows: []bot.Field{
				{Name: "Publisher", Value: bot.Line{{Text: "RTW News"}}}, {Name: "Link", Value: bot.Line{{Text: "https://rtw.example/1", URL: "https://rtw.example/1"}}},
				{Name: "Empty", Value: bot.Line{{Text: " "}}},
			}},
			bot.Heading{Text: "Timeline"},
			bot.Picture{Name: "timeline.png", Alt: "Two marks.", Draw: draw},
			bot.Note{Line: bot.Line{{Text: "4 documents from 3 publishers."}}},
			bot.Note{Line: bot.Line{{Text: "The record goes through *8 May 2026*."}}},
		},
		Actions: []bot.Action{{Label: "Older", Command: "stance", Args: bot.Args{"page": "2"}}, {Label: "Source 1", Command: "source", Args: bot.Args{"passage": "a#1"}}},
	}
}

func TestARenderedReply(t *testing.T) {
	all := Messages(noLog, everything())
	if len(all) != 1 {
		t.Fatalf("%d messages", len(all))
	}
	var got []string
	for _, e := range all[0].Embeds {
		part := e.Title + "|" + e.Description
		for _, f := range e.Fields {
			part += fmt.Sprintf("|%s=%s,%t", f.Name, f.Value, f.Inline)
		}
		if e.Image != nil {
			part += "|" + e.Image.URL
		}
		if e.Footer != nil {
			part += "|" + e.Footer.Text
		}
		got = append(got, part)
	}
	want := []string{
		"|-# Read “crimia” as “Crimea”.",
		"Russia on \\*Territory\\*|-# 1 · demands · latest\n" +
			"> “The talks began. **They must leave \\_now\\_.** He left.” …\n" +
			"Putin, reported by RTW News, [“A \\[title\\]”, 8 May 2026](https://rtw.example/a_%28b%29)\n" +
			"-# Also in [Reuters](https://reuters.example/1)",
		"|-# 2\n> … “**Перший рядок.**\n> **- другий**”\nUkrinform, “Назва”, 2025",
		"|The record has nothing more.\n**Nearest**\n- 1\\. A title\n- [A page](https://p.example)",
		"A document||Publisher=RTW News,true|Link=<https://rtw.example/1>,false",
		"Timeline||attachment://timeline.png|4 documents from 3 publishers.\nThe record goes through *8 May 2026*.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f := all[0].Files; len(f) != 1 || f[0].Alt != "Two marks." {
		t.Errorf("the files are %+v", f)
	}
}

func TestAPictureThatCannotBeDrawnIsItsText(t *testing.T) {
	r := bot.Reply{Blocks: []bot.Block{bot.Picture{Name: "x.png", Alt: "Two marks.", Draw: func(io.Writer) error { return errors.New("no ink") }}}}
	all := Messages(noLog, r)
	if len(all) != 1 || len(all[0].Files) != 0 || all[0].Embeds[0].Description != "Two marks." {
		t.Errorf("%+v", all)
	}
}

// longText are sentences of about so many characters together.
func longText(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "This is sentence number %d of a rather long passage. ", i)
	}
	return b.String()
}

func longQuote(number, before, after int) bot.Quote {
	return bot.Quote{
		Number:   number,
		Segments: []bot.Segment{{Text: longText(before)}, {Text: fmt.Sprintf("The key sentence is number %d.", number), Key: true}, {Text: " " + longText(after)}},
		Citation: bot.Citation{Publisher: "RTW News", Title: fmt.Sprint("Title ", number), Date: "8 May 2026", URL: fmt.Sprint("https://rtw.example/", number)},
	}
}

func TestLongQuotationsAreCutAtSentencesAroundTheKey(t *testing.T) {
	var r bot.Reply
	for i := range 5 {
		r.Blocks = append(r.Blocks, longQuote(i+1, 2000, 2000))
	}
	all := Messages(noLog, r)
	if len(all) != 1 || totalLen(all[0].Embeds) > maxEmbedTotal || totalLen(all[0].Embeds) < maxEmbedTotal-600 {
		t.Fatalf("%d messages, the first of %d", len(all), totalLen(all[0].Embeds))
	}
	for i, e := range all[0].Embeds {
		quoted := strings.Split(e.Description, "\n")[1]
		if !strings.HasPrefix(quoted, "> … “This is") || !strings.HasSuffix(quoted, "passage.” …") || !strings.Contains(quoted, fmt.Sprintf("**The key sentence is number %d.**", i+1)) {
			t.Errorf("quoted as %s", quoted)
		}
		if !strings.Contains(e.Description, fmt.Sprintf("https://rtw.example/%d)", i+1)) {
			t.Errorf("without its citation: %s", e.Description)
		}
	}
}

func TestMessagesAreAddedRatherThanCitationsLost(t *testing.T) {
	var r bot.Reply
	for i := range 14 {
		r.Blocks = append(r.Blocks, longQuote(i+1, 100, 900))
	}
	all := Messages(noLog, r)
	text := ""
	for _, m := range all {
		if len(m.Embeds) > maxEmbeds || totalLen(m.Embeds) > maxEmbedTotal {
			t.Errorf("a message of %d embeds, %d units", len(m.Embeds), totalLen(m.Embeds))
		}
		for _, e := range m.Embeds {
			text += e.Description
		}
	}
	for i := range 14 {
		if !strings.Contains(text, fmt.Sprintf("/%d)", i+1)) {
			t.Errorf("citation %d is lost", i+1)
		}
	}
	if len(all) > 3 {
		t.Errorf("%d messages", len(all))
	}
}

func TestASentenceLongerThanAnEmbedIsCutBetweenWords(t *testing.T) {
	q := bot.Quote{Segments: []bot.Segment{{Text: strings.Repeat("слово ", 2000), Key: true}}, Citation: bot.Citation{Publisher: "P", Title: "T", Date: "2025"}}
	e := Messages(noLog, bot.Reply{Blocks: []bot.Block{q}})[0].Embeds[0]
	if n := safetext.UTF16Len(e.Description); n > maxDescription || n < maxDescription-50 || !strings.Contains(e.Description, "слово**” …\nP, “T”") {
		t.Errorf("%d: … %s", n, e.Description[len(e.Description)-80:])
	}
}

// someReply makes a reply of any blocks, long and short, with text that is nasty.
func someReply(r *rand.Rand) (reply bot.Reply) {
	text := func(most int) string {
		var b strings.Builder
		for n := r.IntN(most); b.Len() < n; {
			b.WriteString(nasty[r.IntN(len(nasty))] + " " + longText(r.IntN(200)))
		}
		return b.String()
	}
	line := func(most int) bot.Line {
		return bot.Line{{Text: "x " + text(most)}, {Text: text(60), URL: "https://a.example/" + strings.Repeat("y(", r.IntN(60))}}
	}
	for range 1 + r.IntN(9) {
		var b bot.Block
		switch r.IntN(8) {
		case 0:
			b = bot.Heading{Text: "x" + text(600)}
		case 1:
			b = bot.Text{Line: line(5000)}
		case 2:
			b = bot.Note{Line: bot.Line{{Text: "x" + text(3000)}}}
		case 3:
			l := bot.List{Title: "x" + text(300)}
			for range r.IntN(40) {
				l.Items = append(l.Items, line(400))
			}
			b = l
		case 4:
			f := bot.Fields{Title: text(400)}
			for range 1 + r.IntN(30) {
				f.Rows = append(f.Rows, bot.Field{Name: text(400), Value: line(1500)})
			}
			b = f
		case 5:
			b = bot.Picture{Name: fmt.Sprintf("p%d.png", r.IntN(1e9)), Alt: text(2000), Draw: draw}
		default:
			b = bot.Quote{
				Number: 1 + r.IntN(5), Labels: []string{text(100)}, CutBefore: r.IntN(2) == 0,
				Segments: []bot.Segment{{Text: text(6000)}, {Text: text(2000), Key: true}, {Text: text(6000)}},
				Citation: bot.Citation{Publisher: "x" + text(100), Title: text(300), Date: "2025", URL: "https://a.example/"},
			}
		}
		reply.Blocks = append(reply.Blocks, b)
	}
	return reply
}

// TestAnyReplyFitsDiscord sends replies of all shapes; the fake refuses what Discord does.
func TestAnyReplyFitsDiscord(t *testing.T) {
	t.Parallel()
	fake := discordtest.New(discordtest.Options{Token: "t", Unchecked: true})
	defer fake.Close()
	own := &http.Transport{}
	defer own.CloseIdleConnections()
	address, err := url.Parse(fake.URL() + "/")
	if err != nil {
		t.Fatal(err)
	}
	ch := fake.NewGuild("talks", fake.NewUser("ann")).Text("general")
	for seed := range uint64(80) {
		client := rest.NewClient("t", own, address, time.Now) // one a reply, so that none waits for its pace
		for _, m := range Messages(noLog, someReply(rand.New(rand.NewPCG(seed, 1)))) {
			body := map[string]any{"embeds": m.Embeds, "allowed_mentions": map[string]any{"parse": []string{}}}
			var attachments []map[string]any
			var files []rest.File
			for i, f := range m.Files {
				attachments = append(attachments, map[string]any{"id": i, "filename": f.Name, "description": f.Alt})
				files = append(files, rest.File{Name: f.Name, Kind: f.Kind, Data: f.Data})
			}
			if len(files) > 0 {
				body["attachments"] = attachments
			}
			post := rest.Call{Method: http.MethodPost, URL: discordgo.EndpointChannelMessages(ch.ID.String()), Body: body, Files: files}
			if err := client.Do(t.Context(), post); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
	if v := fake.Violations(); len(v) > 0 {
		t.Errorf("violations %q", v)
	}
}

func TestAShownQuotationIsVerbatim(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		source := strings.TrimSpace(nasty[r.IntN(len(nasty))] + " " + longText(r.IntN(3000)) + nasty[r.IntN(len(nasty))] + " x")
		a, b := boundary(source, r.IntN(len(source))), boundary(source, r.IntN(len(source)))
		a, b = min(a, b), max(a, b)
		q := newQuotation(bot.Quote{Segments: []bot.Segment{{Text: source[:a]}, {Text: source[a:b], Key: true}, {Text: source[b:]}}})
		room := 200 + r.IntN(3000)
		md := q.markdown(room)
		if safetext.UTF16Len(md) > room {
			t.Errorf("seed %d: %d units, not %d", seed, safetext.UTF16Len(md), room)
		}
		shown := strings.ReplaceAll(strings.TrimPrefix(md, "> "), "\n> ", "\n")
		shown = strings.TrimSuffix(strings.TrimPrefix(shown, "… "), " …")
		shown, ok := strings.CutPrefix(shown, "“")
		shown, ok2 := strings.CutSuffix(shown, "”")
		text := plain(shown)
		if !ok || !ok2 || !strings.Contains(Clean(source), text) {
			t.Fatalf("seed %d: %q is not of %q", seed, text, source)
		}
	}
}

// boundary is the next offset at which a character begins.
func boundary(s string, at int) int {
	for !utf8.RuneStart(s[at]) {
		at++
	}
	return at
}

func TestWhatOnlyComesCloseHasAnotherColourAndMark(t *testing.T) {
	quote := bot.Quote{Number: 1, Segments: []bot.Segment{{Text: "Bread is dear."}}, Citation: bot.Citation{Publisher: "P", Title: "T"}}
	closest := quote
	closest.Closest = true
	messages := Messages(slog.New(slog.DiscardHandler), bot.Reply{Blocks: []bot.Block{quote, closest}})
	if len(messages) != 1 || len(messages[0].Embeds) != 2 {
		t.Fatalf("%d messages", len(messages))
	}
	sure, close := messages[0].Embeds[0], messages[0].Embeds[1]
	if sure.Color == close.Color || !strings.Contains(close.Description, "≈1") || strings.Contains(sure.Description, "≈") {
		t.Errorf("%x %q, %x %q", sure.Color, sure.Description, close.Color, close.Description)
	}
}
