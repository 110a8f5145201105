package bot

import (
	"io"
	"net/url"
	"slices"
	"strings"

	"parley/bot/wording"
)

// Reply is the answer to a request: blocks to show in this order, and actions below them.
type Reply struct {
	Blocks  []Block
	Actions []Action
	Private bool // shown to the caller alone, where a platform can do so
	// Aside is how a private reply comes to the caller of a group on a platform that shows
	// nothing to one member alone; nil: there it is shown to all.
	Aside *Aside
}

// Aside moves a reply from a group to the private chat of its caller with the bot.
type Aside struct {
	Sent, Closed string // said where the reply was sent there, and where the bot may not write there
	Show         Action // shows the reply to whoever carries it out, in any chat
}

// Block is a Heading, Text, Note, Quote, List, Fields or Picture.
type Block interface{ block() }

// Heading says what the blocks below it are about, as far as the next heading.
type Heading struct{ Text string }

// Text is a sentence of the interface.
type Text struct{ Line Line }

// Note is a sentence beside the matter: coverage, order, spelling. Adapters may set it small.
type Note struct{ Line Line }

// List is a titled list of lines.
type List struct {
	Title string
	Items []Line
}

// Fields is a titled table of names and values.
type Fields struct {
	Title string
	Rows  []Field
}

// Field is a row of Fields.
type Field struct {
	Name  string
	Value Line
}

// Quote is a quotation with its citation.
type Quote struct {
	Number   int       // its place in the reply, from 1, for "/source 2"; 0: not numbered
	Labels   []string  // what is known of the quotation in fixed words: "demands", "latest"
	Segments []Segment // the quoted text: joined they are byte-identical to the source
	// CutBefore and CutAfter say that the passage goes on; adapters put an ellipsis outside the marks.
	CutBefore, CutAfter bool
	Citation            Citation
}

// Segment is a piece of quoted text.
type Segment struct {
	Text  string
	Key   bool // it belongs to the sentence that answers
	Match bool // it is a word that matched the question
}

// Text is the quoted text, byte-identical to the source.
func (q Quote) Text() string {
	var b strings.Builder
	for _, s := range q.Segments {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Picture is a picture with what it shows in words.
type Picture struct {
	Name string                  // of the file: "timeline.png"
	Alt  string                  // at most 1000 characters
	Draw func(w io.Writer) error // writes the picture, a PNG; may be called again, and not at all
}

// Line is a run of text and links.
type Line []Run

// Run is a piece of a line. Where URL is set it is http or https, and the text names it.
type Run struct{ Text, URL string }

// String is the line without its links.
func (l Line) String() string {
	var b strings.Builder
	for _, r := range l {
		b.WriteString(r.Text)
	}
	return b.String()
}

// Action is a command to offer below a reply, as a button where a platform has them.
type Action struct {
	Label   string // 1 to 80 characters
	Command string
	Args    Args
	// URL is the page that the action is about, http or https; empty if there is none.
	// An adapter may make a link of the action, instead of the command or beside it.
	URL string
}

func (Heading) block() {}
func (Text) block()    {}
func (Note) block()    {}
func (List) block()    {}
func (Fields) block()  {}
func (Quote) block()   {}
func (Picture) block() {}

// Plain is a line of one text without links.
func Plain(text string) Line { return Line{{Text: text}} }

func say(sentence string) Reply { return Reply{Blocks: []Block{Text{Plain(sentence)}}} }

// privately is a reply of one sentence that concerns the caller alone.
func privately(sentence string) Reply {
	reply := say(sentence)
	reply.Private = true
	return reply
}

// Citation tells who said a quotation, who reported it, where and when.
type Citation struct {
	Document string // the id by which "/source" finds the document
	// Speaker is who says the key sentence, as the text names him, her or it. Empty where
	// none is recognised, or where the publisher itself is the speaker.
	Speaker   string
	Publisher string   // who reported it; for a brief it is Parley
	Citing    []string // outlets that the publisher refers to
	Title     string
	Date      string // in words, with the precision that the source has
	// Corrected is the day, in words, since which the source has the text in these words
	// instead of others; empty if it never changed.
	Corrected string
	URL       string // http or https, or empty
	BasedOn   []Run  // pages that a brief rests on; empty for everything else
	AlsoIn    []Run  // publishers of the same text
	Language  string // of the words between these; empty: English
}

const maxCiting = 4 // outlets that are named in "citing …" and "also in …"

// Attribution is "Zelensky, reported by RTW News" or
// "Wikipedia Current Events, citing Ukrinform".
func (c Citation) Attribution() string {
	l := wording.In(c.Language)
	who := c.Publisher
	if c.Speaker != "" {
		who = l.Fill("reported_by", wording.Data{"Speaker": c.Speaker, "Publisher": who})
	}
	if len(c.Citing) > 0 {
		outlets := make([]Run, len(c.Citing))
		for i, name := range c.Citing {
			outlets[i].Text = name
		}
		named := separated(l, outlets, maxCiting).String()
		who = l.Fill("citing", wording.Data{"Publisher": who, "Outlets": named})
	}
	return who
}

// Lines is the citation in a line, and a second one for those who have the same text.
func (c Citation) Lines() []Line {
	l := wording.In(c.Language)
	var first Line
	if len(c.BasedOn) > 0 {
		brief := l.Fill("brief_based_on", wording.Data{"Publisher": c.Attribution(), "Date": c.Date})
		first = append(Line{{Text: brief}}, separated(l, c.BasedOn, len(c.BasedOn))...)
	} else {
		title := l.Fill("cited", wording.Data{"Title": c.Title, "Date": c.Date})
		first = Line{{Text: c.Attribution()}, {Text: ", "}, {title, c.URL}}
	}
	if c.Corrected != "" {
		first = append(first, Run{Text: ", " + l.Fill("corrected", wording.Data{"Date": c.Corrected})})
	}
	lines := []Line{first}
	if len(c.AlsoIn) > 0 {
		lines = append(lines, append(Line{{Text: l.Say("also_in")}}, separated(l, c.AlsoIn, maxCiting)...))
	}
	return lines
}

// separated lists at most limit runs, and counts the others: "A, B and 2 others".
func separated(l wording.Language, runs []Run, limit int) Line {
	var line Line
	for i, r := range runs[:min(len(runs), limit)] {
		if i > 0 {
			line = append(line, Run{Text: ", "})
		}
		line = append(line, r)
	}
	if more := len(runs) - limit; more > 0 {
		line = append(line, Run{Text: l.Fill("list_more", wording.Data{"More": l.Count("count_others", more)})})
	}
	return line
}

// link is a run that leads to a page. An address that is not http or https is not
// a link: nothing that a document says may make a client open something else.
func link(text, address string) Run {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Run{Text: text}
	}
	return Run{text, address}
}

// or returns the first text that is not blank.
func or(texts ...string) string {
	i := slices.IndexFunc(texts, func(t string) bool { return strings.TrimSpace(t) != "" })
	if i < 0 {
		return ""
	}
	return texts[i]
}

func listed(names []string) string { return strings.Join(names, ", ") }
