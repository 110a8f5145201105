package bot

import (
	"strconv"
	"strings"
	"time"

	"parley/corpus"
	"parley/index"
)

// coverageLine is "4 documents from 3 publishers, 12 February 2025 to 8 May 2026;
// the record goes through 8 May 2026."
func (w words) coverageLine(c *index.Coverage, r index.Record) string {
	if c == nil {
		return w.recordLine(r)
	}
	period := ""
	if !c.To.IsZero() {
		period = w.period(c.From, c.To)
	}
	return w.say(sayCoverage, data{
		"Documents": w.count(sayCountDocuments, c.Documents), "Publishers": w.count(sayCountPublishers, c.Publishers),
		"Period": period, "Newest": w.known(r.Newest),
	})
}

// recordLine is "The record has 104 documents and goes through 8 May 2026."
func (w words) recordLine(r index.Record) string {
	return w.say(sayRecord, data{"Documents": w.count(sayCountDocuments, r.Documents), "Newest": w.known(r.Newest)})
}

// period is one date in words or two.
func (w words) period(from, to corpus.PartialDate) string {
	if from.IsZero() || w.date(from) == w.date(to) {
		return w.date(to)
	}
	return w.say(sayPeriod, data{"From": w.date(from), "To": w.date(to)})
}

// span is the period of a question in words: "since 1 March 2025".
func (w words) span(p index.Period) string {
	since, until := w.day(p.Since), w.day(p.Until.Add(-time.Nanosecond))
	switch {
	case p.Until.IsZero():
		return w.say(saySince, data{"Date": since})
	case p.Since.IsZero():
		return w.say(sayUntil, data{"Date": until})
	case since == until:
		return w.say(sayOnDay, data{"Date": since})
	}
	return w.say(sayBetween, data{"From": since, "To": until})
}

// asked adds to a no the period that was asked about, as that may be the reason.
func (w words) asked(no string, p index.Period) string {
	if p.IsZero() {
		return no
	}
	return no + " " + w.say(sayTimeAsked, data{"Period": w.span(p)})
}

// date is a date in words, as exactly as it is known.
func (w words) date(d corpus.PartialDate) string {
	month := strconv.Itoa(int(d.Start().Month()))
	places := data{"Day": d.Start().Day(), "Year": d.Start().Format("2006")}
	switch d.Precision() {
	case corpus.Year:
		return w.say(sayDateYear, places)
	case corpus.Month:
		places["Month"], _ = w.has(monthNames, month)
		return w.say(sayDateMonth, places)
	case corpus.Day, corpus.Moment:
		places["Month"], _ = w.has(monthNamesOf, month)
		return w.say(sayDateDay, places)
	}
	return w.say(sayUndated, nil)
}

// day is the day of a moment in words.
func (w words) day(t time.Time) string { return w.date(corpus.DateOf(t, corpus.Day)) }

// known is a date in words, empty if it is not known.
func (w words) known(d corpus.PartialDate) string {
	if d.IsZero() {
		return ""
	}
	return w.date(d)
}

// counted is a number of things, in whatever language it is said.
func counted(p phrase, n int) saying { return func(w words) string { return w.count(p, n) } }

// dated is a date, in whatever language it is said.
func dated(d corpus.PartialDate) saying { return func(w words) string { return w.date(d) } }

// either is "A", "A or B", "A, B or C".
func (w words) either(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, ", ")
	}
	return w.say(sayListOr, data{"Others": strings.Join(names[:last], ", "), "Last": names[last]})
}

// enumerate is "A, B, C and 2 others".
func (w words) enumerate(names []string, limit int) string {
	runs := make([]Run, len(names))
	for i, n := range names {
		runs[i].Text = n
	}
	return w.separated(runs, limit).String()
}

// separated puts commas between runs and says how many it left out over limit.
func (w words) separated(runs []Run, limit int) Line {
	var line Line
	for i, r := range runs[:min(len(runs), limit)] {
		if i > 0 {
			line = append(line, Run{Text: ", "})
		}
		line = append(line, r)
	}
	if more := len(runs) - limit; more > 0 {
		line = append(line, Run{Text: w.say(sayListMore, data{"More": w.count(sayCountOthers, more)})})
	}
	return line
}

// stance is the fixed word for a kind of stance.
func (w words) stance(st index.Statement) string {
	stance, ok := w.has(stanceWords, st.Stance)
	if !ok {
		stance = st.Stance
	}
	if st.Direct && !st.Source.IsBrief() {
		return w.say(sayOwnWords, data{"Stance": stance})
	}
	return stance
}
