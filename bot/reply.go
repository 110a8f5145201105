package bot

import (
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	Closest  bool      // the record may not answer: adapters set an "≈" before the number
	Summary  bool      // in Parley's own words: adapters set no quotation marks
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

// Mark is the number as it is shown, such as "2" or "≈2"; empty without one.
func (q Quote) Mark() string {
	switch {
	case q.Number == 0:
		return ""
	case q.Closest:
		return "≈" + strconv.Itoa(q.Number)
	}
	return strconv.Itoa(q.Number)
}

// Marks are what stands before and after the quoted text: quotation marks, unless it is a
// summary, and outside of them ellipses where the passage goes on.
func (q Quote) Marks() (open, shut string) {
	if !q.Summary {
		open, shut = "“", "”"
	}
	if q.CutBefore {
		open = "… " + open
	}
	if q.CutAfter {
		shut += " …"
	}
	return open, shut
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
