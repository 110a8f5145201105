// Package transcript reads the labels by which a transcript says who speaks, such as
// "THE PRESIDENT:" at the start of a paragraph.
package transcript

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
	"parley/corpus/words"
)

// Labels reads the labels of a document's paragraphs.
type Labels struct {
	doc     corpus.Document
	lexicon *lexicon.Lexicon
	// home is the actor whose own document it is; empty for news.
	home string
	// introduced maps the bare names of those whom a label has introduced with their
	// title, to their actors.
	introduced map[string]string
}

func New(lex *lexicon.Lexicon, doc corpus.Document, home string) *Labels {
	return &Labels{doc, lex, home, map[string]string{}}
}

// Voice is who speaks in a transcript until the next label. Nobody known has no actors.
type Voice struct {
	Actors  []string
	Speaker string
}

// IsTranscript reports whether the document names its speakers at the start of
// paragraphs: three times, or once somebody known.
func (r *Labels) IsTranscript() bool {
	labels := 0
	for p := range paragraphs(r.doc.Text) {
		name, ok := label(p, r.titled())
		if !ok {
			continue
		}
		labels++
		if labels > 2 || strings.Contains(name, " ") && len(r.labelled(name).Actors) > 0 {
			return true
		}
	}
	return labels > 1
}

// Turn returns the voice that the label at the start of a paragraph gives, if there is one.
func (r *Labels) Turn(paragraph string) (v Voice, ok bool) {
	name, ok := label(paragraph, r.titled())
	if !ok {
		return Voice{}, false
	}
	v = r.labelled(name)
	if fields := strings.Fields(name); len(fields) > 2 && len(v.Actors) > 0 {
		r.introduced[strings.Join(fields[len(fields)-2:], " ")] = v.Actors[0]
	}
	return v, true
}

// maxLabel bounds the bytes of a label: Moscow writes out the offices of its guests.
const maxLabel = 220

// label reads the label that a paragraph starts with. A reporter's has no name.
func label(paragraph string, titled bool) (name string, ok bool) {
	paragraph = strings.TrimLeft(paragraph[:min(len(paragraph), maxLabel)], "*_\\ ")
	if r, _ := utf8.DecodeRuneInString(paragraph); !unicode.IsUpper(r) {
		return "", false
	}
	if paragraph[0] == 'Q' && reporter.MatchString(paragraph) {
		return "", true
	}
	name, _, ok = strings.Cut(paragraph, ":")
	if !ok || strings.ContainsRune(name, '\n') {
		return "", false
	}
	name = strings.TrimRight(name, "*_")
	if strings.HasSuffix(name, ")") {
		name = remark.ReplaceAllString(name, "")
	}
	return name, capitalLabel.MatchString(name) || titled && isTitledName(name)
}

// isTitledName reports whether s is a name, with or without a title, written as names
// are: "Federal Chancellor of Germany Angela Merkel", and not the start of a sentence.
func isTitledName(s string) bool {
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields) > 30 || sentenceStarts[strings.ToLower(strings.Trim(fields[0], ","))] {
		return false
	}
	lower := 0
	for _, f := range fields {
		if r, _ := utf8.DecodeRuneInString(f); !unicode.IsUpper(r) && !labelWords[f] {
			lower++
		}
	}
	last, _ := utf8.DecodeRuneInString(fields[len(fields)-1])
	return unicode.IsUpper(last) && lower <= min(2, len(fields)/4)
}

// titled reports whether labels may be written like names, as the Kremlin does.
func (r *Labels) titled() bool { return r.home != "" && r.home != "united-states" }

// paragraphs yields the paragraphs of a text, which blank lines part.
func paragraphs(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for p := range strings.SplitSeq(text, "\n\n") {
			if p = strings.TrimSpace(p); p != "" && !yield(p) {
				return
			}
		}
	}
}

// labelled is the voice that a label names.
func (r *Labels) labelled(name string) Voice {
	if name == "" || bystanders[strings.ToUpper(name)] {
		return Voice{}
	}
	if id := r.labelActor(name); id != "" {
		return Voice{Actors: []string{id}, Speaker: name}
	}
	return Voice{}
}

// labelActor is the actor for whom the bearer of a label speaks.
func (r *Labels) labelActor(name string) string {
	if hostLabels[name] {
		return r.home
	}
	if id := r.introduced[name]; id != "" {
		return id
	}
	fields := strings.Fields(name)
	mentions := r.lexicon.Find(nameCase(name), lexicon.At(r.doc.Published), lexicon.Only(lexicon.KindActor))
	mentions = slices.DeleteFunc(mentions, func(m lexicon.Mention) bool { return m.Weak })
	for _, m := range mentions {
		if m.Form == lexicon.FormPerson {
			if r.bears(m, fields) {
				return m.ID
			}
			return ""
		}
	}
	switch {
	case staffTitles[strings.TrimSuffix(fields[0], ".")] || strings.HasSuffix(name, " OFFICIAL"):
		return r.staff(fields[0])
	case len(mentions) > 0 && mentions[0].Form == lexicon.FormOffice && mentions[0].Start == 0:
		return mentions[0].ID
	}
	return ""
}

// bears reports whether a person may carry the title of a label: "PRIME MINISTER
// LEE" is not the president of South Korea.
func (r *Labels) bears(m lexicon.Mention, label []string) bool {
	office, ok := labelOffices[label[0]]
	if !ok {
		return true
	}
	p, known := r.lexicon.Person(m.Person)
	return known && slices.ContainsFunc(p.OfficesAt(r.doc.Published), func(o lexicon.Office) bool { return strings.Contains(o.ID, office) })
}

// staff is the actor of an official whom the lexicon does not know. "MR. FINER"
// is the publisher's where no guest is to be expected.
func (r *Labels) staff(title string) string {
	if strings.HasPrefix(title, "M") && !pressTitle.MatchString(r.doc.Title) {
		return ""
	}
	return r.home
}

var pressTitle = regexp.MustCompile(`(?i)\b(press (gaggle|call|briefing|conference call)|background|gaggle by|briefing by)\b`)

// nameCase turns "PRESIDENT VON DER LEYEN" into "President Von Der Leyen".
func nameCase(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	upper := true
	return strings.Map(func(c rune) rune {
		if upper {
			upper = !unicode.IsLetter(c)
			return c
		}
		upper = !unicode.IsLetter(c)
		return unicode.ToLower(c)
	}, s)
}

var (
	bystanders = map[string]bool{
		"MODERATOR": true, "OPERATOR": true, "INTERPRETER": true, "AIDE": true, "AUDIENCE": true, "AUDIENCE MEMBER": true,
		"PARTICIPANT": true, "REMARK": true, "QUESTION": true, "REPORTER": true, "STAFF": true, "VOICE": true, "REPLY": true,
	}
	hostLabels = map[string]bool{
		"THE PRESIDENT": true, "THE VICE PRESIDENT": true, "THE FIRST LADY": true, "THE PRESS SECRETARY": true,
	}
	// labelWords are the small words of a title; sentenceStarts never start a label.
	labelWords     = words.Set("of the and for von van der de la al on at in to ibn news party newspaper magazine agency television – & i")
	sentenceStarts = words.Set("and but so in this as then my our i we you he she it they the here one if let first second third what now yes no well look next finally therefore because there to at for on")
	// staffTitles are borne by officials of the publisher, or by unknown guests.
	staffTitles = words.Set("MR MS MRS DR SECRETARY DIRECTOR CHAIR ADMINISTRATOR SENIOR NSC WHITE DEPUTY UNDER COUNSELOR")
	// labelOffices says what a title must be found in among the offices of its bearer.
	labelOffices = map[string]string{"PRESIDENT": "president", "PRIME": "prime-minister", "CHANCELLOR": "chancellor", "TAOISEACH": "prime-minister"}
)

var (
	// "THE PRESIDENT:", "MS. JEAN-PIERRE:", "PRESIDENT VON DER LEYEN:"
	capitalLabel = regexp.MustCompile(`^(?:Mc|Mac)?\p{Lu}[\p{Lu}'’.-]*(?: (?:(?:Mc|Mac)?\p{Lu}[\p{Lu}'’.-]*)){0,6}$`)
	// "Q    ", "QUESTION:", "Question (retranslated):"
	reporter = regexp.MustCompile(`^Q(?:[.:]|[*_]*[\s\x{a0}])|^Q(?i:uestion)(?: \([^)\n]{1,40}\))?:`)
	// "(retranslated)" after a name
	remark = regexp.MustCompile(` ?\([^)\n]{1,40}\)[*_]*$`)
)
