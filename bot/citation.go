package bot

import (
	"regexp"
	"slices"
	"strings"

	"parley/bot/wording"
	"parley/corpus/words"
)

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
	BasedOn   []Page // what a brief rests on, each publisher once; empty for everything else
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
		brief := l.Fill("brief_of", wording.Data{"Publisher": c.Attribution(), "Date": c.Date, "Reports": c.reports(l)})
		first = Line{{Text: brief}}
		for i, page := range c.BasedOn {
			if i > 0 {
				first = append(first, Run{Text: "; "})
			}
			first = append(first, page.Run)
			if page.Date != "" {
				first = append(first, Run{Text: ", " + page.Date})
			}
		}
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

// Page is a page that a brief rests on.
type Page struct {
	Run         // its publisher, and where it stands
	Date string // in words; empty where the page shows none
}

// reports counts the outlets and the news agencies that a brief rests on: "3 outlets, 1
// agency". What outlets print of one agency is one report of that agency.
func (c Citation) reports(l wording.Language) string {
	var outlets, agencies []string
	add := func(to *[]string, name string) {
		if !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
	for _, page := range c.BasedOn {
		outlet, note, _ := strings.Cut(page.Text, " (")
		if isAgency(outlet) {
			add(&agencies, strings.ToLower(outlet))
		} else {
			add(&outlets, outlet)
		}
		for _, name := range betweenNames.Split(strings.TrimSuffix(note, ")"), -1) {
			if isAgency(name) {
				add(&agencies, strings.ToLower(name))
			}
		}
	}
	var counted []string
	if n := len(outlets); n > 0 {
		counted = append(counted, l.Count("count_outlets", n))
	}
	if n := len(agencies); n > 0 {
		counted = append(counted, l.Count("count_agencies", n))
	}
	return strings.Join(counted, ", ")
}

// betweenNames separates the names in a note such as "dpa/AP", "citing CNN, Reuters" or "AFP text".
var betweenNames = regexp.MustCompile(`[/,;]\s*|\b(?:citing|text|copy|of|via|and|photo)\b|^\s+|\s+$`)

func isAgency(name string) bool { return newsAgencies[strings.ToLower(strings.TrimSpace(name))] }

// newsAgencies are agencies whose reports other outlets print.
var newsAgencies = func() map[string]bool {
	set := words.Set(`reuters afp ap dpa dpa-afx tass xinhua interfax ukrinform anadolu efe upi pa pap apa ansa adnkronos
jiji kyodo yonhap amna spa wam app ani pti bloomberg belta unian cns keystone-sda`)
	for _, name := range []string{
		"interfax-ukraine", "ria novosti", "jiji press", "kyodo news", "anadolu agency", "associated press",
		"emirates news agency", "belga news agency", "agence france-presse", "itar-tass", "keystone",
	} {
		set[name] = true
	}
	return set
}()
