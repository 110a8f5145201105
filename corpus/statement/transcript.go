package statement

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/corpus"
	"parley/corpus/lexicon"
)

// voice is who speaks in a transcript until the next label. Nobody known has no actors.
type voice struct {
	actors  []string
	speaker string
}

var (
	// "THE PRESIDENT:", "MS. JEAN-PIERRE:", "PRESIDENT VON DER LEYEN:"
	capitalLabel = regexp.MustCompile(`^(?:Mc|Mac)?\p{Lu}[\p{Lu}'’.-]*(?: (?:(?:Mc|Mac)?\p{Lu}[\p{Lu}'’.-]*)){0,6}$`)
	// "Q    ", "QUESTION:", "Question (retranslated):"
	reporter = regexp.MustCompile(`^Q(?:[.:]|[*_]*[\s\x{a0}])|^Q(?i:uestion)(?: \([^)\n]{1,40}\))?:`)
	// "(retranslated)" after a name
	remark = regexp.MustCompile(` ?\([^)\n]{1,40}\)[*_]*$`)
)

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

// isTranscript reports whether the document names its speakers at the start of
// paragraphs: three times, or once somebody known.
func (r *reader) isTranscript() bool {
	labels := 0
	for p := range paragraphs(r.doc.Text) {
		name, ok := label(p, r.titled())
		if !ok {
			continue
		}
		labels++
		if labels > 2 || strings.Contains(name, " ") && len(r.labelled(name).actors) > 0 {
			return true
		}
	}
	return labels > 1
}

// titled reports whether labels may be written like names, as the Kremlin does.
func (r *reader) titled() bool { return r.home != "" && r.home != "united-states" }

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

// turn makes the label at the start of a paragraph, if there is one, the voice of
// what follows.
func (r *reader) turn(span corpus.Span) bool {
	name, ok := label(r.doc.Text[span.Start:], r.titled())
	if !ok {
		return false
	}
	r.begun, r.voice = true, r.labelled(name)
	if fields := strings.Fields(name); len(fields) > 2 && len(r.voice.actors) > 0 {
		r.introduced[strings.Join(fields[len(fields)-2:], " ")] = r.voice.actors[0]
	}
	return true
}

// labelled is the voice that a label names.
func (r *reader) labelled(name string) voice {
	if name == "" || bystanders[strings.ToUpper(name)] {
		return voice{}
	}
	if id := r.labelActor(name); id != "" {
		return voice{actors: []string{id}, speaker: name}
	}
	return voice{}
}

// labelActor is the actor for whom the bearer of a label speaks.
func (r *reader) labelActor(name string) string {
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
func (r *reader) bears(m lexicon.Mention, label []string) bool {
	office, ok := labelOffices[label[0]]
	if !ok {
		return true
	}
	p, known := r.lexicon.Person(m.Person)
	return known && slices.ContainsFunc(p.OfficesAt(r.doc.Published), func(o lexicon.Office) bool { return strings.Contains(o.ID, office) })
}

// staff is the actor of an official whom the lexicon does not know. "MR. FINER"
// is the publisher's where no guest is to be expected.
func (r *reader) staff(title string) string {
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
