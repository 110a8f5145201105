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
	// "THE PRESIDENT:", "MS. JEAN-PIERRE:", "PRESIDENT VON DER LEYEN:", "Q    ", "QUESTION:"
	capitalLabel = regexp.MustCompile(`^[*_\\ ]*((?:\p{Lu}[\p{Lu}'’.-]*|Mc\p{Lu}+)(?: (?:\p{Lu}[\p{Lu}'’.-]*|Mc\p{Lu}+)){0,6})(?: \([^)\n]{1,40}\))?[*_]*:`)
	// "Vladimir Putin:", "Federal Chancellor of Germany Angela Merkel (retranslated):"
	titledLabel = regexp.MustCompile(`^[*_]*((?:\p{Lu}[\p{L}.]*(?:[-'’]\p{L}+)*)(?:,? (?:\p{Lu}[\p{L}.]*(?:[-'’]\p{L}+)*|of|the|and|for|von|der|de|al|newspaper|magazine|news|agency|media|outlet|presenter|online|i|to)){0,15})(?: \([^)\n]{1,40}\))?[*_]*:`)
	reporter    = regexp.MustCompile(`^[*_\\ ]*(?:Q(?:[.:]|[*_]*[\s\x{a0}])|(?i:question)(?: \([^)\n]{1,40}\))?:)`)
)

// label reads the label that a paragraph starts with. A reporter's has no name.
func label(paragraph string, titled bool) (name string, ok bool) {
	first := strings.TrimLeft(paragraph, "*_\\ ")
	if r, _ := utf8.DecodeRuneInString(first); !unicode.IsUpper(r) {
		return "", false
	}
	if reporter.MatchString(paragraph) {
		return "", true
	}
	first, _, colon := strings.Cut(first[:min(len(first), 160)], ":")
	if !colon || strings.ContainsRune(first, '\n') {
		return "", false
	}
	m := capitalLabel.FindStringSubmatch(paragraph)
	if m == nil && titled {
		m = titledLabel.FindStringSubmatch(paragraph)
	}
	if m == nil {
		return "", false
	}
	return m[1], true
}

// isTranscript reports whether the document names its speakers at the start of
// paragraphs. One label will do if it is in capitals and known.
func (r *reader) isTranscript() bool {
	labels := 0
	for p := range paragraphs(r.doc.Text) {
		name, ok := label(p, r.titled())
		if !ok {
			continue
		}
		labels++
		if labels > 2 || name != "" && name == strings.ToUpper(name) && strings.Contains(name, " ") && len(r.labelled(name).actors) > 0 {
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

// turn makes the label at the start of a paragraph the voice of what follows.
func (r *reader) turn(span corpus.Span) {
	rest := r.doc.Text[span.Start:]
	if name, ok := label(rest[:min(len(rest), 200)], r.titled()); ok {
		r.voice = r.labelled(name)
	}
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
	words := strings.Fields(name)
	if hostLabels[name] {
		return r.host()
	}
	mentions := r.lexicon.Find(nameCase(name), lexicon.At(r.doc.Published), lexicon.Only(lexicon.KindActor))
	if i := slices.IndexFunc(mentions, func(m lexicon.Mention) bool { return m.Person != "" && !m.Weak }); i >= 0 {
		m := mentions[i]
		if r.bears(m, words) {
			return m.ID
		}
		return ""
	}
	if staffTitles[strings.TrimSuffix(words[0], ".")] || strings.HasSuffix(name, " OFFICIAL") {
		return r.staff(words[0])
	}
	if len(mentions) > 0 && !mentions[0].Weak && mentions[0].Form == lexicon.FormOffice && mentions[0].Start == 0 {
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

// host is the actor whose president is meant by "THE PRESIDENT": the publisher's.
func (r *reader) host() string { return r.home }

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
