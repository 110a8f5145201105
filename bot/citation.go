package bot

import (
	"net/url"
	"slices"
	"strings"

	"parley/corpus"
	"parley/index"
)

// Citation tells who said a quotation, who reported it, where and when.
type Citation struct {
	// Document is the id by which "/source" finds the document.
	Document string
	// Speaker is who says the key sentence, as the text names him, her or it. Empty where
	// none is recognised, or where the publisher itself is the speaker.
	Speaker string
	// Publisher is who reported it; for a brief it is Parley.
	Publisher string
	// Citing are the outlets that the publisher refers to.
	Citing []string
	Title  string
	Date   string // in words, with the precision that the source has
	// Corrected is the day, in words, since which the source has the text in these words
	// instead of others; empty if it never changed.
	Corrected string
	URL       string // http or https, or empty
	// BasedOn are the pages that a brief rests on; empty for everything else.
	BasedOn []Run
	// AlsoIn are publishers of the same text.
	AlsoIn []Run
	// Language is that of the words between these; empty: English.
	Language string
}

// Attribution is "Zelensky, reported by RTW News" or
// "Wikipedia Current Events, citing Ukrinform".
func (c Citation) Attribution() string {
	w := speak(c.Language)
	who := c.Publisher
	if c.Speaker != "" {
		who = w.say(sayReportedBy, data{"Speaker": c.Speaker, "Publisher": who})
	}
	if len(c.Citing) > 0 {
		who = w.say(sayCiting, data{"Publisher": who, "Outlets": w.enumerate(c.Citing, maxCiting)})
	}
	return who
}

// Lines are the whole citation: who, what, when and where, then who else has the same text.
func (c Citation) Lines() []Line {
	w := speak(c.Language)
	var first Line
	if len(c.BasedOn) > 0 {
		first = append(Line{{Text: w.say(sayBriefBasedOn, data{"Publisher": c.Attribution(), "Date": c.Date})}},
			w.separated(c.BasedOn, len(c.BasedOn))...)
	} else {
		first = Line{{Text: c.Attribution()}, {Text: ", "}, {w.say(sayCited, data{"Title": c.Title, "Date": c.Date}), c.URL}}
	}
	if c.Corrected != "" {
		first = append(first, Run{Text: ", " + w.say(sayCorrected, data{"Date": c.Corrected})})
	}
	lines := []Line{first}
	if len(c.AlsoIn) > 0 {
		lines = append(lines, append(Line{{Text: w.say(sayAlsoIn, nil)}}, w.separated(c.AlsoIn, maxCiting)...))
	}
	return lines
}

// cite is the citation of a document, whoever speaks in it.
func (w words) cite(src corpus.Source) Citation {
	c := Citation{
		Document: src.ID, Publisher: w.publisher(src), Citing: src.ReportedBy,
		Title: titleOf(src), Date: w.date(src.Published), Corrected: w.known(src.Corrected), URL: link("", src.URL).URL, Language: w.tag,
	}
	for _, ref := range src.BasedOn {
		c.BasedOn = append(c.BasedOn, link(or(ref.Publisher, ref.Title, ref.URL), ref.URL))
	}
	return c
}

// citeHit is the citation of a passage that answers.
func (b *Bot) citeHit(w words, h index.Hit) Citation {
	return b.citation(w, h.Source, h.Speaker, h.Speakers, h.AlsoIn)
}

// citation is that of words which speaker says for actors. The words of a brief are
// Parley's, so nobody else is named as speaking them.
func (n naming) citation(w words, src corpus.Source, speaker string, actors []string, also []corpus.Source) Citation {
	c := w.cite(src)
	own := speaker != "" && speaker == src.Publisher // the document speaks for itself
	if !src.IsBrief() && !own {
		c.Speaker = speaker
		if c.Speaker == "" && len(actors) > 0 {
			c.Speaker = n.actorName(w, actors[0])
		}
	}
	for _, other := range also {
		c.AlsoIn = append(c.AlsoIn, link(w.publisher(other), other.URL))
	}
	return c
}

// publisher names who published a document; it never guesses.
func (w words) publisher(src corpus.Source) string {
	if src.IsBrief() {
		return w.say(sayBrief, nil)
	}
	return or(src.Publisher, src.Author, w.say(sayNoPublisher, nil))
}

// titleOf is the document's title, or its id where it has none.
func titleOf(src corpus.Source) string { return or(src.Title, src.ID) }

// link is a run that leads to a page. An address that is not http or https is not
// a link: nothing that a document says may make a client open something else.
func link(text, address string) Run {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Run{Text: text}
	}
	return Run{text, address}
}

// or is the first text that is not blank.
func or(texts ...string) string {
	i := slices.IndexFunc(texts, func(t string) bool { return strings.TrimSpace(t) != "" })
	if i < 0 {
		return ""
	}
	return texts[i]
}
