package when

import (
	"testing"
	"time"

	"parley/corpus"
	"parley/index/analysis"
)

// asked is the day on which the questions below are asked, a Sunday.
var asked = time.Date(2026, 5, 10, 9, 30, 0, 0, time.UTC)

func tokens(text string) []analysis.Token { return (&analysis.Analyzer{}).Tokens(text) }

// day is a day, or the zero time for an empty string.
func day(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestReadReadsThePeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ question, since, until string }{
		{"what happened since March", "2026-03-01", ""},
		{"what changed since april 2026?", "2026-04-01", ""},
		{"will they sign by monday?", "", ""},
		{"will there be peace by Christmas?", "", ""},
		{"talks in march 2025", "2025-03-01", "2025-04-01"},
		{"the call of 14 february 2025", "2025-02-14", "2025-02-15"},
		{"the call of 14th February 2025", "2025-02-14", "2025-02-15"},
		{"on february 14, 2025", "2025-02-14", "2025-02-15"},
		{"on february 14", "2026-02-14", "2026-02-15"},
		{"what was said in december?", "2025-12-01", "2026-01-01"},
		{"what was said in may?", "2026-05-01", "2026-06-01"},
		{"what was said in sept 2025", "2025-09-01", "2025-10-01"},
		{"what happened yesterday?", "2026-05-09", "2026-05-10"},
		{"what happened on saturday", "2026-05-09", "2026-05-10"},
		{"what happened since monday?", "2026-05-04", ""},
		{"the peace summit in summer 2024", "2024-06-01", "2024-09-01"},
		{"the winter 2025 talks", "2025-12-01", "2026-03-01"},
		{"from march to may 2025", "2025-03-01", "2025-06-01"},
		{"between march 2025 and may 2025", "2025-03-01", "2025-06-01"},
		{"between 2 june and 23 july 2025", "2025-06-02", "2025-07-24"},
		{"the offers before 2024", "", "2024-01-01"},
		{"the offers after 2024", "2025-01-01", ""},
		{"until june 2025", "", "2025-07-01"},
		{"by june 2025", "", "2025-07-01"},
		{"the talks of 2022", "2022-01-01", "2023-01-01"},
		{"between 1 and 10 March 2026", "2026-03-01", "2026-03-11"},
		{"from 3 to 5 May 2025", "2025-05-03", "2025-05-06"},
		{"1-10 March 2026", "2026-03-01", "2026-03-11"},
		{"10–12 Feb", "2026-02-10", "2026-02-13"},
		{"on March 1 to 10, 2026", "2026-03-01", "2026-03-11"},
		{"from march 5 to 10 may 2025", "2025-03-05", "2025-05-11"},
		{"from 28 february to 3 march 2026", "2026-02-28", "2026-03-04"},
		{"between March and May 2025", "2025-03-01", "2025-06-01"},
		{"March–May 2025", "2025-03-01", "2025-06-01"},
		{"March through May 2025", "2025-03-01", "2025-06-01"},
		{"from 2022 to 2024", "2022-01-01", "2025-01-01"},
		{"the 3rd of May 2025", "2025-05-03", "2025-05-04"},
		{"on 2025-03-14", "2025-03-14", "2025-03-15"},
		{"on 14.03.2025", "2025-03-14", "2025-03-15"},
		{"in the first week of June", "2025-06-01", "2025-06-08"},
		{"in the last week of June 2025", "2025-06-24", "2025-07-01"},
		{"mid-June 2025", "2025-06-08", "2025-06-23"},
		{"early March", "2026-03-01", "2026-03-16"},
		{"at the end of February 2026", "2026-02-16", "2026-03-01"},
		{"by the end of 2025", "2025-01-01", "2026-01-01"},
		{"after the july 2025 round", "2025-07-01", "2025-08-01"},
		{"since the start of 2025", "2025-01-01", ""},
		{"since early 2025", "2025-01-01", ""},
		{"the first half of 2025", "2025-01-01", "2025-07-01"},
		{"the second half of March 2026", "2026-03-16", "2026-04-01"},
		{"the week of 3 March 2026", "2026-03-02", "2026-03-09"},
		{"what happened this week?", "2026-05-04", ""},
		{"what happened this month?", "2026-05-01", ""},
		{"summer of 2024", "2024-06-01", "2024-09-01"},
		{"у травні 2025", "2025-05-01", "2025-06-01"},
		{"у травні 2025 року", "2025-05-01", "2025-06-01"},
		{"в мае 2025 года", "2025-05-01", "2025-06-01"},
		{"14 лютого 2025", "2025-02-14", "2025-02-15"},
		{"що сталося вчора", "2026-05-09", "2026-05-10"},
		{"что было в понедельник", "2026-05-04", "2026-05-05"},
		{"з березня", "2026-03-01", ""},
		{"с марта 2025", "2025-03-01", ""},
		{"з березня до травня 2025", "2025-03-01", "2025-06-01"},
		{"між березнем і травнем 2025", "2025-03-01", "2025-06-01"},
		{"с 1 по 10 марта 2026", "2026-03-01", "2026-03-11"},
		{"після травня 2025", "2025-06-01", ""},
		{"на початку червня 2025", "2025-06-01", "2025-06-16"},
		{"в конце 2025 года", "2025-07-01", "2026-01-01"},
		{"влітку 2024", "2024-06-01", "2024-09-01"},
		{"что говорит Киев с Москвой", "", ""},
		{"the end of the war", "", ""},
		{"did the war end in march 2025", "2025-03-01", "2025-04-01"},
		{"1 and 10 soldiers", "", ""},
		{"in the past", "", ""},
		{"may Ukraine join NATO?", "", ""},
		{"from february to april 2025", "2025-02-01", "2025-05-01"},
		{"from december to february 2025", "2024-12-01", "2025-03-01"},
		{"from 2 march to 4 may 2025", "2025-03-02", "2025-05-05"},
		{"between february and april 2025", "2025-02-01", "2025-05-01"},
		{"from march to may", "2026-03-01", "2026-06-01"},
		{"after march 2025", "2025-04-01", ""},
		{"before may", "", "2026-05-01"},
		{"did they march on Kyiv?", "", ""},
		{"the 28 point plan", "", ""},
		{"800,000 soldiers", "", ""},
		{"Security Council resolution 2774", "", ""},
		{"the summer offensive", "", ""},
		{"who sat at the table", "", ""},
		{"", "", ""},
	} {
		period, _, _ := Read(tokens(c.question), asked)
		if want := (Period{day(c.since), day(c.until)}); period != want {
			t.Errorf("%q: period %v, want %v", c.question, period, want)
		}
	}
}

func TestReadReadsSpansBeforeNow(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]time.Time{
		"what happened last week?":       asked.AddDate(0, 0, -7),
		"the last 3 months":              asked.AddDate(0, -3, 0),
		"sanctions in the last 10 days":  asked.AddDate(0, 0, -10),
		"what happened in the last year": asked.AddDate(-1, 0, 0),
		"the last three months":          asked.AddDate(0, -3, 0),
		"over the past two weeks":        asked.AddDate(0, 0, -14),
		"що сталося минулого тижня":      asked.AddDate(0, 0, -7),
		"что нового на прошлой неделе":   asked.AddDate(0, 0, -7),
		"за последние 3 месяца":          asked.AddDate(0, -3, 0),
	} {
		if period, _, _ := Read(tokens(question), asked); period != (Period{Since: want}) {
			t.Errorf("%q: period %v, want since %v", question, period, want)
		}
	}
}

func TestReadKnowsWhoAsksForTheLatest(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]bool{
		"the latest on sanctions":                   true,
		"what does Kyiv want these days?":           true,
		"is Moscow still against it?":               true,
		"what does Berlin say now":                  true,
		"what is the most recent truce?":            true,
		"when did they last meet?":                  true,
		"what changed last week":                    false,
		"how many days did it last in march 2025?":  true,
		"how many days did the talks go on?":        false,
		"what did they say at the last 3 meetings?": true,
		"what does Kyiv want?":                      false,
		"what happened in the past":                 false,
		"чого зараз хоче Київ":                      true,
		"последняя позиция Москвы":                  true,
	} {
		if _, latest, _ := Read(tokens(question), asked); latest != want {
			t.Errorf("%q: latest %v, want %v", question, latest, want)
		}
	}
}

func TestReadMarksTheWordsThatOnlyDate(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]string{
		"what changed since 14 february 2025 in Kyiv": "since 14 february 2025",
		"sanctions from march to may 2025":            "from march to may 2025",
		"in the first week of june 2025":              "the first week of june 2025",
		"between 1 and 10 march":                      "between 1 and 10 march",
		"обмін у травні 2025 року":                    "травні 2025 року",
		"what changed since last week":                "since last week",
		"the last 3 months of talks":                  "last 3 months",
		"may Ukraine join":                            "",
	} {
		words := tokens(question)
		_, _, dated := Read(words, asked)
		got := ""
		for i, tok := range words {
			if dated[i] {
				got += " " + tok.Text
			}
		}
		if len(got) > 0 {
			got = got[1:]
		}
		if got != want {
			t.Errorf("%q: %q only date, want %q", question, got, want)
		}
	}
}

func TestAPeriodMayHoldADateOfAnyPrecision(t *testing.T) {
	t.Parallel()
	march := Period{day("2025-03-01"), day("2025-04-01")}
	for _, c := range []struct {
		period Period
		date   string
		want   bool
	}{
		{march, "2025-03-01", true},
		{march, "2025-03-31", true},
		{march, "2025-04-01", false},
		{march, "2025-02-28", false},
		{march, "2025-03", true},
		{march, "2025", true},
		{march, "2024", false},
		{march, "", false},
		{Period{Since: march.Since}, "2026", true},
		{Period{Since: march.Since}, "2024", false},
		{Period{Until: march.Until}, "2024", true},
		{Period{}, "", false},
	} {
		d, err := corpus.ParsePartialDate(c.date)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.period.MayHold(d); got != c.want {
			t.Errorf("%v may hold %q: %v, want %v", c.period, c.date, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"since March", "14 february 2025", "last 999 years", "from may to may 2025", "march 0 2099", "these days", "dec 31st", "since may to 2000", "٣ may"} {
		f.Add(seed, int64(0))
	}
	f.Fuzz(func(t *testing.T, question string, days int64) {
		now := asked.AddDate(0, 0, int(days%100_000))
		words := tokens(question)
		period, latest, dated := Read(words, now)
		if len(dated) != len(words) {
			t.Fatalf("%d marks for %d words", len(dated), len(words))
		}
		if !period.Since.IsZero() && !period.Until.IsZero() && !period.Since.Before(period.Until) {
			t.Errorf("empty period %v", period)
		}
		if again, latestAgain, _ := Read(words, now); again != period || latestAgain != latest {
			t.Errorf("read %v, then %v", period, again)
		}
	})
}

func TestAMonthWithoutAYearLacksOne(t *testing.T) {
	t.Parallel()
	for question, want := range map[string]bool{
		"and in June?": true, "а в червні?": true, "а в июне": true, "and in June 2024?": false, "and last June?": false,
		"and Kyiv?": false, "and now?": false, "and last week?": false, "": false,
	} {
		if got := LacksYear(tokens(question)); got != want {
			t.Errorf("%q: %v", question, got)
		}
	}
}
