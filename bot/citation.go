package bot

import (
	"net/url"
	"slices"
	"strings"

	"parley/bot/wording"
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
	w := wording.In(c.Language)
	who := c.Publisher
	if c.Speaker != "" {
		who = w.Fill("reported_by", wording.Data{"Speaker": c.Speaker, "Publisher": who})
	}
	if len(c.Citing) > 0 {
		who = w.Fill("citing", wording.Data{"Publisher": who, "Outlets": enumerate(w, c.Citing, maxCiting)})
	}
	return who
}

// Lines are the whole citation: who, what, when and where, then who else has the same text.
func (c Citation) Lines() []Line {
	w := wording.In(c.Language)
	var first Line
	if len(c.BasedOn) > 0 {
		first = append(Line{{Text: w.Fill("brief_based_on", wording.Data{"Publisher": c.Attribution(), "Date": c.Date})}},
			separated(w, c.BasedOn, len(c.BasedOn))...)
	} else {
		first = Line{{Text: c.Attribution()}, {Text: ", "}, {w.Fill("cited", wording.Data{"Title": c.Title, "Date": c.Date}), c.URL}}
	}
	if c.Corrected != "" {
		first = append(first, Run{Text: ", " + w.Fill("corrected", wording.Data{"Date": c.Corrected})})
	}
	lines := []Line{first}
	if len(c.AlsoIn) > 0 {
		lines = append(lines, append(Line{{Text: w.Say("also_in")}}, separated(w, c.AlsoIn, maxCiting)...))
	}
	return lines
}

// cite is the citation of a document, whoever speaks in it.
func (p Presenter) cite(src corpus.Source) Citation {
	c := Citation{
		Document: src.ID, Publisher: p.Publisher(src), Citing: src.ReportedBy,
		Title: titleOf(src), Date: p.Date(src.Published), Corrected: p.DateOrNone(src.Corrected), URL: link("", src.URL).URL, Language: p.Tag(),
	}
	for _, ref := range src.BasedOn {
		c.BasedOn = append(c.BasedOn, link(or(ref.Publisher, ref.Title, ref.URL), ref.URL))
	}
	return c
}

// citeHit is the citation of a passage that answers.
func (p Presenter) citeHit(h index.Hit) Citation {
	return p.citation(h.Source, h.Speaker, h.Speakers, h.AlsoIn)
}

// citation is that of words which speaker says for actors. The words of a brief are
// Parley's, so nobody else is named as speaking them.
func (p Presenter) citation(src corpus.Source, speaker string, actors []string, also []corpus.Source) Citation {
	c := p.cite(src)
	own := speaker != "" && speaker == src.Publisher // the document speaks for itself
	if !src.IsBrief() && !own {
		c.Speaker = speaker
		if c.Speaker == "" && len(actors) > 0 {
			c.Speaker = p.ActorName(actors[0])
		}
	}
	for _, other := range also {
		c.AlsoIn = append(c.AlsoIn, link(p.Publisher(other), other.URL))
	}
	return c
}

// Publisher names who published a document; it never guesses.
func (p Presenter) Publisher(src corpus.Source) string {
	if src.IsBrief() {
		return p.Say("brief")
	}
	return or(src.Publisher, src.Author, p.Say("no_publisher"))
}

// titleOf is the document's title, or its id where it has none.
func titleOf(src corpus.Source) string { return or(src.Title, src.ID) }

// SourceLink is a document's title, which leads to it.
func SourceLink(src corpus.Source) Run { return link(titleOf(src), src.URL) }

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
