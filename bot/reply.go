package bot

import (
	"io"
	"strings"
)

// Reply is what to show, in order, and what to offer below it.
type Reply struct {
	Blocks  []Block
	Actions []Action
	// Private replies are shown to the caller alone where a platform can do so.
	Private bool
	// Aside is how a private reply comes to the caller of a group on a platform that shows
	// nothing to one member alone; nil: there it is shown to all.
	Aside *Aside
}

// Aside is what a group gets in place of a reply that is shown in the private chat of its
// caller with the bot.
type Aside struct {
	// Sent is said where the reply was sent there, Closed where the bot may not write there.
	Sent, Closed string
	// Show shows the reply to whoever carries it out, in any chat.
	Show Action
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
	// Number is its place in the reply, from 1; "/source 2" refers to it. 0: not numbered.
	Number int
	// Labels say in fixed words what is known of the quotation: "demands", "latest".
	Labels []string
	// Segments are the quoted text in pieces: joined they are byte-identical to the source.
	Segments []Segment
	// CutBefore and CutAfter say that the passage goes on before or after. Adapters show
	// it by an ellipsis outside the quotation marks.
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
	Name string // of the file: "timeline.png"
	Alt  string // at most 1000 characters
	// Draw writes the picture, a PNG. It may be called again, and not at all.
	Draw func(w io.Writer) error
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

// say is a reply of one sentence.
func say(sentence string) Reply { return Reply{Blocks: []Block{Text{Plain(sentence)}}} }

// privately is a reply of one sentence that concerns the caller alone.
func privately(sentence string) Reply {
	reply := say(sentence)
	reply.Private = true
	return reply
}
