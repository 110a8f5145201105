package bot

import (
	"maps"
	"strconv"
	"time"

	"parley/bot/argument"
	"parley/bot/wording"
	"parley/corpus"
	"parley/index/when"
)

const (
	maxPage    = 1000 // of a list
	maxActions = 10   // below a reply: two rows of buttons
)

func pageOption() argument.Option {
	return argument.Option{Name: "page", About: "option.page", Type: argument.Integer}
}

// readPage returns the page that is asked for, from 0.
func readPage(args Args) (int, error) {
	if args["page"] == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(args["page"])
	if err != nil || n < 1 || n > maxPage {
		return 0, wording.Refuse("no_page", wording.Data{"Last": maxPage})
	}
	return n - 1, nil
}

// pageActions returns the actions that show the page before and the page after one, from 0.
func pageActions(p Presenter, req Request, page int, more bool, back, on wording.Key) (actions []Action) {
	if page > 0 {
		actions = append(actions, pageAction(p.Say(back), req, page-1))
	}
	if more {
		actions = append(actions, pageAction(p.Say(on), req, page+1))
	}
	return actions
}

// pageAction is the action that asks the same for another page, from 0.
func pageAction(label string, req Request, page int) Action {
	args := maps.Clone(req.Args)
	maps.DeleteFunc(args, func(_, value string) bool { return value == "" })
	args["page"] = strconv.Itoa(page + 1)
	return Action{Label: label, Command: req.Command, Args: args}
}

// typedNext is how the page after one is asked for by typing: "/stance actor:russia page:2".
func (b *Bot) typedNext(req Request, page int) string {
	a := pageAction("", req, page+1)
	c, _ := b.command(a.Command)
	return c.form().Line(a.Args)
}

// pageOf returns a page of a list, from 0; more tells whether another follows.
func pageOf[T any](list []T, page, size int) (entries []T, more bool) {
	from := min(page*size, len(list))
	to := min(from+size, len(list))
	return list[from:to], to < len(list)
}

// periodOptions say the first and the last day that is asked about.
func (b *Bot) periodOptions() []argument.Option {
	return []argument.Option{
		{Name: "since", About: "option.since", Resolve: b.resolveSince},
		{Name: "until", About: "option.until", Resolve: b.resolveUntil},
	}
}

func (b *Bot) resolveSince(text string) (string, error) {
	p, ok := when.Parse(text, b.now())
	if !ok || p.Since.IsZero() {
		return "", wording.Refuse("no_date", wording.Data{"Typed": argument.Echo(text)})
	}
	return p.Since.UTC().Format(time.DateOnly), nil
}

func (b *Bot) resolveUntil(text string) (string, error) {
	p, ok := when.Parse(text, b.now())
	if !ok || p.Until.IsZero() {
		return "", wording.Refuse("no_date", wording.Data{"Typed": argument.Echo(text)})
	}
	return p.Until.UTC().Add(-time.Nanosecond).Format(time.DateOnly), nil
}

// readPeriod returns the period between the resolved arguments "since" and "until".
func readPeriod(args Args) (p when.Period, err error) {
	since, err := corpus.ParsePartialDate(args["since"])
	if err != nil {
		return p, err
	}
	until, err := corpus.ParsePartialDate(args["until"])
	if err != nil {
		return p, err
	}
	p = when.Period{Since: since.Start(), Until: until.End()}
	if !since.IsZero() && !until.IsZero() && !p.Until.After(p.Since) {
		return p, wording.RefuseText(func(l wording.Language) string {
			return l.Fill("backwards", wording.Data{"Since": l.Date(since), "Until": l.Date(until)})
		})
	}
	return p, nil
}
