package bot

import (
	"time"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/corpus"
	"parley/index"
	"parley/index/when"
)

// periodOptions are the first and the last day asked about.
func (b *Bot) periodOptions() []argument.Option {
	return []argument.Option{
		{Name: "since", About: "option.since", Resolve: b.resolveSince},
		{Name: "until", About: "option.until", Resolve: b.resolveUntil},
	}
}

// resolveSince returns the first day of a date.
func (b *Bot) resolveSince(text string) (string, error) {
	p, ok := when.Parse(text, b.now())
	if !ok || p.Since.IsZero() {
		return "", wording.Refuse("no_date", wording.Data{"Typed": argument.Echo(text)})
	}
	return p.Since.UTC().Format(time.DateOnly), nil
}

// resolveUntil returns the last day of a date.
func (b *Bot) resolveUntil(text string) (string, error) {
	p, ok := when.Parse(text, b.now())
	if !ok || p.Until.IsZero() {
		return "", wording.Refuse("no_date", wording.Data{"Typed": argument.Echo(text)})
	}
	return p.Until.UTC().Add(-time.Nanosecond).Format(time.DateOnly), nil
}

// within is the period between two arguments that were resolved.
func within(args Args) (p index.Period, err error) {
	since, err := corpus.ParsePartialDate(args["since"])
	if err != nil {
		return p, err
	}
	until, err := corpus.ParsePartialDate(args["until"])
	if err != nil {
		return p, err
	}
	p = index.Period{Since: since.Start(), Until: until.End()}
	if !since.IsZero() && !until.IsZero() && !p.Until.After(p.Since) {
		return p, wording.RefuseText(func(l wording.Language) string {
			return l.Fill("backwards", wording.Data{"Since": l.Date(since), "Until": l.Date(until)})
		})
	}
	return p, nil
}
